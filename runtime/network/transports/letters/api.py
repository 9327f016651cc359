"""Calls of a channel whose platform is a mail server: `/look`, `/send`, `/check`, and `/file` that brings
bytes.

A body has `account` (smtp, user, password, folder) and what the call needs. An answer that is no success has
`error`: login, folder, imap, smtp_NNN, smtp, gone; and `says`, the server's own words.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from imaplib import IMAP4
from typing import Any
from urllib.parse import urlsplit

import aiosmtplib
from imapclient.exceptions import IMAPClientError, LoginError

from runtime.errors import SendFailed, ToolFailed
from runtime.lang import Text
from runtime.network.egress import Egress
from runtime.network.mail import MailServer, Security, handed_over, said
from runtime.network.transports import Server, Unopened
from runtime.network.transports.letters.imap import Mailbox
from runtime.network.transports.letters.writing import flat, packed
from runtime.network.transports.stream import IN_CLEAR, reached, secured, trusting
from runtime.off_loop import off_loop

PORTS = frozenset({143, 993})
SECONDS = 30.0
"""For one answer of the server's, and for one letter that leaves."""
SLOWEST = 200_000
"""Bytes a second of a letter with a file."""
SECURITY: Mapping[str, Security] = {"smtps": "tls", "smtp+tls": "starttls", "smtp": "none"}
GONE = Text(
    "和邮件服务器的连接断了，稍后重试。", "The connection to the mail server ended; it is tried again."
)
UNSURE = Text(
    "邮件服务器没有回应，不确定信是否发出。", "The mail server did not answer; the letter may have left."
)
TOO_LARGE = Text("附件太大，没有取。", "The attachment is too large and was not taken.")
STRANGE = (LookupError, ValueError, TypeError, RecursionError)
"""What an answer that is no IMAP comes to."""
NO_IMAP = "what the server says cannot be read"
Did = dict[str, Any]


class LettersApi:
    """Of one account; its connection is kept, and a thread that waits on it."""

    def __init__(self, server: Server, egress: Egress) -> None:
        self._server, self._egress = server, egress
        self._lock = asyncio.Lock()
        self._mailbox: Mailbox | None = None
        self._thread = ThreadPoolExecutor(1, "letters")

    async def close(self) -> None:
        """Whatever waits ends."""
        await self._drop()
        self._thread.shutdown(wait=False)

    async def call(self, path: str, body: Mapping[str, Any], now: float) -> Did:
        """Raises SendFailed: `unreachable` when nothing was done, `uncertain` when a letter may have left."""
        account = body["account"]
        match path:
            case "/send":
                file = {"file": body["file"]} if "file" in body else {}
                return await self._send(account, {**body["letter"], **file}, now)
            case "/check":
                found = await self._in_mailbox(account, lambda box: {"letters": []})
                return found if "error" in found else await self._send(account, None, now)
        cursor, hold, mark = body["cursor"], float(body["hold"]), bool(body["mark"])
        return await self._in_mailbox(account, lambda box: box.look(cursor, hold, mark=mark))

    async def file(self, body: Mapping[str, Any], most: int) -> bytes | None:
        """Of a letter; None when it is not there. Raises SendFailed."""
        uid, part = int(body["uid"]), int(body["part"])
        found = await self._in_mailbox(body["account"], lambda box: {"file": box.file(uid, part)})
        content = found.get("file")
        if isinstance(content, bytes) and len(content) > most:
            raise SendFailed(TOO_LARGE, code="too_large")
        return content

    async def _in_mailbox(self, account: Mapping[str, Any], do: Callable[[Mailbox], Did]) -> Did:
        """A connection that ended meanwhile is opened anew once."""
        async with self._lock:
            for is_last in (False, True):
                is_kept = self._mailbox is not None
                try:
                    return await self._done(account, do)
                except LoginError as e:
                    return _failed("login", str(e))
                except (IMAP4.abort, OSError, EOFError) as e:
                    if is_last or not is_kept or isinstance(e, Unopened):
                        raise SendFailed(
                            e.text if isinstance(e, Unopened) else GONE, code="unreachable"
                        ) from None
                except IMAPClientError as e:
                    return _failed("imap", str(e))
                except STRANGE as e:
                    return _failed("imap", f"{NO_IMAP} ({type(e).__name__})")
                finally:
                    if self._mailbox is not None and self._mailbox.is_broken:
                        await self._drop()
        raise AssertionError("unreachable")

    async def _done(self, account: Mapping[str, Any], do: Callable[[Mailbox], Did]) -> Did:
        box = self._mailbox or await self._opened(account)
        box.is_broken = True  # until it is done: also when whoever asked is gone
        working = asyncio.get_running_loop().run_in_executor(self._thread, do, box)
        try:
            found = await asyncio.shield(working)
        except asyncio.CancelledError:
            working.add_done_callback(lambda done: done.exception())  # that it was cut is known
            box.cut()
            raise
        box.is_broken = False
        return found

    async def _opened(self, account: Mapping[str, Any]) -> Mailbox:
        parts = urlsplit(self._server.url)
        async with asyncio.timeout(SECONDS):
            context = await asyncio.to_thread(trusting, self._server) if parts.scheme == "imaps" else None
            judged = await reached(self._server, self._egress, PORTS)
            if context is None and not judged.own:
                judged.socket.close()
                raise Unopened(IN_CLEAR, "in_clear")

        def signed_in() -> Mailbox:
            line = judged.socket
            line.settimeout(SECONDS)
            if context is not None:
                line = secured(line, context, parts.hostname or "")
            box = Mailbox(line, SECONDS)
            try:
                box.sign_in(account["user"], account["password"])
                box.open(account["folder"])
            except BaseException:
                box.close()
                raise
            return box

        try:
            self._mailbox = await asyncio.get_running_loop().run_in_executor(self._thread, signed_in)
        except BaseException:
            judged.socket.close()
            raise
        return self._mailbox

    async def _drop(self) -> None:
        box, self._mailbox = self._mailbox, None
        if box is not None:
            box.cut()
            await asyncio.get_running_loop().run_in_executor(self._thread, box.close)

    async def _send(self, account: Mapping[str, Any], letter: Mapping[str, Any] | None, now: float) -> Did:
        parts = urlsplit(account["smtp"])
        server = MailServer(
            parts.hostname or "",
            parts.port or 465,
            SECURITY[parts.scheme],
            account["user"],
            account["password"],
            self._server.tool,
        )
        try:
            made = await off_loop(packed, letter, now) if letter else None
            content, seconds = b"", SECONDS
            if made is not None and letter and letter.get("file"):
                content = await off_loop(flat, made)
                seconds += len(content) / SLOWEST
            async with asyncio.timeout(seconds):
                to = [letter["to"]] if letter else []
                await handed_over(self._egress, server, made, to, seconds, content)
        except (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPConnectTimeoutError) as e:
            return _failed("smtp", said(e))
        except (TimeoutError, aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError):
            raise SendFailed(UNSURE, code="uncertain") from None
        except aiosmtplib.SMTPRecipientsRefused as e:
            code = e.recipients[0].code  # 552 for one of them is their mailbox, not ours
            return _failed("smtp_full" if code == 552 else f"smtp_{code}", said(e))
        except aiosmtplib.SMTPAuthenticationError as e:
            return _failed("smtp_login", said(e))
        except aiosmtplib.SMTPResponseException as e:
            return _failed(f"smtp_{e.code}", said(e))
        except aiosmtplib.SMTPException as e:
            return _failed("smtp", said(e))
        except ToolFailed as e:
            raise SendFailed(e.text, code="unreachable") from None
        except OSError as e:
            return _failed("smtp", e.strerror or type(e).__name__)
        return {"sent": True}


def _failed(code: str, words: str) -> Did:
    return {"error": code, "says": " ".join(words.split())[:300]}
