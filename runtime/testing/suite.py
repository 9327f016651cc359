"""An agent's suite as a file: `agents/tests/AGENT.json`, written by people and by the builder."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from runtime.agents.beside import suite_path
from runtime.agents.file import read
from runtime.agents.strict_json import parse
from runtime.errors import NotFound, Wrong
from runtime.lang import Text
from runtime.made_of import Whose
from runtime.schema import EMPTY, Id, Strict, as_model, bad_agent
from runtime.testing.checks import Check

FORMAT: Literal[1] = 1
MOST = 500
LONGEST = 2000
"""Characters of a message."""
NO_SUITE = Text(
    "「{id}」还没有测试。测试写在 {path}。", "There are no tests of {id!r} yet; they stand in {path}."
)
TWICE = Text("编号「{id}」用了两次", "the id {id!r} is used twice")
Gate = Literal["off", "warn", "block"]
"""What publishing does while a test fails, or did not run on what is to be published."""
FILE_NAME = r"^[^\x00-\x1f/\\.][^\x00-\x1f/\\]{0,99}$"
"""Of a file beside the suite: no way to another folder, nothing hidden."""
FileName = Annotated[str, Field(pattern=FILE_NAME)]
Variable = Annotated[str, Field(max_length=LONGEST)]


class Line(Strict):
    """What the person writes, or what comes instead (`/approve`, `/late`…), and what is true then."""

    says: str = Field("", max_length=LONGEST)
    files: list[FileName] = Field(default_factory=list, max_length=9)
    """That come with it, or instead of words; they stand in `tests/AGENT/`, beside the suite."""
    lacks: list[FileName] = Field(default_factory=list, max_length=9)
    """That came with it where it was said, and are not here: too large, or gone by then."""
    after: float = Field(0, ge=0, le=24 * 365, allow_inf_nan=False)
    """Hours after the line before."""
    checks: list[Check] = Field(default_factory=list, max_length=50)

    @model_validator(mode="after")
    def _says_something(self) -> "Line":
        if not self.says and not self.files:
            raise Wrong(EMPTY, "says")
        return self


class Given(Strict):
    """What a tool gives, so that none is called. `arguments`: only to a call that has these among its own."""

    tool: str = Field(min_length=1, max_length=64)
    arguments: dict[str, Any] = Field(default_factory=dict)
    gives: Any = ""
    fails: bool = False


class Case(Strict):
    """One conversation."""

    id: Id
    title: str = Field("", max_length=200)
    variables: dict[str, Variable] = Field(default_factory=dict)
    at: datetime | None = None
    """When it begins; empty: now. Without a zone it is the agent's own."""
    lines: list[Line] = Field(min_length=1, max_length=50)
    tools: list[Given] = Field(default_factory=list, max_length=200)
    made_of: Whose = Field(default_factory=list)
    """Whose real conversation it was: it goes with them, see forgetting.py."""


class FileOf(Strict):
    made_of: Whose


class Suite(Strict):
    format: Literal[1] = FORMAT
    gate: Gate = "warn"
    cases: list[Case] = Field(default_factory=list, max_length=MOST)
    came: dict[FileName, FileOf] = Field(default_factory=dict, max_length=MOST)
    """Files beside it that real people sent, also where no line has them any more."""

    @model_validator(mode="after")
    def _ids_differ(self) -> "Suite":
        seen = set[str]()
        for number, case in enumerate(self.cases):
            if case.id in seen:
                raise Wrong(TWICE.fill(id=case.id), f"cases.{number}.id")
            seen.add(case.id)
        return self

    @classmethod
    def load(cls, data: Any) -> "Suite":
        """Raises BadAgent with the first problem and its field."""
        return as_model(cls, data, bad_agent)

    def to_json(self) -> Mapping[str, Any]:
        """Only what differs from the defaults, in the order of the model."""
        return {"format": FORMAT, **self.model_dump(mode="json", exclude_defaults=True)}


def suite_of(id: str, agents: Path) -> Suite:
    """Raises NotFound, BadAgent."""
    path = suite_path(id, agents)
    content = read(path)
    if content is None:
        raise NotFound(NO_SUITE.fill(id=id, path=str(path)))
    return Suite.load(parse(content))
