"""What a person says about their own memory: start anew, show, forget, one person here and there.

Each is a word that is the whole message. The agent's owner may change the words or take them away.
"""

import re
from collections.abc import Awaitable, Callable, Sequence

from runtime.errors import TurnFailed
from runtime.lang import Text, as_it_is
from runtime.person import Note
from runtime.turn.binding import TYPED, bound
from runtime.turn.proving import CODED, coded, unproven_in
from runtime.turn.restart import FORGOTTEN, bare, is_word, restarts
from runtime.turn.turn import Turn

ANEW = Text("好的，我们重新开始。", "All right, let us start anew.")
SURE = Text(
    "确定要我忘记您吗？聊天内容、记住的事和文件都会删除，找不回来。确定就再发一次「{word}」。",
    "Shall I really forget you? What we said, what I remember and your files will be deleted for good. "
    "If you are sure, send “{word}” once more.",
)
GOES = Text(
    "聊天内容、记住的事和文件都会删除，找不回来。",
    "What we said, what I remember and your files will be deleted for good.",
)
ENOUGH = Text(
    "今天已经做过好几次了，请明天再来。", "That was done several times today; please come back tomorrow."
)
MINE = Text("我的数据", "My data")
EXPORT = Text(
    "这里是我保存的关于您的全部内容，一小时内能打开一次，不要转给别人：\n{address}",
    "Here is all that is kept of you. It opens once, within an hour; do not pass it on:\n{address}",
)
ALONE_ONLY = Text(
    "这里别人也看得到，所以不在这里说。请单独发给我；关于您在这个群里说的，请联系开通这个服务的人。",
    "Others read along here, so it is not said here. Send it to me alone; for what you said in this group, "
    "ask whoever runs this service.",
)
FILED = Text(
    "这个文件里是我保存的关于您的全部内容，不要转给别人：\n\n{file}",
    "All that is kept of you is in this file; do not pass it on:\n\n{file}",
)
NOTHING = Text("我还没有记住关于您的事。", "I do not remember anything about you yet.")
REMEMBERED = Text("我记得这些：", "This is what I remember:")
SO_FAR = Text("我们聊到：{text}", "What we talked about: {text}")
ONE_GOES = Text("要删掉一条，发「忘记 1」。", "To delete one, send “forget 1”.")
ALL_GOES = Text("要全部删掉，发「{word}」。", "To delete everything, send “{word}”.")
DROPPED = Text("已经忘记「{name}：{value}」。", "Forgotten: {name}: {value}.")
NO_SUCH = Text("没有第 {n} 条。", "There is no number {n}.")
CODE = Text(
    "10 分钟内，用您的另一个账号给我发：\n{word} {code}\n之后我在两边都记得您；聊天内容不会带过去。不要把"
    "它告诉别人。",
    "Within 10 minutes, send me from your other account:\n{word} {code}\nFrom then on I remember you on "
    "both; what "
    "we said is not carried over. Do not tell it to anybody.",
)
JOINED = {
    "joined": Text(
        "关联好了，我在两边都记得您。要分开，发「{word}」。",
        "Linked: I remember you on both. To undo it, send “{word}”.",
    ),
    "wrong": Text(
        "这个关联码不对或已经过期，请重新获取。", "This code is wrong or has expired; get a new one."
    ),
    "slow": Text("试得太多了，请一小时后再来。", "Too many tries; come back in an hour."),
    "same": Text("要在另一个账号里发这个关联码。", "Send this code from your other account."),
    "heard": Text(
        "这里别人也看得到，所以不能在这里关联，这个关联码也不再有效。请单独给我发。",
        "Others read along here, so nothing is linked here, and this code holds no more. Write to me alone.",
    ),
    "chosen": TYPED,
    "unsure": Text(
        "这里不能确认是您本人，所以不收关联码。请反过来：先在这里发「{get}」，再到另一个账号里发得到的关联码。",
        "It cannot be told here that it is really you, so no code is taken. Do it the other way round: send "
        "“{get}” here, and the code that you get from your other account.",
    ),
}
PARTED = Text("已经分开，这里不再记得您之前说的。", "Undone: here I know nothing of you any more.")
ALONE = Text("这里没有关联过。", "Nothing is linked here.")
YES = ("确定", "确认", "是", "是的", "好", "好的", "yes", "y", "ok", "sure", "confirm")
"""What confirms, right after the question, besides the word itself."""
ONE = re.compile(r"(?:忘记|忘掉|forget)\s*(?:第\s*)?#?(\d{1,3})\s*(?:条)?", re.IGNORECASE)


async def commanded(turn: Turn) -> str | None:
    """The answer to whoever speaks of their memory; None for any other message. Raises StoreFailed."""
    message = turn.message
    if (answer := await bound(turn)) is not None:
        return answer
    if message.kind not in ("text", "voice") and message.data.get("event") != "menu":
        return None
    text = message.text
    if len(text) > LONGEST:
        return None
    if restarts(text, turn.agent.memory):
        # What was said before is not read from the next message on: see since_restart.
        if turn.agent.memory.strategy.sums_up:
            await turn.kept.start_anew()
        return ANEW.to(turn.agent.language)
    for command in (_export, _forget, _show, _drop, _link, _unlink):
        if (answer := await command(turn, text)) is not None:
            return answer
    return None


LONGEST = 100
"""Characters of what may be a word or a code."""


async def _forget(turn: Turn, text: str) -> str | None:
    words = turn.agent.memory.forget
    if not turn.kept.is_sure:
        return await _forget_proven(turn, *coded(turn.kept, text))
    wishes = is_word(text, words)
    if not words or not (wishes or bare(text) in YES):
        return None

    async def was_asked() -> bool:
        return await turn.kept.was_asked()

    # Journaled, so that one who was asked once and cut off in the middle is not asked again.
    if await turn.step("memory.sure", was_asked, carried=False):
        return await _erased(turn)
    if not wishes:
        return None
    await turn.kept.asks()
    return SURE.fill(word=wishes).to(turn.agent.language)


async def _forget_proven(turn: Turn, text: str, code: str) -> str | None:
    if not (word := is_word(text, turn.agent.memory.forget)):
        return None
    if told := await unproven_in(turn, "forget", word, code):
        return told if code else f"{GOES.to(turn.agent.language)}\n\n{told}"
    return await _erased(turn)


async def _erased(turn: Turn) -> str:
    await turn.journal.settle()
    if not await turn.kept.may_erase():
        return ENOUGH.to(turn.agent.language)
    await turn.kept.erase()
    return FORGOTTEN.to(turn.agent.language)


async def _export(turn: Turn, text: str) -> str | None:
    lang = turn.agent.language
    if not is_word(text, turn.agent.memory.export):
        return None
    if turn.message.overheard:
        return ALONE_ONLY.to(lang)
    try:
        address = await turn.kept.export(MINE.to(lang))
    except TurnFailed as e:
        return e.text.to(lang)
    if address.startswith("!["):
        return FILED.fill(file=as_it_is(address)).to(lang)
    return EXPORT.fill(address=as_it_is(address)).to(lang) if address else ENOUGH.to(lang)


async def _show(turn: Turn, text: str) -> str | None:
    memory = turn.agent.memory
    if not memory.remembers or not is_word(text, memory.show):
        return None
    lang = turn.agent.language
    if turn.message.overheard:
        return ALONE_ONLY.to(lang)
    known = await turn.kept.known()
    lines = _numbered(known.notes, lang)
    summaries = [*([known.summary.text] if known.summary else []), *known.elsewhere]
    lines += [SO_FAR.fill(text=summary).to(lang) for summary in summaries]
    if not lines:
        return NOTHING.to(lang)
    return "\n".join([*lines, *(ALL_GOES.fill(word=word).to(lang) for word in memory.forget[:1])])


def _numbered(notes: Sequence[Note], lang: str) -> list[str]:
    lines = [f"{n}. {note.name}：{note.value}" for n, note in enumerate(notes, 1)]
    return [REMEMBERED.to(lang), *lines, ONE_GOES.to(lang)] if lines else []


async def _drop(turn: Turn, text: str) -> str | None:
    memory = turn.agent.memory
    said, code = coded(turn.kept, text)
    match = ONE.fullmatch(bare(said))
    if not match or not memory.remembers or not memory.show:
        return None
    if turn.message.overheard:
        return ALONE_ONLY.to(turn.agent.language)
    notes, number = (await turn.kept.known()).notes, int(match[1])

    async def which() -> list[str]:
        return [notes[number - 1].name, notes[number - 1].value] if 0 < number <= len(notes) else []

    found = await turn.step("memory.drop", which, carried=False)  # the numbers of the rest change
    if not found:
        return NO_SUCH.fill(n=number).to(turn.agent.language)
    if told := await unproven_in(turn, f"drop {found[0]}", bare(said), code):
        return told
    await turn.journal.settle()
    await turn.kept.drop(found[0])
    lang, left = turn.agent.language, (await turn.kept.known()).notes
    # The numbers are others now.
    return "\n".join([DROPPED.fill(name=found[0], value=found[1]).to(lang), *_numbered(left, lang)])


async def _link(turn: Turn, text: str) -> str | None:
    memory, lang = turn.agent.memory, turn.agent.language
    if not memory.remembers or not memory.link:
        return None
    if word := is_word(text, memory.link):
        if turn.message.overheard:
            return ALONE_ONLY.to(lang)
        code = await turn.kept.give_code()
        return CODE.fill(word=word, code=code).to(lang)
    match = CODED.fullmatch(bare(text))
    if not match or not is_word(match[1], memory.link):
        return None
    joined = await _once(turn, "memory.join", lambda: turn.kept.take_code(match[2]))
    return JOINED[joined].fill(word=(memory.unlink or ["?"])[0], get=memory.link[0]).to(lang)


async def _unlink(turn: Turn, text: str) -> str | None:
    memory = turn.agent.memory
    said, code = coded(turn.kept, text)
    if not memory.remembers or not (word := is_word(said, memory.unlink)):
        return None
    if told := await unproven_in(turn, "part", word, code):
        return told
    return (PARTED if await _once(turn, "memory.part", turn.kept.part) else ALONE).to(turn.agent.language)


async def _once(turn: Turn, name: str, work: Callable[[], Awaitable[str | bool]]) -> str:
    return str(await turn.step(name, work, carried=False) or "")
