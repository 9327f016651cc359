"""Rehearse an agent on a channel: what the person sees and when, for a kind of account and a slow model.

The agent answers once, really, with the engine and the services of the playground. That answer is then
played through the real gateway and a simulated platform (stage.py), where nothing of the agent runs again.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any

from builder.actions import pair, stage
from builder.actions.playing import SENDER
from builder.actions.stage import Played, Recorded, Scene
from builder.phone import surface
from builder.studio import Studio
from runtime import engine
from runtime.access.permissions import Permission, needs
from runtime.agents.agent import Agent
from runtime.answer import AnswerPart
from runtime.errors import Invalid
from runtime.gateway.canned import waiting
from runtime.lang import Text, stored
from runtime.message import NAMES, Message
from runtime.simulator import Link, Seen, registry
from runtime.turn.events import Event, Failed, Replied

Json = dict[str, Any]

DELAYS = (2, 6, 14, 40, 300)
"""Seconds that an answer may take: within the window, at each repeat, later, and much later."""
LONGEST = 2000
"""Characters of a message."""


@needs(Permission.AGENTS_VIEW)
def choices(studio: Studio, id: str, channel: str = "") -> Json:
    """What can be chosen, and the message to begin with. Raises NotFound, BadAgent."""
    suggestions = studio.library.get(id).agent.suggestions
    kinds = registry()[surface(studio, id, channel)].kinds
    return {
        "kinds": [
            {"name": name, "title": pair(one.name), "may": pair(one.may)} for name, one in kinds.items()
        ],
        "delays": DELAYS,
        "text": suggestions[0] if suggestions else "",
    }


@needs(Permission.AGENTS_RUN)
async def rehearse(
    studio: Studio,
    id: str,
    text: str,
    kind: str,
    delay: int,
    variables: Mapping[str, str] | None = None,
    answer: Json | None = None,
    channel: str = "",
) -> Json:
    """Everything that happens, in order, and how it ended. Raises Invalid, NotFound, BadAgent, TurnFailed.

    `answer` is what an earlier rehearsal of the same message returned: then the agent is not asked again.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Invalid(
            Text("请写 1–{longest} 个字的消息。", "Write a message of 1–{longest} characters.").fill(
                longest=LONGEST
            ),
            field="text",
        )
    channel = surface(studio, id, channel)
    if kind not in registry()[channel].kinds or delay not in DELAYS:
        raise Invalid(Text("没有这种账号或用时。", "There is no such account kind or delay."))
    agent = await asyncio.to_thread(studio.library.whole, id)
    recorded = _from_json(answer) if answer else await record(studio, agent, text, variables or {})
    scene = Scene(agent, text, recorded, channel, kind, delay)
    played = await asyncio.to_thread(stage.play, scene, studio.services)
    return {
        "items": items(scene, played),
        "summary": summary(scene, played),
        "answer": {"text": recorded.text, "failure": recorded.failure and pair(recorded.failure)},
    }


async def record(studio: Studio, agent: Agent, text: str, variables: Mapping[str, str]) -> Recorded:
    """Let the agent answer, as in the playground."""
    message = Message(id=f"rehearsal-{time.time_ns()}", sender=SENDER, text=text, at=time.time())
    last: Event | None = None
    run = engine.run(agent, message, [], studio.services, variables=variables)
    async with aclosing(run) as events:  # type: ignore[type-var] # it is an async generator
        async for event in events:
            last = event
    if isinstance(last, Replied):
        return Recorded(last.text)
    assert isinstance(last, Failed)
    return Recorded(failure=last.reason)


def items(scene: Scene, played: Played) -> list[Json]:
    """{at, who, kind, text}, times in seconds since the message; some are there only `until` a time."""
    found = [*_typing(played), *_repeats(played), *_tap(played)]
    for seen in played.simulation.seen():
        found += _shown(scene, played, seen)
    for item in found:
        item["at"] = round(item["at"] - played.began, 1)
        if "until" in item:
            item["until"] = round(item["until"] - played.began, 1)
    return sorted(found, key=lambda item: item["at"])


def summary(scene: Scene, played: Played) -> Json:
    """When the whole answer was seen (None: never), what the person did for it, and what it cost."""
    said = _said(played)
    page = next((seen for seen in said if seen.route == "page"), None)
    whole = [next((one for one in said if _holds(played, one, part)), page) for part in played.parts]
    times = [seen.at for seen in whole if seen]
    limit = scene.agent.limits.seconds
    pushed, quota = played.simulation.pushes()
    return {
        "seconds": round(max(times) - played.began, 1) if whole and len(times) == len(whole) else None,
        "taps": int(played.tapped is not None),
        "pushes": pushed,
        "quota": quota,
        "limit": limit if scene.seconds > limit else None,
    }


def _said(played: Played) -> list[Seen]:
    return [seen for seen in played.simulation.seen() if seen.side == "account"]


def _shown(scene: Scene, played: Played, seen: Seen) -> list[Json]:
    if seen.side == "me":
        return [_item(seen.at, "person", "text", seen.sent)]
    if seen.side == "platform":
        return [_item(seen.at, "platform", "failure", seen.sent)]
    if seen.route == "page":
        pieces = played.simulation.pieces("\n\n".join(part.text for part in played.parts))
        return [_item(seen.at, "agent", _kind(scene), _read(pieces), route="page")]
    label = next((piece.label for piece in seen.pieces if stage.is_ours(piece)), "")
    text = _read([piece for piece in seen.pieces if not stage.is_ours(piece)]).strip()
    kind = "placeholder" if label and text in ("", waiting(scene.agent)) else _kind(scene)
    return [_item(seen.at, "agent", kind, text, tap=label, route=_route(seen), attempt=seen.attempt)]


def _holds(played: Played, seen: Seen, part: AnswerPart) -> bool:
    """Whether it shows that part: as what it is, or in words."""
    read = _read(seen.pieces)
    if part.kind == "choices" and all(one["text"] in read for one in part.data["options"]):
        return True
    if part.kind != "text" and (NAMES.get(part.kind) or str(part.data.get("title"))) in read:
        return True
    return _read(played.simulation.pieces(part.text)) in read


def _read(pieces: Sequence[str | Link]) -> str:
    return "".join(piece.label if isinstance(piece, Link) else piece for piece in pieces)


def _kind(scene: Scene) -> str:
    return "failure" if scene.recorded.failure else "text"


def _route(seen: Seen) -> str:
    if seen.route == "push":
        return "push"
    return "direct" if seen.attempt == 1 else "repeat"


def _typing(played: Played) -> list[Json]:
    """The sign is there from its first call until the account says something, or nobody renews it."""
    shown = played.simulation.typing()
    if shown is None:
        return []
    began, over = shown
    return [_item(began, "agent", "typing", until=min([*(seen.at for seen in _said(played)), over]))]


def _repeats(played: Played) -> list[Json]:
    """The platform waited for nothing and sends the message again. The person sees nothing of it."""
    return [_item(at, "platform", "repeat", attempt=attempt) for at, attempt in played.simulation.repeats()]


def _tap(played: Played) -> list[Json]:
    """The tap, and the page that says it is still thinking until it shows the answer."""
    if played.tapped is None:
        return []
    link, at = played.tapped
    taps = [_item(at, "person", "tap", link.label)]
    shown = max(seen.at for seen in _said(played) if seen.route == "page")
    return [*taps, _item(at, "agent", "page", until=shown)] if shown > at else taps


def _item(at: float, who: str, kind: str, text: str = "", **more: Any) -> Json:
    return {"at": at, "who": who, "kind": kind, "text": text, **more}


def _from_json(answer: Json) -> Recorded:
    failure = answer["failure"]
    return Recorded(answer["text"], stored(failure) if failure else None)
