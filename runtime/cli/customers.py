"""Which customer of the owner's somebody is: codes that prove it, and undoing that."""

import argparse
import time

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import control_of, say
from runtime.errors import Invalid
from runtime.lang import Text
from runtime.person import code_shown
from runtime.settings import Settings
from runtime.store.messages.customers import LONGEST
from runtime.store.messages.customers_beside import CustomersBeside

TOO_LONG = Text("客户编号要有 1–{longest} 个字。", "A customer's number has 1–{longest} characters.").fill(
    longest=LONGEST
)
TOO_MANY = Text("等着使用的绑定码太多了。", "Too many codes wait to be used.")


@needs(Permission.CONVERSATIONS_ERASE)
def claim_customer(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One JSON line with the code. Raises Invalid."""
    if not 0 < len(options.customer) <= LONGEST:
        raise Invalid(TOO_LONG, field="customer")
    now, seconds = time.time(), options.minutes * 60.0
    beside = CustomersBeside(settings.data / "messages.db")
    code = beside.claim(options.agent, options.customer, now, seconds)
    if not code:
        raise Invalid(TOO_MANY)
    say({"code": code_shown(code), "customer": options.customer, "until": now + seconds})


@needs(Permission.CONVERSATIONS_ERASE)
def unbind_customer(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One JSON line with how many people were that customer."""
    control = control_of(settings)
    own = [one.id for one in control.publications() if one.agent == options.agent]
    undone = CustomersBeside(settings.data / "messages.db").unbind_all(own, options.customer)
    say({"customer": options.customer, "unbound": undone})
