"""Follows the files of a site while its author writes: each edit makes the next Library, and another version.

What the loader looks at by itself a few times a second it looks at here as soon as the system tells of an edit. A
change of site.toml wants a new server, which Werkzeug's reloader starts; one with faults is told of on every page,
and the server goes on with the settings that it has.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from werkzeug.serving import is_running_from_reloader

from trigpoint.faults import Fault
from trigpoint.preview.file_events import file_events
from trigpoint.preview.versions import Versions
from trigpoint.settings import FILE, SettingsError, load_settings, settings_stamp
from trigpoint.theme import FOLDERS
from trigpoint.web.site import Site

SETTLING = 0.01
"""Seconds for which a source must be at rest before the preview reads it. Should it be half-written after all, the
author sees that for a moment; readers never do."""

START_AGAIN = 3
"""The exit code by which Werkzeug's reloader knows that it should start the server anew."""


class Watching:
    """A thread that follows the files of one site, from the first request until its loader stops."""

    def __init__(self, site: Site, versions: Versions) -> None:
        self._site, self._versions = site, versions
        self._settings_stamp = settings_stamp(site.settings.root)
        self.settings_faults: tuple[Fault, ...] = ()
        """What is wrong with site.toml as it is now."""
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """See to it that the thread runs."""
        with self._starting:
            if self._thread is None:
                loader = self._site.loader
                loader.inputs.sources.settling, loader.announce = SETTLING, self._versions.advance
                loader.watch()
                self._thread = threading.Thread(target=self._follow, name="preview-files", daemon=True)
                self._thread.start()

    def _follow(self) -> None:
        settings, loader = self._site.settings, self._site.loader
        layers = (layer.folder for name in FOLDERS for layer in loader.inputs.overlay(name).layers)
        folders = dict.fromkeys((settings.pages_folder, *layers))
        for touched in file_events(folders, loader.stopped, self._site.app.logger):
            if touched:
                loader.look_soon()
            stamp = settings_stamp(settings.root)
            if stamp != self._settings_stamp:
                self._settings_stamp = stamp
                self._settings_changed()

    def _settings_changed(self) -> None:
        try:
            found = load_settings(self._site.settings.root)
        except SettingsError as error:
            self._site.app.logger.warning("%s", error.message)
            self.settings_faults = error.faults
        else:
            if found != self._site.settings:
                self._start_again()
            self.settings_faults = ()
        self._versions.advance()

    def _start_again(self) -> None:
        if not is_running_from_reloader():
            self._site.app.logger.warning("%s has changed: start the server again.", FILE)
            return
        self._site.app.logger.warning("%s has changed: the server starts again.", FILE)
        self._site.loader.stop()
        _end_process(START_AGAIN)


_end_process: Callable[[int], object] = os._exit
"""Ends all threads at once, those that wait for an open page too."""
