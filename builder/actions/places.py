"""What the operator does with places that agents share out."""

import time

from builder.actions import Notice
from builder.actions.taking_away import for_good
from runtime.access.permissions import Permission, needs
from runtime.errors import NotFound
from runtime.gateway.gateway import Gateway
from runtime.lang import Text
from runtime.turn.shared_settings import MANY

NONE_SUCH = Text("这个名额已经退掉了。", "This place was given back already.")


@needs(Permission.CONVERSATIONS_ANSWER, on="agent")
@for_good("places.free_hint")
async def free_place(gateway: Gateway, agent: str, id: int) -> Notice:
    """Give one claim back, for whoever has it. Raises NotFound."""
    if not await gateway.messages.shared.free(agent, id):
        raise NotFound(NONE_SUCH)
    return Notice(Text("已退掉，别人可以占了。", "Given back: somebody else may claim it."))


@needs(Permission.CONVERSATIONS_ANSWER, on="agent")
async def set_places(gateway: Gateway, agent: str, name: str, key: str, places: int) -> Notice:
    """So many of one key; fewer than 0: as the agent's settings say."""
    wanted = min(places, MANY) if places >= 0 else None
    await gateway.messages.shared.set_places(agent, name, key[:200], wanted, time.time())
    return Notice(Text("已保存。", "Saved."))
