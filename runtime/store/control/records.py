"""The small records that control keeps, strict and as they are on disk. Times are seconds since 1970."""

from typing import Any, Literal

from pydantic import Field, ValidationError

from runtime.caps import ZONE
from runtime.models.providers import Endpoint, key_goes_to
from runtime.models.senses import UsualModels
from runtime.schema import Id, Strict
from runtime.store.control.report_plan import ReportPlan


class Publication(Strict):
    """An agent on a channel: which frozen version answers there, with which credentials."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$")
    agent: Id
    channel: str
    account: str = ""
    """Names the platform's account, e.g. the AppID; "" where there is none."""
    settings: dict[str, Any] = Field(default_factory=dict)
    """The channel's settings without its secrets."""
    secrets: dict[str, str] = Field(default_factory=dict)
    """Sealed, by field. `Control.channel_settings` opens them."""
    version: int
    """The version that answers now."""
    created_at: float
    by: str = ""
    """Who changed it last: an Actor's id; "" before that was noted. Here and below."""
    enabled: bool = True
    former: dict[str, str] = Field(default_factory=dict)
    """Sealed: what the platform proved to be itself by before it was changed here then, and may still."""
    former_at: float | None = None
    paused_at: float | None = None
    """Since when its messages are kept and not answered."""
    paused_text: str = Field(default="", max_length=500)
    """What people are told meanwhile, once each; "": nothing."""
    judged: bool = False
    """Whether a thumb that is typed judges the answer before it."""
    score_after: int = Field(default=0, ge=0)
    """Minutes of silence after which people are asked how satisfied they were, 1 to 5; 0: never."""
    application: str = ""
    """To which its account consented, changed then; "" where it has its own credentials."""
    application_at: float = 0.0
    lapsed_at: float | None = None
    """Since when the account's owner does not consent any more: its messages are kept as in a pause."""

    @property
    def path(self) -> str:
        """Where the platform calls us, below the public address."""
        return f"/c/{self.application or self.id}"

    @property
    def rests_since(self) -> float | None:
        """Since when its messages are kept and not answered, for whichever reason."""
        return self.paused_at if self.paused_at is not None else self.lapsed_at


class Application(Strict):
    """One that accounts consent to, made by the owner at a platform."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$")
    channel: str
    account: str
    """Names it at the platform."""
    settings: dict[str, Any] = Field(default_factory=dict)
    """What its publications share, without the secrets."""
    secrets: dict[str, str] = Field(default_factory=dict)
    """Sealed, by field."""
    former: dict[str, str] = Field(default_factory=dict)
    """Sealed: what the platform proved to be itself by before it was changed here, which it may still do…"""
    former_at: float | None = None
    """…since then."""
    created_at: float
    by: str = ""


class Grant(Strict):
    """What the access tokens of an account hang on. `id`: see channels.Granted.kept_as."""

    id: str
    kept: dict[str, str] = Field(default_factory=dict)
    """Sealed, by the channel's names."""
    kept_at: float = 0.0
    token: str = ""
    """Sealed; the newest…"""
    until: float = 0.0
    """…and when it ends."""
    code: str = ""
    """Sealed: of a consent, to be proved with."""
    ticket: str = Field(default="", repr=False)
    """…and of the page where it was given."""
    at: float = 0.0
    """Of the newest that the platform told of the consent, by its clock."""
    over_at: float | None = None
    """Since when there is no consent any more."""
    trouble: dict[str, str] = Field(default_factory=dict)
    """Why there is none, in every language."""


class Version(Strict):
    """An agent as it was published; only its note is changed afterwards."""

    id: str
    publication: str
    number: int
    agent: dict[str, Any]
    at: float
    by: str = ""
    """Who published it."""
    note: str = ""
    noted_by: str = ""


class Alike(Strict):
    """What should have been alike and was not, by language; see errors.Compared."""

    name: dict[str, str]
    here: str = ""
    there: str = ""


class Turned(Strict):
    """A call that was turned away: why, when, and what it was judged by."""

    code: str
    at: float
    compared: tuple[Alike, ...] = ()


class Notified(Strict):
    """What a platform told an account's owner. `text`: by language."""

    text: dict[str, str]
    at: float


class Contact(Strict):
    """When the platform first reached a publication, and what it may be that it does not any more."""

    id: str
    verified_at: float | None = None
    message_at: float | None = None
    turned: Turned | None = None
    """The newest that no good call followed."""
    notice: Notified | None = None
    """The newest that the platform did not say is over."""
    strangers: tuple[tuple[str, float], ...] = ()
    """Sites whose pages may not come, and when one did; the newest last."""


class Joining(Strict):
    """How far an account is that is joined by a scan. Gone through in runtime/channels/_pairing.py."""

    id: str
    stage: str = "asking"
    at: float = 0.0
    """When it came there."""
    content: str = Field(default="", repr=False)
    """Of the code that is to be scanned now."""
    trouble: dict[str, str] = Field(default_factory=dict)
    """Why there is no code, in every language."""
    asked_at: float = 0.0
    """When somebody wanted a code."""
    digits: str = Field(default="", repr=False)
    """Entered, and not passed on yet."""
    codes: int = 0
    """That were shown since somebody asked."""
    tickets: tuple[str, ...] = Field(default=(), repr=False)
    """Of the pages where an account's owner may consent, the newest last: they may have an older one open…"""
    link: str = Field(default="", repr=False)
    """…of which this opens the newest on a computer…"""
    back: str = Field(default="", repr=False)
    """…and after each of which the browser comes to us with this, once…"""
    proof: str = Field(default="", repr=False)
    """…and with this, which is not used yet."""


class ApiKey(Strict):
    """A key of one agent, or of several. The key itself is shown once and not kept."""

    id: str
    """SHA-256 of the key."""
    agent: Id
    agents: tuple[Id, ...] = Field(default=(), max_length=50)
    """Others that it is for, too."""
    name: str = Field(default="", max_length=60)
    user: str = ""
    """Whose it is: it may no more than they may, and ends with them. "": nobody's, a program's own."""
    permissions: tuple[str, ...] | None = Field(default=None, max_length=20)
    """Ids, see runtime.access.keys; None: as `operates` says."""
    prefix: str
    """What may be shown of it."""
    created_at: float
    by: str = ""
    """Who had it made."""
    expires_at: float | None = None
    revoked_at: float | None = None
    revoked_by: str = ""
    operates: bool = False
    """It may also say which customer somebody is, and answer people as an operator does."""
    per_minute: int | None = Field(default=None, ge=1)
    """Requests; None: no bound, here and below."""
    per_day: int | None = Field(default=None, ge=1)
    """Messages of today, by the owner's clock; so for the next two."""
    tokens_per_day: int | None = Field(default=None, ge=1)
    """Of questions and answers."""
    money_per_day: float | None = Field(default=None, ge=0, le=1_000_000, allow_inf_nan=False)
    """US dollars, of models with a price."""
    megabytes_per_day: int | None = Field(default=None, ge=1)
    """Of requests, which are stored: history, pictures and all."""


class KeyUse(Strict):
    """When a key was used last, and from where. `id`: the key's."""

    id: str
    at: float
    address: str = Field(default="", max_length=60)


class SealedKey(Strict):
    """Another key of an endpoint, see models.providers.MoreKey."""

    name: Id
    sealed: str = Field(repr=False)
    per_minute: int | None = None
    tokens_per_minute: int | None = None


class SealedEndpoint(Strict):
    """A model provider that the owner set up."""

    id: Id
    settings: dict[str, Any]
    """The endpoint without its keys."""
    api_key: str = ""
    """Sealed; "" when there is none."""
    keys: tuple[SealedKey, ...] = ()
    by: str = ""

    def asks_the_same(self, now: Endpoint) -> bool:
        """Whether the key that is stored may go where it would go now."""
        try:
            return key_goes_to(Endpoint.model_validate(self.settings)) == key_goes_to(now)
        except ValidationError:
            return False


class Seen(Strict):
    """What somebody was told and has read: keys, the newest last."""

    id: str
    keys: tuple[str, ...] = ()


class SealedSecret(Strict):
    """A secret that agents name; see named_secrets.py."""

    id: str
    value: str
    """Sealed."""
    hosts: tuple[str, ...] = ()
    """Where it may be sent; none: wherever an agent names it."""
    at: float
    by: str = ""


class OwnerRecord(Strict):
    """What was the one owner's, before there were others."""

    id: Literal["owner"] = "owner"
    password: str = Field(default="", repr=False)
    """scrypt, as `n$r$p$salt$hash` in hex, until it is moved to where the users are."""
    session_key: str
    """Sealed; signs everybody's login cookies. A new one ends every session."""
    ended: dict[str, float] = Field(default_factory=dict)
    """Sessions from then that were logged out, until they would have expired anyway."""


class Options(Strict):
    """What the owner chose for the whole installation."""

    id: Literal["options"] = "options"
    language: Literal["", "zh", "en"] = ""
    default_model: str = ""
    usual: UsualModels = UsualModels()
    public_url: str = ""
    alerts_to: str = ""
    """The publication on which the owner is told of trouble with the others."""
    report: ReportPlan | None = None
    timezone: str = Field(default="", max_length=64)
    """Whose midnight begins a day; "": ZONE's."""

    @property
    def zone(self) -> str:
        return self.timezone or ZONE

    by: str = ""
