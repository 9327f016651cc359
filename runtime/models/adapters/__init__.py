"""Ways of asking a model, a file or a folder each, which exports `ADAPTER`; a provider names its own."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from runtime.child_process import Seen
from runtime.models.completion import Answer, Request
from runtime.models.painting import Painted
from runtime.models.ranks import Embedded, Ranked
from runtime.models.reading.unfinished import Unfinished
from runtime.models.sound import Heard, Recording, Spoken
from runtime.models.targets import Target
from runtime.plugins import Registry

CONNECT = 4.0
"""Seconds to reach a server."""

MAX_BYTES = 32_000_000
"""Of one response of a server of unknown manners."""


class Adapter(ABC):
    """Used on one event loop. Nothing is loaded or connected before it is needed."""

    @abstractmethod
    def __init__(self, environment: Mapping[str, str]) -> None:
        """`environment`: with the keys and proxies of whoever runs the program."""

    @abstractmethod
    async def ask(self, target: Target, request: Request, unfinished: Unfinished, seconds: float) -> Answer:
        """One try; what comes goes into the unfinished.

        `seconds` bounds each wait for bytes; the caller bounds the whole. Raises ModelFailed. Cancelling
        closes the connection.
        """

    @property
    def process(self) -> Seen | None:
        """The one that it asks by, where that is not ours."""
        return None

    async def warm(self) -> None:  # noqa: B027 # most have nothing to load
        """Load what the first question would wait for."""

    async def close(self) -> None:  # noqa: B027 # or to close
        """Close the connections, end the processes."""


class AdapterForSound(Adapter):
    """Asks models that hear and speak, too. Each is one try; raises ModelFailed."""

    @abstractmethod
    async def transcribe(self, target: Target, recording: Recording, seconds: float) -> Heard:
        """What is said in it."""

    @abstractmethod
    async def speak(self, target: Target, voice: str, text: str, seconds: float) -> Spoken:
        """The text as sound; `voice` "": the model's usual one."""

    @abstractmethod
    async def converted(self, recording: Recording, type: str, seconds: float) -> bytes:
        """See runtime.models.sound.Sound."""


class AdapterForComparing(Adapter):
    """Asks models that compare texts, too. Each is one try; raises ModelFailed."""

    @abstractmethod
    async def embed(self, target: Target, texts: Sequence[str], seconds: float) -> Embedded:
        """Each as numbers."""

    @abstractmethod
    async def rerank(self, target: Target, query: str, texts: Sequence[str], seconds: float) -> Ranked:
        """In the order of their relevance."""

    @abstractmethod
    async def price(self, target: Target, tokens: int) -> float | None:
        """Of so many tokens as numbers, in US dollars; None: nobody knows."""


class AdapterForPainting(Adapter):
    """Asks models that draw, too. Each is one try; raises ModelFailed."""

    @abstractmethod
    async def paint(self, target: Target, prompt: str, size: str, seconds: float) -> Painted:
        """`size` "": the model's usual one."""


registry: Registry[type[Adapter]] = Registry(__name__, "ADAPTER")
"""Every way of asking by its name, which providers give (Provider.via)."""
