"""What the pages work on."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from runtime.access.sso.kinds import Net
from runtime.agents.agent import Agent
from runtime.agents.library import Library
from runtime.checkup.running import Checkups
from runtime.knowledge.search.searching import Searching
from runtime.knowledge.sources.bases import Bases
from runtime.knowledge.sources.upkeep import Upkeep
from runtime.management.accounts import Accounts
from runtime.models.routed import RoutedModels
from runtime.network.egress import Egress
from runtime.publish.doctor import Doctor
from runtime.senses.senses import Senses
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.messages.judged import Judged
from runtime.store.messages.spending import PeopleToday
from runtime.store.vanishing import Vanishing
from runtime.templating.prompts import Prompts
from runtime.turn.events import Paid
from runtime.turn.turn import Services


class Studio(Protocol):
    """What a click may use of the running program, see runtime/server/program.py."""

    @property
    def library(self) -> Library: ...
    @property
    def control(self) -> Control: ...
    @property
    def prompts(self) -> Prompts: ...
    @property
    def services(self) -> Services: ...
    @property
    def models(self) -> RoutedModels: ...
    @property
    def senses(self) -> Senses: ...
    @property
    def doctor(self) -> Doctor: ...
    @property
    def checkups(self) -> Checkups: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def bases(self) -> Bases: ...
    @property
    def upkeep(self) -> Upkeep: ...
    @property
    def searching(self) -> Searching: ...
    @property
    def egress(self) -> Egress: ...

    @property
    def accounts(self) -> Accounts: ...
    @property
    def sso(self) -> Net: ...

    async def people_today(self) -> PeopleToday:
        """Also reads again what other instances counted, where it is not fresh. Raises StoreFailed."""

    @property
    def judged(self) -> Judged: ...
    @property
    def vanishing(self) -> Vanishing: ...

    async def say(self, publication: str, text: str, key: str = "") -> Sequence[tuple[str, str]]:
        """Write where somebody reads; each part's state within a few seconds, and the platform's code.
        `key`: what has the same is sent once.

        Raises NotFound, BadSettings.
        """
        ...

    async def spent(self, agent: Agent, paid: Sequence[Paid], by: str = "", messages: int = 0) -> None:
        """Count what a talk took that is no message but of the user who tried it out. Raises StoreFailed."""
        ...

    def trying(self, by: str, *, long: bool = False) -> AbstractAsyncContextManager[None]:
        """Within, in this task, models are asked for that user, as far as their day goes. `long`: in many
        turns, each counted. Raises ModelFailed."""
        ...

    def public_url(self) -> str:
        """Where the world reaches us; "" when that is not known."""
        ...
