"""What there is where an agent is described: the registries, the owner's things by name, and what judges."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runtime.agents.agent import Agent
from runtime.agents.check import Finding, Owned, check
from runtime.agents.library import Library
from runtime.models.providers import Endpoint
from runtime.models.senses import UsualModels
from runtime.templating.prompts import Prompts
from runtime.turn.turn import Services


class _Any(Collection[str]):
    """Every name. What is not set yet its owner sets: it hinders no proposal."""

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self):  # type: ignore[no-untyped-def] # of all there are none to be named
        return iter(())

    def __len__(self) -> int:
        return 0


class _AllSecrets:
    def names(self) -> Collection[str]:
        return _Any()


@dataclass(frozen=True)
class _Supposing:
    """What its owner set up, and every secret."""

    owned: Owned

    @property
    def secrets(self) -> _AllSecrets:
        return _AllSecrets()

    @property
    def home(self) -> Path:
        return self.owned.home

    def find(self, name: str) -> Endpoint | None:
        return self.owned.find(name)

    def endpoints(self) -> list[Endpoint]:
        return self.owned.endpoints()

    def default_model(self) -> str:
        return self.owned.default_model()

    def usual_models(self) -> UsualModels:
        return self.owned.usual_models()


@dataclass(frozen=True)
class Ground:
    """`models`: by name, those that are set up; `allowed`: see runtime.agents.check."""

    library: Library
    owned: Owned
    prompts: Prompts
    services: Services
    bases: Callable[[], Mapping[str, str]]
    models: Callable[[], Sequence[str]]
    allowed: Collection[str] = ()

    def judge(self, agent: Agent) -> list[Finding]:
        return check(agent, self.prompts, _Supposing(self.owned), self.allowed)
