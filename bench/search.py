"""Measure the search: bytes, building and answering, on a blog made of the words of installed packages.

    python bench/search.py [posts ...]        (100 and 1,000 where none is said)

Prints the table of docs/performance.md. Needs requirements-dev.txt and Chromium.
"""

from __future__ import annotations

import ast
import gzip
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from sysconfig import get_path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from flask import Flask  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

from trigpoint.application import create_app  # noqa: E402
from trigpoint.content.pages import Post  # noqa: E402
from trigpoint.content.slugs import slugified  # noqa: E402
from trigpoint.search.index import postings_of, shards, starts  # noqa: E402
from trigpoint.search.tokens import PostTokens, words, words_of  # noqa: E402
from trigpoint.web.kinds import all_addresses  # noqa: E402
from trigpoint.web.site import Site  # noqa: E402

WORDS_OF_A_POST = 1200
DAYS = 16 * 336
"""From 2010 on; a later post would be one of the future, and hidden."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def paragraphs() -> list[str]:
    """The paragraphs of the docstrings of what is installed: real sentences, with the vocabulary of real documents."""
    found: dict[str, None] = {}
    for path in sorted([*Path(get_path("purelib")).rglob("*.py"), *Path(get_path("stdlib")).glob("*/*.py")]):
        try:
            tree = ast.parse(path.read_text())
        except (SyntaxError, ValueError, OSError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (text := ast.get_docstring(node)):
                found |= dict.fromkeys(" ".join(part.split()) for part in text.split("\n\n") if len(part) > 120)
        if len(found) > 20_000:
            break
    return list(found)


def write_posts(folder: Path, count: int, chance: random.Random) -> None:
    pool = paragraphs()
    for number in range(count):
        parts: list[str] = []
        while sum(len(part.split()) for part in parts) < WORDS_OF_A_POST:
            heading = " ".join(w.title() for w in words(chance.choice(pool))[:4])
            parts += [f"## {heading}", *(escaped(chance.choice(pool)) for _ in range(4))]
        title = " ".join(words(chance.choice(pool))[:6]).capitalize() or "Untitled"
        at = number * DAYS // count
        day = f"{2010 + at // 336}-{at // 28 % 12 + 1:02}-{at % 28 + 1:02}"
        tags = ", ".join(chance.sample(["Go", "Python", "Rust", "Databases", "Networks", "Testing", "Delivery"], 2))
        text = f'---\ntitle: "{title}"\ndate: {day}\ntags: [{tags}]\n---\n\n' + "\n\n".join(parts)
        (folder / f"{slugified(title)[:60].strip('-')}-{number}.md").write_text(text)


def escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>#|~$!:" else char for char in text)


def typed(posts: list[PostTokens], chance: random.Random) -> list[str]:
    """Fifty queries: 25 words as written; 15 longer ones with a mistake, and 10 with one in the second letter."""
    known = sorted({word for post in posts for word in post.words if word.isalpha() and word.isascii()})
    plain = chance.sample([word for word in known if len(word) > 2], 25)
    longer = [word for word in known if 6 < len(word) < 15]
    late = [mistaken(word, chance) for word in chance.sample(longer, 15)]
    return plain + late + [word[0] + chance.choice(("q", "")) + word[2:] for word in chance.sample(longer, 10)]


def mistaken(word: str, chance: random.Random) -> str:
    at = chance.randrange(2, len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return chance.choice([swapped, word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]])


ASKED = """async ([queries, script]) => {
  const { answer } = await import(script);
  const named = () => performance.getEntriesByType("resource").map((each) => new URL(each.name).pathname);
  performance.clearResourceTimings();
  await answer("");
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const opened = named().filter((name) => name.startsWith("/search/"));
  const told = [];
  for (const text of queries) {
    performance.clearResourceTimings();
    const started = performance.now();
    const { posts } = await answer(text);
    const cold = performance.now() - started;
    const again = performance.now();
    await answer(text);
    const warm = performance.now() - again;
    told.push([cold, warm, posts.length, named(), posts.slice(0, 2).map((post) => `/search/text/${post[0]}.json`)]);
  }
  return [opened, told];
}"""


def filled(app: Flask) -> Site:
    """The site of an application, with every body rendered."""
    site = app.extensions["trigpoint"]
    assert isinstance(site, Site)
    site.loader.refresh()
    for _ in site.loader.render_missing(site.loader.library.published, 2):
        pass
    return site


def measure(app: Flask, count: int) -> Iterator[str]:
    site = filled(app)
    library = site.loader.library
    posts: list[Post] = list(reversed(library.posts))
    documents = [library.document(post.path) for post in posts]
    started = time.process_time()
    counted = [words_of(post, document) for post, document in zip(posts, documents, strict=True)]
    took = time.process_time() - started
    started = time.process_time()
    names = [
        name
        for start, numbers in starts(counted).items()
        for name in shards(start, postings_of(start, counted, numbers))
    ]
    made = time.process_time() - started
    yield f"{len(posts)} posts, {sum(len(each.words) for each in counted) // len(posts)} distinct words each, {len(names)} shards"
    yield f"counting the words {took:.2f} s, making the shards {made:.2f} s (of CPU)"
    library.shard_names()
    source = app.extensions["trigpoint"].settings.pages_folder / f"{posts[-1].path}"
    source.write_text(source.read_text() + "\n\nStrange words: zyzzyva stitchery.\n")
    time.sleep(1)
    site.loader.refresh()
    library = site.loader.library
    library.document(posts[-1].path)
    started = time.process_time()
    library.shard_names()
    library.shard("st")
    yield f"an edit: the words of a post in the index, and a shard made again, CPU: {(time.process_time() - started) * 1000:.0f} ms"
    client = app.test_client()
    addresses = [each for each in all_addresses(app, library) if each.startswith("/search/")]
    sizes = {each: len(gzip.compress(client.get(each).data, 9)) for each in addresses}
    of_shards = sorted(size for each, size in sizes.items() if "/words-" in each)
    texts = [size for each, size in sizes.items() if "/text/" in each]
    script = len(gzip.compress(client.get("/static/js/search.js").data, 9))
    yield f"search.js {script} B, docs.json {sizes['/search/docs.json'] / 1000:.1f} kB; all shards {sum(of_shards) / 1000:.0f} kB"
    yield f"a shard: median {of_shards[len(of_shards) // 2]} B, p90 {of_shards[len(of_shards) * 9 // 10]} B, most {of_shards[-1]} B"
    yield f"the text of a post: median {statistics.median(texts):.0f} B"
    yield from in_browser(app, typed(counted, random.Random(7)), sizes)


def in_browser(app: Flask, queries: list[str], sizes: dict[str, int]) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = chromium.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        script = page.locator("[data-search]").get_attribute("data-search")
        opened, told = page.evaluate(ASKED, [queries, script])
        chromium.close()
    server.shutdown()
    cold, warm = sorted(each[0] for each in told[:40]), sorted(each[1] for each in told[:40])
    loaded = sorted(sum(sizes.get(name, 0) for name in each[3]) for each in told[:40])
    shown = sorted(sum(sizes.get(name, 0) for name in dict.fromkeys(each[3] + each[4])) for each in told[:40])
    found = [each[2] > 0 for each in told]
    early = sorted(sum(sizes.get(name, 0) for name in each[3] if "/words-" in name) for each in told[40:])
    yield f"a query, its shards not yet loaded: median {cold[20]:.0f} ms, p95 {cold[37]:.0f} ms"
    yield f"a query, its shards loaded: p95 {warm[37]:.1f} ms"
    yield f"opened: {len(opened)} files, {sum(sizes[name] for name in opened) / 1000:.1f} kB and the script"
    yield f"a query: median {loaded[20]} B, p95 {loaded[37]} B; with the snippets of the best two {shown[20]} and {shown[37]} B"
    yield f"found: {sum(found[:25])} of 25 as written, {sum(found[25:40])} of 15 mistyped"
    yield f"with a mistake in the second letter: {sum(found[40:])} of 10, shards of {early[5]} B, most {early[-1]} B, in {max(each[0] for each in told[40:]):.0f} ms at most"


def main() -> None:
    for count in map(int, sys.argv[1:] or ("100", "1000")):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name in ("templates", "static"):
                shutil.copytree(ROOT / name, root / name)
            shutil.copy(ROOT / "site.toml", root)
            (root / "site.toml").write_text((root / "site.toml").read_text().replace('"registered"', '"open"'))
            (root / "pages/posts").mkdir(parents=True)
            write_posts(root / "pages/posts", count, random.Random(count))
            app = create_app(root)
            for line in measure(app, count):
                print(line)
            app.extensions["trigpoint"].loader.stop()


if __name__ == "__main__":
    main()
