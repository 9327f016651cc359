"""What stands for what is kept from models: [PHONE-BCDFGHJKLMNP], the same for the same in one conversation.

Twelve letters of a keyed hash: nobody guesses them, and they say nothing of what they stand for. Only what
was hidden in this turn is put back; whatever else looks like it, as when somebody writes one, is no more than
words. Models change brackets, large and small letters and the sign between: that is read as it was meant.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from runtime.lang import Text
from runtime.safety.masking.found import narrow
from runtime.safety.masking.personal import Kept, Piece, again, apart, pieces

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels and no figures: it is no word, and no number that a rule would find."""
LENGTH = 12
MOST = 5000
"""Different things of one turn."""
MOST_TEXTS = 4000
NAMES: dict[Kept, str] = {
    "phone": "PHONE",
    "id_card": "IDCARD",
    "card": "BANKCARD",
    "mail": "EMAIL",
    "address": "ADDRESS",
}
TITLES: dict[Kept, Text] = {
    "phone": Text("电话号码", "phone number"),
    "id_card": Text("身份证号", "identity card number"),
    "card": Text("银行卡号", "bank card number"),
    "mail": Text("邮箱地址", "email address"),
    "address": Text("住址", "address"),
}
BEGINS, ENDS = r"\\?[\[<{【〔〖「⟦]", r"\\?[\]>}】〕〗」⟧]"
NAME = "|".join(sorted(NAMES.values(), key=len, reverse=True))
BETWEEN = r"[ \\_\-‐-―−:]{1,3}"
CODE = rf"[{LETTERS}]{{{LENGTH}}}"
MARK = rf"(?:{NAME}){BETWEEN}{CODE}"
WHOLE = re.compile(
    rf"(?:{BEGINS} {{0,2}}(?P<inner>{MARK})(?: {{0,2}}{ENDS})?|(?P<bare>{MARK}))",
    re.IGNORECASE,
)


def _unfinished() -> re.Pattern[str]:
    names = "|".join(name[:end] for name in NAMES.values() for end in range(len(name), 0, -1))
    half = rf"(?:{NAME})(?:{BETWEEN}[{LETTERS}]{{0,{LENGTH - 1}}})"
    closing = rf"{BEGINS} {{0,2}}(?:{NAME}){BETWEEN}{CODE} {{0,2}}\\?"
    return re.compile(
        rf"(?:\\|{BEGINS} {{0,2}}|(?:{BEGINS} {{0,2}})?(?:{half}|{names})|{closing})\Z", re.IGNORECASE
    )


UNFINISHED = _unfinished()
LONGEST = 48
"""Characters that one takes at the most, however it is written."""
NOTE = Text(
    "像 [PHONE-BCDFGHJKLMNP] 这样的标记代表一个您看不到的真实内容（电话、证件号、卡号、邮箱或住址）。"
    "需要用到时原样写出整个标记，不要改动、拆开或猜测它。",
    "A mark like [PHONE-BCDFGHJKLMNP] stands for something real that you are not shown: a phone or card "
    "number, an email or home address. Where it is needed, write the whole mark just as it is; never change, "
    "split or guess it.",
)


@dataclass(eq=False)
class Standing:
    """Of one turn. `key`: of its conversation; `kinds`: what is hidden."""

    key: bytes
    kinds: frozenset[Kept]
    lang: str = "zh"
    _known: dict[str, Kept] = field(default_factory=dict)
    _written: dict[str, str] = field(default_factory=dict)
    """As it was written first, by its code…"""
    _plain: dict[str, str] = field(default_factory=dict)
    """…and as a program wants it."""
    _codes: dict[str, str] = field(default_factory=dict)
    _looked: dict[str, list[Piece]] = field(default_factory=dict)

    def widen(self, kinds: Collection[Kept]) -> None:
        """For an agent within that hides more."""
        if not self.kinds.issuperset(kinds):
            self.kinds |= frozenset(kinds)
            self._looked.clear()

    @property
    def note(self) -> str:
        return NOTE.to(self.lang)

    def learn(self, text: str) -> None:
        """Before anything is hidden: what one text says of a number counts in all."""
        for piece in self._pieces(text):
            self._code(piece, text)

    def hidden(self, text: str, *, by_person: bool = False) -> str:
        """With what stands for it. `by_person`: what looks like ours is theirs."""
        if not text:
            return text
        text = self._disarmed(text, by_person)
        parts: list[str] = []
        at = 0
        for piece in self.spots(text):
            code = self._code(piece, text)
            parts += [
                text[at : piece.start],
                f"[{NAMES[piece.kind]}-{code}]" if code else f"[{NAMES[piece.kind]}]",
            ]
            at = piece.end
        return "".join([*parts, text[at:]])

    def spots(self, text: str) -> list[Piece]:
        """What is to be hidden in it."""
        found = self._pieces(text)
        return apart([*found, *again(text, self._known)]) if self._known else found

    def shown(self, text: str, *, plainly: bool = False, in_json: bool = False) -> str:
        """With what was hidden put back. `plainly`: as a program wants it; `in_json`: within its quotes."""
        values = self._plain if plainly else self._written

        def back(found: re.Match[str]) -> str:
            value = values.get(_code_of(found))
            if value is None:
                return found[0]
            return json.dumps(value, ensure_ascii=False)[1:-1] if in_json else value

        return WHOLE.sub(back, text) if values else text

    def in_words(self, text: str) -> str:
        """With what each is in its place."""
        return in_words(text, self.kinds, self.lang)

    def growing(self) -> "Growing":
        return Growing(self)

    def settled(self, text: str) -> int:
        """Up to where nothing that is written behind it changes what is put back."""
        behind = max(0, len(text) - LONGEST)
        last = UNFINISHED.search(text, behind)
        end = last.start() if last else len(text)
        for found in WHOLE.finditer(text):
            if found.start() < end < found.end():
                return found.start()
        return end

    def _pieces(self, text: str) -> list[Piece]:
        if (found := self._looked.get(text)) is None:
            if len(self._looked) >= MOST_TEXTS:
                self._looked.clear()
            found = self._looked[text] = pieces(text, self.kinds)
        return found

    def _code(self, piece: Piece, text: str) -> str:
        """ "": there are too many."""
        if (code := self._codes.get(piece.same)) is not None:
            return code
        if len(self._codes) >= MOST:
            return ""
        code = code_of(self.key, f"{piece.kind}\0{piece.same}")
        self._codes[piece.same] = code
        self._known[piece.same] = piece.kind
        written = text[piece.start : piece.end]
        self._written[code] = written
        self._plain[code] = _plainly(written, piece)
        return code

    def _disarmed(self, text: str, by_person: bool) -> str:
        def less(found: re.Match[str]) -> str:
            if not by_person and _code_of(found) in self._written:
                return found[0]
            return f"({re.split(BETWEEN, found['inner'] or found['bare'], maxsplit=1)[0]})"

        return WHOLE.sub(less, text)


def _code_of(found: "re.Match[str]") -> str:
    return (found["inner"] or found["bare"])[-LENGTH:].upper()


def _plainly(written: str, piece: Piece) -> str:
    return piece.same if piece.kind in ("phone", "id_card", "card") else narrow(written)


def code_of(key: bytes, what: str) -> str:
    number = int.from_bytes(hmac.digest(key, what.encode(errors="replace"), hashlib.sha256), "big")
    signs = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        signs.append(LETTERS[place])
    return "".join(signs)


def key_for(mark: Callable[[str], str], agent: str, sender: str) -> bytes:
    """Of one conversation; `mark`: what only this installation can make of a text."""
    return mark(f"mask {agent}\0{sender}").encode()


def in_words(text: str, kinds: Collection[Kept], lang: str) -> str:
    """With what each is instead of it: for voices and pictures, which nobody puts back."""
    for piece in reversed(pieces(text, kinds)):
        text = f"{text[: piece.start]}{TITLES[piece.kind].to(lang)}{text[piece.end :]}"
    return text


class Growing:
    """A text that comes in pieces, put back: the same in the end, however it is cut."""

    def __init__(self, standing: Standing) -> None:
        self._standing, self._held = standing, ""

    def take(self, piece: str) -> str:
        self._held += piece
        end = self._standing.settled(self._held)
        done, self._held = self._held[:end], self._held[end:]
        return self._standing.shown(done)

    def end(self) -> str:
        done, self._held = self._held, ""
        return self._standing.shown(done)
