"""Answers of real servers in all their shapes, read directly and through litellm, whole and streamed.

Each shape is a body as it was sent, whatever was asked for. Where litellm cannot read one (a sentence says
why), the server is asked again without it.
"""

import json
from dataclasses import dataclass

import pytest
from models_world import HELLO, Heard, endpoint, models

from fake_llm import FakeLLM, Say
from runtime.errors import ModelFailed
from runtime.models.completion import Request

pytestmark = [pytest.mark.usefixtures("litellm"), pytest.mark.timeout(150)]

TEXT = "您好，这款茶 68 元。\U0001f375"
BASE = {"id": "c1", "created": 1, "model": "m"}
USAGE = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
TOOL = {
    "type": "function",
    "function": {
        "name": "calculator",
        "parameters": {"type": "object", "properties": {"expression": {"type": "string"}}},
    },
}
SUM = '{"expression": "1+1"}'
CALL = [("calculator", {"expression": "1+1"})]
OTHER_SUM = '{"expression": "2+2"}'
TWO_CALLS = [*CALL, ("calculator", {"expression": "2+2"})]
THOUGHTS = "库存 3 元，别说。"


def whole(message, finish="stop", **more):
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    return {**BASE, "object": "chat.completion", "choices": [choice], "usage": USAGE, **more}


def chunk(delta, finish=None, **more):
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {**BASE, "object": "chat.completion.chunk", "choices": [choice], **more}


def call(arguments=SUM, id="call_1", name="calculator", **more):
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}, **more}


def dumped(value):
    """As a server writes it: half an emoji only as an escape."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii="\\ud83d" in json.dumps(value))


def sse(*events, eol="\n", prefix="data: ", done=True):
    lines = [prefix + dumped(event) + eol * 2 for event in events]
    return "".join([*lines, prefix + "[DONE]" + eol * 2] if done else lines).encode("utf-8", "surrogatepass")


def pieces(text=TEXT, finish="stop", size=3):
    said = [chunk({"content": text[i : i + size]}) for i in range(0, len(text), size)]
    return [
        chunk({"role": "assistant", "content": ""}),
        *said,
        *([] if finish is None else [chunk({}, finish)]),
    ]


def both(message, finish="stop"):
    """The same as a whole answer and as one piece of a streamed one."""
    return dumped(whole(message, finish)).encode(), sse(chunk(message), chunk({}, finish))


def calling(*calls, **message):
    numbered = [{"index": i, **one} for i, one in enumerate(calls)]
    answer, _ = both({"content": None, **message, "tool_calls": list(calls)}, "tool_calls")
    return answer, sse(
        chunk({"role": "assistant", "content": None, **message, "tool_calls": numbered}),
        chunk({}, "tool_calls"),
    )


@dataclass(frozen=True)
class Shape:
    """`not_litellm`: why the shape cannot be read there; what comes instead is a failure that is told."""

    bodies: tuple
    text: str = TEXT
    calls: tuple = ()
    code: str = ""
    kind: str = ""
    """Content type, "-" for none."""
    not_litellm: str = ""


LITELLM_TYPES = "litellm's own models of an answer do not take it, and it fails before we see it."
LITELLM_STREAMS = "litellm reads lines of its own way, and drops or refuses this one before we see it."
LITELLM_ENDS = (
    "litellm says neither that [DONE] came nor that it did not: what has no finish reason counts as cut."
)

WHOLE = {
    "plain": Shape(both({"content": TEXT})),
    "thoughts in a field": Shape(both({"content": TEXT, "reasoning_content": THOUGHTS})),
    "thoughts in another field": Shape(both({"content": TEXT, "reasoning": THOUGHTS})),
    "thoughts in tags": Shape(both({"content": f"<think>\n{THOUGHTS}\n</think>\n\n{TEXT}"})),
    "thoughts without the first tag": Shape(both({"content": f"{THOUGHTS}\n</think>\n\n{TEXT}"})),
    "only thoughts": Shape(both({"content": f"<think>{THOUGHTS}"}), code="malformed"),
    "only thoughts in a field": Shape(both({"content": "", "reasoning_content": THOUGHTS}), code="malformed"),
    "content in parts": Shape(
        both(
            {
                "content": [
                    {"type": "thinking", "thinking": [{"type": "text", "text": THOUGHTS}]},
                    {"type": "text", "text": TEXT},
                ]
            }
        ),
        not_litellm=LITELLM_TYPES,
    ),
    "a refusal": Shape(
        both({"content": None, "refusal": "I cannot help with that."}),
        "I cannot help with that.",
        not_litellm="litellm drops the field.",
    ),
    "half an emoji": Shape(both({"content": "好\ud83d了"}), "好\ufffd了"),
    "finish of its own": Shape(both({"content": TEXT}, "eos")),
    "sensitive": Shape(both({"content": "前半段"}, "sensitive"), code="policy"),
    "network error": Shape(both({"content": "您好，这"}, "network_error"), code="malformed"),
    "the longest length": Shape(both({"content": TEXT}, "length")),
    "nothing": Shape(both({"content": ""}), code="malformed"),
    "blank": Shape(both({"content": " \n"}), code="malformed"),
}
CALLS = {
    "plain": Shape(calling(call())),
    "arguments as an object": Shape(calling(call({"expression": "1+1"})), not_litellm=LITELLM_TYPES),
    "arguments in JSON twice": Shape(calling(call(json.dumps(SUM)))),
    "arguments in a fence": Shape(calling(call(f"```json\n{SUM}\n```"))),
    "no id": Shape(calling({"type": "function", "function": {"name": "calculator", "arguments": SUM}})),
    "a number as id": Shape(calling(call(id=7)), not_litellm=LITELLM_TYPES),
    "content beside": Shape(calling(call(), content="我算一下"), "我算一下"),
    "empty thoughts": Shape(calling(call(), reasoning_content="")),
    "finish says stop": Shape(
        (
            both({"content": None, "tool_calls": [call()]})[0],
            sse(chunk({"tool_calls": [{"index": 0, **call()}]}), chunk({}, "stop")),
        )
    ),
    "Hermes": Shape(
        both(
            {
                "content": '<tool_call>\n{"name": "calculator", "arguments": {"expression": "1+1"}}\n'
                "</tool_call>"
            }
        )
    ),
    "DSML": Shape(
        both(
            {
                "content": '<｜DSML｜tool_calls>\n<｜DSML｜invoke name="calculator">\n'
                '<｜DSML｜parameter name="expression" string="true">1+1</｜DSML｜parameter>\n'
                "</｜DSML｜invoke>"
            }
        )
    ),
    "broken markup": Shape(both({"content": '<tool_call>\n{"name": "calc'}), code="malformed"),
}
STREAMED = {
    "in pieces": Shape((None, sse(*pieces()))),
    "thoughts cut over pieces": Shape((None, sse(*pieces(f"<think>{THOUGHTS}</think>\n{TEXT}", size=2)))),
    "CR LF and comments": Shape((None, b": PROCESSING\r\n\r\n" + sse(*pieces(), eol="\r\n"))),
    "CR": Shape((None, sse(*pieces(), eol="\r")), not_litellm=LITELLM_STREAMS),
    "no space": Shape((None, b"event:message\nid:1\n" + sse(*pieces(), prefix="data:"))),
    "BOM": Shape((None, b"\xef\xbb\xbf" + sse(*pieces()))),
    "no last newline": Shape((None, sse(*pieces(), done=False).rstrip(b"\n"))),
    "events in several lines": Shape(
        (
            None,
            "".join(
                "".join(
                    f"data: {line}\n" for line in json.dumps(event, ensure_ascii=False, indent=1).split("\n")
                )
                + "\n"
                for event in pieces()
            ).encode(),
        ),
        not_litellm=LITELLM_STREAMS,
    ),
    "no finish reason": Shape((None, sse(*pieces(finish=None))), not_litellm=LITELLM_ENDS),
    "an empty finish reason": Shape((None, sse(*pieces(finish=""))), not_litellm=LITELLM_ENDS),
    "choices null": Shape(
        (None, sse(*pieces(), {**BASE, "choices": None, "usage": USAGE})), not_litellm=LITELLM_TYPES
    ),
    "no choices at first": Shape(
        (None, sse({**BASE, "choices": [], "prompt_filter_results": []}, *pieces()))
    ),
    "data null": Shape((None, sse(*pieces()[:3], "null", *pieces()[3:])), not_litellm=LITELLM_STREAMS),
    "half an emoji over two": Shape(
        (
            None,
            sse(
                '{"choices":[{"delta":{"content":"好\\ud83c"}}]}',
                '{"choices":[{"delta":{"content":"\\udf75"}}]}',
                chunk({}, "stop"),
            ),
        ),
        "好\U0001f375",
        not_litellm="litellm reads the second half and joins nothing: both become a sign that says so.",
    ),
    "a whole message at the end": Shape(
        (
            None,
            sse(
                *pieces(finish=None),
                {
                    **BASE,
                    "choices": [
                        {
                            "index": 0,
                            "message": {"role": "assistant", "content": TEXT},
                            "finish_reason": "stop",
                        }
                    ],
                },
            ),
        ),
        not_litellm=LITELLM_TYPES,
    ),
    "usage as floats": Shape(
        (
            None,
            sse(
                *pieces(), {**BASE, "choices": [], "usage": {"prompt_tokens": 10.0, "completion_tokens": 5.0}}
            ),
        )
    ),
    "text/plain": Shape((None, sse(*pieces())), kind="text/plain; charset=utf-8"),
    "application/json": Shape((None, sse(*pieces())), kind="application/json"),
    "octets": Shape((None, sse(*pieces())), kind="application/octet-stream"),
    "no index": Shape((None, sse(chunk({"tool_calls": [call()]}), chunk({}, "tool_calls"))), "", (0,)),
    "no index, in pieces": Shape(
        (
            None,
            sse(
                chunk({"tool_calls": [call("")]}),
                chunk({"tool_calls": [{"function": {"arguments": SUM[:8]}}]}),
                chunk({"tool_calls": [{"function": {"arguments": SUM[8:]}}]}),
                chunk({}, "tool_calls"),
            ),
        ),
        "",
        (0,),
    ),
    "the name again and again": Shape(
        (
            None,
            sse(
                chunk({"tool_calls": [{"index": 0, **call(SUM[:8])}]}),
                chunk({"tool_calls": [{"index": 0, **call(SUM[8:])}]}),
                chunk({}, "tool_calls"),
            ),
        ),
        "",
        (0,),
    ),
    "two under one index, no ids": Shape(
        (
            None,
            sse(
                chunk({"tool_calls": [{"index": 0, **call(id=None)}]}),
                chunk({"tool_calls": [{"index": 0, **call(id=None)}]}),
                chunk({"tool_calls": [{"index": 0, **call(OTHER_SUM, None)}]}),
                chunk({}, "tool_calls"),
            ),
        ),
        "",
        (0, 1),
    ),
    "function null": Shape(
        (
            None,
            sse(
                chunk({"tool_calls": [{"index": 0, **call()}]}),
                chunk({"content": "", "tool_calls": [{"index": 0, "id": None, "function": None}]}),
                chunk({}, "tool_calls"),
            ),
        ),
        "",
        (0,),
        not_litellm=LITELLM_TYPES,
    ),
    "an error event": Shape(
        (None, b'event: error\ndata: {"code":"InvalidApiKey","message":"bad key"}\n\n'),
        code="auth",
        not_litellm=LITELLM_STREAMS,
    ),
    "an error in the middle": Shape(
        (None, sse(*pieces()[:3], {"error": {"message": "Rate limit reached", "code": 429}})),
        code="rate_limit",
        not_litellm=LITELLM_STREAMS,
    ),
    "cut": Shape((None, sse(*pieces(finish=None), done=False)), code="malformed"),
}
UNASKED = {
    "a message and an empty delta": Shape(
        (
            dumped(
                {
                    **BASE,
                    "choices": [
                        {
                            "index": 0,
                            "message": {"role": "assistant", "content": TEXT},
                            "delta": {"role": None, "content": "", "tool_calls": None},
                            "finish_reason": "stop",
                        }
                    ],
                }
            ).encode(),
            None,
        )
    ),
    "an error in its choice": Shape(
        (
            dumped(
                {
                    **BASE,
                    "choices": [
                        {
                            "index": 0,
                            "message": {"role": "assistant", "content": ""},
                            "error": {"code": 429, "message": "Rate limit reached"},
                            "finish_reason": "error",
                        }
                    ],
                }
            ).encode(),
            None,
        ),
        code="rate_limit",
        not_litellm="litellm drops the words.",
    ),
    "events when not asked": Shape(
        (sse(*pieces()), None), not_litellm="litellm parses the whole body as JSON."
    ),
    "JSON, then DONE": Shape(
        (dumped(whole({"content": TEXT})).encode() + b"\ndata: [DONE]\n\n", None),
        not_litellm="litellm parses the whole body as JSON.",
    ),
    "a whole answer when pieces were asked": Shape(
        (None, dumped(whole({"content": TEXT})).encode()),
        kind="application/json",
        not_litellm="litellm looks for events only, and finds none.",
    ),
    "no type, no finish": Shape(
        (dumped(whole({"content": TEXT}, None)).encode(), None), kind="application/octet-stream"
    ),
    "an envelope": Shape(
        (dumped({"code": 200, "data": whole({"content": TEXT})}).encode(), None), not_litellm=LITELLM_TYPES
    ),
    "an error as text": Shape(
        (b'{"error": "model not loaded"}', None), code="not_found", not_litellm="litellm drops the words."
    ),
    "an error in a 200": Shape(
        (dumped({"code": 40303, "message": "模型不存在", "success": False}).encode(), None),
        code="not_found",
        not_litellm=LITELLM_TYPES,
    ),
    "MiniMax's error": Shape(
        (
            dumped(
                {"choices": None, "base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}
            ).encode(),
            None,
        ),
        code="quota",
        not_litellm=LITELLM_TYPES,
    ),
    "a web page": Shape(
        (b"<!doctype html><title>New API</title>", None),
        code="malformed",
        kind="text/html",
        not_litellm="litellm calls it a server's failure.",
    ),
}
TABLE = {
    f"{name}, {way}": (shape, place)
    for group in (WHOLE, STREAMED, UNASKED)
    for name, shape in group.items()
    for place, way in ((0, "whole"), (1, "streamed"))
    if shape.bodies[place] is not None
} | {
    f"call: {name}, {way}": (
        Shape(
            shape.bodies,
            shape.text if shape.text != TEXT else "",
            (0,) if not shape.code else (),
            shape.code,
            shape.kind,
            shape.not_litellm,
        ),
        place,
    )
    for name, shape in CALLS.items()
    for place, way in ((0, "whole"), (1, "streamed"))
}


async def asked(shape, place, provider):
    """The answer or the failure, and what a person saw."""
    body = shape.bodies[place]
    kind = shape.kind or ("text/event-stream" if place else "application/json")
    heard = Heard()
    watch = (heard.on_text, heard.on_reset) if place else ()
    async with (
        FakeLLM(Say(raw=body, headers={"content-type": kind})) as llm,
        models(endpoint("local", llm.url, provider=provider)) as them,
    ):
        try:
            answer = await them.complete(Request("local/m", HELLO, tools=[TOOL], seconds=10), *watch)
        except ModelFailed as e:
            return e, heard.pieces
    return answer, heard.pieces


def as_expected(shape, outcome):
    if isinstance(outcome, ModelFailed) or shape.code:
        return isinstance(outcome, ModelFailed) and outcome.code == shape.code
    calls = [(one.name, json.loads(one.arguments)) for one in outcome.tool_calls]
    return outcome.text == shape.text and calls == TWO_CALLS[: len(shape.calls)]


@pytest.mark.parametrize(("shape", "place"), TABLE.values(), ids=TABLE)
async def test_every_shape_is_read_directly(shape, place):
    outcome, seen = await asked(shape, place, "openai_compatible")
    assert as_expected(shape, outcome), outcome
    shown = "".join(piece or "" for piece in seen)
    assert THOUGHTS not in shown
    assert "calc" not in shown
    if place and not shape.code and not shape.calls:
        assert shown == shape.text


@pytest.mark.parametrize("provider", ["deepseek", "openai"])
@pytest.mark.parametrize(("shape", "place"), TABLE.values(), ids=TABLE)
async def test_every_shape_is_read_where_litellm_is_asked_first(shape, place, provider):
    """litellm asks the one by its own HTTP client, the other by the openai package."""
    outcome, seen = await asked(shape, place, provider)
    shown = "".join(piece or "" for piece in seen)
    assert THOUGHTS not in shown
    assert "calc" not in shown
    assert as_expected(shape, outcome), outcome
