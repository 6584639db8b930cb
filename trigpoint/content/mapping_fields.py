"""The fields that are mappings: series, cover, extra."""

from __future__ import annotations

import posixpath
import re

from trigpoint.content.pages import Cover, Part, Rules
from trigpoint.content.slugs import slugified
from trigpoint.content.values import TITLE, is_empty, kind_of, plain, shortened, shown, text
from trigpoint.content.yaml_nodes import Mapping, Node, Scalar
from trigpoint.fault_list import FaultList
from trigpoint.faults import did_you_mean


def series(name: str, node: Node, report: FaultList, rules: Rules) -> Part | None:
    parts = _mapping(name, node, ("name", "part"), "{name: …, part: 1}", report)
    if parts is None:
        return None
    label = text("name", parts["name"], report, TITLE)
    number = parts["part"].text if isinstance(parts["part"], Scalar) else ""
    if not re.fullmatch(r"[1-9]\d{0,3}", number, re.ASCII):
        report.doubt(
            parts["part"],
            f'"part" is {shown(parts["part"])}, but a whole number from 1 is expected.',
            "Write `part: 1` for the first.",
        )
        return None
    if label == "":
        report.doubt(parts["name"], 'The "name" of the series is empty.', "Write the name that its parts share.")
    return Part(label, slugified(label), int(number)) if label else None


def cover(name: str, node: Node, report: FaultList, rules: Rules) -> Cover | None:
    if isinstance(node, Scalar):
        cure = f'Write `{name}: {{image: {shortened(node.text)}, alt: "…"}}`.'
        report.doubt(
            node, f'"{name}" is a path alone, and the words for those who cannot see the picture are missing.', cure
        )
        return None
    parts = _mapping(name, node, ("image", "alt"), '{image: …, alt: "…"}', report)
    if parts is None:
        return None
    image, alt = (text(part, parts[part], report) for part in ("image", "alt"))
    if image is not None and (reason := _picture_fault(image, report.path, rules)):
        report.doubt(
            parts["image"],
            f'The cover\'s image is "{shortened(image)}", but {reason}.',
            "Put the picture beside the post, and write its name.",
        )
        return None
    return None if image is None or alt is None else Cover(image, alt)


def _picture_fault(image: str, path: str, rules: Rules) -> str:
    if not image:
        return "it is empty"
    if re.match(r"[A-Za-z][\w+.-]*:|//|.*\\", image):
        return "a picture of this site is expected"
    folder = "" if image.startswith("/") else posixpath.dirname(path.removeprefix(f"{rules.folder}/"))
    inside = posixpath.normpath(posixpath.join(folder, image.lstrip("/")))
    return "that is outside the pages" if inside.split("/")[0] == ".." else ""


def extra(name: str, node: Node, report: FaultList, rules: Rules) -> dict[str, object] | None:
    if isinstance(node, Mapping):
        return {key: plain(value) for key, (_, value) in node.entries.items()}
    report.doubt(node, f'"{name}" is {kind_of(node)}, but a mapping is expected.', f"Write `{name}: {{key: value}}`.")
    return None


def _mapping(name: str, node: Node, keys: tuple[str, ...], form: str, report: FaultList) -> dict[str, Node] | None:
    """The values of a mapping that has exactly these keys."""
    cure = f"Write `{name}: {form}`."
    if not isinstance(node, Mapping):
        report.doubt(node, f'"{name}" is {kind_of(node)}, but a mapping is expected.', cure)
        return None
    for key, (place, _) in node.entries.items():
        if key not in keys:
            report.doubt(place, f'"{key}" is not a part of "{name}".', did_you_mean(key, keys) or cure)
    missing = [key for key in keys if key not in node.entries or is_empty(node.entries[key][1])]
    for key in missing:
        report.doubt(node, f'"{name}" has no "{key}".', cure)
    return None if missing else {key: node.entries[key][1] for key in keys}
