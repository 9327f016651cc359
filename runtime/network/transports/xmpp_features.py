"""What others may know of how we talk: without it their programs offer no signs to put under what we say.

XEP-0030, 0115 (5.1 has how the proof is made); XEP-0444, 2: who takes signs has to say so.
"""

import base64
import hashlib
import xml.etree.ElementTree as ET
from xml.sax.saxutils import quoteattr

from runtime.network.transports.xmpp_words import REACTIONS, RECEIPTS, STATES

INFO, PING = "http://jabber.org/protocol/disco#info", "urn:xmpp:ping"
FEATURES = sorted((INFO, PING, REACTIONS, RECEIPTS, STATES))
CATEGORY, TYPE = "client", "bot"
NODE = "urn:hongyan"


def _proof() -> str:
    """Of an identity without language or name, and of the features in their order."""
    words = "".join(f"{one}<" for one in (f"{CATEGORY}/{TYPE}//", *FEATURES))
    return base64.b64encode(hashlib.sha1(words.encode(), usedforsecurity=False).digest()).decode()


PROOF = _proof()
CAPABILITIES = (
    f"<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node={quoteattr(NODE)} ver={quoteattr(PROOF)}/>"
)


def described(stanza: ET.Element) -> str | None:
    """What is within the answer to who asks what we can; None for another question."""
    query = stanza.find(f"{{{INFO}}}query")
    if query is None or stanza.get("type") != "get":
        return None
    node = query.get("node", "")
    if node not in ("", f"{NODE}#{PROOF}"):
        return None
    features = "".join(f"<feature var={quoteattr(one)}/>" for one in FEATURES)
    named = f" node={quoteattr(node)}" if node else ""
    return f"<query xmlns='{INFO}'{named}><identity category='{CATEGORY}' type='{TYPE}'/>{features}</query>"
