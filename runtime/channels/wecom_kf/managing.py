"""What can be looked after of customer service from here: its accounts, and from where its callbacks come.

https://developer.work.weixin.qq.com/document/path/94661
"""

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.channels import Line, Management, Neighbour
from runtime.channels._tencent.managing import asks, enterprise, items, text
from runtime.channels._text.printable import clean
from runtime.channels.wecom_kf.codes import ANSWERS

MOST = 100
LONGEST_NAME = 60


def _listed(found: Mapping[str, Any]) -> Sequence[Any]:
    return items(found.get("customer_list", []))


class KfManagement(Management):
    """Through wechatpy's client, which knows no customer service: its accounts are asked for by path."""

    failure = staticmethod(ANSWERS.failure)

    def __init__(self, channel: Any, line: Line, token: str) -> None:
        super().__init__(channel, line, token)
        self._client = enterprise(line.host, line.session, channel.settings.corp_id, token)

    @asks
    def accounts(self) -> Sequence[Neighbour]:
        found = self._client.post("kf/account/list", data={"offset": 0, "limit": MOST})
        return [Neighbour(text(one["open_kfid"]), text(one["name"])) for one in items(found["account_list"])]

    @asks
    def names(self, people: Sequence[str]) -> Mapping[str, str]:
        """https://developer.work.weixin.qq.com/document/path/95159"""
        wanted = {"external_userid_list": list(people)[:MOST], "need_enter_session_context": 0}
        found = self._client.post("kf/customer/batchget", data=wanted)
        told = {text(one["external_userid"]): text(one.get("nickname") or "") for one in _listed(found)}
        return {id: clean(name)[:LONGEST_NAME] for id, name in told.items() if id in people and name.strip()}

    @asks
    def callback_addresses(self) -> Sequence[str]:
        return [text(one) for one in items(self._client.misc.get_wechat_ips())]
