"""A model is asked for fields: as JSON by a schema, checked, and repaired once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from runtime.crash import crashpoint
from runtime.errors import ModelFailed
from runtime.lang import Text, stored
from runtime.models.completion import Answer, Request
from runtime.turn.fields.field import Part, schema_of
from runtime.turn.fields.reading import Read, read
from runtime.turn.turn import Turn

SECONDS = 30.0
"""For one answer, at most; and never more than half of what the turn has left."""
LONGEST = 20_000
"""Characters of a text that is read by a model."""
SHOWN = 4000
"""Characters of a wrong answer that the model sees again."""

SHAPE = "Answer with one JSON object and nothing else. It fits this JSON schema:\n{schema}"
REPAIR = (
    "That answer does not fit:\n{wrong}\nAnswer again with the whole corrected JSON object and nothing else."
)
NOT_FIELDS = Text(
    "模型没有按字段回答，改了一次还是不对：{wrong}",
    "The model did not answer in the fields, not even when it was asked again: {wrong}",
)
MOST_TOLD = 20
"""Wrong values that a model is told of at once."""


def shape(fields: Sequence[Part]) -> str:
    """What a model is told of the form of its answer, besides what its server is told."""
    return SHAPE.format(schema=json.dumps(schema_of(fields), ensure_ascii=False))


def repair(wrong: Sequence[str]) -> str:
    return REPAIR.format(wrong="\n".join(wrong[:MOST_TOLD]))


def repaired_by(text: str, wrong: Sequence[str]) -> list[dict[str, Any]]:
    """Behind a wrong answer: what it was, and what to correct."""
    return [{"role": "assistant", "content": text}, {"role": "user", "content": repair(wrong)}]


async def asked_for(
    turn: Turn,
    block: str,
    model: str,
    told: Sequence[Mapping[str, Any]],
    fields: Sequence[Part],
    *,
    step: str = "",
) -> Read:
    """What the model finds. `told`: the messages; `step`: names them where a block asks several times.

    What is wrong twice is left in `wrong`; that no model answered is in `failed`, and is journaled as well,
    so that a turn that goes on goes the same way.
    Raises TurnFailed when the turn may ask no more models.
    """
    messages: list[Mapping[str, Any]] = [{"role": "system", "content": shape(fields)}, *told]
    found = Read({})
    for number in range(2):
        request = Request(model, messages, temperature=0, schema=schema_of(fields))
        try:
            answer = await _ask(turn, f"{step or block}.{number}", block, request)
        except ModelFailed as e:
            return replace(found, failed=e.text.to(turn.agent.language))
        found = await read(fields, answer.text, turn.now())
        if not found.wrong:
            break
        messages += [
            {"role": "assistant", "content": answer.text[:SHOWN]},
            {"role": "user", "content": repair(found.wrong)},
        ]
    return found


async def _ask(turn: Turn, step: str, block: str, request: Request) -> Answer:
    """Raises ModelFailed, and the same again in a turn that goes on."""
    turn.check_limits()

    async def work() -> dict[str, Any]:
        crashpoint("before_model")
        seconds = max(1.0, min(SECONDS, turn.seconds_left() / 2))
        answer = await turn.services.models.complete(replace(request, seconds=seconds))
        crashpoint("after_model")
        return answer.to_json()

    if failed := await turn.recall(f"{step}.failed.way"):
        raise ModelFailed(stored(failed["text"]), code=failed["code"])
    try:
        return await turn.paid(block, step, work)
    except ModelFailed as e:
        failure = {"text": e.text.by_language(), "code": e.code}
        await turn.decide(f"{step}.failed", lambda: failure)
        raise
