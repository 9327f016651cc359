"""What comes with a message is put into words before its turn, by models that see and hear."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from runtime.agents.agent import Agent, walk
from runtime.blocks import AsksModel
from runtime.errors import NotSaved
from runtime.media.kept import HASH, SCHEME, KeptMedia
from runtime.message import Message
from runtime.models.completion import Models
from runtime.models.senses import Sense, UsualModels
from runtime.models.sound import Recording, Sound
from runtime.senses.hearing import heard
from runtime.senses.seeing import Picture, described
from runtime.senses.speaking import Speaking
from runtime.turn.events import Sensed

log = logging.getLogger(__name__)

MOST = 4
"""Pictures of one message that are put into words."""

Json = Mapping[str, Any]


class Senses:
    """Used on one event loop. `usual`: what sees and hears for agents that name no model."""

    def __init__(
        self, models: Models, sound: Sound, kept: KeptMedia, usual: Callable[[], UsualModels]
    ) -> None:
        self.kept = kept
        self.speaking = Speaking(sound, kept, usual)
        self._models, self._sound, self._usual = models, sound, usual

    async def taken_in(self, agent: Agent, message: Message) -> tuple[Message, Sequence[Sensed]]:
        """The message with what came with it in words, and what that took. Nothing is raised for what a
        file or a model does: then the words say so."""
        if message.kind == "voice" and not message.text.strip():
            return await self._heard(agent, message)
        if _pictures(message) and not sees_all(agent) and (model := self._model(agent.vision, "seeing")):
            return await self._seen(agent, message, model)
        return message, ()

    async def _heard(self, agent: Agent, message: Message) -> tuple[Message, Sequence[Sensed]]:
        model = self._model(agent.voice, "hearing")
        recordings = (file for file in files_of(message) if str(file.get("type", "")).startswith("audio/"))
        voice = next(recordings, {})
        content = await self.kept.read(str(voice.get("hash", ""))) if model else None
        if content is None:
            return message, ()
        found = await heard(self._sound, model, Recording(content, str(voice["type"])))
        return replace(message, text=found.text), (found,)

    async def _seen(self, agent: Agent, message: Message, model: str) -> tuple[Message, Sequence[Sensed]]:
        pictures = _pictures(message)[:MOST]

        async def one(picture: Picture) -> Sensed:
            try:
                return await described(self._models, self.kept, model, agent.language, picture)
            except NotSaved as e:
                return Sensed("seeing", model, "", failed=True, why=e.text)

        found = await asyncio.gather(*map(one, pictures))
        by_hash = {picture.hash: seen for picture, seen in zip(pictures, found, strict=True) if picture.hash}
        files = [{**file, **_told(by_hash.get(str(file.get("hash"))))} for file in files_of(message)]
        words = "\n\n".join(seen.text for seen in found if seen.text)
        data = {**message.data, **({"described": words} if words else {"unseen": "failed"})}
        return replace(message, data={**data, "files": files} if files else data), found

    def _model(self, own: str, sense: Sense) -> str:
        return own or self._usual().of(sense)


def sees_all(agent: Agent) -> bool:
    """Whether every model that it asks sees pictures itself."""
    return all(block.sees_pictures for _, block in walk(agent.flow) if isinstance(block, AsksModel))


def files_of(message: Message) -> Sequence[Json]:
    """What came with it, as it stands in its data."""
    files = message.data.get("files")
    return [file for file in files if isinstance(file, Mapping)] if isinstance(files, list) else []


def _pictures(message: Message) -> list[Picture]:
    """That nobody saw yet. Of a calling program there is one, which is kept nowhere."""
    if "described" in message.data or "unseen" in message.data:
        return []
    kept = [
        Picture(SCHEME + hash, hash)
        for file in files_of(message)
        if file.get("kind") == "image" and HASH.fullmatch(hash := str(file.get("hash", "")))
    ]
    url = str(message.data.get("url", "")) if message.kind == "image" and "files" not in message.data else ""
    return kept or ([Picture(url)] if url else [])


def _told(seen: Sensed | None) -> dict[str, str]:
    """As it stands in the message's data, see runtime.message.in_words."""
    if seen is None:
        return {}
    return {"unseen": "failed"} if seen.failed else {"described": seen.text}
