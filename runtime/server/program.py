"""The parts of a running program, made and joined in one place."""

import functools
import os
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from runtime.access.key_caps import KeyCaps
from runtime.access.sso.fixed import fix
from runtime.access.sso.kinds import Net
from runtime.access.user_caps import UserCaps
from runtime.access.while_allowed import while_allowed
from runtime.agents.agent import Agent
from runtime.agents.library import Library
from runtime.backups import watching
from runtime.browser.running import Browser
from runtime.checkup.address_watch import AddressWatch
from runtime.checkup.patient import Ways
from runtime.checkup.running import Checkups
from runtime.errors import HongyanError
from runtime.gateway.background import Background
from runtime.gateway.delivery.announcing import Announcing
from runtime.gateway.embedding import NONE, Embedding
from runtime.gateway.gateway import Gateway
from runtime.gateway.nearly import Nearly
from runtime.knowledge.search.searching import Searching
from runtime.knowledge.sources.bases import Bases
from runtime.knowledge.sources.upkeep import Upkeep, usual_program
from runtime.knowledge.sources.web import Web
from runtime.management.accounts import Accounts
from runtime.mcp.over_pipes import Programs
from runtime.media.kept import KeptMedia
from runtime.media.made import MadeFiles, MadeFirst
from runtime.media.own import OwnFiles, OwnFirst
from runtime.metrics.beside import Beside
from runtime.metrics.together import Together
from runtime.models.routed import RoutedModels
from runtime.network.egress import Egress
from runtime.network.mail import Mail
from runtime.network.outside import Outside
from runtime.network.platform_api import Outbound
from runtime.off_loop import off_loop
from runtime.publish.debug_word import while_allowed_to
from runtime.publish.doctor import Doctor
from runtime.publish.reached import Reach
from runtime.safety.words.lists import WordLists
from runtime.senses.senses import Senses
from runtime.server.shadow import join_shadow
from runtime.server.status_page import StatusPage
from runtime.server.weekly import join_report
from runtime.server.wellness import Wellness
from runtime.settings import CHECKOUT, Settings
from runtime.store.control.control import Control
from runtime.store.messages.answers import Answers
from runtime.store.messages.came import came
from runtime.store.messages.insights import Insights
from runtime.store.messages.judged import Judged
from runtime.store.messages.sealed_files import SealedFiles
from runtime.store.messages.spending import PeopleToday, Spending
from runtime.store.vanishing import Vanishing
from runtime.store.vanishing.place import opened
from runtime.templating.prompts import Prompts, prompts_of
from runtime.testing.forgetting import Forgetting
from runtime.turn.answer_cache import AnswerCache
from runtime.turn.awaited import LaterAnswers
from runtime.turn.events import Paid
from runtime.turn.turn import Services


@dataclass(frozen=True)
class Program:
    """Made on no event loop; `server.app` starts and stops them on its own."""

    settings: Settings
    control: Control
    library: Library
    prompts: Prompts
    egress: Egress
    models: RoutedModels
    searching: Searching
    programs: Programs
    services: Services
    senses: Senses
    doctor: Doctor
    gateway: Gateway
    announcing: Announcing
    made: MadeFiles
    accounts: Accounts
    checkups: Checkups
    address_watch: AddressWatch
    bases: Bases
    upkeep: Upkeep
    web: Web
    sso: Net

    @property
    def vanishing(self) -> Vanishing:
        return self.gateway.vanishing

    @functools.cached_property
    def together(self) -> Together:
        return Together(self.gateway.metrics, Beside.of(os.environ))

    @functools.cached_property
    def wellness(self) -> Wellness:
        """How each publication is."""
        doctor = self.doctor
        return Wellness(self.settings.data, self.gateway.surfaces, doctor.trouble_of, doctor.channel_of)

    @functools.cached_property
    def status_page(self) -> StatusPage:
        return StatusPage(self.wellness, self.gateway.messages.facts)

    @property
    def judged(self) -> Judged:
        return self.gateway.messages.judged

    async def say(self, publication: str, text: str, key: str = "") -> Sequence[tuple[str, str]]:
        """`key`: what has the same is sent once. Raises NotFound, BadSettings."""
        return await self.announcing.say(publication, text, key)

    async def spent(self, agent: Agent, paid: Sequence[Paid], by: str = "", messages: int = 0) -> None:
        """See Studio."""
        await self.gateway.spending.count_talk(agent, paid, by, messages)

    def trying(self, by: str, *, long: bool = False) -> AbstractAsyncContextManager[None]:
        """See Studio."""
        return while_allowed(self.control, by, self.gateway.spending.trying(by, long=long))

    async def people_today(self) -> PeopleToday:
        """See Studio."""
        return await self.gateway.spending.people()

    @property
    def embedding(self) -> Embedding:
        """Texts as numbers, for who holds an agent's key."""

        def model_of(base: str) -> str:
            try:
                return self.bases.get(base).embedding
            except HongyanError:  # deleted meanwhile, or not to be read just now
                return NONE

        spendings, store = self.gateway.spending, Spending(self.gateway.messages.database)
        own = (self.models.ranks, self.searching.meanings, model_of)
        return Embedding(*own, spendings, store, self.models.budgets, time.time)

    def alerts_to(self) -> str:
        """The publication on which the owner is told of trouble; "" for none."""
        return self.control.options().alerts_to

    def public_url(self) -> str:
        """The environment's, else the one that the owner entered; "" when neither is known."""
        return self.control.public_url(self.settings.public_url)


def build_program(settings: Settings, control: Control) -> Program:
    public_url = functools.partial(control.public_url, settings.public_url)
    egress = Egress(settings.egress_allow, proxy=settings.proxy)
    kept = KeptMedia(settings.data / "media", SealedFiles(settings.data / "messages.db"))
    models = RoutedModels(control, http=egress, kept=kept.read, policy=control.policy)
    senses = Senses(models, models.sound, kept, control.usual_models)
    searching, bases = Searching(settings.data / "knowledge", models.ranks), Bases(settings.home)
    announcing, programs, prompts = Announcing(), Programs(settings.mcp_commands), prompts_of(settings.home)
    made = MadeFiles(kept, control.mark, public_url, f"http://127.0.0.1:{settings.port}")
    services = _services(control, models, prompts, egress, searching, announcing, programs, made, public_url)
    doctor, outbound = Doctor(control), Outbound(settings.platform_proxy, egress)
    own = (settings.data, control, services, doctor, settings.api_hosts, public_url)
    gateway = Gateway(
        *own,
        lambda: control.options().alerts_to,
        outbound=outbound,
        senses=senses,
        pictures=MadeFirst(made, OwnFirst(OwnFiles(settings.own_files), egress, public_url)),
        vanishing=opened(settings.data),
        marks=control.marks_of,
    )
    _join_models(gateway, models, control, services, searching)
    join_report(gateway, control, searching, settings.data)
    while_allowed_to(control)
    announcing.join(gateway.surfaces, gateway.saying)
    library = _join_files(gateway, control, settings)
    ways = _ways(settings, control, outbound, accounts := Accounts(gateway.sender))
    return Program(
        settings=settings,
        control=control,
        library=library,
        prompts=prompts,
        egress=egress,
        models=models,
        searching=searching,
        programs=programs,
        services=services,
        senses=senses,
        doctor=doctor,
        gateway=gateway,
        announcing=announcing,
        made=made,
        accounts=accounts,
        checkups=Checkups(control, doctor, ways, public_url),
        address_watch=AddressWatch(control, doctor, ways, gateway.onlooker.trouble),
        bases=bases,
        upkeep=Upkeep(bases, settings.home, usual_program(CHECKOUT)),
        web=Web(bases, egress),
        sso=_sso(settings, control, egress, outbound),
    )


def _sso(settings: Settings, control: Control, egress: Egress, outbound: Outbound) -> Net:
    """Raises BadSettings."""
    fix(control, settings.sign_in)
    return Net(egress, outbound, settings.api_hosts)


def _join_models(
    gateway: Gateway, models: RoutedModels, control: Control, services: Services, searching: Searching
) -> None:
    _join_limits(gateway, control)
    join_shadow(gateway, models, services, control)
    models.routing.meanings = searching.meanings
    if services.answers:
        services.answers.store = Answers(gateway.messages.database)


def _join_files(gateway: Gateway, control: Control, settings: Settings) -> Library:
    """What is kept beside the messages, and agents as they are saved."""
    library = Library(settings.agents, settings.templates / "agents", settings.data)
    gateway.arms.drafts = library.whole
    made_of_people = Forgetting(settings.agents, settings.data)
    gateway.messages.remembered.beside = lambda erased: off_loop(made_of_people.forget, erased)
    gateway.upkeep.days = lambda: dict(control.retention().days)
    return library


def _join_backups(gateway: Gateway, control: Control) -> None:
    own = (lambda: control.options().zone, gateway.onlooker.tell, watching.usual_program(CHECKOUT))
    gateway.alarm.add(watching.Watching(control.home, *own))


def _join_limits(gateway: Gateway, control: Control) -> None:
    keys, users = KeyCaps(control), UserCaps(control)
    gateway.spending.cap_of_key, gateway.spending.user_of_key = keys.cap, keys.user
    gateway.spending.cap_of_user = users.cap
    _join_backups(gateway, control)

    def named(kind: str, name: str) -> str:
        return keys.title(name) if kind == "key" else users.title(name) if kind == "user" else name

    beside, today = Background(), gateway.spending.today
    gateway.spending.took = Nearly(gateway.vanishing, beside, gateway.onlooker.tell, today, named).took


def _services(
    control: Control,
    models: RoutedModels,
    prompts: Prompts,
    egress: Egress,
    searching: Searching,
    announcing: Announcing,
    programs: Programs,
    made: MadeFiles,
    public_url: Callable[[], str],
) -> Services:
    return Services(
        models=models,
        budgets=models.budgets,
        answers=AnswerCache(),
        prompts=prompts,
        http=egress,
        secrets=control.secrets,
        mark=control.mark,
        knowledge=searching,
        mail=Mail(egress),
        says=announcing,
        programs=programs,
        callback=LaterAnswers(public_url),
        makes=made,
        reads=made.read,
        paints=models.painting,
        browser=Browser(egress),
        lists=WordLists(control.home),
    )


def _ways(settings: Settings, control: Control, outbound: Outbound, accounts: Accounts) -> Ways:
    return Ways(
        outside=Outside(),
        outbound=outbound,
        accounts=accounts,
        reach=Reach(control),
        hosts=settings.api_hosts,
        came=functools.partial(came, settings.data / "messages.db"),
        fact=Insights(settings.data / "messages.db").fact,
    )
