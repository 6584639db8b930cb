"""A cover whose picture is not there, or is none: a Fault at its line, and the article has the drawn cover instead.

Pure but for what `Snapshot.picture` says of a file. The Library calls this once: whatever shows a cover gets one
that browsers can show.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from trigpoint.content.pages import Cover, Page
from trigpoint.faults import Fault, did_you_mean
from trigpoint.library.addresses import Addresses
from trigpoint.library.snapshot import PICTURES, Snapshot

KIND = "cover-broken"
UNREADABLE = {
    "unknown": ("is no picture that can be read", "Is it text, or of another kind than its name says?"),
    "lfs": ("is a Git LFS pointer, not the picture itself", "Run `git lfs pull`."),
}
ASSETS = "/static/"


def with_sound_covers(
    pages: Iterable[Page], addresses: Addresses, snapshot: Snapshot
) -> tuple[tuple[Page, ...], list[Fault]]:
    """The pages, those with a broken cover without it; and a Fault for each of these."""
    sound, faults = [], []
    for page in pages:
        found = _why_broken(page.cover, page.path, addresses, snapshot) if page.cover else None
        if page.cover and found:
            line = page.source.line_of("cover", page.cover.image)
            sentence, cure = found
            faults.append(Fault(f"{snapshot.folder}/{page.path}", line, 0, sentence, cure, kind=KIND))
            page = replace(page, cover=None)
        sound.append(page)
    return tuple(sound), faults


def _why_broken(cover: Cover, path: str, addresses: Addresses, snapshot: Snapshot) -> tuple[str, str] | None:
    """Sentence and cure; None where the cover is sound, or is an asset, which the Library does not know."""
    file = addresses.target(cover.image, path).file
    if not file and cover.image.startswith(ASSETS):
        return None
    if not file:
        pictures = [known for known in addresses.files if known.lower().endswith(PICTURES)]
        cure = _beside(cover.image, path, pictures) or "Put the picture beside the article, or mend its name."
        return f'The cover\'s image is "{cover.image}", and there is no such picture.', cure
    picture = snapshot.picture(file)
    if picture is None and not file.lower().endswith(PICTURES):
        return f'The cover\'s image is "{cover.image}", which is no picture by its name.', f"It ends in {_endings()}."
    if picture and picture.problem in UNREADABLE:
        problem, cure = UNREADABLE[picture.problem]
        return f'The cover\'s image is "{cover.image}", which {problem}.', cure
    return None


def _beside(image: str, path: str, pictures: Iterable[str]) -> str:
    """The picture in the article's own folder that has the nearest name."""
    folder = path.rpartition("/")[0] + "/"
    return did_you_mean(image, [each.removeprefix(folder) for each in pictures if each.startswith(folder)])


def _endings() -> str:
    return ", ".join(PICTURES[:-1]) + f" or {PICTURES[-1]}"
