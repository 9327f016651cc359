"""When and where the report of the week is sent."""

from runtime.access.actor import Actor
from runtime.access.permissions import Permission
from runtime.access.still import may_still
from runtime.agents.schedule import checked
from runtime.channels import Announces, registry
from runtime.errors import BadSettings, NotFound, Wrong
from runtime.lang import Text
from runtime.store.control.control import Control
from runtime.store.control.report_plan import ReportPlan

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TELLS = (Permission.SETTINGS_EDIT, Permission.CONVERSATIONS_READ)
"""What somebody needs who has it sent."""
NOT_THERE = Text(
    "周报要发到能主动发消息的发布，例如群机器人或邮件。",
    "The report goes to a publication that can write unasked, such as a group's robot or e-mail.",
)
NO_RECEIVER = Text("请写明发给谁。", "Say to whom it is sent.")


def weekly(day: str, hour: int, minute: int) -> str:
    """As a schedule of runtime.agents.schedule. Raises BadSettings."""
    if day not in DAYS or not 0 <= hour < 24 or not 0 <= minute < 60:
        raise BadSettings(
            Text("星期写 {days}，时间写 09:00 这样。", "The day is one of {days}, the time like 09:00.").fill(
                days=", ".join(DAYS)
            ),
            field="day",
        )
    return checked(f"{minute} {hour} * * {(DAYS.index(day) + 1) % 7}")


def choose_report(control: Control, publication: str, to: str, cron: str, now: float, *, by: Actor) -> None:
    """From now on; no publication: not at all. Raises NotFound, BadSettings."""
    plan = _plan(control, publication, to, cron, now, by) if publication else None
    options = control.options()
    control.save_options(options.model_copy(update={"report": plan, "by": by.id}))


def _plan(control: Control, publication: str, to: str, cron: str, now: float, by: Actor) -> ReportPlan:
    found = control.publication(publication)
    if found is None or not found.enabled:
        raise NotFound(Text("没有「{id}」这个发布。", "There is no publication {id!r}.").fill(id=publication))
    kind = registry().get(found.channel)
    if kind is None or not issubclass(kind, Announces):
        raise BadSettings(NOT_THERE, field="publication")
    if not (to or kind.receiver):
        raise BadSettings(NO_RECEIVER, field="to")
    try:
        kind(kind.Settings.model_validate(control.channel_settings(found.id))).check_receiver(
            to or kind.receiver
        )
    except Wrong as e:
        raise BadSettings(e.text, field="to") from None
    return ReportPlan(publication=publication, to=to, cron=cron, since=now, by=by.id)


def planned(control: Control) -> ReportPlan | None:
    """What was chosen, as long as whoever chose it may: it tells what people wrote. Raises Unreadable."""
    plan = control.options().report
    return plan if plan and may_still(control, plan.by, *TELLS) else None


def announcing(control: Control) -> list[str]:
    """Publications that it can be sent on."""
    kinds = registry()
    return [
        one.id
        for one in control.publications()
        if one.enabled and (kind := kinds.get(one.channel)) and issubclass(kind, Announces)
    ]
