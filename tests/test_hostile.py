"""No text of one page ends the process that answers, or keeps it from answering for the others."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT, SiteWith, post_text
from trigpoint.content.abstract import Abstract
from trigpoint.loading import loader
from trigpoint.loading.workers import GivenUpError, WorkerPool

MANY = 40_000
ROOT_SIGN = "\\sqrt{"
BOMBS = {
    "braces": f"${'{' * 5_400}x{'}' * 5_400}$",
    "roots": f"${ROOT_SIGN * 3_200}x{'}' * 3_200}$",
    "nested-braces": f"${'{' * 3_900}x{'}' * 3_900}$",
    "powers": f"${'x^{' * 4_400}x{'}' * 4_400}$",
    "backticks": " ".join("`" * length for length in range(1, 600)),
    "footnotes": "[^" * MANY,
    "brackets": "[" * MANY,
    "pictures": "![" * MANY,
    "links": "[a](" * MANY,
    "tags": "<a " * MANY,
    "comments": "<!--" * MANY,
    "quotes": "> " * 5_000 + "a",
    "lists": "\n".join(" " * level + "- a" for level in range(400)),
    "emphasis": "*a **b " * 5_000,
    "dollars": "$a" * MANY,
    "large": "Words, and more words. " * 80_000,
}


def test_a_page_that_is_hostile_costs_no_other_page_its_answer(site_with: SiteWith) -> None:
    small = site_with({"good": post_text("Good", body="Sound words.")})
    assert "Sound words." in small.text("/posts/good/")
    for name, bomb in BOMBS.items():
        small.write(f"posts/{name}.md", post_text(name, body=bomb))
    looking = threading.Thread(target=small.site.loader.refresh)
    looking.start()
    answered = 0
    while looking.is_alive():
        answer = small.client.get("/posts/good/")
        assert (answer.status_code, "Sound words." in answer.text) == (200, True)
        answered += 1
    assert answered, "while the hostile ones were read"
    for name in BOMBS:
        assert small.site.loader.library.post(name), name


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_page_is_answered_with_its_text_or_a_fault(site_with: SiteWith, name: str) -> None:
    small = site_with({"good": post_text("Good"), "bad": post_text("Bad", body=BOMBS[name])})
    assert small.status("/posts/bad/") == 200
    assert small.status("/posts/good/") == 200


def test_a_summary_that_was_given_up_is_named_and_tried_again_by_the_next_process(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty = WorkerPool(1)
    hasty._all[0]._seconds = 0.01
    monkeypatch.setattr(loader, "WorkerPool", lambda count: hasty)
    small = site_with({"b": post_text()})
    small.site.loader.refresh()
    small.write("posts/a.md", post_text(body=BOMBS["large"]))
    (fault,) = small.faults()
    assert fault.startswith("pages/posts/a.md: Reading the first words of this page took more than 1 second")
    assert small.library.post("a")
    small.site.loader.save_readings()
    sources = small.site.loader.inputs.sources
    sources._file_cache = {}
    sources.follow(sources._rules)
    assert set(sources._file_cache) == {"posts/b.md"}


@pytest.fixture(scope="module")
def workers() -> Iterator[WorkerPool]:
    made = WorkerPool(1)
    yield made
    made.stop()


PIECES = ("`", "$", "{", "}", "[", "]", "(", ")", "*", "_", "<", ">", "!", "^", ROOT_SIGN, "\n", "- ", "a")


@settings(max_examples=25)
@given(runs=st.lists(st.tuples(st.sampled_from(PIECES), st.integers(1, 3_000)), max_size=6))
def test_whatever_the_text_an_abstract_comes_or_is_given_up(workers: WorkerPool, runs: list[tuple[str, int]]) -> None:
    try:
        assert isinstance(workers.abstract("".join(piece * times for piece, times in runs), True), Abstract)
    except GivenUpError:
        assert workers.abstract("Sound words.", True) == Abstract("Sound words.", 2)


UNREAD = """
import sys
from pathlib import Path
from trigpoint.application import create_app
app = create_app(Path(sys.argv[1]))
assert all(app.test_client().get(path).status_code == 200 for path in ("/", "/posts/a/", "/feed.xml"))
app.extensions["trigpoint"].loader.stop()
sys.exit("trigpoint.markup.render" in sys.modules)
"""


def test_a_process_that_answers_does_not_load_what_reads_markdown(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="Some *words* and `code`, $x^2$.")})
    assert subprocess.run([sys.executable, "-c", UNREAD, str(small.root)], cwd=ROOT, check=False).returncode == 0
