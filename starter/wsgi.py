from pathlib import Path

from trigpoint.app_file import load_app

app = load_app(Path(__file__).parent)  # The `app` of app.py; what is wrong in that is one line.
