"""A generator's configuration, read as far as it is plain: YAML, TOML, JSON, the constants of a Python file.

No program of an old blog is ever run. Values are texts, lists and mappings; TOML and JSON keep numbers and truths.
"""

from __future__ import annotations

import ast
import json
import re
import tomllib
from typing import Any

import yaml

from trigpoint.importing.reading.folders import Folder

Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Every scalar is the text that was written, and a tag (`!!python/name:x`) means nothing."""

COMMENT = re.compile(r"(?P<text>\"[^\"\n]*\"|'[^'\n]*')|//[^\n]*|/\*.*?\*/", re.S)
EXPORTED = re.compile(r"(?:\bexport\s+default|\bmodule\.exports\s*=)\s*(\{.*\})", re.S)


def yaml_value(text: str) -> Any:
    """What a YAML text holds, its scalars as texts. Raises ValueError."""
    try:
        return yaml.load(text, Loader=Loader)  # A BaseLoader makes texts, lists and mappings alone.
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    except TypeError as error:  # A mapping that is the key of another.
        raise ValueError("a key is no text") from error


def configuration(folder: Folder, *names: str) -> dict[str, Any]:
    """The first of these files that can be read, as one mapping; {} where there is none."""
    for name in names:
        if name not in folder.names:
            continue
        try:
            found = parsed(folder.text(name), name)
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    return {}


def parsed(text: str, name: str) -> Any:
    """The value that a file of this name holds. Raises ValueError."""
    suffix = name.rpartition(".")[2].lower()
    if suffix == "toml":
        return tomllib.loads(text)
    if suffix == "json":
        return json.loads(text)
    if suffix == "py":
        return constants(text)
    if suffix in ("js", "cjs", "mjs"):
        return yaml_value(_object(text))
    return yaml_value(text)


def _object(text: str) -> str:
    """The object that a module of JavaScript exports, where it is plain, as YAML has it too. Raises ValueError."""
    found = EXPORTED.search(COMMENT.sub(lambda part: part["text"] or "", text))
    if not found:
        raise ValueError("it exports no object")
    return found[1].expandtabs(2)


def constants(text: str) -> dict[str, Any]:
    """The names that a Python file assigns a constant, also one that is put together from constants before it."""
    found: dict[str, Any] = {}
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return found
    for node in tree.body:
        if isinstance(node, ast.Assign):
            value = _constant(node.value, found)
            for target in node.targets:
                if isinstance(target, ast.Name) and value is not None:
                    found[target.id] = value
    return found


def _constant(node: ast.expr, known: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _constant(node.left, known), _constant(node.right, known)
        return left + right if isinstance(left, str) and isinstance(right, str) else None
    if isinstance(node, ast.List | ast.Tuple):
        return [_constant(item, known) for item in node.elts]
    if isinstance(node, ast.Dict):
        pairs = [
            (_constant(key, known) if key else None, _constant(value, known))
            for key, value in zip(node.keys, node.values, strict=True)
        ]
        return {key: value for key, value in pairs if isinstance(key, str)}
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


def text_of(value: Any, *keys: str) -> str:
    """The text at this place of nested mappings, or ""."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or isinstance(value, dict | list) else str(value)


def mapping_of(value: Any, *keys: str) -> dict[str, Any]:
    """The mapping at this place of nested mappings, or {}."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def named_texts(value: Any, name: str) -> dict[str, str]:
    """The texts in nested mappings under the names that a template has for them, and the lengths of lists.

    Such names are `site.author.name`, `site.plugins.size`.
    """
    if isinstance(value, dict):
        return {key: text for part, each in value.items() for key, text in named_texts(each, f"{name}.{part}").items()}
    if isinstance(value, list):
        return {f"{name}.size": str(len(value))}
    return {name: str(value)} if isinstance(value, str | int | float) else {}


def split_url(url: str) -> tuple[str, str]:
    """A site's URL as host and path: `https://a.example/blog/` -> (`https://a.example`, `/blog`)."""
    found = re.match(r"(?P<host>(?:https?:)?//[^/?#\s]+)(?P<path>[^?#\s]*)", url.strip())
    return (found["host"], found["path"].rstrip("/")) if found else ("", "")
