"""What gunicorn does in this folder unless its command line says otherwise. Without this file the site is as safe."""

from typing import Any


def post_worker_init(worker: Any) -> None:
    """Read the pages and make the search's index before the first reader asks."""
    worker.wsgi.extensions["trigpoint"].loader.serve()
