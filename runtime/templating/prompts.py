"""Prompts: what a model block is told, written freely or filled into a template from a folder."""

import functools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, model_validator

from runtime import wellformed
from runtime.errors import BadTemplate, NotFound, Wrong
from runtime.lang import Lang, Text
from runtime.schema import Id, Problem, Strict, first_problem, setting
from runtime.templating import sandbox

LARGEST = 1024 * 1024
"""Bytes of a filled template: the longest answer of a model, which was paid for, fits in."""

FRONT_MATTER = re.compile(r"---\n(.*?)\n---\n", re.DOTALL)


class PromptVariable(Strict):
    """One blank of a template. `area`: written in several lines."""

    name: str = setting(title=Text("变量名", "Name"), pattern=r"^[a-z_][a-z0-9_]{0,63}$")
    title: str = setting(title=Text("显示名", "Label"))
    default: str = setting("", title=Text("默认值", "Default"), widget="area")
    area: bool = False


class PromptTemplate(Strict):
    """One file `id.zh.j2` or `id.en.j2`: a JSON object between `---` lines, then the text."""

    id: Id
    language: Lang
    title: str
    description: str = ""
    variables: list[PromptVariable] = Field([])
    text: str


class Prompt(Strict):
    """A template with values, or text. Values and text are templates over what the turn knows."""

    template: Id | None = setting(None, title=Text("模板", "Template"))
    values: dict[str, str] = setting(
        {},
        title=Text("填空", "Values"),
        hint=Text("每一项都可以用变量", "Each may use variables"),
        widget="pairs",
    )
    text: str | None = setting(
        None,
        title=Text("提示词", "Prompt"),
        hint=Text("告诉模型它是谁、怎么回答", "Tells the model who it is and how to answer"),
        widget="area",
    )

    @model_validator(mode="after")
    def _is_one_of_two(self) -> "Prompt":
        if (self.template is None) == (self.text is None):
            raise Wrong(Text("「模板」和「文字」要选一个，只能选一个", "choose either a template or text"))
        if self.text is not None and self.values:
            raise Wrong(Text("直接写文字时不需要填空", "values belong to a template; text has none"))
        return self


ONLY_A_VALUE = re.compile(r"\s*\{\{((?:(?!\{\{|\}\}|\{%).)+)\}\}\s*", re.DOTALL)


class Prompts:
    """The prompt templates of some folders, earlier folders first, and everything that Jinja2 does for us."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def render(self, source: str, values: Mapping[str, Any]) -> str:
        """Raises BadTemplate with the line, and for an unknown variable with the names there are."""
        return sandbox.render(source, values, largest=LARGEST) if "{" in source else source

    def data(self, source: str, values: Mapping[str, Any]) -> Any:
        """Of a single `{{ … }}` the value itself, as plain data; else the text. Raises BadTemplate."""
        only = ONLY_A_VALUE.fullmatch(source)
        return sandbox.compute(only[1], values) if only else self.render(source, values)

    def evaluate(self, expression: str, values: Mapping[str, Any]) -> bool:
        """Whether a condition holds, e.g. `'人工' in message.text`. Raises BadTemplate."""
        return sandbox.evaluate(expression, values)

    def compute(self, expression: str, values: Mapping[str, Any]) -> Any:
        """What it comes to, e.g. `person.score + 1`: plain data. Raises BadTemplate."""
        return sandbox.compute(expression, values)

    def check(self, source: str) -> Problem | None:
        """What is wrong with a template, without running it."""
        return _problem(sandbox.check(source))

    def check_expression(self, expression: str) -> Problem | None:
        """What is wrong with a condition, without running it."""
        return _problem(sandbox.check_expression(expression))

    def names(self, source: str) -> frozenset[str]:
        """The variables a template asks for. Raises BadTemplate when it is broken."""
        return sandbox.names(source)

    def templates(self, lang: str = "zh") -> list[PromptTemplate]:
        """Every template once, in this language where there is one, sorted by id. Raises BadTemplate."""
        ids = {name.split(".")[0] for name in self._files()}
        return [self.template(id, lang) for id in sorted(ids)]

    def template(self, id: str, lang: str = "zh") -> PromptTemplate:
        """In the other language if need be. Raises NotFound, or BadTemplate: a broken file."""
        files = self._files()
        for language in (lang, "en", "zh"):
            if path := files.get(f"{id}.{language}.j2"):
                return _read(path, path.stat().st_mtime_ns)
        raise NotFound(
            Text(
                "没有提示词模板「{id}」，请换一个。", "There is no prompt template {id!r}; choose another."
            ).fill(id=id)
        )

    def fill(self, prompt: Prompt, values: Mapping[str, Any], lang: str = "zh") -> str:
        """The finished prompt. Raises BadTemplate or NotFound."""
        if prompt.template is None:
            return self.render(prompt.text or "", values)
        template = self.template(prompt.template, lang)
        blanks = {v.name: v.default for v in template.variables}
        blanks |= {name: self.render(source, values) for name, source in prompt.values.items()}
        return self.render(template.text, {**values, **blanks})

    def _files(self) -> dict[str, Path]:
        # Listed rather than joined: an id must never become a path.
        return {path.name: path for folder in reversed(self._folders) for path in folder.glob("*.??.j2")}


@functools.lru_cache(maxsize=256)
def _read(path: Path, _modified: int) -> PromptTemplate:
    """`_modified` makes a changed file a new entry of the cache."""
    source = path.read_text(encoding="utf-8")
    id, language, _ = path.name.split(".")
    match = FRONT_MATTER.match(source)
    if match is None:
        raise _broken(path, Text("开头要有 --- 之间的 JSON", "it should begin with JSON between --- lines"))
    try:
        about = wellformed.load(match[1])
        text = source[match.end() :].strip()
        return PromptTemplate.model_validate({**about, "id": id, "language": language, "text": text})
    except ValidationError as e:
        raise _broken(path, first_problem(e).clause()) from None
    except (ValueError, TypeError) as e:
        raise _broken(path, Text("不是有效的 JSON（{why}）", "not valid JSON: {why}").fill(why=e)) from None


def _broken(path: Path, why: Text) -> BadTemplate:
    return BadTemplate(
        Text(
            "提示词模板 {file} 有问题：{why}。",
            "The prompt template {file} is broken: {why}.",
        ).fill(file=path.name, why=why)
    )


def _problem(error: BadTemplate | None) -> Problem | None:
    return Problem("", error.text) if error else None
