"""An answer read out: made once for the same words, in a form that the surface plays."""

import hashlib
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from runtime.agents.agent import Agent
from runtime.errors import BadMedia, HongyanError
from runtime.lang import Text
from runtime.media.kept import KeptMedia
from runtime.media.looking import Looked, look
from runtime.message import Message
from runtime.models.senses import UsualModels
from runtime.models.sound import Recording, Sound
from runtime.off_loop import off_loop
from runtime.senses.spoken_words import spoken_words
from runtime.turn.events import Sensed

log = logging.getLogger(__name__)

SECONDS = 30.0
"""For making it; the text waits so long at most."""
CONVERTING = 20.0
QUICKEST = 8.0
"""Characters a second that no voice is quicker than: what surely lasts too long is not paid for."""
KINDS = ("audio/amr", "audio/mpeg", "audio/silk", "audio/wav")
"""That a voice can be made into, the shortest first."""
PLAYED = frozenset({"audio/mpeg", "audio/wav", "audio/mp4"})
"""What every browser plays."""


class Plays(Protocol):
    """Of a surface that plays voice; runtime.channels.MediaLimits is one."""

    @property
    def most(self) -> int: ...
    @property
    def types(self) -> frozenset[str]: ...
    @property
    def seconds(self) -> float | None: ...


@dataclass(frozen=True)
class Browser:
    """Plays."""

    most: int = 10_000_000
    types: frozenset[str] = PLAYED
    seconds: float | None = None


@dataclass(frozen=True)
class Voice:
    """It is kept under `hash`."""

    hash: str
    type: str
    bytes: int
    seconds: float | None


class Speaking:
    """Used on one event loop."""

    def __init__(self, sound: Sound, kept: KeptMedia, usual: Callable[[], UsualModels]) -> None:
        self._sound, self._kept, self._usual = sound, kept, usual

    def wants(self, agent: Agent, message: Message) -> bool:
        """Whether answers to such a message are read out, if they can be."""
        when = agent.speech.when
        return when == "always" or (when == "spoken" and message.kind == "voice")

    async def spoken(self, agent: Agent, answer: str, plays: Plays) -> tuple[Voice | None, Sensed | None]:
        """The answer as voice, and what that took. None: it is text only. Nothing is raised."""
        words, speech, usual = spoken_words(answer), agent.speech, self._usual()
        model = speech.model or usual.speaking
        if not words or not model or len(words) > speech.longest or _too_long(words, plays):
            return None, None
        voice = speech.voice or ("" if speech.model else usual.voice)
        began = time.monotonic()
        try:
            name, cost, kept = await self._made(model, voice, words)
            found = await self._as_played(name, plays)
        except HongyanError as e:
            log.warning("an answer is not read out: %s", e.text.en)
            ms = round((time.monotonic() - began) * 1000)
            return None, Sensed("speaking", model, "", ms, cost=0.0, failed=True, why=e.text)
        ms = round((time.monotonic() - began) * 1000)
        return found, Sensed("speaking", model, words, ms, found.seconds, cost=cost, kept=kept)

    async def _made(self, model: str, voice: str, words: str) -> tuple[str, float | None, bool]:
        """Its name, its cost, and whether it was there. Raises BadMedia, ModelFailed, NotSaved."""
        name = _name("spoken", model, voice, words)
        if await self._kept.use(name):
            return name, 0.0, True
        spoken = await self._sound.speak(model, voice, words, SECONDS)
        if (await off_loop(look, spoken.content)).kind != "voice":
            raise BadMedia(NO_VOICE.fill(model=model), code="type")
        await self._kept.keep_as(name, spoken.content)
        return name, spoken.cost, False

    async def _as_played(self, name: str, plays: Plays) -> Voice:
        """Raises BadMedia, ModelFailed, NotSaved."""
        content = await self._kept.read(name) or b""
        looked = await off_loop(look, content)
        if plays.types and looked.type not in plays.types:
            name, content, looked = await self._converted(name, Recording(content, looked.type), plays)
        if len(content) > plays.most or (plays.seconds and (looked.seconds or 0) > plays.seconds):
            raise BadMedia(TOO_LONG, code="too_large")
        return Voice(name, looked.type, len(content), looked.seconds)

    async def _converted(self, name: str, recording: Recording, plays: Plays) -> tuple[str, bytes, Looked]:
        wanted = next((type for type in KINDS if type in plays.types), "")
        if not wanted:
            raise BadMedia(NOT_PLAYED, code="type")
        other = _name(name, wanted)
        content = await self._kept.read(other) if await self._kept.use(other) else None
        if content is None:
            content = await self._sound.converted(recording, wanted, CONVERTING)
            await self._kept.keep_as(other, content)
        return other, content, await off_loop(look, content)


def _name(*made_of: str) -> str:
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()


def _too_long(words: str, plays: Plays) -> bool:
    return bool(plays.seconds) and len(words) / QUICKEST > (plays.seconds or 0)


NO_VOICE = Text("「{model}」给的不是语音。", "What {model} gave is no voice.")
NOT_PLAYED = Text("这里放不了语音。", "No voice is played here.")
TOO_LONG = Text("读出来太长了，只发文字。", "Read out it is too long; it is text only.")
