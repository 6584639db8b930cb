"""Live compared with frozen: a difference is named, and odd names are none."""

from __future__ import annotations

import pytest

from tests.conftest import SiteWith, post_text
from tests.freezing.test_freeze import freeze, fresh
from trigpoint.freezing.verify import differences


@pytest.mark.parametrize("name", ["a?b.txt", "a#b.txt", "100%25.txt", "ü ö.txt", "a;b=c.txt"])
def test_a_file_of_any_name_is_asked_for_by_it(site_with: SiteWith, name: str) -> None:
    small = site_with(files={"posts/a/index.md": post_text(), f"posts/a/{name}": "text"})
    freeze(small)
    assert differences(fresh(small)) == ""
    (small.root / "build/posts/a" / name).write_text("other")
    assert f"frozen/posts/a/{name}" in differences(fresh(small))


@pytest.mark.parametrize("setting", ["", "author_scripts = true\n"])
def test_an_authors_script_has_the_type_that_the_rules_of_the_host_say(site_with: SiteWith, setting: str) -> None:
    small = site_with(files={"posts/a/index.md": post_text(), "posts/a/a.js": "let a;", "posts/a/b.html": "<p>"})
    toml = small.root / "site.toml"
    toml.write_text(setting + toml.read_text())
    freeze(small)
    assert differences(fresh(small)) == ""
