"""Rehearse an agent on a channel: what the person sees and when, for a kind of account and a slow model.

The agent answers each line once, really, with the engine and the services of the playground: a line is what
the person writes, or plays what a flow waits for (playing.py). The answers are then played through the real
gateway and a simulated platform (stage.py), where nothing of the agent runs again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from builder.actions import pair, stage
from builder.actions.lasting import lasts
from builder.actions.recording import from_json, record, to_json
from builder.actions.stage import Act, Played, Scene
from builder.phone import surface
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.answer import AnswerPart
from runtime.errors import Invalid
from runtime.gateway.canned import waiting
from runtime.lang import Text
from runtime.message import NAMES
from runtime.simulator import Link, Seen, registry

Json = dict[str, Any]

DELAYS = (2, 6, 14, 40, 300)
"""Seconds that an answer may take: within the window, at each repeat, later, and much later."""
LONGEST = 2000
"""Characters of a message."""
MOST = 12
"""Messages of a conversation."""


LINES = Text(
    "请写 1–{most} 行消息，每行最多 {longest} 个字。",
    "Write 1–{most} lines, {longest} characters each at most.",
)


@needs(Permission.AGENTS_VIEW, on="id")
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


@needs(Permission.AGENTS_RUN, on="id")
@lasts(Text("智能体正在回答", "The agent is answering"))
async def rehearse(
    studio: Studio,
    who: Actor,
    id: str,
    text: str,
    kind: str,
    delay: int,
    variables: Mapping[str, str] | None = None,
    answer: Json | None = None,
    channel: str = "",
) -> Json:
    """Everything that happens, in order, and how it ended. Raises Invalid, NotFound, BadAgent,
    TurnFailed, ModelFailed.

    `answer` is what an earlier rehearsal of the same message returned: then the agent is not asked again.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not 0 < len(lines) <= MOST or max(map(len, lines)) > LONGEST:
        raise Invalid(LINES.fill(most=MOST, longest=LONGEST), field="text")
    channel = surface(studio, id, channel)
    if kind not in registry()[channel].kinds or delay not in DELAYS:
        raise Invalid(Text("没有这种账号或用时。", "There is no such account kind or delay."))
    agent = await asyncio.to_thread(studio.library.whole, id)
    turns = from_json(answer) if answer else await record(studio, agent, lines, variables or {}, who.id)
    scene = Scene(agent, turns, channel, kind, delay)
    played = await asyncio.to_thread(stage.play, scene, studio.services)
    return {
        "items": items(scene, played),
        "summary": summary(scene, played),
        "answer": to_json(turns),
    }


def items(scene: Scene, played: Played) -> list[Json]:
    """{at, who, kind, text}, times in seconds since the first message; some are there only `until` a time."""
    found = [*_typing(played), *_repeats(played)]
    for act in played.acts:
        found += [*_noted(act), *_tap(played, act)]
    for seen in played.simulation.seen():
        found += _shown(scene, played, seen)
    for item in found:
        item["at"] = round(item["at"] - played.began, 1)
        for name in ("until", "latest"):
            if name in item:
                item[name] = round(item[name] - played.began, 1)
    return sorted(found, key=lambda item: item["at"])


def summary(scene: Scene, played: Played) -> Json:
    """When the whole of each answer was seen, the slowest counts (None: never), what the person did for it,
    and what it cost."""
    times = [_seconds(played, act) for act in played.acts if act.parts]
    limit = scene.agent.limits.seconds
    pushed, quota = played.simulation.pushes()
    known = [one for one in times if one is not None]
    return {
        "seconds": max(known) if known and len(known) == len(times) else None,
        "taps": sum(act.tapped is not None for act in played.acts),
        "pushes": pushed,
        "quota": quota,
        "limit": limit if scene.seconds > limit else None,
    }


def _seconds(played: Played, act: Act) -> float | None:
    """…of one, also when it came with a later one."""
    said = [seen for seen in _said(played) if seen.at >= act.began]
    page = next((seen for seen in said if seen.route == "page" and seen.at < act.over), None)
    whole = [next((one for one in said if _holds(played, one, part)), page) for part in act.parts]
    times = [seen.at for seen in whole if seen]
    return round(max(times) - act.began, 1) if len(times) == len(whole) else None


def _noted(act: Act) -> list[Json]:
    """What is in no chat: what came instead of a message, and what the flow waits for then."""
    turn = act.turn
    found = []
    if turn.played is not None:
        found.append(_item(act.began, "others", "played", words=pair(turn.played)))
    if turn.waits is not None:
        found.append(_item(act.over, "agent", "waits", words=pair(turn.waits), latest=act.began + turn.until))
    return found


def _act(played: Played, at: float) -> Act:
    """In which that was."""
    return next(act for act in reversed(played.acts) if act.began <= at or act is played.acts[0])


def _said(played: Played) -> list[Seen]:
    return [seen for seen in played.simulation.seen() if seen.side == "account"]


def _shown(scene: Scene, played: Played, seen: Seen) -> list[Json]:
    if seen.side == "me":
        return [_item(seen.at, "person", "text", seen.sent)]
    if seen.side == "platform":
        return [_item(seen.at, "platform", "failure", seen.sent)]
    act = _act(played, seen.at)
    if seen.route == "page":
        pieces = played.simulation.pieces("\n\n".join(part.text for part in act.parts))
        return [_item(seen.at, "agent", _kind(act), _read(pieces), route="page")]
    label = next((piece.label for piece in seen.pieces if stage.is_ours(piece)), "")
    text = _read([piece for piece in seen.pieces if not stage.is_ours(piece)]).strip()
    kind = "placeholder" if label and text in ("", waiting(scene.agent)) else _kind(act)
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


def _kind(act: Act) -> str:
    return "failure" if act.turn.failure else "text"


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


def _tap(played: Played, act: Act) -> list[Json]:
    """The tap, and the page that says it is still thinking until it shows the answer."""
    if act.tapped is None:
        return []
    link, at = act.tapped
    taps = [_item(at, "person", "tap", link.label)]
    pages = (seen.at for seen in _said(played) if seen.route == "page")
    shown = max((one for one in pages if one <= act.over), default=at)
    return [*taps, _item(at, "agent", "page", until=shown)] if shown > at else taps


def _item(at: float, who: str, kind: str, text: str = "", **more: Any) -> Json:
    return {"at": at, "who": who, "kind": kind, "text": text, **more}
