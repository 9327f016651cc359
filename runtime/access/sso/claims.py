"""What a provider tells of somebody, by path, and the roles that the rules give for it."""

from collections.abc import Iterable, Mapping
from typing import Any

from runtime.store.control.sso_records import ProviderRecord
from runtime.store.control.user_records import MOST_ROLES, Given

MOST_VALUES = 2_000
"""Of one claim that are looked at."""


def values(claims: Mapping[str, Any], path: str) -> list[str]:
    """What is told there, as text: one value, or the entries of a list; nothing for what is not there.

    A name may hold dots itself (`https://example.com/groups`): the longest that is there counts.
    """
    found = _at(claims, path)
    entries = found if isinstance(found, list) else [found]
    return [_text(one) for one in entries[:MOST_VALUES] if isinstance(one, str | int | bool)]


def roles_of(provider: ProviderRecord, claims: Mapping[str, Any]) -> tuple[Given, ...]:
    """By the rules; where none fits, the default one."""
    given = [rule.given for rule in provider.rules if rule.value in values(claims, rule.claim)]
    if not given and provider.default_role:
        given = [Given(role=provider.default_role)]
    return joined(given)


def joined(given: Iterable[Given]) -> tuple[Given, ...]:
    """Each role once: on everything, where one says so, else on all agents that were named."""
    on: dict[str, set[str] | None] = {}
    for one in given:
        before = on.get(one.role, set())
        on[one.role] = None if before is None or one.agents is None else before | set(one.agents)
    each = (
        Given(role=role, agents=agents if agents is None else tuple(sorted(agents)))
        for role, agents in on.items()
    )
    return tuple(each)[:MOST_ROLES]


def _at(found: Any, path: str) -> Any:
    if not isinstance(found, Mapping):
        return None
    if path in found:
        return found[path]
    parts = path.split(".")
    for n in range(len(parts) - 1, 0, -1):
        name = ".".join(parts[:n])
        if name in found:
            return _at(found[name], ".".join(parts[n:]))
    return None


def _text(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
