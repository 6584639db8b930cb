"""Build the Go worker with a toolchain from PyPI and Debian's source of its only library."""

import os
import shutil
import subprocess

from lab.servers import CODE


def environment(scratch, root, go):
    """GOPATH mode: the library's source lies in Debian's folder, ours beside it."""
    path = scratch / "gopath"
    return {**os.environ, "GO111MODULE": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "", "CGO_ENABLED": "0",
            "GOPATH": f"{path}:{root}/usr/share/gocode", "PATH": f"{go.parent}:{os.environ['PATH']}"}


def built(scratch, root, go):
    """The worker's program, vetted and tested."""
    folder = scratch / "gopath/src/notify"
    shutil.copytree(CODE / "workers/notify", folder, dirs_exist_ok=True)
    around = environment(scratch, root, go)
    for command in (["vet", "."], ["test", "."], ["build", "-o", scratch / "notify", "."]):
        done = subprocess.run([go, *command], cwd=folder, env=around, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            raise RuntimeError(f"go {command[0]}: {done.stdout}")
    return scratch / "notify"
