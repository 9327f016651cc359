"""What the law of China asks of who answers the public there, and the agent's owner switched off or left out.

Sources: GB 45438-2025 (marks on what AI made); Personal Information Protection Law, articles 23 and 39
(consent before somebody else, or somebody abroad, is given what a person wrote).
"""

from collections.abc import Iterator, Sequence

from runtime.agents.agent import Agent
from runtime.agents.check import Finding
from runtime.agents.providers_used import models
from runtime.channels import Channel
from runtime.lang import Text, listed
from runtime.store.control.control import Control

UNMARKED = Text(
    "「{channel}」上的人看不出回答是 AI 写的：标识关掉了，而法规要求标明",
    "people on {channel} cannot see that AI wrote the answers: the mark is off, and the law asks for it",
)
ABROAD = Text(
    "「{channel}」上的人写的内容会交给境外的模型（{names}）：法规要求先征得本人同意，请打开「征求同意」",
    "what people on {channel} write goes to models outside China ({names}): the law asks for their consent "
    "first; switch on consent",
)


def owed(agent: Agent, inside: Sequence[Agent], kind: type[Channel], control: Control) -> Iterator[Finding]:
    """Warnings, for a surface on which the public of China writes. `inside`: the agents that it asks."""
    if not kind.profile.mark_asked:
        return
    if agent.safety.label.when == "never":
        yield Finding("warning", "safety.label.when", UNMARKED.fill(channel=kind.about.title))
    abroad = [one.name for one in models([agent, *inside], control) if one.abroad]
    if abroad and not agent.consent.asks:
        text = ABROAD.fill(channel=kind.about.title, names=listed(abroad))
        yield Finding("warning", "consent.asks", text)
