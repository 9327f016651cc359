"""Strict models for what is on disk; their fields carry their own form in every language."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, WrapValidator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticUndefined

from runtime.errors import BadAgent, HongyanError, Invalid, Wrong
from runtime.lang import NOTHING, Text, as_it_is, listed
from runtime.pattern_words import PATTERNS

M = TypeVar("M", bound=BaseModel)

Id = Annotated[str, Field(min_length=1, pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
"""Names an agent and its file: lower-case letters, digits, `-` and `_`."""

Name = Annotated[str, Field(min_length=1, pattern=r"^[a-z_][a-z0-9_]{0,63}$")]
"""Names a block or a value, so that templates and conditions can refer to it: no `-`, no digit first."""

Widget = Literal[
    "",  # by the type: text line, number, checkbox, choice
    "text",  # several lines, taken as they are
    "code",  # several lines of Python, which can be tried
    "area",  # several lines; a template, so variables can be inserted
    "template",  # one line; a template
    "expression",  # a condition
    "model",  # provider/model, with suggestions
    "models",  # a list of them
    "agent",  # another agent of the library
    "bases",  # a list of knowledge bases
    "shared",  # one of what the agent shares out
    "publication",  # where an agent answers people
    "prompt",  # template with values, or text
    "tool",  # one tool
    "tools",  # a list of tools
    "pairs",  # name → template
    "flow",  # drawn in the flow, not in the form
    "fallback",  # the same, once somebody wants it
    "cases",  # a branch's cases
    "json",  # any JSON
    "block",  # one of the agent's blocks, with suggestions
    "called",  # the name of a tool, the same
    "source",  # a file in a base, the same
    "secret",  # written, never shown
    "words",  # a list of words or short sentences
    "frozen",  # as it was when it was chosen: not for a form
]


LONGEST_TEXT = 100_000
"""Characters of a text that has no bound of its own."""


class Strict(BaseModel):
    """Refuses unknown fields, so that a typing mistake in a file is told and not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=LONGEST_TEXT)


@dataclass(frozen=True)
class About:
    """How a block, tool or channel presents itself in the builder."""

    title: Text
    hint: Text
    icon: str = "box"
    """Name of an icon in builder/flow_editor."""
    color: str = "#6366f1"


When = tuple[str, str | bool | tuple[str, ...]]
"""A field, and the value, or one of the values, with which another field is needed."""


@dataclass(frozen=True)
class Labels:
    """How a form shows a field; in a JSON schema `labels`, `hints`, `widget`, `choices`, `when` and so on."""

    title: Text
    hint: Text = NOTHING
    widget: Widget = ""
    choices: Callable[[], Mapping[str, Text]] = dict
    when: When | Callable[[], When] | None = None
    inside: bool = False
    sees: Mapping[str, Text] | None = None
    seldom: bool = False

    def __call__(self, schema: dict[str, Any]) -> None:
        """Pydantic asks when it writes the schema: then it is known which languages there are."""
        schema["labels"] = self.title.by_language()
        if self.hint.en:
            schema["hints"] = self.hint.by_language()
        schema["widget"] = self.widget
        if choices := self.choices():
            schema["choices"] = {value: title.by_language() for value, title in choices.items()}
        if self.inside:
            schema["inside"] = True
        if self.sees:
            schema["sees"] = {name: title.by_language() for name, title in self.sees.items()}
        if self.seldom:
            schema["seldom"] = True
        if self.when:
            schema["when"] = self.when() if callable(self.when) else self.when


def setting(
    default: Any = PydanticUndefined,
    *,
    title: Text,
    hint: Text = NOTHING,
    widget: Widget = "",
    choices: Callable[[], Mapping[str, Text]] = dict,
    when: When | Callable[[], When] | None = None,
    inside: bool = False,
    sees: Mapping[str, Text] | None = None,
    seldom: bool = False,
    **constraints: Any,
) -> Any:
    """A field with its label and help; `constraints` are pydantic's. `choices`: what each value is called.
    `when`: another field and the value (or values) with which this one is needed; else a form does not ask.
    `inside`: a template that sees what the flow in the block sees at its end. `sees`: what it sees besides,
    by name. `seldom`: tucked away in a form until somebody looks for it.
    """
    labels = Labels(title, hint, widget, choices, when, inside, sees, seldom)
    return Field(
        default, title=title.en, description=hint.en or None, json_schema_extra=labels, **constraints
    )


def widget(info: FieldInfo) -> str:
    """What a form shows it as; "" where its type says so."""
    labels = info.json_schema_extra
    return labels.widget if isinstance(labels, Labels) else ""


def sees_inside(info: FieldInfo) -> bool:
    labels = info.json_schema_extra
    return isinstance(labels, Labels) and labels.inside


def label(info: FieldInfo | None, name: str) -> Text:
    """What a person knows a field by; its name where nobody gave it a label."""
    labels = info.json_schema_extra if info else None
    return labels.title if isinstance(labels, Labels) else as_it_is((info and info.title) or name)


@dataclass(frozen=True)
class Problem:
    """One thing to correct. `field` is a path such as `flow.0.prompt.text`."""

    field: str
    text: Text

    def clause(self, name: Text | None = None) -> Text:
        """The field and what is wrong there, for inside a sentence. `name`: what the reader knows it by."""
        known = name or as_it_is(self.field)
        if not known.en:
            return self.text
        return Text("{name}：{problem}", "{name}: {problem}").fill(name=known, problem=self.text)

    def sentence(self, name: Text | None = None) -> Text:
        return Text("{clause}。", "{clause}.").fill(clause=self.clause(name))

    def at_field(self) -> Text:
        """What is wrong, where it stands below the field itself."""
        return self.sentence(NOTHING)


SENTENCES = {
    "missing": Text("缺少这一项", "this is required"),
    "extra_forbidden": Text("不认识的字段", "unknown field"),
    "string_type": Text("应为文字", "should be text"),
    "string_unicode": Text("有无法识别的字符", "contains broken characters"),
    "int_type": Text("应为整数", "should be a whole number"),
    "int_parsing": Text("应为整数", "should be a whole number"),
    "int_from_float": Text("应为整数", "should be a whole number"),
    "float_type": Text("应为数字", "should be a number"),
    "float_parsing": Text("应为数字", "should be a number"),
    "finite_number": Text("应为数字", "should be a number"),
    "bool_type": Text("应为是或否", "should be true or false"),
    "bool_parsing": Text("应为是或否", "should be true or false"),
    "list_type": Text("应为列表", "should be a list"),
    "dict_type": Text("应为对象", "should be an object"),
    "model_type": Text("应为对象", "should be an object"),
    "model_attributes_type": Text("应为对象", "should be an object"),
    "json_invalid": Text("不是有效的 JSON：{error}", "not valid JSON: {error}"),
    "literal_error": Text("只能是 {expected}", "should be {expected}"),
    "string_pattern_mismatch": Text("格式不对，应匹配 {pattern}", "should match {pattern}"),
    "string_too_short": Text(
        "太短（至少 {min_length} 个字）", "should have at least {min_length} characters"
    ),
    "string_too_long": Text("太长（最多 {max_length} 个字）", "should have at most {max_length} characters"),
    "too_short": Text("至少要有 {min_length} 项", "needs at least {min_length} items"),
    "too_long": Text("最多 {max_length} 项", "should have at most {max_length} items"),
    "greater_than": Text("应大于 {gt}", "should be greater than {gt}"),
    "greater_than_equal": Text("应不小于 {ge}", "should be at least {ge}"),
    "less_than": Text("应小于 {lt}", "should be less than {lt}"),
    "less_than_equal": Text("应不大于 {le}", "should be at most {le}"),
}


def by_type(
    kind: type[Strict], registry: Callable[[], Mapping[str, type[Strict]]], what: Text
) -> WrapValidator:
    """Validate an object by the model that is registered under its `type`."""

    def validate(value: Any, expect_object: Callable[[Any], Any]) -> Any:
        if isinstance(value, kind):
            return value
        if not isinstance(value, dict):
            return expect_object(value)
        found = registry().get(str(value.get("type")))
        if found is None:
            raise Wrong(unknown_type(value, what, registry()), "type")
        return found.model_validate(value)

    return WrapValidator(validate)


def unknown_type(value: Mapping[str, Any], what: Text, known: Iterable[str]) -> Text:
    """What to say when nothing is registered under a block's or tool's `type`."""
    names = listed(sorted(known))
    if "type" not in value:
        text = Text("还没选{what}（JSON 里的 type：{names}）", "choose the {what} (type in JSON: {names})")
        return text.fill(what=what, names=names)
    text = Text("没有「{given}」这种{what}；可用：{names}", "no {what} type {given!r}; there are {names}")
    return text.fill(what=what, given=str(value["type"])[:40], names=names)


EMPTY = Text("不能为空", "should not be empty")
NOTHING_IN_IT = Text("还是空的，请至少加一项", "is still empty; add at least one")


def problems(error: ValidationError) -> Iterator[Problem]:
    """What pydantic found, one sentence per field, without the offending value (it may be a secret)."""
    for detail in error.errors(include_url=False):
        own = detail.get("ctx", {}).get("error")
        path = [*detail["loc"], own.field] if isinstance(own, Wrong) and own.field else detail["loc"]
        yield Problem(".".join(map(str, path)), _sentence(detail))


def first_problem(error: ValidationError) -> Problem:
    return next(problems(error))


def invalid(problem: Problem) -> Invalid:
    return Invalid(problem.sentence(), field=problem.field, code="invalid")


def bad_agent(problem: Problem, form: type[BaseModel] | None = None) -> BadAgent:
    """`form`: whose fields stand there, each called as it calls it."""
    info = form.model_fields.get(problem.field) if form else None
    return BadAgent(problem.clause(label(info, problem.field) if info else None), field=problem.field)


def as_model(kind: type[M], data: object, wrong: Callable[[Problem], HongyanError] = invalid) -> M:
    """The data, typed. Raises what `wrong` makes of the first thing to correct."""
    try:
        return kind.model_validate(data)
    except ValidationError as e:
        raise wrong(first_problem(e)) from None


def _sentence(detail: ErrorDetails) -> Text:
    context = detail.get("ctx", {})
    own = context.get("error")
    if detail["type"] == "string_too_short" and context["min_length"] == 1:
        return EMPTY
    if detail["type"] == "too_short" and context["min_length"] == 1:
        return NOTHING_IN_IT
    if isinstance(own, Wrong):
        return own.text
    if detail["type"] == "string_type" and isinstance(detail["input"], str):  # so it calls a long secret
        return SENTENCES["string_too_long"].fill(max_length=LONGEST_TEXT)
    if text := PATTERNS.get(context.get("pattern", "")) or SENTENCES.get(detail["type"]):
        return text.fill(**{name: _either(value) for name, value in context.items()})
    return Text("内容不对（{why}）", "{why}").fill(why=detail["msg"])


def _either(value: Any) -> Any:
    """pydantic writes the choices of a field as `'a', 'b' or 'c'`."""
    if not isinstance(value, str) or " or " not in value:
        return value
    first, _, last = value.rpartition(" or ")
    return Text("{first} 或 {last}", "{first} or {last}").fill(first=first, last=last)
