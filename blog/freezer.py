"""Every address of the site, asked of the application and written as a file. The only door to Frozen-Flask.

The freezer knows addresses and answers. It cannot tell a post from a tag page.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

from flask_frozen import Freezer, FrozenFlaskWarning, MissingURLGeneratorWarning, RedirectWarning

from blog.answers import Site, all_addresses


class FreezeError(Exception):
    """The application gave an answer that can't be a file; the text names the address."""


def freeze_into(site: Site, folder: Path) -> Iterator[str]:
    """Write every address below `folder`, giving each one's path as it is written. Raises FreezeError, OSError."""
    freezer = _freezer(site, folder)
    with warnings.catch_warnings():
        warnings.simplefilter("error", FrozenFlaskWarning)
        # An alias answers with a redirect and a page that leads on: the page is what is wanted.
        warnings.simplefilter("ignore", RedirectWarning)
        # It can't see that our one generator is complete; a law of ours does (and some kinds have no address yet).
        warnings.simplefilter("ignore", MissingURLGeneratorWarning)
        try:
            for page in freezer.freeze_yield():
                yield str(page.path)
        except (ValueError, FrozenFlaskWarning) as error:
            raise FreezeError(str(error)) from error


def _freezer(site: Site, folder: Path) -> Freezer:
    site.app.config.update(
        FREEZER_DESTINATION=str(folder), FREEZER_REDIRECT_POLICY="ignore", FREEZER_REMOVE_EXTRA_FILES=False
    )
    freezer = Freezer(site.app, with_static_files=False, with_no_argument_rules=False, log_url_for=False)
    freezer.register_generator(lambda: all_addresses(site.loader.library))
    return freezer
