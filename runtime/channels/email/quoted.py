"""What somebody wrote in a letter, without what they quoted below and their signature."""

import re

BEGINS = re.compile(
    r"""(?imx) ^[ \t>*]*+ (?:
      -{2,} \s* (?: original\ message | forwarded\ message | 原始邮件 | 原邮件 | 转发邮件 | 回复的原邮件 )
      \s* -{2,}
    | -{6,} \s* (?: 原始邮件 | 回复的邮件信息 ) \s* -*
    | (?: on | am | le | el | il | op ) \s .{4,200}
      (?: wrote | schrieb | a\ écrit | escribió | ha\ scritto | schreef ) (?: \s .{0,80} )? \s* [:：]
    | (?: 在 \s* )? .{4,200} (?: 写道 | 寫道 | 写到 ) \s* [:：]
    | .{0,200} さん (?: は | が ) .{0,80} 書きました \s* [:：]?
    | (?: from | von | de | 发件人 | 寄件人 | 差出人 ) \s* [:：] .{1,300} \n [ \t>*]*
      (?: sent | date | gesendet | envoyé | to | 发送时间 | 發送日期 | 日期 | 收件人 | 送信日時 ) \s* [:：]
    | _{20,} \s* $
    )"""
)
"""As the usual programs say it: Outlook, Gmail, Apple, Thunderbird, QQ, 163, in some languages."""
SIGNATURE = re.compile(
    r"""(?imx) ^ (?:
      --\ ?$
    | (?: 发自 | 傳送自 | 从我的 | 寄自 ) \s* (?: 我的 )? .{0,30}
      (?: iphone | ipad | 手机 | 邮箱 | android | 小米 | 华为 | 安卓 ) .{0,30} $
    | sent\ from\ (?: my | mail\ for | outlook\ for | yahoo ) .{0,60} $
    | get\ outlook\ for\ .{0,60} $
    | von\ meinem\ .{0,40} gesendet .? $
    | envoyé\ de\ mon\ .{0,40} $
    )"""
)
WRAPPED = re.compile(r"(?im)^([ \t]*(?:on|am|le)\s[^\n]{4,160})\n([^\n]{0,160}(?:wrote|schrieb|a écrit)\s*:)")
"""Programs that break lines break this one, too."""
LONGEST_LINE = 2000


def own_words(text: str) -> str:
    """The letter's own; all of it where nothing of its own can be told."""
    text = "\n".join(line[:LONGEST_LINE].rstrip() for line in text.replace("\r\n", "\n").split("\n"))
    text = WRAPPED.sub(r"\1 \2", text)
    found = BEGINS.search(text)
    above = _unquoted(text[: found.start()]) if found else _unquoted(text)
    if not above and found:
        above = _unquoted(BEGINS.sub("", text))  # somebody who answers below
    return above or text.strip()


def _unquoted(text: str) -> str:
    if signature := SIGNATURE.search(text):
        text = text[: signature.start()]
    lines = [line for line in text.split("\n") if not line.lstrip().startswith(">")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
