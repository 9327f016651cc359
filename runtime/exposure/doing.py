"""What agents can do to the world, where tools may go, and what nobody checks on the way to the public."""

from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from runtime.agents.agent import Agent
from runtime.agents.powers import may
from runtime.channels import registry
from runtime.errors import HongyanError
from runtime.exposure.point import Here, Point, of_names
from runtime.lang import Text, listed
from runtime.tools import ASKED

MANUAL = "manual/security"
PUBLIC = ("anyone", "readers")
"""Audiences that nobody chose one by one."""
ACTS = {power.value for power in ASKED}


def points(here: Here) -> Iterator[Point]:
    yield _acting(here.agents)
    yield _egress(here)
    yield _programs(here)
    yield _unchecked(here)


def _acting(agents: Sequence[Agent]) -> Point:
    acting = [one.name for one in agents if any(m.allowed and m.key in ACTS for m in may(one))]
    return of_names(
        "acting",
        acting,
        none=Text(
            "没有智能体能改动外面、发消息或花钱。", "No agent changes things elsewhere, sends or spends."
        ),
        found=Text(
            "这些智能体能改动外面、发消息或花钱：{names}。",
            "These agents may change things elsewhere, send messages or spend: {names}.",
        ),
        why=Text(
            "谁写给它、它读到的网页，都可能哄它去做。",
            "Whoever writes to it, and any page that it reads, may talk it into doing so.",
        ),
        do=Text(
            "在流程里，动手之前加一步「问人」；不需要的工具就删掉。",
            "Have a person asked in the flow before it acts; take away tools that it does not need.",
        ),
        to="./",
    )


def _egress(here: Here) -> Point:
    allowed = here.settings.egress_allow
    return of_names(
        "egress",
        allowed,
        none=Text("工具只能访问公网。", "Tools reach the public internet alone."),
        found=Text("工具还能访问内网：{names}。", "Tools reach these of the own network, too: {names}."),
        why=Text(
            "内网的服务多半没有密码，因为它们以为外人进不来。",
            "Services inside are often without passwords, since they think that no outsider comes there.",
        ),
        do=Text(
            "HONGYAN_EGRESS_ALLOW 里写成「工具=主机:端口」，只留要用的。",
            "Write tool=host:port in HONGYAN_EGRESS_ALLOW, and only what is needed.",
        ),
        to=MANUAL,
        shown=listed,
    )


def _programs(here: Here) -> Point:
    names = sorted(here.settings.mcp_commands)
    return of_names(
        "programs",
        names,
        none=Text("智能体不能启动这台机器上的程序。", "No agent starts a program of this machine."),
        found=Text("智能体能启动这些程序：{names}。", "Agents may start these programs: {names}."),
        why=Text("它们以鸿雁的身份运行，能读它的文件。", "They run as Hongyan does, and can read its files."),
        do=Text(
            "只留要用的，用另一个系统用户运行它们。",
            "Keep those that are needed, and run them as another user.",
        ),
        to=MANUAL,
        shown=listed,
    )


def _unchecked(here: Here) -> Point:
    bare = sorted(set(_bare(here)))
    return of_names(
        "unchecked",
        bare,
        none=Text(
            "发布给公众的智能体都有内容检查。", "Every agent that the public writes to has content checks."
        ),
        found=Text("这些发布没有内容检查：{names}。", "These publications have no content checks: {names}."),
        why=Text(
            "谁都能写给它，而它说的话算您说的。",
            "Anybody writes to it, and what it says counts as said by you.",
        ),
        do=Text(
            "在智能体的设置里打开「内容安全」的常用检查，再重新发布。",
            "Take the usual checks in the agent's settings under content safety, and publish again.",
        ),
        to="safety",
    )


def _bare(here: Here) -> Iterator[str]:
    """Enabled publications that the public reaches, whose frozen agent has no checks."""
    kinds = registry()
    for one in here.control.publications():
        kind = kinds.get(one.channel)
        if not one.enabled or kind is None or kind.profile.audience not in PUBLIC:
            continue
        try:
            agent = Agent.load(here.control.frozen_agent(one.id, one.version))
        except (HongyanError, ValidationError):
            continue  # one that cannot be read answers nobody
        if not agent.safety.checks:
            yield one.id
