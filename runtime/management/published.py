"""The account of a publication, as one that is looked after."""

from pydantic import ValidationError

from runtime import channels
from runtime.channels import Managed
from runtime.channels._managing import Offer
from runtime.errors import BadSettings, NotFound
from runtime.lang import Text
from runtime.schema import first_problem
from runtime.store.control.control import Control

NONE = Text("没有「{id}」这个发布。", "There is no publication {id!r}.")
NOT_OFFERED = Text("「{id}」的平台没有这项管理功能。", "The platform of {id!r} offers nothing of this kind.")
UNREADABLE = Text(
    "「{id}」的设置读不出来：{why}。请重新填写。",
    "The settings of {id!r} cannot be read: {why}. Enter them again.",
)


def offers(kind: type[channels.Channel]) -> frozenset[Offer]:
    """What can be looked after on that surface."""
    return kind.Management.offers() if issubclass(kind, Managed) else frozenset()


def offers_of(control: Control, id: str) -> frozenset[Offer]:
    """What can be looked after of a publication's account. Raises NotFound."""
    publication = control.publication(id)
    if publication is None:
        raise NotFound(NONE.fill(id=id))
    kind = channels.registry().get(publication.channel)
    return offers(kind) if kind else frozenset()


def looked_after(control: Control, id: str, offer: Offer) -> Managed:
    """The channel of a publication. Raises NotFound; BadSettings when its settings cannot be read."""
    publication = control.publication(id)
    if publication is None:
        raise NotFound(NONE.fill(id=id))
    kind = channels.registry().get(publication.channel)
    if kind is None or not issubclass(kind, Managed) or offer not in offers(kind):
        raise NotFound(NOT_OFFERED.fill(id=id))
    try:
        return kind(kind.Settings.model_validate(control.channel_settings(id)))
    except ValidationError as e:
        problem = first_problem(e)
        raise BadSettings(UNREADABLE.fill(id=id, why=problem.clause()), field=problem.field) from None
