"""What exports of public WordPress blogs hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import SiteWith
from tests.importing.test_importer import body_of, kinds
from tests.importing.test_sites import imported
from trigpoint.importing.importer import Outcome

SAMPLE = (Path(__file__).parent / "sites/eleventy/public/logo.png").read_bytes()
ITEM = """<item><title>{name}</title><link>https://old.example/news/2020/{name}/</link>
<content:encoded><![CDATA[{body}]]></content:encoded><wp:post_id>{key}</wp:post_id><wp:post_name>{name}</wp:post_name>
<wp:post_date>2020-01-02 03:04:05</wp:post_date><wp:status>publish</wp:status><wp:post_type>{kind}</wp:post_type>
</item>"""
EXPORT = """<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><wp:base_blog_url>https://old.example/news</wp:base_blog_url>{items}</channel></rss>"""
HOST = "https://old.example/news"
PICTURE = "wp-content/uploads/2020/01/p.png"
POSTS = [
    (f'<a href="{HOST}/?p=2">b</a>', "[b](b.md)"),
    (f'<img src="{HOST}/{PICTURE[:-4]}-300x200.png" alt="p">', "![p](p.png)"),
    (f'<img src="https://i0.wp.com/old.example/news/{PICTURE}?resize=300%2C200" alt="p">', "![p](p.png)"),
    ("[youtube https://www.youtube.com/watch?v=x]", "<https://www.youtube.com/watch?v=x>"),
    ("[youtube=https://www.youtube.com/watch?v=x]", "<https://www.youtube.com/watch?v=x>"),
    ('[audio mp3="https://a.example/a.mp3"][/audio]', "<https://a.example/a.mp3>"),
    ("[embed]https://a.example/a[/embed]", "<https://a.example/a>"),
    (
        '<!-- wp:syntaxhighlighter/code {"language":"python","a":{"b":1}} -->\n'
        '<pre class="wp-block-syntaxhighlighter-code">'
        "x\ny</pre>\n<!-- /wp:syntaxhighlighter/code -->",
        "```python\nx\ny\n```",
    ),
    (f'<img src="{HOST}/gone.png" alt="g">', f"![g]({HOST}/gone.png)"),
]


def blog(site_with: SiteWith, folder: Path, body: str) -> tuple[str, Outcome]:
    """The first post as it was written, and what the import did."""
    items = [("a", 1, body, "post"), ("b", 2, "<p>B</p>", "post"), ("c", 3, "<p>C</p>", "page")]
    written = "".join(ITEM.format(name=name, key=key, body=text, kind=kind) for name, key, text, kind in items)
    (folder / "uploads/2020/01").mkdir(parents=True)
    (folder / "uploads/2020/01/p.png").write_bytes(SAMPLE)
    (folder / "export.xml").write_text(EXPORT.format(items=written))
    small = site_with(tags="")
    outcome = imported(small, folder / "export.xml")
    assert (small.pages / "2020/c.md").is_file()  # Without the path below which the old site stood.
    return body_of(small, "posts/a/index.md" if (small.pages / "posts/a").is_dir() else "posts/a.md").strip(), outcome


@pytest.mark.parametrize(("html", "expected"), POSTS)
def test_a_post_comes_as_its_blog_showed_it(site_with: SiteWith, tmp_path: Path, html: str, expected: str) -> None:
    body, outcome = blog(site_with, tmp_path / "old", html)
    assert body == expected
    assert not kinds(outcome.findings) & {"remote-picture", "shortcode"}
