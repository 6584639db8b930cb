"""What gunicorn does in this folder unless its command line says otherwise (docs/publishing.md of the engine).

Settings of your own stand below, by the names that gunicorn has for them: `workers = 4`.
"""

from trigpoint.serving import *  # noqa: F403 - gunicorn takes the names of this module for its settings.
