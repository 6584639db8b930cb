"""What `flask` takes before app.py, so that an error in that is one line, and the preview says it too."""

from pathlib import Path

from trigpoint.app_file import load_app

app = load_app(Path(__file__).parent)
