"""The parts of a running program, made and joined in one place."""

from dataclasses import dataclass

from runtime.agents.library import Library
from runtime.gateway.gateway import Gateway
from runtime.management.accounts import Accounts
from runtime.media.kept import KeptMedia
from runtime.models.routed import RoutedModels
from runtime.network.egress import Egress
from runtime.network.platform_api import Outbound
from runtime.publish.doctor import Doctor
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.templating.prompts import Prompts
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
    services: Services
    doctor: Doctor
    gateway: Gateway
    accounts: Accounts

    def public_url(self) -> str:
        """The environment's, else the one that the owner entered; "" when neither is known."""
        return self.control.public_url(self.settings.public_url)


def build_program(settings: Settings, control: Control) -> Program:
    prompts = Prompts([settings.templates / "prompts"])
    egress = Egress(settings.egress_allow, proxy=settings.proxy)
    models = RoutedModels(control, http=egress, kept=KeptMedia(settings.data / "media").read)
    services = Services(models=models, prompts=prompts, http=egress, secrets=control.secrets, ears=models)
    doctor = Doctor(control)
    gateway = Gateway(
        settings.data,
        control,
        services,
        doctor,
        settings.api_hosts,
        lambda: control.public_url(settings.public_url),
        lambda: control.options().alerts_to,
        outbound=Outbound(settings.platform_proxy),
    )
    return Program(
        settings=settings,
        control=control,
        library=Library(settings.agents, settings.templates / "agents", settings.data),
        prompts=prompts,
        egress=egress,
        models=models,
        services=services,
        doctor=doctor,
        gateway=gateway,
        accounts=Accounts(gateway.sender),
    )
