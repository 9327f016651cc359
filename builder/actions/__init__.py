"""What each click does, as plain functions: no gradio in here, so that it is tested without a browser.

An action takes JSON values from the page and returns JSON values, or a `Notice`, for it. It raises
HongyanError when the person should be told something instead. It says what it `needs`
(runtime/access/permissions.py), and takes `who` where it writes down who it was.
"""

import asyncio
import inspect
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from types import ModuleType
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from builder.actions.lasting import Manner, manner_of
from builder.actions.taking_away import taken_away
from builder.actions.whose import KINDS, NOBODYS, Whose
from runtime.access.actor import Actor
from runtime.access.audit.declared import kept, named
from runtime.access.audit.trail import Trail
from runtime.access.permissions import Needed, needed_on, says_needs
from runtime.channels import Channel
from runtime.errors import BadSettings, Forbidden, HongyanError, Invalid
from runtime.lang import Text

log = logging.getLogger("hongyan.builder")
RESTORED = Text("已恢复。", "Restored.")
OURS = ("who", "file")
"""Arguments that never come from the page's script."""
AGENT, PUBLICATION = "agent", "publication"
MOST_NUMBER = 2**53
OLDER = Text("页面和服务的版本不一致，请刷新页面。", "This page is older than the server. Please reload it.")


@dataclass(frozen=True)
class Action:
    """What a page may ask for. One that is not `async` runs in a thread."""

    run: Callable[..., Any]
    """Called with the studio, with `who` where it takes that, and with the page's arguments by name."""
    studio: Any
    needs: Needed
    takes_who: bool
    takes_file: bool = False
    """It is asked with a file, see serving/uploads.py."""
    kinds: Mapping[str, TypeAdapter[Any]] = field(default_factory=dict)
    """Of what type each of the page's arguments has to be."""
    manner: Manner | None = None
    """How long it takes, see lasting.py."""
    whose: Whose = NOBODYS
    """See whose.py."""

    @property
    def is_async(self) -> bool:
        return inspect.iscoroutinefunction(self.run)

    async def __call__(self, who: Actor, arguments: Mapping[str, Any]) -> Any:
        """Raises Forbidden, Malformed, and whatever it raises itself."""
        if self.asks_whose:
            await asyncio.to_thread(self.must, who, arguments)
        else:
            self.must(who, arguments)
        given = (self.studio, who) if self.takes_who else (self.studio,)
        fitting = self._typed(arguments)
        if self.is_async:
            return await self.run(*given, **fitting)
        return await asyncio.to_thread(self.run, *given, **fitting)

    def must(self, who: Actor, arguments: Mapping[str, Any]) -> None:
        """The one check: on the agents that the arguments name, or else on everything. Raises Forbidden."""
        permission, agents = self.needs.permission, self._agents(arguments)
        if self.needs.is_of_some:
            if not who.may_somewhere(permission):
                who.must(permission)
        elif not agents:
            who.must(permission)
        for agent in agents:
            who.must(permission, agent)

    def lets(self, who: Actor, arguments: Mapping[str, Any]) -> bool:
        """Whether `must` would say nothing. Of whoever may it on everything no store is asked."""
        if who.may(self.needs.permission):
            return True
        try:
            self.must(who, arguments)
        except Forbidden:
            return False
        return True

    def where(self, who: Actor) -> Collection[str] | None:
        """The agents on which `who` may ask for it; None: on all, and whatever else it is of."""
        permission = self.needs.permission
        if who.may(permission) or (self.needs.is_of_some and who.may_somewhere(permission)):
            return None
        return (who.agents(permission) or ()) if self.needs.on and not self.needs.is_of_some else ()

    @property
    def asks_whose(self) -> bool:
        """Whether the store has to be asked of which agents something is."""
        return any(kind not in (AGENT, PUBLICATION) for kind, _ in self._named())

    def _named(self) -> list[tuple[str, str]]:
        """Kind and argument."""
        on = () if self.needs.is_of_some else self.needs.on
        pairs = [one.rpartition(":") for one in on]
        return [(kind or (name if name in KINDS else AGENT), name) for kind, _, name in pairs]

    def _agents(self, arguments: Mapping[str, Any]) -> list[str]:
        """Those that are named; "" for one that is not there, which is nobody's alone."""
        named: list[str] = []
        for kind, name in self._named():
            value = arguments.get(name)
            if kind == AGENT:
                named.append(value if isinstance(value, str) else "")
            elif value or len(self.needs.on) == 1:
                named.extend(self.whose(kind, value))
        return named

    def _typed(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """The arguments, each of its type. Raises Malformed: no page of this version asks like that."""
        try:
            inspect.signature(self.run).bind(*[None] * (1 + self.takes_who), **arguments)
            return {
                name: _small(self.kinds[name].validate_python(value)) if name in self.kinds else value
                for name, value in arguments.items()
            }
        except (TypeError, ValidationError) as e:
            log.warning("%s was asked with what it does not take: %s", self.run.__name__, type(e).__name__)
            raise Malformed(OLDER) from None


def lacking(actions: Mapping[str, Action], who: Actor) -> dict[str, Any]:
    """{lacks: {action: agents}}: what a page should not offer, with the agents on which it may all the same.
    Nothing for whoever may all of it."""
    places = {name: action.where(who) for name, action in actions.items()}
    lacks = {name: sorted(agents) for name, agents in places.items() if agents is not None}
    return {"lacks": lacks} if lacks else {}


def _small(value: Any) -> Any:
    """Raises TypeError for a number that no page can mean: a script's own are exact up to there."""
    if isinstance(value, int) and abs(value) > MOST_NUMBER:
        raise TypeError("too large")
    return value


class Malformed(Invalid):
    """Arguments that are missing, unknown or of another type."""


@dataclass(frozen=True)
class Notice:
    """What the person is told, and what the page needs to go on."""

    text: Text | None = None
    value: Any = None
    ok: bool = True
    field: str = ""
    code: str = ""
    undo: Mapping[str, Any] | None = None
    """What the action that gives back what this one took is asked with: see taking_away.py."""

    def to_json(self) -> dict[str, Any]:
        text = self.text and self.text.by_language()
        return {"ok": self.ok, "text": text, "field": self.field, "code": self.code, "value": self.value}


def pair(text: Text) -> dict[str, str]:
    """A sentence as the page gets it, which picks the language."""
    return text.by_language()


def words(kind: type[Channel]) -> dict[str, dict[str, str]]:
    """How a channel's things are called, for the sentences of a page."""
    its = kind.words
    return {field.name: pair(its.fill(getattr(its, field.name))) for field in fields(its)}


async def click(
    actions: Mapping[str, Action],
    request: Any,
    who: Actor,
    *,
    uploads: bool = False,
    trail: Trail | None = None,
) -> dict[str, Any]:
    """Run the action that the page asked for, if `who` may. Whatever happens, the page gets a sentence.

    `uploads`: whether a file came along. `trail`: where it is written down, see access/audit/declared.py.
    """
    name, arguments = _asked(request)
    action = actions.get(name)
    if action is None or action.takes_file != uploads:
        return Notice(OLDER, ok=False, code="unknown_action").to_json()
    try:
        result = await _recorded(action, arguments, who, trail)
    except HongyanError as e:
        code = e.code or type(e).__name__
        no = Notice(e.text, ok=False, field=e.field, code=code).to_json()
        wrongs = e.wrongs if isinstance(e, BadSettings) else {}
        return {**no, "wrong": {name: pair(text) for name, text in wrongs.items()}} if wrongs else no
    except Exception:  # noqa: BLE001 # a click always gets an answer; the bug is logged
        return Notice(excuse(name), ok=False, code="bug").to_json()
    notice = result if isinstance(result, Notice) else Notice(value=result)
    takes = taken_away(action.run)
    if takes is None or notice.undo is None:
        return notice.to_json()
    return {**notice.to_json(), "undo": {"action": takes.undone_by, "args": dict(notice.undo)}}


async def _recorded(action: Action, arguments: Mapping[str, Any], who: Actor, trail: Trail | None) -> Any:
    how = kept(action.run)
    if trail is None or how is None:
        return await action(who, arguments)
    kind = action.run.__module__.rpartition(".")[2]
    deed = trail.deed(who.id, f"{kind}.{action.run.__name__}", kind, named(how, action.run, arguments))
    return await trail.during(deed, lambda: action(who, arguments), arguments)


def excuse(what: str) -> Text:
    """Log the bug that is being handled; what the person is told of it."""
    reference = secrets.token_hex(3)
    log.exception("%s failed, reference %s", what, reference)
    return Text(
        "出了点意外，没有做成。请重试；仍然不行时，按编号 {reference} 查看日志。",
        "Something unexpected went wrong. Try again; if it stays, look for {reference} in the log.",
    ).fill(reference=reference)


def _asked(request: Any) -> tuple[str, dict[str, Any]]:
    if not isinstance(request, dict):
        return "", {}
    arguments = request.get("args")
    return str(request.get("action")), arguments if isinstance(arguments, dict) else {}


def actions_of(*parts: ModuleType | Callable[..., Any]) -> tuple[Callable[..., Any], ...]:
    """What a page's script may ask for: every action of a module, or one alone.

    Raises TypeError for two of the same name, by which it asks.
    """
    found: list[Callable[..., Any]] = []
    for part in parts:
        found += _declared_in(part) if isinstance(part, ModuleType) else [part]
    if twice := [name for name, count in Counter(one.__name__ for one in found).items() if count > 1]:
        raise TypeError(f"A page cannot tell apart what is called {', '.join(twice)}.")
    return tuple(found)


def _declared_in(module: ModuleType) -> list[Callable[..., Any]]:
    """What it defines itself and says what it needs."""
    own = (
        one for one in vars(module).values() if inspect.isfunction(one) and one.__module__ == module.__name__
    )
    return [one for one in own if says_needs(one)]


VARIOUS = inspect.Parameter.VAR_KEYWORD


def bound(studio: Any, *functions: Callable[..., Any], whose: Whose | None = None) -> dict[str, Action]:
    """Actions by name, each with its studio. Raises TypeError for one that does not say what it needs."""
    asked = whose or (lambda kind, value: [_published(studio, value)])
    return {function.__name__: _bound(studio, function, asked) for function in functions}


def _published(studio: Any, id: Any) -> str:
    """The agent, as far as no store is asked."""
    control = getattr(studio, "control", None)
    found = control.publication(id) if control and isinstance(id, str) else None
    return found.agent if found else ""


def _bound(studio: Any, function: Callable[..., Any], whose: Whose = NOBODYS) -> Action:
    takes = inspect.signature(function).parameters
    hints = get_type_hints(function)
    asked = [name for name in list(takes)[1:] if name not in OURS and takes[name].kind is not VARIOUS]
    kinds = {name: TypeAdapter(hints.get(name, Any)) for name in asked}
    takes_file, manner = "file" in takes, manner_of(function)
    return Action(function, studio, needed_on(function), "who" in takes, takes_file, kinds, manner, whose)
