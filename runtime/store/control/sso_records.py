"""By whom people may sign in besides a password, as it is on disk. Times are seconds since 1970."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from runtime.schema import Id, Strict
from runtime.store.control.user_records import MOST_ROLES, Given, UserId

ProviderId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,29}$")]
"""Names a provider; it stands in the address that the provider sends people back to."""
MOST_RULES = 100


class Rule(Strict):
    """Who has that value in what the provider tells of them has that role."""

    claim: str = Field(min_length=1, max_length=200)
    """A path: `groups`, `realm_access.roles`, `resource_access.hongyan.roles`."""
    value: str = Field(min_length=1, max_length=200)
    """As it is told, or an entry of the list that is told."""
    role: Id
    agents: tuple[Id, ...] | None = Field(default=None, max_length=500)
    """On these alone; None: on everything."""

    @property
    def given(self) -> Given:
        return Given(role=self.role, agents=self.agents)


class ProviderRecord(Strict):
    """One that signs people in."""

    id: ProviderId
    kind: str = Field(max_length=20)
    """See runtime.access.sso.kinds."""
    name: str = Field(min_length=1, max_length=60)
    """On the button."""
    issuer: str = Field(default="", max_length=500)
    """As it calls itself, where it is found by that."""
    client_id: str = Field(min_length=1, max_length=300)
    """Who we are there."""
    app: str = Field(default="", max_length=40)
    """Which of its applications we are, where it has several."""
    secret: str = Field(default="", repr=False)
    """Sealed; "" for a public client."""
    scopes: tuple[Annotated[str, Field(pattern=r"^[\x21\x23-\x5b\x5d-\x7e]{1,100}$")], ...] = Field(
        default=("profile", "email"), max_length=20
    )
    """Besides the one that is always asked for (RFC 6749, 3.3)."""
    rules: tuple[Rule, ...] = Field(default=(), max_length=MOST_RULES)
    default_role: Id | Literal[""] = ""
    """Of whoever no rule says anything of; "": they do not come in unless they are known."""
    by_email: bool = False
    """Whoever has a user's address, verified by the provider, is that user."""
    is_strong: bool = False
    """It asks for two factors itself, so that none is asked for here."""
    enabled: bool = True
    at: float = 0.0
    by: str = ""

    @field_validator("issuer", "client_id", "app", "name")
    @classmethod
    def _trimmed(cls, value: str) -> str:
        return value.strip()


class IdentityRecord(Strict):
    """Who somebody is at a provider."""

    id: str
    """A digest of what follows, up to the subject."""
    provider: ProviderId
    realm: str = Field(max_length=900)
    """Of which issuer, enterprise or application the subject is: another one there is somebody else."""
    subject: str = Field(max_length=300)
    user: UserId
    label: str = Field(default="", max_length=200)
    """For people: a name, or an address."""
    at: float
    """When it was linked…"""
    last_at: float | None = None
    """…and when they came by it last."""
    roles: tuple[Given, ...] = Field(default=(), max_length=MOST_ROLES)
    """That the rules gave them then."""


class SsoOptions(Strict):
    """Whether passwords are off."""

    id: Literal["sso"] = "sso"
    only: bool = False
    break_glass: UserId | Literal[""] = ""
    """The one owner whose password still opens."""
    by: str = ""
