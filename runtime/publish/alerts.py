"""Where the owner is told of trouble: on a publication whose people only read."""

from runtime.access.actor import Actor
from runtime.channels import Announces, registry
from runtime.errors import BadSettings, NotFound
from runtime.lang import Text
from runtime.store.control.control import Control

NOT_THERE = Text(
    "告警只能发到一个不用写明收件人的地方，例如群机器人。",
    "Alerts go to a place that needs no receiver, such as a group's robot.",
)


def choose_alerts(control: Control, publication: str, *, by: Actor) -> None:
    """Where they go from now on; "" for nowhere. Raises NotFound, BadSettings."""
    if publication:
        found = control.publication(publication)
        if found is None or not found.enabled:
            raise NotFound(
                Text("没有「{id}」这个发布。", "There is no publication {id!r}.").fill(id=publication)
            )
        kind = registry().get(found.channel)
        if kind is None or not issubclass(kind, Announces) or not kind.receiver:
            raise BadSettings(NOT_THERE, field="publication")
    options = control.options()
    control.save_options(options.model_copy(update={"alerts_to": publication, "by": by.id}))
