"""Models that hear and speak, by litellm: what they are sent, what they answer, what it costs."""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypedDict

from runtime.models.litellm_child import recordings

Json = dict[str, Any]
Say = Callable[[Json], Awaitable[None]]

USUAL_VOICE = "alloy"
"""Of OpenAI's models, which want one to be named; those of others name theirs."""
FORMAT = "mp3"
"""That every provider has: https://platform.openai.com/docs/api-reference/audio/createSpeech"""


class Recording(TypedDict):
    content: str
    """Base64."""
    type: str


class Speech(TypedDict):
    text: str
    voice: str


class Sounds:
    """`litellm`: the module, loaded."""

    def __init__(self, litellm: Any) -> None:
        self._litellm = litellm

    async def hear(self, question: Mapping[str, Any], recording: Recording, say: Say) -> float | None:
        """Says `text`, and `seconds` where they are known. Its price, if known.

        Raises CannotAsk, litellm's.
        """
        content = base64.b64decode(recording["content"])
        taken = await asyncio.to_thread(recordings.as_taken, content, recording["type"])
        file = (taken.name, taken.content, taken.type)
        heard = await self._litellm.atranscription(
            **_where(question), file=file, timeout=question["seconds"], max_retries=0
        )
        await say({"text": str(getattr(heard, "text", "") or ""), "seconds": taken.seconds})
        return self._price(question["model"], seconds=taken.seconds)

    async def speak(self, question: Mapping[str, Any], speech: Speech, say: Say) -> float | None:
        """Says `content` in base64. Its price, if known. Raises litellm's."""
        answer = await self._litellm.aspeech(
            **_where(question),
            input=speech["text"],
            voice=speech["voice"] or USUAL_VOICE,
            response_format=FORMAT,
            timeout=question["seconds"],
            max_retries=0,
        )
        await say({"content": base64.b64encode(answer.content).decode()})
        return self._price(question["model"], characters=len(speech["text"]))

    def _price(
        self, model: str, *, seconds: float | None = None, characters: int | None = None
    ) -> float | None:
        """In US dollars, by litellm's list."""
        try:
            info: Mapping[str, Any] = self._litellm.get_model_info(model)
        except Exception:  # noqa: BLE001 # litellm raises a bare one for a model that is not in its list
            return None
        for used, rate in ((seconds, "input_cost_per_second"), (characters, "input_cost_per_character")):
            if used is not None and info.get(rate):
                return used * float(info[rate])
        return None


async def convert(recording: Recording, wanted: str, say: Say) -> None:
    """Says `content`, the same sound as that media type, in base64. Raises CannotAsk."""
    content = base64.b64decode(recording["content"])
    made = await asyncio.to_thread(recordings.converted, content, recording["type"], wanted)
    await say({"content": base64.b64encode(made).decode()})


def _where(question: Mapping[str, Any]) -> Json:
    return {name: question[name] for name in ("model", "api_base", "api_key") if question.get(name)}
