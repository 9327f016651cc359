"""Where an account is joined by a scan: how far it is in words, and what the owner can do."""

import re
import time
from dataclasses import dataclass

import segno

from runtime.channels import Channel, Joins, registry
from runtime.errors import BadSettings
from runtime.lang import NOTHING, Text, stored
from runtime.publish.standing import Tone
from runtime.store.control.control import Control
from runtime.store.control.records import Publication

DIGITS = re.compile(r"[0-9A-Za-z]{1,12}")
LINK = re.compile(r"https?://[^/]")
"""What may be opened: a code holds what a platform says, and a page never runs that."""
AFTER = ("joined", "kept")


@dataclass(frozen=True)
class Scan:
    """`rows`: the code as it is drawn, a text of 0 and 1 a line; () when there is none just now."""

    tone: Tone
    title: Text
    hint: Text = NOTHING
    rows: tuple[str, ...] = ()
    link: str = ""
    """What the code holds: to be opened on the phone itself."""
    computer: str = ""
    """Where the same is done on a computer; the platform wants to see that one comes from our page."""
    wants_digits: bool = False
    may_ask: bool = False
    """There is no code before somebody asks for one."""


STAGES: dict[str, tuple[Tone, Text, Text]] = {
    "asking": (
        "accent",
        Text("正在取二维码…", "Getting a code…"),
        Text("几秒后就会出现。", "It appears in a few seconds."),
    ),
    "shown": (
        "accent",
        Text("用{platform}扫这个二维码", "Scan this code with {platform}"),
        Text(
            "打开手机上的{platform} → 扫一扫，再点确认。二维码过几分钟会自动换一个。",
            "Open {platform} on your phone, scan, and confirm. The code is renewed every few minutes.",
        ),
    ),
    "scanned": (
        "accent",
        Text("扫到了，请在手机上确认", "Scanned: now confirm on the phone"),
        Text("确认后这里会自动接通。", "It goes live here by itself."),
    ),
    "digits": (
        "accent",
        Text("请输入手机上显示的数字", "Enter the digits that the phone shows"),
        Text("它们证明扫码的是您本人。", "They prove that it is you who scanned."),
    ),
    "wrong_digits": (
        "warn",
        Text("数字不对，请再看一眼手机", "Those are not the digits; look at the phone again"),
        Text("错几次以后要换一个二维码。", "After a few wrong ones there is a new code."),
    ),
    "taken": (
        "warn",
        Text("这个{platform}已经接在另一个发布上", "This {platform} is joined with another publication"),
        Text(
            "先到那个发布把它下线，再在这里扫码；或换一个人扫。",
            "Take that one offline first and scan again here, or let somebody else scan.",
        ),
    ),
    "given_up": (
        "warn",
        Text("二维码都过期了，没有人扫", "The codes expired and nobody scanned"),
        Text("点「换一个二维码」再来一次。", "Ask for a new code to try again."),
    ),
    "joined": ("ok", Text("已经接通", "Live"), NOTHING),
}
LOST = Text(
    "和{platform}的连接断了（在别处扫过码，或登录过期），请重新扫码。收到的消息和没发出去的回答都留着。",
    "The connection with {platform} is gone (scanned elsewhere, or expired): scan again. Messages are kept, "
    "and so are answers that could not be sent.",
)
CHECKING = Text("正在核对数字…", "Checking the digits…")
NO_CODE = Text("还没有二维码", "No code yet")


def is_joined(control: Control, publication: Publication) -> bool:
    """Whether the scan was made, and holds."""
    if not publication.account:
        return False
    known = control.joinings.find(publication.id)
    return not known.at or known.stage in AFTER


def lost(control: Control) -> list[tuple[Publication, Text]]:
    """What was joined and is not any more, and what to do."""
    found = []
    for publication in control.publications():
        kind = registry().get(publication.channel, Channel)
        if publication.enabled and publication.account and is_to_be_scanned(control, publication):
            found.append((publication, kind.words.fill(LOST)))
    return found


def is_to_be_scanned(control: Control, publication: Publication) -> bool:
    """Whether a scan is all that is missing."""
    kind = registry().get(publication.channel, Channel)
    return issubclass(kind, Joins) and not is_joined(control, publication)


def scan(control: Control, publication: Publication, kind: type[Channel]) -> Scan | None:
    """None where nothing is scanned."""
    if not issubclass(kind, Joins):
        return None
    if is_joined(control, publication):
        tone, title, hint = STAGES["joined"]
        return Scan(tone, title, hint)
    known = control.joinings.find(publication.id)
    tone, title, hint = STAGES.get(known.stage, STAGES["asking"])
    title, hint = kind.words.fill(title), kind.words.fill(hint)
    if known.digits:
        title = CHECKING
    if publication.account:
        tone, hint = "bad", kind.words.fill(LOST)
    if known.trouble:
        tone, hint = "warn", stored(known.trouble)
        title = title if known.stage != "asking" else NO_CODE
    return Scan(
        tone,
        title,
        hint,
        rows=drawn(known.content) if known.content else (),
        link=known.content if LINK.match(known.content) else "",
        computer=known.link if LINK.match(known.link) else "",
        wants_digits=known.stage in ("digits", "wrong_digits") and not known.digits,
        may_ask=known.stage in ("given_up", "taken"),
    )


def drawn(content: str) -> tuple[str, ...]:
    """The code with its quiet zone, as every reader wants it (ISO/IEC 18004: four modules)."""
    return tuple("".join("1" if one else "0" for one in row) for row in _code(content).matrix_iter(border=4))


def in_terminal(content: str) -> str:
    """The code in half blocks, dark on light, for a terminal."""
    rows = [*drawn(content)]
    rows += ["0" * len(rows[0])] * (len(rows) % 2)
    marks = {"00": "█", "01": "▀", "10": "▄", "11": " "}
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return "\n".join("".join(marks[a + b] for a, b in zip(*pair, strict=True)) for pair in pairs)


def ask(control: Control, id: str) -> None:
    """A new code is wanted."""
    control.joinings.change(id, asked_at=time.time())


def enter(control: Control, id: str, digits: str) -> None:
    """What the phone shows. Raises BadSettings."""
    digits = digits.replace(" ", "")
    if not DIGITS.fullmatch(digits):
        raise BadSettings(
            Text("请照手机上的样子输入数字。", "Enter the digits as the phone shows them."), field="digits"
        )
    control.joinings.change(id, digits=digits)


def _code(content: str) -> segno.QRCode:
    return segno.make_qr(content, error="m")
