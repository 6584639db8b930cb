"""Language tags as BCP 47 has them, for settings and for front matter."""

from __future__ import annotations

import re

TAG = re.compile(
    r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*(?:-x(?:-[A-Za-z0-9]{1,8})+)?"
)


def is_language(written: str) -> bool:
    """Whether this has the form of a language tag: `en`, `pt-BR`, `zh-Hant-TW`."""
    return TAG.fullmatch(written) is not None


def nearest_language(written: str) -> str:
    """The tag that was meant, where an underscore (as in `zh_CN`) is all that is wrong; "" else."""
    fixed = written.replace("_", "-")
    return fixed if is_language(fixed) else ""
