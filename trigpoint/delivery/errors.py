"""What is wrong with a store or a deploy, in one sentence with what helps. Pure; knows the errors of boto3 by name."""

from __future__ import annotations

from collections.abc import Mapping

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)

from trigpoint.delivery.place import Place


class DeployError(Exception):
    """A deploy can't go on; the text says why, and what to do. `code` is that of a store's refusal, "" for another."""

    def __init__(self, text: str, code: str = "") -> None:
        super().__init__(text)
        self.code = code


CREDENTIALS = "Give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or name a profile in AWS_PROFILE."
NEEDED = "The key needs s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and s3:DeleteObject in it."
LATER = "Try again later."
CURES: Mapping[str, str] = {
    "NoSuchBucket": "Make the bucket first, or mend its name.",
    "AccessDenied": NEEDED,
    "403": NEEDED,
    "AllAccessDisabled": NEEDED,
    "InvalidAccessKeyId": f"The store does not know the key. {CREDENTIALS}",
    "SignatureDoesNotMatch": f"The secret is not that of the key. {CREDENTIALS}",
    "ExpiredToken": "Sign in again: the session of these credentials is over.",
    "ExpiredTokenException": "Sign in again: the session of these credentials is over.",
    "RequestTimeTooSkewed": "Set the clock of this machine.",
    "AuthorizationHeaderMalformed": "Name the region of the bucket in AWS_DEFAULT_REGION.",
    "PermanentRedirect": "Name the region of the bucket in AWS_DEFAULT_REGION, or another --endpoint.",
    "IllegalLocationConstraintException": "Name the region of the bucket in AWS_DEFAULT_REGION.",
    "QuotaExceeded": "Make room there.",
    "SlowDown": LATER,
    "ServiceUnavailable": LATER,
    "InternalError": LATER,
    "500": LATER,
    "502": LATER,
    "503": LATER,
    "504": LATER,
}
"""What helps, by the code of an error of S3."""

WITHOUT_REDIRECTS = ("NotImplemented", "InvalidArgument", "InvalidRequest", "UnsupportedHeader")
"""How stores say that they do not know a header."""

CONFLICTS = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")
"""How stores say that somebody else was first."""


def code_of(error: Exception) -> str:
    """The code of a refusal; "" where the store has not answered."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def is_missing(error: ClientError) -> bool:
    return code_of(error) in ("NoSuchKey", "404", "NotFound")


def sentence_of(error: BotoCoreError | ClientError | ValueError, place: Place, act: str, endpoint: str) -> str:
    """The sentence for an error that this act met."""
    where = f" at {endpoint}" if endpoint else ""
    if isinstance(error, ClientError):
        return _refusal(error, place, act, where)
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return f"There are no credentials for {place}. {CREDENTIALS}"
    if isinstance(error, ProfileNotFound):
        return f"{error}. Mend AWS_PROFILE."
    if isinstance(error, ConnectionError | HTTPClientError):
        reached = where.removeprefix(" at ") or "the store"
        return f"{reached} can't be reached ({_reason(error)}). Look at the network, and at --endpoint."
    return f"{place}{where}: {_reason(error)}. Look at --endpoint, and at the settings of AWS_… in the environment."


def _refusal(error: ClientError, place: Place, act: str, where: str) -> str:
    code = code_of(error)
    if code == "NoSuchBucket":
        return f'There is no bucket "{place.bucket}"{where}. {CURES[code]}'
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
    told = str(error.response.get("Error", {}).get("Message", "")).strip(" .")
    said = " ".join(filter(None, (str(status), code if code != str(status) else "")))
    detail = f": {told}" if told and told != code else ""
    return f"The store{where} refused to {act} ({said}{detail}). {CURES.get(code, CURES.get(str(status), ''))}".strip()


def _reason(error: BotoCoreError | ClientError | ValueError) -> str:
    return str(error).strip().rstrip(".").partition("\n")[0]
