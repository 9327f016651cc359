"""Whoever writes the other side of a channel tries it: a right call, and what is understood of another."""

from typing import Any

from builder.actions import pair
from builder.studio import Studio
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.channels import Tried
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.publish.credentials import channel_named

NO_CALLS = Text("这个渠道没有可以试的请求。", "This channel takes no calls that can be tried.")


@unrecorded("reads")
@needs(Permission.AGENTS_PUBLISH, on="publication")
def example(studio: Studio, publication: str, base: str) -> dict[str, str]:
    """A command for a shell; it holds the secret. `base`: how the page itself is reached, for as long as no
    public address is known. Raises NotFound."""
    channel = _tried(studio, publication)
    known = studio.control.publication(publication)
    address = studio.public_url() or base[:200].rstrip("/")
    return pair(channel.example(address + (known.path if known else "")))


@unrecorded("reads")
@needs(Permission.AGENTS_PUBLISH, on="publication")
def understood(studio: Studio, publication: str, pasted: str) -> dict[str, Any]:
    """What a call with that body would bring; nothing comes of it. Raises NotFound."""
    found = _tried(studio, publication).understood(pasted)
    return {
        "messages": found.messages,
        "fields": [{"title": pair(title), "value": value} for title, value in found.fields],
        "problems": [pair(one) for one in found.problems],
    }


def _tried(studio: Studio, publication: str) -> Tried:
    known = studio.control.publication(publication)
    kind = channel_named(known.channel) if known else None
    if known is None or kind is None or not issubclass(kind, Tried):
        raise NotFound(NO_CALLS)
    return kind(kind.Settings.model_validate(studio.control.channel_settings(known.id)))
