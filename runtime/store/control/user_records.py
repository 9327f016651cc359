"""Who works here and what they may do, as it is on disk. Times are seconds since 1970."""

from typing import Annotated

from pydantic import Field

from runtime.schema import Id, Strict

UserId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")]
"""What somebody signs in by, and what records say under `by`."""
MOST_ROLES = 50
"""Of one person."""
MOST_AGENTS = 500
"""That one role may be given on."""


class Given(Strict):
    """A role that somebody has."""

    role: Id
    agents: tuple[Id, ...] | None = Field(default=None, max_length=MOST_AGENTS)
    """On these alone; None: on everything."""


class UserRecord(Strict):
    """Somebody who signs in. One who was removed stays as a name that nobody else gets."""

    id: UserId
    name: str = Field(default="", max_length=60)
    """What others call them; "": as they sign in."""
    password: str = Field(default="", repr=False)
    """Hashed, see runtime.access.passwords; "" until an invitation was followed."""
    roles: tuple[Given, ...] = Field(default=(), max_length=MOST_ROLES)
    mapped: tuple[Given, ...] = Field(default=(), max_length=MOST_ROLES)
    """Roles that a provider's word gives them, until it says otherwise; see runtime.access.sso."""
    email: str = Field(default="", max_length=254)
    """By which a provider may know them, in lower case; who looks after people enters it."""
    enabled: bool = True
    removed_at: float | None = None
    generation: int = 0
    """Sessions and known browsers count that were opened with this one: another one ends them all."""
    invitation: str = Field(default="", repr=False)
    """SHA-256 of what the link holds that lets them choose a password, once…"""
    invited_until: float = 0.0
    """…before then."""
    created_at: float = 0.0
    last_sign_in: float | None = None
    by: str = ""
    """Who changed it last."""

    @property
    def all_roles(self) -> tuple[Given, ...]:
        """Those given here, and those by a provider's word."""
        return tuple(dict.fromkeys((*self.roles, *self.mapped)))


class UserLimit(Strict):
    """What somebody may take of a day by all their API keys together, and by trying out. `id`: the user's, or
    "everybody": of all for whom nothing else is said. None: no bound."""

    id: UserId
    messages: int | None = Field(default=None, ge=1)
    tokens: int | None = Field(default=None, ge=1)
    money: float | None = Field(default=None, gt=0, le=1_000_000_000, allow_inf_nan=False)
    """US dollars, of models with a price."""
    by: str = ""


class RoleRecord(Strict):
    """A role made here; those that come with the program are in runtime.access.roles."""

    id: Id
    name: str = Field(min_length=1, max_length=60)
    permissions: tuple[str, ...] = Field(max_length=200)
    """Ids. One that this version does not know allows nothing."""
    at: float
    by: str = ""


class SignIn(Strict):
    """A session that is open."""

    id: str
    user: UserId
    generation: int
    """The user's, when it was opened."""
    opened_at: float
    expires_at: float
    device: str = Field(default="", max_length=200)
    """What the browser says that it is."""
    address: str = Field(default="", max_length=60)
    by: tuple[str, ...] = Field(default=(), max_length=10)
    """How they proved who they are, see runtime.access.proof; empty in older homes."""
    is_strong: bool = False
    """By two factors, or by one that is two."""


class RoleRule(Strict):
    """What whoever has a role is asked for when they sign in. `id`: the role's."""

    id: Id
    second_factor: bool = False
    at: float = 0.0
    by: str = ""


class SecondFactorRecord(Strict):
    """The codes of an app on somebody's phone, and what stands in for a lost one. `id`: the user's."""

    id: UserId
    secret: str = Field(repr=False)
    """Sealed."""
    last_step: int = 0
    """The newest code that was used, as the number of its half minute since 1970: no older one counts."""
    recovery: tuple[str, ...] = Field(default=(), max_length=20, repr=False)
    """SHA-256 of each code that was not used yet."""
    since: float = 0.0


class PasskeyRecord(Strict):
    """What a device or password store proves somebody by. `id`: the credential's, in base64url."""

    id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,1400}$")
    user: UserId
    name: str = Field(min_length=1, max_length=60)
    handle: str = Field(max_length=100)
    """What the device calls the user: random, the same in all passkeys of one person."""
    rp: str = Field(max_length=260)
    """The host that it was made for, and opens at."""
    key: str = Field(max_length=4000)
    """The public key (COSE), in base64url."""
    count: int = 0
    """How often the device says that it was used; many say 0 for ever."""
    transports: tuple[str, ...] = Field(default=(), max_length=8)
    added_at: float = 0.0
    used_at: float | None = None
