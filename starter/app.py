from pathlib import Path

from trigpoint.application import create_app

app = create_app(Path(__file__).parent)
