"""Where anybody may write in anybody's name, nothing is undone for good on a letter's word alone.

What would be done is asked for by a code, which goes to whom the letter names: who sends it back with the
same words reads what comes there.
"""

import re
from typing import TYPE_CHECKING

from runtime.lang import Text
from runtime.turn.restart import bare

if TYPE_CHECKING:
    from runtime.turn.keeping import Kept
    from runtime.turn.turn import Turn

CODED = re.compile(r"(.*[^\s:：])[\s:：]*(\d{8})")
PROVE = Text(
    "这里谁都可以冒用别人的名义来信，所以要先确认是您本人。要继续，请在一小时内把下面这一行单独发回来：\n\n"
    "{words} {code}\n\n不是您要的，不用理会，什么也不会发生。",
    "Anybody can write here in anybody's name, so please confirm that it is you. To go on, send this line "
    "back by itself within an hour:\n\n{words} {code}\n\nIf you did not ask for this, ignore it: nothing is "
    "done.",
)
REFUSED = {
    "wrong": Text(
        "这个确认码不对、用过了或已经过期。请重新发「{words}」。",
        "This code is wrong, was used or has expired. Send “{words}” again.",
    ),
    "slow": Text("试得太多了，请一小时后再来。", "Too many tries; come back in an hour."),
}


def coded(kept: "Kept", text: str) -> tuple[str, str]:
    """The words, and the code behind them that proves who wrote; "" where there is none, or need not be."""
    match = None if kept.is_sure else CODED.fullmatch(bare(text))
    return (match[1], match[2]) if match else (text, "")


async def unproven(kept: "Kept", deed: str, words: str, code: str) -> Text | None:
    """What they are told instead of what they asked for; None where it may be done. `deed`: that, and to
    what. Raises StoreFailed."""
    if kept.is_sure:
        return None
    if not code:
        return PROVE.fill(words=words, code=await kept.ask_proof(deed))
    proof = await kept.take_proof(deed, code)
    return None if proof == "proven" else REFUSED[proof].fill(words=words)


async def unproven_in(turn: "Turn", deed: str, words: str, code: str) -> str | None:
    """As `unproven`, once for that turn."""
    lang = turn.agent.language

    async def told() -> str:
        found = await unproven(turn.kept, deed, words, code)
        return found.to(lang) if found else ""

    said = await turn.step(f"proof.{deed.partition(' ')[0]}", told, carried=False)
    return str(said) or None
