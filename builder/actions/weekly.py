"""Whether the report of the week is sent, when and where."""

import re
import time

from builder.actions import Notice
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.publish.weekly import choose_report, weekly
from runtime.store.control.control import Control

AT = re.compile(r"([0-9]{1,2})[:：]([0-9]{2})")
SENT = Text("周报会按时发出。", "The report will be sent every week.")
NOT_SENT = Text("周报不再自动发了。", "The report is not sent by itself any more.")


@needs(Permission.SETTINGS_EDIT)
def send_weekly(control: Control, who: Actor, publication: str, to: str, day: str, at: str) -> Notice:
    """It has what people wrote to every agent. Raises Forbidden, NotFound, BadSettings."""
    who.must(Permission.CONVERSATIONS_READ)
    found = AT.fullmatch(at.strip())
    if found is None:
        raise BadSettings(Text("时间写 09:00 这样。", "A time is like 09:00."), field="at")
    cron = weekly(day, int(found[1]), int(found[2]))
    choose_report(control, publication, to.strip(), cron, time.time(), by=who)
    return Notice(SENT)


@needs(Permission.SETTINGS_EDIT)
def stop_weekly(control: Control, who: Actor) -> Notice:
    """It is still on the page."""
    choose_report(control, "", "", "", 0.0, by=who)
    return Notice(NOT_SENT)
