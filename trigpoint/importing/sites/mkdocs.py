"""MkDocs: `docs/` as pages, and the posts of Material's blog plugin.

Source: https://www.mkdocs.org/user-guide/configuration/, https://squidfunk.github.io/mkdocs-material/plugins/blog/.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from trigpoint.importing.author_registry import profiles
from trigpoint.importing.reading.configuration import configuration, mapping_of, named_texts, split_url, text_of
from trigpoint.importing.reading.entries import Entry, OldSite
from trigpoint.importing.reading.fields import DATES, Header, moment
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.headers import Parted
from trigpoint.importing.reading.permalinks import clean_address, formatted, jekyll_slug, name_without_date
from trigpoint.importing.reading.texts import Texts, folder_of, own_name, stem
from trigpoint.importing.sites.plain import POSTS

CONFIGURATION = ("mkdocs.yml", "mkdocs.yaml")
FEEDS = ("/feed_rss_created.xml", "/feed_rss_updated.xml", "/feed_json_created.json")
DATES_OF_JAVA = (("yyyy", "%Y"), ("yy", "%y"), ("MMMM", "%B"), ("MM", "%m"), ("dd", "%d"))


def read(folder: Folder) -> OldSite:
    """The blog of this folder."""
    config = configuration(folder, *CONFIGURATION)
    base_url, base_path = split_url(text_of(config, "site_url"))
    docs = text_of(config, "docs_dir").strip("./") or "docs"
    blog = _blog(config)
    texts = Texts(folder)
    entries = [
        entry
        for path, found in texts.all(folder.below(docs))
        if (entry := _entry(path, path.removeprefix(f"{docs}/"), found, config, blog, base_url + base_path))
    ]
    place = (blog or {}).get("blog_dir", "blog").strip("./")
    authors = mapping_of(
        configuration(folder, f"{docs}/{place}/.authors.yml".replace("//", "/"), f"{docs}/.authors.yml"), "authors"
    )
    has_macros = "macros" in str(config.get("plugins", ""))
    values = named_texts(mapping_of(config, "extra"), "extra")
    return OldSite(
        "mkdocs",
        folder.root,
        tuple(entries),
        base_url,
        base_path,
        text_of(config, "theme", "language"),
        statics=(("/", docs),),
        feeds=FEEDS,
        values={**values, **{name.removeprefix("extra."): value for name, value in values.items()}},
        dialects=("mkdocs", *(("liquid",) if has_macros else ()), *(("emoji",) if "emoji" in str(config) else ())),
        lists=(f"/{place}",),
        tag_prefixes=(f"/{place}/category/", f"/{place}/tag/", "/tags/", "/category/"),
        authors={key: text_of(value, "name") or key for key, value in authors.items()},
        profiles=profiles(authors),
        findings=(*folder.findings, *texts.findings),
    )


def _blog(config: dict[str, Any]) -> dict[str, str] | None:
    """The options of the blog plugin, or None where it is not used."""
    plugins = config.get("plugins")
    each = (
        plugins.items()
        if isinstance(plugins, dict)
        else ((name, {}) if isinstance(name, str) else next(iter(name.items())) for name in plugins or [])
    )
    options = next((value for name, value in each if name in ("blog", "material/blog")), None)
    if options is None and "blog" not in str(plugins):
        return None
    return {key: str(value) for key, value in options.items()} if isinstance(options, dict) else {}


def _entry(
    path: str, below: str, found: Parted, config: dict[str, Any], blog: dict[str, str] | None, base: str
) -> Entry | None:
    place = (blog or {}).get("blog_dir", "blog").strip("./")
    posts = (blog or {}).get("post_dir", "{blog}/posts").replace("{blog}", place).strip("./")
    header = Header(found.fields)
    date, rest = name_without_date(own_name(below))
    in_blog = blog is not None and below.startswith(f"{posts}/" if posts else "")
    is_post = in_blog or (bool(date or header.first(DATES)) and (blog is None or POSTS.search(below) is not None))
    if not is_post and below in ("index.md", f"{place}/index.md", "tags.md"):
        return None
    moment_of = moment(header.first(DATES) or date)
    address = _post_address(header, blog or {}, place, rest, moment_of, found.body) if in_blog else _address(below)
    if text_of(config, "use_directory_urls") == "false" and not in_blog:
        address = address.rstrip("/") + ".html" if stem(below) != "index" else address
    return Entry(
        path=path,
        fields=found.fields,
        body=found.body,
        is_post=is_post,
        line=found.line,
        name=header.text("slug") or rest or own_name(below),
        address=address,
        date=date,
        id=f"{base}{address}" if base and is_post else "",
    )


def _address(below: str) -> str:
    folder = folder_of(below)
    return clean_address(
        f"/{folder}/" if stem(below).lower() in ("index", "readme") else f"/{folder}/{stem(below)}/".replace("//", "/")
    )


def _post_address(
    header: Header, blog: dict[str, str], place: str, name: str, when: dt.datetime | None, body: str
) -> str:
    title = header.text("title") or next((line[2:] for line in body.split("\n") if line.startswith("# ")), name)
    form = blog.get("post_url_date_format", "yyyy/MM/dd")
    for java, python in DATES_OF_JAVA:
        form = form.replace(java, python)
    values = {
        "date": when.strftime(form) if when else "", "slug": header.text("slug") or jekyll_slug(title), "file": name,
        "categories": "/".join(map(jekyll_slug, header.first(("categories",)) or [])),
    }  # fmt: skip
    written = formatted(blog.get("post_url_format", "{date}/{slug}"), values)
    return clean_address("/" + "/".join(filter(None, (place, written))) + "/")
