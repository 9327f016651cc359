"""An Official Account with many followers who write at the same time."""

from collections.abc import Collection, Sequence
from typing import ClassVar

from runtime.simulator import Crowded, Taken
from runtime.simulator.history import Shown
from runtime.simulator.wechat.simulation import WeChatSimulation


class FollowedSimulation(WeChatSimulation, Crowded):
    crowded_kind: ClassVar[str] = "verified_service"

    @property
    def account(self) -> str:
        return self._account.app_id

    async def written_by(self, number: int, text: str) -> Taken:
        phone = self._played.phone(self._person(number))
        delivered = await phone.write(text)
        return Taken(phone.openid, True if delivered.reply.kind != "fault" else None)

    @staticmethod
    def _person(number: int) -> str:
        return f"o6_bmjrCr0wd6_2sgVt7{number:07d}"

    def told(self) -> Collection[str]:
        return self._played.history.told

    def everybody_saw(self) -> Sequence[Shown]:
        return self._played.history.shown
