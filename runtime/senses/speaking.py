"""An answer read out: made once for the same words, in a form that the surface plays."""

import hashlib
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from runtime.agents.agent import Agent
from runtime.errors import BadMedia, HongyanError
from runtime.lang import Text
from runtime.media.ai_label import labelled, said
from runtime.media.kept import KeptMedia
from runtime.media.looking import look
from runtime.media.seen_label import with_rhythm
from runtime.message import Message
from runtime.models.senses import UsualModels
from runtime.models.sound import Recording, Sound
from runtime.off_loop import off_loop
from runtime.safety.masking.standing import in_words
from runtime.senses.spoken_words import spoken_words
from runtime.turn.events import Sensed

log = logging.getLogger(__name__)

SECONDS = 10.0
"""For making it; the text waits so long at most, and is sent alone then."""
CONVERTING = 20.0
QUICKEST = 8.0
"""Characters a second that no voice is quicker than: what surely lasts too long is not paid for."""
WAV = "audio/wav"
TONE = "\0tone"
"""Behind the name of a voice that begins with a rhythm, for what is remembered of it."""
Mark = Literal["", "spoken", "tone"]
SAID = Text("以下内容由AI生成。", "The following is AI-generated. ")
LENGTH = "length"
"""In place of a kind of sound, for what is remembered of a voice that was too long to be played."""
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

    async def spoken(
        self, agent: Agent, answer: str, plays: Plays, mark: Mark = ""
    ) -> tuple[Voice | None, Sensed | None]:
        """The answer as voice, and what that took. `mark`: how people hear that it is AI's. None: it is text
        only. Nothing is raised."""
        words, speech, usual = spoken_words(answer), agent.speech, self._usual()
        if kinds := agent.safety.masking.kinds:
            words = in_words(words, kinds, agent.language)
        model = speech.model or usual.speaking
        if not words or not model or len(words) > speech.longest or _too_long(words, plays):
            return None, None
        voice = speech.voice or ("" if speech.model else usual.voice)
        words = f"{SAID.to(agent.language)}{words}" if mark == "spoken" else words
        keyed = f"{voice}{TONE}" if mark == "tone" else voice
        if await self._was_too_long(model, keyed, words, plays):
            return None, None
        began, paid = time.monotonic(), list[float | None]()
        try:
            found = await self._found(model, keyed, words, plays)
            is_kept = found is not None
            if found is None:
                found = await self._made(model, keyed, words, plays, paid, agent.name)
        except HongyanError as e:
            log.warning("an answer is not read out: %s", e.text.en)
            ms, cost = round((time.monotonic() - began) * 1000), paid[0] if paid else 0.0
            return None, Sensed("speaking", model, "", ms, cost=cost, failed=True, why=e.text)
        ms, cost = round((time.monotonic() - began) * 1000), paid[0] if paid else 0.0
        return found, Sensed("speaking", model, words, ms, found.seconds, cost=cost, kept=is_kept)

    async def _found(self, model: str, voice: str, words: str, plays: Plays) -> Voice | None:
        """What was made before, in a form that is played. Raises BadMedia."""
        for type in KINDS:
            name = _name(model, voice, words, type)
            if (not plays.types or type in plays.types) and await self._kept.use(name):
                return await _as_played(name, await self._kept.read(name) or b"", plays)
        return None

    async def _made(
        self,
        model: str,
        voice: str,
        words: str,
        plays: Plays,
        paid: list[float | None],
        producer: str,
    ) -> Voice:
        """Nothing is kept but what is played: it goes with the messages that have it. `paid`: gets the price.

        Raises BadMedia, ModelFailed, NotSaved.
        """
        spoken = await self._sound.speak(model, voice.removesuffix(TONE), words, SECONDS)
        paid.append(spoken.cost)
        content, looked = spoken.content, await off_loop(look, spoken.content)
        if looked.kind != "voice":
            raise BadMedia(NO_VOICE.fill(model=model), code="type")
        if voice.endswith(TONE):
            content = await self._toned(content, looked.type)
            looked = await off_loop(look, content)
        type = looked.type
        if plays.types and type not in plays.types:
            type = next((one for one in KINDS if one in plays.types), "")
            if not type:
                raise BadMedia(NOT_PLAYED, code="type")
            content = await self._sound.converted(Recording(content, looked.type), type, CONVERTING)
        content = await off_loop(labelled, content, type, said(producer))
        name = _name(model, voice, words, type)
        try:
            found = await _as_played(name, content, plays)
        except BadMedia:
            # Not the recording, of which nobody would know that it is to be erased: only how much it was.
            seconds = (await off_loop(look, content)).seconds
            told = json.dumps({"type": type, "bytes": len(content), "seconds": seconds})
            await self._kept.keep_as(_name(model, voice, words, LENGTH), told.encode())
            raise
        await self._kept.keep_as(name, content)
        return found

    async def _toned(self, content: bytes, type: str) -> bytes:
        """As WAV, behind a rhythm. Raises BadMedia, ModelFailed."""
        if type != WAV:
            content = await self._sound.converted(Recording(content, type), WAV, CONVERTING)
        return await off_loop(with_rhythm, content)

    async def _was_too_long(self, model: str, voice: str, words: str, plays: Plays) -> bool:
        """Whether it was paid for a short while ago, and is more than is played."""
        content = await self._kept.read(_name(model, voice, words, LENGTH))
        if content is None:
            return False
        try:
            told = json.loads(content)
            return _is_more(int(told["bytes"]), float(told["seconds"] or 0), plays)
        except (ValueError, TypeError, KeyError):
            return False


async def _as_played(name: str, content: bytes, plays: Plays) -> Voice:
    """Raises BadMedia when it is more than is played."""
    looked = await off_loop(look, content)
    if _is_more(len(content), looked.seconds or 0, plays):
        raise BadMedia(TOO_LONG, code="too_large")
    return Voice(name, looked.type, len(content), looked.seconds)


def _is_more(bytes: int, seconds: float, plays: Plays) -> bool:
    return bytes > plays.most or bool(plays.seconds and seconds > plays.seconds)


def _name(*made_of: str) -> str:
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()


def _too_long(words: str, plays: Plays) -> bool:
    return bool(plays.seconds) and len(words) / QUICKEST > (plays.seconds or 0)


NO_VOICE = Text("「{model}」给的不是语音。", "What {model} gave is no voice.")
NOT_PLAYED = Text("这里放不了语音。", "No voice is played here.")
TOO_LONG = Text("读出来太长了，只发文字。", "Read out it is too long; it is text only.")
