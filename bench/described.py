"""Row 24: how often what is built by description is right at once, by the demo model's rules and by a script.

The script makes the mistakes that models make (broken JSON, a block that there is not, an id twice, an
unknown field …) and goes on when it is told: what is measured is that all is built anyway.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.ground import Ground
from bench.table import Row
from runtime.agents.agent import Agent
from runtime.agents.granting import granted
from runtime.agents.library import Library
from runtime.describing.answering import answered
from runtime.describing.ground import Ground as Place
from runtime.describing.proposals import Proposals
from runtime.describing.room import Room
from runtime.models.completion import Answer, Models, Request, ToolCall
from runtime.models.demo import answers
from runtime.network.fetched import Http
from runtime.store.control.control import Control
from runtime.templating.prompts import Prompts
from runtime.turn.events import Replied
from runtime.turn.services import Services

Json = dict[str, Any]
Case = Mapping[str, Any]

CHECKOUT = Path(__file__).parents[1]
TEMPLATES = CHECKOUT / "templates"
DESCRIPTIONS = CHECKOUT / "tests" / "samples" / "descriptions.json"

SAMPLES: Mapping[str, Json] = {
    "ask": {"fields": [{"name": "visit_day", "title": "Day", "type": "date"}]},
    "handoff": {"text": "A person takes over."},
    "approve": {"question": "{{ message.text }}"},
    "set": {"values": {"note": "1"}},
    "branch": {"cases": [{"title": "Staff", "when": "'staff' in message.text", "flow": []}]},
}
"""A block of each kind as the script writes it, besides those that there are."""
TOOLS: Mapping[str, Json] = {"claim": {"of": "slots", "does": "free"}}
WRONG: tuple[Any, ...] = (
    '{"edits": [{"op": "add", "block": {"type": "reply"',
    {"edits": [{"op": "add", "block": {"type": "teleport", "id": "there"}}]},
    {"edits": [{"op": "add", "block": {"type": "note", "id": "answer", "text": "twice"}}]},
    {"edits": [{"op": "add", "block": {"type": "note", "id": "aside", "text": "x", "colour": "red"}}]},
    {"edits": [{"op": "set", "id": "say", "field": "text", "value": "{{ anwser.text }}"}]},
    {"edits": [{"op": "grant", "power": "changes"}]},
)
"""What models get wrong, each for every sixth description."""
WRONG_TEST = {"cases": [{"id": "a", "lines": [{"says": "hi", "checks": [{"type": "is_nice"}]}]}]}


class Demo:
    """Implements Models: the demo model, without a server."""

    async def complete(
        self,
        request: Request,
        on_text: Callable[[str], None] | None = None,
        on_reset: Callable[[], None] | None = None,
    ) -> Answer:
        said = answers.answer(request.messages, request.tools)
        return Answer(said.text, "demo/hongyan", said.tool_calls, finish=said.finish, cost=0.0)


class Scripted:
    """Implements Models: builds what a description must contain, block by block, with mistakes on its way."""

    def __init__(self, case: Case, number: int) -> None:
        self._steps = script(case, WRONG[number % len(WRONG)])
        self.requests: list[Request] = []

    async def complete(
        self,
        request: Request,
        on_text: Callable[[str], None] | None = None,
        on_reset: Callable[[], None] | None = None,
    ) -> Answer:
        if not any(tool["function"]["name"] == "edit_agent" for tool in request.tools):  # the tested agent's
            return Answer("Hello!", "script/one", cost=0.0)
        self.requests.append(request)
        step = next(self._steps)
        if isinstance(step, str):
            return Answer(step, "script/one", cost=0.0)
        name, given = step
        arguments = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
        call = ToolCall(f"call_{len(self.requests)}", name, arguments)
        return Answer("", "script/one", (call,), finish="tool_calls", cost=0.0)


def script(case: Case, wrong: Any) -> Iterator[tuple[str, Any] | str]:
    """What the scripted model does."""
    yield "what_there_is", {"what": "blocks"}
    yield "edit_agent", wrong
    edits: list[Json] = [
        {"op": "variable", "name": f"said_{n}", "default": said} for n, said in enumerate(case["says"])
    ]
    if "claim" in case["tools"]:
        edits.append({"op": "setting", "field": "shared", "value": [{"name": "slots", "keys": ["10:00"]}]})
    for kind in case["blocks"]:
        if kind in SAMPLES:
            block = {"type": kind, **SAMPLES[kind]}
            edits.append({"op": "add", "block": block, "where": {"before": "answer"}})
    for kind in case["tools"]:
        edits.append(_tool(case, kind))
    if edits:
        yield "edit_agent", {"edits": edits}
    yield "write_tests", WRONG_TEST
    checks = [{"type": "within", "seconds": 60}]
    yield "write_tests", {"cases": [{"id": "greets", "lines": [{"says": "hello", "checks": checks}]}]}
    yield "run_tests", {}
    yield "It is built."


def _tool(case: Case, kind: str) -> Json:
    if kind != "http_request":
        return {"op": "add_tool", "id": "answer", "tool": {"type": kind, **TOOLS.get(kind, {})}}
    url = next(said for said in case["says"] if said.startswith("https://"))
    tool = {"type": kind, "method": "POST", "url": url, "body": "{}"}
    return {"op": "add", "block": {"type": "tool", "id": "post", "tool": tool}, "where": {"before": "answer"}}


@dataclass(frozen=True)
class Built:
    """`lacks`: what the description must contain and is not there; `refused`: edits that were."""

    lacks: list[str]
    taken: int
    refused: int
    replied: bool


def place(home: Path, models: Models, http: Http) -> Place:
    control = Control.in_folder(home / "data")
    library = Library(home / "agents", TEMPLATES / "agents", home / "data")
    prompts = Prompts([TEMPLATES / "prompts"])
    return Place(library, control, prompts, Services(models, prompts, http), dict, list)


def room_in(place: Place, lang: str) -> Room:
    """A new agent, to be described there."""
    made = place.library.create(None, lang, "New").agent
    return Room(place, Proposals(made.to_json(), place.judge), lang)


async def build(case: Case, place: Place, *, demo: bool) -> Built:
    room = room_in(place, case["lang"])
    events = [event async for event in answered(room, case["text"], [], is_demo=lambda: demo)]
    return Built(lacks(case, room), room.taken, room.refused, isinstance(events[-1], Replied))


def lacks(case: Case, room: Room) -> list[str]:
    """What it must contain and does not; what is wrong with it; the tests that fail."""
    agent = Agent.load(room.proposals.now)
    kinds = {block.type for _, block in agent.walk()}
    tools = {tool.type for *_, tool in granted(agent)}
    written = json.dumps(room.proposals.now, ensure_ascii=False)
    powers = " ".join(told[case["lang"]] for one in room.proposals.made for told in one.powers)
    return [
        *(one for one in case["blocks"] if one not in kinds),
        *(one for one in case["tools"] if one not in tools),
        *(one for one in case["says"] if one not in written),
        *(one for one in case["powers"] if one not in powers),
        *(text.en for text in room.errors()),
        *(f"test {one['case']}" for one in room.tested if not one["ok"]),
        *([] if room.tested else ["no test ran"]),
    ]


def cases() -> list[Case]:
    found: list[Case] = json.loads(DESCRIPTIONS.read_text(encoding="utf-8"))
    return found


class _Nothing:
    """Implements Http. Nothing is fetched."""

    async def fetch(self, *given: Any, **more: Any) -> Any:
        raise RuntimeError("nothing is to be fetched")


async def built(ground: Ground) -> list[Row]:
    rows = []
    for name, demo in (("demo model's rules", True), ("a script with mistakes", False)):
        all_of_them: list[Built] = []
        for number, case in enumerate(cases()):
            with tempfile.TemporaryDirectory() as home:
                models: Models = Demo() if demo else Scripted(case, number)
                there = place(Path(home), models, _Nothing())
                all_of_them.append(await build(case, there, demo=demo))
        whole = sum(one.replied and not one.lacks for one in all_of_them)
        first = sum(one.replied and not one.lacks and not one.refused for one in all_of_them)
        taken, refused = sum(one.taken for one in all_of_them), sum(one.refused for one in all_of_them)
        count = len(all_of_them)
        rows.append(
            Row(
                "24",
                f"built by description, {name}: whole; at the first try; edits taken at the first try",
                "",
                f"{whole}/{count}; {first}/{count}; {taken}/{taken + refused}",
                f"{count}/{count} whole",
                whole == count,
            )
        )
    return rows
