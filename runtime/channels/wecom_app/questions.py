"""What a check-up asks about an app, without writing to anybody.

https://developer.work.weixin.qq.com/document/path/90363
"""

from collections.abc import Sequence

from runtime.channels import ApiAnswer, ApiRequest, Checked, Question, Told
from runtime.channels._tencent.answers import errcode
from runtime.channels._tencent.qyapi_codes import ANSWERS
from runtime.channels.wecom_app.account import Account
from runtime.lang import Text

TITLE = Text("谁看得到它", "Who sees it")
SEEN = Text("应用有可见的成员。", "There are members who see the app.")
NOT_TOLD = Text("企业微信没有说谁看得到它。", "WeCom does not say who sees it.")
UNSEEN = Text("应用的可见范围是空的，没有成员看得到它。", "The visible range is empty: nobody sees the app.")
ADD = Text(
    "到企业微信管理后台「应用管理 → 这个应用 → 可见范围」，把要用它的成员或部门加进去。",
    "In WeCom's console under [应用管理 → the app → 可见范围] add the members or departments who use it.",
)
RANGE = {"allow_userinfos": "user", "allow_partys": "partyid", "allow_tags": "tagid"}


class AppQuestions(Checked):
    settings: Account

    def questions(self) -> Sequence[Question]:
        request = ApiRequest("/cgi-bin/agent/get", query={"agentid": self.settings.agent_id})
        return [Question("visible", TITLE, request, _visible)]


def _visible(answer: ApiAnswer) -> Told:
    if errcode(answer.data) != "0":
        raise ANSWERS.failure(answer.data)
    listed = [_listed(answer.data.get(name), inner) for name, inner in RANGE.items()]
    if any(listed):
        return Told(True, SEEN)
    return Told(None, NOT_TOLD) if None in listed else Told(False, UNSEEN, ADD)


def _listed(part: object, inner: str) -> list[object] | None:
    """None where the answer does not say."""
    found = part.get(inner) if isinstance(part, dict) else None
    return found if isinstance(found, list) else None
