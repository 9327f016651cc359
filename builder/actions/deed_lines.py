"""What a record of the audit log says that it was and is, and who and where that was, in words.

The log itself is in no language: names of fields, permissions and roles by their ids. Values of people's own
stay as they are.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runtime.access.audit.record import COMMAND_LINE
from runtime.access.permissions import Permission
from runtime.access.proof import WORDS as PROOFS
from runtime.access.roles import TEMPLATES
from runtime.lang import NOTHING, Text, as_it_is, joined

NAMES: Mapping[str, Text] = {
    "account": Text("账号", "account"),
    "agent": Text("智能体", "agent"),
    "agents": Text("智能体", "agents"),
    "api_key": Text("密钥", "API key"),
    "base": Text("资料库", "base"),
    "blocks": Text("步骤", "blocks"),
    "by_email": Text("按邮箱认人", "known by e-mail"),
    "channel": Text("渠道", "channel"),
    "currency": Text("货币", "currency"),
    "days": Text("保留天数", "days kept"),
    "default_model": Text("默认模型", "default model"),
    "default_role": Text("默认角色", "default role"),
    "description": Text("说明", "description"),
    "email": Text("邮箱", "e-mail"),
    "embedding": Text("向量模型", "embedding model"),
    "enabled": Text("启用", "enabled"),
    "endpoints": Text("模型服务", "model server"),
    "expires_at": Text("到期", "expires"),
    "hosts": Text("可以发往", "may go to"),
    "input": Text("输入价格", "price of input"),
    "invitation": Text("邀请链接", "invitation"),
    "invited_until": Text("邀请有效到", "invitation until"),
    "issuer": Text("发行者地址", "issuer"),
    "it": Text("它", "it"),
    "keys": Text("密钥", "keys"),
    "longest": Text("最长", "longest"),
    "mapped": Text("由登录得到的角色", "roles by sign-in"),
    "megabytes_per_day": Text("每天多少 MB", "MB a day"),
    "messages": Text("消息", "messages"),
    "models": Text("模型", "models"),
    "money": Text("金额", "money"),
    "money_per_day": Text("每天金额", "money a day"),
    "name": Text("名字", "name"),
    "operates": Text("可以处理工单", "operates the desk"),
    "options": Text("选项", "options"),
    "otherwise": Text("不然用", "otherwise"),
    "output": Text("输出价格", "price of output"),
    "passages": Text("资料段落", "passages"),
    "password": Text("密码", "password"),
    "paused_at": Text("暂停于", "paused at"),
    "paused_text": Text("暂停时说", "said while paused"),
    "per_day": Text("每天次数", "a day"),
    "per_minute": Text("每分钟次数", "a minute"),
    "permissions": Text("权限", "permissions"),
    "prefix": Text("开头", "begins with"),
    "prompt": Text("提示词", "prompt"),
    "provider": Text("服务商", "provider"),
    "public_url": Text("公网地址", "public address"),
    "publications": Text("发布", "publication"),
    "put in": Text("加进", "put in"),
    "recently deleted": Text("最近删除", "recently deleted"),
    "revoked_at": Text("作废于", "revoked at"),
    "revoked_by": Text("作废的人", "revoked by"),
    "role_rules": Text("角色的规则", "rule of role"),
    "roles": Text("角色", "roles"),
    "second_factor": Text("两步验证", "two steps"),
    "secrets": Text("密钥", "secrets"),
    "settings": Text("设置", "settings"),
    "sources": Text("资料", "sources"),
    "splitting": Text("切分", "splitting"),
    "taken out": Text("拿掉", "taken out"),
    "tests": Text("测试", "tests"),
    "text": Text("内容", "text"),
    "timezone": Text("时区", "time zone"),
    "title": Text("标题", "title"),
    "tokens": Text("词元", "tokens"),
    "tokens_per_day": Text("每天词元", "tokens a day"),
    "users": Text("成员", "member"),
    "value": Text("值", "value"),
    "version": Text("版本", "version"),
    "words": Text("词数", "words"),
}  # fmt: skip
VALUES: Mapping[str, Text] = {
    "added": Text("加上了", "added"),
    "changed": Text("换过了", "changed"),
    "moved": Text("移动了", "moved"),
    "no": Text("否", "no"),
    "removed": Text("删掉了", "removed"),
    "there": Text("有", "there"),
    "yes": Text("是", "yes"),
}
ALONE: Mapping[str, Text] = {
    **PROOFS,
    **VALUES,
    "by_email": NAMES["by_email"],
    "e-mail": NAMES["email"],
    "enabled": NAMES["enabled"],
    "gone": Text("链接用过了或者过期了", "the link was used or has expired"),
    "is_strong": Text("自带两步验证", "asks for two steps itself"),
    "not required": Text("不要求", "not required"),
    "passwords too": Text("也可以用密码", "passwords too"),
    "proof": Text("凭证不对", "no proof"),
    "provider": Text("登录服务出错", "the provider failed"),
    "required": Text("要求", "required"),
    "unknown": Text("这里没有这个人", "nobody here"),
}
"""What stands by itself, without a name: by what somebody came in, for the most part."""
IDS: Mapping[str, Text] = {
    **{one.id: one.words for one in Permission},
    **{one.id: one.name for one in TEMPLATES.values()},
}
THEIRS = ("description", "name", "paused_text", "put in", "taken out", "text", "title")
"""Fields in which people write what they like."""
GIVES = ("roles", "permissions", "mapped", "default_role")
"""Fields that hold ids of roles and permissions."""
WHO: Mapping[str, Text] = {
    COMMAND_LINE: Text("命令行", "command line"),
    "nobody": Text("没有登录的人", "nobody signed in"),
    "system": Text("程序自己", "the program itself"),
    "everybody": Text("所有人", "everybody"),
}
SESSION = re.compile(r"(.*) session ([0-9a-f]{8})")
FROM = Text("{address}，登录 {session}", "{address}, session {session}")
SEPARATE = re.compile(r", (?![^()]*\))")
SPACE, DOT, COMMA = Text(" ", " "), Text(" · ", " · "), Text("、", ", ")


@dataclass(frozen=True)
class Change:
    """None: it was not there, or is no more."""

    name: Text
    was: Text | None
    now: Text | None


def changes(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    """What was and what is, side by side where both say it of the same: "name: value"."""
    left = [_named(line) for line in after]
    found = []
    for name, was in map(_named, before):
        same = next((one for one in left if name and one[0] == name), None)
        if same:
            left.remove(same)
        found.append(Change(_name(name), _value(name, was), _value(name, same[1]) if same else None))
    return [*found, *(Change(_name(name), None, _value(name, now)) for name, now in left)]


def who(id: str) -> Text:
    return WHO.get(id) or as_it_is(id)


def origin(of: str) -> Text:
    if found := SESSION.fullmatch(of):
        return FROM.fill(address=found[1], session=found[2])
    return WHO.get(of) or as_it_is(of)


def _named(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(": ")
    return (name, value) if colon else ("", line)


def _name(name: str) -> Text:
    """Word by word what we call things; ids between them as they are."""
    if not name:
        return NOTHING
    return NAMES.get(name) or joined((_dotted(one) for one in name.split(" ")), SPACE)


def _dotted(token: str) -> Text:
    parts = token.split(".")
    if not any(part in NAMES for part in parts):
        return as_it_is(token)
    return joined((NAMES.get(part) or as_it_is(part) for part in parts), DOT)


def _value(name: str, value: str) -> Text:
    last = name.rpartition(" ")[2].rpartition(".")[2]
    if last in THEIRS:
        return as_it_is(value)
    if not name and value in ALONE:
        return ALONE[value]
    if value in VALUES:
        return VALUES[value]
    if not name or last in GIVES:
        return joined((_given(one) for one in SEPARATE.split(value)), COMMA)
    return as_it_is(value)


def _given(value: str) -> Text:
    """A permission or a role; "editor (shop)" is one on chosen agents."""
    id, space, where = value.partition(" ")
    if (known := IDS.get(id)) is None:
        return as_it_is(value)
    return joined((known, as_it_is(where)), SPACE) if space else known
