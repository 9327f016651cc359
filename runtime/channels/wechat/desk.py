"""The account's own customer-service console (网页端客服): people are passed on in the response to a message.

https://developers.weixin.qq.com/doc/service/guide/product/kf/Forwarding_of_messages_to_service_center.html
Sessions: https://developers.weixin.qq.com/doc/service/guide/product/kf/Session_control.html
"""

from typing import ClassVar

from runtime.channels import ApiAnswer, ApiRequest, HandsOver, Standings
from runtime.channels._tencent.answers import Answers, errcode
from runtime.channels.wechat.account import Known
from runtime.channels.wechat.errcodes import ANSWERS

SESSION = 1800.0
"""Seconds after which WeChat itself sends a person's messages to us again."""
STANDINGS = Standings(
    {"agent": ("session",), "session": ("agent",)}, with_agent={"agent"}, with_human={"session"}
)


class Desk(HandsOver):
    """With a named servicer sessions are made and ended by the API, too. Without, only the response can pass
    a person on, and nobody can tell who waits in the queue from who has none."""

    settings: Known
    answers: ClassVar[Answers] = ANSWERS
    desk_seconds: ClassVar[float] = SESSION
    refused_at_desk: ClassVar[frozenset[str]] = frozenset()

    @property
    def hands_over(self) -> bool:
        return self.settings.push and self.settings.handover

    @property
    def standings(self) -> Standings:
        return STANDINGS

    @property
    def at_desk(self) -> str:
        return "session"

    @property
    def given_back(self) -> str:
        return "agent"

    def standing(self, to: str) -> ApiRequest | None:
        if not self.settings.kf_account:
            return None
        return ApiRequest("/customservice/kfsession/getsession", query={"openid": to})

    def stands(self, answer: ApiAnswer) -> str:
        """Without a session the name of its servicer is empty."""
        if errcode(answer.data) not in ("", "0") or "kf_account" not in answer.data:
            raise self.answers.failure(answer.data)
        return "session" if answer.data["kf_account"] else "agent"

    def move(self, to: str, state: str) -> ApiRequest:
        act = "create" if state == "session" else "close"
        body = {"kf_account": self.settings.kf_account, "openid": to}
        return ApiRequest(f"/customservice/kfsession/{act}", body)

    def moved(self, answer: ApiAnswer) -> None:
        if errcode(answer.data) != "0":
            raise self.answers.failure(answer.data)
