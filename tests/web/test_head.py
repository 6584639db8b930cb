"""What a page says of itself to machines."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from tests.library.test_paging import post
from trigpoint.content.pages import Author, Cover, Tag
from trigpoint.settings import Settings
from trigpoint.web.head import entry_id, head_of_post, head_of_site

ADA = (Author("", "Ada"),)
SITE = Settings(
    title="T", description="D", base_url="https://blog.example", author="Ada", language="en", root=Path("/nowhere")
)


def test_the_front_is_the_site_and_another_page_is_a_page() -> None:
    front, tags = head_of_site(SITE, "/"), head_of_site(SITE, "/tags/", "Tags", "All tags.")
    assert (front.title, front.description) == ("T", "D")
    assert (tags.title, tags.description, tags.canonical) == ("Tags · T", "All tags.", "https://blog.example/tags/")
    assert front.image == tags.image == "https://blog.example/social/site/card.png"
    assert json.loads(str(front.json_ld))["@type"] == "WebSite"
    assert json.loads(str(tags.json_ld))["@type"] == "WebPage"


def test_an_article_says_who_when_and_about_what() -> None:
    article = post(
        1, updated=dt.datetime(2026, 3, 4, tzinfo=dt.UTC), tags=(Tag("go", "Go"),), minutes=3, lang="de", authors=ADA
    )
    head = head_of_post(SITE, article, "https://blog.example/a.png", ())
    said = json.loads(str(head.json_ld))
    assert (head.published, head.modified) == ("2026-01-02T00:00:00+00:00", "2026-03-04T00:00:00+00:00")
    assert said["author"] == [{"@type": "Person", "name": "Ada"}]
    assert (said["keywords"], said["timeRequired"], said["inLanguage"]) == (["Go"], "PT3M", "de")
    assert said["image"] == head.image == "https://blog.example/a.png"


def test_a_picture_is_described_where_there_is_one() -> None:
    assert head_of_post(SITE, post(1, cover=Cover("a.png", "A dot")), "x", ()).image_alt == "A dot"
    assert "image" not in json.loads(str(head_of_post(SITE, post(1), "", ()).json_ld))


def test_a_draft_asks_not_to_be_found() -> None:
    assert head_of_post(SITE, post(1, draft=True), "", ()).robots == "noindex"
    assert head_of_post(SITE, post(1), "", ()).robots == ""


def test_markup_in_a_title_does_not_end_the_script() -> None:
    head = head_of_post(SITE, post(1, title="</script><script>alert(1)</script>"), "", ())
    assert "</script>" not in str(head.json_ld)
    assert json.loads(str(head.json_ld))["headline"] == "</script><script>alert(1)</script>"


def test_an_author_has_the_page_here_and_the_one_elsewhere() -> None:
    ada = Author("ada", "Ada Example", "https://ada.example/")
    said = json.loads(str(head_of_post(SITE, post(1, authors=(ada, Author("", "Bob"))), "", ()).json_ld))
    assert said["author"] == [
        {
            "@type": "Person",
            "name": "Ada Example",
            "url": "https://blog.example/authors/ada/",
            "sameAs": "https://ada.example/",
        },
        {"@type": "Person", "name": "Bob"},
    ]


def test_an_id_in_feeds_stays_when_the_title_changes() -> None:
    assert entry_id(SITE, post(1)) == entry_id(SITE, post(1, title="Other")) == "tag:blog.example,2026-01-02:/posts/p1/"
    assert entry_id(SITE, post(1, id="urn:mine")) == "urn:mine"
