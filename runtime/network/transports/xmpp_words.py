"""What is said over XMPP: messages as they are read, and stanzas as they are written."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from runtime import wellformed

CLIENT, STREAM, TLS, SASL, BIND = (
    "jabber:client",
    "http://etherx.jabber.org/streams",
    "urn:ietf:params:xml:ns:xmpp-tls",
    "urn:ietf:params:xml:ns:xmpp-sasl",
    "urn:ietf:params:xml:ns:xmpp-bind",
)
MANAGED, RECEIPTS, STATES, DELAY, ORIGIN, REACTIONS = (
    "urn:xmpp:sm:3",
    "urn:xmpp:receipts",
    "http://jabber.org/protocol/chatstates",
    "urn:xmpp:delay",
    "urn:xmpp:sid:0",
    "urn:xmpp:reactions:0",
)
ERRORS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
LONGEST = 20_000
"""Characters of a text."""
SIGNS = 20
"""Under one message, of one person."""


def message_of(stanza: ET.Element, own: str) -> dict[str, Any]:
    sender = wellformed.text(stanza.get("from", ""))[:3000]
    id = wellformed.text(stanza.get("id", ""))[:200]
    if stanza.get("type") == "error":
        return {"is": "failed", "id": id, "code": condition(stanza) or "error"}
    origin = stanza.find(f"{{{ORIGIN}}}origin-id")
    return {
        "is": "message",
        "from": bare(sender),
        "full": sender,
        "own": bare(sender) == bare(own),
        "id": wellformed.text(origin.get("id", ""))[:200] if origin is not None else id,
        "asks": id if stanza.find(f"{{{RECEIPTS}}}request") is not None else "",
        "kind": stanza.get("type", "normal")[:40],
        "text": wellformed.text(stanza.findtext(f"{{{CLIENT}}}body") or "")[:LONGEST],
        "at": _stamp(stanza, own),
        **_signs(stanza),
    }


def _signs(stanza: ET.Element) -> dict[str, Any]:
    """Of the first element alone: a message has one (XEP-0444, 4)."""
    found = stanza.find(f"{{{REACTIONS}}}reactions")
    if found is None:
        return {"on": "", "signs": []}
    signs = [wellformed.text(one.text or "")[:40] for one in found.iterfind(f"{{{REACTIONS}}}reaction")]
    return {"on": wellformed.text(found.get("id", ""))[:200], "signs": signs[:SIGNS]}


def _stamp(stanza: ET.Element, own: str) -> float:
    """When it was sent, if our server kept it; else 0. Nobody else may say so."""
    domain = bare(own).rpartition("@")[2]
    for delay in stanza.iterfind(f"{{{DELAY}}}delay"):
        if delay.get("from") in (domain, bare(own), None):
            try:
                return datetime.fromisoformat(delay.get("stamp", "")).timestamp()
            except (ValueError, OverflowError):
                return 0.0
    return 0.0


def stanza_of(told: Mapping[str, Any]) -> str:
    to = quoteattr(told["to"])
    match told["is"]:
        case "message":
            id = quoteattr(told["id"])
            signs = f"<active xmlns='{STATES}'/><origin-id xmlns='{ORIGIN}' id={id}/>"
            return (
                f"<message to={to} type='chat' id={id}><body>{escape(told['text'])}</body>{signs}</message>"
            )
        case "receipt":
            inner = f"<received xmlns='{RECEIPTS}' id={quoteattr(told['id'])}/>"
            return f"<message to={to} type='chat'>{inner}</message>"
        case "typing":
            return f"<message to={to} type='chat'><composing xmlns='{STATES}'/></message>"
        case _:
            return f"<presence to={to} type='subscribed'/>"


def ping(number: int) -> str:
    """The server's answer comes behind whatever it did with what we said before."""
    return f"<iq type='get' id='ping-{number}'><ping xmlns='urn:xmpp:ping'/></iq>"


def condition(stanza: ET.Element) -> str:
    found = (one.tag for error in stanza.iterfind(f"{{{CLIENT}}}error") for one in error)
    return next((tag.removeprefix(ERRORS) for tag in found if tag.startswith(ERRORS)), "")[:40]


def bare(jid: str) -> str:
    return jid.partition("/")[0].lower()[:2000]


def local(stanza: ET.Element) -> str:
    return stanza.tag.rpartition("}")[2]
