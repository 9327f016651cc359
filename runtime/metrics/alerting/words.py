"""What an owner reads on the phone: words where Prometheus has names of labels' values."""

import re
from collections.abc import Callable, Mapping

from runtime.lang import Lang, Text
from runtime.metrics.alerting.alert import Alert

BLANK = re.compile(r"\\\{(\w+)\\\}")
"""In a sentence whose signs were escaped."""
WORDS: Mapping[str, Mapping[str, Text]] = {
    "outcome": {
        "not_stored": Text("磁盘或数据库不收", "disk or database refuse them"),
        "bug": Text("程序出错了", "the program failed"),
        "signature": Text("签名不对", "the signature is wrong"),
        "replay": Text("是旧请求", "they are old"),
    },
    "state": {
        "dead": Text("读不出来", "it cannot be read"),
        "failing": Text("最近几条都没答上来", "the newest messages were not answered"),
    },
    "on": {
        "schedule": Text("定时", "a schedule"),
        "webhook": Text("外部调用", "a call from outside"),
        "event": Text("事件", "an event"),
        "reminder": Text("提醒", "a reminder"),
    },
    "of": {
        "pushes": Text("推送", "messages sent"),
        "uploads": Text("上传", "uploads"),
        "tokens": Text("令牌", "tokens"),
    },
    "process": {"models": Text("模型", "models"), "search": Text("搜索", "search")},
    "budget": {"all": Text("（全部）", "(of everything)")},
    "code": {
        "auth": Text("密钥不对", "the key is wrong"),
        "quota": Text("余额或额度没了", "balance or quota is used up"),
        "rate_limit": Text("问得太快", "it is asked too often"),
        "timeout": Text("太慢", "it is too slow"),
        "connection": Text("连不上", "it cannot be reached"),
        "server": Text("对方出错", "it fails"),
        "not_found": Text("没有这个模型", "there is no such model"),
        "region": Text("这个地区不能用", "it may not be used from here"),
        "malformed": Text("回答看不懂", "its answers are unreadable"),
    },
}
Titled = Callable[[str], Text | None]
"""What a channel is called, None for one that there is not."""


def plain(alert: Alert, said: str, lang: Lang, titled: Titled) -> str:
    """The sentence in which Prometheus filled in names, with words instead. Another one stays as it is."""
    sentence = alert.says.to(lang)
    names = BLANK.findall(re.escape(sentence))
    form = BLANK.sub(lambda _: "(.{1,200}?)", re.escape(sentence))
    if not names or not (found := re.fullmatch(form, said)):
        return said
    values = zip(names, found.groups(), strict=True)
    return alert.says.fill(**{name: _word(name, value, titled) for name, value in values}).to(lang)


def _word(name: str, value: str, titled: Titled) -> Text | str:
    word = titled(value) if name == "channel" else WORDS.get(name, {}).get(value)
    return word or value
