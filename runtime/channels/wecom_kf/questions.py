"""What a check-up asks about a customer-service account, without writing to anybody.

https://developer.work.weixin.qq.com/document/path/94661
"""

from collections.abc import Sequence

from runtime.channels import ApiAnswer, ApiRequest, Checked, Question, Told
from runtime.channels._text.printable import clean
from runtime.channels.wecom_kf.account import Account
from runtime.channels.wecom_kf.codes import ANSWERS, is_done
from runtime.lang import Text

TITLE = Text("客服账号归这个应用管理", "The app manages the account")
OURS = Text("客服账号「{name}」由这个应用管理。", "The account {name!r} is managed by this app.")
NOT_OURS = Text(
    "这个应用管理的客服账号里没有 {id}。", "{id} is not among the accounts that this app manages."
)
ASSIGN = Text(
    "到企业微信管理后台「微信客服 → API」，把这个客服账号交给应用管理；或核对 open_kfid。",
    "In WeCom's console under [微信客服 → API], let the app manage this account; or compare the open_kfid.",
)


class KfQuestions(Checked):
    settings: Account

    def questions(self) -> Sequence[Question]:
        request = ApiRequest("/cgi-bin/kf/account/list", {"offset": 0, "limit": 100})
        return [Question("kf_account", TITLE, request, self._listed)]

    def _listed(self, answer: ApiAnswer) -> Told:
        listed = answer.data.get("account_list")
        if not is_done(answer.data) or not isinstance(listed, list):
            raise ANSWERS.failure(answer.data if not is_done(answer.data) else {})
        id = self.settings.open_kfid
        found = [one for one in listed if isinstance(one, dict) and one.get("open_kfid") == id]
        if not found or found[0].get("manage_privilege") is False:
            return Told(False, NOT_OURS.fill(id=id), ASSIGN)
        return Told(True, OURS.fill(name=clean(str(found[0].get("name", "")))[:40]))
