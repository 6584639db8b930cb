"""The application: `flask run` shows it, `flask freeze` publishes it, `gunicorn app:app` serves it."""

from pathlib import Path

from flask import Flask

from trigpoint.application import assemble

ROOT = Path(__file__).parent


def create_app(root: Path | str = ROOT) -> Flask:
    """The blog whose site.toml, pages/, templates/ and static/ lie in `root`."""
    app = Flask(__name__, root_path=str(root), static_folder=None)
    assemble(app, root)
    return app


app = create_app()
