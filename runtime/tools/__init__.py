"""The contract of a tool: a function the model may call, or a block may run. One file a tool, with `TOOL`."""

import functools
import inspect
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, Field, SerializeAsAny, ValidationError, create_model

from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.mcp.sessions import Sessions
from runtime.network.fetched import Http
from runtime.plugins import Registry
from runtime.schema import About, Problem, Strict, by_type, first_problem, setting
from runtime.tools._env import (
    SECRET,
    Browses,
    Env,
    Made,
    Mails,
    Makes,
    NoSecrets,
    RunsPrograms,
    Says,
    Secrets,
)
from runtime.tools._imported import Imported, joined
from runtime.tools._later import CALLBACK
from runtime.tools._own_names import apart, is_own
from runtime.tools._person import check_person
from runtime.tools._powers import ASKED, FOREIGN, WITHHELD, Power
from runtime.tools._reminders import Promise, Reminder, Reminders
from runtime.tools._shared import Declared, Shared, Shares

__all__ = [
    "ASKED",
    "CALLBACK",
    "FOREIGN",
    "SECRET",
    "WITHHELD",
    "AnyTool",
    "Browses",
    "Declared",
    "Env",
    "Http",
    "Imported",
    "Made",
    "Mails",
    "Makes",
    "NoSecrets",
    "Power",
    "Promise",
    "Reminder",
    "Reminders",
    "RunsPrograms",
    "Says",
    "Secrets",
    "Sessions",
    "Shared",
    "Shares",
    "Tool",
    "apart",
    "check_person",
    "checked",
    "is_own",
    "joined",
    "registry",
    "schema_of",
    "tool",
]

Arguments = TypeVar("Arguments", bound=BaseModel)

FunctionName = Annotated[str, Field(pattern=r"^([A-Za-z_][A-Za-z0-9_-]{0,63})?$")]


class Tool(Strict):
    """A tool's settings in the agent file. A plugin narrows `type`, sets `about`, implements the two methods.

    Its docstring is what the model is told when the owner gives no description.
    """

    about: ClassVar[About]
    type: str
    name: FunctionName = setting(
        "",
        title=Text("函数名", "Function name"),
        hint=Text("模型看到的名字，留空用类型名", "What the model sees; empty: the type"),
    )
    description: str = setting(
        "",
        title=Text("用途说明", "What it is for"),
        hint=Text("告诉模型什么时候用它", "Tells the model when to use it"),
        widget="text",
    )

    called: ClassVar[Mapping[str, Text]] = MappingProxyType({})
    """What people call its arguments, by name."""
    secret_fields: ClassVar[frozenset[str]] = frozenset()
    """Settings in which `{{ secret.name }}` may stand."""

    @property
    def repeatable(self) -> bool:
        """Has no side effects, so that it may run again after a crash."""
        return False

    @property
    def powers(self) -> frozenset[Power]:
        """What it can do to the world as it is set up: the owner sees it, and may refuse it."""
        return frozenset() if self.repeatable else frozenset({Power.CHANGES})

    @property
    def where(self) -> str:
        """With whom, as far as the settings tell: hosts, receivers; "" when there is nothing to tell."""
        return ""

    @property
    def answered_within(self) -> float:
        """Seconds that its answer is waited for, which whatever it calls posts to us later; 0: at once."""
        return 0.0

    @property
    def comes_unasked(self) -> bool:
        """Something comes of it for the person later, when they did not just write."""
        return self.answered_within > 0

    @property
    def meanwhile(self) -> str:
        """What the person is told while that is waited for; "": the usual."""
        return ""

    @property
    def supplied(self) -> frozenset[str]:
        """Names that its own templates see besides the turn's values and its arguments."""
        return frozenset()

    @property
    def is_search(self) -> bool:
        """Addresses in its results may be opened by tools that open only what was given."""
        return False

    @property
    def agents(self) -> Sequence[str]:
        """Ids of the agents that it asks, by a setting called `agent`."""
        return ()

    @property
    def searched(self) -> Sequence[str]:
        """Ids of the knowledge bases that it looks into, by a setting called `bases`."""
        return ()

    @property
    def draws(self) -> str | None:
        """The model that draws for it, by a setting called `model`; "": the usual one; None: it draws not."""
        return None

    @property
    def shares(self) -> Sequence[str]:
        """Names of what the agent shares out that it uses, by a setting called `of`."""
        return ()

    def spec(self, known: Collection[str] = ()) -> dict[str, Any]:
        """The function in OpenAI's form. `known`: names that the turn has values for."""
        return {
            "type": "function",
            "function": {
                "name": self.name or self.type,
                "description": self.description or inspect.getdoc(type(self)) or "",
                "parameters": self.parameters(known),
            },
        }

    def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
        """JSON schema of the arguments."""
        raise NotImplementedError

    def check(self, variables: Mapping[str, str], allowed: Collection[str]) -> Iterator[Problem]:
        """What can be told before it is called; `field` is a setting of its own.

        `variables`: the agent's, with their values; `allowed`: what an operator permits (network/reach.py).
        """
        yield from ()

    def secrets(self) -> dict[str, str]:
        """Names of those that it asks for, and where each is sent: a host, or "" when that is not written."""
        return {}

    def reveals(self, variables: Mapping[str, str]) -> list[tuple[str, str]]:
        """Each secret with every host that is shown it, or what it was exchanged for; the host is "" where
        it is in a variable that is empty. `variables`: the agent's, with their values."""
        return list(self.secrets().items())

    async def call(self, arguments: Mapping[str, Any], env: Env) -> Any:
        """Do it; return text or plain JSON. Raises ToolFailed: the model is told, the turn goes on."""
        raise NotImplementedError


def tool(
    *,
    title: Text,
    hint: Text,
    icon: str = "tool",
    repeatable: bool = True,
    is_search: bool = False,
    powers: Collection[Power] | None = None,
    called: Mapping[str, Text] = MappingProxyType({}),
) -> Callable[[Callable[..., Any]], type[Tool]]:
    """Make a tool of a function: its name, docstring and typed arguments are what the model is told.

    A parameter called `env` gets the Env and is not an argument. `powers` None: it changes something unless
    it may be repeated.
    """

    about = About(title, hint, icon)

    def made(function: Callable[..., Any]) -> type[Tool]:
        kind = _of_function(function, about, repeatable, is_search, powers)
        kind.called = called
        return kind

    return made


def _of_function(
    function: Callable[..., Any],
    presented: About,
    may_repeat: bool,
    finds: bool,
    said: Collection[Power] | None,
) -> type[Tool]:
    parameters = inspect.signature(function).parameters
    fields: dict[str, Any] = {
        p.name: (p.annotation, ... if p.default is p.empty else p.default)
        for p in parameters.values()
        if p.name != "env"
    }
    arguments_model = create_model("Arguments", __base__=Strict, **fields)

    class FunctionTool(Tool):
        about: ClassVar[About] = presented
        type: Literal[function.__name__]  # type: ignore[name-defined] # the file's name, known only here

        @property
        def repeatable(self) -> bool:
            return may_repeat

        @property
        def is_search(self) -> bool:
            return finds

        @property
        def powers(self) -> frozenset[Power]:
            return super().powers if said is None else frozenset(said)

        def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
            return schema_of(arguments_model)

        async def call(self, arguments: Mapping[str, Any], env: Env) -> Any:
            given = checked(arguments_model, arguments)
            values = {name: getattr(given, name) for name in fields}
            if "env" in parameters:
                values["env"] = env
            result = function(**values)
            return await result if isinstance(result, Awaitable) else result

    FunctionTool.__doc__ = function.__doc__
    FunctionTool.__name__ = FunctionTool.__qualname__ = function.__name__
    return FunctionTool


@functools.lru_cache(maxsize=256)
def schema_of(arguments: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a tool's arguments, without the titles, which tell a model nothing.

    Built once, as it is asked for in every round of a model: not to be changed.
    """
    schema = arguments.model_json_schema()
    schema.pop("title")
    for field_ in schema["properties"].values():
        field_.pop("title", None)
    return schema


def checked(model: type[Arguments], arguments: Mapping[str, Any]) -> Arguments:
    """A model's or a block's arguments, validated. Raises ToolFailed, which names the argument to correct."""
    try:
        return model.model_validate(arguments)
    except ValidationError as e:
        problem = first_problem(e)
        name = Text("参数 {field}", "Argument {field}").fill(field=problem.field)
        raise ToolFailed(problem.sentence(name)) from None


registry: Registry[type[Tool]] = Registry(__name__, "TOOL")
"""Every tool type by name."""

AnyTool = Annotated[SerializeAsAny[Tool], by_type(Tool, registry, Text("工具", "tool"))]
