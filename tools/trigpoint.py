"""The command `trigpoint` of a checkout, which is not installed: tools/environment.sh copies this into .venv/bin/."""

import sys
from pathlib import Path

HERE = Path(__file__).absolute().parent
sys.path.insert(0, str(HERE.parent if HERE.name == "tools" else HERE.parents[1]))

from trigpoint.app_file import main  # noqa: E402

sys.exit(main())
