"""HTML of a platform's export as Markdown. The one door to markdownify, which is installed for imports alone.

What Markdown has no form for (`<kbd>`, `<details>`, films) stays HTML; a frame becomes a link; what is only there for a
platform's looks goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from markdownify import BACKSLASH, MarkdownConverter

from trigpoint.importing.dialects.embeds import GIST, linked
from trigpoint.markup.foreign.meanings import code, figure, quoted, target

LANGUAGE = re.compile(r"(?:^|\s)(?:lang(?:uage)?-|brush:\s*|highlight-source-|sourceCode\s+|prism-)([\w+#-]+)", re.I)
OPENING = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|\d{1,9}(?=[.)]\s)|:{3}|!!!|\?\?\?|~~~|={3,}$|-{3,}$)")
SIGNS = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])|[`*]|(?<![^\W_])_|_(?![^\W_])|\[|\](?=[(\[:])|<(?=[A-Za-z/!?])|&(?=#?\w+;)|~~"
)
INLINE = ("kbd", "mark", "sub", "sup", "small", "ins", "abbr", "u", "q", "cite", "var", "dfn", "time")
MORE = "\ue0fa"
"""Stands for the mark that ends an excerpt."""
TRACKING = re.compile(r"/stat\?event=|/pixel\.|feedburner|doubleclick|1x1|spacer\.gif|wordpress\.com/b\.gif", re.I)


class Converter(MarkdownConverter):
    """markdownify with figures, code, boxes and frames as the platforms write them."""

    process_tag: Callable[..., str]
    process_element: Callable[..., str]

    class Options(MarkdownConverter.DefaultOptions):  # type: ignore[misc, name-defined]
        heading_style = "atx"
        bullets = "-"
        newline_style = BACKSLASH
        keep_inline_images_in = ("td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "a", "span", "em", "strong", "p")
        table_infer_header = True

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """The text with a backslash before what Markdown would take for a mark."""
        text = SIGNS.sub(lambda found: "\\" + found[0] if found[0] != "~~" else "\\~~", text)
        text = OPENING.sub(
            lambda found: f"{found[1]}{found[2]}\\" if found[2].isdigit() else f"{found[1]}\\{found[2]}", text
        )
        text = re.sub(r"\|", r"\\|", text) if parent_tags & {"td", "th"} else text
        return re.sub(r"\$(?=\S[^$\n]*\S?\$)", r"\\$", text)

    def convert_pre(self, el: Any, text: str, parent_tags: set[str]) -> str:
        for line in el.find_all("br"):
            line.replace_with("\n")
        inner = el.find("code")
        written = el.get_text()
        return (
            f"\n\n{code(written, _language(el) or (_language(inner) if inner else ''))}\n\n" if written.strip() else ""
        )

    def convert_code(self, el: Any, text: str, parent_tags: set[str]) -> str:
        if "pre" in parent_tags:
            return text
        text = el.get_text().replace("\n", " ")
        if not text.strip():
            return text
        mark = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
        pad = " " if text.startswith("`") or text.endswith("`") else ""
        text = text.replace("|", "\\|") if parent_tags & {"td", "th"} else text
        return f"{mark}{pad}{text}{pad}{mark}"

    convert_tt = convert_code
    convert_samp = convert_code

    def convert_img(self, el: Any, text: str, parent_tags: set[str]) -> str:
        source = _source(el)
        if not source or TRACKING.search(source) or (el.get("width") == "1" and el.get("height") == "1"):
            return ""
        return figure(source, el.get("alt") or "")

    def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
        address = el.get("href") or ""
        if "footnote-anchor" in (el.get("class") or ()) and (note := re.search(r"footnote-(\d+)$", address)):
            return f"[^{note[1]}]"
        picture = el.find("img")
        if picture and text.strip().startswith("![") and (_is_picture(address) or not address):
            return text
        if not address or not text.strip():
            return text
        lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        shown = " ".join(text.split("\n")).strip() if "\n\n" in text else text.strip()
        return f"{lead}[{shown}]({target(address)}){tail}" if shown != address else f"{lead}<{address}>{tail}"

    def convert_figure(self, el: Any, text: str, parent_tags: set[str]) -> str:
        classes = " ".join(el.get("class") or ())
        caption = el.find("figcaption")
        words = self._inline(caption) if caption else ""
        if "bookmark" in classes:
            return _bookmark(el)
        if el.find("pre"):
            return f"\n\n{''.join(self.process_tag(pre, set()) for pre in el.find_all('pre'))}\n\n" + (
                f"*{words}*\n\n" if words else ""
            )
        pictures = [each for each in el.find_all("img") if _source(each)]
        if not pictures:
            body = text.replace(words, "", 1) if words and text.rstrip().endswith(words) else text
            return f"\n\n{body.strip()}\n\n" + (f"*{words}*\n\n" if words else "")
        shown = [
            figure(_source(each), each.get("alt") or "", words if each is pictures[-1] else "", _link(each))
            for each in pictures
        ]
        return "\n\n" + "\n\n".join(shown) + "\n\n"

    def _inline(self, el: Any) -> str:
        return " ".join(self.process_tag(el, {"_inline"}).split())

    def convert_figcaption(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return text.strip() if "figure" in parent_tags else f"\n\n{text.strip()}\n\n"

    def convert_iframe(self, el: Any, text: str, parent_tags: set[str]) -> str:
        source = el.get("src") or el.get("data-src") or ""
        return f"\n\n{linked(source, el.get('title') or '')}\n\n" if source else ""

    convert_embed = convert_iframe

    def convert_video(self, el: Any, text: str, parent_tags: set[str]) -> str:
        sources = [el, *el.find_all("source")]
        source = next((each.get("src") for each in sources if each.get("src")), "")
        return f'\n\n<{el.name} controls src="{source}"></{el.name}>\n\n' if source else ""

    convert_audio = convert_video

    def convert_script(self, el: Any, text: str, parent_tags: set[str]) -> str:
        gist = GIST.search(el.get("src") or "")
        return f"\n\n[Gist {gist[0].partition('.com/')[2]}]({gist[0]})\n\n" if gist else ""

    def convert_style(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return ""

    convert_noscript = convert_style
    convert_svg = convert_style
    convert_form = convert_style
    convert_button = convert_style
    convert_input = convert_style

    def convert_details(self, el: Any, text: str, parent_tags: set[str]) -> str:
        summary = el.find("summary")
        title = self._inline(summary) if summary else "Details"
        body = "".join(
            self.process_element(child, set()) for child in el.children if getattr(child, "name", "") != "summary"
        )
        return f"\n\n<details>\n<summary>{title}</summary>\n\n{body.strip()}\n\n</details>\n\n"

    def convert_div(self, el: Any, text: str, parent_tags: set[str]) -> str:
        classes = " ".join(el.get("class") or ())
        if "kg-callout-card" in classes or "callout-block" in classes:
            emoji = el.find(class_="kg-callout-emoji")
            mark = emoji.get_text().strip() if emoji else ""
            body = text.strip().removeprefix(mark).strip()
            return f"\n\n{quoted(body, '[!NOTE]')}\n\n" if "_inline" not in parent_tags else body
        if "footnote" in classes.split() and (number := el.find("a", class_="footnote-number")):
            note = el.find(class_="footnote-content")
            inside = self.process_tag(note, set()).strip() if note else ""
            return f"\n\n[^{number.get_text().strip()}]: " + inside.replace("\n", "\n    ") + "\n\n"
        if "kg-toggle-card" in classes:
            heading = el.find(class_="kg-toggle-heading-text")
            body = el.find(class_="kg-toggle-content")
            inside = self.process_tag(body, set()).strip() if body else ""
            title = heading.get_text().strip() if heading else "Details"
            return f"\n\n<details>\n<summary>{title}</summary>\n\n{inside}\n\n</details>\n\n"
        if any(
            word in classes
            for word in (
                "sharedaddy",
                "subscription-widget",
                "jp-relatedposts",
                "kg-signup",
                "button-wrapper",
                "subscribe-widget",
            )
        ):
            return ""
        return f"\n\n{text.strip()}\n\n" if "_inline" not in parent_tags else f" {text.strip()} "

    convert_section = convert_div
    convert_article = convert_div

    def convert_br(self, el: Any, text: str, parent_tags: set[str]) -> str:
        if "_inline" in parent_tags or parent_tags & {"td", "th"}:
            return " <br>" if parent_tags & {"td", "th"} else " "
        rest = "".join(each.get_text() if hasattr(each, "get_text") else str(each) for each in el.next_siblings)
        return "\\\n" if rest.strip() else "\n"


def _kept(name: str) -> Any:
    def convert(self: Converter, el: Any, text: str, parent_tags: set[str]) -> str:
        title = f' title="{el.get("title")}"' if el.get("title") else ""
        return f"<{name}{title}>{text}</{name}>" if text.strip() else text

    return convert


for _name in INLINE:
    setattr(Converter, f"convert_{_name}", _kept(_name))


def markdown(html: str) -> str:
    """The Markdown of this HTML."""
    text = Converter().convert(re.sub(r"<!--\s*more\b.*?-->", f"<p>{MORE}</p>", html))
    text = re.sub(r"[ \t]+\n", "\n", text).replace(MORE, "<!--more-->")
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def _language(el: Any) -> str:
    written = " ".join(
        [
            *(el.get("class") or ()),
            *(
                f"language-{el.get(name)}"
                for name in ("data-lang", "data-language", "data-code-block-lang", "lang", "data-enlighter-language")
                if el.get(name)
            ),
        ]
    )
    found = LANGUAGE.search(written)
    name = found[1].lower() if found else ""
    return "" if name in ("none", "plain", "text", "plaintext", "generic", "auto", "default", "raw") else name


def _source(el: Any) -> str:
    written = el.get("data-src") or el.get("data-orig-file") or el.get("data-original") or el.get("src") or ""
    return str(el.get("src") or written) if str(written).startswith("data:") else str(written)


def _is_picture(address: str) -> bool:
    return (
        re.search(r"\.(?:png|jpe?g|gif|webp|avif|svg)(?:[?#].*)?$", address, re.I) is not None
        or "substackcdn.com/image" in address
    )


def _link(el: Any) -> str:
    parent = el.find_parent("a")
    address = parent.get("href") if parent else ""
    return "" if not address or _is_picture(address) else str(address)


def _bookmark(el: Any) -> str:
    link = el.find("a")
    title = el.find(class_="kg-bookmark-title")
    about = el.find(class_="kg-bookmark-description")
    if not link or not link.get("href"):
        return ""
    shown = title.get_text().strip() if title else link.get("href")
    return (
        f"\n\n[{shown}]({target(link.get('href'))})"
        + (f": {about.get_text().strip()}" if about and about.get_text().strip() else "")
        + "\n\n"
    )
