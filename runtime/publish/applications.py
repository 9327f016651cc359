"""What publications share whose accounts consent to one application: entered once, kept once."""

from collections.abc import Mapping
from typing import Any

from runtime.access.actor import Actor
from runtime.access.permissions import Permission
from runtime.channels import Channel, Consents, Guides
from runtime.publish.credentials import Credentials
from runtime.store.control.control import Control
from runtime.store.control.records import Publication


def known(control: Control, kind: type[Channel], channel: str, values: Mapping[str, str]) -> dict[str, Any]:
    """What was entered before for the application that `values` name, or for the only one."""
    if not issubclass(kind, Consents):
        return {}
    record = control.applications.of(channel, values.get(kind.named_by, ""))
    return control.applications.known(record.id) if record else {}


def kept(
    control: Control,
    id: str,
    channel: str,
    kind: type[Channel],
    credentials: Credentials,
    by: Actor,
) -> dict[str, Any]:
    """A publication's own settings, as its record has them; what it shares is kept for all of them.

    Raises Forbidden where that changes for an agent that `by` may not publish.
    """
    shared = kind.shared if issubclass(kind, Consents) else frozenset[str]()
    own = {
        "settings": {name: v for name, v in credentials.settings.items() if name not in shared},
        "secrets": control.seal(id, {n: v for n, v in credentials.secrets.items() if n not in shared}),
    }
    if not issubclass(kind, Consents):
        return own
    settings = {name: v for name, v in credentials.settings.items() if name in shared}
    secrets = {name: v for name, v in credentials.secrets.items() if name in shared}
    account = credentials.get(kind.named_by)
    _may_change(control, channel, account, {**settings, **secrets}, by)
    proofs = kind.verified_by if issubclass(kind, Guides) else ()
    id = control.applications.save(channel, account, settings, secrets, proofs, by=by.id)
    return {**own, "application": id}


def may_see_shared(control: Control, who: Actor, publication: Publication) -> bool:
    """Whoever has the secrets of a publication writes as anybody to every agent that answers by them."""
    agents = {publication.agent}
    if publication.application:
        agents |= {one.agent for one in control.applications.publications(publication.application)}
    return all(who.may(Permission.AGENTS_PUBLISH, agent) for agent in agents)


def _may_change(control: Control, channel: str, account: str, shared: Mapping[str, Any], by: Actor) -> None:
    """Raises Forbidden."""
    there = control.applications.of(channel, account) if account else None
    if there and control.applications.known(there.id) != shared:
        for one in control.applications.publications(there.id):
            by.must(Permission.AGENTS_PUBLISH, one.agent)
