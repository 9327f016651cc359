"""What the operator does from the insights: send again, run again, take off the list of what is to do."""

import logging
import time
from collections.abc import Mapping, Sequence

from builder.actions import RESTORED, Notice
from builder.actions.taking_away import for_good, undone_by
from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.channels import Managed
from runtime.errors import SendFailed
from runtime.gateway.gateway import Gateway
from runtime.lang import Text
from runtime.management.accounts import Accounts
from runtime.store.messages.done import finish, unfinish

log = logging.getLogger(__name__)
MOST_NAMES = 100
STAYS_DONE = Text(
    "您的标记已撤销；别人也标过处理好，所以它还不在清单上。",
    "Your mark is taken back; somebody else marked it as well, so it stays off the list.",
)


@needs(Permission.CONVERSATIONS_ANSWER, on="seq")
async def send_again(gateway: Gateway, seq: int) -> Notice:
    """Send a kept answer again, or run a message that was not answered. Raises NotFound, Conflict."""
    await gateway.again(seq)
    return Notice(Text("已开始，稍后刷新看结果。", "Started. Refresh in a moment to see the result."))


@needs(Permission.CONVERSATIONS_ANSWER, on="seq")
async def give_back(gateway: Gateway, seq: int) -> Notice:
    """Let the agent answer the person again who wrote that message. Raises NotFound, Conflict."""
    await gateway.give_back(seq)
    return Notice(
        Text("已交还，对方再写来时由智能体回答。", "Given back: the agent answers what they write next.")
    )


@needs(Permission.CONVERSATIONS_READ, on="publication")
@unrecorded("for a page whose opening is recorded")
async def names(gateway: Gateway, publication: str, people: Sequence[str]) -> Mapping[str, str]:
    """What they call themselves, by id; nobody where the platform does not tell, or not just now."""
    surface = gateway.surfaces.find(publication)
    channel = surface.channel if surface else None
    if not isinstance(channel, Managed) or "names" not in channel.Management.offers():
        return {}
    wanted = [str(one) for one in people][:MOST_NAMES]
    try:
        return await Accounts(gateway.sender).ask(channel, lambda of: of.names(wanted))
    except SendFailed as e:
        log.info("what people of %s are called is not told: %s", publication, e.text.en)
        return {}


@needs(Permission.CONVERSATIONS_ANSWER, on="seq")
@undone_by("mark_undone")
async def mark_done(gateway: Gateway, seq: int) -> Notice:
    """Take a message off the list of what is to do: somebody dealt with it."""
    at = time.time()
    await finish(gateway.messages.database, seq, at)
    return Notice(Text("已标为处理好。", "Marked as done."), undo={"seq": seq, "at": at})


@needs(Permission.CONVERSATIONS_ANSWER, on="seq")
async def mark_undone(gateway: Gateway, seq: int, at: float) -> Notice:
    """It is on the list again, unless somebody else marked it as well."""
    is_left = await unfinish(gateway.messages.database, seq, at)
    return Notice(STAYS_DONE if is_left else RESTORED)


@needs(Permission.CONVERSATIONS_ANSWER, on="wait:id")
async def decide_wait(gateway: Gateway, who: Actor, id: int, yes: int, note: str) -> Notice:
    """Say yes or no to what waits for a decision. Raises NotFound, Conflict."""
    await gateway.waits.decide(id, yes=yes == 1, by=who.id, note=note)
    return Notice(Text("已记下决定，流程接着走。", "Decided; the flow goes on."))


@needs(Permission.CONVERSATIONS_ANSWER, on="wait:id")
@for_good("waiting.cancel_hint")
async def end_wait(gateway: Gateway, id: int) -> Notice:
    """End what waits; the flow takes its other way. Raises NotFound, Conflict."""
    await gateway.waits.cancel(id)
    return Notice(Text("已结束等待。", "It waits no more."))
