"""An account is joined by scanning a code with a phone, instead of by copying secrets."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from runtime.channels._abilities import AsksPlatform
from runtime.channels._wire import ApiAnswer, ApiRequest
from runtime.errors import SendFailed

PAUSES = (2.0, 2.0, 2.0, 30.0)
"""Seconds before another try, when the platform gave no code; the last one goes on."""
BETWEEN = 1.0
"""…and before its state is asked again, after an answer that came at once and told nothing."""

Reached = Literal["shown", "scanned", "digits", "blocked", "elsewhere", "known", "expired", "joined"]
"""What the platform says of a code. shown: nobody scanned it. scanned: to be confirmed on the phone. digits:
those that the phone shows are to be entered here. blocked: too many wrong ones. elsewhere: go on asking at
another host. known: the phone is joined already, with what we said that we have. joined: done."""
Stage = Literal["asking", "shown", "scanned", "digits", "wrong_digits", "joined", "kept", "taken", "given_up"]
"""How far we are. asking: no code yet. kept: what we had goes on working. taken: the phone is joined with
another publication of ours. given_up: nobody scanned any of the codes."""
OVER: frozenset[Stage] = frozenset({"joined", "kept", "taken", "given_up"})


@dataclass(frozen=True)
class ScanCode:
    """`ticket` names it in questions about it; `content` is what its picture holds, mostly a link."""

    ticket: str = field(repr=False)
    content: str = field(repr=False)


@dataclass(frozen=True)
class Progress:
    """`host`: where to go on asking; `settings`: what the scan brought."""

    reached: Reached
    host: str = ""
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)


class Joins(AsksPlatform):
    """Its account is what a scan brings; how that is asked for is what Pairs and Consents say."""

    yields: ClassVar[frozenset[str]]
    """Settings that the scan brings: nobody is asked for them."""
    most_codes: ClassVar[int]
    """That are shown one after another before somebody has to ask for a new one."""
    code_seconds: ClassVar[float]
    """The longest that one lives."""

    @property
    @abstractmethod
    def is_joined(self) -> bool:
        """Whether these settings hold what a scan brings."""


class Pairs(Joins):
    """Its credentials are what a scan brings."""

    @abstractmethod
    def code_request(self, known: Sequence[Mapping[str, str]]) -> ApiRequest:
        """Asks for a code. `known`: settings of what is joined already, for a platform that wants to know."""

    @abstractmethod
    def code(self, answer: ApiAnswer) -> ScanCode:
        """Raises SendFailed."""

    @abstractmethod
    def progress_request(self, ticket: str, digits: str, host: str) -> ApiRequest:
        """Asks how far it is. `digits`: those that the person read from the phone; `host`: see Progress."""

    @abstractmethod
    def progress(self, answer: ApiAnswer) -> Progress:
        """Raises SendFailed."""


class Pairing:
    """One account being joined, without I/O: `next` says what to ask, `answered` is told what came of it."""

    def __init__(self, channel: Pairs, known: Sequence[Mapping[str, str]] = (), *, own: bool = False) -> None:
        """`own`: the one known is what this publication has itself."""
        self._channel, self._known, self._own = channel, known, own
        self.stage: Stage = "asking"
        self.code: ScanCode | None = None
        """What is to be scanned now."""
        self.settings: Mapping[str, str] = {}
        """What the scan brought."""
        self.trouble: SendFailed | None = None
        """Why there is no code, when the platform gave none."""
        self.pause = 0.0
        """Seconds before what is next."""
        self._codes = self._failures = 0
        self._until = 0.0
        self._digits = self._host = ""

    @property
    def is_over(self) -> bool:
        return self.stage in OVER

    @property
    def wants_digits(self) -> bool:
        return self.stage in ("digits", "wrong_digits") and not self._digits

    def enter(self, digits: str) -> None:
        """What the person read from the phone."""
        if self.wants_digits:
            self._digits = digits

    def next(self, now: float) -> ApiRequest | None:
        """None: it is over, or waits for digits. `now` in seconds of a clock that does not jump."""
        if self.code is not None and not self.is_over and now >= self._until:
            self._anew()
        if self.is_over or self.wants_digits:
            return None
        if self.code is None:
            return self._channel.code_request(self._known)
        return self._channel.progress_request(self.code.ticket, self._digits, self._host)

    def answered(self, answer: ApiAnswer, now: float) -> None:
        """To what `next` said. An answer that cannot be read is as none."""
        self.pause = 0.0
        try:
            if self.code is None:
                self._show(self._channel.code(answer), now)
            else:
                self._reach(self._channel.progress(answer))
        except SendFailed as e:
            self.unanswered(e)

    def unanswered(self, error: SendFailed, waited: float = 0.0) -> None:
        """Nothing came, after so many seconds. Of a code that is shown that only says: not scanned yet."""
        if self.code is not None:
            self.pause = max(0.0, PAUSES[0] - waited)
            return
        self.trouble = error
        self.pause = PAUSES[min(self._failures, len(PAUSES) - 1)]
        self._failures += 1

    def _show(self, code: ScanCode, now: float) -> None:
        self.code, self.stage, self.trouble = code, "shown", None
        self._codes, self._failures, self._digits, self._host = self._codes + 1, 0, "", ""
        self._until = now + self._channel.code_seconds

    def _reach(self, progress: Progress) -> None:
        self.pause = BETWEEN
        match progress.reached:
            case "shown":
                if self.stage not in ("scanned", "wrong_digits", "digits"):
                    self.stage = "shown"
            case "scanned":
                self.stage, self._digits = "scanned", ""
            case "digits":
                self.stage, self._digits = ("wrong_digits" if self._digits else "digits"), ""
            case "elsewhere":
                self._host = progress.host
            case "blocked" | "expired":
                self._anew()
            case "known":
                self.stage, self.code = ("kept" if self._own else "taken"), None
            case "joined":
                self.stage, self.code, self.settings = "joined", None, progress.settings

    def _anew(self) -> None:
        """This code is of no use any more."""
        self.code, self._digits, self._host = None, "", ""
        self.stage = "given_up" if self._codes >= self._channel.most_codes else "asking"
