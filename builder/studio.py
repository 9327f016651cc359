"""What the pages work on."""

from dataclasses import dataclass

from runtime.agents.library import Library
from runtime.models.routed import RoutedModels
from runtime.publish.doctor import Doctor
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.templating.prompts import Prompts
from runtime.turn.turn import Services


@dataclass(frozen=True)
class Studio:
    """The parts of the running program that a click may use."""

    library: Library
    control: Control
    prompts: Prompts
    services: Services
    models: RoutedModels
    doctor: Doctor
    settings: Settings
