"""Assets are known by their bytes, and nothing outside of static/ is one."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT, SiteWith, is_linear, no_descriptors, post_text
from trigpoint.file_reading import UnsettledError
from trigpoint.notes import recording
from trigpoint.theme import single
from trigpoint.web.assets import (
    JS_LEFT_OUT,
    MODULES,
    OWN_CSS,
    SEARCH_MODULES,
    SITE_CSS,
    STYLESHEETS,
    Asset,
    Assets,
    compacted,
    scoped,
)
from trigpoint.web.kinds import all_addresses


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
    assert text == "".join(f".{part} {{ color: red; }}\n" for part in STYLESHEETS)
    assert Assets(lambda: single(folder)).asset("css/base.css") is None


def test_a_part_that_is_not_utf_8_is_sent_as_it_is(folder: Path) -> None:
    for name in (f"css/{STYLESHEETS[1]}.css", f"js/{MODULES[0]}.js"):
        with (folder / name).open("ab") as file:
            file.write(b'.latin { content: "gr\xf6\xdfe" }\n')
    assets = Assets(lambda: single(folder))
    assert b'"gr\xf6\xdfe"' in there(assets, "css/site.css").content
    assert b'"gr\xf6\xdfe"' in there(assets, "js/site.js").content


def test_what_is_missing_is_named_by_its_own_file(folder: Path) -> None:
    (folder / f"css/{STYLESHEETS[0]}.css").unlink()
    assets = Assets(lambda: single(folder))
    assert assets.asset("css/site.css") is None
    assert assets.missing("css/site.css") == f"css/{STYLESHEETS[0]}.css"
    assert assets.missing("images/none.png") == "images/none.png"


def test_a_script_is_sent_as_it_is_written(folder: Path) -> None:
    written = b'// Why.\nf("//a", `a ${`//b`}`);\n'
    (folder / "js/b.js").write_bytes(written)
    assert there(Assets(lambda: single(folder)), "js/b.js").content == written


def test_the_modules_are_one_each_in_a_scope_of_its_own(folder: Path) -> None:
    text = there(Assets(lambda: single(folder)), "js/site.js").content.decode()
    assert text == "".join(f'{{\nconst name = "{part}";\n}}\n' for part in MODULES)
    assert Assets(lambda: single(folder)).asset("js/code.js") is None
    assert scoped("f();") == "{\nf();\n}\n"


def test_a_module_with_a_string_over_lines_is_sent_as_it_is_but_for_imports() -> None:
    module = 'import { a } from "./a.js";\n// Of `a` and\n// of `b`.\n  f(`one\n    // two\n`);\n'
    assert compacted(module) == module.partition("\n")[2]
    assert compacted(module.replace("one\n    // two\n", "one")) == "f(`one`);\n"


def test_the_modules_of_the_search_are_one_that_imports_nothing(folder: Path) -> None:
    for part in SEARCH_MODULES:
        text = f'// A part.\nimport {{ a }} from "./a.js";\n\n  // Why.\nexport const {part} = "// b";\n'
        (folder / f"js/{part}.js").write_text(text)
    text = there(Assets(lambda: single(folder)), "js/search.js").content.decode()
    assert text == "".join(f'export const {part} = "// b";\n' for part in SEARCH_MODULES)
    assert Assets(lambda: single(folder)).asset("js/query.js") is None


def test_only_comments_indentation_and_imports_of_parts_are_left_out_of_our_modules() -> None:
    """No string goes over lines, so that // begins a comment and space is before code; an import is one line."""
    wanted = rf'import {{ [\w, ]+ }} from "\./({"|".join(SEARCH_MODULES)})\.js";\n'
    for name in (*MODULES, *SEARCH_MODULES):
        text = (ROOT / f"static/js/{name}.js").read_text()
        assert all(re.fullmatch(wanted, line) for line in re.findall(r"^import\b.*\n", text, re.MULTILINE)), name
        sent = JS_LEFT_OUT.sub("", text)
        assert [line for line in sent.splitlines() if line.count("`") % 2] == [], name


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("/* a */\n\na {\n  b: c;\n}\n", "a {\nb: c;\n}\n"),
        ("  /* a\n     b */\n  a { b: c; } /* d */\n", "a { b: c; } /* d */\n"),
        ('a::after { content: " /* no comment */ "; }', 'a::after { content: " /* no comment */ "; }'),
        ("a { b: url(data:x,/*;*/y) }", "a { b: url(data:x,/*;*/y) }"),
        ("a { b: c }\n/* open", "a { b: c }\n"),
    ],
)
def test_the_stylesheet_is_sent_without_comments_and_indentation(folder: Path, written: str, sent: str) -> None:
    for part in STYLESHEETS:
        (folder / f"css/{part}.css").write_text("")
    (folder / "css/base.css").write_text(written)
    assert there(Assets(lambda: single(folder)), "css/site.css").content.decode() == sent


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
    assert "url('#x'), url(data:x), url(../no.ttf)" in first
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
    assert len(names) == len(set(names)) == 7
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
    (small.root / "static/js/theme.js").write_text("half")
    with pytest.raises(UnsettledError):
        small.site.assets.asset("js/theme.js")
    assert small.client.get("/static/js/theme.js").get_data() == b"half"


def test_what_pages_and_the_stylesheet_ask_for_is_there_live_and_frozen(site_with: SiteWith) -> None:
    own = {
        "logo.svg": "<svg/>",
        "pics/bg.png": "one",
        "css/dots.png": "dots",
        "css/mine.css": "p {}",
        "js/mine.js": "1",
    }
    small = site_with({"a": post_text()})
    for name, text in own.items():
        (small.root / "static" / name).parent.mkdir(parents=True, exist_ok=True)
        (small.root / "static" / name).write_text(text)
    css = ".a { background: url(../pics/bg.png) } .b { background: url(dots.png) } .c { background: url(site.css) }"
    (small.root / "static/css/own.css").write_text(css)
    asks = "".join(f'{{{{ asset("{name}") }}}} {{{{ url_for("static", filename="{name}") }}}} ' for name in own)
    (small.root / "templates").mkdir(exist_ok=True)
    (small.root / "templates/_footer.html").write_text(f"<footer>{asks}</footer>")
    asked = small.text("/").split("<footer>")[1].split("</footer>")[0].split()
    sheet = re.findall(r"/static/css/site\.\w+\.css", small.text("/"))[0]
    named = re.findall(r"url\(\"?([^\")]+)", small.client.get(sheet).text.rpartition(".a {")[2])
    assert len(asked) == 2 * len(own) and len(named) == 3
    published = set(all_addresses(small.app, small.library))
    for address in {*asked, *(posixpath.normpath(posixpath.join("/static/css", each)) for each in named)}:
        assert small.status(address) == 200 and address in published, address
    assert small.status("/static/logo.0123456789.svg") == 404
    (small.root / "static/css/dots.png").write_text("other")
    small.site.loader.refresh()
    assert sheet not in small.text("/")


@pytest.mark.parametrize("piece", ["url(", 'url("', "url( ", "url(\n", "url(a b", "/*\n", "\n\n/*", " "])
def test_a_stylesheet_of_the_site_is_joined_in_linear_time(folder: Path, piece: str) -> None:
    def joined(text: str) -> None:
        (folder / OWN_CSS).write_text(text)
        assert Assets(lambda: single(folder)).asset(SITE_CSS)

    assert is_linear(joined, piece, 50_000)
