"""Rehearse an agent in WeChat: what the person sees and when, for an account of some kind and a slow model.

The agent answers once, really, with the engine and the services of the playground. That answer is then
played through the real gateway and a simulated WeChat (stage.py), where nothing of the agent runs again.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any

from builder.actions import pair, stage
from builder.actions.playground import SENDER
from builder.actions.stage import Played, Recorded, Scene
from builder.studio import Studio
from runtime import engine
from runtime.access.permissions import Permission, needs
from runtime.agents.agent import Agent
from runtime.errors import Invalid
from runtime.gateway.canned import waiting
from runtime.lang import Text
from runtime.message import Message
from runtime.simulator.wechat.accounts import RIGHTS, Kind
from runtime.simulator.wechat.phone import ANCHOR, Bubble
from runtime.simulator.wechat.quotas import ALLOWED, TYPING
from runtime.turn.events import Event, Failed, Replied

Json = dict[str, Any]

DELAYS = (2, 6, 14, 40, 300)
"""Seconds that an answer may take: within the window, at each repeat, later, and much later."""
LONGEST = 2000
"""Characters of a message."""


@needs(Permission.AGENTS_VIEW)
def choices(studio: Studio, id: str) -> Json:
    """What can be chosen, and the message to begin with. Raises NotFound, BadAgent."""
    suggestions = studio.library.get(id).agent.suggestions
    return {"kinds": list(RIGHTS), "delays": DELAYS, "text": suggestions[0] if suggestions else ""}


@needs(Permission.AGENTS_RUN)
async def rehearse(
    studio: Studio,
    id: str,
    text: str,
    kind: Kind,
    delay: int,
    variables: Mapping[str, str] | None = None,
    answer: Json | None = None,
) -> Json:
    """Everything that happens, in order, and how it ended. Raises Invalid, NotFound, BadAgent, TurnFailed.

    `answer` is what an earlier rehearsal of the same message returned: then the agent is not asked again.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Invalid(
            Text(f"请写 1–{LONGEST} 个字的消息。", f"Write a message of 1–{LONGEST} characters."),
            field="text",
        )
    if kind not in RIGHTS or delay not in DELAYS:
        raise Invalid(Text("没有这种账号或用时。", "There is no such account kind or delay."))
    agent = (await asyncio.to_thread(studio.library.get, id)).agent
    recorded = _from_json(answer) if answer else await record(studio, agent, text, variables or {})
    scene = Scene(agent, text, recorded, kind, delay)
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
    for bubble in played.phone.bubbles:
        found += _bubble(scene, played, bubble)
    for item in found:
        item["at"] = round(item["at"] - played.began, 1)
        if "until" in item:
            item["until"] = round(item["until"] - played.began, 1)
    return sorted(found, key=lambda item: item["at"])


def summary(scene: Scene, played: Played) -> Json:
    """When the whole answer was seen (None: never), what the person did for it, and what it cost."""
    bubbles = [bubble for bubble in played.phone.bubbles if bubble.side == "account"]
    page = next((bubble for bubble in bubbles if bubble.route == "page"), None)
    whole = [next((b for b in bubbles if part in b.text), page) for part in played.parts]
    seen = [bubble.at for bubble in whole if bubble]
    limit = scene.agent.limits.seconds
    return {
        "seconds": round(max(seen) - played.began, 1) if whole and len(seen) == len(whole) else None,
        "taps": int(played.tapped is not None),
        "pushes": len(played.wechat.platform.sent),
        "quota": ALLOWED["message"][0] if RIGHTS[scene.kind].pushes else 0,
        "limit": limit if scene.seconds > limit else None,
    }


def _bubble(scene: Scene, played: Played, bubble: Bubble) -> list[Json]:
    if bubble.side == "me":
        return [_item(bubble.at, "person", "text", bubble.text)]
    if bubble.side == "wechat":
        return [_item(bubble.at, "wechat", "failure", bubble.text)]
    if bubble.route == "page":
        text = ANCHOR.sub(r"\3", "\n\n".join(played.parts))
        return [_item(bubble.at, "agent", _kind(scene), text, route="page")]
    label = next((tap.label for tap in bubble.taps if stage.is_ours(tap)), "")
    text = ANCHOR.sub(lambda link: "" if link[3] == label else link[3], bubble.text).strip()
    kind = "placeholder" if label and text in ("", waiting(scene.agent)) else _kind(scene)
    return [_item(bubble.at, "agent", kind, text, tap=label, route=_route(bubble), attempt=bubble.attempt)]


def _kind(scene: Scene) -> str:
    return "failure" if scene.recorded.failure else "text"


def _route(bubble: Bubble) -> str:
    if bubble.route == "push":
        return "push"
    return "direct" if bubble.attempt == 1 else "repeat"


def _typing(played: Played) -> list[Json]:
    """The sign is there from its first call until the account says something, or nobody renews it."""
    calls = [
        call.at
        for call in played.wechat.platform.called
        if call.path == "message/custom/typing" and call.code == 0
    ]
    if not calls:
        return []
    said = [bubble.at for bubble in played.phone.bubbles if bubble.side == "account"]
    return [_item(calls[0], "agent", "typing", until=min([*said, calls[-1] + TYPING]))]


def _repeats(played: Played) -> list[Json]:
    """WeChat waited for nothing and sends the message again. The person sees nothing of it."""
    most = played.wechat.habits.attempts
    return [
        _item(at, "wechat", "repeat", attempt=attempt + 1)
        for _, attempt, at in played.wechat.late
        if attempt < most
    ]


def _tap(played: Played) -> list[Json]:
    """The tap, and the page that says it is still thinking until it shows the answer."""
    if played.tapped is None:
        return []
    tap, at = played.tapped
    taps = [_item(at, "person", "tap", tap.label)]
    shown = max(bubble.at for bubble in played.phone.bubbles if bubble.route == "page")
    return [*taps, _item(at, "agent", "page", until=shown)] if shown > at else taps


def _item(at: float, who: str, kind: str, text: str = "", **more: Any) -> Json:
    return {"at": at, "who": who, "kind": kind, "text": text, **more}


def _from_json(answer: Json) -> Recorded:
    failure = answer["failure"]
    return Recorded(answer["text"], Text(failure["zh"], failure["en"]) if failure else None)
