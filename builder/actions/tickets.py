"""What an operator does for people who wait for one: take, answer, note, hand back."""

import time

from builder.actions import Notice
from runtime.access.actor import Actor, operator
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.gateway.gateway import Gateway
from runtime.lang import Text


@needs(Permission.CONVERSATIONS_ANSWER, on="ticket")
async def take_ticket(gateway: Gateway, who: Actor, ticket: int, name: str = "") -> Notice:
    """Raises NotFound, Conflict: another operator was quicker."""
    await gateway.operating.take(ticket, operator(who, name))
    return Notice(Text("接过来了，智能体不再插话。", "It is yours: the agent is silent now."))


@needs(Permission.CONVERSATIONS_ANSWER, on="seq")
async def take_writer(gateway: Gateway, who: Actor, seq: int, name: str = "") -> Notice:
    """By a message of theirs, whether they asked for a person or not. Raises NotFound, Conflict."""
    id = await gateway.operating.reach(seq, operator(who, name))
    return Notice(Text("接过来了，智能体不再插话。", "It is yours: the agent is silent now."), id)


@needs(Permission.CONVERSATIONS_ANSWER, on="ticket")
async def answer_ticket(
    gateway: Gateway, who: Actor, ticket: int, text: str, key: str, name: str = ""
) -> Notice:
    """Raises NotFound, Conflict, Invalid."""
    await gateway.operating.say(ticket, operator(who, name), text, key)
    return Notice(
        Text(
            "已交给发送；平台不让主动发时，对方下次写来就能看到。",
            "On its way; where the platform lets nothing be sent now, they see it when they write next.",
        )
    )


@needs(Permission.CONVERSATIONS_ANSWER, on="ticket")
@unrecorded("kept while somebody types")
async def draft_answer(gateway: Gateway, who: Actor, ticket: int, typed: str = "", name: str = "") -> Notice:
    """What the agent would say, below what is typed already; nothing is sent. Raises NotFound, Conflict."""
    text = await gateway.operating.draft(ticket, operator(who, name), typed)
    return Notice(Text("写好了，改好再发。", "There it is; change it, then send it."), text)


@needs(Permission.CONVERSATIONS_ANSWER, on="ticket")
async def note_ticket(gateway: Gateway, who: Actor, ticket: int, text: str, name: str = "") -> Notice:
    """Raises NotFound, Invalid."""
    await gateway.operating.note(ticket, operator(who, name), text)
    return Notice(Text("已记下。", "Noted."))


@needs(Permission.CONVERSATIONS_ANSWER, on="ticket")
async def hand_ticket_back(gateway: Gateway, who: Actor, ticket: int, name: str = "") -> Notice:
    """Raises NotFound, Conflict."""
    await gateway.operating.hand_back(ticket, operator(who, name))
    return Notice(
        Text("已交还，对方再写来时由智能体回答。", "Given back: the agent answers what they write next.")
    )


@needs(Permission.CONVERSATIONS_ANSWER, on="ticket")
async def ticket_waits(gateway: Gateway, who: Actor, ticket: int, name: str = "") -> Notice:
    """Raises NotFound, Conflict."""
    await gateway.operating.wait(ticket, operator(who, name))
    return Notice(Text("先放着，智能体照常回答。", "It waits; the agent answers meanwhile."))


@needs(Permission.CONVERSATIONS_ANSWER, on="ticket")
async def reopen_ticket(gateway: Gateway, who: Actor, ticket: int, name: str = "") -> Notice:
    """Raises NotFound, Conflict."""
    await gateway.operating.reopen(ticket, operator(who, name))
    return Notice(Text("重新打开了。", "Open again."))


@needs(Permission.CONVERSATIONS_ANSWER, on="ticket")
async def set_ticket_due(gateway: Gateway, who: Actor, ticket: int, minutes: int, name: str = "") -> Notice:
    """From now; 0: no time. Raises NotFound."""
    due = time.time() + minutes * 60 if minutes > 0 else None
    await gateway.operating.set_due(ticket, operator(who, name), due)
    return Notice(Text("已保存。", "Saved."))
