"""What a person wrote, whatever surface it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

from runtime.marked import marked

Kind = Literal["text", "image", "voice", "video", "file", "location", "link", "event", "start"]
"""start: nobody wrote; a start of the agent began (runtime/agents/starts.py), or a reminder is due."""

Event = Literal[
    "followed", "left", "opened", "scanned", "menu", "rated", "recalled", "unsupported", "taken", "returned",
    "replied",
]  # fmt: skip
"""What a person did besides writing, as `data["event"]` of a message of kind `event`, on every channel alike.

followed, left: they began or ceased to let the account write. opened: they came into the chat; `welcome` in
the data says that they may be greeted now. scanned: a code of the account's. menu: they chose something,
whose value is the text. rated: they judged an answer, `of` the one that
was sent as this; `verdict`: good, bad, or none when they took it
back; perhaps `reasons`. recalled: a message was taken back, whose `id` is in
the data. unsupported: they sent something of which the channel can tell nothing.

Three are the doing of a human at the platform's desk. taken: has the person now. returned: gave them back.
replied: wrote to them, the text.
"""


THREAD = "thread"
"""In Message.handle: what goes along with whatever is sent to that person, until a newer one has another."""


WAY = "way"
"""In a message's data: at which of our addresses a program asked."""

SAID = "said"
"""In Message.handle: a mark of all that was sent, where what came with the message was here before it. It
is put into words later, and the mark tells a repeat from another message."""


NOBODY = "start:"
"""What a sender begins with who is none: a start that runs for nobody, by its id."""


@dataclass(frozen=True)
class Quota:
    """How many parts may be pushed after something a person did, and for how many seconds."""

    pushes: int
    seconds: float
    unasked: bool = False
    """Also to somebody who never wrote."""


@dataclass(frozen=True)
class Bounce:
    """The platform took a part of an answer, and says now that it did not arrive.

    `key`: the one that it was sent with; `code`: why, as the channel explains it.
    """

    to: str
    key: str
    code: str


class Wishes(TypedDict, total=False):
    """How a calling program wants the answer; it narrows what the agent's owner set, and never widens it."""

    instructions: str
    max_tokens: int
    temperature: float
    effort: str
    """How much the model should think: as runtime.models.completion.Request has it."""
    seed: int
    form: dict[str, Any]
    """JSON schema of the answer, checked; empty: any object."""
    tools: list[dict[str, Any]]
    """The program's own, in OpenAI's form: a call of one ends the turn, which goes on with its result."""
    choice: str
    """Which of them is to be called: "required" for any, or a name."""
    one_call: bool
    """At most one at a time."""
    calls: str
    """What the ids of such calls begin with."""
    results: dict[str, str]
    """What calls came to, by their ids…"""
    rounds: list[dict[str, Any]]
    """…and with them all that followed the question, for a turn that waits for them no more."""


@dataclass(frozen=True)
class Message:
    """One thing one person wrote on one channel.

    `id` is unique for the sender on that channel: the platform's message id, or for events without one
    a key made of their fields. `data` holds what a kind carries besides text (`url`, `latitude`, `event` …),
    plain JSON values only. `history` is set by stateless callers that bring their own.
    """

    id: str
    sender: str
    text: str
    kind: Kind = "text"
    at: float = 0.0
    """When the person wrote it, seconds since 1970."""
    data: Mapping[str, Any] = field(default_factory=dict)
    handle: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the channel needs to answer it, such as a response address that works once. It is a credential:
    stored with the message, and shown to no template, page, trace or log."""
    history: tuple["Exchange", ...] | None = None
    wishes: Wishes = field(default_factory=Wishes)
    who: Mapping[str, str] = field(default_factory=dict)
    """What a calling program says of the person: `id` in its own system, `name`, `language`."""
    overheard: bool = False
    """Others read along where it is answered, as in a group: what is private is not said there."""
    is_bot: bool = False
    """A program wrote it, as its platform says. It is not taken: two that answer each other never stop."""

    follows: bool = False
    """Whoever wrote it reads the answer there themselves: nobody brings it to them."""

    @property
    def came_whole(self) -> bool:
        """What came with it was here before it: there is nothing to be got from a platform."""
        return SAID in self.handle

    @property
    def who_there(self) -> str:
        """The one who wrote, in whatever group of that surface: channels name them `group/who` there."""
        return self.sender.rpartition("/")[2] if self.overheard else self.sender

    @property
    def unasked(self) -> bool:
        """Nobody wrote it: it begins a turn by itself, and says nothing of what its person may be sent."""
        return self.kind == "start"

    @property
    def for_nobody(self) -> bool:
        """Its turn is no person's."""
        return self.unasked and self.sender.startswith(NOBODY)

    def view(self) -> dict[str, Any]:
        """What templates may see as `message`: plain data."""
        return {"text": self.text, "kind": self.kind, "id": self.id, **self.data}


@dataclass(frozen=True)
class Exchange:
    """An earlier message of the conversation and the answer it got. `kind` and `data` as in Message.

    `number`: rises with each; 0 where nobody counts. `at`: when it came, seconds since 1970; 0: not known.
    """

    text: str
    reply: str
    kind: Kind = "text"
    data: Mapping[str, Any] = field(default_factory=dict)
    number: int = field(default=0, compare=False)
    at: float = field(default=0.0, compare=False)

    @property
    def words(self) -> str:
        """What was written, or in words what came."""
        return in_words(self.text, self.kind, self.data)


def in_words(text: str, kind: Kind, data: Mapping[str, Any]) -> str:
    """What a person sent as words for a model: never empty."""
    # What was spoken and understood is text like any other.
    name = "" if kind in ("voice", "event") and text.strip() else NAMES.get(kind, "")
    if kind == "location" and not text.strip():
        text = " ".join(str(data[key]) for key in ("label", "latitude", "longitude") if data.get(key))
    if kind == "link" and not text.strip():
        text = " ".join(str(data[key]) for key in ("title", "url") if data.get(key))
    if kind == "image":
        name = _seen(name, data)
    if kind in ("file", "video") and (called := _names(data)):
        name = f"{name} {called}"
    heard = _heard(data)
    words = " ".join(part for part in (name, text.strip() and text) if part)
    return "\n".join(filter(None, (words, heard))) or "[空消息]"


def beside_text(kind: Kind, data: Mapping[str, Any], *, pictures: bool) -> str:
    """What came beside what was written, as somebody who sees or hears told it; "" where nobody had to.
    `pictures`: also of these."""
    is_seen = pictures and kind == "image" and bool(data.keys() & {"described", "unseen"})
    return "\n".join(filter(None, (_seen(NAMES["image"], data) if is_seen else "", _heard(data))))


def _seen(name: str, data: Mapping[str, Any]) -> str:
    """A picture as somebody who sees described it; or that it could not be seen."""
    if words := str(data.get("described") or "").strip():
        return f"{name}\n{marked('picture', words)}"
    return "[图片，看不到内容]" if "unseen" in data else name


def _heard(data: Mapping[str, Any]) -> str:
    """Recordings beside what was written, as somebody who hears wrote them down."""
    if words := str(data.get("heard") or "").strip():
        return marked("voice", words)
    return "[语音，听不到内容]" if "unheard" in data else ""


def _names(data: Mapping[str, Any]) -> str:
    """What the person called the files that came."""
    files = data.get("files")
    named = [one.get("name", "") for one in files if isinstance(one, Mapping)] if files else []
    return "、".join(name for name in named if name)


NAMES: Mapping[str, str] = {
    "image": "[图片]",
    "voice": "[语音]",
    "video": "[视频]",
    "file": "[文件]",
    "location": "[位置]",
    "link": "[链接]",
    "event": "[事件]",
    "start": "[定时]",
}
"""What came, where it was no text. In every language: models read it, people do not."""
