"""What an account may do: found out, remembered, and looked at again when something stands in its way.

An account in trouble rests: nothing more is sent into a broken API. It is probed, which sends nothing to
anybody, until it is well; then what was held meanwhile goes out. Trouble that does not pass blocks: callbacks
are answered passively until the account is well.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field

from runtime.channels import Continues, Pushes
from runtime.errors import SendFailed, StoreFailed
from runtime.gateway.context import Context
from runtime.gateway.delivery import tokens
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.delivery.tokens import ACCOUNTS, NO_TOKEN
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.newest import Newest

log = logging.getLogger(__name__)

AGAIN = 60.0
"""Seconds before an account that could not be asked is asked again."""
ANEW = 3600.0
"""…and one that may not push: it may have been verified meanwhile."""
INSTANT = 1e-6
"""Seconds: a timer may wake that much early, and is not set again for it."""
DAY = 86_400.0
AFTER_MIDNIGHT = 30.0
"""Seconds: clocks differ."""
PUBLICATIONS = 100
"""Of one account."""
LASTING = 2
"""Troubles in a row from which on it is no passing one."""

CHECKING = SendFailed(
    Text("正在确认能否发送。", "Finding out whether messages can be sent."), code="checking"
)


@dataclass
class _Account:
    """Times are the event loop's."""

    channel: Pushes
    surfaces: Newest[str, Surface] = field(default_factory=lambda: Newest(PUBLICATIONS))
    """Its publications, as they are now."""
    can: bool | None = None
    asked_at: float = float("-inf")
    asking: asyncio.Task[None] | None = None
    trouble: SendFailed | None = None
    until: float = 0.0
    """When it is probed, while it is in trouble."""
    spells: int = 0
    """Troubles since a message was sent."""
    told: bool = False
    """The owner was told of it."""
    anew: asyncio.Event = field(default_factory=asyncio.Event)
    """It was published again: it need not rest any longer."""

    @property
    def fact(self) -> str:
        """Under which it is remembered whether it may push."""
        kind = next(iter(self.surfaces.values())).publication.channel
        return f"can_push {kind} {self.channel.account}"

    @property
    def rest(self) -> float:
        """Seconds without a call, for as many troubles as there were."""
        rests = self.channel.rests
        return rests[max(0, min(self.spells, len(rests)) - 1)]

    @property
    def is_blocked(self) -> bool:
        return self.trouble is not None and (
            self.trouble.code in self.channel.codes.blocking or self.spells >= LASTING
        )


class Abilities:
    """`can_push` is True, False, or None while it is not known."""

    def __init__(self, context: Context, sender: Sender) -> None:
        self._messages = context.messages
        self._surfaces = context.surfaces
        self._sender = sender
        self._doctor = context.doctor
        self._background = context.background
        self._clock = context.clock
        self._accounts = Newest[tokens.Account, _Account](ACCOUNTS)
        self.well = asyncio.Queue[Surface]()
        """Publications of accounts that could not push, or did not get something through, and are well."""

    def can_push(self, surface: Surface) -> bool | None:
        """Never waits: asks the platform in the background when it is not known, or may have changed."""
        account = self._account(surface)
        if account is None or account.is_blocked:
            return False
        pause = AGAIN if account.can is None else ANEW
        if account.can is not True and _now() - account.asked_at > pause and account.trouble is None:
            account.asked_at = _now()
            account.asking = self._background.start(self.find_out(surface))
        return account.can

    def is_resting(self, surface: Surface) -> bool:
        """Nothing is to be sent just now; what is held meanwhile goes out by itself."""
        account = self._account(surface)
        return account is not None and account.trouble is not None

    def probing(self, surface: Surface) -> asyncio.Task[None] | None:
        """The question that is under way, if one is."""
        account = self._account(surface)
        return account.asking if account else None

    async def find_out(self, surface: Surface) -> None:
        """Recall or probe. Leaves it unknown when the platform cannot be asked."""
        account = self._account(surface)
        if account is None:
            return
        account.asked_at = _now()
        if account.can is None:
            account.can = await self._recall(account)
        if account.can:
            return
        try:
            await self._learn(account, await self._sender.probe(surface))
        except SendFailed as e:
            log.warning("cannot tell whether %s may push: %s", account.channel.account, e.text.en)
            if _is_of_account(account, e):
                self._fell_ill(account, e)

    def check(self, surface: Surface) -> None:
        """Something waits to be sent since an earlier process: find out, then send it."""
        account = self._account(surface)
        if account and account.trouble is None:
            account.trouble, account.until = CHECKING, _now()
            self._background.start(self._recover(account))

    async def refused(self, surface: Surface, error: SendFailed) -> None:
        """Learn from a failure that concerns the account and not the person or the message."""
        account = self._account(surface)
        if account is None:
            return
        if error.code in account.channel.codes.forbidden:
            await self._learn(account, False)
        elif _is_of_account(account, error):
            self._fell_ill(account, error)

    def heard(self, surface: Surface) -> None:
        """Somebody wrote, which may end what kept them from being sent to."""
        if isinstance(surface.channel, Continues) and surface.channel.renews:
            self.look_again(surface)

    def look_again(self, surface: Surface) -> None:
        """Something changed for the better, such as a connection that is there again: it need not rest."""
        account = self._account(surface)
        if account is None:
            return
        account.anew.set()
        if account.trouble is None and account.can is not True:
            account.asking = self._background.start(self.find_out(surface))

    def worked(self, surface: Surface) -> None:
        """A push got through."""
        if account := self._account(surface):
            account.spells = 0

    def _account(self, surface: Surface) -> _Account | None:
        """None when it may not push at all. Notices when it was published again."""
        channel = surface.pusher
        if channel is None or not channel.may_push:
            return None
        account = self._accounts.of(tokens.account(channel), lambda: _Account(channel))
        known = account.surfaces.get(surface.id)
        if known is not surface:
            account.surfaces[surface.id], account.channel = surface, channel
            if known is not None:
                account.asked_at, account.spells = float("-inf"), 0
                account.anew.set()
        return account

    def _fell_ill(self, account: _Account, error: SendFailed) -> None:
        """The newest trouble counts; it is over when a probe says so, and not by itself."""
        seconds = self._blocked_for(account, error)
        is_new = account.trouble is None
        if is_new or account.trouble is CHECKING:
            account.spells += 1
        if seconds is None:
            if not is_new and account.trouble is not CHECKING:
                return
            seconds = max(account.rest, error.wait)
        account.trouble = error
        account.until = max(account.until, _now() + seconds)
        account.anew.clear()
        self._tell(account)
        if is_new:
            self._background.start(self._recover(account))

    def _blocked_for(self, account: _Account, error: SendFailed) -> float | None:
        """Seconds; None for what is no block."""
        codes = account.channel.codes
        if (east := codes.daily.get(error.code)) is not None:
            return DAY - (self._clock() + east) % DAY + AFTER_MIDNIGHT
        return codes.blocking.get(error.code)

    async def _recover(self, account: _Account) -> None:
        """Rest and probe until the account is well; then let out what was held."""
        can = False
        while account.trouble:
            while (left := account.until - _now()) > INSTANT and not account.anew.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(account.anew.wait(), left)
            account.anew.clear()
            surface = self._living(account)
            if surface is None:
                account.trouble = None  # nobody has this account any more
                return
            try:
                can = await self._sender.probe(surface)
            except SendFailed as e:
                if not _is_of_account(account, e):
                    can, account.trouble = account.can is not False, None  # it answers; sending will tell
                    break
                account.spells += 1
                log.info("%s is not well yet: %s", account.channel.account, e.text.en)
                seconds = self._blocked_for(account, e)
                seconds = max(account.rest, e.wait) if seconds is None else seconds
                account.trouble, account.until = e, _now() + seconds
                self._tell(account)
            else:
                account.trouble = None
        if account.told:
            account.told = False
            for id in account.surfaces:
                self._doctor.trouble(id, None, self._clock())
        await self._learn(account, can, is_well=True)

    def _living(self, account: _Account) -> Surface | None:
        """The newest of its publications; those that have another account by now, or none, are let go."""
        for id in list(account.surfaces):
            now = self._surfaces.find(id)
            if now and (now.pusher is None or now.pusher.account != account.channel.account):
                del account.surfaces[id]
                if account.told:
                    self._doctor.trouble(id, None, self._clock())
        return next(reversed(account.surfaces.values()), None)

    def _tell(self, account: _Account) -> None:
        """The owner hears of what does not pass by itself at once."""
        if account.is_blocked and account.trouble:
            account.told = True
            for id in account.surfaces:
                self._doctor.trouble(id, account.trouble.text, self._clock())

    async def _learn(self, account: _Account, can: bool, *, is_well: bool = False) -> None:
        is_news, account.can, account.asked_at = account.can is not can, can, _now()
        if is_news:
            await self._remember(account, can)
        if can and (is_well or is_news):
            for surface in account.surfaces.values():
                self.well.put_nowait(surface)

    async def _recall(self, account: _Account) -> bool | None:
        remembered = await self._messages.facts.find(account.fact)
        return None if remembered is None else remembered == "yes"

    async def _remember(self, account: _Account, can: bool) -> None:
        try:
            await self._messages.facts.learn(account.fact, "yes" if can else "no", self._clock())
        except StoreFailed as e:
            log.warning("it is not remembered whether %s may push: %s", account.channel.account, e.text.en)


def _is_of_account(account: _Account, error: SendFailed) -> bool:
    """The account, the API or the way to it is unwell, and not only this message or person."""
    is_way = error.code in ("uncertain", "unreachable", NO_TOKEN) or error.code.startswith("http_")
    return is_way or error.retryable or error.code in account.channel.codes.blocking


def _now() -> float:
    """For durations: the wall clock may jump."""
    return asyncio.get_running_loop().time()
