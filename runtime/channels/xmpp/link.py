"""The connection to an XMPP server, without its socket: what passes is in network/transports/xmpp.py."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from runtime import wellformed
from runtime.channels import ApiAnswer, End, Frame, Link, Step
from runtime.channels._border.refusals import refused
from runtime.channels.xmpp import guide
from runtime.channels.xmpp.account import JID, Account
from runtime.message import Message

LARGEST = 400 * 1024
RESOURCE = "hongyan"
HEARTBEAT = 60.0
PATIENCE = 30.0
"""Seconds for signing in, and for an answer of the server's."""
LATE = 31 * 86_400.0
"""Seconds for which a server keeps what was said to somebody who is not there."""
RESTS = (90.0, 600.0)
"""Seconds after each refusal of our name."""
CREDENTIALS = frozenset(
    {
        "not-authorized",
        "account-disabled",
        "credentials-expired",
        "no-mechanism",
        "mistrust",
        "invalid-authzid",
    }
)
THUMBS: Mapping[str, str] = {"👍": "good", "👎": "bad"}
TONES = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
TALK = frozenset({"chat", "normal"})
"""Of a group, a headline or an error nothing is answered."""


class XmppLink(Link):
    def __init__(self, account: Account) -> None:
        self._account = account
        self._refusals = 0
        self._waits = False

    def opened(self, now: float) -> Step:
        self.tick_at, self._waits = now + PATIENCE, True
        one = self._account
        told = {"user": one.user, "domain": one.domain, "resource": RESOURCE}
        return Step(send=[frame("hello", **told, password=one.password.get_secret_value())])

    def frame(self, text: str, now: float) -> Step:
        try:
            told = wellformed.load(text, largest=LARGEST, deepest=4)
            match told["is"]:
                case "message":
                    return self._message(told, now)
                case "stanza" | "subscribe":
                    return self._asked(told)
                case "failed" | "taken":
                    return _answers(told)
                case "ready" | "pong":
                    return self._well(told, now)
                case "refused":
                    return Step(end=self._refused(str(told["code"])))
                case "over":
                    return Step(end=self._over(str(told["code"])))
        except (ValueError, KeyError, TypeError):
            pass
        raise refused("malformed")

    def tick(self, now: float) -> Step:
        if self._waits or not self.is_up:
            return Step(end=self.retried(guide.SILENT, "silent"))
        self._waits, self.tick_at = True, now + PATIENCE
        return Step(send=[frame("ping")])

    def closed(self, now: float) -> End:
        return self.retried(guide.LOST, "lost")

    def _message(self, told: Mapping[str, Any], now: float) -> Step:
        sender, text, id = str(told["from"]), str(told["text"]), str(told["id"])
        on, signs = str(told["on"]), told["signs"]
        if told["own"] or told["kind"] not in TALK or not (on or text.strip()) or not JID.fullmatch(sender):
            return Step(after=[_got(told)])
        at = float(told["at"])
        at = at if now - LATE < at < now else now  # a server passes on what a stranger says of it, too
        # ids are the sender's own: any text, mostly random
        made = hashlib.sha256((id or f"{at} {text} {on} {signs}").encode()).hexdigest()[:32]
        receipts = [frame("receipt", to=str(told["full"]), id=str(told["asks"]))] if told["asks"] else []
        if on:
            reacted = _reacted(f"x-{made}", sender, on, signs, at)
            return Step(messages=[reacted], after=[_got(told), *receipts])
        return Step(
            messages=[Message(f"x-{made}", sender, text, at=at)],
            after=[_got(told), *receipts, frame("typing", to=sender)],
        )

    def _well(self, told: Mapping[str, Any], now: float) -> Step:
        if told["is"] == "ready":
            self.is_up, self.tries, self._refusals = True, 0, 0
        self._waits, self.tick_at = False, now + HEARTBEAT
        return Step()

    def _asked(self, told: Mapping[str, Any]) -> Step:
        """Whoever wants to see that we are there."""
        who = str(told["from"]) if told["is"] == "subscribe" else ""
        accepts = self._account.accept and JID.fullmatch(who)
        return Step(after=[_got(told), *([frame("accept", to=who)] if accepts else [])])

    def _refused(self, code: str) -> End:
        if code in CREDENTIALS:
            self._refusals += 1
            rest = RESTS[min(self._refusals, len(RESTS)) - 1]
            return self.ended(End(guide.REFUSED.fill(code=code[:40]), "refused", rest))
        if code in ("no-tls", "certificate"):
            return self.ended(End(guide.NO_TLS if code == "no-tls" else guide.CERTIFICATE, code, RESTS[-1]))
        return self.retried(guide.NOT_YET.fill(code=code[:40]), "not_yet")

    def _over(self, code: str) -> End:
        if code == "conflict":
            return self.ended(End(guide.TAKEN_OVER, "taken_over"))
        return self.retried(guide.LOST, "lost")


def _reacted(id: str, sender: str, on: str, signs: object, at: float) -> Message:
    """All signs that somebody has under that message by now: of two thumbs the last counts, and without one
    it was taken back. Words along with it are for programs that know no signs.
    https://xmpp.org/extensions/xep-0444.html, 3.2"""
    if not isinstance(signs, list):
        raise ValueError("no list")
    thumbs = [found for one in signs if (found := THUMBS.get(TONES.sub("", str(one)[:16])))]
    data = {"event": "rated", "on": on, "verdict": thumbs[-1] if thumbs else "none"}
    return Message(id, sender, "", "event", at, data)


def _answers(told: Mapping[str, Any]) -> Step:
    """What became of what we said."""
    if told["is"] == "failed":
        answer = ApiAnswer(200, {"error": str(told["code"])})
        return Step(after=[_got(told)], answers=[(str(told["id"]), answer)])
    keys = told["keys"]
    if not isinstance(keys, list):
        raise ValueError("no list")
    return Step(answers=[(str(key), ApiAnswer(200, {"taken": True, "id": str(key)})) for key in keys])


def said(to: str, text: str, key: str) -> Frame:
    told = {"is": "message", "to": to, "text": text, "id": key, "key": key}
    return Frame(json.dumps(told, ensure_ascii=False), key)


def frame(what: str, **told: object) -> Frame:
    return Frame(json.dumps({"is": what, **told}, ensure_ascii=False))


def _got(told: Mapping[str, Any]) -> Frame:
    """It is done with: the server forgets it."""
    return frame("got", number=int(told["number"]))
