"""Jinja2 that can neither reach Python nor work for long: templates and conditions over plain data.

Jinja2's own sandbox stops attribute walks but bounds neither time nor memory: `{{ 9**99999999 }}` ran for
440 seconds. Here everything that can grow is paid for from one tank of fuel per render (fuel.py).
All errors are BadTemplate.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from jinja2 import Template, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.environment import TemplateExpression

from runtime import wellformed
from runtime.errors import BadTemplate
from runtime.lang import Text, listed
from runtime.templating.sandbox.environment import Hardened, Missing, Rejected
from runtime.templating.sandbox.fuel import Escape, NotAllowed, as_data, tank, together
from runtime.templating.sandbox.plain import Listed, plain

__all__ = [
    "Escape",
    "Listed",
    "check",
    "check_expression",
    "compute",
    "evaluate",
    "names",
    "names_of_data",
    "render",
    "together",
]

MAX_SOURCE = 32_000
"""Characters of one template."""

MAX_OUTPUT = 64 * 1024
"""Bytes of what one template makes."""

TOO_LONG = Text("结果太长，最多 {most} KB。", "The result is too long; {most} kB at most.")

FAILURES = (
    TemplateError,
    NotAllowed,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    AssertionError,
    RecursionError,
    MemoryError,
    SyntaxError,
)
"""What a template can cause: Jinja2's errors, those of operators and filters, Python's limits on nesting."""


def render(source: str, values: Mapping[str, Any], *, escape: Escape = "", largest: int = MAX_OUTPUT) -> str:
    """Fill a template with plain data. `escape` makes every printed value safe for a URL or a JSON string.

    `largest`: bytes that it may make.
    """
    with _explained(values, source), tank(escape):
        template = _template(source)
        pieces: list[str] = []
        size = 0
        for piece in template.root_render_func(template.new_context(_seen(source, values))):
            size += len(piece.encode(errors="replace"))
            if size > largest:
                raise NotAllowed(TOO_LONG.fill(most=largest // 1024))
            pieces.append(piece)
    return wellformed.text("".join(pieces))  # a template may write half a character: no store takes that


def evaluate(expression: str, values: Mapping[str, Any]) -> bool:
    """Whether a condition such as `'人工' in message.text` holds."""
    with _explained(values, expression), tank():
        return bool(_expression(expression)(_seen(f"{{{{ {expression} }}}}", values)))


def compute(expression: str, values: Mapping[str, Any]) -> Any:
    """What an expression such as `person.score + 1` comes to: plain data, as much as a template makes."""
    with _explained(values, expression), tank():
        found = wellformed.data(as_data(_expression(expression)(_seen(f"{{{{ {expression} }}}}", values))))
        if len(repr(found)) > MAX_OUTPUT:
            raise NotAllowed(TOO_LONG.fill(most=MAX_OUTPUT // 1024))
    return found


def check(source: str) -> BadTemplate | None:
    """What is wrong with a template, without running it."""
    return _outcome(_template, source)


def check_expression(expression: str) -> BadTemplate | None:
    """What is wrong with a condition, without running it."""
    return _outcome(_expression, expression)


def _seen(source: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Plain copies of what it asks for: a conversation of 100 turns is not copied to print a name."""
    asked = _asked(source)
    return plain(values if asked is None else {name: values[name] for name in asked if name in values})


@functools.lru_cache(maxsize=512)
def _asked(source: str) -> frozenset[str] | None:
    """None when that cannot be told."""
    try:
        return frozenset(meta.find_undeclared_variables(_environment().parse(source)))
    except FAILURES:
        return None


@functools.lru_cache(maxsize=512)
def names(source: str) -> frozenset[str]:
    """The variables a template asks for."""
    with _explained({}), tank():
        _template(source)
        return frozenset(meta.find_undeclared_variables(_environment().parse(source)))


@functools.lru_cache(maxsize=512)
def names_of_data(source: str) -> frozenset[str]:
    """Those that it prints by `tojson`: they may be lists and objects."""
    with _explained({}), tank():
        filters = _environment().parse(_bounded(source)).find_all(nodes.Filter)
        inside = (f.node for f in filters if f.name == "tojson" and isinstance(f.node, nodes.Name))
        return frozenset(name.name for name in inside)


@functools.cache
def _environment() -> Hardened:
    return Hardened()


@functools.lru_cache(maxsize=512)
def _template(source: str) -> Template:
    return _environment().from_string(_bounded(source))


@functools.lru_cache(maxsize=512)
def _expression(source: str) -> TemplateExpression:
    return _environment().compile_expression(_bounded(source), undefined_to_none=False)


def _bounded(source: str) -> str:
    if len(source) > MAX_SOURCE:
        raise Rejected(
            Text(
                "模板太长，最多 {max_source} 个字。",
                "The template is too long; {max_source} characters at most.",
            ).fill(max_source=MAX_SOURCE),
            source.count("\n", 0, MAX_SOURCE) + 1,
        )
    return source


def _outcome(compiled: Any, source: str) -> BadTemplate | None:
    try:
        with _explained({}), tank():
            compiled(source)
    except BadTemplate as e:
        return e
    return None


@contextmanager
def _explained(values: Mapping[str, Any], source: str = "") -> Iterator[None]:
    """Turn what Jinja2 and Python raise into a sentence with its line, and remember whose it is."""
    try:
        yield
    except FAILURES as e:
        text = _sentence(e, values)
        line = e.lineno if isinstance(e, TemplateSyntaxError) else _line(e)
        if line:
            text = Text("第 {line} 行：{text}", "Line {line}: {text}").fill(line=line, text=text)
        error = BadTemplate(text)
        error.source = source
        error.line = line or 0
        error.depends = isinstance(e, Missing | LookupError)
        raise error from None


def _line(error: BaseException) -> int | None:
    """The template's line that was running."""
    found = None
    trace = error.__traceback__
    while trace:
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if isinstance(template, Template):
            found = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return found


def _sentence(error: BaseException, values: Mapping[str, Any]) -> Text:
    if isinstance(error, NotAllowed | Rejected):
        return error.text
    if isinstance(error, Missing):
        return _missing(error, values)
    if isinstance(error, RecursionError | MemoryError) or "too many" in str(error):
        return Text("嵌套太深，请写得简单一些。", "Nested too deeply; write it more simply.")
    if isinstance(error, OverflowError):
        return Text("数字、宽度或范围太大。", "A number, width or range is too large.")
    if isinstance(error, ZeroDivisionError):
        return Text("除数是 0，算不出来。", "This divides by zero.")
    if isinstance(error, TemplateSyntaxError):
        return _syntax(error.message or "")
    detail = str(error) or type(error).__name__
    return Text(
        "这里算不出来（{detail}）。请检查数据的类型。",
        "This cannot be computed: {detail}. Check the types of the data.",
    ).fill(detail=detail)


def _missing(error: Missing, values: Mapping[str, Any]) -> Text:
    if error.owner is None:
        there = sorted(values)
        subject = Text("没有变量「{name}」", "there is no variable {name!r}").fill(name=error.name)
    else:
        there = sorted(map(str, error.owner)) if isinstance(error.owner, dict) else []
        subject = Text("这个值里没有「{name}」", "this value has no {name!r}").fill(name=error.name)
    some = there[:20]
    if not some:
        return Text("{subject}。", "{subject}.").fill(subject=subject)
    return Text("{subject}，可用的有：{some}。", "{subject}; there are: {some}.").fill(
        subject=subject, some=listed(some)
    )


SYNTAX = (
    (r"No filter named '(.*?)'", Text("没有「{name}」这个过滤器。", "There is no filter {name!r}.")),
    (r"No test named '(.*?)'", Text("没有「{name}」这种判断。", "There is no test {name!r}.")),
    (
        r"Encountered unknown tag '(.*?)'",
        Text("不认识的标签「{name}」。", "{name!r} is unknown or out of place."),
    ),
    (
        r"Unexpected end of template.*block that needs to be closed is '(.*?)'",
        Text("「{name}」没有结束，请补上 end{name}。", "{name!r} is not closed; add end{name}."),
    ),
    (
        r"(?i)unexpected end of template|expected token 'end of",
        Text("大括号没有写完整，请检查 {{{{ }}}} 是否成对。", "Check that the braces {{{{ }}}} pair up."),
    ),
)
"""Jinja2's messages that people meet most, in plain words."""


def _syntax(message: str) -> Text:
    for pattern, text in SYNTAX:
        if match := re.search(pattern, message, re.DOTALL):
            return text.fill(name="".join(match.groups()))
    return Text("写法有误（{message}）。", "This is not valid: {message}").fill(message=message)
