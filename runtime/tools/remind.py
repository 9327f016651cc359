"""Remind the person of something at a time they name; list and cancel that."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from pydantic import Field

from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.schema import About, Strict
from runtime.tools import Env, Promise, Reminders, Tool, checked, schema_of

LONGEST = timedelta(days=366)
NOT_HERE = Text("这里不能设提醒：消息发不到人。", "No reminder can be set here: nobody is sent anything.")
NO_TIME = Text(
    "时间要写成 2026-11-30T09:00 这样，先用现在的时间（{now}）算出来。",
    "Write the time like 2026-11-30T09:00; work it out from the present time, {now}.",
)
PAST = Text(
    "{at} 已经过去了，现在是 {now}。请问清楚是哪一天。",
    "{at} has passed; it is {now} now. Ask which day is meant.",
)
TOO_FAR = Text("最远只能提醒一年以内的事。", "A year ahead at most.")
NO_TEXT = Text("要提醒什么没有写。", "What to remind of is missing.")
FULL = Text(
    "提醒太多了，最多 20 个。先取消一些。", "There are 20 reminders already; cancel some of them first."
)
NONE_SUCH = Text("没有编号 {id} 的提醒。", "There is no reminder {id}.")
THEN = "It will be sent to the person at that time."
NEVER = "This is a trial: nothing will be sent. Say that it would be."
LATER = (
    "The platform lets nobody be written to then, unless they write again before. Until {until} they can be "
    "reached; later it is kept and shown with the next answer when they write. Tell the person so."
)


class Arguments(Strict):
    action: Literal["set", "list", "cancel"] = Field(
        "set", description="set a reminder, list this person's, or cancel one by its id"
    )
    at: str = Field(
        "",
        description="For set: local ISO time like 2026-11-30T09:00, worked out from the present time",
        max_length=40,
    )
    text: str = Field("", description="For set: what to remind of, in the person's words", max_length=500)
    id: int | None = Field(None, description="For cancel: the id, see list")


class Remind(Tool):
    """Remind this person of something at a time they name. Also lists and cancels their reminders.

    Only for the person who writes now. Tell them truthfully what the result says about delivery.
    """

    about: ClassVar[About] = About(
        Text("提醒", "Reminder"),
        Text(
            "到用户说的时间提醒他，可以查看和取消",
            "Reminds people when they wish",
        ),
        "clock",
    )
    called: ClassVar[Mapping[str, Text]] = {
        "action": Text("做什么：set 设、list 看、cancel 取消", "What to do: set, list or cancel"),
        "at": Text("什么时候，如 2026-11-30T09:00", "When, such as 2026-11-30T09:00"),
        "text": Text("提醒什么", "What to remind of"),
        "id": Text("提醒的编号（取消时）", "Number of the reminder, to cancel it"),
    }
    type: Literal["remind"]

    @property
    def repeatable(self) -> bool:
        """Tried again it is the same reminder."""
        return True

    @property
    def comes_unasked(self) -> bool:
        return True

    def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
        return schema_of(Arguments)

    async def call(self, arguments: Mapping[str, Any], env: Env) -> Any:
        given = checked(Arguments, arguments)
        if env.reminders is None:
            raise ToolFailed(NOT_HERE)
        if given.action == "list":
            return {"reminders": [_told(one.id, one.text, one.due, env) for one in await env.reminders.all()]}
        if given.action == "cancel":
            if given.id is None or not await env.reminders.cancel(given.id):
                raise ToolFailed(NONE_SUCH.fill(id=given.id))
            return {"cancelled": given.id}
        return await _set(given, env.reminders, env)


async def _set(given: Arguments, reminders: Reminders, env: Env) -> dict[str, Any]:
    at, text = _time(given.at, env.now), given.text.strip()
    if not text:
        raise ToolFailed(NO_TEXT)
    promise = await reminders.set(at.timestamp(), text, env.once)
    if promise is None:
        raise ToolFailed(FULL)
    told = _told(promise.id, text, at.timestamp(), env)
    return {**told, "delivered": promise.delivered, "delivery": _delivery(promise, env)}


def _time(written: str, now: datetime) -> datetime:
    """Raises ToolFailed: it names no moment, or none that is to come within a year."""
    shown = now.strftime("%Y-%m-%dT%H:%M %A")
    try:
        found = datetime.fromisoformat(written.strip())
        at = found.replace(tzinfo=now.tzinfo) if found.tzinfo is None else found.astimezone(now.tzinfo)
        if len(written.strip()) <= len("2026-11-30"):
            raise ValueError("no time of day")
        ahead = at - now
    except (ValueError, OverflowError):
        raise ToolFailed(NO_TIME.fill(now=shown)) from None
    if ahead <= timedelta(0):
        raise ToolFailed(PAST.fill(at=at.strftime("%Y-%m-%dT%H:%M"), now=shown))
    if ahead > LONGEST:
        raise ToolFailed(TOO_FAR)
    return at


def _told(id: int, text: str, due: float, env: Env) -> dict[str, Any]:
    at = datetime.fromtimestamp(due, env.now.tzinfo)
    return {"id": id, "text": text, "at": at.isoformat(timespec="minutes"), "weekday": at.strftime("%A")}


def _delivery(promise: Promise, env: Env) -> str:
    if promise.delivered == "then":
        return THEN
    if promise.delivered == "never":
        return NEVER
    until = datetime.fromtimestamp(promise.until or 0, env.now.tzinfo).isoformat(timespec="minutes")
    return LATER.format(until=until)


TOOL = Remind
