"""YAML as Nodes: what is written stays what was written, and nothing is run."""

from __future__ import annotations

import pytest

from trigpoint.content.yaml_nodes import Mapping, Scalar, Sequence, YamlRefusedError, YamlUnreadableError, composed
from trigpoint.fault_list import FaultList


def entries_of(text: str) -> Mapping:
    node = composed(text, 1, FaultList("p"))
    assert isinstance(node, Mapping)
    return node


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        *(("a", "text"), ("'1'", "text"), ('"yes"', "text"), ("1.2.3", "text"), ("1", "number"), ("3.10", "number")),
        *(("0x1f", "number"), ("12:30", "number"), (".inf", "number"), ("2026-05-01", "date"), ("no", "yes or no")),
        *(("Off", "yes or no"), ("~", "nothing"), ("", "nothing"), ("null", "nothing"), ("=", "text"), ("<<", "text")),
    ],
)
def test_a_scalar_knows_what_yaml_takes_it_for(written: str, kind: str) -> None:
    node = entries_of(f"a: {written}").entries["a"][1]
    assert isinstance(node, Scalar) and node.kind == kind


def test_each_node_knows_its_place() -> None:
    (key, node), (_, block) = entries_of("a: [x, 'y']\nb:\n  c: 1\n").entries.values()
    assert (key.line, key.column) == (1, 1)
    assert isinstance(node, Sequence) and [(item.line, item.column) for item in node.items] == [(1, 5), (1, 8)]
    assert isinstance(block, Mapping) and block.entries["c"][1].line == 3


def test_a_key_that_comes_twice_is_reported_and_the_first_kept() -> None:
    report = FaultList("p")
    node = composed("a: {x: 1, x: 2}", 5, report)
    assert [str(fault) for fault in report.faults] == [
        'p:5:11: "x" stands here for the second time; the first is in line 5. Keep one of the two.'
    ]
    assert isinstance(node, Mapping)


@pytest.mark.parametrize("text", ["a: *b", "a: &b c", "a: !!str c", "a: !x c", "a: ! c", "--- a", "a: 1\n--- \nb: 2"])
def test_what_a_header_does_not_need_is_refused(text: str) -> None:
    with pytest.raises(YamlRefusedError):
        composed(text, 1, FaultList("p"))


def test_what_is_no_yaml_is_unreadable_at_its_place() -> None:
    with pytest.raises(YamlUnreadableError) as caught:
        composed("a: b\nc: d: e\n", 10, FaultList("p"))
    assert (caught.value.place.line, caught.value.place.column) == (11, 5)


@pytest.mark.parametrize("text", ["{{ x }}", "? [a]\n: b"])
def test_a_name_is_no_list_or_mapping(text: str) -> None:
    with pytest.raises(YamlUnreadableError, match="where the name of a field is expected"):
        composed(text, 1, FaultList("p"))


def test_nothing_is_nothing() -> None:
    assert composed("# only a comment\n", 1, FaultList("p")) is None


def test_a_foreign_header_may_name_values_and_merge_mappings() -> None:
    report = FaultList("p", forgiving=True)
    text = "a: &a {b: 1, c: 2}\nd:\n  <<: *a\n  c: 3\ne: [*a, &f g]\nh: !!str 1\ni: *f\n"
    node = composed(text, 1, report)
    assert isinstance(node, Mapping) and not report.faults
    merged = node.entries["d"][1]
    assert isinstance(merged, Mapping)
    texts = {name: value.text for name, (_, value) in merged.entries.items() if isinstance(value, Scalar)}
    assert texts == {"c": "3", "b": "1"}
    assert node.entries["i"][1] == Scalar("g", True, 5, 9)


@pytest.mark.parametrize(
    "text",
    ["a: &b c", "a: *b", "a: &a [*a]", "a: !b c", f"a: &a [{'x,' * 50}]\nb: &b [{'*a,' * 30}]\nc: [{'*b,' * 30}]"],
)
def test_a_foreign_header_repeats_neither_itself_nor_too_much(text: str) -> None:
    with pytest.raises(YamlRefusedError):
        composed(text, 1, FaultList("p", forgiving=True))
