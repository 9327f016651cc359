"""To whom a tool may send: those that the owner listed, and the person's own address as we hold it."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from runtime.errors import ToolFailed, Wrong
from runtime.lang import Text
from runtime.schema import Strict, setting

ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}"
)
PERSON = "person"
"""What the model calls whoever it talks to."""

NO_ADDRESS_OF_PERSON = Text(
    "还不知道对方的邮箱（person.email），发不了。",
    "The person's own address (person.email) is not known, so nothing was sent.",
)
NOT_THEIRS = Text(
    "这个邮箱是模型记下的，对方在这段对话里没有写过，所以没有发。请对方自己把邮箱发过来。",
    "A model kept this address and the person did not write it in this conversation, so nothing was sent. "
    "Ask them to write it.",
)
UNKNOWN = Text(
    "没有「{name}」这个收件人，只能发给：{known}", "There is no receiver {name!r}; there are: {known}"
)


def _address(written: str) -> str:
    address = written.strip()
    if address and not ADDRESS.fullmatch(address):
        raise Wrong(Text("应是邮箱地址，例如 me@example.com", "should be an address such as me@example.com"))
    return address


MailAddress = Annotated[str, Field(max_length=254), AfterValidator(_address)]
"""Of ASCII, without a name; "" for none."""


def _name(written: str) -> str:
    name = written.strip()
    if name.casefold() == PERSON or not name.isprintable():
        raise Wrong(Text("请换一个称呼", "take another name"))
    return name


class Receiver(Strict):
    """One that the owner lists: the model is told the name alone."""

    name: Annotated[str, AfterValidator(_name)] = setting(
        title=Text("称呼", "Name"),
        hint=Text("模型看到的，例如 值班店长", "What the model sees, e.g. Manager"),
        min_length=1,
        max_length=40,
    )
    address: MailAddress = setting(
        title=Text("邮箱", "Address"), hint=Text("收件人的邮箱", "The receiver's mail address"), min_length=3
    )


def named(receivers: Sequence[Receiver], to_person: bool) -> list[str]:
    return [*(one.name for one in receivers), *([PERSON] if to_person else [])]


def chosen(
    name: str,
    receivers: Sequence[Receiver],
    to_person: bool,
    values: Mapping[str, Any],
    proves: Callable[[str, str], bool],
) -> str:
    """The address behind a name. Raises ToolFailed: it is none of theirs, not known or made up."""
    known = named(receivers, to_person)
    name = name or (known[0] if len(known) == 1 else "")
    if name not in known:
        raise ToolFailed(UNKNOWN.fill(name=name[:60], known=", ".join(known)))
    if name != PERSON:
        return next(one.address for one in receivers if one.name == name)
    person = values.get("person")
    address = person.get("email") if isinstance(person, Mapping) else None
    if not isinstance(address, str) or not ADDRESS.fullmatch(address.strip()):
        raise ToolFailed(NO_ADDRESS_OF_PERSON)
    if not proves("email", address.strip()):
        raise ToolFailed(NOT_THEIRS)
    return address.strip()
