"""Of what the records of the audit log are, in words: what a search offers, not names of our own files."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from runtime.lang import Text, as_it_is


@dataclass(frozen=True)
class Kind:
    words: Text
    areas: tuple[str, ...]
    """What `what` begins with, of pages, of the API and of commands."""


KINDS: Mapping[str, Kind] = {
    "sign-in": Kind(
        Text("登录和账号", "Sign-in and accounts"),
        ("account", "second_factor", "identities", "sso", "password"),
    ),
    "people": Kind(
        Text("成员、角色和密钥", "People, roles and keys"), ("people", "user", "keys", "key", "roles")
    ),
    "agents": Kind(
        Text("智能体", "Agents"),
        (
            *("agents", "agent", "build", "earlier", "steps", "history", "describe", "importing"),
            *("tool_import", "sharing", "shared", "deleted"),
        ),
    ),
    "tests": Kind(Text("测试", "Tests"), ("suites", "taken_cases", "real_cases", "test")),
    "publish": Kind(
        Text("发布和渠道", "Publishing and channels"),
        (
            "publish",
            "published",
            "canary",
            "shadow",
            "replayed",
            "debug",
            "debug_word",
            "menu",
            "announce",
            "alerts",
            "scanning",
            "starts",
            "places",
            "judging",
            "reminder",
        ),
    ),
    "prompts": Kind(Text("提示词", "Prompts"), ("prompts", "prompts_looked", "prompt")),
    "bases": Kind(
        Text("资料库", "Bases"), ("bases", "bases_deleted", "bases_found", "teaching", "knowledge")
    ),
    "models": Kind(
        Text("模型、价格和用量", "Models, prices and limits"),
        ("models", "model", "model_keys", "model_money", "model_rules", "limits"),
    ),
    "secrets": Kind(Text("密钥", "Secrets"), ("named_secrets", "secret", "secrets")),
    "conversations": Kind(
        Text("对话和工单", "Conversations and tickets"),
        (
            "conversations",
            "insights",
            "person",
            "session",
            "tickets",
            "turn",
            "everything",
            "waits",
            "feedback",
        ),
    ),
    "safety": Kind(Text("内容安全", "Content safety"), ("safety", "safety_exceptions", "words")),
    "privacy": Kind(Text("隐私和保留", "Privacy and retention"), ("privacy", "retention", "encryption")),
    "api": Kind(Text("用密钥做的事", "What keys did"), ("api",)),
    "installation": Kind(
        Text("运行、备份和设置", "Running, backups and settings"),
        ("installation", "backups", "settings", "weekly", "report", "security", "files", "language"),
    ),
    "audit": Kind(Text("审计日志", "The audit log"), ("audit",)),
}


def kinds_of(areas: Collection[str]) -> Iterable[tuple[str, Text]]:
    """Those that there are records of; what no version of ours knows, as it stands there."""
    known = {area for kind in KINDS.values() for area in kind.areas}
    yield from ((id, kind.words) for id, kind in KINDS.items() if set(kind.areas) & set(areas))
    yield from ((area, as_it_is(area)) for area in sorted(set(areas) - known))


def begins(id: str) -> tuple[str, ...]:
    """What records of that kind begin with; "": all."""
    if not id:
        return ("",)
    return tuple(f"{area}." for area in (KINDS[id].areas if id in KINDS else (id,)))
