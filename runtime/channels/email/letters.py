"""A letter as our Message, or why it is none: machines, lists and ourselves are not answered.

RFC 3834 (automatic answers), RFC 2076 and 2369 (lists), RFC 8601 (Authentication-Results).
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from runtime.answer import MediaKind
from runtime.channels import Attached
from runtime.channels.email.account import ADDRESS, Account
from runtime.channels.email.quoted import own_words
from runtime.message import THREAD, Message

LONGEST = 20_000
"""Characters of what somebody asks."""
ROBOTS = re.compile(
    r"(?i)(?:mailer-daemon|postmaster|no-?_?reply|do-?not-?reply|bounces?|listserv|majordomo|owner-.*|.*-owner|"
    r".*-bounces|.*-request|notifications?|system-?admin|root)@.*"
)
MOST_IDS = 20
RESULT = re.compile(r"(?i)\s*(dmarc|dkim|spf)(?:\s*/\s*[0-9]+)?\s*=\s*pass(?=\s|\Z)(.*)", re.DOTALL)
"""At the beginning of what is said of one way: elsewhere stands what the sender chose, and
`dmarc=pass@evil.example` is an address."""
DOMAIN = re.compile(
    r"(?i)(?<!\S)(?:header\.d|header\.i|smtp\.mailfrom|envelope-from|header\.from)\s*=\s*([^\s;]+)"
)
QUOTED, COMMENT = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL), re.compile(r"\([^()]*\)")
DEEPEST = 10
"""Comments in comments."""

FAMILIES: Mapping[str, MediaKind] = {"image": "image", "audio": "voice", "video": "video"}

Letter = Mapping[str, Any]


def to_message(letter: Letter, account: Account) -> Message | None:
    """None for one that is not to be answered. Raises KeyError, TypeError, ValueError for what is no
    letter."""
    sender = str(letter["from"])
    if not ADDRESS.fullmatch(sender) or is_machines(letter, account) or not is_proven(letter, account.trusts):
        return None
    id = str(letter["id"]) or f"<{letter['uid']}.{letter['validity']}@{account.address}>"
    id = f"l-{hashlib.sha256(f'{sender} {id}'.encode()).hexdigest()[:32]}"
    subject, at = str(letter["subject"])[:300], float(letter["at"])
    data: dict[str, Any] = {"subject": subject}
    if name := str(letter["name"])[:100]:
        data["name"] = name
    handle = {THREAD: thread(letter), **_files(letter)}
    text = own_words(str(letter["text"]))[:LONGEST].strip()
    if letter.get("too_large"):
        return Message(
            id, sender, "", "event", at, {**data, "event": "unsupported", "type": "large letter"}, handle
        )
    kinds = [_kind(one) for one in letter["files"]]
    if not text and not kinds:
        text = subject
    kind = kinds[0] if kinds and not text else "text"
    return Message(id, sender, text, kind, at, data, handle)


def is_machines(letter: Letter, account: Account) -> bool:
    """It would be answered by nobody, or by a machine that answers in turn."""
    signs, sender = letter["signs"], str(letter["from"])
    says = {name: str(value).strip().lower() for name, value in signs.items()}
    return (
        sender == account.address
        or ROBOTS.fullmatch(sender) is not None
        or says.get("auto", "no").partition(";")[0].strip() != "no"
        or says.get("precedence", "") in ("bulk", "junk", "list", "auto_reply")
        or says.get("back", "x") in ("<>", "")
        or says.get("suppress", "none") not in ("none", "")
        or not says.keys().isdisjoint(("replied", "responded", "list", "unsubscribe", "report"))
    )


def is_proven(letter: Letter, trusts: str) -> bool:
    """Whether the owner's server says that it comes from where it says. What others say of it counts nothing:
    the first such header is the server's own, and it is by its name."""
    if not trusts:
        return True
    said = str(letter["signs"].get("results", ""))
    by, _, results = said.partition(";")
    if by.split() == [] or by.split()[0].lower() != trusts.lower():
        return False
    domain = str(letter["from"]).rpartition("@")[2]
    for found in filter(None, map(RESULT.match, _bare(results).split(";"))):
        of = [one.rpartition("@")[2].lower() for one in DOMAIN.findall(found[2])]
        is_theirs = any(one == domain or domain.endswith(f".{one}") for one in of if "." in one)
        # a server that read another of several senders says so
        if is_theirs or (found[1].lower() == "dmarc" and not of):
            return True
    return False


def _bare(results: str) -> str:
    """Without comments, and with nothing in quotes that could be taken for more than a word; "" where they do
    not end."""
    said = QUOTED.sub(lambda found: re.sub(r"[^\w.@+-]", "_", found[1]), results)
    for _ in range(DEEPEST):
        said = COMMENT.sub(" ", said)
    return "" if {*'()"'} & {*said} else said


def thread(letter: Letter) -> str:
    """What an answer to it carries."""
    before = [str(one) for one in letter["references"]]
    ids = [*before, *([str(letter["id"])] if letter["id"] else [])]
    return json.dumps(
        {"subject": str(letter["subject"])[:300], "references": ids[-MOST_IDS:]}, ensure_ascii=False
    )


def attached(message: Message) -> Sequence[Attached]:
    found = []
    for n in range(MOST_IDS):
        uid, _, more = message.handle.get(f"file{n}", "").partition(" ")
        part, _, more = more.partition(" ")
        kind, _, name = more.partition(" ")
        known = next((one for one in get_args(MediaKind) if one == kind), None)
        if uid.isdigit() and part.isdigit() and known:
            found.append(Attached(known, {"uid": uid, "part": part}, name))
    return found


def _files(letter: Letter) -> dict[str, str]:
    return {
        f"file{n}": f"{int(letter['uid'])} {int(one['part'])} {_kind(one)} {str(one['name'])[:200]}"
        for n, one in enumerate(letter["files"])
    }


def _kind(file: Mapping[str, Any]) -> MediaKind:
    return FAMILIES.get(str(file["type"]).partition("/")[0], "file")
