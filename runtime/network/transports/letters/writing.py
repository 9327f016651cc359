"""An answer as a letter: words and simple HTML, in the thread of what it answers."""

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Any

from runtime.network.mail import one_line

LINK = re.compile(r"https?://[^\s<>\"'，。；）)]{1,1000}")
ID = re.compile(r"<[^<>\s]{1,250}>")
PAGE = '<html><body style="font: 15px/1.6 system-ui, sans-serif">\n{words}\n</body></html>'


def packed(told: Mapping[str, Any], now: float) -> EmailMessage:
    """`told`: from, name, to, subject, text, key, references, asked (whether it answers a letter).

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
    return made


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
