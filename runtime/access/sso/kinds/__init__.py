"""The kinds of providers, a file each: what each asks for, and who speaks with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from runtime.access.sso.asking.metadata import Known
from runtime.access.sso.asking.way import WayIn
from runtime.access.sso.asking.web import SECONDS, Way, Web
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.network.platform_api import Outbound
from runtime.plugins import Registry
from runtime.store.control.sso_records import ProviderRecord

NONE: Mapping[str, str] = {}
NO_KIND = Text("没有「{kind}」这种登录方式。", "There is no kind of provider {kind!r}.")
SECRET = Text("只保存，不再显示。", "Kept, and never shown again.")


@dataclass(frozen=True)
class Field:
    """What is asked for in a form; `name` is the record's."""

    name: str
    title: Text
    hint: Text
    must: bool = True


@dataclass(frozen=True)
class Kind:
    """`make`: of a record and its opened secret."""

    title: Text
    fields: tuple[Field, ...]
    claims: tuple[str, ...]
    """That rules usually look at."""
    make: Callable[["Net", ProviderRecord, str], WayIn]
    order: int
    """Where it stands among the others."""
    proves_email: bool = False
    """It says whether an address is verified."""


class Net:
    """The ways out to providers. `hosts`: replaced platform hosts by variable, see Settings.api_hosts."""

    def __init__(
        self, http: Way, outbound: Outbound, hosts: Mapping[str, str] = NONE, *, seconds: float = SECONDS
    ) -> None:
        """`seconds`: for one question over the web."""
        self.web = Web(http, seconds)
        self.known = Known(self.web)
        self.outbound = outbound
        self.hosts = hosts

    def way(self, record: ProviderRecord, secret: str) -> WayIn:
        """Raises BadSettings."""
        return kind_of(record.kind).make(self, record, secret)


registry: Registry[Kind] = Registry(__name__, "KIND")
"""Every kind by name."""


def kind_of(id: str) -> Kind:
    """Raises BadSettings."""
    if (kind := registry().get(id)) is None:
        raise BadSettings(NO_KIND.fill(kind=id[:20]), field="kind")
    return kind


def kinds() -> Mapping[str, Kind]:
    """In the order in which they are offered."""
    return dict(sorted(registry().items(), key=lambda one: one[1].order))
