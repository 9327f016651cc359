"""An answer as a letter: words and simple HTML, in the thread of what it answers, and perhaps a file."""

import hashlib
import html
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Any

from runtime.network.mail import one_line

LINK = re.compile(r"https?://[^\s<>\"'，。；）)]{1,1000}")
ID = re.compile(r"<[^<>\s]{1,250}>")
INLINE = 300_000
"""Bytes of a picture that stands below the words; a larger one is attached."""
SHOWN = frozenset({"image/jpeg", "image/png", "image/gif"})
"""By every mail program."""
PAGE = '<html><body style="font: 15px/1.6 system-ui, sans-serif">\n{words}\n</body></html>'


def packed(told: Mapping[str, Any], now: float) -> EmailMessage:
    """`told`: from, name, to, subject, text, key, references, asked (whether it answers a letter),
    and perhaps file (name, type, content).

    Nothing of it can become a header of its own. Raises ValueError.
    """
    made = EmailMessage(policy=SMTP)
    made["From"] = formataddr((one_line(told["name"]), told["from"]))
    made["To"] = told["to"]
    made["Subject"] = one_line(told["subject"])
    made["Date"] = format_datetime(datetime.fromtimestamp(now, UTC))
    made["Message-ID"] = f"<{told['key']}@{told['from'].rpartition('@')[2]}>"
    references = [one for one in told["references"] if ID.fullmatch(one)]
    if references:
        made["In-Reply-To"] = references[-1]
        made["References"] = " ".join(references)
    # RFC 3834: no answering machine answers it
    made["Auto-Submitted"] = "auto-replied" if told["asked"] else "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    text = told["text"].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    made.set_content(text)
    made.add_alternative(as_html(text), subtype="html")
    if file := told.get("file"):
        _add(made, file)
    return made


def flat(letter: EmailMessage) -> bytes:
    """As it is sent, in ASCII. Takes time in proportion to its size: off the loop."""
    made = io.BytesIO()
    BytesGenerator(made, policy=SMTP.clone(cte_type="7bit")).flatten(letter)
    return made.getvalue()


def _add(made: EmailMessage, file: Mapping[str, Any]) -> None:
    """`file`: name, type, content."""
    content, name = bytes(file["content"]), one_line(str(file["name"]))
    kind, _, sort = str(file["type"]).partition("/")
    words = made.get_body(("html",))
    if file["type"] not in SHOWN or len(content) > INLINE or words is None:
        made.add_attachment(content, maintype=kind, subtype=sort, filename=name)
        return
    id = f"{hashlib.sha256(content).hexdigest()[:24]}@picture"
    shown = f'<p><img src="cid:{id}" alt="{html.escape(name)}" style="max-width: 100%"></p>\n</body></html>'
    words.set_content(words.get_content().replace("</body></html>", shown), subtype="html")
    words.add_related(
        content, maintype=kind, subtype=sort, cid=f"<{id}>", filename=name, disposition="inline"
    )


def as_html(text: str) -> str:
    paragraphs = (
        "<p>" + "<br>\n".join(_line(line) for line in one.split("\n")) + "</p>"
        for one in re.split(r"\n{2,}", text.strip("\n"))
    )
    return PAGE.format(words="\n".join(paragraphs))


def _line(line: str) -> str:
    found, at = [], 0
    for link in LINK.finditer(line):
        address = html.escape(link[0])
        found += [html.escape(line[at : link.start()]), f'<a href="{address}">{address}</a>']
        at = link.end()
    return "".join([*found, html.escape(line[at:])])
