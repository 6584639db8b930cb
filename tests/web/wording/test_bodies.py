"""The labels of a rendered body are put into the words of its language, and nothing that an author wrote."""

from __future__ import annotations

import pytest

from tests.conftest import is_linear
from trigpoint.web.wording.bodies import labelled
from trigpoint.web.wording.tables import Entries
from trigpoint.web.wording.words import Words

GERMAN = Words("de", Entries({"Tip": "Tipp", "Formula": "Formel", "Diagram": "Diagramm"}))


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<p class="callout-title" id="callout-1">Tip</p>', '<p class="callout-title" id="callout-1">Tipp</p>'),
        ('<summary class="callout-title">Tip</summary>', '<summary class="callout-title">Tipp</summary>'),
        (
            '<aside class="callout" role="note" aria-label="tip">',
            '<aside class="callout" role="note" aria-label="Tipp">',
        ),
        ('<span class="math" aria-label="Formula">', '<span class="math" aria-label="Formel">'),
        ('<figure class="diagram" aria-label="Diagram">', '<figure class="diagram" aria-label="Diagramm">'),
        ('<p>It has class="callout-title">Tip</p>', '<p>It has class="callout-title">Tip</p>'),
    ],
)
def test_the_labels_of_the_engine_are_in_the_words_of_the_page(html: str, said: str) -> None:
    assert labelled(html, GERMAN) == said


@pytest.mark.parametrize(
    "piece",
    [' class="callout-title" ', "<span ", "<input ", "<svg ", "<aside ", '<a class="anchor" ', "<p ", ' title="'],
)
def test_no_text_takes_more_than_its_share_of_time(piece: str) -> None:
    assert is_linear(lambda text: labelled(text, GERMAN), piece, 100_000)
