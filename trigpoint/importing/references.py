"""Tags that name another text or file of the site: `post_url`, `link`, `ref`, `asset_img`, `param`, and so on."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase

from trigpoint.importing.places import MARK, Places
from trigpoint.importing.reading.entries import Entry
from trigpoint.importing.reading.folders import is_hidden
from trigpoint.markup.foreign.calls import Call, inline
from trigpoint.markup.foreign.meanings import PICTURE, code, escaped, figure, hyperlink, target

LANGUAGES = {
    "py": "python",
    "js": "javascript",
    "rb": "ruby",
    "rs": "rust",
    "sh": "sh",
    "ts": "typescript",
    "yml": "yaml",
}
MOST = 200
"""The pictures of a gallery that are shown."""

LONGEST = 100_000
"""Characters of a file that a tag shows, at most."""


def reference(call: Call, entry: Entry, places: Places, values: Mapping[str, str]) -> str | None:
    """The Markdown for such a tag, or None where it is none, or names nothing that is there."""
    meaning = MEANINGS.get(call.name.lower().removesuffix(".html"))
    return meaning(call, entry, places, values) if meaning else None


Reference = Callable[[Call, Entry, Places, Mapping[str, str]], "str | None"]


def _named(call: Call, entry: Entry, places: Places) -> tuple[int, str]:
    """The entry that a tag names, and the fragment behind it."""
    written = call.get("path", "page", "slug", "id", "src", 0)
    path, sign, fragment = written.partition("#")
    place = places.place(path, entry) if path else None
    number = place.number if place and place.number >= 0 else places.named(path) if path else -1
    return places.in_language_of(entry, number), sign + fragment


def address(call: Call, entry: Entry, places: Places, values: Mapping[str, str]) -> str | None:
    """`ref`, `relref`, `post_url`: an address, to stand in a link's target."""
    written = call.get("path", "page", 0)
    if written.startswith("#"):
        return written
    number, fragment = _named(call, entry, places)
    return MARK.format(number) + fragment if number >= 0 else None


def link(call: Call, entry: Entry, places: Places, values: Mapping[str, str]) -> str | None:
    """Jekyll's `link`, which gives the address of a file; Hexo's, which makes a link, has more than one parameter."""
    if len(call.positional) > 1 or call.named:
        return hyperlink(call)
    found = address(call, entry, places, values)
    file = places.file("/" + call.get(0).lstrip("/"), entry)
    return found or (f"/{call.get(0).lstrip('/')}" if file else hyperlink(call))


def post_link(call: Call, entry: Entry, places: Places, values: Mapping[str, str]) -> str | None:
    """Hexo's `{% post_link slug [title] [escape] %}`, Nikola's and others' `doc`."""
    number, fragment = _named(call, entry, places)
    title = words_of(call)
    if number < 0:
        return None
    title = title or str(places.site.entries[number].fields.get("title", ""))
    return f"[{escaped(title) or 'post'}]({MARK.format(number)}{fragment})"


def words_of(call: Call) -> str:
    """The words that a link to a post is to have; "" where it is to have that post's title."""
    words = " ".join(word for word in call.positional[1:] if word not in ("true", "false"))
    return words or call.get("title", "text") or inline(call.inner)


def doc(call: Call, entry: Entry, places: Places, values: Mapping[str, str]) -> str | None:
    """Nikola's `{{% doc %}}title <slug>{{% /doc %}}`, or the slug alone."""
    found = re.match(r"(?P<title>.*?)\s*<(?P<slug>[^<>]+)>\s*$", call.raw or "", re.S)
    slug = found["slug"] if found else (call.raw or call.get(0)).strip()
    number = places.named(slug)
    title = (
        found["title"] if found else str(places.site.entries[number].fields.get("title", slug)) if number >= 0 else slug
    )
    return f"[{escaped(title)}]({MARK.format(number)})" if number >= 0 else None


def asset_picture(call: Call, entry: Entry, places: Places, values: Mapping[str, str]) -> str | None:
    """Hexo's `{% asset_img [classes] slug [width] [height] ["title" "alt"] %}`, and `{% img … %}`."""
    words = list(call.positional)
    file = next((word for word in words if re.search(r"\.\w{3,4}$", word)), "")
    if not file or call.named:
        return None
    rest = [word for word in words[words.index(file) + 1 :] if not re.fullmatch(r"\d+%?|px|.*\d(?:vw|px|em)\b.*", word)]
    parts = re.findall(r"'([^']+)'|\"([^\"]+)\"", rest[0]) if len(rest) == 1 else []
    texts = [first or second for first, second in parts] or rest
    title = texts[0] if texts else ""
    return figure(file, texts[1] if len(texts) > 1 else title, title)


def asset_link(call: Call, entry: Entry, places: Places, values: Mapping[str, str]) -> str | None:
    file, title = call.get(0), " ".join(word for word in call.positional[1:] if word not in ("true", "false"))
    return f"[{escaped(title) or file}]({target(file)})" if file else None


def gallery(call: Call, entry: Entry, places: Places, values: Mapping[str, str]) -> str | None:
    """The pictures that the header lists under this name, as Minimal Mistakes has them, or those of a folder."""
    listed = entry.fields.get(call.get("id") or "gallery")
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    found = [
        (str(row.get("image_path") or row.get("url") or ""), str(row.get("alt") or row.get("title") or ""))
        for row in rows
    ]
    caption = call.get("caption")
    written = call.get("match", "glob", "dir", "folder", "gallery_dir", "path", "src", 0)
    found = found or [(source, "") for source in matching(written, entry, places)]
    shown = [figure(source, alt) for source, alt in found if source][:MOST]
    return "\n\n".join([*shown, *([f"*{caption}*"] if caption else [])]) if shown else None


def matching(written: str, entry: Entry, places: Places) -> Iterator[str]:
    """The pictures that a pattern finds beside the text (`images/*`), or that lie in a folder (`/a`)."""
    written = written.strip("/")
    if not written or ":" in written:
        return
    pattern = written if "*" in written else f"{written}/*"
    beside = posixpath.dirname(entry.path)
    for root, start in ((beside, ""), *((folder, "/") for _, folder in places.site.statics)):
        whole = posixpath.normpath(posixpath.join(root, pattern))
        found = [path for path in places.folder.below(posixpath.dirname(whole).partition("*")[0]) if _fits(path, whole)]
        for path in found[:MOST]:
            yield start + posixpath.relpath(path, root or ".")
        if found:
            return


def _fits(path: str, pattern: str) -> bool:
    return PICTURE.search(path) is not None and not is_hidden(path) and fnmatchcase(path, pattern.replace("[", "[[]"))


def path_of(call: Call, entry: Entry, places: Places, values: Mapping[str, str]) -> str | None:
    return call.get("path", "src", "url", 0) or None


def param(call: Call, entry: Entry, places: Places, values: Mapping[str, str]) -> str | None:
    """Hugo's `{{< param name >}}`: of the page, else of the site."""
    name = call.get("name", 0)
    inner = entry.fields.get("params")
    value = (
        entry.fields.get(name)
        or (inner.get(name) if isinstance(inner, dict) else "")
        or values.get(f"site.Params.{name}")
    )
    return str(value) if isinstance(value, str) and value else None


def file_code(call: Call, entry: Entry, places: Places, values: Mapping[str, str]) -> str | None:
    """A file of the site, shown as code."""
    written = call.get("file", "path", "src", "name", "filename") or next(
        (word for word in call.positional if "." in word), ""
    )
    starts = ("", "/", "downloads/code/", "/code/", "/static/", "/assets/")
    file = next((file for start in starts if written and (file := places.file(start + written, entry))), "")
    if not file:
        return None
    try:
        text = places.folder.text(file)
    except (OSError, ValueError):
        return None
    suffix = file.rpartition(".")[2]
    return (
        code(text.rstrip("\n"), call.get("lang", "language") or LANGUAGES.get(suffix, suffix))
        if len(text) <= LONGEST
        else None
    )


MEANINGS: dict[str, Reference] = {
    **dict.fromkeys(("ref", "relref", "post_url", "post_path", "siteref", "get_url", "doc_path", "permalink",
            "url_for"), address),
    "link": link, "asset_path": path_of, "static": path_of, "relurl": path_of, "absurl": path_of, "asset_url": path_of,
    "post_link": post_link, "doc": doc, "internal_link": post_link,
    **dict.fromkeys(("asset_img", "img", "fullimage", "image"), asset_picture),
    **dict.fromkeys(("gallery", "image-gallery", "imagegallery", "photo-gallery"), gallery),
    "asset_link": asset_link, "param": param,
    **dict.fromkeys(("include_code", "readfile", "include-code", "codefile", "code-file", "embed-code", "read-code",
            "listing", "includecode", "codeinclude"), file_code),
}  # fmt: skip


def is_address(name: str) -> bool:
    """Whether a tag of this name stands for an address: what is not there must not become a comment in a link."""
    return MEANINGS.get(name.lower()) in (address, path_of, link)
