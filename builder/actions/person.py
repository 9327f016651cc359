"""What the operator does with what is remembered of a person: see, change, delete, all of it or one fact."""

import time

from builder.actions import Notice
from builder.actions.taking_away import for_good
from runtime.access.permissions import Permission, needs
from runtime.errors import Invalid, NotFound, Wrong
from runtime.gateway.gateway import Gateway
from runtime.lang import Text
from runtime.person import LONGEST_NAME, LONGEST_VALUE, TAGS, Note
from runtime.store.messages.people import Face
from runtime.turn.personal import TAGS_OF_ALL, named

GOES_ON = Text(
    "正在删除 {messages} 条消息的内容；{notes} 条记住的事已经删除，之后的回答不会再用到其中任何内容。",
    "The words of {messages} messages are being erased; {notes} facts are gone. No answer uses any of it.",
)
STOPPED = Text(
    "已停下。还没删的不会再用来回答，再按一次「全部删除」接着删。",
    "Stopped. No answer uses what is still there; press “Erase everything” again to go on.",
)
TOO_LATE = Text("已经全部删完，没有可停的。", "All of it is erased already: there is nothing to stop.")
GONE = Text("没有这条消息，也就找不到这个人。", "No such message, so nobody can be found by it.")


@needs(Permission.CONVERSATIONS_ERASE, on="person:seq")
async def keep_note(gateway: Gateway, seq: int, agent: str, name: str, value: str) -> Notice:
    """A fact about whoever wrote that message; it replaces the one of its name. Raises NotFound, Invalid."""
    name, value = " ".join(name.split()), " ".join(value.split())
    for field, text, longest in (("name", name, LONGEST_NAME), ("value", value, LONGEST_VALUE)):
        if not 0 < len(text) <= longest:
            raise Invalid(
                Text("要写 1–{longest} 个字。", "Write 1–{longest} characters.").fill(longest=longest),
                field=field,
            )
    note = Note(name, value, "other", "operator")
    face = await _face(gateway, seq)
    if not await gateway.messages.remembered.keep(face, agent, note, time.time()):
        raise Invalid(
            Text("已经记得太多，先删几条。", "There are too many; delete some first."), field="name"
        )
    return Notice(Text("已保存。", "Saved."))


@needs(Permission.CONVERSATIONS_ERASE, on="person:seq")
@for_good("person.drop_hint")
async def drop_note(gateway: Gateway, seq: int, name: str) -> Notice:
    """Raises NotFound."""
    await gateway.messages.remembered.drop(await _face(gateway, seq), name)
    return Notice(Text("已删除。", "Deleted."))


@needs(Permission.CONVERSATIONS_ERASE, on="person:seq")
async def keep_value(gateway: Gateway, seq: int, name: str, value: str) -> Notice:
    """One that the agent declares, or "tags", of whoever wrote that message. Raises NotFound, Invalid."""
    face = await _face(gateway, seq)
    surface = gateway.surfaces.find(face.publication)
    declared = dict(named(surface.agent.person)) if surface else {}
    one = TAGS_OF_ALL if name == TAGS else declared.get(name)
    if surface is None or one is None:
        raise NotFound(Text("智能体没有声明「{name}」。", "The agent declares no {name!r}.").fill(name=name))
    try:
        plain = one.read(value)
    except Wrong as e:
        raise Invalid(Text("{why}。", "{why}.").fill(why=e.text), field="value") from None
    values = gateway.messages.values
    if not await values.put(face, surface.agent.id, name, one.type, plain, time.time()):
        raise Invalid(Text("已经有太多，先删几项。", "There are too many; delete some first."), field="name")
    return Notice(Text("已保存。", "Saved."))


@needs(Permission.CONVERSATIONS_ERASE, on="person:seq")
@for_good("person.drop_hint")
async def drop_value(gateway: Gateway, seq: int, name: str) -> Notice:
    """Raises NotFound."""
    await gateway.messages.values.drop(await _face(gateway, seq), name)
    return Notice(Text("已删除。", "Deleted."))


@needs(Permission.CONVERSATIONS_ERASE, on="person:seq")
@for_good("person.unbind_hint")
async def unbind(gateway: Gateway, seq: int) -> Notice:
    """They are no customer any more. Raises NotFound."""
    await gateway.messages.customers.unbind(await _face(gateway, seq))
    return Notice(Text("已解除绑定。", "Undone."))


@needs(Permission.CONVERSATIONS_ERASE, on="person:seq")
@for_good("person.drop_hint")
async def drop_summary(gateway: Gateway, seq: int) -> Notice:
    """Raises NotFound."""
    await gateway.messages.remembered.start_anew(await _face(gateway, seq))
    return Notice(Text("已删除。", "Deleted."))


@needs(Permission.CONVERSATIONS_ERASE, on="person:seq")
@for_good("person.sure")
async def erase_person(gateway: Gateway, seq: int) -> Notice:
    """Forget whoever wrote that message, on every surface. Of somebody who wrote much the words go on going
    after this, which the page shows and can stop. Raises NotFound."""
    face = await _face(gateway, seq)
    erased = await gateway.messages.remembered.begin_erasing(face, time.time())
    if erased.left:
        gateway.finish_erasing()
        return Notice(GOES_ON.fill(messages=erased.messages + erased.left, notes=erased.notes))
    return Notice(
        Text(
            "已删除：{messages} 条消息的内容、{notes} 条记住的事、{files} 个文件。",
            "Erased: the words of {messages} messages, {notes} facts, {files} files.",
        ).fill(messages=erased.messages, notes=erased.notes, files=len(erased.files))
    )


@needs(Permission.CONVERSATIONS_ERASE, on="person:seq")
async def stop_erasing(gateway: Gateway, seq: int) -> Notice:
    """What is erased stays so; no answer is given from the rest. Raises NotFound."""
    stopped = await gateway.messages.remembered.stop_erasing(await _face(gateway, seq))
    return Notice(STOPPED if stopped else TOO_LATE)


async def _face(gateway: Gateway, seq: int) -> Face:
    if (found := await gateway.messages.lane_of(seq)) is None:
        raise NotFound(GONE)
    return Face(*found)
