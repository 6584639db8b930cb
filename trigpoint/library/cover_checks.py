"""A cover whose picture is not there, or is none: a Fault at its line, and the article has the drawn cover instead;
and the same of the pictures of authors.

Pure but for what `Snapshot.picture` says of a file. The Library calls this once: whatever shows a cover gets one
that browsers can show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from trigpoint.content.pages import Page
from trigpoint.content.registries.authors import AUTHORS
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
        found = _why_broken(page.cover.image, page.path, addresses, snapshot) if page.cover else None
        if page.cover and found:
            line = page.source.line_of("cover", page.cover.image)
            sentence, cure = f"The cover's image is {found[0]}", found[1]
            faults.append(Fault(f"{snapshot.folder}/{page.path}", line, 0, sentence, cure, kind=KIND))
            page = replace(page, cover=None)
        sound.append(page)
    return tuple(sound), faults


def broken_pictures(addresses: Addresses, snapshot: Snapshot) -> Iterator[Fault]:
    """A Fault for each author whose picture is not there, or is none."""
    for author in snapshot.authors:
        found = _why_broken(author.picture, AUTHORS, addresses, snapshot) if author.picture else None
        if found:
            sentence = f'The picture of "{author.slug}" is {found[0]}'
            yield Fault(f"{snapshot.folder}/{AUTHORS}", author.line, 0, sentence, found[1], kind="author-picture")


def _why_broken(image: str, path: str, addresses: Addresses, snapshot: Snapshot) -> tuple[str, str] | None:
    """Sentence and cure; None where the picture is sound, or is an asset, which the Library does not know."""
    file = addresses.target(image, path).file
    if not file and image.startswith(ASSETS):
        return None
    if not file:
        pictures = [known for known in addresses.files if known.lower().endswith(PICTURES)]
        cure = _beside(image, path, pictures) or f"Put the picture {_place(path)}, or mend its name."
        return f'"{image}", and there is no such picture.', cure
    picture = snapshot.picture(file)
    if picture is None and not file.lower().endswith(PICTURES):
        return f'"{image}", which is no picture by its name.', f"It ends in {_endings()}."
    if picture and picture.problem in UNREADABLE:
        problem, cure = UNREADABLE[picture.problem]
        return f'"{image}", which {problem}.', cure
    return None


def _place(path: str) -> str:
    return "below pages/" if path == AUTHORS else "beside the article"


def _beside(image: str, path: str, pictures: Iterable[str]) -> str:
    """The picture in the folder of the file at `path` that has the nearest name."""
    folder = path[: path.rfind("/") + 1]
    return did_you_mean(image, [each.removeprefix(folder) for each in pictures if each.startswith(folder)])


def _endings() -> str:
    return ", ".join(PICTURES[:-1]) + f" or {PICTURES[-1]}"
