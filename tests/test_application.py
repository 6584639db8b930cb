"""The application is a few lines, has its parts, and starts nothing before it is asked."""

from __future__ import annotations

import runpy
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import ROOT, SiteWith, SmallSite, post_text, preview_of
from trigpoint.application import create_app


def test_the_factory_is_read_at_a_glance() -> None:
    assert len((ROOT / "app.py").read_text().splitlines()) <= 20


def test_two_applications_do_not_know_of_each_other(site_with: SiteWith) -> None:
    first, second = site_with({"a": post_text("First")}, name="one"), site_with({"b": post_text("Second")}, name="two")
    assert "First" in first.text("/posts/a/")
    assert second.status("/posts/a/") == 404


def test_nothing_runs_before_the_first_request(site_with: SiteWith) -> None:
    root = site_with().root
    before = set(threading.enumerate())
    create_app(root)
    assert set(threading.enumerate()) <= before


def test_many_first_requests_start_one_thread(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})

    def looks() -> int:
        return sum(thread.name == "loader" for thread in threading.enumerate())

    before = looks()
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda _: small.client.get("/").status_code, range(16))) == {200}
    assert looks() == before + 1
    small.site.loader.stop()


def test_each_command_has_its_help(site_with: SiteWith) -> None:
    runner = site_with().app.test_cli_runner()
    for command in ("freeze", "check"):
        assert runner.invoke(args=[command, "--help"]).exit_code == 0


def test_a_folder_may_be_named_by_a_text(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    assert create_app(str(small.root)).test_client().get("/posts/a/").status_code == 200


def test_only_flask_run_shows_drafts(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """gunicorn with FLASK_DEBUG in its environment serves what readers see, and says so in one line."""
    root = site_with({"a": post_text("Not yet", draft="true")}).root
    monkeypatch.setenv("FLASK_DEBUG", "1")
    served = create_app(root)
    assert served.test_client().get("/posts/a/").status_code == 404
    assert ["FLASK_DEBUG is set" in record.message for record in caplog.records] == [True]
    monkeypatch.delenv("FLASK_DEBUG")
    preview = preview_of(root)
    assert preview.test_client().get("/posts/a/").status_code == 200
    for app in (served, preview):
        app.extensions["trigpoint"].loader.stop()


def test_gunicorn_reads_the_pages_before_the_first_reader_asks(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A")})
    hooks: dict[str, Any] = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    worker = SimpleNamespace(wsgi=small.app, age=1, cfg=SimpleNamespace(workers=1))
    hooks["post_worker_init"](worker)
    while not small.site.loader.searchable:
        time.sleep(0.01)
    assert small.site.loader.searchable.shard_names()


def test_what_is_set_after_create_app_shows_no_drafts(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    """An app.py may read FLASK_DEBUG from the environment itself, or debug a server that is there for readers."""
    small = site_with({"a": post_text("Not yet", draft="true")})
    monkeypatch.setenv("FLASK_DEBUG", "1")
    for debug in (lambda app: app.config.from_prefixed_env(), lambda app: setattr(app, "debug", True)):
        app = create_app(small.root)
        debug(app)
        assert app.debug
        again = SmallSite(small.root, app)
        assert [again.status(address) for address in ("/posts/a/", "/styleguide/", "/")] == [404, 404, 200]
        again.site.loader.stop()
