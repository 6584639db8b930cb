"""Only what can mean one thing is written, and what makes anything worse is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from trigpoint.checking.fixes import fix, fixed_line
from trigpoint.content.pages import Rules
from trigpoint.content.read_page import read_page
from trigpoint.content.registries.tags import read_tags
from trigpoint.faults import Fault
from trigpoint.settings import load_settings

BAD = ROOT / "tests/pages_bad"
MENDED = {
    "aliases-are-text": ["aliases: [/old/]"],
    "colon-in-title": ['title: "Kafka: the log"'],
    "lang-with-underscore": ["lang: en-GB"],
    "no-space-after-colon": ["title: A title"],
    "tags-are-a-number": ['tags: ["3.10"]'],
    "tags-are-text": ["tags: [gRPC, C++]"],
    "text-after-a-quote": ["title: '\"Fine\" is not enough'"],
    "two-unquoted-values": ['title: "Kafka: the log"', 'summary: "@everyone reads this"'],
    "value-begins-with-at": ['title: "@home"'],
    "value-begins-with-backtick": ['title: "`make` it"'],
    "value-begins-with-bracket": ['title: "[RFC] A plan"'],
    "value-begins-with-percent": ['title: "%s"'],
}


def dead(target: str, cure: str = "") -> Fault:
    return Fault("a", 1, 0, "", cure, kind="link-dead", subject=target)


def test_of_all_bad_front_matter_only_this_is_certain() -> None:
    """The cure of each fault that has one line in it: an example (`tags: [first, second]`) is nothing to write."""
    tags, _ = read_tags("tags.toml", (ROOT / "pages/tags.toml").read_bytes())
    rules = Rules(load_settings(ROOT).zone, tags)
    mended: dict[str, list[str]] = {}
    for path in sorted(BAD.glob("*.md")):
        lines = path.read_bytes().decode("utf-8", "surrogateescape").split("\n")
        for fault in read_page(f"posts/{path.name}", path.read_bytes(), rules)[1]:
            line = lines[fault.line - 1] if 0 < fault.line <= len(lines) else ""
            if "control character" not in fault.sentence and (fixed := fixed_line(fault, line)):
                mended.setdefault(path.stem, []).append(fixed)
    assert mended == MENDED


@pytest.mark.parametrize(
    ("fault", "line", "fixed"),
    [
        (Fault("a", 1, 0, "", kind="heading"), "##Title #1", "## Title #1"),
        (Fault("a", 1, 0, r"`\(x^2\)` is no formula", kind="formula-form"), r"so \(x^2\) is", "so $x^2$ is"),
        (dead("plot.PNG", 'Did you mean "Plot.png"?'), "![](plot.PNG)", "![](Plot.png)"),
        (dead("plot.png", 'Did you mean "plots.png"?'), "![](plot.png)", None),
        (dead("plot.png"), "![](plot.png)", None),
        (Fault("a", 1, 0, "A control character (U+0007) is left out here.", kind="front-matter"), "a\x07\tb", "a\tb"),
        (Fault("a", 1, 0, "", "Write `tags: [a]`.", kind="front-matter"), "tags: a # why", None),
        (Fault("a", 1, 0, "", "Write a text.", kind="alt-missing"), "![](a.png)", None),
    ],
)  # fmt: skip
def test_a_line_is_changed_where_that_is_certain(fault: Fault, line: str, fixed: str | None) -> None:
    assert fixed_line(fault, line) == fixed


def test_a_file_that_is_worse_afterwards_is_as_it_was(tmp_path: Path) -> None:
    raw = b"##One\r\n\r\n##Two\r\n"
    faults = [Fault("a.md", 1, 0, "x", kind="heading"), Fault("b.md", 3, 0, "x", kind="heading")]
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_bytes(raw)
    done = fix(tmp_path, faults, lambda: (Fault("a.md", 1, 0, "Another.", kind="link-dead"),))
    assert [(each.path, each.line, each.text) for each in done] == [("b.md", 3, "## Two")]
    assert (tmp_path / "a.md").read_bytes() == raw
    assert (tmp_path / "b.md").read_bytes() == b"##One\r\n\r\n## Two\r\n"


def test_a_check_that_fails_leaves_all_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"##One\n")

    def again() -> tuple[Fault, ...]:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        fix(tmp_path, [Fault("a.md", 1, 0, "x", kind="heading")], again)
    assert (tmp_path / "a.md").read_bytes() == b"##One\n"
