"""What `aspsp.py` asks for, and the server that it starts."""

import argparse
import signal
import sys
from pathlib import Path

from . import __doc__ as about
from .bank import Bank, cents
from .traits import BANKS
from .web import Server


def main() -> None:
    words = argparse.ArgumentParser(
        prog="aspsp.py",
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words.add_argument("--port", type=int, default=8080)
    words.add_argument("--host", default="127.0.0.1")
    words.add_argument("--bank", choices=sorted(BANKS), default="north")
    words.add_argument("--settle", type=float, default=1, metavar="SECONDS")
    words.add_argument("--balance", type=cents, default=250_000, metavar="EUR")
    words.add_argument("--identify", action="store_true")
    words.add_argument(
        "--signatures",
        type=Path,
        metavar="CA.pem",
        help="the issuer of seal certificates",
    )
    asked = words.parse_args()
    bank = Bank(BANKS[asked.bank], asked.settle, asked.balance)
    server = Server((asked.host, asked.port), bank, asked.identify, asked.signatures)
    print(f"sandbox: http://{asked.host}:{server.server_port}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
