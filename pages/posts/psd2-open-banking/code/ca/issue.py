"""A local authority that issues QWAC- and QSealC-shaped certificates by OpenSSL.

What it makes is shaped like them and trusted by nobody: its root is on no trusted list.
`python3 issue.py FOLDER` makes the folder and prints what it holds.
"""

import datetime as dt
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROFILES = HERE / "psd2.cnf"
FIRM = "/C=DE/L=Berlin/O=Example Pay GmbH/organizationIdentifier=PSDDE-BAFIN-123456"
EV = "/businessCategory=Private Organization/jurisdictionC=DE/serialNumber=HRB 123456"
SUBJECTS = {
    "qwac": f"{FIRM}{EV}/CN=api.pay.example",
    "reader": f"{FIRM}{EV}/CN=api.pay.example",
    "seal": f"{FIRM}/CN=Example Pay seal 2026",
    "server": "/C=DE/O=Sandbox Bank AG/CN=localhost",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate, with its issuer's behind it, and the key; both PEM files."""

    certificate: Path
    key: Path


class Authority:
    def __init__(self, folder: Path, firm: str = "Sandbox Trust GmbH") -> None:
        self.folder, self.firm = folder, firm
        if folder.exists():
            return
        (folder / "issued").mkdir(parents=True)
        (folder / "index.txt").touch()
        (folder / "crlnumber").write_text("01\n")
        self.new_root()

    def new_root(self) -> None:
        for name in ("root", "issuer"):
            subject = f"/C=DE/O={self.firm}/organizationIdentifier=VATDE-000000000"
            self.new_key(name, "ec")
            self.request(name, f"{subject}/CN=Sandbox {name}")
        signing = ["x509", "-req", "-extfile", str(PROFILES), "-days", "3650"]
        itself = ["-signkey", "root.key", "-extensions", "root"]
        self.run(*signing, *itself, "-in", "root.csr", "-out", "root.pem")
        by_root = ["-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial"]
        by_root += ["-extensions", "issuer"]
        self.run(*signing, *by_root, "-in", "issuer.csr", "-out", "issuer.pem")
        self.join("trust.pem", "issuer.pem", "root.pem")

    # region issue
    def issue(
        self, name: str, kind: str, start: int = 0, days: int = 180, extensions=PROFILES
    ) -> Pair:
        """A new pair of the kind, a section of psd2.cnf, valid `start` days from now."""
        self.new_key(name, "rsa" if kind == "seal" else "ec")
        self.request(name, SUBJECTS[kind])
        first = dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=start, minutes=-5)
        last = first + dt.timedelta(days=days)
        start_date, end_date = f"{first:%Y%m%d%H%M%SZ}", f"{last:%Y%m%d%H%M%SZ}"
        asked = ["ca", "-batch", "-notext", "-preserveDN", *self.config()]
        asked += ["-startdate", start_date, "-enddate", end_date]
        asked += ["-extfile", str(extensions), "-extensions", kind]
        self.run(*asked, "-in", f"{name}.csr", "-out", f"{name}.crt")
        self.join(f"{name}.pem", f"{name}.crt", "issuer.pem")
        return Pair(self.folder / f"{name}.pem", self.folder / f"{name}.key")

    # endregion issue

    def join(self, name: str, *parts: str) -> None:
        whole = b"".join((self.folder / part).read_bytes() for part in parts)
        (self.folder / name).write_bytes(whole)

    def revoke(self, name: str) -> None:
        self.run("ca", "-batch", *self.config(), "-revoke", f"{name}.crt")

    def revocations(self) -> Path:
        """What is revoked, for nginx's `ssl_crl`: by the issuer, and by the root."""
        self.run("ca", "-batch", *self.config(), "-gencrl", "-out", "issuer.crl")
        by_root = ["-cert", "root.pem", "-keyfile", "root.key"]
        self.run(
            "ca", "-batch", *self.config(), *by_root, "-gencrl", "-out", "root.crl"
        )
        self.join("all.crl", "issuer.crl", "root.crl")
        return self.folder / "all.crl"

    def new_key(self, name: str, kind: str) -> None:
        parameters = {
            "rsa": ["RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
            "ec": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        }
        self.run(
            "genpkey", "-quiet", "-algorithm", *parameters[kind], "-out", f"{name}.key"
        )
        (self.folder / f"{name}.key").chmod(0o600)

    def request(self, name: str, subject: str) -> None:
        wanted = [
            "-utf8",
            "-key",
            f"{name}.key",
            "-subj",
            subject,
            "-out",
            f"{name}.csr",
        ]
        self.run("req", "-new", *self.config(), *wanted)

    def config(self) -> list[str]:
        return ["-config", str(HERE / "ca.cnf")]

    def run(self, *command: str) -> str:
        environment = {**os.environ, "CA": str(self.folder), "DNS": "api.pay.example"}
        done = subprocess.run(
            ["openssl", *command],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"openssl {command[0]}: {done.stderr.strip()}")
        return done.stdout


def main() -> None:
    authority = Authority(Path(sys.argv[1]).resolve())
    for kind in ("qwac", "reader", "seal", "server"):
        print(authority.issue(kind, kind).certificate)


if __name__ == "__main__":
    main()
