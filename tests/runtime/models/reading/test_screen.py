import contextlib
import json
from dataclasses import dataclass

import pytest

from cost import cpu_seconds
from runtime.models.reading.screen import Screen, TooManyMarks
from runtime.models.reading.unfinished import MAX_TEXT

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "calculator",
            "parameters": {
                "properties": {
                    "expression": {"type": "string"},
                    "n": {"type": "integer"},
                    "on": {"type": "boolean"},
                }
            },
        },
    }
]
SUM = {"expression": "1+1"}
JSON_SUM = '{"name": "calculator", "arguments": {"expression": "1+1"}}'


@dataclass(frozen=True)
class Case:
    said: str
    shown: str
    thoughts: str = ""
    calls: tuple = ()


def screened(said, size, hold=None, tools=TOOLS):
    """What a person saw, what was void of it, and the screen, when `said` came in pieces of this size."""
    screen, seen, void = Screen(hold, tools), [], []
    for start in range(0, len(said), size):
        screen.feed(said[start : start + size])
        if screen.voided():
            void += seen
            seen = []
        seen += screen.take()
    screen.close()
    if screen.voided():
        void += seen
        seen = []
    seen += screen.take()
    return "".join(seen), "".join(void), screen


SIZES = pytest.mark.parametrize("size", [1, 2, 3, 7, 1000], ids=lambda size: f"by {size}")

THOUGHTS = {
    "a block": Case(
        "<think>\n成本 3 元，别说。\n</think>\n\n您好，68 元。", "您好，68 元。", "\n成本 3 元，别说。\n"
    ),
    "white space before": Case("\n <think>想</think>好", "\n 好", "想"),
    "empty": Case("<think>\n\n</think>\n\n好", "好", "\n\n"),
    "capitals": Case("<THINK>想</THINK>好", "好", "想"),
    "attributes": Case('<think type="deep">想</think>好', "好", "想"),
    "thinking": Case("<thinking>想</thinking>好", "好", "想"),
    "another end": Case("<thinking>想</think>好", "好", "想"),
    "Seed": Case("<seed:think>想</seed:think>好", "好", "想"),
    "Kimi": Case("◁think▷想◁/think▷好", "好", "想"),
    "Mistral": Case("[THINK]想[/THINK]好", "好", "想"),
    "gpt-oss": Case(
        "<|channel|>analysis<|message|>想<|end|><|start|>assistant<|channel|>final<|message|>好", "好", "想"
    ),
    "gpt-oss, from its start": Case("<|start|>assistant<|channel|>final<|message|>好<|return|>", "好"),
    "GLM's box": Case("<think>想</think><|begin_of_box|>好<|end_of_box|>", "好", "想"),
    "between": Case("先说一句。<think>想</think>再说一句。", "先说一句。再说一句。", "想"),
    "twice": Case("<think>一</think>好<think>二</think>了", "好了", "一二"),
    "a stray end": Case("<think>想</think>好</think>", "好", "想"),
    "an end in code inside": Case("<think>要写 `</think>` 吗</think>好", "好", "要写 `</think>` 吗"),
    "unfinished": Case("<think>\n想了很久，还没有想完", "", "\n想了很久，还没有想完"),
    "unfinished tag": Case("好<think", "好<think"),
    "a fence in thoughts": Case("<think>\n```python\nx\n</think>\n好", "好", "\n```python\nx\n"),
    "markup in thoughts": Case(
        f"<think><tool_call>{JSON_SUM}</tool_call></think>好", "好", f"<tool_call>{JSON_SUM}</tool_call>"
    ),
}
UNTAGGED = {
    "unopened": Case("用户在问价格。\n</think>\n\n您好，68 元。", "您好，68 元。", "用户在问价格。\n"),
    "only the end": Case("</think>\n\n您好", "您好"),
    "code in it": Case(
        "试试 `x`：\n```py\ny\n```\n好。</think>您好", "您好", "试试 `x`：\n```py\ny\n```\n好。"
    ),
    "an open fence in it": Case("```py\nprint(1)\n</think>\n您好", "您好", "```py\nprint(1)\n"),
    "an odd backtick in it": Case("用户写了 ` 号。\n\n</think>\n您好", "您好", "用户写了 ` 号。\n\n"),
    "nothing behind": Case("想了很久</think>", "", "想了很久"),
}
STAYS = [
    "用 `<think>` 标签包住思考，用 `</think>` 结束。",
    "标签是“<think>”和“</think>”，写成「<tool_call>」也行。",
    "```html\n<think>\n推理\n</think>\n答案\n```\n\n以上是例子。",
    "~~~\n</think>\n~~~\n如上",
    '```xml\n<tool_call>\n{"name": "x"}\n</tool_call>\n```\n这是格式。',
    "``<think> ` </think>`` 是代码",
    "1 < 2，a <b> c，x<y>，<t",
    "[客服]: 您好 [THINGS] [1] [TOOL",
    "<thinkpad> 是电脑，<functional>，<tools",
    "一个反引号 ` 不是代码\n\n下一段",
    "行内 ```code``` 和 `a`b`c`",
    "模型会输出 <tool_call> 标签来调用工具，很方便。",
    "  ```\n  缩进的代码\n  ```\n",
    "```\n没有结束的代码 `<think>`\n",
    "\n\n开头的空行也保留\n",
    "👨‍👩‍👧‍👦 <3",
    "<s>原价 99</s> 现价 68，<s>旧</s>",
    "<answer>42</answer> 是答案的写法",
    "<response><text>好</text></response>",
    "XML 里的 <answer> 元素用 </answer> 结束，<eos> 是结束",
    "<turn> 和 <pad> 和 </s",
    "用 <|im_start|user 开头",
]
OSS_THOUGHT = "<|channel|>analysis<|message|>要算<|end|>"
OSS_CALL = 'commentary to=functions.calculator <|constrain|>json<|message|>{"expression": "1+1"}<|call|>'
CALLS = {
    "Hermes": f"<tool_call>\n{JSON_SUM}\n</tool_call>",
    "no end": f"<tool_call>\n{JSON_SUM}",
    "text before": f"好的，我算一下。\n<tool_call>{JSON_SUM}</tool_call>",
    "text before, same line": f"好的<tool_call>{JSON_SUM}</tool_call>请稍等",
    "a result made up": f"<tool_call>{JSON_SUM}</tool_call>\n<tool_response>3</tool_response>是 3",
    "after thoughts": f"<think>要算</think>\n<tool_call>{JSON_SUM}</tool_call>",
    "arguments as text": (
        '<tool_call>{"name": "calculator", "arguments": "{\\"expression\\": \\"1+1\\"}"}</tool_call>'
    ),
    "parameters": '<tool_call>{"name": "calculator", "parameters": {"expression": "1+1"}}</tool_call>',
    "function inside": f'<tool_call>{{"function": {JSON_SUM}}}</tool_call>',
    "in a fence inside": f"<tool_call>\n```json\n{JSON_SUM}\n```\n</tool_call>",
    "a list": f"<tool_calls>[{JSON_SUM}]</tool_calls>",
    "function_call": f"<function_call>{JSON_SUM}</function_call>",
    "Qwen-Coder": (
        "<tool_call>\n<function=calculator>\n<parameter=expression>\n1+1\n</parameter>\n</function>\n</tool_call>"
    ),
    "Qwen-Coder, inside only": (
        "<function=calculator>\n<parameter=expression>\n1+1\n</parameter>\n</function>"
    ),
    "no end of the parameter": "<function=calculator>\n<parameter=expression>\n1+1\n</function>",
    "Llama": '<function=calculator>{"expression": "1+1"}</function>',
    "function name": '<function name="calculator"><parameter name="expression">1+1</parameter></function>',
    "Anthropic": (
        '<function_calls>\n<invoke name="calculator">\n<parameter name="expression">1+1</parameter>\n'
        "</invoke>\n</function_calls>"
    ),
    "MiniMax": (
        '<minimax:tool_call><invoke name="calculator"><parameter name="expression">1+1</parameter></invoke>'
        "</minimax:tool_call>"
    ),
    "DSML": (
        '<｜DSML｜tool_calls>\n<｜DSML｜invoke name="calculator">\n'
        '<｜DSML｜parameter name="expression" string="true">1+1'
        "</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>"
    ),
    "DSML, other brackets": (
        '‹｜DSML｜function_calls>\n‹｜DSML｜invoke name="calculator">\n'
        '‹｜DSML｜parameter name="expression" string="true">1+1'
        "‹/｜DSML｜parameter>\n‹/｜DSML｜invoke>"
    ),
    "DSML, ASCII bars": (
        '<|DSML|tool_calls><|DSML|invoke name="calculator">'
        '<|DSML|parameter name="expression" string="true">1+1'
        "</|DSML|parameter></|DSML|invoke></|DSML|tool_calls>"
    ),
    "DeepSeek": (
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>calculator\n```json\n"
        '{"expression": "1+1"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>'
    ),
    "DeepSeek 3.1": (
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>calculator<｜tool▁sep｜>"
        '{"expression": "1+1"}<｜tool▁call▁end｜>'
    ),
    "Kimi": (
        "<|tool_calls_section_begin|><|tool_call_begin|>functions.calculator:0<|tool_call_argument_begin|>"
        '{"expression": "1+1"}<|tool_call_end|><|tool_calls_section_end|>'
    ),
    "LongCat": (
        "<longcat_tool_call>calculator\n<longcat_arg_key>expression</longcat_arg_key>\n"
        "<longcat_arg_value>1+1</longcat_arg_value>\n</longcat_tool_call>"
    ),
    "LFM2": '<|tool_call_start|>[calculator(expression="1+1")]<|tool_call_end|>',
    "gpt-oss, after thoughts": f"{OSS_THOUGHT}<|start|>assistant<|channel|>{OSS_CALL}",
    "gpt-oss, for whom it is first": (
        f"{OSS_THOUGHT}<|start|>assistant to=functions.calculator<|channel|>commentary json<|message|>"
        '{"expression": "1+1"}<|call|>'
    ),
    "gpt-oss, after a word": (
        f"{OSS_THOUGHT}<|start|>assistant<|channel|>commentary<|message|>好的，我算一下。<|end|>"
        f"<|start|>assistant<|channel|>{OSS_CALL}"
    ),
    "GLM": "<tool_call>calculator\n<arg_key>expression</arg_key>\n<arg_value>1+1</arg_value>\n</tool_call>",
    "Mistral": f"[TOOL_CALLS][{JSON_SUM}]",
    "Mistral, new": '[TOOL_CALLS]calculator[ARGS]{"expression": "1+1"}',
    "Llama 3": '<|python_tag|>{"name": "calculator", "parameters": {"expression": "1+1"}}',
    "Llama 3, code": '<|python_tag|>calculator(expression="1+1")',
    "gpt-oss": (
        "<|channel|>commentary to=functions.calculator <|constrain|>json<|message|>"
        '{"expression": "1+1"}<|call|>'
    ),
    "Gemma": '<tool_code>\nprint(calculator(expression="1+1"))\n</tool_code>',
    "Granite": f"<|tool_call|>[{JSON_SUM}]",
    "Gemma 4": '<|tool_call>call:calculator{expression:<|"|>1+1<|"|>}<tool_call|><|tool_response>',
    "Gemma 4, after thoughts": (
        '<|channel>thought\n要算<channel|><|tool_call>call:calculator{expression:<|"|>1+1<|"|>}<tool_call|>'
    ),
    "Gemma 4, in its own words": "<|tool_call>call:calculator{expression:1+1}<tool_call|>",
    "Gemma 4, as Python": '<|tool_call>call:calculator(expression="1+1")<tool_call|>',
    "Gemma 4, no marks": 'call:calculator{"expression": "1+1"}',
    "FunctionGemma": (
        "<start_function_call>call:calculator{expression:<escape>1+1<escape>}<end_function_call>"
    ),
    "Kimi, no marks": 'functions.calculator:0{"expression": "1+1"}',
    "Phi": f"functools[{JSON_SUM}]",
    "Llama 4, bare": '[calculator(expression="1+1")]',
    "Llama 3, call": '<|python_tag|>calculator.call(expression="1+1")',
    "Mistral, with an id": '[TOOL_CALLS]calculator[CALL_ID]x1y2z3a4b[ARGS]{"expression": "1+1"}',
    "Hunyuan": (
        "<tool_calls>\n<tool_call>calculator<tool_sep>\n<arg_key>expression</arg_key>\n"
        "<arg_value>1+1</arg_value>\n</tool_call>\n</tool_calls>"
    ),
    "bare JSON": JSON_SUM,
    "bare JSON in a list": f"[{JSON_SUM}]",
    "in a fence": f"```json\n{JSON_SUM}\n```",
    "in a fence, text before": f"好的：\n\n```json\n{JSON_SUM}\n```\n",
    "markup in a fence": f"```\n<tool_call>{JSON_SUM}</tool_call>\n```",
    "bare code": '```tool_code\ncalculator(expression="1+1")\n```',
}
BROKEN = [
    '<tool_call>\n{"name": "calculator", "arguments": {"expr',
    "<tool_call>",
    "好的<tool_call>\n",
    '<function=calculator>{"expression": "1+',
    "<｜DSML｜tool_calls>\n<｜DSML｜invoke",
    "<｜tool▁calls▁begin｜>",
    "[TOOL_CALLS]",
    '<|tool_call>call:calculator{expression:<|"|>1+',
    "<|tool_call>call:calculator{expression:1+1",
]


@SIZES
@pytest.mark.parametrize("case", THOUGHTS.values(), ids=THOUGHTS)
@pytest.mark.parametrize("hold", [0, None, 160])
def test_thoughts_are_never_shown(case, size, hold):
    seen, void, screen = screened(case.said, size, hold)
    assert (seen, void, screen.text) == (case.shown, "", case.shown)
    assert screen.thoughts == case.thoughts
    assert screen.calls == []
    assert not screen.broken


@SIZES
@pytest.mark.parametrize("case", UNTAGGED.values(), ids=UNTAGGED)
def test_thoughts_that_no_tag_opened_are_never_shown_while_text_is_held_back(case, size):
    for hold in (None, 160):
        seen, void, screen = screened(case.said, size, hold)
        assert (seen, void, screen.text) == (case.shown, "", case.shown)
        assert (screen.thoughts, screen.untagged) == (case.thoughts, True)


@SIZES
@pytest.mark.parametrize("case", UNTAGGED.values(), ids=UNTAGGED)
def test_thoughts_that_were_shown_before_that_was_known_are_declared_void(case, size):
    seen, void, screen = screened(case.said, size, 0)
    assert (seen, screen.text) == (case.shown, case.shown)
    assert case.thoughts.startswith(void)


@SIZES
@pytest.mark.parametrize("said", STAYS)
def test_a_text_about_such_tags_stays_as_it_is(said, size):
    for hold in (0, None):
        seen, void, screen = screened(said, size, hold)
        assert (seen, void, screen.thoughts, screen.calls, screen.broken) == (said, "", "", [], False)


@SIZES
@pytest.mark.parametrize("said", CALLS.values(), ids=CALLS)
def test_a_tool_call_written_as_text_is_the_call_it_is(said, size):
    seen, void, screen = screened(said, size)
    assert [(name, json.loads(arguments)) for name, arguments in screen.calls] == [("calculator", SUM)]
    assert "calculator" not in seen + void
    assert "tool" not in seen + void
    assert "<" not in screen.text
    assert "{" not in screen.text


@SIZES
@pytest.mark.parametrize("said", BROKEN)
def test_a_tool_call_that_cannot_be_read_is_no_answer(said, size):
    seen, void, screen = screened(said, size)
    assert screen.broken
    assert screen.calls == []
    assert "<" not in seen + void
    assert "[" not in seen + void


def test_values_without_quotes_have_the_types_that_are_meant():
    said = (
        '<|tool_call>call:calculator{expression:2,n:-3,on:true,list:[1,<|"|>x,}<|"|>,{a:null}],'
        'free:hello, (you, too),<|"|>q<|"|>:<|"|>a "b" {<|"|>}call:calculator{}<tool_call|>'
    )
    _, _, screen = screened(said, 1000)
    assert [json.loads(arguments) for _, arguments in screen.calls] == [
        {
            "expression": "2",
            "n": -3,
            "on": True,
            "list": [1, "x,}", {"a": None}],
            "free": "hello, (you, too)",
            "q": 'a "b" {',
        },
        {},
    ]


def test_a_text_that_only_begins_like_a_bare_call_is_an_answer():
    for said in (
        "call:calculator{} 是一种写法",
        "call me",
        "functions.calculator:0 是名字",
        '[calculator(expression="1"), other(a=1)]',
        "[calculator](https://example.com/)",
        "call:other{a:1}",
    ):
        seen, void, screen = screened(said, 3)
        assert (seen, void, screen.text, screen.calls) == (said, "", said, [])


def test_several_calls_come_in_order():
    said = f"<tool_call>{JSON_SUM}</tool_call>\n<tool_call>{JSON_SUM.replace('1+1', '2+2')}</tool_call>"
    _, _, screen = screened(said, 5)
    assert [json.loads(arguments)["expression"] for _, arguments in screen.calls] == ["1+1", "2+2"]


def test_values_in_markup_have_the_types_that_the_tool_asks_for():
    values = "".join(
        f"<parameter={name}>\n{value}\n</parameter>\n"
        for name, value in (("expression", "2"), ("n", "2"), ("on", "true"))
    )
    _, _, screen = screened(f"<function=calculator>\n{values}</function>", 1000)
    assert json.loads(screen.calls[0][1]) == {"expression": "2", "n": 2, "on": True}


def test_json_that_names_no_offered_tool_is_an_answer():
    said = '{"name": "龙井", "arguments": {"价": 68}}'
    assert screened(said, 3)[0] == said
    assert screened(JSON_SUM, 3, tools=[])[0] == JSON_SUM


def test_a_call_in_a_fence_with_text_behind_it_is_an_example():
    said = f"例如：\n```json\n{JSON_SUM}\n```\n这样就能调用。"
    seen, _, screen = screened(said, 3)
    assert (seen, screen.calls) == (said, [])


MARKED = {
    "ChatML": "<|im_start|>assistant\n好的。<|im_end|>",
    "DeepSeek": "<｜begin▁of▁sentence｜>好的。<｜end▁of▁sentence｜>",
    "Llama 3": "<|begin_of_text|><|start_header_id|>assistant<|end_header_id|>\n\n好的。<|eot_id|>",
    "Llama 4": "<|header_start|>assistant<|header_end|>\n\n好的。<|eot|>",
    "Gemma": "<start_of_turn>model\n好的。<end_of_turn>\n",
    "Gemma 4": "<|turn>model\n好的。<turn|>",
    "Mistral": "好的。</s>",
    "GLM": "好的。<|user|>",
    "GLM, a tool's turn": "好的。<|observation|>\n",
    "a user made up": "好的。<|im_end|>\n<|im_start|>user\n还有呢？<|im_end|>\n<|im_start|>assistant\n没了。",
    "a user made up, Llama": "好的。<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n还有呢？",
    "a user made up, Gemma": "好的。<end_of_turn>\n<start_of_turn>user\n还有呢？",
    "gpt-oss": "<|start|>assistant to=user<|message|>好的。",
    "Hunyuan": "<think>\n想\n</think>\n<answer>\n好的。</answer>",
    "ERNIE": "<think>\n想\n</think>\n\n<response>好的。</response>",
    "thoughts apart": "<answer>\n好的。</answer>",
    "Solar": "<|begin|>assistant<|think|>想<|end|><|begin|>assistant<|content|>好的。<|end|>",
    "Apertus": "<|inner_prefix|>想<|inner_suffix|>好的。",
    "LongCat": "<longcat_think>想</longcat_think>好的。",
}


@SIZES
@pytest.mark.parametrize("said", MARKED.values(), ids=MARKED)
def test_of_what_is_around_an_answer_nothing_is_shown(said, size):
    seen, _, screen = screened(said, size)
    assert seen.strip() == screen.text.strip() == "好的。"


@SIZES
@pytest.mark.parametrize("mark", ["<|im_end|>", "<|eot_id|>", "</think>", "<think>", "<tool_call>"])
def test_a_mark_may_end_a_piece_that_is_longer_than_it(mark, size):
    """A whole answer is one piece, too."""
    said = "这款茶是今年的新茶，" * 3
    seen, _, screen = screened(f"{said}{mark}", size)
    assert screen.text == seen == ("" if mark == "</think>" else said)
    assert screened(f"{said}“{mark}”。", size)[0] == f"{said}“{'' if mark.startswith('<|') else mark}”。"


def test_a_held_text_comes_when_enough_of_it_is_there():
    screen = Screen(hold=10)
    screen.feed("123456789")
    assert screen.take() == []
    screen.feed("0")
    assert screen.take() == ["123456789", "0"]
    screen.feed("x")
    assert screen.take() == ["x"]


HOSTILE = {
    "openers": "<tool_call>",
    "invokes": '<invoke name="x">',
    "objects": '<tool_call>{"a":',
    "nested objects": '{"a":',
    "thoughts": "<think>",
    "ends": "x</think>",
    "backticks": "`a",
    "fences": "```\n",
    "lines of code": "a\n",
    "brackets": "<",
    "spaces": "< ",
    "answers": "<answer>\n",
    "blanks and answers": "\n<answer>x",
    "ends of a turn": "</s>",
    "other ends of a turn": "<end_of_turn> <",
    "turns": "<|im_start|>user ",
    "Gemma's objects": "<|tool_call>call:a{a:",
    "Gemma's lists": "<|tool_call>call:a{a:[",
    "Gemma's texts": '<|tool_call>call:a{a:<|"|>',
    "Gemma's commas": "<|tool_call>call:a{a:" + "b,c " * 50,
    "Gemma's calls": "<|tool_call>call:a{}",
    "Kimi's words": 'functions.a:0{"a":',
}


@pytest.mark.parametrize("said", HOSTILE.values(), ids=HOSTILE)
def test_nothing_that_a_model_writes_takes_long(said):
    said = "```\n" + said * (MAX_TEXT // len(said)) if said == "a\n" else said * (MAX_TEXT // len(said))

    def read():
        with contextlib.suppress(TooManyMarks):
            screened(said, MAX_TEXT)

    assert cpu_seconds(read, enough=3) < 3
