"""Cells of Quarto and R Markdown: code that runs there is shown or hidden, as it says, and so are pictures it names.

What else the code drew or printed only the program knows that ran it. Where nothing runs it, it is code without its
options. So is Pandoc's raw text for one format, which is shown where that is HTML. Line for line, and pure.

Sources: https://quarto.org/docs/computations/execution-options.html, https://yihui.org/knitr/options/,
https://pandoc.org/MANUAL.html#generic-raw-attribute.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trigpoint.inventory import COMPUTED_SUFFIXES
from trigpoint.markup.foreign.calls import parameters
from trigpoint.markup.foreign.html_form import FILLED
from trigpoint.markup.foreign.masking import FENCE, Rule, written
from trigpoint.markup.foreign.meanings import figure

SIGNS = re.compile(r"(?:`{3}|~{3})[ \t]*\{[=A-Za-z]")
"""One of these stands in every text that has a cell."""

CELL = re.compile(
    r"(?P<margin>[ \t>]*)(?P<mark>`{3,}|~{3,})[ \t]*"
    r"\{(?P<raw>=?)(?P<engine>[A-Za-z]\w*)(?P<info>(?:[ ,\t][^\n]*)?)\}[ \t]*\Z"
)
ENGINES = {
    **{name: name for name in ("r", "python", "julia", "bash", "sh", "zsh", "sql", "css", "scss", "js", "stan",
       "mermaid", "dot", "cpp", "c", "fortran", "perl", "ruby", "powershell", "scala", "go", "rust", "haskell",
       "awk", "sed", "octave", "stata", "sas", "yaml", "html", "tikz", "lua", "php", "swift", "java", "duckdb")},
    "node": "js", "ojs": "js", "rcpp": "cpp", "observable": "js", "coffee": "coffeescript",
    **dict.fromkeys(("py", "python2", "python3"), "python"),
    "block": "", "block2": "", "cat": "text", "text": "text", "verbatim": "text", "embed": "text", "asis": "",
    "d2": "text", "theorem": "", "comment": "", "eval": "r", "targets": "r", "bslib": "text",
}  # fmt: skip
"""By the name of what runs a cell: the language of its code."""

TEXTS = ("asis", "theorem")
HTML = ("=html", "=html5", "=html4")
OPTION = re.compile(r"[ \t>]*(?:#|//|%%?|--)[ ]?\|[ ]?(?P<indent>[ ]*)(?:(?P<name>[\w.-]+)[ ]*[:=][ ]*(?P<value>.*))?")
GRAPHICS = re.compile(r"\binclude_graphics\((?P<paths>[^()\n]*(?:\([^()\n]*\))?)")
PATH = re.compile(r"[\"']([^\"'\n]+\.(?:png|jpe?g|gif|webp|avif|svg)|https?:[^\"'\n\s]+)[\"']", re.I)
RUN = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})[ \t]*\{(?:r|python|julia|ojs|sql|bash|stan)\b", re.M | re.I)
DEFAULT = re.compile(r"\becho\s*=\s*(?P<value>T(?:RUE)?|F(?:ALSE)?)\b")
HIDDEN = re.compile(r"^execute:[ \t]*\n(?:[ \t]+[^\n]*\n)*?[ \t]+(?:echo|include):[ \t]*[\"']?(?:false|no|off)\b", re.M)
NO = ("false", "f", "no", "off", "hide")
TITLES = ("filename", "lst-cap")
INLINE = re.compile(r"(?P<code>[\0`]+)\{=(?P<format>[a-z]\w*)\}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: what runs it, its options with hyphens in their names, its code, and how many lines say options."""

    margin: str
    mark: str
    engine: str
    options: Mapping[str, str]
    code: Sequence[str]
    head: int

    def says_no(self, *names: str) -> bool:
        return any(self.options.get(name, "").casefold() in NO for name in names)


def is_computed(path: str) -> bool:
    """Whether Quarto or knitr runs the text at this path."""
    return path.lower().endswith(COMPUTED_SUFFIXES)


def hides_code(header: str) -> bool:
    """Whether the header (YAML) says that no code is shown."""
    return "execute:" in header and HIDDEN.search(f"{header}\n") is not None


def has_output(text: str) -> bool:
    """Whether code of a language that prints or draws stands in the cells of a text."""
    return RUN.search(text) is not None


def with_cells(text: str, is_run: bool, is_hidden: bool = False) -> str:
    """The text with fences as others read them for its cells. `is_hidden`: code is shown only where it says so."""
    if not SIGNS.search(text):
        return text
    lines, at = text.split("\n"), 0
    while at < len(lines):
        opened = FENCE.match(lines[at])
        end = _end(lines, at, opened["mark"]) if opened else at
        if opened and (cell := _cell(lines, at, end)):
            is_hidden = _default(cell, is_hidden)
            new = _raw(cell) if cell.engine[0] == "=" else _output(cell, is_hidden) if is_run else _code(cell)
            lines[at : end + 1] = new
            end = at + len(new) - 1
        at = end + 1
    return "\n".join(lines)


def _end(lines: Sequence[str], at: int, mark: str) -> int:
    """The line that closes the fence of this one; past the last where none does."""
    close = re.compile(rf"[ \t>]*{re.escape(mark)}{mark[0]}*[ \t]*\Z")
    return next((end for end in range(at + 1, len(lines)) if close.match(lines[end])), len(lines))


def _cell(lines: Sequence[str], at: int, end: int) -> Cell | None:
    found = CELL.match(lines[at])
    engine = found["engine"].lower() if found else ""
    if not found or end >= len(lines) or not (found["raw"] or engine in ENGINES):
        return None
    _, named = parameters(found["info"])
    options = {re.sub(r"[._]", "-", name): value for name, value in named.items()}
    body, head = lines[at + 1 : end], 0
    for option in map(OPTION.match, [] if found["raw"] else body):
        if option is None:
            break
        head += 1
        if option["name"] and not option["indent"]:
            options[re.sub(r"[._]", "-", option["name"].lower())] = option["value"].strip().strip("\"'")
    while head and head < len(body) and not body[head].strip():
        head += 1
    return Cell(found["margin"], found["mark"], found["raw"] + engine, options, body[head:], head)


def _default(cell: Cell, is_hidden: bool) -> bool:
    """Whether code is hidden from here on: a cell may say so of all that follow."""
    for line in cell.code if any("opts_chunk$set" in line for line in cell.code) else ():
        if said := DEFAULT.search(line):
            return said["value"].startswith("F")
    return is_hidden


def _raw(cell: Cell) -> list[str]:
    """The HTML or the Markdown itself; what is meant for another format is not shown."""
    if cell.engine in HTML:
        return ["", *(line if line.strip() else FILLED for line in cell.code), ""]
    return ["", *cell.code, ""] if cell.engine == "=markdown" else [""] * (len(cell.code) + 2)


def _output(cell: Cell, is_hidden: bool) -> list[str]:
    """What is shown of a cell that is run, in as many lines; in one more where a picture follows its code."""
    whole = cell.head + len(cell.code) + 2
    if cell.says_no("include") or cell.engine == "comment":
        return [""] * whole
    if cell.engine in TEXTS:
        return [*[""] * (cell.head + 1), *cell.code, ""]
    pictures = [] if cell.says_no("eval", "output", "fig-show") else _pictures(cell)
    is_drawn = cell.engine in ("mermaid", "dot")
    if not is_drawn and (cell.says_no("echo") or (is_hidden and "echo" not in cell.options)):
        return ["", *pictures, *[""] * (whole - 1 - len(pictures))]
    return _code(cell, pictures)


def _code(cell: Cell, pictures: Sequence[str] = ()) -> list[str]:
    name = next((cell.options[each] for each in TITLES if cell.options.get(each)), "").replace('"', "'")
    title = f' title="{name}"' if name else ""
    fence = [f"{cell.margin}{cell.mark}{ENGINES[cell.engine]}{title}", *cell.code, f"{cell.margin}{cell.mark}"]
    return [*[""] * (cell.head - len(pictures)), *fence, *pictures]


def _pictures(cell: Cell) -> list[str]:
    """The pictures that the code of a cell only shows, in one line."""
    called = [call for line in cell.code if "include_graphics(" in line for call in GRAPHICS.finditer(line)]
    paths = [path for call in called for path in PATH.findall(call["paths"])]
    alt, caption = cell.options.get("fig-alt", ""), cell.options.get("fig-cap", "")
    shown = [" ".join(figure(path, alt, caption).split("\n\n")) for path in paths]
    return [cell.margin + " ".join(shown)] if shown else []


def _in_line(text: str, found: re.Match[str]) -> str | None:
    """`` `<br>`{=html} ``."""
    if "`" in found["code"]:  # No code ends here.
        return None
    return written(text, found, "code").strip("`") if f"={found['format']}" in HTML else ""


RULES: tuple[Rule, ...] = (("`{=", INLINE, _in_line),)
