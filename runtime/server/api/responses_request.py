"""What a client of OpenAI's Responses API sends, as the chat of which it is another way of writing.

https://platform.openai.com/docs/api-reference/responses/create
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, ValidationError

from runtime.errors import Invalid
from runtime.lang import Text
from runtime.message import Wishes
from runtime.schema import as_model, first_problem
from runtime.server.api.openai_files import NO_ID
from runtime.server.api.openai_messages import ChatMessage, Conversation, conversation_of
from runtime.server.api.openai_request import Effort, check_fields, effort_of, who_of, wishes_of
from runtime.server.api.openai_tools import Typed, form_of, tools_of, with_tools

HARMLESS = (
    *("metadata", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention"),
    *("truncation", "stream_options"),
)
NEUTRAL: Mapping[str, Sequence[Any]] = {
    "top_p": (1,),
    "top_logprobs": (0,),
    "include": (
        [],
        ["reasoning.encrypted_content"],
    ),  # no thoughts are ever told, so there are none to include
    "conversation": (),
    "prompt": (),
    "max_tool_calls": (),
    "context_management": (),
}
MOST_ITEMS = 1000
UNKNOWN_ITEM = Text(
    "input 里不支持「{kind}」。请用 message、function_call 和 function_call_output。",
    "{kind!r} is not supported in the input: use message, function_call and function_call_output.",
)
ONLY_FUNCTIONS = Text(
    "「{kind}」类型的工具不支持，只支持 function；别的工具由智能体的主人给它。",
    "Tools of the type {kind!r} are not supported, only functions: the agent's owner gives it others.",
)
NOT_FOUND_AGAIN = Text(
    "background 的回答要以后来取，不能同时 store: false。",
    "A background response is fetched later, so it cannot have store: false.",
)
PARTS = {"input_text": "text", "output_text": "text", "text": "text", "refusal": "refusal"}
NAMES = {"tools": "tools", "form": "text.format"}
"""What the wishes are called here."""


class Reasoning(Typed):
    effort: Effort | None = None
    summary: Any = None
    generate_summary: Any = None


class TextForm(Typed):
    format: dict[str, Any] | None = None
    verbosity: Any = None


class ResponseRequest(Typed):
    """The fields that mean something to an agent."""

    model: str
    input: str | list[Any] = Field(min_length=1)
    instructions: str | None = None
    previous_response_id: str | None = Field(None, max_length=100)
    store: bool | None = None
    background: bool | None = None
    stream: bool | None = None
    max_output_tokens: int | None = Field(None, ge=1)
    temperature: float | None = Field(None, ge=0, le=2)
    reasoning: Reasoning | None = None
    text: TextForm | None = None
    tools: list[Any] | None = None
    tool_choice: Any = None
    parallel_tool_calls: bool | None = None
    user: Any = None

    def who(self) -> dict[str, str]:
        return who_of(self.user)


def parse(data: Mapping[str, Any]) -> ResponseRequest:
    """Raises Invalid with the first thing that is wrong, or that an agent cannot do."""
    check_fields(data, ResponseRequest.model_fields, HARMLESS, NEUTRAL)
    asked = as_model(ResponseRequest, data)
    if asked.background and asked.store is False:
        raise Invalid(NOT_FOUND_AGAIN, field="background", code="invalid")
    return asked


def results_alone(asked: ResponseRequest) -> dict[str, str] | None:
    """By call, what was given, where the input is nothing else; None where it is. Raises Invalid."""
    items = asked.input if isinstance(asked.input, list) else []
    outputs = [one for one in items if isinstance(one, dict) and one.get("type") == "function_call_output"]
    if not outputs or len(outputs) < len(items):
        return None
    return {str(one.get("call_id", ""))[:100]: _output(one.get("output")) for one in outputs}


def conversation(asked: ResponseRequest) -> Conversation:
    """Raises Invalid."""
    if isinstance(asked.input, str):
        return conversation_of([ChatMessage(role="user", content=asked.input)])
    if len(asked.input) > MOST_ITEMS:
        text = Text("最多 {most} 项。", "There are at most {most} items.").fill(most=MOST_ITEMS)
        raise Invalid(text, field="input", code="invalid")
    messages: list[dict[str, Any]] = []
    for place, item in enumerate(asked.input):
        _add(messages, item, f"input[{place}]")
    try:
        return conversation_of([ChatMessage.model_validate(one) for one in messages])
    except ValidationError as e:
        problem = first_problem(e)
        raise Invalid(problem.sentence(), field=f"input.{problem.field}", code="invalid") from None
    except Invalid as e:
        raise Invalid(e.text, field="input", code="invalid") from None


def wishes(asked: ResponseRequest, said: Conversation | None) -> Wishes:
    """How the answer is wanted. `said`: None where only results came. Raises Invalid."""
    told = "\n\n".join(filter(None, (asked.instructions, said.instructions if said else "")))
    wished = wishes_of(told, asked.max_output_tokens, asked.temperature)
    if asked.reasoning and asked.reasoning.effort:
        wished["effort"] = effort_of(asked.reasoning.effort)
    form = form_of(asked.text.format, "text.format") if asked.text and asked.text.format else None
    if form is not None:
        wished["form"] = form
    tools = tools_of([_nested(one) for one in asked.tools or ()])
    with_tools(wished, tools, asked.tool_choice, parallel=asked.parallel_tool_calls)
    if said and said.results:
        wished["results"], wished["rounds"] = said.results, said.rounds
    return wished


def _nested(tool: Any) -> Any:
    """As the chat API writes a function."""
    if not isinstance(tool, dict):
        return tool
    if (kind := tool.get("type")) != "function":
        raise Invalid(ONLY_FUNCTIONS.fill(kind=str(kind)[:40]), field="tools", code="unsupported_value")
    return {"type": "function", "function": {name: value for name, value in tool.items() if name != "type"}}


def _add(messages: list[dict[str, Any]], item: Any, field: str) -> None:
    """One item, as a message or as a part of the last one. Raises Invalid."""
    kind = item.get("type", "message") if isinstance(item, dict) else str(type(item).__name__)
    match kind:
        case "message":
            messages.append({"role": item.get("role"), "content": _content(item.get("content"))})
        case "function_call":
            last = messages[-1] if messages and messages[-1]["role"] == "assistant" else None
            if last is None:
                last = {"role": "assistant", "content": ""}
                messages.append(last)
            called = {"name": item.get("name"), "arguments": item.get("arguments", "")}
            last.setdefault("tool_calls", []).append({"id": item.get("call_id"), "function": called})
        case "function_call_output":
            output = _output(item.get("output"))
            messages.append({"role": "tool", "tool_call_id": item.get("call_id"), "content": output})
        case "reasoning":
            pass  # what another model thought is nothing to this one
        case _:
            raise Invalid(UNKNOWN_ITEM.fill(kind=str(kind)[:40]), field=field, code="unsupported_value")


def _content(content: Any) -> Any:
    if not isinstance(content, list):
        return content
    return [_part(part) if isinstance(part, dict) else part for part in content]


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    kind = part.get("type")
    if kind in ("input_image", "input_file"):
        for way in ("file_id", "file_url"):
            if part.get(way):
                raise Invalid(NO_ID.fill(name=way), field="input", code="unsupported_value")
    if kind == "input_image":
        return {"type": "image_url", "image_url": part.get("image_url")}
    if kind == "input_file":
        return {"type": "file", "file": {name: part.get(name) for name in ("filename", "file_data")}}
    if kind == "input_audio":
        return {"type": kind, "input_audio": part.get("input_audio")}
    if isinstance(kind, str) and (name := PARTS.get(kind)):
        return {"type": name, name: part.get(name)}
    return {"type": str(kind)}


def _output(output: Any) -> str:
    if isinstance(output, str):
        return output
    parts = output if isinstance(output, list) else []
    return "\n".join(str(part.get("text", "")) for part in parts if isinstance(part, dict))
