"""A release in an object store: what is put, in which order, what stays, and what is said when something goes wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import Result

from tests.commands.test_publishing import flask, prepared
from tests.conftest import SiteWith, SmallSite, post_text
from tests.delivery.stores import BUCKET, KEYS, Asked, ObjectStore, empty_all, object_store, refusal
from tests.test_laws import varied
from trigpoint.delivery import lease
from trigpoint.delivery.store import JOBS
from trigpoint.web.files.machine import HIDDEN, host_rules

MANIFEST, LOCK = ".trigpoint/deployed.json", ".trigpoint/lock"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    with object_store() as found:
        yield found


def ran(small: SmallSite, *words: str) -> Result:
    return small.app.test_cli_runner().invoke(args=words)


def frozen(small: SmallSite, *words: str) -> str:
    """The id of the release that a freeze makes."""
    ended = ran(small, "freeze", "--jobs", "1", *words)
    assert ended.exit_code == 0, ended.output
    return (small.root / "build").resolve().name


def deployed(small: SmallSite, store: ObjectStore, *words: str, place: str = f"s3://{BUCKET}") -> Result:
    return ran(small, "deploy", place, "--endpoint", store.address, *words)


def well_deployed(small: SmallSite, store: ObjectStore, *words: str, place: str = f"s3://{BUCKET}") -> str:
    ended = deployed(small, store, *words, place=place)
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def two_posts(site_with: SiteWith) -> SmallSite:
    small = site_with({"a": post_text("One"), "b": post_text("Two", "2026-01-03", tags="[Go]")})
    frozen(small)
    return small


def release_files(small: SmallSite) -> set[str]:
    folder = (small.root / "build").resolve()
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {path for path in paths if path not in HIDDEN}


def is_what_was_frozen(small: SmallSite, store: ObjectStore, prefix: str = "") -> bool:
    folder = (small.root / "build").resolve()
    wanted = {prefix + path: (folder / path).read_bytes() for path in release_files(small)}
    return {key: store.body(key) for key in store.all_keys() if key in wanted} == wanted


def test_the_objects_are_the_release_and_say_what_the_live_server_says(site_with: SiteWith, store: ObjectStore) -> None:
    small = varied(site_with)
    small.write("posts/own.js", "1")
    small.write("demo/index.html", "<p>Hello")
    small.write("posts/old.md", post_text("Moved", aliases="['/a (b)/', '/größe/', '/posts/gone/']"))
    frozen(small)
    said = well_deployed(small, store)
    folder = (small.root / "build").resolve()
    assert store.all_keys() == release_files(small)
    with small.app.app_context():
        redirects = dict(host_rules().redirects)
    assert redirects
    for key in sorted(store.all_keys()):
        found = store.head(key)
        assert store.body(key) == (folder / key).read_bytes()
        address = "/" + key.removesuffix("index.html")
        with small.client.get(quote(address)) as live:
            if address in redirects:
                assert found["WebsiteRedirectLocation"] == f"https://blog.example{quote(redirects[address])}", key
                assert found["CacheControl"] == "no-cache"
                continue
            assert "WebsiteRedirectLocation" not in found, key
            if address != "/404.html":
                assert found["ContentType"] == live.headers["Content-Type"], key
                assert found["CacheControl"] == live.headers["Cache-Control"], key
    assert f"s3://blog is release {folder.name}: {len(store.all_keys())} put (" in said


def test_a_deploy_says_that_the_address_is_not_configured_yet(site_with: SiteWith, store: ObjectStore) -> None:
    small = two_posts(site_with)
    said = 'warning: "base_url" is not configured yet: it is https://blog.example, which readers cannot reach'
    assert said in deployed(small, store).stderr


def test_an_alias_that_was_a_file_leads_on_in_both_spellings(site_with: SiteWith, store: ObjectStore) -> None:
    small = site_with({"a": post_text()}, settings='feed_aliases = ["/index.xml"]\n')
    frozen(small)
    well_deployed(small, store)
    for key in ("index.xml", "index.xml/index.html"):
        assert store.head(key)["WebsiteRedirectLocation"] == "https://blog.example/feed.xml"
        assert b'url=/feed.xml"' in store.body(key)


def test_a_second_deploy_puts_nothing_and_an_edit_what_it_changed(site_with: SiteWith, store: ObjectStore) -> None:
    small = two_posts(site_with)
    well_deployed(small, store)
    store.asked.clear()
    assert "0 put (0.0 kB), 0 removed" in well_deployed(small, store)
    assert store.written() == []
    small.write("posts/a.md", post_text("One", body="Other words."))
    before = {key: store.head(key)["ETag"] for key in store.all_keys()}
    frozen(small)
    store.asked.clear()
    well_deployed(small, store)
    assert "posts/a/index.html" in store.written() and "posts/b/index.html" not in store.written()
    assert is_what_was_frozen(small, store)
    changed = {key for key in store.all_keys() if store.head(key)["ETag"] != before.get(key)}
    assert changed == set(store.written())


def test_pages_come_after_what_they_load_and_what_is_gone_goes_last(site_with: SiteWith, store: ObjectStore) -> None:
    small = two_posts(site_with)
    well_deployed(small, store)
    for asked in (store.written(), _changed(small, store)):
        stages = [_stage(key) for key in asked]
        assert stages == sorted(stages)
        assert {0, 1, 2, 3} == set(stages)
    order = [(each.method, each.key) for each in store.asked if not each.is_own and each.method in ("PUT", "DELETE")]
    methods = [method for method, _ in order]
    assert "DELETE" in methods and methods == sorted(methods, reverse=True)
    gone = [_stage(key) for method, key in order if method == "DELETE"]
    assert gone == sorted(gone, reverse=True) and len(set(gone)) > 1
    assert store.all_keys() == release_files(small)


def _changed(small: SmallSite, store: ObjectStore) -> list[str]:
    """What is put once an article went, another came, and the stylesheet is another one."""
    small.write("posts/a.md", "").unlink()
    small.write("posts/c.md", post_text("Three", tags="[C]"))
    (small.root / "static/css/custom.css").write_text("p { color: red; }\n")
    frozen(small, "--drop", "*")
    store.asked.clear()
    well_deployed(small, store)
    return store.written()


def _stage(key: str) -> int:
    if key.endswith(("feed.xml", "feed.json", "sitemap.xml", "llms.txt", "docs.json")):
        return 3
    return 0 if not key.endswith(".html") else 1 if key.startswith("posts/") else 2


def test_what_somebody_else_has_put_there_is_neither_removed_nor_overwritten(
    site_with: SiteWith, store: ObjectStore
) -> None:
    small = two_posts(site_with)
    store.client.put_object(Bucket=BUCKET, Key="backup/data.bin", Body=b"theirs")
    store.client.put_object(Bucket=BUCKET, Key="feed.xml", Body=b"theirs")
    refused = deployed(small, store)
    assert refused.exit_code == 1
    assert "no deploy has put there, where the site has its own: feed.xml." in refused.stderr
    assert store.written() == ["backup/data.bin", "feed.xml"]
    well_deployed(small, store, "--take-over")
    assert is_what_was_frozen(small, store) and store.body("backup/data.bin") == b"theirs"
    store.client.put_object(Bucket=BUCKET, Key="posts/a/index.html", Body=b"theirs now")
    small.write("posts/a.md", "").unlink()
    frozen(small, "--drop", "*")
    ended = deployed(small, store)
    assert "Left there, as somebody else has overwritten it: posts/a/index.html." in ended.stderr
    assert store.body("posts/a/index.html") == b"theirs now"


def test_an_object_that_was_changed_or_lost_there_is_put_again(site_with: SiteWith, store: ObjectStore) -> None:
    small = two_posts(site_with)
    well_deployed(small, store)
    store.client.put_object(Bucket=BUCKET, Key="index.html", Body=b"damaged")
    store.client.delete_object(Bucket=BUCKET, Key="feed.xml")
    store.asked.clear()
    well_deployed(small, store)
    assert sorted(store.written()) == ["feed.xml", "index.html"]
    assert is_what_was_frozen(small, store)


def test_sites_below_prefixes_share_a_bucket(site_with: SiteWith, store: ObjectStore) -> None:
    small = two_posts(site_with)
    well_deployed(small, store, place=f"s3://{BUCKET}/one")
    well_deployed(small, store, place=f"s3://{BUCKET}/one/two/")
    assert store.all_keys() == {f"{prefix}{path}" for prefix in ("one/", "one/two/") for path in release_files(small)}
    assert is_what_was_frozen(small, store, "one/two/")


def test_an_earlier_release_is_deployed_as_it_was(site_with: SiteWith, store: ObjectStore) -> None:
    small = two_posts(site_with)
    first = (small.root / "build").resolve().name
    well_deployed(small, store)
    before = {key: (store.body(key), store.head(key).get("WebsiteRedirectLocation")) for key in store.all_keys()}
    small.write("posts/a.md", "").unlink()
    small.write("posts/c.md", post_text("One", aliases="['/posts/a/']"))
    second = frozen(small)
    well_deployed(small, store)
    assert store.head("posts/a/index.html")["WebsiteRedirectLocation"] == "https://blog.example/posts/c/"
    said = well_deployed(small, store, "--release", first)
    assert f"s3://blog is release {first}:" in said
    now = {key: (store.body(key), store.head(key).get("WebsiteRedirectLocation")) for key in store.all_keys()}
    assert now == before
    refused = deployed(small, store, "--release", "20200101T000000000000")
    assert refused.exit_code == 1 and f"Kept are: {first}, {second}" in refused.stderr


def test_a_rehearsal_writes_nothing(site_with: SiteWith, store: ObjectStore) -> None:
    small = two_posts(site_with)
    said = well_deployed(small, store, "--dry-run")
    assert "put posts/a/index.html (text/html; charset=utf-8; no-cache)" in said
    assert "nothing was written" in said and "s3://blog has no whole release." in said
    assert {each.method for each in store.asked} <= {"GET", "HEAD"}
    well_deployed(small, store)
    assert "0 to put" in well_deployed(small, store, "--dry-run")


def test_compressed_files_and_files_for_other_hosts_stay_here(site_with: SiteWith, store: ObjectStore) -> None:
    small = site_with({"a": post_text()}, settings='precompress = ["gz"]\n')
    frozen(small)
    assert (small.root / "build/index.html.gz").is_file() and (small.root / "build/_headers").is_file()
    well_deployed(small, store)
    assert not [key for key in store.all_keys() if key.endswith(".gz") or key in HIDDEN]


# What goes wrong.


def failing_from(number: int, status: int, code: str) -> Callable[[Asked], object]:
    return lambda asked: (
        refusal(status, code) if asked.method == "PUT" and not asked.is_own and asked.before >= number else None
    )


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (403, "AccessDenied", "The key needs s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject"),
        (503, "SlowDown", "Try again later."),
        (403, "ExpiredToken", "Sign in again"),
        (400, "Strange", "(400 Strange: As the test wants it)"),
    ],
)
def test_a_store_that_refuses_half_way_is_told_of_and_gone_on_with(
    site_with: SiteWith, store: ObjectStore, monkeypatch: pytest.MonkeyPatch, status: int, code: str, sentence: str
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    small = two_posts(site_with)
    store.fault = failing_from(10, status, code)  # type: ignore[assignment]
    ended = deployed(small, store)
    assert ended.exit_code == 1
    assert sentence in ended.stderr and "Traceback" not in ended.output and len(ended.stderr.splitlines()) <= 3
    assert " objects are there. Readers have what they had. The same command goes on from there." in ended.stderr
    assert not any(key.endswith(".html") for key in store.all_keys())
    there = store.all_keys()
    store.fault = lambda asked: None
    store.asked.clear()
    well_deployed(small, store)
    assert is_what_was_frozen(small, store)
    assert set(store.written()) == release_files(small) - there


def test_a_503_now_and_then_stops_nothing(site_with: SiteWith, store: ObjectStore) -> None:
    small = two_posts(site_with)
    refused: set[str] = set()

    def once(asked: Asked) -> object:
        if asked.method != "PUT" or asked.before % 20 or asked.key in refused or len(refused) > 1:
            return None
        refused.add(asked.key)
        return refusal(503, "SlowDown")

    store.fault = once  # type: ignore[assignment]
    well_deployed(small, store)
    assert refused and is_what_was_frozen(small, store)


def test_a_bucket_that_vanishes_half_way(site_with: SiteWith, store: ObjectStore) -> None:
    small = two_posts(site_with)
    gone = []

    def vanish(asked: Asked) -> None:
        if asked.method == "PUT" and asked.before == 12 and not asked.is_own and not gone:
            gone.append(asked.key)
            empty_all()

    store.fault = vanish  # type: ignore[assignment]
    ended = deployed(small, store)
    assert ended.exit_code == 1 and gone
    assert f'There is no bucket "blog" at {store.address}. Make the bucket first, or mend its name.' in ended.stderr
    assert "Traceback" not in ended.output


def test_a_bucket_that_is_not_there_and_a_store_that_does_not_answer(
    site_with: SiteWith, store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    small = two_posts(site_with)
    ended = deployed(small, store, place="s3://elsewhere")
    assert ended.exit_code == 1 and 'There is no bucket "elsewhere"' in ended.stderr
    store.address = "http://127.0.0.1:9"
    ended = deployed(small, store)
    assert ended.exit_code == 1
    assert "http://127.0.0.1:9 can't be reached" in ended.stderr and len(ended.stderr.splitlines()) == 1
    store.address = "nonsense"
    ended = deployed(small, store)
    assert ended.exit_code == 1 and "Look at --endpoint" in ended.stderr and "Traceback" not in ended.output


def test_without_credentials(site_with: SiteWith, store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    small = two_posts(site_with)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    ended = deployed(small, store)
    assert ended.exit_code == 1
    assert "There are no credentials for s3://blog. Give AWS_ACCESS_KEY_ID" in ended.stderr


@pytest.mark.parametrize("place", ["blog", "https://blog", "s3://", "s3://b", "s3://blog/../x", "s3://blog/a//b"])
def test_a_place_that_is_none_is_wrong_usage(site_with: SiteWith, store: ObjectStore, place: str) -> None:
    ended = deployed(two_posts(site_with), store, place=place)
    assert ended.exit_code == 2 and "Write " in ended.stderr


def test_without_a_release_or_with_a_damaged_one(site_with: SiteWith, store: ObjectStore) -> None:
    small = site_with({"a": post_text()})
    ended = deployed(small, store)
    assert ended.exit_code == 1 and "There is no release yet" in ended.stderr
    frozen(small)
    page = (small.root / "build/posts/a/index.html").resolve()
    page.write_bytes(page.read_bytes() + b" ")
    ended = deployed(small, store)
    assert ended.exit_code == 1
    assert '"posts/a/index.html" of release' in ended.stderr and "flask freeze" in ended.stderr
    assert "posts/a/index.html" not in store.all_keys()
    page.unlink()
    assert "is not the one that was written" in deployed(small, store).stderr


def test_sources_that_were_touched_and_say_the_same_have_not_changed(site_with: SiteWith, store: ObjectStore) -> None:
    small = two_posts(site_with)
    frozen(small)
    (small.pages / "posts/a.md").chmod(0o600)
    os.utime(small.pages / "tags.toml", (1, 1))
    assert "The sources have changed" not in deployed(small, store).stderr


def test_it_is_said_that_the_sources_have_changed_since(site_with: SiteWith, store: ObjectStore) -> None:
    small = two_posts(site_with)
    small.write("posts/a.md", post_text("Another"))
    assert "The sources have changed since this release was made" in deployed(small, store).stderr


@pytest.mark.parametrize("kind", ["refused", "forgotten"])
def test_a_store_without_redirects_gets_the_pages_that_lead_on(
    site_with: SiteWith, store: ObjectStore, kind: str
) -> None:
    small = site_with({"a": post_text(aliases="['/old/']")})
    frozen(small)

    def refuse(asked: Asked) -> object:
        is_leading = "X-Amz-Website-Redirect-Location" in asked.headers
        return refusal(501, "NotImplemented") if asked.method == "PUT" and is_leading else None

    def forget(asked: Asked) -> object:
        is_asked = asked.method == "HEAD" and asked.key == "old/index.html"
        return refusal(200, "") if is_asked else None

    store.fault = refuse if kind == "refused" else forget  # type: ignore[assignment]
    ended = deployed(small, store)
    assert ended.exit_code == 0, ended.output
    assert "This store takes no redirects: at old addresses a page leads on." in ended.stderr
    assert b'http-equiv="refresh"' in store.body("old/index.html")


def test_a_store_without_conditional_writes_will_do(site_with: SiteWith, store: ObjectStore) -> None:
    small = two_posts(site_with)
    store.fault = lambda asked: (
        refusal(501, "NotImplemented") if {"If-None-Match", "If-Match"} & asked.headers.keys() else None
    )
    well_deployed(small, store)
    assert is_what_was_frozen(small, store)


@pytest.mark.parametrize("code", ["InvalidRequest", "InvalidArgument"])
def test_a_store_that_refuses_a_write_for_another_reason_is_told_of(
    site_with: SiteWith, store: ObjectStore, code: str
) -> None:
    small = two_posts(site_with)
    store.fault = lambda asked: refusal(400, code, "No such key class") if asked.method == "PUT" else None
    ended = deployed(small, store)
    assert ended.exit_code == 1 and isinstance(ended.exception, SystemExit), ended.exception
    assert f"refused to put {LOCK} (400 {code}: No such key class)." in ended.stderr


def test_a_manifest_that_cannot_be_read_stops_it(site_with: SiteWith, store: ObjectStore) -> None:
    small = two_posts(site_with)
    store.client.put_object(Bucket=BUCKET, Key=MANIFEST, Body=b'{"form": 99}')
    ended = deployed(small, store)
    assert ended.exit_code == 1 and f"s3://blog/{MANIFEST} is not what a deploy of this version writes" in ended.stderr
    assert store.written() == []


def started(small: SmallSite, store: ObjectStore) -> subprocess.Popen[str]:
    prepared(small)
    words = [sys.executable, "-m", "flask", "deploy", f"s3://{BUCKET}", "--endpoint", store.address]
    return subprocess.Popen(words, cwd=small.root, env={"PATH": os.environ["PATH"], **KEYS}, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip


@pytest.mark.parametrize(("number", "sent"), [(0, signal.SIGKILL), (15, signal.SIGKILL), (15, signal.SIGINT)])
def test_a_deploy_that_was_killed_is_gone_on_with(
    site_with: SiteWith, store: ObjectStore, number: int, sent: signal.Signals
) -> None:
    small = two_posts(site_with)
    running: list[subprocess.Popen[str]] = []
    hit: list[Asked] = []

    def kill(asked: Asked) -> object:
        if asked.method == "PUT" and not asked.is_own and asked.before >= number:
            if not hit:
                hit.append(asked)
                running[0].send_signal(sent)
            time.sleep(0.2)
            return refusal(503, "SlowDown")
        return None

    store.fault = kill  # type: ignore[assignment]
    running.append(started(small, store))
    _, said = running[0].communicate(timeout=60)
    assert running[0].returncode == (130 if sent is signal.SIGINT else -sent), said
    assert sent is signal.SIGKILL or ("Interrupted" in said and "Traceback" not in said)
    store.fault = lambda asked: None
    there = store.all_keys()
    assert len(there) < number + JOBS  # What was on its way may have come before the refusals.
    known = json.loads(store.body(MANIFEST))
    assert known["release"] == "" and known["pending"].keys() >= release_files(small) - there
    small.write("posts/a.md", "").unlink()  # The next one is another release, without what may be there already.
    frozen(small, "--drop", "*")
    store.asked.clear()
    well_deployed(small, store)
    assert is_what_was_frozen(small, store) and store.all_keys() == release_files(small)
    assert len(store.written()) < len(release_files(small)) or not there
    assert json.loads(store.body(MANIFEST))["pending"] == {}


def test_of_two_at_once_one_waits(site_with: SiteWith, store: ObjectStore) -> None:
    small = two_posts(site_with)
    said: list[subprocess.CompletedProcess[str]] = []

    def second(asked: Asked) -> None:
        if asked.method == "PUT" and asked.before == 10 and not asked.is_own and not said:
            said.append(None)  # type: ignore[arg-type]
            words = ("deploy", f"s3://{BUCKET}", "--endpoint", store.address)
            said[0] = flask(small, *words, **KEYS)

    store.fault = second  # type: ignore[assignment]
    well_deployed(small, store)
    assert said[0].returncode == 1
    assert f"Another deploy to s3://blog runs (pid {os.getpid()} on " in said[0].stderr
    assert is_what_was_frozen(small, store)


def test_of_two_that_begin_in_the_same_moment_one_gets_the_lease(site_with: SiteWith, store: ObjectStore) -> None:
    small = two_posts(site_with)
    other = json.dumps({"machine": "another", "pid": 1, "name": "ci"}).encode()
    hit: list[str] = []

    def race(asked: Asked) -> None:
        if asked.method == "PUT" and asked.key == LOCK and not hit:
            hit.append(asked.key)
            store.client.put_object(Bucket=BUCKET, Key=LOCK, Body=other)

    store.fault = race  # type: ignore[assignment]
    ended = deployed(small, store)
    assert ended.exit_code == 1 and "Another deploy to s3://blog runs (pid 1 on ci)" in ended.stderr
    assert store.body(LOCK) == other and store.written() == []


def test_a_lease_is_taken_over_from_the_dead_and_kept_from_the_living(
    site_with: SiteWith, store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = two_posts(site_with)
    elsewhere = json.dumps({"machine": "another", "pid": 1, "name": "ci"}).encode()
    store.client.put_object(Bucket=BUCKET, Key=LOCK, Body=elsewhere)
    ended = deployed(small, store)
    assert ended.exit_code == 1 and "Another deploy to s3://blog runs (pid 1 on ci)" in ended.stderr
    assert store.body(LOCK) == elsewhere
    monkeypatch.setattr(lease, "LASTS", -1.0)
    well_deployed(small, store)


def test_a_deploy_that_lost_its_lease_stops_before_pages(site_with: SiteWith, store: ObjectStore) -> None:
    small = two_posts(site_with)
    first_page = []

    def steal(asked: Asked) -> None:
        if asked.method == "PUT" and asked.before == 5 and not asked.is_own and not first_page:
            first_page.append(asked.key)
            store.client.put_object(Bucket=BUCKET, Key=LOCK, Body=b'{"token": "another"}')

    store.fault = steal  # type: ignore[assignment]
    ended = deployed(small, store)
    assert ended.exit_code == 1 and "Another deploy to s3://blog has begun meanwhile" in ended.stderr
    assert not any(key.endswith(".html") for key in store.all_keys())
    assert store.body(LOCK) == b'{"token": "another"}'


def test_a_lease_that_another_deploy_takes_while_it_is_renewed_is_lost(
    site_with: SiteWith, store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = two_posts(site_with)
    monkeypatch.setattr(lease, "RENEWED", -1.0)
    store.fault = lambda asked: refusal(412, "PreconditionFailed") if "If-Match" in asked.headers else None
    ended = deployed(small, store)
    assert ended.exit_code == 1 and "Another deploy to s3://blog has begun meanwhile" in ended.stderr
    assert store.written() == []


def test_without_boto3_it_is_said_how_to_install_it(site_with: SiteWith, tmp_path: Path) -> None:
    small = two_posts(site_with)
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "boto3.py").write_text("raise ModuleNotFoundError('No module named boto3', name='boto3')\n")
    ended = flask(small, "deploy", f"s3://{BUCKET}", PYTHONPATH=str(hidden), **KEYS)
    assert ended.returncode == 1
    assert "boto3 is not installed, which talks to object stores: python -m pip install 'trigpoint[s3]'" in ended.stderr
    assert "Traceback" not in ended.stderr
