"""Links that name a file name its new one; code, and every other link, stays."""

from __future__ import annotations

import pytest

from trigpoint.writing.links import relinked, renamed

NAMES = {"a.md": "b.md", "a": "b"}


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("a.md", "b.md"),
        ("../a/index.md#part", "../b/index.md#part"),
        ("/posts/a/", "/posts/b/"),
        ("/posts/a/?x=a#a", "/posts/b/?x=a#a"),
        ("../a/plot.png", "../b/plot.png"),
        ("/a/a/", "/a/b/"),
        ("aa.md", "aa.md"),
    ],
)
def test_the_last_segment_of_that_name_is_another(target: str, found: str) -> None:
    assert renamed(target, NAMES) == found


BODY = """See [one](a.md), [two](<a.md#x> "A"), ![three](a/plot.png) and [four][ref].

`[code](a.md)`

```text
[code](a.md)
```

<a href="a.md">five</a> [six](c.md) [seven](https://elsewhere.example/a.md)

[ref]: a.md
"""


def test_all_ways_to_link_are_found_and_code_stays() -> None:
    found = relinked(BODY, lambda target: target.startswith("a"), NAMES)
    assert found == (
        BODY.replace("(a.md)", "(b.md)")
        .replace("`[code](b.md)`", "`[code](a.md)`")
        .replace("[code](b.md)\n```", "[code](a.md)\n```")
        .replace("<a.md#x>", "<b.md#x>")
        .replace("a/plot", "b/plot")
        .replace('href="a.md"', 'href="b.md"')
        .replace("[ref]: a.md", "[ref]: b.md")
    )
