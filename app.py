"""The application: `flask run` shows it, `flask freeze` publishes it, `gunicorn app:app` serves it."""

from pathlib import Path

from trigpoint.application import create_app

ROOT = Path(__file__).parent

app = create_app(ROOT)
