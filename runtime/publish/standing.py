"""How a connection stands, in one look: what the owner is told first."""

from dataclasses import dataclass, replace
from typing import Literal

from runtime.channels import Announces, Channel, Responds, SignsIn, Verifies, Words, is_for_people
from runtime.lang import NOTHING, Text, joined
from runtime.publish.doctor import State
from runtime.store.messages.failing import Failing, said
from runtime.store.messages.insights import Lately

Tone = Literal["accent", "ok", "warn", "bad"]

MANY = 3
"""Refused requests since the last good one, from which on a working connection is doubted."""


@dataclass(frozen=True)
class Standing:
    """One sentence with its hint; `at`: when it was last seen, seconds since 1970."""

    tone: Tone
    title: Text
    hint: Text
    at: float | None = None


WAITING = Standing(
    "accent",
    Text("等待{platform}来验证…", "Waiting for {platform} to verify…"),
    Text(
        "按下面的步骤把配置粘贴到{console}并保存。",
        "Paste the settings below into {console} and save there.",
    ),
)
LINKING = Standing(
    "accent",
    Text("正在连接{platform}…", "Connecting to {platform}…"),
    Text(
        "通常几秒内就好；连不上时这里会说为什么。", "It takes a few seconds; if it fails, you read here why."
    ),
)
KEPT = Text("已经收到的消息都留着。", "The messages that came before are kept.")
VERIFIED = Standing("ok", Text("{platform}已经验证通过", "The address is verified by {platform}"), NOTHING)
READS = Standing(
    "ok",
    Text("可以发了", "Ready"),
    Text("写一条发出去试试。", "Write something and send it."),
)
CONNECTED = Standing("ok", Text("已经接好", "Connected"), NOTHING)
UNREACHED = Standing(
    "accent",
    Text("还差公网地址", "A public address is missing"),
    Text(
        "{platform}现在访问不到这台服务器。请在下面填好公网地址。",
        "This server cannot be reached by {platform} yet. Enter the public address below.",
    ),
)
PASSIVE = Text(
    "现在推送不了，改用被动回复；处理好后会自动恢复。",
    "Answers cannot be pushed just now and are given passively; this recovers by itself once mended.",
)
HELD = Text(
    "已经收到的消息都留着，处理好后会自动接着回答。",
    "The messages that came are kept; once this is mended it goes on by itself.",
)
SOME_FAILED = Text("最近一小时有 {n} 条消息没有答好", "{n} messages of the last hour were not answered well")
LOOK = Text(
    "请到「洞察」看这条消息的经过。最近一小时 {messages} 条，没有答好 {failed} 条。",
    "See on Insights what happened. In the last hour: {messages} messages, {failed} not answered well.",
)
WORKING = Text("工作正常", "Working")
COUNTED = Text("最近一小时收到 {n} 条消息。", "Messages in the last hour: {n}.")
STRAYS = Text(
    "另外拒绝了 {n} 次没有通过校验的请求，可能不是{platform}发来的；"
    "{platform}里收不到回复时，再核对后台的 {proof}。",
    " {n} requests did not prove to come from {platform} and were refused; check the {proof} in its console "
    "only if nobody gets answers.",
)
DOUBTED = Text("有请求没有通过校验", "Requests were refused")

PAUSED = Standing(
    "warn",
    Text("已暂停", "Paused"),
    Text(
        "消息照收，都留着，不回答。点「继续」后按顺序回答。",
        "Messages are taken and kept, and not answered. Press resume, and they are answered in order.",
    ),
)


def standing(
    state: State,
    kind: type[Channel],
    lately: Lately,
    failing: Failing | None = None,
    *,
    is_linked: bool = False,
    is_called: bool = True,
    is_open: bool = True,
) -> Standing:
    """What stands in the way counts more than what once went well; a stray request does not.

    `is_linked`: we connect, and nobody calls. `is_called`: as Verifies.is_called. `is_open`: the world can
    reach us, where it has to. People who come to us by themselves wait for no call of a platform's.
    """
    if state.refusal:
        return Standing("bad", state.refusal.text, NOTHING, state.refusal.at)
    words, is_checked = kind.words, issubclass(kind, Verifies) and is_called and not is_linked
    if is_linked and (state.trouble or state.verified_at is None):
        return Standing("bad", state.trouble, KEPT) if state.trouble else _in(words, LINKING)
    if is_checked and state.verified_at is None and not issubclass(kind, SignsIn):
        return _in(words, WAITING)
    counts = {"messages": lately.messages, "failed": lately.failed}
    if failing:
        return Standing("bad", said(failing), LOOK.fill(**counts), failing.since)
    if state.trouble:
        return Standing("bad", state.trouble, PASSIVE if issubclass(kind, Responds) else HELD)
    if state.notice:
        return Standing("warn", state.notice[0], NOTHING, state.notice[1])
    if state.message_at is None:
        is_verified = is_checked and state.verified_at is not None
        if not is_open and not is_verified:
            return _in(words, UNREACHED)
        return _unheard(kind, VERIFIED if is_verified else CONNECTED)
    if lately.failed:
        return Standing("warn", SOME_FAILED.fill(n=lately.failed), LOOK.fill(**counts))
    return _working(state, words, lately)


def _unheard(kind: type[Channel], look: Standing) -> Standing:
    """Nothing stands in the way, and nothing came yet."""
    if not is_for_people(kind) and issubclass(kind, Announces):
        return READS
    return _in(kind.words, replace(look, hint=kind.words.try_it))


def _working(state: State, words: Words, lately: Lately) -> Standing:
    """It does; perhaps somebody knocks who has no business there."""
    hint = COUNTED.fill(n=max(state.messages, lately.messages))
    if not state.strays:
        return Standing("ok", WORKING, hint)
    strays = words.fill(STRAYS, n=state.strays)
    is_doubted = state.strays >= MANY
    hint = joined([hint, strays])
    return Standing("warn" if is_doubted else "ok", DOUBTED if is_doubted else WORKING, hint)


def _in(words: Words, look: Standing) -> Standing:
    return replace(look, title=words.fill(look.title), hint=words.fill(look.hint))
