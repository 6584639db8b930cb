"""Mosquitto, RabbitMQ and a Go library from Debian's archive: unpacked, never installed.

Debian's newest suite has brokers that are still supported, where Debian 12 does not. They
need its newer C library, so they run with the unpacked folder as their root.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
SUITES = ("sid", "trixie")  # the second where the first cannot be had on that day
WANTED = ("mosquitto", "rabbitmq-server", "golang-github-rabbitmq-amqp091-go-dev",
          "coreutils", "dash", "bash", "sed", "grep")
SHELL = """
root=$1; shift
mkdir -p $root/dev $root/proc $root/tmp
mount --make-rprivate / 2>/dev/null || {  # In a chroot, / is no mount.
    mount --bind $root $root
    mount --make-rprivate $root
}
mount --rbind /dev $root/dev
mount --rbind /proc $root/proc
mount --rbind /tmp $root/tmp
# nobody and nogroup: in the folder there are no names for them
exec chroot --userspec=65534:65534 $root "$@"
"""


class Missing(Exception):
    """What this machine lacks, as one sentence."""


def jailed(root, *command):
    """The command with the unpacked folder as its root; its mounts go when it ends."""
    return ["unshare", "--mount", "--propagation", "unchanged", "sh", "-ec", SHELL, "sh",
            str(root), *map(str, command)]


def brokers(cache):
    """The unpacked folder, fetched once and kept in the cache."""
    require()
    root = cache / "root"
    if not root.exists():
        cache.mkdir(parents=True, exist_ok=True)
        print("check: fetching Mosquitto and RabbitMQ from Debian's archive, once")
        with tempfile.TemporaryDirectory(dir=cache) as made:
            fetch(Path(made))
            (Path(made) / "root").rename(root)
    return root


def require():
    if os.getuid() != 0:
        raise Missing("root is needed, to run the brokers of a newer Debian in a folder of their own.")
    for command, package in (("apt-get", "apt"), ("unshare", "util-linux"), ("ldconfig", "libc-bin")):
        if not shutil.which(command):
            raise Missing(f"{command} is missing: `apt-get install {package}`.")
    if not Path(KEYRING).exists():
        raise Missing("Debian's keys are missing: `apt-get install debian-archive-keyring`.")
    trial = subprocess.run(["unshare", "--mount", "--propagation", "unchanged", "true"], stderr=subprocess.DEVNULL)
    if trial.returncode:
        raise Missing("this machine does not let us mount, which the brokers' own folder needs.")


def fetch(folder):
    for suite in SUITES:
        try:
            unpack(folder / suite, suite)
            (folder / suite / "root").rename(folder / "root")
            return
        except subprocess.CalledProcessError as error:
            print(f"check: not from {suite}: {' '.join(map(str, error.cmd[-3:]))} failed")
    raise Missing("apt does not reach Debian's archive, from which the brokers come.")


def mirror():
    """The address from which apt gets Debian here."""
    asked = ["apt-get", "indextargets", "--format", "$(COMPONENT) $(REPO_URI)", "Created-By: Packages"]
    for line in output(*asked).splitlines():
        component, address = line.split()
        if component == "main" and "debian.org/debian/" in address and "security" not in address:
            return address
    return "http://deb.debian.org/debian"


def unpack(folder, suite):
    for inner in ("lists/partial", "cache/archives/partial", "debs", "root"):
        (folder / inner).mkdir(parents=True)
    (folder / "list").write_text(f"deb [signed-by={KEYRING}] {mirror()} {suite} main\n")
    (folder / "installed").touch()
    places = {"Etc::sourcelist": folder / "list", "Etc::sourceparts": "-", "Cache": folder / "cache",
              "State::lists": folder / "lists", "State::status": folder / "installed"}
    options = ["-qq", "-oAPT::Sandbox::User=root", *(f"-oDir::{name}={place}" for name, place in places.items())]
    output("apt-get", *options, "update")
    would = output("apt-get", *options, "--no-install-recommends", "--print-uris", "-y", "install", *WANTED)
    names = sorted({line.split()[1].split("_")[0] for line in would.splitlines() if line.startswith("'")})
    output("apt-get", *options, "download", *names, cwd=folder / "debs")
    for package in sorted((folder / "debs").glob("*.deb")):
        output("dpkg-deb", "-x", package, folder / "root")
    output("ldconfig", "-r", folder / "root")
    (folder / "root/etc/hosts").write_text("127.0.0.1 localhost\n")


def output(*command, cwd=None):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=True, cwd=cwd)
    return done.stdout


def versions(root):
    """The versions of the brokers, from their own files."""
    changes = subprocess.run(jailed(root, "/usr/sbin/mosquitto", "-h"), stdout=subprocess.PIPE, text=True)
    [rabbit] = (root / "usr/lib/rabbitmq/lib").glob("rabbitmq_server-*")
    [erlang] = (root / "usr/lib/erlang/releases").glob("[0-9]*")
    return {"mosquitto": re.search(r"version (\S+)", changes.stdout)[1],
            "rabbitmq": rabbit.name.partition("-")[2], "erlang": erlang.name}
