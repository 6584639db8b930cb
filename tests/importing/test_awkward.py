"""The awkward posts that a lenient site reads, imported: what is written lies in `awkward/`, and has no error.

`NEW_GOLDEN=1` writes down what came out; a person reads the difference.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from trigpoint.content.pages import Rules
from trigpoint.content.read_page import read_page
from trigpoint.importing.importer import ImportOptions, run
from trigpoint.markup.render import render

HERE = Path(__file__).parent
POSTS = HERE.parent / "markup/foreign/golden"
SITES = {
    "kramdown": ("jekyll", "_posts/2020-01-02-a.md", "_config.yml", "title: x\n"),
    "hugo": ("hugo", "content/posts/a.md", "hugo.toml", 'baseURL = "https://x.example/"\n'),
    "zola": ("zola", "content/a.md", "config.toml", 'base_url = "https://x.example"\n'),
    "pelican": ("pelican", "content/a.md", "pelicanconf.py", "PATH = 'content'\n"),
    "mkdocs": ("mkdocs", "docs/blog/posts/a.md", "mkdocs.yml", "site_name: x\nplugins: [blog]\n"),
    "hexo": ("hexo", "source/_posts/a.md", "_config.yml", "title: x\n"),
    "docusaurus": ("plain", "blog/2020-01-02-a.mdx", "x.txt", ""),
    "obsidian": ("plain", "posts/2020-01-02-a.md", "x.txt", ""),
    "eleventy": ("eleventy", "src/blog/a.md", "eleventy.config.js", "export default (c) => ({dir: {input: 'src'}});\n"),
    "loose": ("jekyll", "_posts/2020-01-02-a.md", "_config.yml", "title: x\n"),
}


@pytest.mark.parametrize("name", SITES)
def test_an_awkward_post_is_written_in_our_markdown(tmp_path: Path, name: str) -> None:
    generator, path, config, setting = SITES[name]
    for file, text in {config: setting, path: (POSTS / f"{name}.md").read_text()}.items():
        (tmp_path / "old" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "old" / file).write_text(text)
    pages = tmp_path / "site/pages"
    options = ImportOptions(source=tmp_path / "old", root=tmp_path / "site", pages=pages, generator=generator)
    run(options, lambda things, count, label: iter(things), dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    (written,) = pages.rglob("*.md")
    expected = HERE / "awkward" / f"{name}.md"
    if os.environ.get("NEW_GOLDEN"):
        expected.parent.mkdir(exist_ok=True)
        expected.write_bytes(written.read_bytes())
    assert written.read_text() == expected.read_text()
    page, faults = read_page("posts/a.md", written.read_bytes(), Rules(dt.UTC, tags_open=True))
    assert page and page.source.body is not None
    document = render(page.source.body, path="a.md", first_line=1, title=page.title, beside=lambda name: None)
    assert [fault for fault in (*faults, *document.faults) if not fault.warning] == []
