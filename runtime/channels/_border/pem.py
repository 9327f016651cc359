"""Certificates and keys as they are pasted: a field of one line loses where their lines end.

https://www.rfc-editor.org/rfc/rfc7468
"""

import base64
import binascii
import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import setting

LONGEST = 20_000
"""Characters that are entered."""
LINE = 64
SEQUENCE = b"0"
"""What DER begins with."""
BLOCK = re.compile(r"-----BEGIN ([A-Z ]{1,40})-----([A-Za-z0-9+/=\s]{1,20000})-----END \1-----")
CERTIFICATE = {"CERTIFICATE"}
KEYS = {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"}

NO_CERTIFICATE = Text(
    "读不懂：应是 PEM 格式的证书，从 -----BEGIN CERTIFICATE----- 到 -----END CERTIFICATE----- 整段粘贴",
    "cannot be read: paste all of a certificate in PEM, from -----BEGIN CERTIFICATE----- to "
    "-----END CERTIFICATE-----",
)
NO_KEY = Text(
    "读不懂：应是 PEM 格式的私钥，从 -----BEGIN 到 -----END 整段粘贴，而且没有密码",
    "cannot be read: paste all of a private key in PEM, from -----BEGIN to -----END; it has no password",
)


def authority() -> Any:
    """The setting that names who alone is trusted."""
    return setting(
        "",
        title=Text("CA 证书", "CA certificate"),
        hint=Text(
            "服务器证书是自己签发的才填，PEM 格式", "Only where you issued the server's certificate; PEM"
        ),
        widget="text",
        seldom=True,
    )


def certificates(value: str) -> str:
    """One or more, in lines again; "" for none. Raises Wrong."""
    return _read(value, CERTIFICATE, NO_CERTIFICATE)


def private_key(value: str) -> str:
    """One without a password, in lines again; "" for none. Raises Wrong."""
    read = _read(value, KEYS, NO_KEY)
    if read.count("-----BEGIN") > 1:
        raise Wrong(NO_KEY)
    return read


def _read(value: str, kinds: set[str], wrong: Text) -> str:
    if not value.strip():
        return ""
    found = BLOCK.findall(value)
    if not found or len(found) != value.count("-----BEGIN") or not {kind for kind, _ in found} <= kinds:
        raise Wrong(wrong)
    return "".join(_written(kind, "".join(body.split()), wrong) for kind, body in found)


def _written(kind: str, body: str, wrong: Text) -> str:
    try:
        is_der = base64.b64decode(body, validate=True).startswith(SEQUENCE)
    except binascii.Error:
        is_der = False
    if not is_der:
        raise Wrong(wrong)
    lines = "\n".join(body[at : at + LINE] for at in range(0, len(body), LINE))
    return f"-----BEGIN {kind}-----\n{lines}\n-----END {kind}-----\n"


Certificates = Annotated[str, Field(max_length=LONGEST), AfterValidator(certificates)]
