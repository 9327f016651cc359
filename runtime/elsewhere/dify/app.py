"""Dify's apps without a flow: chat, agent, completion; and what stands beside a flow."""

from collections.abc import Mapping
from typing import Any

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._bringing import Bringing
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._losses import Row, block_title
from runtime.elsewhere._words import as_it_is, mapping, number, objects, text_of
from runtime.elsewhere.dify.asking import as_variable
from runtime.elsewhere.dify.models import settings_of
from runtime.elsewhere.dify.texts import NAMED
from runtime.elsewhere.dify.tools import tools_of
from runtime.lang import Text

GREETING, SUGGESTED = Text("欢迎语", "Greeting"), Text("示例问题", "Suggested questions")
ON = Text("请在这里重新打开", "turn it on here again if it is wanted")
EXTRAS = {
    "speech_to_text": Text("听语音", "Voice in"),
    "text_to_speech": Text("读出来", "Voice out"),
    "sensitive_word_avoidance": Text("敏感词", "Words to avoid"),
    "annotation_reply": Text("标注回复", "Annotated answers"),
}
FLOW = Text("大模型和回复", "a model and a reply")


def features(settings: Mapping[str, Any], bring: Bringing) -> Json:
    found: Json = {}
    if greeting := text_of(settings.get("opening_statement")).strip():
        found["texts"] = {"greeting": as_it_is(greeting)[:5000]}
        bring.report.tell("opening_statement", "", "became", ours=GREETING)
    questions = settings.get("suggested_questions")
    if isinstance(questions, list) and (
        asked := [text_of(one)[:200] for one in questions if text_of(one).strip()][:6]
    ):
        found["suggestions"] = asked
        bring.report.tell("suggested_questions", "", "became", ours=SUGGESTED)
    for name, title in EXTRAS.items():
        if mapping(settings.get(name)).get("enabled"):
            bring.report.tell(name, "", "lost", ours=title, why=ON)
    return found


def of_app(settings: Mapping[str, Any], mode: str, bring: Bringing) -> Json:
    """A model with its tools and documents, and a reply."""
    names: dict[str, str] = {}
    for one in objects(settings.get("user_input_form")):
        for kind, inner in one.items():
            field = {**mapping(inner), "type": kind}
            names[text_of(field.get("variable"))] = as_variable(field, bring)
    if mode == "completion":
        names.setdefault("query", "message.text")
    known = {**names, "query": "message.text"}
    node = Node("app", mode or "chat", "")
    flow: list[Json] = []
    sets = mapping(mapping(settings.get("dataset_configs")).get("datasets")).get("datasets")
    tools = objects(mapping(settings.get("agent_mode")).get("tools"))
    datasets = [*objects(sets), *(one["dataset"] for one in tools if isinstance(one.get("dataset"), Mapping))]
    prompt = bring.words(settings.get("pre_prompt"), NAMED, lambda name: known.get(name) or bring.named(name))
    if datasets and any(mapping(one.get("dataset", one)).get("enabled") is not False for one in datasets):
        found = blocks.knowledge(
            Node("dataset", "dataset"), bring, ["documents"], "", _top(settings), ["result"]
        )
        bring.report.tell("dataset", "dataset", "nearly", ours=block_title("knowledge"), why=found.nearly)
        flow += found.blocks
        prompt = f"{prompt}\n\n{{{{ {found.rest} }}}}"
    model = mapping(settings.get("model"))
    more: Json = {
        **settings_of(model),
        "tools": tools_of(bring, [t for t in tools if "tool_name" in t], node),
    }
    rounds = number(mapping(settings.get("agent_mode")).get("max_iteration"))
    if rounds and more["tools"]:
        more["rounds"] = max(1, min(20, int(rounds)))
    made = blocks.model(
        node, bring, prompt=prompt, asked=text_of(model.get("name")), memory=mode != "completion", more=more
    )
    say = blocks.reply(Node("say", "reply"), bring, f"{{{{ {made.id}.text }}}}")
    bring.report.rows.append(Row("", mode or "chat", "became", FLOW))
    return {"flow": [*flow, *made.blocks, *say.blocks]}


def _top(settings: Mapping[str, Any]) -> Any:
    return mapping(settings.get("dataset_configs")).get("top_k")
