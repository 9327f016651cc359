"""Whether a channel knows a code: of all others it says what it says of one that nobody has."""

from runtime.channels import Channel

NOBODYS = "no-such-code"


def is_known(kind: type[Channel], code: str) -> bool:
    if not code:
        return False
    said, unknown = kind.explain(code), kind.explain(NOBODYS)
    return bool(said.zh) and said.zh.replace(code, "") != unknown.zh.replace(NOBODYS, "")
