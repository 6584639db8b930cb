"""Articles and their code belong together: digests, figures, included regions, and length. Needs no Go.

This is about articles that have a `code/check`, which runs their code and writes what it measured into results.json.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

POSTS = ROOT / "pages/posts"
ARTICLES = sorted(check.parents[1] for check in POSTS.glob("*/code/check"))

# The minutes that the front page promises for those that are here; at 220 words a minute, rounded.
MINUTES = {
    "fintech-backend": 38,
    "coinbase-evm-payments": 32,
    "psd2-open-banking": 23,
    "grpc-go-kafka-cassandra": 35,
    "chat-at-scale": 28,
    "fix-protocol": 5,
    "postgresql-at-scale": 27,
    "zeromq-patterns": 30,
}

each_article = pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.name)


def text_of(article: Path) -> str:
    return (article / "index.md").read_text(encoding="utf-8")


def results_of(article: Path) -> dict[str, Any]:
    results: dict[str, Any] = json.loads((article / "results.json").read_text(encoding="utf-8"))
    return results


def digest(code: Path) -> str:
    """The sha256 over each file's path and its own sha256, in the order of their paths: as `code/check` does."""
    whole = hashlib.sha256()
    for path in sorted(path for path in code.rglob("*") if path.is_file()):
        own = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{path.relative_to(code).as_posix()} {own}\n".encode())
    return whole.hexdigest()


def prose_words(text: str) -> int:
    """Words that a reader reads: no front matter, code blocks, HTML, link targets or table rules."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    text = re.sub(r"^(`{3,})[^\n]*\n(?:.*?\n)??\1[ ]*$", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"<[^>]+>", "", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    text = re.sub(r"\{figure: \w+\}", "1", text)
    return sum(1 for word in text.split() if re.search(r"\w", word))


def included(text: str) -> list[tuple[str, str]]:
    """Each fence that shows a file: its path and its region, as written."""
    return re.findall(r'^`{3,}[^\n]*\bfile="([^"]+)"[^\n]*\bregion="([^"]+)"', text, flags=re.MULTILINE)


def marks(lines: list[str], word: str, region: str) -> list[int]:
    """The numbers of the comment lines that say `region name` or `endregion name`."""
    return [n for n, line in enumerate(lines) if re.fullmatch(rf"\W*{word} {re.escape(region)}\W*", line)]


def region_lines(code: str, region: str) -> list[str]:
    """The lines between a region's marks; none where it doesn't begin and end exactly once."""
    lines = code.splitlines()
    starts, ends = marks(lines, "region", region), marks(lines, "endregion", region)
    return lines[starts[0] + 1 : ends[0]] if len(starts) == len(ends) == 1 else []


@each_article
def test_the_results_are_of_the_code_that_lies_beside_the_article(article: Path) -> None:
    assert results_of(article)["code"] == digest(article / "code"), "run code/check --write"


@each_article
def test_every_figure_in_the_text_was_measured_and_every_measured_one_is_told(article: Path) -> None:
    assert set(re.findall(r"\{figure: (\w+)\}", text_of(article))) == set(results_of(article)["figures"])


@each_article
def test_every_fence_that_names_a_file_names_a_region_of_it_short_enough_to_read(article: Path) -> None:
    text = text_of(article)
    assert len(included(text)) == len(re.findall(r"^`{3,}.*\bfile=", text, flags=re.MULTILINE))
    for file, region in included(text):
        shown = region_lines((article / file).read_text(encoding="utf-8"), region)
        assert 0 < len(shown) < 40, f"{file}, region {region}: {len(shown)} lines"


@pytest.mark.parametrize(
    "article", [article for article in ARTICLES if article.name in MINUTES], ids=lambda article: article.name
)
def test_the_article_takes_as_long_to_read_as_the_front_page_says(article: Path) -> None:
    words = prose_words(text_of(article))
    assert round(words / 220) == MINUTES[article.name], f"{words} words"


@each_article
def test_the_description_fits_a_search_result(article: Path) -> None:
    [description] = re.findall(r"^description: (.+)$", text_of(article), flags=re.MULTILINE)
    assert len(description.strip('"')) <= 160
