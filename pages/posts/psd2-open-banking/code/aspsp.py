"""Start the sandbox bank: `python3 aspsp.py --port 8080`; its interface is in sandbox/__init__.py."""

import sys

sys.dont_write_bytecode = (
    True  # these files have a digest: nothing may appear beside them
)

from sandbox.main import main  # noqa: E402

main()
