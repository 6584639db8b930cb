"""Where a text stood, by configurations as public blogs have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigpoint.importing.detection import read_source

PELICAN = "pelicanconf.py"
CASES = {
    "pelican by category": (
        {PELICAN: "ARTICLE_URL = '{category.slug}/{slug}'", "content/news/a.md": "Title: A b\nDate: 2020-01-02\n\nx\n"},
        ["/news/a-b"],
    ),
    "pelican by a field": (
        {PELICAN: "ARTICLE_URL = '{place}/'", "content/a.md": "Title: A\nDate: 2020-01-02\nPlace: here\n\nx\n"},
        ["/here/"],
    ),
    "pelican in another language": (
        {
            PELICAN: "ARTICLE_URL = 'x/{slug}/'\nARTICLE_LANG_URL = '{lang}/{slug}/'",
            "content/a.md": "Title: A\nLang: fr\nDate: 2020-01-02\n\nx\n",
            "content/b.md": "Title: B\nLang: en\nDate: 2020-01-02\n\nx\n",
        },
        ["/fr/a/", "/x/b/"],
    ),
    "pelican in a file of another name": (
        {PELICAN: "ARTICLE_SAVE_AS = 'blog/{slug}.html'", "content/a.md": "Title: A\nDate: 2020-01-02\n\nx\n"},
        ["/a.html", "/blog/a.html"],
    ),
    "pelican's own folders": (
        {
            PELICAN: "ARTICLE_PATHS = ['posts']\nPAGE_DIR = 'fixed'\nPAGE_URL = '{slug}/'",
            "content/posts/a.md": "Title: A\nDate: 2020-01-02\n\nx\n",
            "content/fixed/b.md": "Title: B\n\nx\n",
            "content/README2.md": "no post\n",
        },
        ["/b/", "/a.html"],
    ),
    "nikola without a translation": (
        {
            "conf.py": "TRANSLATIONS = {'en': '', 'es': './es'}\nPOSTS = (('posts/*.md', 'posts', 'post.tmpl'),)",
            "posts/a.md": "---\ntitle: A\ndate: 2020-01-02\n---\nx\n",
            "posts/b.md": "---\ntitle: B\ndate: 2020-01-02\n---\nx\n",
            "posts/b.es.md": "---\ntitle: B\ndate: 2020-01-02\n---\nx\n",
        },
        ["/posts/a/", "/es/posts/a/", "/es/posts/b/", "/posts/b/"],
    ),
}


def old_site(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / "old" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "old" / path).write_text(text)
    return folder / "old"


@pytest.mark.parametrize("case", CASES)
def test_an_old_address_is_known(tmp_path: Path, case: str) -> None:
    files, addresses = CASES[case]
    site, _, _ = read_source(old_site(tmp_path, files), case.split("'")[0].split()[0], tmp_path)
    assert [each for entry in site.entries for each in (entry.address, *entry.aliases)] == addresses


def test_what_pelican_says_of_all_texts_is_said_of_each(tmp_path: Path) -> None:
    """A blog may have all its texts drafts until they say otherwise."""
    files = {PELICAN: "DEFAULT_METADATA = {'status': 'draft'}", "content/a.md": "Title: A\nDate: 2020-01-02\n\nx\n"}
    site, _, _ = read_source(old_site(tmp_path, files), "pelican", tmp_path)
    assert site.entries[0].fields["status"] == "draft"


def test_data_of_eleventy_may_be_a_plain_program_elsewhere(tmp_path: Path) -> None:
    files = {
        "eleventy.config.js": 'export default () => ({ dir: { input: "content", data: "../_data" } });\n',
        "_data/metadata.js": "export default { url: 'https://e.example/', // where\n\tauthor: { name: 'Ann' },\n}\n",
        "_data/other.js": "module.exports = async function () { return {} };\n",
        "content/blog/a.md": "---\ntitle: A\ndate: 2020-01-02\n---\nBy {{ metadata.author.name }}.\n",
    }
    site, _, _ = read_source(old_site(tmp_path, files), "eleventy", tmp_path)
    assert (site.base_url, site.values["metadata.author.name"]) == ("https://e.example", "Ann")


IDS = {
    "pelican": (
        {PELICAN: "SITEURL = 'https://e.example/log'", "content/a.md": "Title: A\nDate: 2020-01-02\n\nx\n"},
        "tag:e.example,2020-01-02:/log/a.html",
    ),
    "nikola": (
        {"conf.py": "SITE_URL = 'https://e.example/log/'", "posts/a.md": "---\ntitle: A\ndate: 2020-01-02\n---\nx\n"},
        "https://e.example/log/posts/a/",
    ),
    "hexo": (
        {
            "_config.yml": "url: https://e.example/log\nroot: /log/\n",
            "source/_posts/a.md": "---\ntitle: A\ndate: 2020-01-02\n---\nx\n",
        },
        "https://e.example/log/2020/01/02/a/",
    ),
    "jekyll": (
        {
            "_config.yml": "url: https://e.example\nbaseurl: /log\n",
            "_posts/2020-01-02-a.md": "---\ntitle: A\npermalink: /own/of-another-name/\n---\nx\n",
        },
        "https://e.example/log/own/a",
    ),
}


@pytest.mark.parametrize("generator", IDS)
def test_an_id_is_the_one_that_readers_of_the_feed_know(tmp_path: Path, generator: str) -> None:
    """As builds of each generator have them."""
    files, known = IDS[generator]
    site, _, _ = read_source(old_site(tmp_path, files), generator, tmp_path)
    assert [entry.id for entry in site.entries] == [known]
