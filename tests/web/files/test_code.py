"""The code of an article: captions lead to its files, the page says when it ran, and all of it comes as one archive."""

from __future__ import annotations

import hashlib
import json
import zipfile
from io import BytesIO
from unicodedata import normalize
from urllib.parse import quote

import pytest

from tests.conftest import SiteWith, SmallSite, post_text
from tests.freezing.checks.test_sources import KEY_TEXT
from tests.images.test_gps import TELLING
from trigpoint.notes import is_unwatched
from trigpoint.web.files import code
from trigpoint.web.headers import FOR_GOOD
from trigpoint.web.kinds import all_addresses

CODE = "#!/bin/sh\necho ok\n"
BODY = 'Text.\n\n```sh file="code/run me.sh"\n```\n\n```sh title="code/run me.sh"\necho\n```\n'


def digest(files: dict[str, str]) -> str:
    """As the documentation has it."""
    lines = (f"{path} {hashlib.sha256(text.encode()).hexdigest()}\n" for path, text in files.items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def results(**more: object) -> str:
    told = {"date": "2026-05-03", "machine": "two cores", "tools": {"go": "1.27", "sh": "<5>"}}
    return json.dumps({**told, "code": digest({"a/z.txt": "z", "run me.sh": CODE}), **more})


@pytest.fixture
def small(site_with: SiteWith) -> SmallSite:
    code = {"posts/a/code/run me.sh": CODE, "posts/a/code/a/z.txt": "z"}
    files = {"posts/a/index.md": post_text(body=BODY), "posts/a/results.json": results(), **code}
    return site_with({"plain": post_text()}, files=files)


def test_the_caption_of_a_file_leads_to_it_and_that_of_a_title_nowhere(small: SmallSite) -> None:
    page = small.text("/posts/a/")
    assert page.count('<figcaption><a href="/posts/a/code/run%20me.sh">code/run me.sh</a></figcaption>') == 1
    assert page.count("<figcaption>code/run me.sh</figcaption>") == 1
    assert small.answer("/posts/a/code/run%20me.sh")[1] == CODE.encode()
    assert "<figcaption><a" not in small.text("/feed.xml")


def test_a_page_says_when_its_code_ran_and_where_all_of_it_is(small: SmallSite) -> None:
    page = " ".join(small.text("/posts/a/").split())
    assert (
        'The code of this article ran on <time datetime="2026-05-03">3 May 2026</time> on two cores, with go 1.27, '
        'sh &lt;5&gt;: <a href="/posts/a/results.json">what it measured</a>, '
        '<a href="/posts/a/code.zip">all 2 files</a> (zip).' in page
    )
    assert "code-run" not in small.text("/posts/plain/")
    assert small.answer("/posts/plain/code.zip")[0] == 404


def test_the_archive_has_every_file_and_is_the_same_bytes_each_time(small: SmallSite) -> None:
    status, content, headers = small.answer("/posts/a/code.zip")
    assert (status, headers["Content-Type"]) == (200, "application/zip")
    assert FOR_GOOD not in headers["Cache-Control"]
    archive = zipfile.ZipFile(BytesIO(content))
    assert archive.namelist() == ["a/code/a/z.txt", "a/code/run me.sh", "a/results.json"]
    assert archive.read("a/code/run me.sh") == CODE.encode()
    assert archive.getinfo("a/code/run me.sh").external_attr >> 16 == 0o100755
    assert small.answer("/posts/a/code.zip")[1] == content
    small.write("posts/a/code/a/z.txt", "other")
    assert small.answer("/posts/a/code.zip")[1] != content


def test_nothing_is_read_again_while_nothing_changes(small: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    opened = code.opened
    monkeypatch.setattr(code, "opened", lambda filename: read.append(filename) or opened(filename))  # type: ignore[func-returns-value]
    for address in ("/posts/a/", "/posts/a/code.zip"):
        small.text(address) if address.endswith("/") else small.answer(address)
        known = small.site.responses.get(address)
        assert known and not any(map(is_unwatched, known.notes))
    assert len(read) == 6, "two files of code and results.json, for the page and for the archive"
    small.answer("/posts/a/")
    small.answer("/posts/a/code.zip")
    assert len(read) == 6


def test_a_file_whose_name_the_disk_has_in_another_form_is_a_file_like_any_other(small: SmallSite) -> None:
    name = "größe.py"
    small.write(f"posts/a/code/{normalize('NFD', name)}", "x = 1\n")
    files = {"a/z.txt": "z", name: "x = 1\n", "run me.sh": CODE}
    small.write("posts/a/results.json", results(code=digest(files)))
    assert "all 3 files" in small.text("/posts/a/")
    archive = zipfile.ZipFile(BytesIO(small.answer("/posts/a/code.zip")[1]))
    assert archive.read(f"a/code/{name}") == b"x = 1\n"


def test_the_archive_has_of_each_file_what_readers_get_at_its_own_address(small: SmallSite) -> None:
    """Keys, passwords and texts that may be drafts are in none; a picture does not say where it was taken."""
    withheld = {"prod.env": "A=b", "id_rsa": "x", "tls.pem": KEY_TEXT, "draft.txt": "---\ntitle: x\n---\n"}
    files = {**withheld, "tls2.pem": "CERTIFICATE", "photo.jpg": TELLING["JPEG"]}
    for name, content in files.items():
        small.write(f"posts/a/code/{name}", content)
    page, archive = small.text("/posts/a/"), zipfile.ZipFile(BytesIO(small.answer("/posts/a/code.zip")[1]))
    got = {"a/z.txt", "photo.jpg", "run me.sh", "tls2.pem"}
    assert {name.removeprefix("a/code/") for name in archive.namelist()} == got | {"a/results.json"}
    assert ">4 files</a>" in page
    for name in got:
        assert small.answer(f"/posts/a/code/{quote(name)}")[1] == archive.read(f"a/code/{name}")
    assert [small.status(f"/posts/a/code/{name}") for name in withheld] == [404] * 4
    assert b"GPS" not in archive.read("a/code/photo.jpg") and b"A camera" not in archive.read("a/code/photo.jpg")


def test_code_of_which_readers_get_nothing_has_no_archive(small: SmallSite) -> None:
    small.write("posts/b/index.md", post_text("B"))
    small.write("posts/b/code/tls.pem", KEY_TEXT)
    assert small.status("/posts/b/code.zip") == 404
    assert "code.zip" not in small.text("/posts/b/")
    assert "/posts/b/code.zip" not in all_addresses(small.app, small.library)
    small.write("posts/b/code/tls.pem", "CERTIFICATE")
    assert "code.zip" in small.text("/posts/b/")
    assert small.status("/posts/b/code.zip") == 200


def test_code_that_has_changed_since_it_ran_is_named_and_not_said_to_have_run(small: SmallSite) -> None:
    small.write("posts/a/code/a/z.txt", "changed")
    assert "ran on" not in small.text("/posts/a/")
    assert ">2 files</a>" in small.text("/posts/a/")
    said = small.app.test_cli_runner().invoke(args=["check"]).output
    assert "pages/posts/a/results.json: warning: This is of other code than lies in the folder code/" in said


@pytest.mark.parametrize("told", ["", "[]", "{", '{"code": 5}', results(date="soon"), results(tools=[1]), "[" * 9999])
def test_results_that_say_nothing_of_a_run_cost_nothing(small: SmallSite, told: str) -> None:
    small.write("posts/a/results.json", told)
    page = small.text("/posts/a/")
    assert ">2 files</a>" in page and "ran on" not in page
