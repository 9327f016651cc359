"""What of the owner's an agent holds: whatever its flow names, it is given nothing else."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypedDict

from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.owned import NO_PUBLICATION, publication, secret
from runtime.tools import Says, Secrets

MayUse = Callable[[str], bool]

NO_SECRET = Text(
    "主人没有允许这个智能体把密钥「{name}」发给 {host}。请告诉用户这件事现在做不了。",
    "The owner of this agent has not allowed it to send the secret {name!r} to {host}. Tell the person that "
    "this cannot be done now.",
)


class HeldSecrets:
    """Implements tools.Secrets: those that it may send there."""

    def __init__(self, secrets: Secrets, may_use: MayUse) -> None:
        self._secrets, self._may_use = secrets, may_use

    def open(self, name: str, host: str) -> str:
        if not self._may_use(secret(name, host)):
            raise ToolFailed(NO_SECRET.fill(name=name, host=host))
        return self._secrets.open(name, host)


class HeldPublications:
    """Implements tools.Says: through those that it may write."""

    def __init__(self, says: Says, may_use: MayUse) -> None:
        self._says, self._may_use = says, may_use

    async def say(self, publication_: str, text: str, key: str = "") -> Sequence[tuple[str, str]]:
        if not self._may_use(publication(publication_)):
            raise ToolFailed(NO_PUBLICATION.fill(id=publication_))
        return await self._says.say(publication_, text, key)


class Owned(Protocol):
    """Of runtime.turn.services.Services."""

    @property
    def secrets(self) -> Secrets: ...
    @property
    def says(self) -> Says | None: ...


class Given(TypedDict):
    secrets: Secrets
    says: Says | None


def held(services: Owned, may_use: MayUse) -> Given:
    """What a tool is given of the owner's, as far as the agent holds it."""
    says = services.says and HeldPublications(services.says, may_use)
    return {"secrets": HeldSecrets(services.secrets, may_use), "says": says}
