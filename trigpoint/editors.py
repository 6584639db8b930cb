"""The address that opens a file in the author's editor, at a line."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

EDITORS = {
    "vscode": "vscode://file{path}:{line}:{column}",
    "vscodium": "vscodium://file{path}:{line}:{column}",
    "cursor": "cursor://file{path}:{line}:{column}",
    "zed": "zed://file{path}:{line}:{column}",
    "sublime": "subl://open?url=file://{path}&line={line}&column={column}",
    "textmate": "txmt://open?url=file://{path}&line={line}&column={column}",
    "idea": "idea://open?file={path}&line={line}&column={column}",
    "pycharm": "pycharm://open?file={path}&line={line}&column={column}",
    "emacs": "org-protocol://open-file?url=file://{path}&line={line}&column={column}",
}
"""What editors listen to, by their names in the setting `editor`. `{path}` is absolute, and begins with a slash."""


def editor_address(editor: str, file: Path, line: int, column: int) -> str:
    """The address of this place, "" without an editor. `editor` is a name of EDITORS or an address with `{path}`."""
    form = EDITORS.get(editor, editor)
    places = {"{path}": quote(str(file.absolute())), "{line}": str(line or 1), "{column}": str(column or 1)}
    for name, value in places.items():
        form = form.replace(name, value)
    return form
