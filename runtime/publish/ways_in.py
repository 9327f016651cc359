"""How messages come in on a publication: the platform calls, we connect, or people come by themselves."""

from pydantic import ValidationError

from runtime.channels import Channel, Connects, Joins, SignsIn, Verifies, connects, looks, registry
from runtime.publish.scanning import is_joined
from runtime.store.control.control import Control
from runtime.store.control.records import Publication


def is_reached(control: Control, publication: Publication) -> bool:
    """Whether messages come in: the platform verified the address, or there is none to verify, or we are
    connected, or people come to us by themselves."""
    kind = registry().get(publication.channel, Channel)
    if issubclass(kind, Joins) and not is_joined(control, publication):
        return False
    if issubclass(kind, SignsIn):
        return True
    is_awaited = is_linked(control, publication) or is_called(control, publication)
    return not is_awaited or control.contact(publication.id).verified_at is not None


def is_linked(control: Control, publication: Publication) -> bool:
    """Its settings say that we connect to the platform, or look there, and it does not call us. Of an account
    that is joined by a scan the scan tells that it is right."""
    channel = channel_of(control, publication)
    if channel is None or isinstance(channel, Joins):
        return isinstance(channel, Connects) and connects(channel)
    return connects(channel) or looks(channel)


def is_called(control: Control, publication: Publication) -> bool:
    """Its settings say that the platform calls us, which verifies our address first."""
    channel = channel_of(control, publication)
    if channel is None:
        return issubclass(registry().get(publication.channel, Channel), Verifies)
    return (
        isinstance(channel, Verifies)
        and channel.is_called
        and not (isinstance(channel, Connects) and connects(channel))
    )


def channel_of(control: Control, publication: Publication) -> Channel | None:
    """As it is set up; None for what is no channel here, or settings that are none any more."""
    kind = registry().get(publication.channel)
    try:
        return kind(kind.Settings.model_validate(control.known_settings(publication.id))) if kind else None
    except ValidationError:
        return None
