"""What a surface and its agent have to choose from."""

from collections.abc import Mapping
from typing import Any

from runtime.blocks import Offers
from runtime.channels import ApiRequest, Frame, Shown
from runtime.choices import Choices
from runtime.gateway.surfaces import Surface
from runtime.message import Message


def can_be_tapped(surface: Surface, data: Mapping[str, Any]) -> bool:
    """Whether this list (see AnswerPart.data) is shown as one that can be tapped."""
    return surface.chooser is not None and surface.chooser.choice_limits.fit(Choices.of(data))


def greeted(surface: Surface, shown: Shown, event: Message | None, key: str) -> ApiRequest | Frame | None:
    """What offers it as the answer to an event, see Greets; None where it goes like all else."""
    if event is None or shown.kind != "choices" or surface.chooser is None:
        return None
    return surface.chooser.greet_choices(Choices.of(shown.data), event, key)


def offers_choices(surface: Surface) -> bool:
    """Whether its agent has something to choose from; a model may offer something by itself."""
    own = any(isinstance(block, Offers) and block.offered for _, block in surface.agent.enabled())
    return own or bool(surface.agent.texts.choices)
