"""Whether whoever asked is still there."""

from starlette.types import Receive


async def hung_up(receive: Receive) -> None:
    """Until they are gone. What they still send is read, and kept nowhere."""
    while (await receive())["type"] != "http.disconnect":
        pass
