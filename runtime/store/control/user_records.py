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
