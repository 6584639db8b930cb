"""The configurations of `flask host-config`, read by the real nginx and Caddy: they answer as the live server does."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.conftest import SiteWith, SmallSite, freeze_all, post_text
from tests.test_laws import varied
from trigpoint.hosting.caddy import caddy
from trigpoint.hosting.media_types import media_types
from trigpoint.hosting.nginx import nginx, nginx_locations, nginx_maps
from trigpoint.web.files.machine import HIDDEN, HostRules, host_rules
from trigpoint.web.kinds import all_addresses

MAIN = """daemon off; {user} pid nginx.pid; error_log stderr; worker_processes 1;
events {{ worker_connections 64; }}
http {{
    access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u;
    scgi_temp_path s;
{site}
}}
"""
OWN = frozenset(("date", "server", "etag", "last-modified", "content-length", "accept-ranges", "connection", "vary",
                 "content-disposition"))  # fmt: skip
"""Header fields that are each server's own business."""
BASES = ("", "/my-blog")


def included(rules: HostRules, types: Mapping[str, str], base_url: str, folder: Path) -> str:
    """The maps, and the locations in a server that is there already and has settings for all else that it serves."""
    given = (rules, types, base_url, folder)
    rest = f"location / {{ return 404; }} location = / {{ return 302 {rules.base_path}/; }}" if rules.base_path else ""
    return f"""{nginx_maps(*given)}
server {{
    listen 80;
    listen [::]:80;
    server_tokens off; absolute_redirect off;
    add_header X-Of-The-Host 1 always; expires 30d; charset koi8-r; error_page 404 =200 /host.html;
    location ~ \\.(js|svg|css)$ {{ return 410; }}
    {rest}
{nginx_locations(*given)}
}}
"""


MAKERS = {"nginx": nginx, "nginx-included": included, "caddy": caddy}
COMMANDS = {"nginx": shutil.which("nginx") or "/usr/sbin/nginx", "caddy": shutil.which("caddy") or "/usr/bin/caddy"}


def with_every_file(site_with: SiteWith) -> SmallSite:
    small = varied(site_with)
    small.write("demo/index.html", "<p>Hello")
    small.write("demo/a b.xml", "<a/>")
    small.write("posts/own.js", "1")
    small.write("posts/a$b.js", "1")
    small.write("posts/sub/own.mjs", "1")
    small.write("posts/Drawn.SVG", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    small.write("posts/data.csv", "größe,1")
    small.write("posts/x.c++", "int x;")
    small.write("posts/old.md", post_text("Moved", aliases="['/a (b)/', '/größe/', '/$x/']"))
    return small


def test_an_ending_of_signs_is_a_pattern_of_caddy(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with({"a": post_text()})
    with small.app.app_context():
        text = caddy(host_rules(), {".c++": "text/x-c++src", ".7z": "a/b"}, small.site.settings.base_url, tmp_path)
    patterns = dict(re.findall(r'^\t@(\w+) path_regexp "(.*)"$', text, re.MULTILINE))
    assert [re.search(each, "/posts/X.C++") is not None for each in patterns.values()] == [True, False]
    assert all(f"header @{name} Content-Type" in text for name in patterns)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(server: str, text: str, folder: Path) -> Iterator[int]:
    """The port at which this server answers with this configuration."""
    port = free_port()
    if server.startswith("nginx"):
        text = MAIN.format(
            user="user root;" if os.geteuid() == 0 else "",
            site=text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("    listen [::]:80;\n", ""),
        )
        command = [COMMANDS["nginx"], "-p", str(folder), "-c", str(folder / "config")]
    else:
        text = "{\n\tadmin off\n}\n" + text.replace("https://blog.example", "").replace(
            "blog.example {", f"http://127.0.0.1:{port} {{"
        )
        command = [COMMANDS[server], "run", "--adapter", "caddyfile", "--config", str(folder / "config")]
    (folder / "config").write_text(text)
    log = folder / "log"
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env={"HOME": str(folder), "PATH": "/usr/bin"})
    try:
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def asked(port: int, address: str, method: str = "GET") -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, address)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def fields(headers: object) -> dict[str, str]:
    found = {name.lower(): value for name, value in headers}  # type: ignore[attr-defined]
    return {name: value for name, value in found.items() if name not in OWN}


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("server", MAKERS)
def test_a_web_server_answers_as_the_live_one(
    site_with: SiteWith, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str, base: str
) -> None:
    command = server.partition("-")[0]
    if not Path(COMMANDS[command]).exists():
        pytest.skip(f"there is no {command} here")
    monkeypatch.setenv("BLOG_BASE_URL", f"https://blog.example{base}")
    small = with_every_file(site_with)
    folder = tmp_path / "frozen"
    freeze_all(small.site, folder)
    with small.app.app_context():
        library = small.site.loader.library
        text = MAKERS[server](host_rules(), media_types(library), small.site.settings.base_url, folder)
    listed = [each for each in all_addresses(small.app, library) if each[1:] not in HIDDEN]
    aliases = set(map(quote, library.redirects()))
    with running(server, text, tmp_path) as port:
        for address in (*listed, "/nope/", "/posts/nope.png", "/static/", "/posts/post-1"):
            response, body = asked(port, base + address)
            with small.client.get(address) as live:
                status = 301 if live.status_code == 308 else live.status_code
                assert (301 if response.status == 308 else response.status) == status, address
                found, wanted = fields(response.getheaders()), fields(live.headers)
                if status == 301:
                    assert found["location"].lower() == wanted["location"].lower(), address
                    assert found["cache-control"] in ("no-store", "no-cache"), address
                    found |= {name: wanted[name] for name in ("location", "content-type", "cache-control")}
                else:
                    assert body == live.get_data(), address
                if status == 404:
                    found["content-type"] = wanted["content-type"]
                assert found == wanted, address
        assert aliases
        for name in HIDDEN:
            assert asked(port, f"{base}/{name}")[0].status == 404
        refused, _ = asked(port, base + "/", "POST")
        assert refused.status == 405
        assert refused.getheader("X-Content-Type-Options") == "nosniff"
        assert refused.getheader("Cache-Control") == "no-store"
        if base:
            bare, _ = asked(port, base)
            assert (bare.status, bare.getheader("Location")) == (301, f"{base}/")
            if server != "caddy":
                assert bare.getheader("X-Content-Type-Options") == "nosniff"
                assert bare.getheader("Cache-Control") == "no-store"
            assert asked(port, "/")[0].getheader("Location") == f"{base}/"
            assert asked(port, "/elsewhere/")[0].status == 404
        assert not re.search(r"\d", response.getheader("Server") or "")
