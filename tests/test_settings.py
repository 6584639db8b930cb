"""Each setting is checked, typed and documented; each mistake names file, line and the likely fix."""

from __future__ import annotations

import json
import os
import re
from dataclasses import MISSING
from pathlib import Path

import pytest

from tests.conftest import ROOT
from trigpoint.settings import KNOWN, NavigationItem, SettingsError, load_settings

LEAST = 'title = "T"\ndescription = "D"\nbase_url = "https://blog.example"\n'


def site(folder: Path, more: str = "", text: str = LEAST) -> Path:
    (folder / "site.toml").write_text(text + more)
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        load_settings(folder)
    return [str(fault) for fault in raised.value.faults]


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("BLOG_")]:
        monkeypatch.delenv(name)


EMPTY = '"title" is "", but readers would see no name there. Write what the blog is called, such as "Field Notes".'


@pytest.mark.parametrize("title", ['""', '" \\t"'])
def test_a_blog_without_a_name_is_an_error(tmp_path: Path, title: str) -> None:
    (fault,) = faults(site(tmp_path, text=LEAST.replace('"T"', title)))
    assert fault.startswith('site.toml:1: "title" is "')
    assert fault.endswith(EMPTY.partition(",")[2])


def test_an_empty_variable_does_not_take_the_name_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOG_TITLE", "")
    assert faults(site(tmp_path)) == [f"BLOG_TITLE: {EMPTY}"]


def test_an_entry_of_the_navigation_without_a_label_is_an_error(tmp_path: Path) -> None:
    (fault,) = faults(site(tmp_path, 'navigation = [{ label = "", path = "/" }]\n'))
    assert fault.endswith("but readers would see no name there.")


def test_what_is_not_written_has_its_default(tmp_path: Path) -> None:
    settings = load_settings(site(tmp_path))
    assert (settings.title, settings.language, settings.posts_per_page) == ("T", "en", 12)
    assert settings.pages_folder == tmp_path / "pages"
    assert settings.output_link == tmp_path / "build"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('titel = "x"', 'site.toml:4: "titel" is not a setting. Did you mean "title"?'),
        ("xyz = 1", 'site.toml:4: "xyz" is not a setting.'),
        ("author = true", 'site.toml:4: "author" is true, but a text in quotes is wanted.'),
        ("author = ['a']", 'site.toml:4: "author" is ["a"], but a text in quotes is wanted.'),
        ("posts_per_page = 0", 'site.toml:4: "posts_per_page" is 0, but a whole number from 1 is wanted.'),
        ("posts_per_page = -1", 'site.toml:4: "posts_per_page" is -1, but a whole number from 1 is wanted.'),
        ("posts_per_page = 1.5", 'site.toml:4: "posts_per_page" is 1.5, but a whole number from 1 is wanted.'),
        ("posts_per_page = true", 'site.toml:4: "posts_per_page" is true, but a whole number from 1 is wanted.'),
        ("words-per-minute = 0", 'site.toml:4: "words_per_minute" is 0, but a whole number from 1 is wanted.'),
        ("jobs = '2'", 'site.toml:4: "jobs" is "2", but a whole number from 0 is wanted. Take the quotes away.'),
        ('tags = "some"', 'site.toml:4: "tags" is "some", but one of "registered", "open" is wanted.'),
        ('front_matter = ["x"]', 'site.toml:4: "front_matter" is ["x"], but one of "strict", "lenient" is wanted.'),
        ("[navigation]", 'site.toml:4: "navigation" is {}, but a list of { label = "…", path = "/…/" } is wanted.'),
        (
            'navigation = [{ label = "x" }]',
            'site.toml:4: "navigation" is [{"label": "x"}], but a list of { label = "…", path = "/…/" } is wanted.',
        ),
        ('pages = ""', 'site.toml:4: "pages" is "", but the name of a folder is wanted, and not the site\'s own.'),
        (
            'pages = "a/.."',
            'site.toml:4: "pages" is "a/..", but the name of a folder is wanted, and not the site\'s own.',
        ),
        (
            'output = "~/x"',
            'site.toml:4: "output" is "~/x", but ~ stands for no folder here: its whole path is wanted.',
        ),
        ('output = "."', 'site.toml:4: "output" is ".", but the name of a folder is wanted, and not the site\'s own.'),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_is_wanted(tmp_path: Path, line: str, fault: str) -> None:
    assert faults(site(tmp_path, line)) == [fault]


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ('output = "pages/out"', "pages"),
        ('output = "templates"', "templates"),
        ('output = "static/x/../y"', "static"),
        ('cache = "pages"', "pages"),
        ('cache = "trigpoint/cache"', "trigpoint"),
        ('cache = "build/cache"', "build"),
        ('cache = ".releases"', ".releases"),
        ('cache = "../.."', "pages"),
        ('pages = "build/pages"', "build"),
        ('pages = ".cache"', ".cache"),
    ],
)
def test_what_is_written_lies_apart_from_what_is_read(tmp_path: Path, line: str, other: str) -> None:
    """A cache in the folder of the pages was read as templates and pictures, and could drop them when it was pruned."""
    (fault,) = faults(site(tmp_path, line))
    assert fault.endswith(f'which overlaps the folder "{other}". Name a folder apart.')


def test_what_is_written_may_lie_elsewhere(tmp_path: Path) -> None:
    assert load_settings(site(tmp_path, f'output = "out/site"\ncache = "{tmp_path.parent}/cache"')).output == "out/site"


@pytest.mark.parametrize("zone", ["Europe/Berlim", "", "../UTC", "Europe", "a" * 5000])
def test_a_zone_that_nobody_knows_is_named(tmp_path: Path, zone: str) -> None:
    (found,) = faults(site(tmp_path, f'time_zone = "{zone}"'))
    assert "but a zone of the IANA database is wanted. Write one such as" in found


@pytest.mark.parametrize(
    "written",
    [
        "blog.example",
        "ftp://blog.example",
        "https://",
        "https://blog.example/?q",
        "https://blog.example/#f",
        "https://blog.example/a%20b",
        "https://blog.example/../a",
        "https://blog.example/größe",
        "https://a b",
        "https://user:word@blog.example",
        "http://[::1",
    ],
)
def test_an_address_that_cannot_be_the_sites_is_named(tmp_path: Path, written: str) -> None:
    (found,) = faults(site(tmp_path, text=LEAST.replace("https://blog.example", written)))
    assert found.startswith(f'site.toml:3: "base_url" is "{written}", but ')


def test_an_address_loses_its_last_slash(tmp_path: Path) -> None:
    settings = load_settings(site(tmp_path, text=LEAST.replace(".example", ".example/")))
    assert settings.absolute("/tags/") == "https://blog.example/tags/"


@pytest.mark.parametrize(
    ("written", "path"),
    [("/blog", "/blog"), ("/blog/", "/blog"), ("/a/b-c.d_e~f/", "/a/b-c.d_e~f"), ("/", ""), ("", "")],
)
def test_an_address_may_have_a_path(tmp_path: Path, written: str, path: str) -> None:
    settings = load_settings(site(tmp_path, text=LEAST.replace(".example", f".example{written}")))
    assert settings.base_path == path
    assert settings.link("/tags/") == f"{path}/tags/"
    assert settings.absolute(settings.link("/tags/")) == f"https://blog.example{path}/tags/"
    assert [settings.link(each) for each in ("#a", "?q", "https://a.example/")] == ["#a", "?q", "https://a.example/"]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("//blog/", "two slashes follow one another in its path"),
        ("/blog//", "two slashes follow one another in its path"),
        ("/blog?a=b", "a query or fragment cannot stand before the addresses of pages"),
        ("/blog/#top", "a query or fragment cannot stand before the addresses of pages"),
        ("/blog?", "a query or fragment cannot stand before the addresses of pages"),
    ],
)
def test_the_cure_of_a_path_is_the_address_without_what_is_wrong(tmp_path: Path, written: str, reason: str) -> None:
    (found,) = faults(site(tmp_path, text=LEAST.replace(".example", f".example{written}")))
    said = f'site.toml:3: "base_url" is "https://blog.example{written}", but {reason}.'
    assert found == f'{said} Write "https://blog.example/blog".'


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    assert len(faults(site(tmp_path, "jobs = -1\nxyz = 1\n"))) == 2


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    assert faults(site(tmp_path, text='title = "T"\ndescription = "D"\n')) == [
        'site.toml: "base_url" is missing. Write `base_url = "…"`.'
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b'title = "T', r"site\.toml:1:9: This is not TOML: a quote is never closed\. Texts stand in quotes, .+"),
        (b'a = "x"\nb = ["T]\n', r"site\.toml:2:6: This is not TOML: a quote is never closed\. .+"),
        (b"a = 1\nb = 'T\n\n", r"site\.toml:2:5: This is not TOML: a quote is never closed\. .+"),
        (b'a = 1\nb = """T\n\nc = 1', r"site\.toml:2:5: This is not TOML: a quote is never closed\. .+"),
        (b"a = 1\na = 2\n", r"site\.toml:2:\d+: This is not TOML: this name has a value already\. .+"),
        (b"jobs = " + b"9" * 5000, r"site\.toml.*: This is not TOML: .+"),
        (b"jobs = " + b"[" * 5000, r"site\.toml.*: This is not TOML: .+"),
        (
            b'jobs = 1\ntitle = "gr\xf6\xdfe"',
            r'site\.toml:2:12: Byte 20 \(0xF6\) is not UTF-8: it looks like Latin-1, where it is "ö"\. Save .+',
        ),
    ],
)
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: bytes, fault: str) -> None:
    (tmp_path / "site.toml").write_bytes(content)
    (found,) = faults(tmp_path)
    assert re.fullmatch(fault, found, re.DOTALL), found


@pytest.mark.parametrize("cache", ["site.toml", "site.toml/x"])
def test_a_cache_in_a_file_is_refused(tmp_path: Path, cache: str) -> None:
    (fault,) = faults(site(tmp_path, f'cache = "{cache}"'))
    assert fault == f'site.toml:4: "cache" is "{cache}", and "site.toml" is a file. Name a folder.'


def test_a_file_that_is_missing_or_a_folder_is_named(tmp_path: Path) -> None:
    assert faults(tmp_path) == ["site.toml: There is no such file. Take the one that the blog came with."]
    (tmp_path / "site.toml").mkdir()
    assert faults(tmp_path) == ["site.toml: This can't be read: Is a directory. Let it be read."]


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert load_settings(site(tmp_path, text="\ufeff" + LEAST)).title == "T"


@pytest.mark.parametrize("written", ["2026", "true", "1.10", "null", '"quoted"', "", "[x]"])
def test_a_text_from_the_environment_is_taken_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("BLOG_AUTHOR", written)
    assert load_settings(site(tmp_path, 'author = "file"\n')).author == written


def test_the_environment_overrides_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOG_POSTS_PER_PAGE", "3")
    monkeypatch.setenv("BLOG_NAVIGATION", '[{"label": "Tags", "path": "/tags/"}]')
    settings = load_settings(site(tmp_path, "posts_per_page = 5\n"))
    assert settings.posts_per_page == 3
    assert settings.navigation == (NavigationItem("Tags", "/tags/"),)


def test_a_mistake_in_the_environment_names_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOG_POSTS_PER_PAGE", "many")
    monkeypatch.setenv("BLOG_TITEL", "x")
    assert faults(site(tmp_path)) == [
        'BLOG_POSTS_PER_PAGE: "posts_per_page" is "many", but a whole number from 1 is wanted.',
        'BLOG_TITEL: "titel" is not a setting. Did you mean "title"?',
    ]


def sections() -> dict[str, str]:
    parts = re.split(r"^## (\w+)\n", (ROOT / "docs/settings.md").read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_setting_is_documented_in_order() -> None:
    assert list(sections()) == list(KNOWN)


STARTS = {"int": "Whole number", "bool": "`true` or `false`", "str": ("Text", '`"'), "AllowedHosts": "Table"}


@pytest.mark.parametrize("name", KNOWN)
def test_the_documentation_of_a_setting_is_true(name: str) -> None:
    known, text = KNOWN[name], sections()[name]
    assert f"`BLOG_{name.upper()}`" in text
    if known.default is MISSING:
        assert ", required." in text
        return
    written = re.search(r"default `([^`]*)`", text)
    assert written
    shown = {
        "int": str,
        "bool": lambda value: str(value).lower(),
        "str": lambda value: f'"{value}"',
        "AllowedHosts": lambda value: "{}",
    }.get(str(known.type), lambda value: json.dumps(list(value)))
    assert written[1] == shown(known.default)
    assert text.strip().startswith(STARTS.get(str(known.type), "List"))


@pytest.mark.parametrize("path", ["javascript:alert(1)", "data:text/html,x", "//far.example/", "tags/", "", "https//x"])
def test_a_link_of_the_navigation_is_a_path_or_a_whole_address(tmp_path: Path, path: str) -> None:
    site(tmp_path, f'navigation = [{{ label = "X", path = "{path}" }}]\n')
    (fault,) = faults(tmp_path)
    assert fault.startswith('site.toml:4: "navigation" is ')
    assert f'"{path}" is neither a path such as /tags/ nor an address' in fault


@pytest.mark.parametrize("path", ["/tags/", "/feed.xml#x", "https://far.example/", "mailto:a@b.example"])
def test_a_good_link_of_the_navigation_is_taken(tmp_path: Path, path: str) -> None:
    assert load_settings(site(tmp_path, f'navigation = [{{ label = "X", path = "{path}" }}]\n')).navigation


def test_a_control_character_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults(site(tmp_path, 'author = "a\\u0001b"\n')) == [
        'site.toml:4: "author" is "a\\u0001b", but it holds a control character, which no page or feed can.'
    ]
    monkeypatch.setenv("BLOG_AUTHOR", "a\udc80b")
    (fault,) = faults(site(tmp_path))
    assert fault.startswith('BLOG_AUTHOR: "author" is "a\\udc80b", but ')
    fault.encode()


def test_the_scheme_and_host_of_the_address_are_small(tmp_path: Path) -> None:
    text = LEAST.replace("https://blog.example", "HTTPS://Blog.Example/")
    assert load_settings(site(tmp_path, text=text)).base_url == "https://blog.example"


@pytest.mark.parametrize("name", ["repository", "edit_url", "changes_url"])
@pytest.mark.parametrize(
    "address", ["javascript:x//{path}", "git.example/{path}", "https:///{path}", "https://[x/{path}"]
)
def test_what_readers_cannot_follow_is_no_link_of_a_page(tmp_path: Path, name: str, address: str) -> None:
    with pytest.raises(SettingsError, match=f'site.toml:4: "{name}" is .* https:// is wanted'):
        load_settings(site(tmp_path, text=f'{LEAST}{name} = "{address}"\n'))


@pytest.mark.parametrize("name", ["edit_url", "changes_url"])
def test_a_link_to_a_file_names_the_place_of_its_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=r"\{path\} is wanted"):
        load_settings(site(tmp_path, text=f'{LEAST}{name} = "https://git.example/{{pth}}"\n'))


@pytest.mark.parametrize("name", ["a b", "https://blog.example", "blog.example/x", "a\\nb", "a,b"])
def test_a_cname_is_the_name_of_a_host(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=r'site\.toml:4: "cname" is '):
        load_settings(site(tmp_path, text=f'{LEAST}cname = "{name}"\n'))
