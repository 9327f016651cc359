"""One prompt template as a file: a JSON object between `---` lines, then the text."""

import functools
import json
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError, field_validator

from runtime import wellformed
from runtime.errors import BadTemplate, Wrong
from runtime.lang import Lang, Text
from runtime.schema import Id, Strict, first_problem, setting

FRONT_MATTER = re.compile(r"---\n(.*?)\n---\n", re.DOTALL)
LARGEST_FILE = 200_000
"""Bytes: the longest text that a template may have fits in, and its blanks."""
MOST_VARIABLES = 50
ALWAYS = ("message", "conversation", "now", "agent", "person", "event")
"""What each turn has: a template asks for it by itself, and no blank is called so."""
TWICE = Text("变量「{name}」写了两次", "the variable {name!r} is there twice")
RESERVED = Text(
    "「{name}」每次对话都有，变量请换一个名称", "{name!r} is there anyway; call the variable otherwise"
)
NAME = re.compile(r"(?P<id>[a-z0-9][a-z0-9_-]{0,63})\.(?P<language>zh|en)\.j2")
"""Of a file. Nothing else in the folder is a template."""


class PromptVariable(Strict):
    """One blank of a template. `area`: written in several lines."""

    name: str = setting(title=Text("变量名", "Name"), pattern=r"^[a-z_][a-z0-9_]{0,63}$")
    title: str = setting(title=Text("显示名", "Label"), max_length=60)
    default: str = setting("", title=Text("默认值", "Default"), widget="area", max_length=20_000)
    area: bool = setting(False, title=Text("多行", "Several lines"))


class PromptTemplate(Strict):
    """One file `id.zh.j2` or `id.en.j2`: a JSON object between `---` lines, then the text."""

    id: Id
    language: Lang
    title: str = setting(title=Text("名称", "Name"), min_length=1, max_length=60)
    description: str = setting("", title=Text("说明", "Description"), max_length=300)
    variables: list[PromptVariable] = Field([], max_length=MOST_VARIABLES)
    text: str

    @field_validator("variables")
    @classmethod
    def _are_names_of_its_own(cls, variables: list[PromptVariable]) -> list[PromptVariable]:
        names = [one.name for one in variables]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise Wrong(TWICE.fill(name=name), f"{place}.name")
            if name in ALWAYS:
                raise Wrong(RESERVED.fill(name=name), f"{place}.name")
        return variables

    def to_file(self) -> str:
        """What `parsed` reads as the same template."""
        about = self.model_dump(exclude={"id", "language", "text"}, exclude_defaults=True)
        return f"---\n{json.dumps(about, ensure_ascii=False, indent=2)}\n---\n{self.text}\n"


def _are_named(found: dict[str, PromptTemplate]) -> dict[str, PromptTemplate]:
    for id, one in found.items():
        if one.id != id:
            raise Wrong(Text("不是那个模板", "is not that template"), id)
    return found


Brought = Annotated[
    dict[Id, PromptTemplate],
    AfterValidator(_are_named),
    setting(
        title=Text("用到的提示词模板", "Prompt templates it uses"),
        hint=Text("发布时一起冻结的样子", "As they were when it was published"),
        max_length=100,
    ),
]
"""The owner's templates that an agent was published with, by id."""


def parsed(source: str, id: str, language: str, file: str = "") -> PromptTemplate:
    """Raises BadTemplate, which names the `file`."""
    file = file or f"{id}.{language}.j2"
    source = source.removeprefix("\ufeff").replace("\r\n", "\n")
    match = FRONT_MATTER.match(source)
    if match is None:
        raise _broken(file, Text("开头要有 --- 之间的 JSON", "it should begin with JSON between --- lines"))
    try:
        about = wellformed.load(match[1])
        text = wellformed.text(source[match.end() :]).strip()
        return PromptTemplate.model_validate({**about, "id": id, "language": language, "text": text})
    except ValidationError as e:
        raise _broken(file, first_problem(e).clause()) from None
    except (ValueError, TypeError) as e:
        raise _broken(file, Text("不是有效的 JSON（{why}）", "not valid JSON: {why}").fill(why=e)) from None


def read(path: Path) -> PromptTemplate:
    """Raises BadTemplate; OSError when it went in between."""
    return _read(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=256)
def _read(path: Path, _modified: int) -> PromptTemplate:
    """`_modified` makes a changed file a new entry of the cache."""
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        most = LARGEST_FILE // 1000
        raise _broken(path.name, Text("太大，最多 {most} KB", "larger than {most} kB").fill(most=most))
    named: Any = NAME.fullmatch(path.name)
    try:
        return parsed(content.decode(), named["id"], named["language"], path.name)
    except UnicodeDecodeError:
        raise _broken(path.name, Text("不是 UTF-8 的文字", "it is not text in UTF-8")) from None


def _broken(file: str, why: Text) -> BadTemplate:
    return BadTemplate(
        Text(
            "提示词模板 {file} 有问题：{why}。",
            "The prompt template {file} is broken: {why}.",
        ).fill(file=file, why=why)
    )
