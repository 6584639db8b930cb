"""Two PgBouncers from Debian's archive, unpacked but not installed: an old and a new one."""

import re
import subprocess
from pathlib import Path

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
OLD, NEW = "bookworm", "sid"
# Of what apt would install, the libraries; the rest is for systems that boot.
WANTED = re.compile(r"(?:pgbouncer|lib(?!.*perl|systemd-shared|c-bin)\S*)_.*\.deb")


def poolers(scratch):
    """The commands that run them; empty where apt and Debian's archive are not to be had."""
    try:
        mirror = mirror_of_this_machine()
        return [unpacked(scratch / suite, suite, mirror) for suite in (OLD, NEW)]
    except (OSError, subprocess.CalledProcessError, LookupError, ValueError) as error:
        print(f"check: no PgBouncer from Debian ({error})")
        return ["", ""]


def mirror_of_this_machine():
    """The address from which apt gets Debian here."""
    listed = output("apt-get", "indextargets", "--format", "$(COMPONENT) $(REPO_URI)", "Created-By: Packages")
    for line in listed.splitlines():
        component, mirror = line.split()
        if component == "main" and "security" not in mirror:
            return mirror
    raise LookupError("apt knows no mirror")


def unpacked(folder, suite, mirror):
    """A command that runs the suite's PgBouncer with the suite's libraries."""
    for inner in ("lists/partial", "cache/archives/partial", "debs", "root"):
        (folder / inner).mkdir(parents=True)
    (folder / "list").write_text(f"deb [signed-by={KEYRING}] {mirror} {suite} main\n")
    (folder / "installed").touch()
    places = {
        "Etc::sourcelist": folder / "list",
        "Etc::sourceparts": "-",
        "State::lists": folder / "lists",
        "State::status": folder / "installed",
        "Cache": folder / "cache",
    }
    options = ["-qq", "-o", "APT::Sandbox::User=root", *(f"-oDir::{name}={place}" for name, place in places.items())]
    output("apt-get", *options, "update")
    would = output("apt-get", *options, "--no-install-recommends", "--print-uris", "-y", "install", "pgbouncer")
    files = [line.split()[1] for line in would.splitlines() if line.startswith("'")]
    names = [file.split("_")[0] for file in files if WANTED.fullmatch(file)]
    output("apt-get", *options, "download", *names, cwd=folder / "debs")
    for package in (folder / "debs").glob("*.deb"):
        output("dpkg-deb", "-x", package, folder / "root")
    libraries = [str(each) for each in folder.glob("root/**/*-linux-gnu") if each.parent.name == "lib"]
    [loader] = [each for each in folder.glob("root/**/ld-linux-*.so.*") if not each.is_symlink()]
    return f"{loader} --library-path {':'.join(libraries)} {folder}/root/usr/sbin/pgbouncer"


def output(*command, cwd: Path | None = None):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True, cwd=cwd).stdout
