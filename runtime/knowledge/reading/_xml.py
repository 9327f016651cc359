"""XML as a stream of what begins, ends and stands between: nothing is kept, and no entity is resolved."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal
from xml.parsers import expat

from runtime.knowledge.reading import NotRead

DEEPEST = 1000
Event = tuple[Literal["start", "end", "text"], str, Mapping[str, str]]
"""What happens, the name without its namespace or the text, and the attributes, named alike."""
NONE: Mapping[str, str] = {}


def events(pieces: Iterable[bytes]) -> Iterator[Event]:
    """Raises NotRead: `broken`, or `bomb` for what declares entities."""
    found: list[Event] = []
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise NotRead("bomb")
        found.append(("start", _local(name), {_local(key): value for key, value in attributes.items()}))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        found.append(("end", _local(name), NONE))

    def declared(*_: object) -> None:
        raise NotRead("bomb")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda text: found.append(("text", text, NONE))
    parser.EntityDeclHandler = declared
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            yield from found
            found.clear()
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise NotRead("broken") from None
    yield from found


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
