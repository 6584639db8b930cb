"""What was changed in an article since it was published: its commits, each with the words that differ."""

from __future__ import annotations

from flask import abort, url_for

from trigpoint.web.kinds import kind
from trigpoint.web.site import current_library, current_site, current_words
from trigpoint.web.views import own_page


@kind(
    "/posts/<slug>/history/",
    lambda library: ({"slug": post.slug} for post in library.posts if library.commits(post.path)),
)
def history(slug: str) -> str:
    """A commit never changes: the list of them, which is noted, stands for all that is shown of them."""
    library, said = current_library(), current_words().plain
    found = library.post(slug) or abort(404)
    commits = library.commits(found.path) or abort(404)
    return own_page(
        "history.html",
        url_for("history", slug=slug),
        said("Changes: {title}", title=found.title),
        said("What was changed in this article since it was published."),
        robots="noindex",
        post=found,
        changes=current_site().loader.inputs.changes.changes(found, commits),
        is_cut_off=commits[-1].role == "edge",
    )
