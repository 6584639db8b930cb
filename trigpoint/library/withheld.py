"""Files below pages/ that no reader should get: keys and passwords, sources and settings of other generators. Pure.

They are neither served nor published, and each is told of. In the folder of an article a `package.json` is code of
that article as any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

HEADER = re.compile(
    rb"(?P<before>(?:\xef\xbb\xbf)?\s*)(?:---|\+\+\+)[ \t]*\r?\n[ \t]*[\"']?[A-Za-z_][\w-]*[\"']?[ \t]*[:=]"
)
TEXTS = (
    ".html", ".htm", ".xhtml", ".txt", ".rst", ".adoc", ".asciidoc", ".org", ".textile", ".mdown", ".mkd", ".mkdn",
    ".rmd", ".qmd", ".njk", ".liquid",
)  # fmt: skip
"""The endings of texts that other generators make pages of. In data (YAML) the same lines are no header."""

SECRET = re.compile(r"id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|.*\.(?:ppk|p12|pfx|pk8|jks|keystore|kdbx)", re.I)
"""Whole names of private keys, and of what keeps passwords."""
MAY_BE_SECRET = (".key", ".pem", ".asc")
"""Endings of private keys, but also of certificates, signatures and Keynote's slides."""
ENVIRONMENT = re.compile(r".+\.env(?:\.\w+)?|env\.(?:local|production|development|staging)", re.I)
"""Whole names of variables for a program, passwords mostly among them; `.env` itself is hidden, and passed over."""
OF_TOOLS = re.compile(
    r"_?config\.(?:ya?ml|toml|json|ru)|_config\..+\.ya?ml|(?:hugo|site|netlify|wrangler|pyproject)\.toml|hugo\.ya?ml"
    r"|(?:gem|rake|docker|make|proc)file|gemfile\.lock|(?:package|package-lock|composer|vercel|firebase|tsconfig)\.json"
    r"|(?:yarn|poetry|composer)\.lock|pnpm-lock\.yaml|mkdocs\.ya?ml|docker-compose\.ya?ml|requirements\.txt|go\.(?:mod|sum)"
    r"|(?:pelicanconf|publishconf|conf|fabfile|tasks)\.py|wp-config\.php"
    r"|(?:gatsby-(?:config|node)|(?:astro|next|eleventy|docusaurus|vite|webpack)\.config)\.[cm]?[jt]s",
    re.I,
)
"""Whole names of what other generators and their tools read."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """Why a file is not for readers: the kind of its Fault, what is said of it, how to mend it, and where it shows."""

    kind: str
    sentence: str
    cure: str
    warning: bool = False
    line: int = 0


KEY = Withheld("file-secret", "This is a private key, or holds passwords; it is not published.", "Move it out of here.")
VARIABLES = Withheld(
    "file-withheld",
    "This looks like variables with passwords; it is not published.",
    "Move it out of here.",
    warning=True,
)
TOOLS = Withheld(
    "file-withheld",
    "This is a file of another generator or its tools; it is not published.",
    "Move it out of here.",
    warning=True,
)


def withheld(path: str, start: Callable[[], bytes]) -> Withheld | None:
    """Why readers do not get the file at this path below pages/; None where they do. `start` reads its first bytes."""
    folder, _, name = path.rpartition("/")
    if SECRET.fullmatch(name) or (name.lower().endswith(MAY_BE_SECRET) and _is_key(name, start())):
        return KEY
    if ENVIRONMENT.fullmatch(name):
        return VARIABLES
    if folder in ("", "posts") and OF_TOOLS.fullmatch(name):
        return TOOLS
    found = HEADER.match(start()) if name.lower().endswith(TEXTS) else None
    return _source(found["before"].count(b"\n") + 1) if found else None


def _is_key(name: str, start: bytes) -> bool:
    """A `.key` is one, but for Keynote's, which is a ZIP archive."""
    return b"PRIVATE KEY" in start or (name.lower().endswith(".key") and not start.startswith(b"PK"))


def _source(line: int) -> Withheld:
    sentence = "This file begins with a header, as an article does, so it is not published: it may be a draft."
    cure = "Give it a name that ends in `.md`, or take the header out."
    return Withheld("file-header", sentence, cure, line=line)
