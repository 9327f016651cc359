"""Whether it is a person who writes, told by the pace alone: two machines that answer each other never stop.

A person reads before they write, and what they write takes time. Only messages count that came after our
answer to the one before; taps do not, since they take no writing.
"""

import re
from dataclasses import dataclass
from typing import Literal

from runtime.lang import Text
from runtime.message import Message

Sign = Literal["same", "fast", "endless"]

SAME, SAME_SHORT, SAME_SECONDS = 8, 14, 20.0
"""So often the same words in a row, of a sentence or of less, each within seconds of our answer."""
SHORT = 8
"""Characters."""
FAST, FAST_SECONDS, FAST_PACE = 8, 3.0, 15.0
"""So many sentences in a row, each within seconds of our answer and with so many characters a second."""
ENDLESS, ENDLESS_SECONDS, ENDLESS_PACE = 40, 8.0, 8.0
"""…and so many at a pace that somebody keeps up who pastes, for a while."""
SENTENCE = 20
"""Characters from which on something is not typed in a moment."""
FIRST, LONGEST = 600.0, 86_400.0
"""Seconds of silence: at first, and doubled each time until that."""
CHANGING = re.compile(r"[\d\W_]+")
"""What differs in the same words of a machine: numbers, times."""

KIND = "machine"
TITLE = Text("像自动回复", "Writes like a machine")
SIGNS = {
    "same": Text("接连好多条几乎一样", "the same words again and again"),
    "fast": Text("写得比人快", "faster than anybody writes"),
    "endless": Text("不停地立刻回应", "answers at once, without end"),
}
SAYS = Text(
    "您这边像是自动回复，我先不回答了，请过 {minutes} 分钟再来。",
    "This looks like an automatic reply, so I pause. Please write again in {minutes} minutes.",
)
ALERT = Text(
    "有一位像是自动回复（{sign}），{minutes} 分钟内不再回答，以免两个机器人没完没了。是谁、要不要改判，"
    "见「内容安全」页。",
    "Somebody writes like a machine ({sign}) and is not answered for {minutes} minutes, so that two "
    "machines do "
    "not go on for ever. Who it is, and to say that it is wrong: on the page Safety.",
)


@dataclass
class Pace:
    """Of one person. Times are seconds of one clock that does not jump."""

    answered_at: float = float("-inf")
    words: str = ""
    same: int = 0
    fast: int = 0
    endless: int = 0
    silent_until: float = float("-inf")
    spells: int = 0

    def came(self, message: Message, at: float) -> Sign | None:
        """They wrote at that time; what gives a machine away."""
        gap = at - self.answered_at
        if message.kind not in ("text", "voice") or not message.text or "choice" in message.data:
            return None
        if gap < 0:  # it was written before they could have read our answer: nobody answers that
            self.same = self.fast = self.endless = 0
            return None
        text = message.text
        is_sentence, pace = len(text) >= SENTENCE, len(text) / max(gap, 0.001)
        words = CHANGING.sub("", text.lower())[:500] or text[:500]
        self.same = self.same + 1 if words == self.words and gap <= SAME_SECONDS else 1
        self.words = words
        self.fast = self.fast + 1 if is_sentence and gap <= FAST_SECONDS and pace >= FAST_PACE else 0
        is_endless = is_sentence and gap <= ENDLESS_SECONDS and pace >= ENDLESS_PACE
        self.endless = self.endless + 1 if is_endless else 0
        if self.same >= (SAME if len(text) >= SHORT else SAME_SHORT):
            return "same"
        return "fast" if self.fast >= FAST else "endless" if self.endless >= ENDLESS else None

    def silence(self, at: float) -> float:
        """Begins one; its seconds."""
        calm = at - self.silent_until > LONGEST
        self.spells = 1 if calm else self.spells + 1
        self.same = self.fast = self.endless = 0
        seconds = min(FIRST * 2.0 ** (self.spells - 1), LONGEST)
        self.silent_until = at + seconds
        return seconds
