"""What graph.facebook.com answers, and what a status says why a message did not arrive.

{"error": {"message": "…", "type": "OAuthException", "code": 131047, "fbtrace_id": "…"}}
https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes ; the numbers as in pywa 4.5.0
"""

from collections.abc import Mapping
from typing import Any

from runtime.channels import ApiAnswer, Codes
from runtime.errors import SendFailed
from runtime.lang import Text

HOUR = 3600.0
TOKEN, WINDOW, TOO_LONG = "190", "131047", "template_too_long"
CODES = Codes(
    throttled=frozenset({"2", "4", "80007", "130429", "131016", "131048", "131056", "133016"}),
    unreachable=frozenset({WINDOW, "131026", "131030", "131050", "130472"}),
    blocking={
        TOKEN: HOUR,
        "0": HOUR,
        "10": HOUR,
        "368": HOUR,
        "131031": HOUR,
        "131042": HOUR,
        "131045": HOUR,
    },
    credentials=frozenset({TOKEN, "0", "10"}),
)
FAST = Text("发得太快，会自动慢下来接着发。", "Too fast; it goes on by itself, more slowly.")
TEXTS: Mapping[str, Text] = {
    TOKEN: Text(
        "访问令牌过期或被撤销了。请换成系统用户的永久令牌，再发布一次。",
        "The access token expired or was revoked. Use a system user's permanent token and publish again.",
    ),
    "0": Text("访问令牌不对，请重新复制再发布。", "The access token is wrong: copy it again and publish."),
    "10": Text(
        "访问令牌没有权限。给系统用户 whatsapp_business_messaging 权限并分配这个应用。",
        "The access token may not do this. Give the system user whatsapp_business_messaging and the app.",
    ),
    "368": Text(
        "账号因违反政策被暂停，请到 Meta 后台查看。",
        "The account is suspended by Meta's policy; see its console.",
    ),
    "131031": Text("账号被锁定，请到 Meta 后台查看。", "The account is locked; see Meta's console."),
    "131042": Text(
        "账号的付款有问题，请到 Meta 后台处理。",
        "There is a problem with the account's payment; see Meta's console.",
    ),
    "131045": Text(
        "号码还没有注册，请在 Meta 后台完成注册。",
        "The number is not registered yet; do so in Meta's console.",
    ),
    WINDOW: Text(
        "对方 24 小时没有说话，只能发审核过的模板。等对方再写来，或在设置里填上模板。",
        "The person has not written for 24 hours, so only approved templates may be sent. Wait for their "
        "next message, or "
        "enter a template in the settings.",
    ),
    "131026": Text(
        "送不到：对方没有 WhatsApp，或不接收。",
        "Cannot be delivered: no WhatsApp there, or it is not accepted.",
    ),
    "131030": Text(
        "测试号只能发给名单里的号码。在 API 设置里加上对方的号码。",
        "A test number reaches listed numbers only. Add this one under API Setup.",
    ),
    "131050": Text("对方不再接收商家的推广消息。", "The person stopped marketing messages."),
    "130472": Text(
        "Meta 的试验不让给这个人发这条消息。", "An experiment of Meta's keeps this message from this person."
    ),
    "131051": Text("WhatsApp 不支持这种消息。", "WhatsApp does not support this kind of message."),
    "132000": Text(
        "模板的变量个数不对：正文要只有一个变量 {{1}}。",
        "The template's variables differ: its body needs one, {{1}}.",
    ),
    "132001": Text(
        "没有这个模板，或没有这种语言。请核对模板名和语言。",
        "There is no such template in that language. Compare both.",
    ),
    "132015": Text("模板因质量低被暂停。", "The template is paused for its quality."),
    "132016": Text("模板因质量低被停用。", "The template is disabled for its quality."),
    TOO_LONG: Text("太长：模板里最多放 1024 个字。", "Too long: a template takes 1024 characters."),
    "other": Text(
        "WhatsApp 拒绝了请求（错误码 {code}）。请按错误码查阅 Meta 的文档。",
        "WhatsApp refused the request ({code}). Look the code up in Meta's documentation.",
    ),
}
UNREADABLE = Text(
    "WhatsApp 的回应无法识别，不能确定是否收到。请检查 API 地址和中间的代理。",
    "WhatsApp's answer is unreadable; it may have got it. Check the API host and any proxy in between.",
)


def explained(code: str) -> Text:
    text = FAST if code in CODES.throttled else TEXTS.get(code, TEXTS["other"])
    return text.fill(code=code[:20])


def failure(answer: ApiAnswer, unreadable: str = "unreadable") -> SendFailed:
    """For what is no success. `unreadable`: the code when nobody knows what the platform did."""
    code = number(answer.data.get("error"))
    if not code:
        return SendFailed(UNREADABLE, code=unreadable)
    return SendFailed(explained(code), code=code, retryable=code in CODES.throttled)


def number(error: Any) -> str:
    """The code of an error as it stands in answers and in statuses; "" for none."""
    found = error.get("code") if isinstance(error, dict) else None
    if isinstance(found, bool) or not isinstance(found, int):
        return ""
    return str(found) if 0 <= found < 10**7 else ""
