"""Why a callback of Tencent's is refused, where its consoles have words of their own for what is compared."""

from runtime.channels import Words
from runtime.channels._border.refusals import REASONS as ANYWHERE
from runtime.channels._border.refusals import UNKNOWN
from runtime.lang import Text

REASONS = {
    **ANYWHERE,
    "signature": Text(
        "签名不对：这里的 Token 和{console}填写的不一致，或请求不是{platform}发来的。"
        "请把两边的 Token 改成一样。",
        "Bad signature: the Token here differs from the one in {console}, or the request is not from "
        "{platform}. Make the two Tokens equal.",
    ),
    "replayed": Text(
        "同一个签名带来了另一份内容，像是伪造，已丢弃。明文模式挡不住看得见请求的人：请把后台和这里都改成安全模式。",
        "A signature that was used before came with another content; it looks forged and was dropped. "
        "Plaintext mode cannot keep out whoever sees requests: choose safe mode in the console and here.",
    ),
    "downgrade": Text(
        "消息加解密方式不一致。推荐两边都用「安全模式」；若后台只能用明文，请把这里的模式也改为明文。",
        "The encryption modes differ. Choose safe mode on both sides; if the console only offers plaintext, "
        "set the mode here to plain.",
    ),
    "decrypt": Text(
        "消息无法解密：EncodingAESKey 与{console}的不一致。请从后台重新复制完整的 43 位密钥。",
        "Cannot decrypt: the EncodingAESKey differs from the one in {console}. Copy all 43 characters again.",
    ),
    "receive_id": Text(
        "消息是发给另一个账号的：AppID（企业微信为 CorpID）与后台不一致。请核对后重新填写。",
        "The message is for another account: the AppID (WeCom: CorpID) differs. Correct it here.",
    ),
    "method": Text(
        "只接受 GET（验证地址）和 POST（接收消息），无需处理。",
        "Only GET (address check) and POST (messages) are accepted; nothing to do.",
    ),
}
SDK = {
    "-40001": "signature",
    "-40002": "malformed",
    "-40003": "signature",
    "-40004": "decrypt",
    "-40005": "receive_id",
    "-40006": "decrypt",
    "-40007": "decrypt",
    "-40008": "decrypt",
    "-40009": "malformed",
    "-40010": "malformed",
    "-40011": "malformed",
}
"""Numbers of Tencent's own crypto samples, which people search for, and the reasons that they are.

https://developer.work.weixin.qq.com/document/path/90307
"""
TOKEN = Text("Token（长度 / 指纹）", "Token (length / fingerprint)")
AES_KEY = Text("EncodingAESKey（长度 / 指纹）", "EncodingAESKey (length / fingerprint)")
RECEIVE_ID = Text("AppID / CorpID", "AppID / CorpID")
TIME = Text("时间（1970 年起的秒数）", "Time (seconds since 1970)")
LONGEST = 64
"""Characters of what somebody sent that are shown."""


def reason(code: str, words: Words) -> Text:
    """One sentence about a counted refusal: what it means and what to do, in a surface's own words."""
    return words.fill(REASONS.get(SDK.get(code, code), UNKNOWN))


def shown(came: str) -> str:
    """What somebody sent, as far as it can be shown beside what we have."""
    return "".join(one for one in came[:LONGEST] if one.isprintable())
