"""Targets that can lead nowhere are named by their line, and every other target has its line, too."""

from __future__ import annotations

import pytest

from trigpoint.markup.document import Document
from trigpoint.markup.render import render


def rendered(body: str, lenient: bool = False) -> Document:
    return render(f"One.\n\n{body}", path="a.md", first_line=1, title="", beside=lambda name: None, lenient=lenient)


def told(body: str) -> list[tuple[int, str, bool]]:
    return [(fault.line, fault.kind, fault.warning) for fault in rendered(body).faults]


@pytest.mark.parametrize(
    "body",
    ["[x](file:///etc/passwd)", "[x](C:\\x.md)", "[x](<D:/a b.md>)", '<img src="FILE:x.png" alt="">',
     "[x][y]\n\n[y]: file:///x"],
)  # fmt: skip
def test_a_file_of_the_authors_machine_is_an_error(body: str) -> None:
    assert told(body) == [(5 if "\n" in body else 3, "link-local", False)]


@pytest.mark.parametrize(
    "target", ["http://[::1", "https:///x", "http:x", "HTTP://", "https://[x]/", "//[::1", "https://:80/"]
)
def test_an_address_without_a_host_is_an_error_and_a_warning_where_others_wrote_it(target: str) -> None:
    assert told(f"[x](<{target}>)") == [(3, "link-dead", False)]
    assert [fault.warning for fault in rendered(f"[x](<{target}>)", lenient=True).faults] == [True]


@pytest.mark.parametrize("target", ["http://[::1]/", "https://a", "//a.example/b", "http://a:80", "https://é.example/"])
def test_an_address_with_a_host_is_left_alone(target: str) -> None:
    assert told(f"[x](<{target}>)") == []


@pytest.mark.parametrize(
    "body", ["[e]()", "![e]()", "[e](<>)", "<a href=''>x</a>", "<a href>x</a>", '<img src="" alt="">']
)
def test_an_empty_target_is_an_error_and_a_warning_where_others_wrote_it(body: str) -> None:
    assert told(body) == [(3, "link-empty", False)]
    assert [fault.warning for fault in rendered(body, lenient=True).faults] == [True]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('<svg><use href="#nope"/></svg>', "link-dead"),
        ("<svg><use xlink:href='#nope'></use></svg>", "link-dead"),
        ('<img src="/x.png" alt="" usemap=#nope>', "link-dead"),
        ('<META HTTP-EQUIV=Refresh content="0; url=/x/">', "html"),
    ],
)
def test_a_part_that_is_not_there_and_a_refresh_are_told(body: str, kind: str) -> None:
    assert told(body) == [(3, kind, kind == "html")]


@pytest.mark.parametrize(
    "fine",
    [
        '<svg><g id="a"/><use href="#a"/></svg>',
        '<img src="/x.png" alt="" usemap="#m"><map name="m"></map>',
        "[x](#) [y](?a) [z](mailto:a@b.example) <https://far.example>",
        '<form action=""><button>x</button></form>',
        "`[e]()` `file:///x`",
        "<meta charset=utf-8>",
        "<a href=/x/>x</a>",
    ],
)
def test_what_leads_somewhere_is_no_finding(fine: str) -> None:
    assert told(fine) == []


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("<A HREF=/x/>x</A>", 3),
        ("<IMG SRC=x.png alt=''>", 3),
        ("<a href='a b.md'>x</a>", 3),
        ("[x][y]\n\n[y]:\n  z.md", 6),
        ("[x][y]\n\n> [y]: z.md", 5),
        ("[x](z\\(1.md)", 3),
        ("[x]({{site.url}}/x)", 3),
        ("<img srcset='a.png 1x,a.png 2x' alt=''>", 3),
    ],
)
def test_a_target_has_its_line(body: str, line: int) -> None:
    assert {link.line for link in rendered(body).links} == {line}
