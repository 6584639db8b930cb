"""What tags of usual themes mean, of Hexo and Hugo: buttons, films, carousels. As `meanings`, each takes a Call."""

from __future__ import annotations

import re
from dataclasses import replace
from textwrap import dedent

from trigpoint.markup.foreign.calls import Call, inline
from trigpoint.markup.foreign.meanings import PICTURE, escaped, target, video, wrapper

ADDRESS = re.compile(r"https?:|/|#|\.")


def button(call: Call) -> str | None:
    listed = _listed(call.arguments) if not call.is_pair else []
    address = call.get("href", "url", "link", "relref", "to", "target", "cta_link")
    words = [word for word in call.positional if word]
    address = address or next(filter(ADDRESS.match, listed or words), "")
    text = (
        call.get("text", "label", "title", "content", "name", "cta_text")
        or inline(call.inner)
        or _beside(address, listed)
        or next((word for word in words if word != address), "")
    )
    return f"[{inline(text) or address}]({target(address.rstrip(','))})" if address else None


def _listed(arguments: str) -> list[str]:
    """The parameters of Hexo's themes: `url, text, icon` (NexT, Butterfly), `text::url` (Volantis); none of others."""
    mark = "::" if "::" in arguments else ","
    parts = [part.strip().strip("\"'") for part in arguments.split(mark)]
    return parts if len(parts) > 1 and any(map(ADDRESS.match, parts)) and not re.search(r"\w=[\"']", arguments) else []


def _beside(address: str, listed: list[str]) -> str:
    """The text of a button, which stands behind its address where that comes first, else before it."""
    at = listed.index(address) if address in listed else -1
    return "".join(listed[1:2]) if at == 0 else listed[at - 1] if at > 0 else ""


def hidden_words(call: Call) -> str | None:
    """Butterfly's `{% hideInline the words,what the button says,#fff %}`."""
    return inline(call.arguments.partition(",")[0]) or None


def player(call: Call) -> str | None:
    """Hexo's `{% dplayer "url=/a.mp4" "pic=/a.png" %}`."""
    found = re.search(r"\burl=([^\s\"']+)", call.arguments)
    source = found[1] if found else call.get(0)
    return video(replace(call, positional=(source,), named={})) if "=" not in source[:5] else None


def pictures(call: Call) -> str | None:
    """The pictures of a carousel: `images="{a.png, b.png}"`."""
    named = re.search(r"images=[\"']?\{?(?P<paths>[^\"'{}]*)", call.arguments)
    paths = [path for path in re.split(r"[\s,]+", named["paths"] if named else "") if PICTURE.search(path)]
    shown = [f"![]({target(path)})" for path in paths if "*" not in path]
    return " ".join(shown) or (dedent(call.inner).strip("\n") if call.is_pair else None)


def article(call: Call) -> str | None:
    """Blowfish's card of another article."""
    address = call.get("link")
    words = address.strip("/").rpartition("/")[2].replace("-", " ")
    return f"[{words.capitalize()}]({target(address)})" if words else wrapper(call)


def titled(call: Call) -> str | None:
    """Butterfly's `{% timeline 2022,blue %}`: what stands between its tags, below its first parameter."""
    title = inline(call.arguments.split(",")[0].strip(" \"'"))
    return "\n\n".join(filter(None, (title and f"**{title}**", dedent(call.inner).strip("\n")))) or None


def gallery_group(call: Call) -> str | None:
    """Butterfly's `{% galleryGroup name description address picture %}`."""
    if len(call.positional) < 4:
        return None
    name, words, address, source = call.positional[:4]
    return f"[![{escaped(name)}]({target(source)})]({target(address)})\n\n**{inline(name)}**: {inline(words)}"
