"""A Mini Program's customer-service window, with whoever writes there.

Who comes by wx.login talks to us directly, and needs of WeChat a code alone: `sign_in`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from runtime.lang import Text
from runtime.simulator import Kind
from runtime.simulator.miniprogram.platform import MiniProgramPlatform
from runtime.simulator.wechat.account_played import WeChat
from runtime.simulator.wechat.accounts import Account, Mode
from runtime.simulator.wechat.followed import FollowedSimulation
from runtime.simulator.wechat.phone import Bubble, Delivered, Phone
from runtime.simulator.wechat.platform import Sent
from runtime.simulator.wechat.wire import Reply

APP_ID, ORIGINAL_ID = "wx3c8f2a9d51e7b640", "gh_8a1d4f7b2c9e"
TEMPLATE = "Pl4yedT3mplate_of-a-notice"
CARDS = {"link": ("title", "description", "url"), "miniprogrampage": ("title", "pagepath")}
"""What is read of each."""
NO_REPLIES = "the window shows nothing of a response"


class Window(WeChat):
    """What people see of it."""

    out_of_service: ClassVar[str] = "该小程序客服暂时无法提供服务，请稍后再试"

    async def enter(self, phone: Phone, came_from: str = "") -> Delivered:
        """A person comes into it, from a button with `session-from`."""
        return await self.event(phone, "user_enter_tempsession", trigger="enter", SessionFrom=came_from)

    async def judged(self, trace: str, suggest: str, label: int) -> Delivered:
        """What came of a picture that was to be looked at."""
        assert isinstance(self.platform, MiniProgramPlatform)
        fields = self.platform.inspector.event(self.account, trace, suggest, label)
        return await self._deliver(self.phone(fields["FromUserName"]), f"event {trace}", fields)

    def _pushed(self, sent: Sent) -> None:
        if sent.kind not in CARDS:
            return super()._pushed(sent)
        card = json.loads(sent.text)
        words = "\n".join(filter(None, (card[name] for name in CARDS[sent.kind])))
        self.show(self.phone(sent.to), Bubble(sent.at, "account", words, "push"))

    def _conclude(self, phone: Phone, mark: str, attempt: int, reply: Reply, began: float) -> Delivered:
        if reply.kind in ("text", "other"):  # only Official Accounts answer so
            reply = Reply("fault", NO_REPLIES)
        return super()._conclude(phone, mark, attempt, reply, began)


class MiniProgramSimulation(FollowedSimulation):
    kinds: ClassVar[Mapping[str, Kind]] = {
        "safe": Kind(
            Text("小程序客服消息，安全模式", "Customer-service window, safe mode"),
            Text(
                "用户写一条，48 小时内最多回 5 条；主动通知用订阅消息，同意一次发一条。",
                "5 messages within 48 h of each that a person writes; told unasked by subscription messages, "
                "one for each yes.",
            ),
        ),
        "plain": Kind(
            Text("小程序客服消息，明文模式", "Customer-service window, in the clear"),
            Text("同上，推送不加密。", "The same; what is pushed is not encrypted."),
        ),
    }
    crowded_kind: ClassVar[str] = "safe"
    plays: ClassVar[type[WeChat]] = Window

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        mode: Mode = "plain" if kind == "plain" else "safe"
        self._account = Account(mode=mode, wire="json", app_id=APP_ID, original_id=ORIGINAL_ID)
        self._clock = clock
        self._platform = self.platform = MiniProgramPlatform(self._account, clock)
        self.platform.subscriptions.templates[TEMPLATE] = ("thing1", "time2")
        fields = "thing1={text}\ntime2={time}"
        self.settings = {**self._account.settings, "template_id": TEMPLATE, "template_data": fields}
        self._wechat = None

    @property
    def window(self) -> Window:
        """Once it is connected."""
        assert isinstance(self._wechat, Window)
        return self._wechat

    def sign_in(self, number: int) -> str:
        """The code of one of the people who write."""
        return self.platform.login(self._person(number))

    def pushes(self) -> tuple[int, int]:
        sent: Sequence[str] = [one.kind for one in self.platform.sent]
        return len(sent) - sent.count("subscribe"), super().pushes()[1]
