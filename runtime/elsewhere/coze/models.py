"""Coze's node that asks a model."""

from collections.abc import Mapping
from typing import Any

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._bringing import Bringing, Made, Outcome
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._words import mapping, number, objects, text_of
from runtime.elsewhere.coze.loops import over
from runtime.elsewhere.coze.texts import inputs, output_names, settings, words


def llm(node: Node, bring: Bringing) -> Outcome:
    own = inputs(node, bring)
    given = mapping(node.data.get("inputs"))
    set_ = settings(given.get("llmParam") or node.data.get("llmParam"))
    batch = mapping(given.get("batch"))
    names = output_names(node) or ["output"]
    more: Json = {}
    heat, longest = number(set_.get("temperature")), number(set_.get("maxTokens"))
    if heat is not None and 0 <= heat <= 2:
        more["temperature"] = heat
    if longest and 1 <= longest <= 100_000:
        more["max_tokens"] = int(longest)
    typed = [
        one
        for one in objects(node.data.get("outputs"))
        if text_of(one.get("name")) not in ("reasoning_content",)
    ]
    if set_.get("responseFormat") == "2" and len(typed) > 1:
        more["fields"] = blocks.fields(
            [
                (text_of(one.get("name")), text_of(one.get("type")), text_of(one.get("description")), [])
                for one in typed
            ]
        )
    many = batch.get("batchEnable") is True
    if many:
        return over(node, bring, batch, lambda inner: _model(node, inner, set_, more, names))
    return _model(node, bring, set_, more, names, own)


def _model(
    node: Node,
    bring: Bringing,
    set_: Mapping[str, Any],
    more: Json,
    names: list[str],
    own: Mapping[str, str] | None = None,
) -> Made:
    own = inputs(node, bring) if own is None else own
    memory = str(set_.get("enableChatHistory", "")).lower() == "true"
    return blocks.model(
        node,
        bring,
        prompt=words(bring, set_.get("systemPrompt"), own),
        input=words(bring, set_.get("prompt"), own),
        memory=memory,
        more=more,
        asked=text_of(set_.get("modleName") or set_.get("modelName")),
        outputs=names,
    )
