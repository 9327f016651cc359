"""What a person is shown, whatever surface it goes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

MediaKind = Literal["image", "voice", "video", "file"]
PartKind = Literal["text", "image", "voice", "video", "file", "news", "choices"]
"""news: a card with title, picture and link; choices: something to choose from."""
EDITS = "edits"
"""In the data of a text: in which message at the platform it is shown instead of what was written."""
MEDIA: frozenset[PartKind] = frozenset({"image", "voice", "video", "file"})
FAMILIES: Mapping[str, MediaKind] = {"image": "image", "audio": "voice", "video": "video"}


def media_kind(type: str) -> MediaKind:
    """Of content of a media type, such as audio/ogg; what is none that we know is a file."""
    return FAMILIES.get(type.partition("/")[0], "file")


@dataclass(frozen=True)
class AnswerPart:
    """A piece of an answer. Of every kind `text` says the same in words: where a surface cannot show the
    rest, or it cannot be brought there, the words are sent and nothing is lost.

    `data`, plain JSON: of media `url` (what the answer says: data:, http or https), `title` and, of a picture
    that opens a page of the surface's own app, `page`; of news `title`, `url` and, where there are any,
    `description` and `picture` (an address); of choices `question` and `options`, each with `text` and
    `value`.
    """

    text: str
    kind: PartKind = "text"
    data: Mapping[str, Any] = field(default_factory=dict)
