"""What the preview shows where the code of a site cannot be loaded: at every address what is wrong, until it is mended.

The server starts itself anew with the next edit, and an open page finds the one that is then there.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from trigpoint.faults import Fault
from trigpoint.preview.live import EVENTS, events, file_of_preview, script_of
from trigpoint.preview.overlay import failed_page
from trigpoint.preview.versions import Versions
from trigpoint.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class StandIn:
    """The application in the place of one that cannot be loaded."""

    def __init__(self, root: Path, fault: Fault) -> None:
        self._page = failed_page(_settings(root), fault)
        self._versions = Versions()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._answer(environ.get("PATH_INFO", ""))(environ, start_response)

    def _answer(self, path: str) -> WSGIApplication:
        if path == EVENTS:
            return Response(events(self._versions, Event()), mimetype="text/event-stream", headers=FRESH)
        version = self._versions.current
        page = self._page.replace("</body>", f"{script_of(version)}</body>")
        shown = Response(page, 500, {**FRESH, "X-Preview-Version": version}, mimetype="text/html")
        return file_of_preview(path, FRESH) or shown


FRESH = {"Cache-Control": "no-store"}


def _settings(root: Path) -> Settings:
    """The settings, which know the author's editor; where they have faults too, none."""
    try:
        return load_settings(root)
    except SettingsError:
        return Settings(title="", description="", base_url="", root=root)
