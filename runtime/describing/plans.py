"""What rules make of a description: which starter, which edits, which tests."""

import re
from collections.abc import Iterator, Sequence

from runtime.agents.agent import Agent
from runtime.agents.edits import tree
from runtime.agents.edits.one_edit import objects
from runtime.agents.edits.place import roots
from runtime.agents.edits.shape import Json
from runtime.describing.heard import Heard
from runtime.describing.room import Room
from runtime.lang import Text
from runtime.models.demo.tool_choice import is_chinese, terms
from runtime.testing.suite import Case

NAMES = re.compile(
    r"shop|store|company|brand|place|team|subject|school|restaurant|nickname|hotel|clinic|owner$"
)
"""Variables that hold what somebody's business is called."""
ADDRESSES = re.compile(r"(^|_)(api|url|endpoint|address)$")
"""…and where its interface is."""
PATIENCE = 30
"""Seconds within which each answer of a test comes."""
MOST_TESTS = 3

ASKING = Text("请告诉我：", "Please tell me:")
BETWEEN = Text("；", "; ")
ENTERED = Text("已收到：{lines}", "Got it: {lines}")
NOT_SENT = Text("没能提交，请稍后再试。", "It could not be sent. Please try again later.")
FORM_NAME = Text("{titles}登记", "Form: {titles}")
ASK, SEND = Text("问清楚", "Ask"), Text("提交", "Send")
APPROVE, DENIED = Text("批准", "Approve"), Text("没批", "Denied")
WAITING = Text("已转给负责人，批了会在这里告诉您。", "Passed on for approval; you hear of it here.")
NOT_AGREED = Text("没有批准：{{ consent.error }}", "It was not approved: {{ consent.error }}")
UNSENT, REPLY = Text("没提交成", "Not sent"), Text("回复", "Reply")
HELLO = Text("你好", "Hello")
NAMED = (
    re.compile(r"(?:改名|名字改|名称改|又改)(?:叫|为|成|回)\s*[「“\"]?([^」”\"，。\n]{1,40})"),
    re.compile(r"\b(?:rename (?:it )?to|call it)\s+[“\"]?([^”\".\n]{1,40})", re.IGNORECASE),
)
GREETED = (
    re.compile(r"(?:欢迎语|问候语|开场白)(?:改成|改为|是|用)?[：:]?\s*[「“\"]?([^」”\"\n]{1,300})"),
    re.compile(r"\bgreet(?:ing|s)?(?: them)?(?: with|:| to| is)\s+[“\"]?([^”\"\n]{1,300})", re.IGNORECASE),
)
TOOLS = (
    (r"时钟|几点|看时间|\bclock\b|\btell the time\b", "clock"),
    (r"计算器|算账|算术|\bcalculator\b|\bsums\b", "calculator"),
    (r"天气|\bweather\b", "weather"),
)


UNWANTED = re.compile(
    r"(?:不要|不用|别|去掉|删掉|删除|关掉|\b(?:no|not|never|without|remove|drop|don't)\b)[^，。；,.;!?！？]{0,12}$",
    re.IGNORECASE,
)
"""Before a word: it is not wanted."""


def nearest(text: str, room: Room) -> Agent:
    """The starter that says most of what the text says: by its name first, then what it is for."""
    lang = "zh" if is_chinese(text) else "en"
    wanted = terms(text)
    starters = room.ground.library.starters(lang)
    return max(starters, key=lambda one: (_shared(wanted, one), one.id == "daily-helper"))


def _shared(wanted: set[str], starter: Agent) -> float:
    asked = terms("\n".join(starter.suggestions))
    examples = terms(" ".join(starter.id.split("-")))
    named = terms(starter.name) | examples
    return 3 * len(wanted & named) + 2 * len(wanted & terms(starter.description)) + len(wanted & asked)


def filled_in(said: Heard, now: Json) -> list[Json]:
    """Edits by which what the text says stands in the variables and settings that are for it."""
    edits: list[Json] = []
    for one in objects(now, "variables"):
        name = str(one.get("name"))
        value = said.name if NAMES.search(name) else said.url if ADDRESSES.search(name) else ""
        if value and value != one.get("default"):
            edits.append({"op": "variable", "name": name, "default": value})
    if said.name:
        if said.name != now.get("name"):
            edits.append({"op": "setting", "field": "name", "value": said.name[:60]})
        greeting = (now.get("texts") or {}).get("greeting", "")
        edits += _renamed(now, said.name, greeting)
    if len(said.times) > 1:
        edits += _slots(now, said.times)
    return edits


def _renamed(now: Json, name: str, greeting: str) -> Iterator[Json]:
    """The greeting, too, where it says what the starter's business was called."""
    for one in objects(now, "variables"):
        was = str(one.get("default") or "")
        if NAMES.search(str(one.get("name"))) and was not in ("", name) and was in greeting:
            yield {"op": "setting", "field": "texts.greeting", "value": greeting.replace(was, name)}
            return


def _slots(now: Json, times: Sequence[str]) -> Iterator[Json]:
    """Wherever the starter's times of the day stand, these do."""
    for place, shared in enumerate(objects(now, "shared")):
        old = shared.get("keys")
        if not old or not all(re.fullmatch(r"\d{1,2}:\d\d", str(key)) for key in old):
            continue
        if old == list(times):
            continue
        yield {"op": "setting", "field": f"shared.{place}.keys", "value": list(times)}
        for root in roots(now):
            for block in tree.walk(root.flow(now)):
                for number, field in enumerate(objects(block.block, "fields")):
                    if field.get("choices") == old:
                        path = f"fields.{number}.choices"
                        yield {"op": "set", "id": block.block["id"], "field": path, "value": list(times)}


def form_of(said: Heard, lang: str, now: Json) -> Iterator[Json]:
    """Edits that make of what is there a flow that asks for these fields, and posts them where they go."""
    titles = [str(field["title"]) for field in said.fields]
    name = said.name or said.title or FORM_NAME.fill(titles=titles[0]).to(lang)
    yield {"op": "setting", "field": "name", "value": name[:60]}
    form = {"type": "ask", "id": "form", "title": ASK.to(lang), "text": ASKING.to(lang), "confirm": True}
    yield {"op": "add", "block": {**form, "fields": list(said.fields)}, "where": {"at": "begin"}}
    last = "form"
    if said.approval:
        yield {"op": "add", "block": _approving(said, lang), "where": {"after": last}}
        last = "consent"
    if said.url:
        yield {"op": "variable", "name": "form_api", "title": "API", "default": said.url}
        yield {"op": "add", "block": _sending(said, lang), "where": {"after": last}}
        last = "send"
    done = {
        "type": "reply",
        "id": "done",
        "title": REPLY.to(lang),
        "text": ENTERED.fill(lines=_lines(said)).to(lang),
    }
    yield {"op": "add", "block": done, "where": {"after": last}}
    yield from ({"op": "remove", "id": block["id"]} for block in objects(now, "flow"))


def _lines(said: Heard) -> str:
    return "；".join(f"{field['title']} {{{{ form.fields.{field['name']} }}}}" for field in said.fields)


def _approving(said: Heard, lang: str) -> Json:
    """The block that waits for somebody's yes; who that is its owner says."""
    denied = {"type": "reply", "id": "denied", "title": DENIED.to(lang), "text": NOT_AGREED.to(lang)}
    return {
        "type": "approve",
        "id": "consent",
        "title": APPROVE.to(lang),
        "question": ENTERED.fill(lines=_lines(said)).to(lang),
        "text": WAITING.to(lang),
        "otherwise": [denied],
    }


def _sending(said: Heard, lang: str) -> Json:
    """The block that posts what was asked for, as JSON."""
    names = [str(field["name"]) for field in said.fields]
    body = "{" + ", ".join(f'"{one}": "{{{{ {one} }}}}"' for one in names) + "}"
    sends = {
        "type": "http_request",
        "name": "send_form",
        "method": "POST",
        "url": "{{ form_api }}",
        "body": body,
    }
    unsent = {"type": "reply", "id": "unsent", "title": UNSENT.to(lang), "text": NOT_SENT.to(lang)}
    return {
        "type": "tool",
        "id": "send",
        "title": SEND.to(lang),
        "tool": sends,
        "arguments": {one: f"{{{{ form.fields.{one} }}}}" for one in names},
        "otherwise": [unsent],
    }


def changes_of(text: str, now: Json) -> list[Json]:
    """Edits of an agent that is there already."""
    edits: list[Json] = []
    for patterns, field in ((NAMED, "name"), (GREETED, "texts.greeting")):
        hits = sorted(
            (hit for pattern in patterns for hit in pattern.finditer(text)), key=lambda hit: hit.start()
        )
        for found in hits[-1:]:  # who changes their mind says so last
            edits.append({"op": "setting", "field": field, "value": found[1].strip()})
    blocks = [place.block for root in roots(now) for place in tree.walk(root.flow(now))]
    if model := next((block for block in blocks if block["type"] == "model"), None):
        edits += _tools_of(text, model)
    return edits


def _tools_of(text: str, model: Json) -> Iterator[Json]:
    """Of what it names, what the model lacks; and what it has and is not wanted any more."""
    has = {
        str(tool.get("type")): str(tool.get("name") or tool.get("type")) for tool in objects(model, "tools")
    }
    for words, type in TOOLS:
        named = re.search(words, text, re.IGNORECASE)
        if named is None:
            continue
        is_unwanted = bool(UNWANTED.search(text[: named.start()]))
        if not is_unwanted and type not in has:
            yield {"op": "add_tool", "id": model["id"], "tool": {"type": type}}
        elif is_unwanted and type in has:
            yield {"op": "remove_tool", "id": model["id"], "tool": has[type]}


def tests_of(now: Json, had: Sequence[Case]) -> list[Json]:
    """One for each of the first suggestions: it comes to the flow's first block, and is answered in time.

    `had`: which there are. Those that look for a block that went with the old flow are written anew.
    """
    flow = objects(now, "flow")
    lang = str(now.get("language", "zh"))
    given = [str(one) for one in now.get("suggestions") or []] or [HELLO.to(lang)]
    passes: list[Json] = [{"type": "passes", "block": flow[0]["id"]}] if flow else []
    if flow and flow[0]["type"] == "ask":
        passes.append({"type": "waits", "wait": "message"})
    ids = {place.block["id"] for root in roots(now) for place in tree.walk(root.flow(now))}
    stale = [case.id for case in had if _blocks_of(case) - ids]
    return [
        {
            "id": stale[number - 1] if number <= len(stale) else f"says-{number}",
            "title": says[:60],
            "lines": [{"says": says, "checks": [*passes, {"type": "within", "seconds": PATIENCE}]}],
        }
        for number, says in enumerate(given[:MOST_TESTS], 1)
    ]


def _blocks_of(case: Case) -> set[str]:
    checks = (check for line in case.lines for check in line.checks)
    return {block for check in checks if (block := getattr(check, "block", ""))}
