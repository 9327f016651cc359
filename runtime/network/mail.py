"""Letters by SMTP, over a connection that the egress guard judged."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from typing import Literal

import aiosmtplib

from runtime.errors import ToolFailed
from runtime.lang import Text, as_it_is, listed
from runtime.network.egress import Egress
from runtime.network.reach import Reach

Security = Literal["tls", "starttls", "none"]

PORTS = frozenset({25, 465, 587, 994, 2525})
"""Those that servers take letters on: RFC 8314, 163's 994."""
SECONDS = 30.0
"""For one letter, from the first packet to the server's receipt."""

IN_CLEAR = Text(
    "不加密只能用于内网的邮件服务器，请改用 TLS。",
    "Only a server of your own network is spoken to without encryption; use TLS.",
)
NOT_SENT = Text("邮件没有发出：{why}。", "The letter was not sent: {why}.")
NOT_TO_ALL = Text(
    "邮件没有发给 {refused}：邮件服务器不收。", "The mail server refused to take it for {refused}."
)
TOO_SLOW = Text("{seconds:g} 秒内没有完成", "no receipt in {seconds:g} s")


@dataclass(frozen=True)
class MailServer:
    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    tool: str = ""
    """The tool's type that asks, as an operator may permit it."""


@dataclass(frozen=True)
class Letter:
    """`once`: what names it for ever, so that receivers can tell a letter that came twice."""

    sender: str
    sender_name: str
    to: Sequence[str]
    subject: str
    text: str
    once: str
    at: datetime

    def packed(self) -> EmailMessage:
        """Nothing of it can become a header of its own. Raises ValueError."""
        made = EmailMessage(policy=SMTP)
        made["From"] = formataddr((one_line(self.sender_name), self.sender))
        made["To"] = ", ".join(self.to)
        made["Subject"] = one_line(self.subject)
        made["Date"] = format_datetime(self.at)
        made["Message-ID"] = f"<{self.once}@{self.sender.rpartition('@')[2]}>"
        # RFC 3834: no answering machine answers it.
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(self.text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))
        return made


class Mail:
    """Implements tools.Mails."""

    def __init__(self, egress: Egress, *, seconds: float = SECONDS) -> None:
        self._egress, self._seconds = egress, seconds

    async def send(self, server: MailServer, letter: Letter) -> None:
        """Raises ToolFailed: nobody, or not everybody, got it."""
        try:
            async with asyncio.timeout(self._seconds):
                refused = await self._sent(server, letter)
        except TimeoutError:
            raise _not_sent(TOO_SLOW.fill(seconds=self._seconds)) from None
        except aiosmtplib.SMTPException as e:
            raise _not_sent(as_it_is(said(e))) from None
        except (OSError, ValueError) as e:
            raise _not_sent(as_it_is(str(e)[:200] or type(e).__name__)) from None
        if refused:
            raise ToolFailed(NOT_TO_ALL.fill(refused=listed(refused)))

    async def _sent(self, server: MailServer, letter: Letter) -> Sequence[str]:
        """Those of the receivers whom the server refused."""
        return await handed_over(self._egress, server, letter.packed(), letter.to, self._seconds)


async def handed_over(
    egress: Egress,
    server: MailServer,
    letter: EmailMessage | None,
    to: Sequence[str],
    seconds: float,
    content: bytes = b"",
) -> Sequence[str]:
    """Those of the receivers whom the server refused; without a letter it is only signed in. `content`: the
    letter in ASCII, where making that would take long.

    Raises Blocked, ToolFailed, OSError and aiosmtplib's SMTPException.
    """
    reach = Reach(chosen="owner", tool=server.tool, hosts=(server.host.lower(),))
    line = await egress.connect(server.host, server.port, open_ports=PORTS, reach=reach)
    if server.security == "none" and not line.own:
        line.socket.close()
        raise ToolFailed(IN_CLEAR)
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=None,
        sock=line.socket,
        use_tls=server.security == "tls",
        start_tls=server.security == "starttls",
        username=server.user or None,
        password=server.password or None,
        timeout=seconds,
        local_hostname="localhost",
    )
    try:
        await client.connect()
        refused: Mapping[str, object] = {}
        if letter is not None:
            sender, receivers = parseaddr(str(letter["From"]))[1], list(to)
            if content:
                refused, _ = await client.sendmail(sender, receivers, content)
            else:
                refused, _ = await client.send_message(letter, sender=sender, recipients=receivers)
        with suppress(aiosmtplib.SMTPException):  # it has the letter
            await client.quit()
        return list(refused)
    finally:
        client.close()
        line.socket.close()


def one_line(text: str) -> str:
    """A header's value: one line of printable characters, so that no other header can begin in it."""
    return "".join(c if c.isprintable() else " " for c in text).strip()[:200]


def said(error: aiosmtplib.SMTPException) -> str:
    """The server's own words, on one line."""
    code = getattr(error, "code", None)
    message = str(getattr(error, "message", "") or error)
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        message = "; ".join(f"{one.recipient}: {one.code} {one.message}" for one in error.recipients)
    # It was given a connection, and so knows no port.
    return " ".join(f"{code or ''} {message}".replace(" on port None", "").split())[:300]


def _not_sent(why: Text) -> ToolFailed:
    return ToolFailed(NOT_SENT.fill(why=why), retryable=True)
