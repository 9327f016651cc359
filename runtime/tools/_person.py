"""For whom a request acts: `{{ person.id }}` comes from us, whatever a model fills in."""

import functools
from collections.abc import Iterable, Mapping
from typing import Any

from runtime.errors import BadTemplate, ToolFailed
from runtime.lang import Text
from runtime.templating.sandbox.reading import uses

PERSON = "person"

GIVEN = Text(
    "请求里的 person 是写消息的人，由系统给，不能又是模型填的参数；请给参数换一个名称",
    "in a request `person` is who writes, and comes from us; an argument that the model fills in needs "
    "another name",
)


NOT_PROVEN = Text(
    "还不知道对方是谁（{name} 是空的）。请对方先绑定账号。",
    "Nobody knows yet who this person is there ({name} is empty). Let them bind their account first.",
)
PROVES = ("id", "customer", "unionid")
"""Without these a request would ask about nobody, or about everybody."""


def acts_for_person(sources: Iterable[str]) -> bool:
    """Whether something of the person stands in it."""
    return any(map(_fields, sources))


def check_person(sources: Iterable[str], person: Any) -> None:
    """Raises ToolFailed when it acts for somebody of whom nobody knows who they are."""
    for name in sorted(frozenset().union(*map(_fields, sources)) & set(PROVES)):
        if not (isinstance(person, Mapping) and person.get(name)):
            raise ToolFailed(NOT_PROVEN.fill(name=f"{PERSON}.{name}"))


@functools.lru_cache(maxsize=512)
def _fields(source: str) -> frozenset[Any]:
    """What of the person a template asks for; nothing when it is broken, which whoever renders it tells."""
    try:
        return frozenset(use.fields[0] for use in uses(source) if use.name == PERSON and use.fields)
    except BadTemplate:
        return frozenset()


def without_person(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A blank that is just called `person`, in a request from before there was one, stays a blank."""
    ours = values.get(PERSON)
    if not (isinstance(ours, Mapping) and "first_seen" in ours):
        return values
    return {name: value for name, value in values.items() if name != PERSON}
