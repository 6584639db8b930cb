"""What docs/publishing.md and the workflow of a new site say is so: commands run, servers take what they get."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
import yaml

from tests.conftest import ROOT
from trigpoint.application import create_app
from trigpoint.settings import KNOWN

PAGE = (ROOT / "docs/publishing.md").read_text()
ENVIRONMENT = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
GIT = {f"GIT_{who}_{what}": "a@blog.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    words = {"cwd": folder, "env": ENVIRONMENT | GIT, "capture_output": True, "text": True, "timeout": 120}
    ended = subprocess.run(["bash", "-ec", command], **words)  # type: ignore[call-overload]
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("publishing")
    run(folder, f"python -m flask --app {ROOT / 'app.py'} new-site site")
    return folder / "site"


def runs(job: dict[str, Any]) -> list[str]:
    """The commands of a workflow's job, but for the installation."""
    return [step["run"] for step in job["steps"] if "run" in step and "pip install" not in step["run"]]


def test_the_workflow_of_a_new_site_checks_and_freezes_it(new: Path) -> None:
    workflow = yaml.safe_load((new / ".github/workflows/publish.yml").read_text())
    build, publish = workflow["jobs"]["build"], workflow["jobs"]["publish"]
    assert set(workflow[True]) == {"push", "pull_request", "schedule", "workflow_dispatch"}  # `on` is a bool in YAML.
    assert workflow["permissions"] == {"contents": "read"}
    for command in runs(build):
        run(new, command)
    (uploaded,) = (step["with"]["path"] for step in build["steps"] if "upload-pages" in step.get("uses", ""))
    assert "The first post." in (new / uploaded / "posts/hello/index.html").read_text()
    (kept,) = (step["with"]["path"] for step in build["steps"] if "actions/cache" in step.get("uses", ""))
    assert all((new / name).is_dir() for name in kept.split())
    ignored = (new / ".gitignore").read_text()
    assert f"/{uploaded}/" in ignored
    for step in (*build["steps"], publish):
        if "freeze" in step.get("run", "") or "pages" in step.get("uses", ""):
            assert step["if"] == "github.event_name != 'pull_request'"
    assert publish["permissions"] == {"pages": "write", "id-token": "write"}


def test_a_pull_request_gets_its_faults_at_their_lines(new: Path) -> None:
    bad = new / "pages/posts/bad.md"
    bad.write_text("---\ntitle: A\ndate: 2026-01-01\ntgas: [Go]\n---\n\nWords.\n")
    words = ["bash", "-c", "python -m flask check --format github"]
    ended = subprocess.run(words, cwd=new, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    bad.unlink()
    assert ended.returncode == 1
    assert "::error file=pages/posts/bad.md,line=4" in ended.stdout + ended.stderr


def test_gitlab_and_netlify_run_commands_that_work(new: Path) -> None:
    (gitlab,) = blocks("yaml")
    job = yaml.safe_load(gitlab)["pages"]
    (netlify,) = blocks("toml")
    build = tomllib.loads(netlify)["build"]
    assert job["artifacts"]["paths"] == [build["publish"]] == ["public"]
    for command in (*job["script"][1:], build["command"].split(" && ")[1]):
        run(new, command)
    assert (new / "public/_headers").is_file() and (new / "public/_redirects").is_file()


def test_a_git_branch_holds_the_release_and_keeps_its_git(new: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(new, site, symlinks=True)
    (page,) = (each for each in blocks("sh") if "worktree" in each)
    commands = page.replace(".venv/bin/flask", "python -m flask").splitlines()
    first = commands[0] if "--orphan" in run(site, "git worktree add -h || true").stdout else OLD_GIT
    run(site, "git init -q -b main && git add -A && git commit -qm Site && git init -q --bare ../origin")
    run(site, "git remote add origin ../origin")
    run(site, "\n".join((first, *commands[1:])))
    (site / "pages/posts/hello.md").rename(site / "pages/posts/other.md")
    run(site, "python -m flask freeze --drop '*' --into ../published && git -C ../published add --all")
    changed = run(site, "git -C ../published status --short").stdout
    assert "posts/other/index.html" in changed and "posts/hello/index.html" in changed
    assert (tmp_path / "published/.git").is_file()
    assert "index.html" in run(site, "git ls-tree -r --name-only origin/published").stdout


OLD_GIT = (
    "git worktree add -q --detach ../published && "
    "git -C ../published checkout -q --orphan published && git -C ../published rm -rqf ."
)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_the_unit_of_systemd_verifies(new: Path, tmp_path: Path) -> None:
    (unit,) = blocks("ini")
    bin_folder = tmp_path / "site/.venv/bin"
    bin_folder.mkdir(parents=True)
    for name in ("gunicorn", "python"):
        (bin_folder / name).symlink_to("/bin/true")
    path = tmp_path / "blog.service"
    path.write_text(unit.replace("/srv/blog", str(tmp_path / "site")).replace("User=blog", "User=daemon"))
    ended = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True, timeout=60)
    assert [line for line in ended.stderr.splitlines() if "blog.service" in line] == []
    assert ended.returncode == 0, ended.stderr


@contextmanager
def server(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < deadline, command
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(30)


def asked(port: int, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as response:
            return response.status, response.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()
    except URLError as error:
        return 0, str(error)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def serves_the_release(port: int) -> None:
    assert "The first post." in asked(port, "/posts/hello/")[1]
    assert asked(port, "/")[0] == 200
    status, text = asked(port, "/nope/")
    assert status == 404 and "There is no page here" in text


NGINX = "daemon off; master_process off; pid {0}/pid; error_log stderr; events {{}} http {{ access_log off;\n"
NGINX += "types {{ text/html html; }} client_body_temp_path {0}/a; proxy_temp_path {0}/b; fastcgi_temp_path {0}/c;\n"
NGINX += "uwsgi_temp_path {0}/d; scgi_temp_path {0}/e;\n"


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not here")
def test_nginx_serves_a_release_and_the_live_application(new: Path, tmp_path: Path) -> None:
    run(new, "python -m flask freeze")
    frozen, live = blocks("nginx")
    ports = free_port(), free_port(), free_port()
    for port, text in ((ports[0], frozen.replace("/srv/blog", str(new))), (ports[1], live)):
        folder = tmp_path / str(port)
        folder.mkdir()
        text = text.replace("listen 80", f"listen 127.0.0.1:{port}").replace("127.0.0.1:8000", f"127.0.0.1:{ports[2]}")
        (folder / "nginx.conf").write_text(f"{NGINX.format(folder)}{text}}}\n")
    commands = [["nginx", "-p", str(tmp_path), "-c", str(tmp_path / str(port) / "nginx.conf")] for port in ports[:2]]
    os.chmod(new.parent, 0o755)
    with server(commands[0], ports[0]):
        serves_the_release(ports[0])
    gunicorn = ["env", "-C", str(new), f"PYTHONPATH={ROOT}", sys.executable, "-m", "gunicorn"]
    with server([*gunicorn, "--bind", f"127.0.0.1:{ports[2]}"], ports[2]), server(commands[1], ports[1]):
        serves_the_release(ports[1])
        assert (asked(ports[2], "/-/health")[0], asked(ports[1], "/-/health")[0]) == (200, 404)


@pytest.mark.skipif(not shutil.which("caddy"), reason="caddy is not here")
def test_caddy_serves_a_release(new: Path, tmp_path: Path) -> None:
    run(new, "python -m flask freeze")
    (text,) = blocks("caddy")
    port = free_port()
    text = text.replace("blog.example {", f"http://127.0.0.1:{port} {{").replace("/srv/blog", str(new))
    (tmp_path / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https off\n}\n" + text)
    with server(["caddy", "run", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")], port):
        serves_the_release(port)


def test_every_command_and_setting_that_is_named_exists() -> None:
    commands = set(create_app(ROOT).cli.commands)
    named = set(re.findall(r"(?:-m |bin/|`)flask ([a-z-]+)", PAGE))
    assert named and named - {"new-site"} <= commands
    for name in ("precompress", "host_files", "base_url"):
        assert name in KNOWN and name in PAGE
    makefile = (ROOT / "Makefile").read_text()
    assert all(f"\n{word}:" in makefile for word in re.findall(r"^make (\w+)", PAGE, re.MULTILINE))


def test_docker_runs_what_a_site_has() -> None:
    (dockerfile,) = blocks("dockerfile")
    assert re.search(r"^USER 65534", dockerfile, re.MULTILINE) and "/-/ready" in dockerfile
    assert 'CMD ["gunicorn"' in dockerfile
    assert any("--read-only" in block for block in blocks("sh"))
