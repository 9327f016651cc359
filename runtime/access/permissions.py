"""What a person may do here, one permission a kind of act, and where an act says which one it needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from runtime.lang import Text

F = TypeVar("F", bound=Callable[..., Any])


class Permission(Enum):
    """`id` is `area.action`, as records and settings name it; `words` say it to a person."""

    AGENTS_VIEW = "agents.view", Text("查看智能体", "see agents")
    AGENTS_EDIT = "agents.edit", Text("新建和修改智能体", "make and change agents")
    AGENTS_DELETE = "agents.delete", Text("删除智能体", "delete agents")
    AGENTS_RUN = "agents.run", Text("试用智能体", "try agents out")
    AGENTS_PUBLISH = "agents.publish", Text("发布和下线智能体", "publish agents and take them offline")
    KEYS_VIEW = "keys.view", Text("查看 API 密钥的清单", "see which API keys there are")
    KEYS_EDIT = "keys.edit", Text("发放和作废 API 密钥", "issue and revoke API keys")
    MODELS_VIEW = "models.view", Text("查看模型", "see models")
    MODELS_EDIT = "models.edit", Text("设置模型和它们的密钥", "set up models and their keys")
    KNOWLEDGE_VIEW = "knowledge.view", Text("查看资料库", "see knowledge bases")
    KNOWLEDGE_EDIT = "knowledge.edit", Text("修改资料库", "change knowledge bases")
    SECRETS_VIEW = "secrets.view", Text("查看有哪些密钥", "see which secrets there are")
    SECRETS_EDIT = "secrets.edit", Text("设置和删除密钥", "set and remove secrets")
    CONVERSATIONS_READ = "conversations.read", Text("查看对话", "read conversations")
    CONVERSATIONS_ANSWER = "conversations.answer", Text("处理没送达的消息", "deal with messages that wait")
    CONVERSATIONS_EXPORT = "conversations.export", Text("导出对话", "take conversations along")
    CONVERSATIONS_ERASE = (
        "conversations.erase",
        Text("修改和删除关于一个人的内容", "change and erase what is kept of a person"),
    )
    SETTINGS_VIEW = "settings.view", Text("查看设置", "see settings")
    SETTINGS_EDIT = "settings.edit", Text("修改设置", "change settings")
    WATCH = "installation.watch", Text("查看运行状况", "see how the program runs")
    PEOPLE_VIEW = "people.view", Text("查看谁在这里工作", "see who works here")
    PEOPLE_EDIT = "people.edit", Text("管理谁能进来", "manage who may come in")
    ROLES_EDIT = "roles.edit", Text("新建和修改角色", "make and change roles")
    ACCOUNT = "account.edit", Text("管理自己的账号", "look after one's own account")
    AUDIT_VIEW = "audit.view", Text("查看审计日志", "see the audit log")
    BACKUP = "installation.backup", Text("备份", "make backups")
    RESTORE = "installation.restore", Text("恢复备份", "put backups back")

    def __init__(self, id: str, words: Text) -> None:
        self.id = id
        self.words = words

    @property
    def area(self) -> str:
        return self.id.partition(".")[0]

    @property
    def is_of_agents(self) -> bool:
        """Whether it can be given on chosen agents; any other is for the whole installation."""
        return self.area in ("agents", "keys", "conversations")


AREAS: Mapping[str, Text] = {
    "agents": Text("智能体", "Agents"),
    "keys": Text("API 密钥", "API keys"),
    "models": Text("模型", "Models"),
    "knowledge": Text("资料库", "Bases"),
    "secrets": Text("密钥", "Secrets"),
    "conversations": Text("对话", "Conversations"),
    "settings": Text("设置", "Settings"),
    "installation": Text("运行和备份", "Running and backups"),
    "people": Text("成员", "People"),
    "roles": Text("角色", "Roles"),
    "audit": Text("审计日志", "Audit log"),
}
ALWAYS = frozenset({Permission.ACCOUNT})
"""Whoever signs in may that, whatever their roles are."""


SOME = "some"
"""Instead of the names of arguments: it concerns no single agent, or shows only those that `who` may see."""


@dataclass(frozen=True)
class Needed:
    permission: Permission
    on: tuple[str, ...] = ()
    """The arguments that say of which agents, also by what is of them, such as "publication", "seq" or
    "wait:id"; none: of everything."""

    @property
    def is_of_some(self) -> bool:
        return self.on == (SOME,)


def needs(permission: Permission, *, on: str | tuple[str, ...] = ()) -> Callable[[F], F]:
    """Say beside a function what whoever asks for it must be allowed to do; its choke point checks that.

    `on`: the argument that names the agent on which that is enough; see Needed.
    """
    if on and not permission.is_of_agents:
        raise TypeError(f"{permission.id} is not given on chosen agents")

    def declare(function: F) -> F:
        vars(function)[_NEEDS] = Needed(permission, (on,) if isinstance(on, str) else on)
        return function

    return declare


def says_needs(function: Callable[..., Any]) -> bool:
    return isinstance(getattr(function, _NEEDS, None), Needed)


def needed(function: Callable[..., Any]) -> Permission:
    """Raises TypeError for one that does not say: nothing can register it."""
    return needed_on(function).permission


def needed_on(function: Callable[..., Any]) -> Needed:
    """Raises TypeError likewise."""
    found = getattr(function, _NEEDS, None)
    if not isinstance(found, Needed):
        raise TypeError(f"{function!r} does not say which permission it needs: see access/permissions.py")
    return found


_NEEDS = "needs_permission"
