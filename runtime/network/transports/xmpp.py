"""A line to an XMPP server. Its texts are objects, `is` says of what:

to it    hello (user, domain, password, resource), message (to, text, id, key), receipt (to, id),
         typing (to), accept (to), got (number: it is on the disk), ping
from it  ready (jid), refused (code), message (number, from, full, own, id, kind, text, at, asks, and of
         signs under another: on, its id, and signs, all that are there now),
         stanza (number: nothing in it is read), subscribe (number, from), failed (number, id, code),
         taken (keys), pong, over (code)

TLS comes before anything is said of who we are. What came is acknowledged (XEP-0198) as far as it was said
to be on the disk; the server keeps the rest for the next time.
"""

import asyncio
import itertools
import json
import ssl
import xml.etree.ElementTree as ET
from collections import deque
from collections.abc import Generator, Mapping
from typing import Any, Self
from xml.sax.saxutils import escape, quoteattr

from runtime.network.transports.stream import Stream as Bytes
from runtime.network.transports.xmpp_features import CAPABILITIES, PING, described
from runtime.network.transports.xmpp_sasl import Mistrust, chosen, steps
from runtime.network.transports.xmpp_stanzas import Stream
from runtime.network.transports.xmpp_words import (
    BIND,
    CLIENT,
    ERRORS,
    MANAGED,
    SASL,
    STREAM,
    TLS,
    bare,
    condition,
    local,
    message_of,
    ping,
    stanza_of,
)
from runtime.newest import Newest

XMPP_PORTS = frozenset({443, 5222, 5223})
SECONDS = 20.0
"""For signing in."""
CHUNK = 16 * 1024
WAITING = 1000
"""Of ours that were not acknowledged."""


class Refused(Exception):
    """The server does not let us in; `code` is its word, or ours."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class XmppLine:
    """Not two tasks may receive."""

    ended_with = 0
    """What a server says at its end comes as a text."""

    def __init__(self, stream: Bytes, trusts: ssl.SSLContext) -> None:
        """`trusts`: for the TLS that is still to begin."""
        self._bytes, self._trusts = stream, trusts
        self._stream = Stream()
        self._hello: Mapping[str, Any] | None = None
        self._jid = ""
        self._is_managed = False
        self._came = self._sent = 0
        self._open = Newest[int, bool](WAITING)
        """Numbers of what came and is not on the disk."""
        self._keys = deque[tuple[int, str]](maxlen=WAITING)
        """Of ours, by number, as far as they wait for their receipt."""
        self._said = deque[dict[str, Any]](maxlen=WAITING)
        self._ids = itertools.count(1)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._bytes.__aexit__()

    async def send(self, said: str) -> None:
        """Raises OSError."""
        told = json.loads(said)
        match told["is"]:
            case "hello":
                self._hello = told
            case "got":
                self._open.pop(int(told["number"]), None)
                await self._acknowledge()
            case "ping":
                await self._write("<r xmlns='urn:xmpp:sm:3'/>" if self._is_managed else ping(next(self._ids)))
            case _:
                await self._write_stanza(stanza_of(told), told.get("key", ""))

    async def receive(self) -> str | None:
        try:
            if self._hello is not None:
                return json.dumps(await self._let_in(self._hello))
            while not self._said:
                if (told := await self._told(await self._next())) is not None:
                    return json.dumps(told, ensure_ascii=False)
            return json.dumps(self._said.popleft(), ensure_ascii=False)
        except (OSError, ValueError, EOFError):
            return None

    # In

    async def _next(self) -> ET.Element:
        """The next stanza. Raises EOFError at the end, ValueError for what is none."""
        while not self._stream.found:
            if self._stream.is_over or not (content := await self._bytes.reader.read(CHUNK)):
                raise EOFError
            self._stream.feed(content)
        return self._stream.found.pop(0)

    async def _told(self, stanza: ET.Element) -> dict[str, Any] | None:
        match stanza.tag:
            case "{urn:xmpp:sm:3}r":
                await self._acknowledge()
                return None
            case "{urn:xmpp:sm:3}a":
                return self._acknowledged(stanza.get("h", ""))
            case "{http://etherx.jabber.org/streams}error":
                return {"is": "over", "code": next((local(one) for one in stanza), "")[:40]}
        self._came += 1
        number, came = self._came, local(stanza)
        self._open[number] = True
        told = {"is": "stanza", "number": number}
        if came == "message":
            return told | message_of(stanza, self._jid)
        if came == "presence" and stanza.get("type") == "subscribe":
            return {"is": "subscribe", "number": number, "from": bare(stanza.get("from", ""))}
        if came == "iq":
            return await self._asked(stanza, told)
        return told

    async def _asked(self, stanza: ET.Element, told: dict[str, Any]) -> dict[str, Any]:
        """Whatever is asked of us is refused; what we asked is answered."""
        if stanza.get("type") in ("get", "set"):
            to, id = stanza.get("from", ""), stanza.get("id", "")[:200]
            refusal = f"<error type='cancel'><service-unavailable xmlns='{ERRORS[1:-1]}'/></error>"
            address = f" to={quoteattr(to)}" if to else ""
            known = "" if stanza.find(f"{{{PING}}}ping") is not None else described(stanza)
            kind, inner = ("error", refusal) if known is None else ("result", known)
            await self._write_stanza(f"<iq type='{kind}' id={quoteattr(id)}{address}>{inner}</iq>", "")
        elif stanza.get("id", "").startswith("ping-"):
            self._said.append({"is": "pong"})
            if not self._is_managed:
                keys = [key for _, key in self._keys]
                self._keys.clear()
                self._said.append({"is": "taken", "keys": keys})
        return told

    def _acknowledged(self, h: str) -> dict[str, Any]:
        """All that we said up to there is the server's. Its numbers begin again after 2^32."""
        self._said.append({"is": "pong"})
        keys = []
        while self._keys and h.isdigit() and self._keys[0][0] <= int(h):
            keys.append(self._keys.popleft()[1])
        return {"is": "taken", "keys": keys}

    async def _acknowledge(self) -> None:
        """Everything up to the first that is not on the disk. Unasked too: else it comes again "
        "next time."""
        if self._is_managed:
            done = min(self._open, default=self._came + 1) - 1
            await self._write(f"<a xmlns='{MANAGED}' h='{done}'/>")

    # Out

    async def _write(self, content: str) -> None:
        await self._bytes.write(content.encode())

    async def _write_stanza(self, content: str, key: str) -> None:
        self._sent += 1
        if key:
            self._keys.append((self._sent, key))
            content += "<r xmlns='urn:xmpp:sm:3'/>" if self._is_managed else ping(next(self._ids))
        await self._write(content)

    # Signing in

    async def _let_in(self, hello: Mapping[str, Any]) -> dict[str, Any]:
        self._hello = None
        try:
            async with asyncio.timeout(SECONDS):
                await self._sign_in(hello)
        except Refused as e:
            return {"is": "refused", "code": e.code[:40]}
        except Mistrust:
            return {"is": "refused", "code": "mistrust"}
        return {"is": "ready", "jid": self._jid}

    async def _sign_in(self, hello: Mapping[str, Any]) -> None:
        """Raises Refused, Mistrust, OSError, ValueError, EOFError."""
        domain = hello["domain"]
        features = await self._begin(domain)
        await self._encrypt(features, domain)
        await self._prove(await self._begin(domain), hello)
        features = await self._begin(domain)
        bind = f"<bind xmlns='{BIND}'><resource>{escape(hello['resource'])}</resource></bind>"
        await self._write(f"<iq type='set' id='bind'>{bind}</iq>")
        bound = await self._next()
        if bound.get("type") != "result":
            raise Refused(condition(bound) or "bind")
        self._jid = (bound.findtext(f"{{{BIND}}}bind/{{{BIND}}}jid") or "")[:3000]
        if features.find(f"{{{MANAGED}}}sm") is not None:
            await self._write(f"<enable xmlns='{MANAGED}'/>")
            self._is_managed = local(await self._next()) == "enabled"
        self._sent = self._came = 0
        await self._write_stanza(f"<presence><priority>1</priority>{CAPABILITIES}</presence>", "")

    async def _encrypt(self, features: ET.Element, domain: str) -> None:
        """The certificate is the domain's, wherever its server is (RFC 6120, 13.7.2)."""
        if features.find(f"{{{TLS}}}starttls") is None:
            raise Refused("no-tls")
        await self._write(f"<starttls xmlns='{TLS}'/>")
        if local(await self._next()) != "proceed" or self._stream.found:
            raise Refused("no-tls")
        try:
            await self._bytes.writer.start_tls(self._trusts, server_hostname=domain)
        except ssl.SSLCertVerificationError:
            raise Refused("certificate") from None

    async def _begin(self, domain: str) -> ET.Element:
        self._stream = Stream()
        await self._write(
            f"<?xml version='1.0'?><stream:stream to={quoteattr(domain)} version='1.0' xmlns='{CLIENT}' "
            f"xmlns:stream='{STREAM}' xml:lang='en'>"
        )
        found = await self._next()
        if found.tag != f"{{{STREAM}}}features":
            raise Refused(next((local(one) for one in found), "stream"))
        return found

    async def _prove(self, features: ET.Element, hello: Mapping[str, Any]) -> None:
        offered = [one.text or "" for one in features.iterfind(f"{{{SASL}}}mechanisms/{{{SASL}}}mechanism")]
        mechanism = chosen(offered)
        if not mechanism:
            raise Refused("no-mechanism")
        proof = steps(mechanism, hello["user"], hello["password"])
        await self._write(f"<auth xmlns='{SASL}' mechanism='{mechanism}'>{next(proof)}</auth>")
        while True:
            came = await self._next()
            if local(came) == "failure":
                raise Refused(next((local(one) for one in came), "not-authorized"))
            said, answer = (came.text or "").strip(), None
            if said or mechanism != "PLAIN":
                answer = await asyncio.to_thread(_step, proof, said)
            if local(came) == "success":
                if answer is not None:
                    raise Mistrust
                return
            await self._write(f"<response xmlns='{SASL}'>{answer or ''}</response>")


def _step(proof: Generator[str, str, None], said: str) -> str | None:
    """None once everything is proven."""
    try:
        return proof.send(said)
    except StopIteration:
        return None
