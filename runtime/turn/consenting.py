"""Whether somebody agreed that what they send is kept and given to models; asked before either is done."""

from dataclasses import replace
from typing import TYPE_CHECKING

from runtime.message import Message
from runtime.turn.consent_settings import NO, THANKS, YES
from runtime.turn.proving import coded, unproven
from runtime.turn.restart import is_word

if TYPE_CHECKING:
    from runtime.turn.keeping import Kept
    from runtime.turn.settings import Composed

AGREES = (*YES.by_language().values(), "我同意", "agree", "yes, i agree")
REFUSES = (*NO.by_language().values(), "我不同意", "拒绝", "disagree", "i disagree")
ARRIVES = ("followed", "opened", "scanned", "menu")
"""Events by which somebody comes to the agent."""
QUIET = ("rated", "left")
"""Events that a flow may begin with, and for which nobody is told anything; no others lead to a model."""
LONGEST = 40
"""Characters of an answer."""


async def unagreed(agent: "Composed", message: Message, kept: "Kept") -> str | None:
    """What is said instead of a turn, "" for nothing; None where the turn may run. Nothing of the message is
    kept then but the answer to the question. Raises StoreFailed."""
    if not agent.consent.asks or message.for_nobody:
        return None
    event = message.data.get("event")
    if message.kind == "event" and event not in (*ARRIVES, *QUIET):
        return None
    version = agent.consent.version(agent.id, agent.language)
    known = await kept.consent(version)
    if known is not None and known.answer == "yes" and not known.by_this:
        return None
    if message.unasked or event in QUIET:
        return ""  # nobody wrote: they are asked when they do
    answered = known is not None and known.by_this
    said, code = coded(kept, message.text)
    answer = known.answer if known is not None and answered else _answer(replace(message, text=said))
    if answer == "yes":
        told = None if answered else await unproven(kept, f"agree {version}", said.strip(), code)
        if told:
            return told.to(agent.language)
        await kept.keep_consent(version, "yes")
        return THANKS.to(agent.language)
    if known is None or answer == "no":
        await kept.keep_consent(version, answer or "asked")
    if message.kind != "event" or event == "menu":
        await kept.leave_nothing()
    refused = answer == "no" or (known is not None and known.answer == "no")
    return agent.consent.says_no(agent.language) if refused else agent.consent.question(agent.language)


def _answer(message: Message) -> str:
    """yes, no or "" for anything else."""
    if message.kind not in ("text", "voice") and message.data.get("event") != "menu":
        return ""
    said = message.text
    if len(said) > LONGEST:
        return ""
    return "yes" if is_word(said, AGREES) else "no" if is_word(said, REFUSES) else ""
