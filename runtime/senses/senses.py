"""What comes with a message is put into words before its turn, by models that see and hear."""

import asyncio
import functools
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from runtime.agents.agent import Agent
from runtime.agents.answering import takes_files
from runtime.blocks import Writes
from runtime.errors import NotSaved
from runtime.lang import NOTHING, Text
from runtime.media.kept import SCHEME, KeptMedia
from runtime.media.stored import HASH
from runtime.message import Exchange, Message
from runtime.models.completion import Models
from runtime.models.senses import Sense, UsualModels
from runtime.models.sound import Recording, Sound
from runtime.off_loop import off_loop
from runtime.senses.fitting import Fitting, Passages, written
from runtime.senses.hearing import heard
from runtime.senses.reading import Document, Reading
from runtime.senses.seeing import Picture, described
from runtime.senses.speaking import Speaking
from runtime.turn.events import Sensed
from runtime.turn.files import Files, SentFile

log = logging.getLogger(__name__)

MOST = 4
"""Pictures, and recordings, of one message that are put into words."""
MOST_EARLIER = 8
"""Files of earlier messages that a conversation has."""
MOST_TEXT = 20_000
"""Characters of a file that templates see."""
NO_FILES = Files()

Json = Mapping[str, Any]


class Senses:
    """Used on one event loop. `usual`: what sees and hears for agents that name no model."""

    def __init__(
        self, models: Models, sound: Sound, kept: KeptMedia, usual: Callable[[], UsualModels]
    ) -> None:
        self.kept = kept
        self.speaking = Speaking(sound, kept, usual)
        self._models, self._sound, self._usual = models, sound, usual
        self._reading, self._passages = Reading(kept), Passages()

    async def taken_in(self, agent: Agent, message: Message) -> tuple[Message, Sequence[Sensed]]:
        """The message with what came with it in words, and what that took. Nothing is raised for what a
        file or a model does: then the words say so."""
        message, found = await self._heard(agent, message)
        message, read = await self._read(agent, message)
        message, seen = await self._looked(agent, message)
        return message, [*found, *read, *seen]

    def hears(self, agent: Agent) -> bool:
        """Whether a model listens to voice for it."""
        return bool(self._model(agent.voice, "hearing"))

    async def opened(self, agent: Agent, message: Message, history: Sequence[Exchange]) -> Files:
        """The files of the conversation, as a turn sees them: within bounds, and what fits the question."""
        now, before = files_of(message.data), [one for past in history for one in files_of(past.data)]
        if not now and not before:
            return NO_FILES
        hashes = {file.get("hash") for file in now}
        earlier = {file.get("hash") or number: file for number, file in enumerate(before)}
        old = [file for hash, file in earlier.items() if hash not in hashes][-MOST_EARLIER:]
        texts = [await self._text(file) for file in (*now, *old)]
        question, most = message.text, agent.limits.file_tokens
        fits = await off_loop(self._passages.fitting, [text for text, _ in texts], question, most)
        sent = [
            _sent(file, document, text, fit)
            for file, (text, document), fit in zip((*now, *old), texts, fits, strict=True)
        ]
        return Files(sent[: len(now)], sent[len(now) :])

    async def _text(self, file: Json) -> tuple[str, Document | None]:
        if file.get("kind") != "file" or not HASH.fullmatch(hash := str(file.get("hash", ""))):
            return "", None
        document = await self._reading.known(hash)
        return (await off_loop(written, document.sections), document) if document else ("", None)

    async def _read(self, agent: Agent, message: Message) -> tuple[Message, Sequence[Sensed]]:
        """Documents are read, so that a turn finds them read."""
        found = files_of(message.data)
        documents = [file for file in found if file.get("kind") == "file" and _is_kept(file)]
        if not any(file.get("kind") == "file" for file in found) or not takes_files(agent):
            return message, ()
        model = self._model(agent.vision, "seeing")
        see = functools.partial(described, self._models, self.kept, model, agent.language) if model else None
        reads = [self._reading.read(str(file["hash"]), str(file.get("name", "")), see) for file in documents]
        read = await asyncio.gather(*reads)
        by_hash = {file["hash"]: document for file, (document, _) in zip(documents, read, strict=True)}
        files = [{**file, **_about(file, by_hash.get(file.get("hash", "")))} for file in found]
        sensed = [one for _, seen in read for one in seen]
        return replace(message, data={**message.data, "files": files}), sensed

    async def _looked(self, agent: Agent, message: Message) -> tuple[Message, Sequence[Sensed]]:
        if _pictures(message) and not sees_all(agent) and (model := self._model(agent.vision, "seeing")):
            return await self._seen(agent, message, model)
        return message, ()

    async def _heard(self, agent: Agent, message: Message) -> tuple[Message, Sequence[Sensed]]:
        """Voice is the message where nothing is written. Beside what is written it is listened to only where
        a sender put it there: a platform that heard it itself wrote what was said."""
        is_alone = not message.text.strip()
        if not message.came_whole and not (message.kind == "voice" and is_alone):
            return message, ()
        voices = [one for one in files_of(message.data) if _type(one).startswith("audio/")][:MOST]
        model = self._model(agent.voice, "hearing") if voices else ""
        found = await self._recorded(model, voices) if model else []
        words = "\n".join(one.text for one in found if one.text)
        if is_alone and (words or not message.came_whole):
            return (replace(message, text=words) if found else message), found
        told = {"heard": words} if words else {"unheard": "failed"} if voices else {}
        return (replace(message, data={**message.data, **told}) if told else message), found

    async def _recorded(self, model: str, voices: Sequence[Json]) -> Sequence[Sensed]:
        """Of those that are here."""
        hashes = [str(one.get("hash", "")) for one in voices]
        contents = [await self.kept.read(hash) for hash in hashes]
        return await asyncio.gather(
            *(
                heard(self._sound, self.kept, model, Recording(content, _type(one)), hash)
                for one, hash, content in zip(voices, hashes, contents, strict=True)
                if content is not None
            )
        )

    async def _seen(self, agent: Agent, message: Message, model: str) -> tuple[Message, Sequence[Sensed]]:
        pictures = _pictures(message)[:MOST]

        async def one(picture: Picture) -> Sensed:
            try:
                return await described(self._models, self.kept, model, agent.language, picture)
            except NotSaved as e:
                return Sensed("seeing", model, "", failed=True, why=e.text)

        found = await asyncio.gather(*map(one, pictures))
        by_hash = {picture.hash: seen for picture, seen in zip(pictures, found, strict=True) if picture.hash}
        files = [{**file, **_told(by_hash.get(str(file.get("hash"))))} for file in files_of(message.data)]
        words = "\n\n".join(seen.text for seen in found if seen.text)
        data = {**message.data, **({"described": words} if words else {"unseen": "failed"})}
        return replace(message, data={**data, "files": files} if files else data), found

    def _model(self, own: str, sense: Sense) -> str:
        return own or self._usual().of(sense)


def sees_all(agent: Agent) -> bool:
    """Whether every model that it asks sees pictures itself."""
    return all(block.sees_pictures for _, block in agent.enabled() if isinstance(block, Writes))


def files_of(data: Json) -> Sequence[Json]:
    """What came with a message, as it stands in its data."""
    files = data.get("files")
    return [file for file in files if isinstance(file, Mapping)] if isinstance(files, list) else []


def _pictures(message: Message) -> list[Picture]:
    """That nobody saw yet. A calling program's may be kept nowhere."""
    if "described" in message.data or "unseen" in message.data:
        return []
    shown = [file for file in files_of(message.data) if file.get("kind") == "image"]
    hashes = [str(file.get("hash", "")) for file in shown]
    kept = [Picture(SCHEME + hash, hash) for hash in hashes if HASH.fullmatch(hash)]
    url = str(message.data.get("url", "")) if message.kind == "image" and not shown else ""
    return kept or ([Picture(url)] if url else [])


def _type(file: Json) -> str:
    return str(file.get("type", ""))


def _is_kept(file: Json) -> bool:
    return HASH.fullmatch(str(file.get("hash", ""))) is not None


def _about(file: Json, document: Document | None) -> Json:
    """As it stands in the message's data; what is in it stands beside the file."""
    if file.get("kind") != "file":
        return {}
    return {"pages": document and document.pages, "read": bool(document and document.sections)}


def _sent(file: Json, document: Document | None, text: str, fit: Fitting) -> SentFile:
    size = file.get("bytes")
    return SentFile(
        str(file.get("name", "")),
        str(file.get("kind", "file")),
        size if isinstance(size, int) else 0,
        document.pages if document else None,
        text[:MOST_TEXT] or str(file.get("described", "")),
        document.why if document else NOT_HERE if file.get("kind") == "file" else NOTHING,
        fit.text,
        fit.is_whole,
    )


def _told(seen: Sensed | None) -> dict[str, str]:
    """As it stands in the message's data, see runtime.message.in_words."""
    if seen is None:
        return {}
    return {"unseen": "failed"} if seen.failed else {"described": seen.text}


NOT_HERE = Text(
    "没有收到，或已经过期删除。请再发一次。", "It did not arrive, or is gone by now. Send it once more."
)
