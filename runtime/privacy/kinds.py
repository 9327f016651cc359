"""Every kind of data that an installation keeps. A table or a file that stands in none of them fails a test.

`docs/en/privacy.md` and the page "/privacy" show what stands here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Literal

from runtime.access.permissions import Permission
from runtime.lang import Text
from runtime.privacy.gets import Goes

Sealed = Literal["plain", "sealed", "hashed"]
SEALED: dict[Sealed, Text] = {
    "plain": Text("原样保存", "as it is"),
    "sealed": Text("加密（AES-256-GCM）", "encrypted (AES-256-GCM)"),
    "hashed": Text("只存哈希", "hashes only"),
}
PERSON = Text("一直留着，直到这个人被删除", "until the person is erased")
OWNER = Text("直到您删除", "until you delete it")
DAYS_30 = Text("30 天", "30 days")


@dataclass(frozen=True)
class Data:
    """`tables`, `files` (patterns below the home) and nothing else hold it. `ends`: of retention.KINDS,
    whose days the owner sets; `until`: what is so without. `of_people`: of those who write."""

    name: str
    title: Text
    until: Text
    read_by: Permission | None
    tables: Sequence[str] = ()
    files: Sequence[str] = ()
    sealed: Sealed = "plain"
    goes: Sequence[Goes] = ("nobody",)
    told: Sequence[Goes] = ()
    """Who else is told of it where the owner has that set up."""
    ends: str = ""
    of_people: bool = True
    seals: bool = False
    """Its words are encrypted where the owner switched that on."""

    @property
    def may_go(self) -> Sequence[Goes]:
        """All of these, and where what is kept at all is kept: in backups, a database, a bucket."""
        kept: list[Goes] = ["backups", "database"] if self.tables or self.files else []
        return (*self.told, *kept, "bucket") if self.files else (*self.told, *kept)


CHOSEN = Text("加密（AES-256-GCM，每人一把密钥）", "encrypted (AES-256-GCM, a key a person)")
READ, WATCH = Permission.CONVERSATIONS_READ, Permission.WATCH
KINDS = (
    Data(
        "messages",
        Text("消息、回答和运行记录", "Messages, answers and traces"),
        PERSON,
        READ,
        ("messages", "parts", "steps", "restored", "answers"),
        ("data/messages.db*",),
        goes=("models", "tools", "platforms"),
        told=("reports", "collector"),
        ends="messages",
        seals=True,
    ),
    Data(
        "media",
        Text("图片、语音、文件，和它们的文字", "Pictures, sound, files, and these in words"),
        PERSON,
        READ,
        ("media", "uploads"),
        ("data/media/*", "data/uploads/*"),
        goes=("models", "platforms"),
        ends="media",
        seals=True,
    ),
    Data(
        "memory",
        Text("记住的事、摘要、个人资料", "Facts, summaries and values of a person"),
        PERSON,
        READ,
        ("people", "faces", "notes", "summaries", "person_values", "profiles", "customers", "reminders"),
        goes=("models",),
        ends="memory",
        seals=True,
    ),
    Data(
        "desk",
        Text("人工服务、等待和名额", "Tickets, waiting turns and places taken"),
        PERSON,
        READ,
        ("tickets", "ticket_lines", "waits", "handed", "shared_claims", "run_people"),
        goes=("platforms",),
        seals=True,
    ),
    Data(
        "said",
        Text("主动发出的话", "What is sent unasked"),
        PERSON,
        READ,
        ("outbox", "runs"),
        goes=("platforms",),
        ends="said",
        seals=True,
    ),
    Data(
        "decisions",
        Text("内容安全的判断", "Decisions of checks"),
        PERSON,
        READ,
        ("judged",),
        ends="decisions",
        seals=True,
    ),
    Data("consents", Text("同意的记录", "Consents"), PERSON, READ, ("consents",), ends="consents"),
    Data(
        "codes",
        Text("一次性的码和地址", "Codes and addresses that are good once"),
        Text("用过或过期为止，最多一天", "until used or too old, a day at most"),
        None,
        ("codes", "claims", "exports", "hooks"),
        sealed="hashed",
    ),
    Data(
        "signed_in",
        Text("谁在网页或小程序里登录着", "Who is signed in on a page or in an app of ours"),
        Text("退出、30 天不用或这个人被删除为止", "until they sign out, stay away for 30 days or are erased"),
        None,
        ("families",),
        sealed="hashed",
    ),
    Data(
        "data_keys",
        Text("每个人的数据密钥", "Keys of people"),
        PERSON,
        None,
        ("data_keys",),
        sealed="sealed",
    ),
    Data(
        "erased",
        Text("删除过谁（恢复备份时再删一次）", "Who was erased, to do so again to backups"),
        Text("一直留着", "without end"),
        None,
        ("erased",),
        sealed="hashed",
    ),
    Data(
        "figures",
        Text("数量和费用，不带内容", "Figures and costs, without words"),
        Text("一直留着", "without end"),
        READ,
        ("moments", "tallies", "spent", "paces", "facts", "shared_keys", "schedules", "instances"),
        ("data/at-work", "data/ready", "data/installation.json", "data/*.address"),
        sealed="hashed",
        told=("reports", "collector", "watchers"),
    ),
    Data(
        "audit",
        Text("审计日志", "Audit log"),
        Text("HONGYAN_AUDIT_DAYS 天，默认 365", "HONGYAN_AUDIT_DAYS, 365 by default"),
        Permission.AUDIT_VIEW,
        ("audit", "audit_head", "audit_cuts", "audit_begun"),
        ("data/audit-waiting.jsonl",),
        of_people=False,
    ),
    Data(
        "played",
        Text("试聊和分享的聊天", "Chats of the playground, and shared ones"),
        OWNER,
        Permission.AGENTS_RUN,
        files=("data/played/*", "data/played-shared/*"),
        goes=("models", "tools"),
        of_people=False,
    ),
    Data(
        "agents",
        Text("智能体、测试、提示词、词表和草稿", "Agents, tests, prompts, word lists and drafts"),
        OWNER,
        Permission.AGENTS_VIEW,
        files=(
            "agents/*", "prompts/*", "words/*", "texts/*", "files/*", "data/history/*", "data/drafts/*",
            "data/by_hand/*", "data/describing/*", "data/imported/*",
        ),
        goes=("models",),
        of_people=False,
    ),
    Data(
        "knowledge",
        Text("资料库和索引", "Knowledge bases and their indexes"),
        OWNER,
        Permission.KNOWLEDGE_VIEW,
        files=("knowledge/*", "data/knowledge/*"),
        goes=("models",),
        of_people=False,
    ),
    Data(
        "bins",
        Text("最近删除", "Recently deleted"),
        DAYS_30,
        Permission.AGENTS_VIEW,
        files=("data/trash/*",),
        of_people=False,
    ),
    Data(
        "credentials",
        Text("密钥和平台凭证", "Keys and credentials of platforms"),
        OWNER,
        None,
        files=(
            "data/control/endpoints.json", "data/control/secrets.json", "data/control/grants.json",
            "data/control/publications.json", "data/control/applications.json", "data/control/joinings.json",
            "data/control/owner.json", "data/control/sso_providers.json",
            "data/control/debug_words.json",
        ),
        sealed="sealed",
        goes=("models", "platforms", "tools"),
        of_people=False,
    ),
    Data(
        "members",
        Text("成员、登录和 API 密钥", "Who works here, sign-ins and API keys"),
        OWNER,
        Permission.PEOPLE_VIEW,
        files=("data/control/users.json", "data/control/roles.json", "data/control/sign_ins.json",
               "data/control/role_rules.json", "data/control/keys.json", "data/control/key_uses.json",
               "data/control/user_limits.json",
               "data/control/seen.json", "data/control/sso_identities.json",
               "data/control/passkeys.json", "data/control/second_factors.json"),
        sealed="hashed",
        of_people=False,
    ),
    Data(
        "settings",
        Text("设置和发布的版本", "Settings and published versions"),
        OWNER,
        Permission.SETTINGS_VIEW,
        files=(
            "data/control/options.json", "data/control/sso_options.json", "data/control/retention.json",
            "data/control/contacts.json", "data/control/routes.json", "data/control/prices.json",
            "data/control/budgets.json", "data/control/told_headers.json", "data/control/versions/*",
            "data/control/canaries.json", "data/control/shadows.json",
            "data/control/backups/*",
        ),
        of_people=False,
    ),
    Data(
        "before_update",
        Text("升级前自动做的备份", "Backups made as an update begins"),
        DAYS_30,
        Permission.BACKUP,
        files=("data/before-update-*.tar.gz",),
    ),
    Data(
        "key",
        Text("封住凭证的密钥，和签发令牌的密钥", "The key that seals credentials, and what signs tokens"),
        OWNER,
        None,
        files=("data/secret.key", "data/control/token_keys.json"),
        of_people=False,
    ),
    Data(
        "logs",
        Text("日志（写到标准错误，不写文件；不含内容和密钥）", "The log, on standard error, without words"),
        Text("由启动它的系统保管", "kept by what starts the program"),
        WATCH,
        of_people=False,
    ),
)  # fmt: skip
MOMENTARY = ("*.lock", "*.previous.json", "*/.*", ".*")
"""Files that only help to write the others."""


def of_table(name: str) -> list[Data]:
    return [one for one in KINDS if name in one.tables]


def of_file(path: str) -> Data | None:
    """`path`: below the home. The first that has it."""
    return next((one for one in KINDS if any(fnmatch(path, pattern) for pattern in one.files)), None)
