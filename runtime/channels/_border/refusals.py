"""Why a platform's call is refused, in sentences for any surface. The caller is told nothing of this."""

from collections.abc import Mapping

from runtime.channels import Words
from runtime.channels._guide import NEUTRAL
from runtime.errors import CallbackCode, Compared, Refused
from runtime.lang import Text

REASONS: Mapping[str, Text] = {
    "signature": Text(
        "签名不对：这里的{proof}和{console}里的不一致，或请求不是{platform}发来的。请把两边改成一样。",
        "Bad signature: the {proof} here differs from the one in {console}, or the request is not from "
        "{platform}. Make the two equal.",
    ),
    "stale": Text(
        "请求的时间与服务器相差超过 5 分钟。请校准服务器时钟（开启 NTP 对时）；"
        "若时钟无误，这是一次重放，无需处理。",
        "The request's time differs from ours by more than 5 minutes. Check the clock (turn NTP on); "
        "if it is right, this was a replay and needs nothing.",
    ),
    "account": Text(
        "消息不是发给这个{account}的：这里填写的编号与{console}的不一致。请核对后重新填写。",
        "Addressed to another {account}: an id here differs from the one in {console}. Correct it here.",
    ),
    "malformed": Text(
        "消息内容不完整或格式不对，已丢弃。{platform}不会这样发送；若反复出现，请检查中间的代理是否改动了请求。",
        "The message is incomplete or malformed and was dropped. {platform} does not send such; "
        "if it repeats, check whether a proxy in between changes requests.",
    ),
    "too_large": Text(
        "请求超过 1 MiB，已丢弃。{platform}不会发这么大的消息，无需处理。",
        "Larger than 1 MiB and dropped. {platform} sends nothing that large; nothing to do.",
    ),
    "method": Text(
        "这里现在不接受这样的请求，已丢弃，无需处理。",
        "Such a request is not taken here and was dropped; nothing to do.",
    ),
}
UNKNOWN = Text("请求被拒绝。请核对渠道的各项设置。", "The request was refused. Check the channel's settings.")


def refused(code: CallbackCode, *compared: Compared) -> Refused:
    """It is counted by its code, which the surface explains in words of its own."""
    error = Refused(NEUTRAL.fill(REASONS.get(code, UNKNOWN)), code=code)
    error.compared = compared
    return error


def reason(code: str, words: Words) -> Text | None:
    """One sentence about a counted refusal; None for a code of another kind."""
    found = REASONS.get(code)
    return found and words.fill(found)
