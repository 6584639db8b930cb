"""The search beside Pagefind, MiniSearch and lunr: the same articles and queries, in one run, in Chromium.

    python bench/search_peers.py FOLDER

The articles are the docstrings of Python's standard library, a module each; the queries and the right answers are
in search_peers.toml. FOLDER is made, and `npm install pagefind minisearch lunr` is run in it (Pagefind brings a
program of 20 MB). Needs requirements-dev.txt, Chromium, node and npm. Prints the table of docs/performance.md, and
which queries each did not answer.

Each peer is set up as its own guide says. A query is asked in a window of its own, after the search was opened; its
bytes are those of the first page of results: five with excerpts by Pagefind, twenty titles and two passages by ours.
MiniSearch and lunr load everything when they are opened, and show titles. Bytes are counted by the server, which
compresses texts by gzip -9.
"""

from __future__ import annotations

import ast
import gzip
import json
import shutil
import statistics
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from sysconfig import get_path
from typing import Any
from urllib.parse import unquote

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from flask import Flask  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from search import filled  # noqa: E402

from trigpoint.application import create_app  # noqa: E402
from trigpoint.web.kinds import all_addresses  # noqa: E402

PACKAGES = ("pagefind@1.6.0", "minisearch@7.2.0", "lunr@2.3.9")
SKIPPED = {
    "test",
    "tests",
    "idlelib",
    "lib2to3",
    "turtledemo",
    "encodings",
    "site-packages",
    "dist-packages",
    "_vendor",
}
FEWEST = 60
"""Words: a module of fewer is no article."""
TEXTS = (".html", ".js", ".json", ".css")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@dataclass(frozen=True)
class Peer:
    """How a search is opened and asked: bodies of JavaScript functions. `index` are the files that it is made of."""

    name: str
    opening: str
    asking: str
    index: tuple[str, ...]


PEERS = (
    Peer(
        "ours",
        """const { answer, update } = await import(document.querySelector("[data-search]").dataset.search);
           Object.assign(window, { answer, update });
           await update();""",
        """const { posts } = await answer(text);
           told(posts.map((post) => post[0].replace("posts/", "")));
           document.querySelector(".search-field").value = text;
           await update();
           await new Promise((resolve) => setTimeout(resolve, 600));""",
        ("search/docs.json", "search/posts-*", "search/words-*", "search/text/**/*.json"),
    ),
    Peer(
        "Pagefind",
        """window.pagefind = await import("/pagefind/pagefind.js");
           await pagefind.init();""",
        """const { results } = await pagefind.search(text);
           const shown = await Promise.all(results.slice(0, 5).map((each) => each.data()));
           told(shown.map((each) => each.url.split("/")[2]));""",
        ("pagefind/*.pf_meta", "pagefind/index/*", "pagefind/fragment/*"),
    ),
    Peer(
        "MiniSearch",
        """const { default: MiniSearch } = await import("/peers/minisearch.js");
           const index = await (await fetch("/peers/minisearch.json")).text();
           window.index = MiniSearch.loadJSON(index, { fields: ["title", "tags", "text"], storeFields: ["title"] });""",
        """told(index.search(text, { prefix: true, fuzzy: 0.2, boost: { title: 2 } }).map((each) => each.id));""",
        ("peers/minisearch.json",),
    ),
    Peer(
        "lunr",
        """const script = document.head.appendChild(document.createElement("script"));
           await new Promise((done) => Object.assign(script, { onload: done, src: "/peers/lunr.js" }));
           window.index = lunr.Index.load(await (await fetch("/peers/lunr.json")).json());""",
        """const words = text.toLowerCase().split(/\\s+/);
           told(index.query((query) => words.forEach((word) => {
             query.term(lunr.tokenizer(word), { boost: 10 });
             query.term(word, { boost: 5, usePipeline: false, wildcard: lunr.Query.wildcard.TRAILING });
             query.term(word, { boost: 1, usePipeline: false, editDistance: 1 });
           })).map((each) => each.ref));""",
        ("peers/lunr.json",),
    ),
)

BUILDING = """
import { readFileSync, writeFileSync } from "node:fs";
import MiniSearch from "minisearch";
import lunr from "lunr";
const posts = JSON.parse(readFileSync("posts.json"));
const mini = new MiniSearch({ fields: ["title", "tags", "text"], storeFields: ["title"] });
mini.addAll(posts);
writeFileSync("site/peers/minisearch.json", JSON.stringify(mini));
const index = lunr(function () {
  this.ref("id");
  this.field("title", { boost: 2 });
  this.field("tags");
  this.field("text");
  posts.forEach((post) => this.add(post));
});
writeFileSync("site/peers/lunr.json", JSON.stringify(index));
"""


def articles() -> Iterator[tuple[str, str, str]]:
    """Slug, title and text of each module of the standard library that says enough about itself."""
    root = Path(get_path("stdlib"))
    for path in sorted(root.rglob("*.py")):
        names = path.relative_to(root).with_suffix("").parts
        if SKIPPED.isdisjoint(names):
            names = names[:-1] if names[-1] == "__init__" else names
            try:
                tree = ast.parse(path.read_text())
            except (SyntaxError, ValueError):
                continue
            text = "\n\n".join(documented(tree))
            first = (ast.get_docstring(tree) or "").split("\n")[0]
            if len(text.split()) >= FEWEST:
                yield "-".join(names).lower().strip("_"), f"{'.'.join(names)}: {first}"[:90], text


def documented(tree: ast.Module) -> Iterator[str]:
    yield escaped(ast.get_docstring(tree) or "")
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            inner = [node, *(each for each in node.body if isinstance(each, ast.FunctionDef))]
            told = [escaped(text) for each in inner if (text := ast.get_docstring(each))]
            if told:
                yield from (f"## {node.name}", *told)


def escaped(text: str) -> str:
    """As paragraphs of Markdown that say what the text says."""
    paragraphs = (" ".join(each.split()) for each in text.split("\n\n"))
    marks = str.maketrans({"<": "&lt;", "&": "&amp;"} | {c: f"\\{c}" for c in "\\`*_{}[]>#|~$!:"})
    return "\n\n".join(paragraphs).translate(marks)


def write_site(root: Path) -> Flask:
    for name in ("templates", "static"):
        shutil.copytree(ROOT / name, root / name)
    settings = (ROOT / "site.toml").read_text().replace('"registered"', '"open"')
    (root / "site.toml").write_text(settings)
    (root / "pages/posts").mkdir(parents=True)
    for number, (slug, title, text) in enumerate(articles()):
        day = f"20{number // 336 + 10:02}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"
        top = json.dumps({"title": title, "date": day, "tags": ["Python"]})
        (root / f"pages/posts/{slug}.md").write_text(f"---\n{top}\n---\n\n{text}\n")
    return create_app(root)


def write_pages(app: Flask, site: Path) -> list[dict[str, Any]]:
    """Every answer that a search needs as a file; and the posts as the peers of JavaScript are given them."""
    blog = filled(app)
    library = blog.loader.library
    wanted = ("/search/", "/posts/", "/static/")
    addresses = [each for each in all_addresses(app, library) if each.startswith(wanted)]
    client = app.test_client()
    for address in ("/", *addresses):
        path = site / unquote(address + "index.html" if address.endswith("/") else address).lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(client.get(address).data)
    posts = [
        {"id": post.slug, "title": post.title, "tags": "Python",
         "text": " ".join(f"{each.heading} {each.text}" for each in library.sections(post.slug))}
        for post in library.posts
    ]  # fmt: skip
    blog.loader.stop()
    return posts


def build_peers(folder: Path, posts: list[dict[str, Any]]) -> None:
    (folder / "posts.json").write_text(json.dumps(posts))
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "build.js").write_text(BUILDING)
    (folder / "site/peers").mkdir()
    run(folder, "npm", "install", "--no-audit", "--no-fund", "--silent", *PACKAGES)
    run(folder, "node", "build.js")
    shutil.copy(folder / "node_modules/minisearch/dist/es/index.js", folder / "site/peers/minisearch.js")
    shutil.copy(folder / "node_modules/lunr/lunr.min.js", folder / "site/peers/lunr.js")
    run(
        folder,
        "node_modules/.bin/pagefind",
        "--site",
        "site",
        "--glob",
        "posts/*/index.html",
        "--root-selector",
        "main",
    )


def run(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


class Server(ThreadingHTTPServer):
    """Serves a folder, compresses texts, and adds up the bytes of bodies."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder, self.sent, self.asked = folder, 0, 0


class Handler(SimpleHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        path = self.server.folder / unquote(self.path.split("?")[0]).lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = gzip.compress(path.read_bytes(), 9) if path.suffix in TEXTS else path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(body)))
        if path.suffix in TEXTS:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.server.sent, self.server.asked = self.server.sent + len(body), self.server.asked + 1
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@dataclass
class Asked:
    """One query in a window of its own."""

    opened: int
    opening: float
    bytes: int
    files: int
    took: float
    slugs: list[str]


def ask(browser: Browser, server: Server, peer: Peer, text: str) -> Asked:
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/", wait_until="networkidle")
    server.sent = 0
    opening = page.evaluate(
        f"async () => {{ const from = performance.now(); {peer.opening} return performance.now() - from; }}"
    )
    page.wait_for_timeout(200)
    opened, server.sent, server.asked = server.sent, 0, 0
    asking = f"""async (text) => {{
      const from = performance.now();
      let found;
      const told = (slugs) => (found = [performance.now() - from, slugs.slice(0, 3)]);
      {peer.asking}
      return found;
    }}"""
    took, slugs = page.evaluate(asking, text)
    page.close()
    return Asked(opened, opening, server.sent, server.asked, took, slugs)


def compared(folder: Path) -> Iterator[str]:
    queries = tomllib.loads((Path(__file__).parent / "search_peers.toml").read_text())
    server = Server(folder / "site")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        ask(browser, server, PEERS[0], "warm")
        for peer in PEERS:
            yield from told(folder / "site", peer, queries, browser, server)
        browser.close()
    server.shutdown()


def told(site: Path, peer: Peer, queries: dict[str, Any], browser: Browser, server: Server) -> Iterator[str]:
    asked = {kind: [(ask(browser, server, peer, query[0]), query) for query in queries[kind]] for kind in queries}
    every = [each for kind in asked.values() for each, _ in kind]
    size = sum(file_size(path) for pattern in peer.index for path in site.glob(pattern))
    sizes, took = sorted(each.bytes for each in every), sorted(each.took for each in every)
    missed = {
        kind: [query[0] for each, query in found if not set(each.slugs) & set(query[1:])]
        for kind, found in asked.items()
    }
    yield f"{peer.name}: index {size / 1000:.0f} kB; opened {every[0].opened / 1000:.1f} kB in {statistics.median(each.opening for each in every):.0f} ms"
    yield f"  a query: median {sizes[20] / 1000:.1f} kB, p95 {sizes[37] / 1000:.1f} kB; {took[20]:.0f} ms, p95 {took[37]:.0f} ms"
    yield f"  files a query: median {statistics.median(each.files for each in every):.0f}"
    for kind, names in missed.items():
        yield f"  {kind}: {len(queries[kind]) - len(names)} of {len(queries[kind])}; not {', '.join(names) or 'one missed'}"


def file_size(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9)) if path.suffix in TEXTS else path.stat().st_size


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True)
    posts = write_pages(write_site(folder / "blog"), folder / "site")
    print(f"{len(posts)} articles, {sum(len(post['text'].split()) for post in posts) // len(posts)} words each")
    build_peers(folder, posts)
    for line in compared(folder):
        print(line)


if __name__ == "__main__":
    main()
