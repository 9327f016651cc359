"""Pictures, voice, video and files, both ways: what lies at the platform is got there, what is to be shown is
put there first.

A way that takes several calls is a generator: it yields each request and is given the answer, and returns
what it came to. It does no I/O itself, so it is played from a table like all the rest:

    def put(self, media):
        answer = yield ApiRequest("/upload", upload=FormFile("media", media.name, media.content, media.type))
        return Uploaded({"media_id": answer.data["media_id"]}, seconds=3 * 86400)
"""

from abc import abstractmethod
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar
from urllib.parse import parse_qsl, urlsplit

from runtime.answer import MediaKind, PartKind
from runtime.channels._abilities import AsksPlatform, Pushes
from runtime.channels._responding import Responds
from runtime.channels._wire import ApiAnswer, ApiRequest, Frame, WebResponse
from runtime.message import Message

T = TypeVar("T")
Steps = Generator[ApiRequest | Frame, ApiAnswer, T]
"""Calls one after another, each made with the access token where the channel authenticates; or frames over
the connection that is held."""


CARRIED = 7 * 86_400.0
"""Seconds for which it is remembered that nothing is to be put anywhere."""


@dataclass(frozen=True)
class MediaLimits:
    """What a surface takes, or gives, of one kind."""

    most: int
    """Bytes."""
    types: frozenset[str] = frozenset()
    """Media types, such as image/png, of what the content is and not of what somebody says that it is;
    empty: any."""
    seconds: float | None = None
    """How long voice or video may last."""


@dataclass(frozen=True)
class Attached:
    """A file that came with a message and lies at the platform."""

    kind: MediaKind
    place: Mapping[str, str] = field(repr=False)
    """What the channel needs to get it: an id, an address, a key. Plain JSON, hostile like all
    that comes in."""
    name: str = ""
    """What the person called it; shown in words, and never a name of ours."""


@dataclass(frozen=True)
class Media:
    """What is to be put to the platform. It was looked at: `type` is what the content really is."""

    kind: MediaKind
    type: str
    content: bytes = field(repr=False)
    name: str = "media"
    """As the file's name in a form: of letters and digits of any script, and the ending of its type."""
    seconds: float | None = None
    """How long it lasts, where that is known."""


@dataclass(frozen=True)
class Uploaded:
    """Something that lies at the platform now. `data`: what shows it later, plain JSON."""

    data: Mapping[str, Any] = field(repr=False)
    seconds: float
    """How long the platform keeps it."""


@dataclass(frozen=True)
class Shown:
    """A part that is more than text. `data`: of media what `put` came to, see Uploaded; of news `title`,
    `url` and, where there are any, `description` and `picture` (https)."""

    kind: PartKind
    data: Mapping[str, Any]
    title: str = ""
    media: Media | None = None
    """The file itself, see CarriesMedia."""
    page: str = ""
    """Of a picture that opens a page, see MediaOut.shows_own_pages."""
    edits: str = ""
    """In which message it is shown instead of what was written so far, see Edits."""
    words: str = ""
    """That go with it, see MediaOut.words_along."""


def at_address(
    url: object, most: int, upload: bytes | None = None, *, with_http: bool = False
) -> ApiRequest | None:
    """Asks for what lies there, or brings it there; None for what is no address. Whose host it is is looked
    at where it is asked. `with_http`: the platform writes http, and what is there is there with TLS, too."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        query = dict(parse_qsl(parts.query, keep_blank_values=True, max_num_fields=100))
    except ValueError:
        return None
    is_there = parts.scheme == "https" or (with_http and parts.scheme == "http")
    if not is_there or not parts.netloc or not parts.path:
        return None
    return ApiRequest(parts.path, query=query, host=f"https://{parts.netloc}", most=most, upload=upload)


class MediaIn(AsksPlatform):
    """What people send besides text lies at the platform and can be got there."""

    media_in: ClassVar[Mapping[MediaKind, MediaLimits]]
    """What is got; of a kind that is not in it only the words come. It is bounded by these, whoever sends."""
    media_hosts: ClassVar[frozenset[str]] = frozenset()
    """Other hosts of the platform's that a request may name, `*.example.com` for all below one."""

    @abstractmethod
    def attached(self, message: Message) -> Sequence[Attached]:
        """The files of a message that `receive` or `page` made, read from its `data`. Never raises."""

    @abstractmethod
    def get(self, file: Attached) -> Steps[bytes]:
        """Its bytes as they lie there. Raises SendFailed with the platform's code."""

    def open(self, file: Attached, content: bytes) -> bytes:
        """The bytes in the clear, where they lie there encrypted. Off the loop. Raises ValueError."""
        return content


class MediaOut(AsksPlatform):
    """Pictures, voice, video, files can be shown: what Pushes is PushesMedia, what Responds RespondsMedia."""

    media_out: ClassVar[Mapping[MediaKind, MediaLimits]]
    """What is put there; of a kind that is not in it the words are sent."""
    media_out_hosts: ClassVar[frozenset[str]] = frozenset()
    """As in MediaIn.media_hosts."""
    shows_news: ClassVar[bool] = False
    """Cards with title, picture and link."""
    shows_own_pages: ClassVar[bool] = False
    """A picture may open a page of the surface's own app, which its path names: `pages/tea/tea?id=1`."""

    words_along: ClassVar[bool] = False
    """The words of an answer go with its first file, in one message, see Shown.words."""
    shown_once: ClassVar[bool] = False
    """What lies there can be shown once: it is brought there anew for each answer."""

    @abstractmethod
    def put(self, media: Media) -> Steps[Uploaded]:
        """Bring it to the platform, once for everybody it is shown to. Raises SendFailed."""


class PushesMedia(MediaOut, Pushes):
    """It can be sent."""

    @abstractmethod
    def push_media(self, shown: Shown, to: str, key: str) -> ApiRequest | Frame:
        """Sends one, see Pushes.push; the answer is read by `pushed`."""

    def push_media_after(self, message: Message, shown: Shown, key: str) -> ApiRequest | Frame:
        """Sends one to whoever wrote `message`, their newest, see Pushes.push_after."""
        return self.push_media(shown, message.sender, key)


class CarriesMedia(PushesMedia):
    """A file goes with the message that shows it (Shown.media), each time: nothing lies at the platform."""

    def put(self, media: Media) -> Steps[Uploaded]:
        """Nothing to be done."""
        yield from ()
        return Uploaded({}, CARRIED)


class RespondsMedia(MediaOut, Responds):
    """It can be the response to a callback."""

    only_pushed: ClassVar[frozenset[MediaKind]] = frozenset()
    """Of `media_out` those that no response can show."""

    @abstractmethod
    def respond_media(self, message: Message, shown: Shown, now: float) -> WebResponse:
        """It as the response to this message's callback."""
