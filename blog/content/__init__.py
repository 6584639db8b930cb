"""Front matter: one file's bytes become a Post, a Page or its Faults. The only door to YAML.

What the floors above may use is named here. `reading` puts a page together;
on the way a file passes through `decoding` (bytes to text), `header` (text to
header and body), `nodes` and `entries` (YAML that knows its lines), `fields`
(one rule for each field), `abstract` (what is taken from the body) and `registry` (tags). `mistakes` explains what YAML
could not read; `foreign` reads other generators' headers when asked to.
"""

from blog.content.abstract import Abstract, Abstracting, abstract, without_reading
from blog.content.header import MISSING
from blog.content.paths import address_by_name
from blog.content.posts import Cover, Page, Part, Post, Rules, Source, Tag
from blog.content.reading import read_page, read_source
from blog.content.registry import read_tags
from blog.content.slugs import slugified
from blog.content.visibility import in_hidden_folder

__all__ = [
    "MISSING",
    "Abstract", "Abstracting", "Cover", "Page", "Part", "Post", "Rules", "Source", "Tag",
    "abstract", "address_by_name", "in_hidden_folder", "read_page", "read_source", "read_tags", "slugified",
    "without_reading",
]  # fmt: skip
