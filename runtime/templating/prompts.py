"""Prompts: what a model block is told, written freely or filled into a template from a folder."""

import contextlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import model_validator

from runtime.errors import BadTemplate, NotFound, Wrong
from runtime.lang import Text
from runtime.schema import Id, Problem, Strict, setting
from runtime.templating import sandbox
from runtime.templating.template_file import NAME, PromptTemplate, read

LARGEST = 1024 * 1024
"""Bytes of a filled template: the longest answer of a model, which was paid for, fits in."""

GIVEN = Path(__file__).parents[2] / "templates" / "prompts"
"""What ships with the program."""
OWN = "prompts"
"""In the home: the owner's own."""


class Prompt(Strict):
    """A template with values, or text. Values and text are templates over what the turn knows."""

    template: Id | None = setting(
        None,
        title=Text("模板", "Template"),
        hint=Text("填好空就能用，改模板会一起变", "Filled in; it changes with the template"),
    )
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

    def __init__(self, folders: Sequence[Path], held: Mapping[str, PromptTemplate] | None = None) -> None:
        """`held`: templates by id that come before any in a folder."""
        self._folders = folders
        self._held = held or {}

    def beside(self, held: Mapping[str, PromptTemplate]) -> "Prompts":
        """The same, with templates that somebody brought along: these count."""
        return Prompts(self._folders, held) if held else self

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
        """Every template once, in this language where there is one, sorted by id, but broken ones."""
        found = []
        for id in sorted({name.partition(".")[0] for name in self._files()}):
            with contextlib.suppress(BadTemplate, NotFound):
                found.append(self.template(id, lang))
        return found

    def template(self, id: str, lang: str = "zh") -> PromptTemplate:
        """In the other language if need be. Raises NotFound, or BadTemplate: a broken file."""
        if id in self._held:
            return self._held[id]
        files = self._files()
        for language in (lang, "en", "zh"):
            if path := files.get(f"{id}.{language}.j2"):
                with contextlib.suppress(OSError):  # it went meanwhile
                    return read(path)
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
        found: dict[str, Path] = {}
        for folder in self._folders:
            files = (path for path in folder.glob("*.??.j2") if NAME.fullmatch(path.name))
            here = {path.name: path for path in files if not path.is_symlink()}
            taken = {name.partition(".")[0] for name in found}
            # An id is of one folder: half of a template is not mended with another's half.
            found |= {name: path for name, path in here.items() if name.partition(".")[0] not in taken}
        return found


def prompts_of(home: Path) -> Prompts:
    """The given ones, which nobody can change, and the owner's."""
    return Prompts([GIVEN, home / OWN])


def _problem(error: BadTemplate | None) -> Problem | None:
    return Problem("", error.text) if error else None
