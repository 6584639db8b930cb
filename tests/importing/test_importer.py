"""What an import never does: overwrite an author's change, touch code, run twice for nothing, fall over bad input."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import SiteWith, SmallSite
from tests.importing.test_sites import imported, written
from trigpoint.importing import parallel
from trigpoint.importing.generators import ImportStopped
from trigpoint.importing.reading.entries import Finding
from trigpoint.inventory import FOREIGN_SUFFIXES

CONFIG = {"_config.yml": "url: https://old.example\npermalink: /:year/:title/\n"}


def blog(folder: Path, files: Mapping[str, str]) -> Path:
    for path, text in {**CONFIG, **files}.items():
        (folder / "old" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "old" / path).write_text(text)
    return folder / "old"


def post(body: str = "Text.", **fields: str) -> str:
    return (
        "---\n" + "".join(f"{name}: {value}\n" for name, value in {"title": "A", **fields}.items()) + f"---\n\n{body}\n"
    )


def body_of(small: SmallSite, path: str = "posts/a.md") -> str:
    return (small.pages / path).read_text().split("---\n\n", 1)[1]


def kinds(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.kind for finding in findings}


def translated(site_with: SiteWith, tmp_path: Path, body: str, **files: str) -> str:
    small = site_with(tags="")
    imported(small, blog(tmp_path, {"_posts/2020-01-02-a.md": post(body), **files}))
    return body_of(small)


def test_what_an_author_changed_stays(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    old = blog(tmp_path, {"_posts/2020-01-02-a.md": post("One."), "_posts/2020-01-03-b.md": post("One.")})
    imported(small, old)
    (small.pages / "posts/a.md").write_text("mine")
    blog(tmp_path, {"_posts/2020-01-02-a.md": post("Two."), "_posts/2020-01-03-b.md": post("Two.")})
    again = imported(small, old)
    assert (small.pages / "posts/a.md").read_text() == "mine"
    assert body_of(small, "posts/b.md") == "Two.\n"
    assert again.written == 1
    assert [finding.path for finding in again.findings if finding.kind == "kept"] == ["posts/a.md"]


def test_another_source_neither_overwrites_nor_disowns_pages_of_the_first(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    first = blog(tmp_path / "first", {"about.md": post("First."), "_posts/2020-01-02-a.md": post("One.")})
    second = blog(tmp_path / "second", {"about.md": post("Second."), "_posts/2020-01-03-b.md": post("Two.")})
    imported(small, first)
    found = imported(small, second).findings
    assert body_of(small, "about.md") == "First.\n"
    assert [(each.kind, each.path, each.is_loss) for each in found] == [("kept", "about.md", True)]
    assert "first/old" in found[0].name
    again = imported(small, first)
    assert (again.written, again.findings) == (0, ())
    (first / "about.md").unlink()
    assert [(each.kind, each.path) for each in imported(small, first).findings] == [("no-longer", "about.md")]


def test_a_file_that_was_there_before_is_never_overwritten(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with({"a": "mine"}, tags="")
    outcome = imported(small, blog(tmp_path, {"_posts/2020-01-02-a.md": post()}))
    assert (small.pages / "posts/a.md").read_text() == "mine"
    assert outcome.losses


def test_what_pandoc_and_quarto_write_comes_along(site_with: SiteWith, tmp_path: Path) -> None:
    written = "::: {#a .b}\n```{r, echo=TRUE}\n#| d: e\nx\n```\n:::\n\n"
    written += "| l\n| m\n\n(@n) o\n\n```{=html}\n<p>p {{ q }}</p>\n```"
    assert translated(site_with, tmp_path, written) == ("```r\nx\n```\n\n\nl\\\nm\n\n1. o\n\n\n<p>p {{ q }}</p>\n")


def test_tags_are_text_where_the_header_says_so(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    written = "{% raw %} {{ site.url }}{% include a.html %} `{{ b }}`\n\n```\n{% raw %}\n{{ a }}\n```\n"
    plain = post(written, render_with_liquid="false")
    imported(small, blog(tmp_path, {"_posts/2020-01-02-a.md": plain, "_posts/2020-01-02-b.md": post(written)}))
    assert body_of(small) == written
    assert "site.url" not in body_of(small, "posts/b.md")


def test_of_a_condition_the_branch_stays_that_the_old_site_showed(site_with: SiteWith, tmp_path: Path) -> None:
    config = "url: https://old.example\non: true\noff: false\nlist: [a]\nmap:\n  key: v\n"
    written = (
        "{% if site.on %}A{% else %}a{% endif %}{% unless site.off %}B{% else %}b{% endunless %}"
        "{% if site.list %}C{% else %}c{% endif %}{% if site.map.key == 'w' %}d{% elsif page.title == 'A' %}D"
        "{% endif %}"
        "{% if site.gone %}e{% else %}E{% endif %}{% case site.map.key %}{% when 'x' %}f{% when 'v' %}F{% endcase %}"
        "{% assign n = 'm' %}{% if n == 'm' %}G{% else %}g{% endif %}"
        "{% if site.posts.size > 1 %}H{% else %}h{% endif %}"
        " `{% if x %}y{% endif %}` {{ 1 + 1 }}"
    )
    small = site_with(tags="")
    old = blog(tmp_path, {"_posts/2020-01-02-a.md": post(written), "_config.yml": config})
    outcome = imported(small, old)
    assert body_of(small) == "ABCDEFGH `{% if x %}y{% endif %}` 2\n"
    assert [(each.kind, each.name) for each in outcome.findings if each.is_loss] == [
        ("template-branch", "{% if site.posts.size > 1 %}")
    ]


def test_what_a_text_includes_comes_along(site_with: SiteWith, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("Secret.")
    written = (
        "{% include_relative parts/f.md to='*you*' %}\n\n{% highlight sh %}\n{% include_relative parts/c.sh %}\n"
        "{% endhighlight %}\n\n{% raw %}{% include_relative parts/c.sh %}{% endraw %}"
        "{% include_relative ../../secret.md %}{% include_relative .env %}"
        "\n\n{% include own.html a='1' %}{% include own.html %}"
    )
    files = {
        "_posts/parts/f.md": "---\nx: y\n---\nTo {{ include.to }}\n\n{% include_relative b.md %}",
        "_posts/parts/b.md": "B {% include_relative f.md %}",
        "_posts/parts/c.sh": "ls {{ x }}\n",
        "_posts/.env": "Secret.",
        "_includes/own.html": "<i>{% if include.a %}{{ include.a }}{% else %}no{% endif %}</i>",
    }
    body = translated(site_with, tmp_path, written, **files)
    assert body == (
        "To *you*\n\nB <!-- import: {% include_relative f.md %} -->\n\n```sh\nls {{ x }}\n```\n\n"
        "{% include_relative parts/c.sh %}"
        "<!-- import: {% include_relative ../../secret.md %} --><!-- import: {% include_relative .env %} -->\n\n"
        "<i>1</i><i>no</i>\n"
    )


def test_files_of_hugo_and_pictures_by_a_pattern_come_along(site_with: SiteWith, tmp_path: Path) -> None:
    files = {
        "hugo.toml": "baseURL = 'https://old.example/'",
        "content/posts/a/index.md": post(
            '{{% include "b.txt" %}}\n\n{{< readfile file="/c.md" >}}\n\n{{< gallery match="images/*" >}}\n\n'
            '{{< gallery dir="/d/" />}}\n\n{{< gallery match="none/*" >}}',
            date="2020-01-02",
        ),
        "content/posts/a/b.txt": "*B*",
        "content/c.md": "---\n---\nC",
        **dict.fromkeys(("content/posts/a/images/1.png", "content/posts/a/images/2.jpg", "static/d/e.webp"), "x"),
        "content/posts/a/images/notes.txt": "x",
    }
    small = site_with(tags="")
    imported(small, blog(tmp_path, files), generator="hugo")
    assert body_of(small, "posts/a/index.md") == (
        '*B*\n\nC\n\n![](1.png)\n\n![](2.jpg)\n\n![](e.webp)\n\n<!-- import: {{< gallery match="none/*" &gt;}} -->\n'
    )


def test_what_is_cited_is_named_as_its_bibliography_has_it(site_with: SiteWith, tmp_path: Path) -> None:
    written = "A {% cite one two --locator 7 %}, {% citet three %} and {% cite gone %}."
    sources = (
        '@string{x = "y"}\n@book{one,\n  title = {{T}, 1999},\n  author = {G\\"{o}del, Kurt and Ada {Lovelace}},\n'
        '  year = 2008\n}\n@misc{two, note = {n},\n  author = "A. B and C. D and E. F",\n  date = {2010-01-02}}\n'
        "@misc{three,\n  author = {{\\O}re},\n}\n"
    )
    body = translated(site_with, tmp_path, written, **{"_bibliography/references.bib": sources})
    assert body == "A (Gödel & Lovelace, 2008; B et al., 2010, 7), Øre and (gone).\n"


def test_a_dry_run_writes_nothing(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    outcome = imported(small, blog(tmp_path, {"_posts/2020-01-02-a.md": post(tags="[x]")}), dry_run=True)
    assert (outcome.written, outcome.tags) == (1, 1)
    assert not (small.pages / "posts/a.md").exists()
    assert not (small.root / ".import").exists()
    assert (small.pages / "tags.toml").read_text() == ""


@pytest.mark.parametrize(
    "code",
    [
        "```yaml\n{{ site.url }} {% youtube x %} [a](/2020/b/)\n```",
        "~~~\n{{ site.url }}\n~~~",
        "    {{ site.url }} {% youtube x %}",
        "`{{ site.url }} [a](/2020/b/)`",
        "<pre>{{ site.url }} {% youtube x %}</pre>",
        "- item\n\n  ```\n  {% youtube x %}\n  ```",
    ],
)
def test_nothing_in_code_is_touched(site_with: SiteWith, tmp_path: Path, code: str) -> None:
    assert translated(site_with, tmp_path, f"Before.\n\n{code}\n\nAfter.") == f"Before.\n\n{code}\n\nAfter.\n"


def test_two_posts_of_one_name_both_come_along(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    files = {"_posts/2020-01-02-a.md": post("One."), "_posts/2021-01-02-a.md": post("Two. [one](/2020/a/)")}
    imported(small, blog(tmp_path, files))
    assert {each.slug for each in small.library.posts} == {"a", "a-2"}
    assert body_of(small, "posts/a-2.md") == "Two. [one](a.md)\n"


def test_an_address_that_two_want_is_reported(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    files = {f"_posts/2020-01-0{n}-{n}.md": post(permalink="/same/") for n in (1, 2)}
    outcome = imported(small, blog(tmp_path, files))
    assert "alias-taken" in kinds(outcome.findings)
    assert small.faults() == []


def test_a_sites_own_mapping_comes_first(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    (small.root / "import.toml").write_text(
        '[shortcodes]\nfoo = "**{0}** {inner}({id})"\nyoutube = ""\n[values]\n"site.x" = "y"\n[tags]\nold = "New"\n'
    )
    body = '{% foo "a" id=3 %}in{% endfoo %} {{ site.x }}{% youtube q %}'
    outcome = imported(small, blog(tmp_path, {"_posts/2020-01-02-a.md": post(body, tags="[old]")}))
    assert body_of(small) == "**a** in(3) y\n"
    assert [tag.name for tag in small.library.posts[0].tags] == ["New"]
    assert not outcome.losses


def test_a_mistake_in_the_mapping_is_named(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    (small.root / "import.toml").write_text("[shortcode]\n")
    with pytest.raises(ImportStopped, match='Did you mean "shortcodes"'):
        imported(small, blog(tmp_path, {"_posts/2020-01-02-a.md": post()}))


def test_a_link_names_a_post_by_its_folder_where_two_are_called_alike(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    both = {f"source/_posts/{each}/b.md": post(title=each, date="2020-01-02") for each in ("x", "y")}
    text = post("{% post_link x/b %} {% post_link y/b %}", date="2020-01-02")
    imported(small, blog(tmp_path, {"source/_posts/c/a.md": text, **both}), generator="hexo")
    assert body_of(small) == "[x](b.md) [y](b-2.md)\n"


def test_an_unknown_tag_is_a_comment_and_a_loss(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    outcome = imported(small, blog(tmp_path, {"_posts/2020-01-02-a.md": post("A {% zork --> 1 %} b.")}))
    assert body_of(small) == "A <!-- import: {% zork - -&gt; 1 %} --> b.\n"
    assert [(finding.kind, finding.name) for finding in outcome.findings if finding.is_loss] == [("shortcode", "zork")]
    assert "zork" not in small.text("/posts/a/")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[b](/2020/b/)", "[b](b.md)"),
        ("[b](https://old.example/2020/b/#x)", "[b](b.md)"),
        ("[b](/2020/b)", "[b](b.md)"),
        ("[b]\n\n[b]: {{ site.url }}/2020/b/", "[b]\n\n[b]: b.md"),
        ('<a href="/2020/b/">b</a>', '<a href="b.md">b</a>'),
        ("[b]({% post_url 2020-01-03-b %})", "[b](b.md)"),
        ("[b](2020-01-03-b.md)", "[b](b.md)"),
        ("[[b]]", "[b](b.md)"),
        ("[feed](/feed.xml)", "[feed](/feed.xml)"),
        ("[gone](/gone/)", "[gone](https://old.example/gone/)"),
        ("[out](https://e.org/x)", "[out](https://e.org/x)"),
        ("*[HTML]: Hyper Text", "*[HTML]: Hyper Text"),
        ("> a[^1]\n>\n> [^1]: note", "> a[^1]\n>\n> [^1]: note"),
        ("* [b]\n\n* [b]: /2020/b/", "* [b]\n\n* [b]: b.md"),
    ],
)
def test_links_lead_to_files(site_with: SiteWith, tmp_path: Path, written: str, expected: str) -> None:
    assert translated(site_with, tmp_path, written, **{"_posts/2020-01-03-b.md": post()}) == f"{expected}\n"


PICTURED = "https://old.example/2020/a/a.png"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("$a^2+b^2$ and $x == y == z$", "$a^2+b^2$ and $x == y == z$"),
        (
            '<div class="c">\n  {% include figure.liquid path="a.png" %}\n</div>',
            f'<div class="c">\n  <img src="{PICTURED}" alt="">\n</div>',
        ),
        (
            '<p><iframe src="https://www.youtube.com/embed/x"></iframe></p>',
            '<p><a href="https://www.youtube.com/watch?v=x">Video on YouTube</a></p>',
        ),
        ('<iframe src="https://vimeo.com/1"></iframe>', "[Embedded page](https://vimeo.com/1)"),
        (
            "<div>\n{% highlight c %}\na < b\n{% endhighlight %}\n</div>",
            '<div>\n<pre>\n<code class="language-c">a &lt; b\n</code></pre>\n</div>',
        ),
        ("{% codeblock A.map http://e.org %}\nx\n{% endcodeblock %}", '``` title="A.map"\nx\n```'),
        ("{% tabs a %}\n{% tab a js %}\nx\n{% endtab %}\n{% endtabs %}", "**js**\n\nx"),
        ('{% own title="T" %}\nx\n{% endown %} {% own src="a.png" %}', f"**T**\n\nx\n\n ![]({PICTURED})"),
        ("[a]({% own %}/b)", "[a](https://old.example/b)"),
        ("{% post_link none 'A b' %} {% cite x %}", "A b (x) <!-- import: {% post_link none 'A b' %} -->"),
        ("In {{ 'now' | date: '%Y' }}.", "In <!-- import: {{ 'now' | date: '%Y' }} -->."),
        ('{% picture thumb /a.png alt="b" %}', "![b](https://old.example/a.png)"),
        ("- {% own %} a *b*", "- a *b* <!-- import: {% own %} -->"),
        ("> {% own %}{% too %} `a`  \n> b", "> `a` <!-- import: {% own %} --><!-- import: {% too %} -->  \n> b"),
        ("{% own %}\na", "<!-- import: {% own %} -->\na"),
        ("a.<d-footnote>b c</d-footnote>", "a.[^in-line-1]\n\n\n[^in-line-1]: b c"),
    ],
)
def test_a_tag_becomes_what_its_place_wants(site_with: SiteWith, tmp_path: Path, written: str, expected: str) -> None:
    assert translated(site_with, tmp_path, written).rstrip("\n") == expected


def test_a_post_in_html_comes_along_as_html(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    text = post('<p>*a* <a href="/2020/b/">b</a></p>\n\n    <p>c</p>', tags="x")
    imported(small, blog(tmp_path, {"_posts/2020-01-02-a.html": text, "_posts/2020-01-03-b.md": post()}))
    assert body_of(small) == '<div><p>*a* <a href="b.md">b</a></p>\n<!-- -->\n    <p>c</p></div>\n'
    assert "<p>*a* <a" in small.text("/posts/a/")


def test_a_page_in_html_is_a_template(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    outcome = imported(small, blog(tmp_path, {"index.html": post("x"), "_posts/2020-01-03-b.md": post()}))
    assert (outcome.posts, outcome.pages) == (1, 0)


def test_files_of_one_name_are_told_apart(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    files = {
        "_posts/2020-01-02-a.md": post("![a](/a/x.svg) ![b](/b/x.svg) ![a](/a/x.svg)"),
        "a/x.svg": "A",
        "b/x.svg": "B",
    }
    imported(small, blog(tmp_path, files))
    assert body_of(small, "posts/a/index.md") == "![a](x.svg) ![b](x-2.svg) ![a](x.svg)\n"
    assert ((small.pages / "posts/a/x.svg").read_text(), (small.pages / "posts/a/x-2.svg").read_text()) == ("A", "B")


def test_a_reference_out_of_the_folder_brings_nothing(site_with: SiteWith, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_text("secret")
    small = site_with(tags="")
    imported(small, blog(tmp_path, {"_posts/2020-01-02-a.md": post("![x](../../secret.png) ![y](/../secret.png)")}))
    assert list(small.pages.rglob("*.png")) == []


def test_spellings_of_a_tag_become_the_more_frequent_one(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with()  # Its registry has Go, with the alias golang.
    tags = ("[iOS, golang]", "[iOS]", "[ios, GO]")
    imported(small, blog(tmp_path, {f"_posts/2020-01-0{n}-{n}.md": post(tags=tag) for n, tag in enumerate(tags, 1)}))
    assert {tag.name for each in small.library.posts for tag in each.tags} == {"iOS", "Go"}
    assert small.faults() == []
    assert (small.pages / "tags.toml").read_text().count("[ios]") == 1


def test_merging_makes_one_of_plurals(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    files = {"_posts/2020-01-02-a.md": post(tags="[test]"), "_posts/2020-01-03-b.md": post(tags="[Tests]")}
    imported(small, blog(tmp_path, files), merge_tags=True)
    assert len({tag.slug for each in small.library.posts for tag in each.tags}) == 1


def test_parts_of_a_series_are_numbered_by_their_dates(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    imported(small, blog(tmp_path, {f"_posts/2020-01-0{n}-{n}.md": post(series="S") for n in (3, 1, 2)}))
    assert {each.slug: each.part.number for each in small.library.posts if each.part} == {"1": 1, "2": 2, "3": 3}


def test_many_texts_are_translated_by_several_processes(
    site_with: SiteWith, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "ALONE", 2)
    small = site_with(tags="")
    files = {f"_posts/2020-01-{n:02}-p{n}.md": post(f"{n} [next](/2020/p{n % 28 + 1}/#top)") for n in range(1, 29)}
    outcome = imported(small, blog(tmp_path, files), jobs=2)
    assert (outcome.written, outcome.losses) == (28, 0)
    assert body_of(small, "posts/p28.md") == "28 [next](p1.md#top)\n"


def test_an_unreadable_text_costs_itself_alone(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    old = blog(tmp_path, {"_posts/2020-01-02-a.md": post()})
    (old / "_posts/2020-01-03-b.md").write_bytes(b"---\n\0\0\0")
    outcome = imported(small, old)
    assert [finding.path for finding in outcome.findings if finding.kind == "unreadable"] == ["_posts/2020-01-03-b.md"]
    assert (small.pages / "posts/a.md").exists()


def test_a_source_within_the_pages_is_refused(site_with: SiteWith) -> None:
    small = site_with({"a": "x"})
    for source in (small.pages, small.pages / "posts", small.root):
        with pytest.raises(ImportStopped, match="lie in each other"):
            imported(small, source)


def test_a_folder_without_texts_is_said_in_a_sentence(site_with: SiteWith, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ImportStopped, match="holds no text"):
        imported(site_with(), tmp_path / "empty")


def test_a_folder_of_texts_in_another_language_says_what_to_do(site_with: SiteWith, tmp_path: Path) -> None:
    (tmp_path / "old/posts").mkdir(parents=True)
    (tmp_path / "old/conf.py").write_text('POSTS = (("posts/*.rst", "posts", "post.tmpl"),)\n')
    (tmp_path / "old/posts/a.rst").write_text(".. title: A\n\nText.\n")
    with pytest.raises(ImportStopped, match=r"It has texts in \.rst: convert them"):
        imported(site_with(), tmp_path / "old")


def test_links_to_headings_get_the_ids_that_these_have(site_with: SiteWith, tmp_path: Path) -> None:
    found = translated(site_with, tmp_path, "## 1. Über uns\n\n[a](#uber-uns) [b](#1-uber-uns) [c](#none)")
    assert found.endswith("[a](#1-%C3%BCber-uns) [b](#1-%C3%BCber-uns) c<!-- import: #none -->\n")


def test_a_translation_of_nikola_has_the_fields_of_its_post(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    meta = ".. title: {}\n.. date: {}\n"
    files = {
        "conf.py": 'POSTS = (("posts/*.md", "posts", "post.tmpl"),)\nTRANSLATIONS = {"en": "", "fr": "./fr"}\n',
        **dict.fromkeys(("posts/a.md", "posts/a.fr.md", "posts/b.md", "posts/b.fr.md", "posts/c.de.md"), "Text.\n"),
        "posts/a.meta": meta.format("A", "2020-01-02"),
        "posts/b.meta": meta.format("B", "2020-01-03"),
        "posts/b.fr.meta": meta.format("B en français", ""),
        "posts/c.meta": meta.format("Of another text", "2020-01-04"),
    }
    imported(small, blog(tmp_path, files))
    headers = [text for path, text in written(small) if path.startswith("posts/")]
    found = sorted(
        (text.split("title: ")[1].split("\n")[0], "lang: fr" in text, "date: 2020" in text) for text in headers
    )
    assert found == [
        ("A", False, True),
        ("A", True, True),
        ("B", False, True),
        ("B en français", True, True),
        ("C de", False, False),
    ]


@pytest.mark.parametrize("suffix", FOREIGN_SUFFIXES)
def test_a_link_to_a_text_leads_to_its_post_whatever_its_suffix(
    site_with: SiteWith, tmp_path: Path, suffix: str
) -> None:
    small = site_with(tags="")
    texts = {
        f"_posts/2020-01-02-b{suffix}": post("Text."),
        "_posts/2020-01-02-a.md": post(f"[b](/_posts/2020-01-02-b{suffix})"),
    }
    imported(small, blog(tmp_path, texts))
    assert body_of(small) == "[b](b.md)\n"


def test_a_link_to_a_draft_is_text_so_that_the_site_can_be_published(site_with: SiteWith, tmp_path: Path) -> None:
    links = '[a draft](/2020/b/) and <a href="/2020/b/">again</a>, [[b]], [later][x]\n\n[x]: /2150/c/'
    drafts = {"_posts/2020-01-03-b.md": post(draft="true"), "_posts/2150-01-01-c.md": post(date="2150-01-01")}
    assert translated(site_with, tmp_path, links, **drafts) == (
        'a draft and <a href="#">again</a>, b, [later][x] <!-- import: /2020/b/ -->\n\n[x]: #\n'
    )


def test_a_draft_may_link_to_a_draft(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    links = post("[b](/2020/b/)", draft="true")
    imported(small, blog(tmp_path, {"_posts/2020-01-02-a.md": links, "_posts/2020-01-03-b.md": post(draft="true")}))
    assert body_of(small) == "[b](b.md)\n"


def test_a_file_that_is_gone_leads_to_where_it_was_on_the_old_site(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    old = tmp_path / "old"
    (old / "docs/guide").mkdir(parents=True)
    (old / "mkdocs.yml").write_text("site_url: https://old.example/\nplugins: [blog]\n")
    (old / "docs/guide/a.md").write_text("[gone](../b/gone.md#x) [the blog](../blog/index.md)\n")
    imported(small, old)
    assert body_of(small, "guide/a.md") == "[gone](https://old.example/b/gone/#x) [the blog](/)\n"


KNITTED = {
    "_quarto.yml": "project:\n  type: website\n",
    "posts/a.Rmd": post("```{r}\n1 + 1\n```", date="2020-01-02"),
    "posts/a.md": post("```r\n1 + 1\n#> 2\n```", date="2020-01-02"),
    "posts/b.qmd": post("```{r}\n#| echo: false\nplot(1)\n```\n\n![A cap](c.png)", date="2020-01-02"),
}


def test_what_quarto_ran_is_read_and_what_it_printed_is_a_loss(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    source_of(tmp_path, KNITTED)
    (tmp_path / "old/posts/c.png").write_bytes(b"x")
    outcome = imported(small, tmp_path / "old")
    assert body_of(small) == "```r\n1 + 1\n#> 2\n```\n"
    assert body_of(small, "posts/b/index.md").strip() == '![A cap](c.png "A cap")'
    assert sorted(path.name for path in (small.pages / "posts").iterdir()) == ["a.md", "b"]
    assert [each.path for each in outcome.findings if each.kind == "output"] == ["posts/b.qmd"]


def test_pictures_that_a_tag_names_by_a_pattern_come_along(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    files = {
        "hugo.toml": 'baseURL = "https://old.example/"\n',
        "content/posts/a/index.md": post('{{< carousel images="img/*" interval="2000" >}}', date="2020-01-02"),
        "content/posts/a/img/1.png": "",
        "content/posts/a/img/2.jpg": "",
        "content/posts/a/img/3.txt": "",
    }
    imported(small, source_of(tmp_path, files))
    assert body_of(small, "posts/a/index.md") == "![](1.png)\n\n![](2.jpg)\n"


def test_pictures_are_found_by_their_paths_below_the_source(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    paths = ("/static/a.png", "../../static/a.png", "static/a.png", "content/posts/b.png", "posts/b.png", "/a.png")
    files = {
        "hugo.toml": 'baseURL = "https://old.example/"\n',
        "content/posts/a.md": post(" ".join(f"![]({path})" for path in paths), date="2020-01-02"),
        "content/posts/b.png": "",
        "static/a.png": "",
    }
    imported(small, source_of(tmp_path, files))
    shown = ["a.png"] * 3 + ["b.png"] * 2 + ["a.png"]
    assert body_of(small, "posts/a/index.md") == " ".join(f"![]({path})" for path in shown) + "\n"


def source_of(folder: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        (folder / "old" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "old" / path).write_text(text)
    return folder / "old"


def test_what_lies_in_the_folder_of_a_page_of_hugo_is_no_post(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    text = post(date="2020-01-02")
    paths = ("posts/a/index.md", "posts/a/notes.md", "posts/a/index.fr.md", "posts/b.md")
    source = source_of(tmp_path, {"hugo.toml": "", **{f"content/{path}": text for path in paths}})
    outcome = imported(small, source)
    assert sorted(path.name for path in (small.pages / "posts").iterdir()) == ["a-fr.md", "a.md", "b.md"]
    assert [each.path for each in outcome.findings if each.kind == "not-published"] == ["content/posts/a/notes.md"]


def test_a_template_of_eleventy_with_a_header_is_a_post_but_for_lists(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    files = {
        ".eleventy.js": "",
        "posts/posts.json": '{"tags": "posts"}',
        "posts/a.njk": post("<p>Of <b>{{ title }}</b></p>", date="2020-01-02"),
        "posts/b.md": post('{% figure "https://e.org/b.png", "In words", "Below it" %}', date="2020-01-02"),
        "posts/list.njk": "---\npagination:\n  data: x\n---\nb\n",
        "_includes/post.njk": "---\nx: y\n---\nc\n",
    }
    imported(small, source_of(tmp_path, files))
    assert sorted(path.name for path in (small.pages / "posts").iterdir()) == ["a.md", "b.md"]
    assert body_of(small) == "<div><p>Of <b>A</b></p></div>\n"
    assert body_of(small, "posts/b.md") == '![In words](https://e.org/b.png "Below it")\n'


def test_a_component_of_an_unknown_name_shows_what_it_says(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    text = '<LinkCard title="A" href="https://e.org" description="B" />\n\n<Own b="c" />'
    outcome = imported(small, source_of(tmp_path, {"posts/a.mdx": post(text, date="2020-01-02")}))
    assert body_of(small) == '[A](https://e.org): B\n\n<!-- import: <Own b="c"&gt; -->\n'
    assert [each.name for each in outcome.findings if each.kind == "component" and each.is_loss] == ["Own"]


def test_files_that_mkdocs_includes_come_along_but_no_hidden_ones(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    text = '--8<-- "part.md"\n\n```py\n--8<-- "a.py"\n```\n\n--8<-- ".env"\n\n--8<-- "../../out.md"\n\n--8<-- "no.md"'
    files = {
        "mkdocs.yml": "plugins:\n  - blog\n",
        "docs/blog/posts/a.md": post(text, date="2020-01-02"),
        "docs/part.md": "Some *words*.\n",
        "a.py": "print(1)\n",
        ".env": "SECRET=1\n",
        "../out.md": "not of it\n",
    }
    outcome = imported(small, source_of(tmp_path, files))
    assert body_of(small).rstrip() == "Some *words*.\n\n```py\nprint(1)\n```"
    assert {each.name for each in outcome.findings if each.kind == "dead-reference"} == {
        ".env",
        "../../out.md",
        "no.md",
    }


def test_posts_of_jekyll_are_those_that_it_names_so(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    names = ("16-5-3-short.md", "2020-1-2-a.md", "TODO 2020-01-02.md", "notes.md")
    outcome = imported(small, blog(tmp_path, {f"_posts/{name}": post() for name in names}))
    left_out = sorted(finding.path for finding in outcome.findings if finding.kind == "not-published")
    assert sorted(path for path, _ in written(small)) == ["posts/a.md", "posts/short.md", "tags.toml"]
    assert "date: 2016-05-03\n" in (small.pages / "posts/short.md").read_text()
    assert left_out == ["_posts/TODO 2020-01-02.md", "_posts/notes.md"]


def test_an_address_of_which_a_part_is_not_known_is_none(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    imported(small, blog(tmp_path, {"_posts/0000-01-02-a.md": post()}))
    assert all(":year" not in text for _, text in written(small))


def test_braces_are_no_tags_where_a_header_says_so(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    body = "Of {{ x }} and {% include a.html %}."
    outcome = imported(small, blog(tmp_path, {"_posts/2020-01-02-a.md": post(body, render_with_liquid="false")}))
    assert body_of(small) == f"{body}\n"
    assert not kinds(outcome.findings) & {"shortcode", "template-value"}


def test_a_citation_is_counted(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    outcome = imported(small, blog(tmp_path, {"_posts/2020-01-02-a.md": post("As {% cite li2010 %} says.")}))
    assert body_of(small) == "As (li2010) says.\n"
    assert "citation" in kinds(outcome.findings) and outcome.losses


def test_diagrams_that_are_not_drawn_are_counted(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    body = "\n\n".join(f"```mermaid\n{kind}\n  a\n```" for kind in ("gantt", "flowchart LR", "pie", "gantt"))
    found = imported(small, blog(tmp_path, {"_posts/2020-01-02-a.md": post(body)})).findings
    assert [(each.kind, each.name) for each in found] == [("diagram-kind", kind) for kind in ("gantt", "pie", "gantt")]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('See {{< relref "b.md" >}}, too.', "See [The *B*](b.md), too."),
        ('See {{< ref "b.md#part" >}}.', "See [The *B*](b.md#part)."),
        ('[{{< relref "b.md" >}}]({{< relref "b.md" >}})', "[The *B*](b.md)"),
        ('[x]({{< relref "b.md" >}}) <a href="{{< relref "b.md" >}}">y</a>', '[x](b.md) <a href="b.md">y</a>'),
        ('<div data-to="{{< relref "b.md" >}}">z</div>', '<div data-to="b.md">z</div>'),
        ('[x]\n\n[x]: {{< relref "b.md" >}}', "[x]\n\n[x]: b.md"),
        ('See {{< relref "draft.md" >}}.', "See D."),
    ],
)
def test_an_address_in_a_sentence_is_a_link_with_a_title(
    site_with: SiteWith, tmp_path: Path, written: str, expected: str
) -> None:
    small = site_with(tags="")
    old = tmp_path / "hugo"
    for path, text in {
        "hugo.toml": 'baseURL = "https://old.example/"\n',
        "content/posts/a.md": post(written, date="2020-01-02"),
        "content/posts/b.md": post("## Part", title='"The *B*"', date="2020-01-02"),
        "content/posts/draft.md": post(title="D", draft="true", date="2020-01-02"),
    }.items():
        (old / path).parent.mkdir(parents=True, exist_ok=True)
        (old / path).write_text(text)
    imported(small, old)
    assert body_of(small) == f"{expected}\n"
