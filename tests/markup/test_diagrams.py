"""Diagrams: drawn without colours of their own, and text where they cannot be drawn."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as etree

import pytest

from tests.conftest import ROOT
from trigpoint.markup.diagrams import KINDS, UnreadableError, is_at_hand, svg
from trigpoint.markup.document import Document
from trigpoint.markup.render import render

pytestmark = pytest.mark.skipif(not is_at_hand(), reason="merman has no wheel for this machine")

SOURCES = {
    "flowchart": "flowchart TB\n  a[One <two>] -->|yes| b{Ask}\n  subgraph s [Box]\n    c(C) -.-> d[(D)]\n  end",
    "graph": "graph LR\n  a --> b\n  style a fill:#f00,stroke:#0f0\n  classDef x fill:#f9f\n  class b x",
    "sequenceDiagram": "sequenceDiagram\n  A->>B: hello\n  Note over A,B: text\n  loop daily\n    B-->>A: bye\n  end",
    "stateDiagram": "stateDiagram-v2\n  [*] --> Live\n  Live --> Stale: gap\n  Stale --> [*]",
    "classDiagram": "classDiagram\n  class Post {\n    +str title\n  }\n  Post <|-- Page",
    "erDiagram": "erDiagram\n  POST ||--o{ TAG : has",
}


def rendered(body: str) -> Document:
    return render(body, path="pages/a.md", first_line=1, title="T", beside=lambda name: None)


def page(body: str) -> str:
    return rendered(body).page(lambda link: link.target, lambda image: "")


def test_every_kind_is_tried() -> None:
    assert set(SOURCES) == set(KINDS)


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_drawing_holds_shapes_and_no_colour_style_script_or_link(source: str) -> None:
    drawn = svg(source, "d")
    root = etree.fromstring(drawn)
    assert root.attrib["role"] == "img"
    assert not re.search(r"<style|\sstyle=|<script|<foreignObject|\son\w+=|href=|data-", drawn)
    assert not re.search(r"<circle[^>]* (?:width|height)=", drawn), "no attributes of a circle"
    painted = re.findall(r'\s(?:fill|stroke)="([^"]*)"', drawn)
    assert set(painted) <= {"none"}
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?!\))|rgba?\(", re.sub(r"url\(#[^)]*\)", "", drawn))


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_ids_are_those_of_its_figure_and_what_is_named_is_there(source: str) -> None:
    drawn = svg(source, "diagram-7")
    ids = set(re.findall(r'\sid="([^"]*)"', drawn))
    assert set(re.findall(r"url\(#([^)]*)\)", drawn)) <= ids
    assert all(name.startswith(("diagram-7", "mermaid-")) for name in ids), ids


def test_the_label_of_a_state_s_arrow_stands_on_its_middle() -> None:
    label = re.search(
        r'translate\(-([\d.]+), -[\d.]+\)"><g><rect class="background" x="0" y="0" width="([\d.]+)"[^>]*>'
        r'<g transform="translate\(([\d.]+), 0\)"><text',
        svg(SOURCES["stateDiagram"], "d"),
    )
    assert label
    moved, width, middle = map(float, label.groups())
    assert abs(moved - width / 2) < 0.1
    assert abs(middle - width / 2) < 0.1


@pytest.mark.parametrize("kind", ["gantt", "pie title Pets", "xychart-beta", "gitGraph:", "C4Context"])
def test_a_kind_that_is_not_drawn_is_shown_as_text_with_a_warning(kind: str) -> None:
    document = rendered(f"```mermaid\n%% Mine.\n{kind}\n  a\n```\n")
    (fault,) = document.faults
    name = kind.split()[0].removesuffix("-beta").rstrip(":")
    said = f"pages/a.md:1: warning: This diagram is shown as text: {name} is not drawn. Drawn are flowchart, graph, "
    assert str(fault).startswith(said)
    shown = document.page(lambda link: "", lambda image: "")
    assert "<svg" not in shown and kind.split()[0] in re.sub("<[^>]*>", "", shown)


def test_two_equal_diagrams_on_a_page_share_no_id() -> None:
    fence = f"```mermaid\n{SOURCES['flowchart']}\n```\n"
    ids = re.findall(r'\sid="([^"]*)"', page(fence + "\n" + fence))
    assert len(ids) == len(set(ids))


def test_the_text_stands_in_the_figure_and_alone_in_feeds() -> None:
    body = f'```mermaid title="A & B"\n{SOURCES["flowchart"]}\n```'
    shown, fed = page(body), rendered(body).html(lambda link: link.target)
    assert '<figure class="diagram" aria-label="Diagram: A &amp; B">' in shown
    assert "<figcaption>A &amp; B</figcaption></figure>" in shown, "HTML has it first or last"
    assert "<summary>Diagram as text</summary>" in shown
    assert "a[One &lt;two&gt;]" in shown.partition("<details>")[2]
    assert "<svg" not in fed
    assert "a[One &lt;two&gt;]" in fed


@pytest.mark.parametrize(
    "source",
    ["flowchart TB\n  a[", "pies\n  a: 1", "", "nonsense", "flowchart TB\n" + "a --> b\n" * 8000],
)
def test_what_cannot_be_drawn_is_a_fault_at_its_line_and_shown_as_text(source: str) -> None:
    document = rendered(f"Text\n\n```mermaid\n{source}\n```")
    (fault,) = document.faults
    assert (fault.line, fault.warning) == (3, False)
    assert fault.sentence.startswith("This diagram cannot be drawn: ")
    assert re.search(
        r'<figure class="code(?: long)?" data-language="mermaid">', document.page(lambda link: "", lambda image: "")
    )


def test_a_source_cannot_bring_its_own_settings() -> None:
    hostile = (
        '%%{init: {"securityLevel": "loose", "htmlLabels": true}}%%\nflowchart TB\n a["<img src=x onerror=alert(1)>"]'
    )
    hostile += '\n click a "javascript:alert(1)"'
    try:
        drawn = svg(hostile, "d")
    except UnreadableError:
        return
    assert "<img" not in drawn
    assert "javascript:" not in drawn


WITHOUT = """
import sys
sys.modules["merman"] = None
from trigpoint.markup.render import render
document = render("```mermaid\\nflowchart TB\\n a --> b\\n```", path="p.md", first_line=1, title="", beside=str)
print(document.faults[0])
print(document.page(lambda link: "", lambda image: ""))
"""


def test_without_merman_the_text_is_shown_with_a_warning() -> None:
    run = subprocess.run([sys.executable, "-c", WITHOUT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.startswith("p.md:1: warning: This diagram is shown as text.")
    assert "a --&gt; b" in run.stdout
