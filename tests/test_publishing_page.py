"""What docs/publishing.md and the workflow of a new site say is so: commands run, servers take what they get."""

from __future__ import annotations

import json
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
from tests.delivery.stores import KEYS, ObjectStore, object_store
from tests.delivery.test_announce import receiver
from trigpoint.commands.group import COMMANDS
from trigpoint.delivery.errors import NEEDED
from trigpoint.settings import KNOWN

PAGE = (ROOT / "docs/publishing.md").read_text()
ENVIRONMENT = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
GIT = {f"GIT_{who}_{what}": "a@blog.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def run(folder: Path, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = ENVIRONMENT | GIT | environment
    words = {"cwd": folder, "env": env, "capture_output": True, "text": True, "timeout": 120}
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
    (upload,) = (step for step in build["steps"] if "upload-pages" in step.get("uses", ""))
    assert upload["with"]["include-hidden-files"], "/.well-known/ is published, too"
    assert upload["uses"].endswith("@v5"), "the first version that has hidden files"
    uploaded = upload["with"]["path"]
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


def test_an_image_that_installs_the_engine_from_git_has_git() -> None:
    (gitlab,), (dockerfile,) = blocks("yaml"), blocks("dockerfile")
    pages = yaml.safe_load(gitlab)["pages"]
    for image, commands in ((pages["image"], "\n".join(pages["script"])), (dockerfile.split()[1], dockerfile)):
        before_pip = commands.partition("pip install")[0]
        assert not image.endswith("-slim") or re.search(r"apt-get install .*\bgit\b", before_pip), image
    assert pages["variables"] == {"GIT_DEPTH": "0"}, "history wants the whole"


def test_gitlab_and_netlify_run_commands_that_work(new: Path) -> None:
    (gitlab,) = blocks("yaml")
    job = yaml.safe_load(gitlab)["pages"]
    (netlify,) = (each for each in blocks("toml") if "publish" in each)
    build = tomllib.loads(netlify)["build"]
    assert job["artifacts"]["paths"] == [build["publish"]] == ["public"]
    for command in (*job["script"][1:], build["command"].split(" && ")[1]):
        run(new, command)
    assert (new / "public/_headers").is_file() and (new / "public/_redirects").is_file()


def test_a_git_branch_holds_the_release_and_keeps_its_git(new: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(new, site, symlinks=True)
    page, old_git = (each for each in blocks("sh") if "worktree" in each)
    commands = page.replace(".venv/bin/flask", "python -m flask").splitlines()
    first = commands[0] if "--orphan" in run(site, "git worktree add -h || true").stdout else old_git
    run(site, "git init -q -b main && git add -A && git commit -qm Site && git init -q --bare ../origin")
    run(site, "git remote add origin ../origin")
    run(site, "\n".join((first, *commands[1:])))
    (site / "pages/posts/hello.md").rename(site / "pages/posts/other.md")
    run(site, "python -m flask freeze --drop '*' --into ../published && git -C ../published add --all")
    changed = run(site, "git -C ../published status --short").stdout
    assert "posts/other/index.html" in changed and "posts/hello/index.html" in changed
    assert (tmp_path / "published/.git").is_file()
    assert "index.html" in run(site, "git ls-tree -r --name-only origin/published").stdout


@pytest.mark.skipif(not shutil.which("rsync"), reason="rsync is not here")
def test_rsync_makes_the_folder_of_the_host_the_release(new: Path, tmp_path: Path) -> None:
    site, target = tmp_path / "site", tmp_path / "www"
    shutil.copytree(new, site, symlinks=True)
    target.mkdir()
    (target / "gone.html").write_text("of an earlier release")
    (page,) = (each for each in blocks("sh") if "rsync" in each)
    run(site, page.replace(".venv/bin/flask", "python -m flask").replace("host:/srv/www", str(target)))
    assert run(site, f"diff -r build/ {target}").stdout == ""


@pytest.fixture
def store() -> Iterator[ObjectStore]:
    with object_store() as found:
        yield found


def on_page(words: str) -> str:
    """The block of commands with these words, for a new site."""
    (page,) = (each for each in blocks("sh") if words in each)
    return page.replace(".venv/bin/flask", "python -m flask")


def test_a_bucket_holds_the_release(new: Path, store: ObjectStore) -> None:
    store.client.create_bucket(Bucket="blog.example")
    ended = run(new, on_page("flask deploy"), AWS_ENDPOINT_URL=store.address, **KEYS)
    assert "nothing was written" in ended.stdout and "s3://blog.example is release" in ended.stdout
    found = store.client.get_object(Bucket="blog.example", Key="posts/hello/index.html")
    assert found["Body"].read() == (new / "build/posts/hello/index.html").read_bytes()


def test_the_policy_of_the_key_has_what_is_needed() -> None:
    (policy,) = (json.loads(each) for each in blocks("json"))
    of_bucket, of_objects = policy["Statement"]
    assert {of_bucket["Action"], *of_objects["Action"]} == set(re.findall(r"s3:\w+", NEEDED))
    assert of_objects["Resource"] == f"{of_bucket['Resource']}/*"


def test_the_function_of_cloudfront_finds_pages_and_leads_to_their_slash() -> None:
    from playwright._impl._driver import compute_driver_executable

    (function,) = blocks("js")
    uris = ["/", "/posts/a/", "/feed.xml", "/posts/a", "/posts/a.b/"]
    asks = f"console.log(JSON.stringify({uris}.map((uri) => handler({{ request: {{ uri }} }}))))"
    node = compute_driver_executable()[0]
    ended = subprocess.run([node, "-e", function + asks], capture_output=True, text=True, timeout=60, check=True)
    *found, moved, dotted = json.loads(ended.stdout)
    assert [each["uri"] for each in (*found, dotted)] == [
        *("/index.html", "/posts/a/index.html", "/feed.xml"),
        "/posts/a.b/index.html",
    ]
    assert moved == {"statusCode": 301, "headers": {"location": {"value": "/posts/a/"}}}


def test_what_changed_is_announced(new: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(new, site, symlinks=True)
    (settings,) = (each for each in blocks("toml") if "indexnow" in each)
    with receiver() as found:
        settings = re.sub(r"https://pubsub[^\"]+", f"{found.address}/hub", settings)
        path = site / "site.toml"
        path.write_text(f'{path.read_text()}\n{settings}\nindexnow_url = "{found.address}/indexnow"\n')
        run(site, "python -m flask freeze")
        run(site, "rm -f .releases/announced.json")
        ended = run(site, on_page("flask announce"), NO_PROXY="127.0.0.1")
    key = tomllib.loads(settings)["indexnow_key"]
    assert "nobody was told" in ended.stdout and (site / f"build/{key}.txt").read_text() == key
    assert found.told and "websub" in ended.stdout


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
    frozen, _, live = blocks("nginx")
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


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not here")
def test_nginx_shows_a_bucket_as_a_site(new: Path, tmp_path: Path, store: ObjectStore) -> None:
    run(new, "python -m flask freeze && python -m flask deploy s3://blog", AWS_ENDPOINT_URL=store.address, **KEYS)
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::blog/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [everybody]})
    store.client.put_bucket_policy(Bucket="blog", Policy=policy)
    port, text = free_port(), blocks("nginx")[1]
    text = text.replace("listen 80", f"listen 127.0.0.1:{port}").replace("http://127.0.0.1:9000", store.address)
    (tmp_path / "nginx.conf").write_text(f"{NGINX.format(tmp_path)}{text}}}\n")
    with server(["nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")], port):
        serves_the_release(port)
        assert "The first post." in asked(port, "/posts/hello")[1]
        assert asked(port, "/.trigpoint/deployed.json")[0] == 404
        with urlopen(f"http://127.0.0.1:{port}/feed.xml", timeout=20) as response:
            assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
            assert response.headers["Cache-Control"] == "no-cache"


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
    commands = set(COMMANDS)
    named = set(re.findall(r"(?:-m |bin/|`)flask ([a-z-]+)", PAGE))
    assert named and named - {"new-site"} <= commands
    for name in ("precompress", "host_files", "base_url", "indexnow_key", "websub_hub"):
        assert name in KNOWN and name in PAGE
    makefile = (ROOT / "Makefile").read_text()
    assert all(f"\n{word}:" in makefile for word in re.findall(r"^make (\w+)", PAGE, re.MULTILINE))


def test_docker_runs_what_a_site_has() -> None:
    (dockerfile,) = blocks("dockerfile")
    assert re.search(r"^USER 65534", dockerfile, re.MULTILINE) and "/-/ready" in dockerfile
    assert 'CMD ["gunicorn"' in dockerfile
    assert any("--read-only" in block for block in blocks("sh"))
