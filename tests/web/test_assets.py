"""Assets are known by their bytes, and nothing outside of static/ is one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT, SiteWith, no_descriptors, post_text
from trigpoint.file_reading import UnsettledError
from trigpoint.notes import recording
from trigpoint.theme import single
from trigpoint.web.assets import MODULES, STYLESHEETS, Asset, Assets, scoped, shortened, uncommented


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    static = tmp_path / "static"
    for name in ("css", "js", "fonts", "images"):
        (static / name).mkdir(parents=True)
    for part in STYLESHEETS:
        (static / f"css/{part}.css").write_text(f"/* a part */\n.{part} {{ color: red; }}\n")
    for part in MODULES:
        (static / f"js/{part}.js").write_text(f'// A part.\nconst name = "{part}";\n')
    (static / "js/a.js").write_text("1")
    (static / "robots.png").write_bytes(b"2")
    (tmp_path / "secret.txt").write_text("secret")
    return static


def there(assets: Assets, name: str) -> Asset:
    found = assets.asset(name)
    assert found
    return found


def test_the_stylesheet_is_one_in_the_order_of_reading(folder: Path) -> None:
    text = there(Assets(lambda: single(folder)), "css/site.css").content.decode()
    assert text == "".join(f".{part}{{color: red}}" for part in STYLESHEETS)
    assert Assets(lambda: single(folder)).asset("css/base.css") is None


def test_comments_of_scripts_are_not_sent(folder: Path) -> None:
    (folder / "js/b.js").write_text('// Why.\nf("//a");\n  // How.\n  g(); // now\n')
    assert there(Assets(lambda: single(folder)), "js/b.js").content == b'f("//a");\ng(); // now\n'


def test_what_looks_like_a_comment_in_a_template_is_sent(folder: Path) -> None:
    written = b"f(`\n// a \\` b\n`);"
    (folder / "js/b.js").write_bytes(b"// Of `this`.\n" + written)
    assert there(Assets(lambda: single(folder)), "js/b.js").content == written


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("let a = 1, b = [2 ];", "let a=1,b=[2 ];"),
        ("a - -b + +c++ + d;", "a - -b + +c++ + d;"),
        ("a += b / 2 - c;", "a+=b/2-c;"),
        ('f(" a = b ", `c = ${d + 1} `);', 'f(" a = b ",`c = ${d + 1} `);'),
        ("f = a.split(/ = [ /]/gu) / 2;", "f=a.split(/ = [ /]/gu)/ 2;"),
        ('return "a" || / "/;', 'return"a"||/ "/;'),
        ("if (a) {\n  b();\n  // Why.\n\n  c();\n}\nd();", "if(a){b();\nc();}\nd();"),
    ],
)
def test_scripts_are_sent_without_white_space_that_means_nothing(written: str, sent: str) -> None:
    assert uncommented(written.encode()).decode() == sent


def test_nothing_but_comments_and_white_space_is_cut_from_our_scripts() -> None:
    for path in (ROOT / "static/js").glob("*.js"):
        script = re.sub(rb"(?m)^\s*//.*\n", b"", path.read_bytes())
        assert b"".join(uncommented(script).split()) == b"".join(script.split()), path


def test_the_modules_are_one_each_in_a_scope_of_its_own(folder: Path) -> None:
    text = there(Assets(lambda: single(folder)), "js/site.js").content.decode()
    assert text == "".join(f'{{\nconst name="{part}";\n}}\n' for part in MODULES)
    assert Assets(lambda: single(folder)).asset("js/code.js") is None
    assert scoped("f();") == "{\nf();\n}\n"


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("a  { color : red ; ; }\n\n", "a{color : red;}"),
        ("a { b: c; /* d */ }", "a{b: c}"),
        ("/* a */ b /* c */ d > e { }", "b d > e{}"),
        ("a { margin: 1px/* x */2px; }", "a{margin: 1px 2px}"),
        ("a { b: calc(1rem + 2vw) }", "a{b: calc(1rem + 2vw)}"),
        (".a :hover, .a:hover {}", ".a :hover,.a:hover{}"),
        ('a::after { content: " /* no { comment ;} */ "; }', 'a::after{content: " /* no { comment ;} */ "}'),
        ("a { content: '\\' ; }' }", "a{content: '\\' ; }'}"),
        ("a { b: url(data:x,/*;  */y) ; c: d }", "a{b: url(data:x,/*;  */y);c: d}"),
        ("@media (width >= 48rem) { a { b: c } }", "@media (width >= 48rem){a{b: c}}"),
        ("a { b: c } /* open", "a{b: c}/* open"),
    ],
)
def test_a_stylesheet_is_sent_shorter_and_means_the_same(written: str, sent: str) -> None:
    assert shortened(written) == sent


def test_comments_that_nearly_end_take_no_time() -> None:
    assert shortened("/*" + "*/ /*" * 20_000).endswith("/*")


def test_a_name_with_the_digest_is_for_good_and_one_without_is_not(folder: Path) -> None:
    assets = Assets(lambda: single(folder))
    name = there(assets, "js/a.js").address_name
    assert assets.requested(name) == (there(assets, "js/a.js"), True)
    assert assets.requested("js/a.js") == (there(assets, "js/a.js"), False)
    assert assets.requested("js/a.0123456789.js") == (there(assets, "js/a.js"), False)
    assert assets.requested("js/b.0123456789.js") == (None, False)


def test_an_edit_gives_another_name(folder: Path) -> None:
    assets = Assets(lambda: single(folder))
    before = there(assets, "js/a.js").address_name
    (folder / "js/a.js").write_text("3")
    assert there(assets, "js/a.js").address_name != before


def test_a_font_in_the_stylesheet_is_named_by_its_digest_as_it_is_now(folder: Path) -> None:
    assets = Assets(lambda: single(folder))
    (folder / "css/base.css").write_text("a { src: url(../fonts/a.woff2), url('#x'), url(data:x), url(../no.ttf) }")
    (folder / "fonts/a.woff2").write_bytes(b"one")
    first = there(assets, "css/site.css").content.decode()
    assert there(assets, "fonts/a.woff2").address_name in first
    assert "url('#x'),url(data:x),url(../no.ttf)" in first
    (folder / "fonts/a.woff2").write_bytes(b"two")
    assert there(assets, "fonts/a.woff2").address_name in there(assets, "css/site.css").content.decode()


@pytest.mark.parametrize("name", ["../secret.txt", "js/../../secret.txt", "link", "out/secret.txt", ".hid", "a~", ""])
def test_nothing_but_plain_files_below_static_is_an_asset(folder: Path, name: str) -> None:
    (folder / "link").symlink_to("../secret.txt")
    (folder / "out").symlink_to("..")
    for left in (".hid", "a~"):
        (folder / left).write_text("x")
    assert Assets(lambda: single(folder)).asset(name) is None
    assert name not in Assets(lambda: single(folder)).names()


def test_a_stylesheet_that_is_gone_is_no_error(folder: Path) -> None:
    (folder / "css/base.css").unlink()
    assert Assets(lambda: single(folder)).asset("css/site.css") is None
    assert "css/site.css" not in Assets(lambda: single(folder)).names()


def test_every_name_is_served(folder: Path) -> None:
    assets = Assets(lambda: single(folder))
    names = list(assets.names())
    assert len(names) == len(set(names)) == 6
    assert all(assets.requested(name)[0] for name in names)


def test_asking_for_an_asset_is_noted_even_where_there_is_none(folder: Path) -> None:
    with recording() as record:
        Assets(lambda: single(folder)).asset("js/a.js")
        Assets(lambda: single(folder)).asset("js/none.js")
    assert [str(note) for note in record.notes] == ["asset('js/a.js')", "asset('js/none.js')"]


def test_an_asset_that_the_system_did_not_give_is_read_again(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    assets = small.site.assets
    small.site.loader.refresh()
    with no_descriptors(), pytest.raises(OSError, match="Too many open files"):
        assets.asset("css/site.css")
    assert assets.asset("css/site.css")
    assert small.status("/posts/a/") == 200


def test_an_asset_that_changed_since_the_look_is_not_taken_for_the_older_one(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    small.site.loader.refresh()
    (small.root / "static/js/search.js").write_text("half")
    with pytest.raises(UnsettledError):
        small.site.assets.asset("js/search.js")
    assert small.client.get("/static/js/search.js").get_data() == b"half"
