"""Emphasis and strike-through: signs that come in pairs.

The library's rules, with two differences. Beside a letter or sign of Chinese, Japanese or Korean, which are written
without spaces, a sign may open and close. Strike-through is GitHub's: one tilde or two, the same on both sides.
"""

from __future__ import annotations

import re

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline, balance_pairs, emphasis
from markdown_it.rules_inline.state_inline import Delimiter, Scanned

CJK = re.compile(
    "[\u1100-\u11ff\u2e80-\u303f\u3040-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U0001aff0-\U0001b16f\U00020000-\U0003ffff]"
)
LONGEST = 60
"""Signs of a run that may be emphasis; a longer one is a drawn line."""
SINGLE, DOUBLE = 0x7E, 0x7E7E
"""Markers of the two kinds of strike-through."""


class State(StateInline):
    """A line of text that is being read."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        """Whether the run of signs from here may open and close a pair."""
        scanned = super().scanDelims(start, canSplitWord)
        if self.src.isascii():
            return scanned
        end = start + scanned.length
        before = self.src[start - 1] if start else " "
        behind = self.src[end] if end < self.posMax else " "
        if not (CJK.match(before) or CJK.match(behind)):
            return scanned
        left, right = not isWhiteSpace(ord(behind)), not isWhiteSpace(ord(before))
        can_open = left and (canSplitWord or not right or _is_sign(before))
        can_close = right and (canSplitWord or not left or _is_sign(behind))
        return Scanned(can_open, can_close, scanned.length)


def _is_sign(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)


def stressed(state: StateInline, silent: bool) -> bool:
    """A run of `*` or `_`."""
    found = re.compile(re.escape(state.src[state.pos]) + "+").match(state.src, state.pos)
    if found and len(found[0]) > LONGEST:
        state.append_pending(found[0])
        state.pos = found.end()
        return True
    return emphasis.tokenize(state, silent)


def struck(state: StateInline, silent: bool) -> bool:
    """A run of `~`; more than two are text."""
    scanned = state.scanDelims(state.pos, True)
    signs = "~" * scanned.length
    if scanned.length > 2:
        state.append_pending(signs)
    else:
        state.push("text", "", 0).content = signs
        marker = SINGLE if scanned.length == 1 else DOUBLE
        at = len(state.tokens) - 1
        state.delimiters.append(Delimiter(marker, 0, at, -1, scanned.can_open, scanned.can_close))
    state.pos += scanned.length
    return True


def paired(state: StateInline, start: int) -> None:
    """Let the delimiters from this one on find their partners, and make elements of those that do."""
    if len(state.delimiters) <= start:
        return
    outer = state.delimiters
    state.delimiters = outer[start:]
    del outer[start:]
    state.tokens_meta.clear()
    balance_pairs.link_pairs(state)
    for delimiter in state.delimiters:
        if delimiter.marker in (SINGLE, DOUBLE) and delimiter.end >= 0:
            _strike(state, delimiter.token, 1)
            _strike(state, state.delimiters[delimiter.end].token, -1)
    emphasis.postProcess(state)
    state.delimiters = outer


def _strike(state: StateInline, at: int, nesting: int) -> None:
    token = state.tokens[at]
    token.type, token.tag, token.content = ("s_open" if nesting > 0 else "s_close"), "del", ""
    token.nesting = nesting  # type: ignore[assignment]
