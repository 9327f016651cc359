"""Nodes of Flowise's first agentflows."""

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._blocks import nothing
from runtime.elsewhere._bringing import Bringing, Outcome
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._parts import NO_TOOL, Parts
from runtime.elsewhere._words import mapping, text_of
from runtime.elsewhere.flowise.texts import words
from runtime.lang import Text

BEGINS = Text("收到消息", "a message comes")


def sequential(node: Node, bring: Bringing) -> Outcome:
    """A node of the first agentflows."""
    data = node.data
    prompt = words(
        bring, data.get("systemMessagePrompt") or data.get("workerPrompt") or data.get("supervisorPrompt")
    )
    input = words(bring, data.get("humanMessagePrompt"))
    parts = Parts(bring, mapping(data.get("")).get("parts") or [])
    parts.lose(NO_TOOL)
    more: Json = {"tools": parts.search}
    title = text_of(data.get("agentName") or data.get("llmNodeName") or data.get("workerName")) or node.title
    node = Node(node.id, node.kind, title, data)
    made = blocks.model(
        node, bring, prompt=prompt, input=input, memory=True, more=more, outputs=("output", "content")
    )
    made.rest = f"{made.id}.text"
    return made


def started(node: Node, bring: Bringing) -> Outcome:
    Parts(bring, mapping(node.data.get("")).get("parts") or []).lose()
    return nothing(BEGINS, {}, "message.text")
