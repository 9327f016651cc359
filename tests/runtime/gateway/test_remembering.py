"""What an agent remembers of the people who write to it, as they see it in chat."""

import asyncio
from dataclasses import replace

import pytest
from world import ANSWERS, Account, Book, Plain, world

from runtime.message import Message
from runtime.person import Note
from runtime.store.messages.media import KeptFile
from runtime.store.messages.people import Face
from script import calls, says

PEANUTS = "我对花生过敏"
SHOP = {**ANSWERS, "flow": [{"type": "model", "id": "answer", "prompt": {"text": "你是店员"}}]}


def shop(**memory):
    return {**SHOP, "memory": memory}


class Talk:
    """Messages one after another, each with its answer."""

    def __init__(self, w, sender="u1"):
        self.w, self.sender, self.count = w, sender, 0

    async def say(self, text):
        self.count += 1
        before = len(self.w.account.sent)
        reply = await self.w.push(text, id=f"{self.sender}-{self.count}", **{"from": self.sender})
        await self.w.until(lambda: len(self.w.account.sent) > before or reply != "success")
        pushed = [part for to, part in self.w.account.sent[before:] if to == self.sender]
        seq = await self.w.gateway.messages.database.read(
            lambda db: db.execute("select max(seq) from messages").fetchone()[0]
        )
        outcome = await self.w.gateway.messages.outcome(seq)
        assert pushed or reply.startswith("reply:")
        return outcome[0]

    def told(self):
        """The newest question to a model: its system prompt, and what else was said."""
        first, *rest = self.w.models.requests[-1].messages
        return first["content"], [message["content"] for message in rest]


def remembers(name, value):
    return calls(("remember", {"name": name, "value": value, "kind": "about"}))


@pytest.mark.of_files
async def test_a_fact_is_kept_in_the_persons_own_words_shown_changed_and_deleted(tmp_path):
    answers = [
        remembers("忌口", "对花生过敏"),
        says("记住了"),
        says("推荐龙井"),
        says("推荐龙井"),
        remembers("忌口", "什么都能吃"),
        says("好"),
    ]
    async with world(tmp_path, *answers, agent=shop(type="none", facts=True)) as w:
        talk = Talk(w)
        assert await talk.say(PEANUTS) == "记住了"
        assert await talk.say("推荐点茶") == "推荐龙井"
        system, rest = talk.told()
        assert rest == ["推荐点茶"]
        assert "忌口: 对花生过敏" in system
        assert "不是指令" in system
        listed = await talk.say("你记得我什么？")
        assert "1. 忌口：对花生过敏" in listed
        assert "忘记 1" in listed
        assert await talk.say("删除 1") == "推荐龙井"
        await talk.say("我现在什么都能吃了")
        assert "1. 忌口：什么都能吃" in await talk.say("你记得我什么")
        assert await talk.say("忘记 2") == "没有第 2 条。"
        assert await talk.say("忘记1") == "已经忘记「忌口：什么都能吃」。"
        assert await talk.say("你记得我什么") == "我还没有记住关于您的事。"
        stored = (tmp_path / "messages.db").read_bytes() + (tmp_path / "messages.db-wal").read_bytes()
        assert len(w.models.requests) == 6
        assert stored


@pytest.mark.of_files
@pytest.mark.plain("it looks for bytes that are there")
async def test_who_wishes_it_is_asked_once_and_then_forgotten_to_the_last_byte(tmp_path):
    answers = [remembers("忌口", PEANUTS), says(f"知道了，{PEANUTS}"), says("好")]
    async with world(tmp_path, *answers, agent=shop(facts=True)) as w:
        talk, other = Talk(w), Talk(w, "u2")
        await talk.say(PEANUTS)
        await other.say("别人的话")
        file = await w.gateway.kept.keep(PEANUTS.encode())
        await w.gateway.messages.media.belong(1, [KeptFile(file, "text/plain", 9)])
        page = await w.gateway.messages.pages.secret(1)
        assert "再发一次「忘记我」" in await talk.say("忘记我。")
        assert await talk.say("忘记我") == "好的，关于您的内容都已经删除。"
        assert await talk.say("你记得我什么") == "我还没有记住关于您的事。"
        assert await w.gateway.kept.read(file) is None
        assert await w.gateway.messages.pages.find(page, 0) is None
        assert "花生" not in await other.say("他们说了什么")
        assert other.told()[1][0] == "别人的话"
        await talk.say("你好")
        assert talk.told()[1][2:] == ["你好"]
    left = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert PEANUTS.encode() not in left
    assert "别人的话".encode() in left
    assert page.encode() not in left


async def test_a_yes_to_something_else_forgets_nobody(tmp_path):
    async with world(tmp_path, says("要下单吗？"), agent=SHOP) as w:
        talk = Talk(w)
        await talk.say("我要龙井")
        assert "再发一次" in await talk.say("忘记我")
        assert await talk.say("算了") == "要下单吗？"
        assert await talk.say("是的") == "要下单吗？"
        assert len(await w.gateway.messages.history("p", "u1", 99, 99)) == 4
        assert "再发一次" in await talk.say("忘记我")
        assert await talk.say("是的") == "好的，关于您的内容都已经删除。"
        await talk.say("又来了")
        assert talk.told()[1] == ["又来了"]


async def test_a_summary_is_made_once_of_what_fell_out_and_paid_for(tmp_path):
    answers = [*(says(f"答{n}") for n in range(1, 5)), says("摘要：聊过茶"), says("答5"), says("答6")]
    async with world(tmp_path, *answers, agent=shop(type="summary", turns=2)) as w:
        talk = Talk(w)
        for n in range(1, 7):
            assert await talk.say(f"问{n}") == f"答{n}"
            if n == 4:
                assert len(talk.told()[1]) == 7  # nothing is lost before it is summed up
        asked = w.models.requests[4].messages[1]["content"]
        assert [f"问{n}" in asked for n in range(1, 5)] == [True, True, False, False]
        system, rest = talk.told()
        assert "摘要：聊过茶" in system
        assert rest[0] == "问3"
        assert len(rest) == 7
        tokens = await w.gateway.messages.database.read(
            lambda db: [row[0] for row in db.execute("select prompt_tokens from messages order by seq")]
        )
        assert tokens == [10, 10, 10, 10, 20, 10]
        assert "我们聊到：摘要：聊过茶" in await talk.say("你记得我什么")
        assert await talk.say("新对话") == "好的，我们重新开始。"
        await talk.say("问7")
        system, rest = talk.told()
        assert (system, rest) == ("你是店员", ["问7"])


async def test_silence_for_the_agents_time_starts_a_new_conversation(tmp_path):
    async with world(tmp_path, says("好"), agent=shop(expires=60)) as w:
        talk = Talk(w)
        await talk.say("今天的")
        await asyncio.sleep(50)
        await talk.say("接着说")
        assert talk.told()[1] == ["今天的", "好", "接着说"]
        await asyncio.sleep(61)
        await talk.say("又来了")
        assert talk.told()[1] == ["又来了"]


async def test_earlier_exchanges_that_bear_on_the_question_come_back(tmp_path):
    async with world(tmp_path, says("好"), agent=shop(type="relevant", turns=1)) as w:
        talk = Talk(w)
        await talk.say("我的地址是虹桥路 88 号")
        for n in range(5):
            await talk.say(f"第 {n} 个关于茶叶的问题")
        await talk.say("寄到我的地址")
        system, rest = talk.told()
        assert "虹桥路 88 号" in system
        assert len(rest) == 3
        await talk.say("谢谢")
        assert "memory" not in talk.told()[0]


class Two(Book):
    """The same agent on two surfaces."""

    def publication(self, id):
        return replace(self.record, id=id) if id in ("p", "q") else None

    def publications(self):
        return [self.publication("p"), self.publication("q")]


async def test_one_person_on_two_surfaces_is_one_by_their_word_alone(tmp_path):
    answers = [remembers("忌口", "对花生过敏"), says("记住了"), says("好")]
    async with world(tmp_path, *answers, agent=shop(facts=True), book=Two) as w:
        here = Talk(w)
        await here.say(PEANUTS)
        await there(w, "在吗")
        assert "花生" not in here.told()[0]
        code = (await here.say("关联账号")).splitlines()[1]
        assert "不对" in await there(w, "关联账号 00000000")
        assert "关联好了" in await there(w, code)
        await there(w, "推荐点茶")
        system, rest = here.told()
        assert "对花生过敏" in system
        assert PEANUTS not in rest
        assert await there(w, "取消关联") == "已经分开，这里不再记得您之前说的。"
        assert await there(w, "你记得我什么") == "我还没有记住关于您的事。"
        assert (await w.gateway.messages.remembered.known(Face("p", "u1"))).surfaces == 1


async def there(w, text):
    """Said on the other surface."""
    message = Message(f"there-{text}", "u1", text)
    async for event in w.gateway.stream("q", message):
        last = event
    return last.text


class Posed(Plain):
    knows_who = False


@pytest.mark.parametrize(
    ("kind", "sender", "says_why", "still"),
    [(Plain, "room/u1", "别人也看得到", False), (Posed, "u1", "不能确认是您本人", True)],
)
async def test_a_code_that_others_read_or_anybody_may_have_written_joins_nobody(
    kind, sender, says_why, still, tmp_path
):
    async with world(tmp_path, says("好"), agent=shop(facts=True), book=Two, kind=kind) as w:
        code = (await there(w, "关联账号")).splitlines()[1]
        typed = Message("m1", sender, code, overheard="/" in sender)
        told = [event async for event in w.gateway.stream("p", typed)]
        assert says_why in told[-1].text
        assert (await w.gateway.messages.remembered.known(Face("q", "u1"))).surfaces == 1
        joined = await w.gateway.messages.remembered.take_code(Face("p", "u5"), "shop", code[-8:], 1.8e9)
        assert (joined == "joined") == still, "what others read holds no more"


async def test_one_person_is_one_where_the_platform_says_so_and_the_owner_wants_that(tmp_path):
    account = Account(known={"u1": "union-ann", "u9": "union-bob"})
    agent = shop(facts=True, same_account=True)
    async with world(tmp_path, says("好"), agent=agent, book=Two, account=account) as w:
        remembered = w.gateway.messages.remembered
        await Talk(w).say("在吗")
        await remembered.keep(Face("p", "u1"), "shop", Note("忌口", "花生"), 1)
        await there(w, "在吗")
        await w.until(lambda: len(account.asked_who) == 2)
        await there(w, "推荐点茶")
        assert "忌口: 花生" in w.models.requests[-1].messages[0]["content"]
        await Talk(w, "u9").say("我呢")
        await Talk(w, "u8").say("我呢")
        assert (await remembered.known(Face("q", "u1"))).surfaces == 2
        # Who parts stays apart, whatever the platform says; and each is asked about once a day.
        assert "已经分开" in await there(w, "取消关联")
        assert not await remembered.unite(Face("q", "u1"), "shop", "union-ann", 9)
        assert (await remembered.known(Face("p", "u1"))).surfaces == 1
        assert account.asked_who == ["u1", "u1", "u9", "u8"]


async def test_who_somebody_is_is_not_asked_unless_the_owner_wants_that(tmp_path):
    account = Account(known={"u1": "union-ann"})
    async with world(tmp_path, says("好"), agent=shop(facts=True), account=account) as w:
        await Talk(w).say("在吗")
    assert account.asked_who == []


async def test_what_waited_when_the_operator_forgot_somebody_asks_no_model(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says(PEANUTS), says("second"), agent=shop(), gate=gate) as w:
        await w.push(PEANUTS)
        await w.push("还有一句", "m2")
        await w.until(lambda: w.models.requests)
        await w.gateway.messages.remembered.erase(Face("p", "u1"), 9)
        gate.set()
        await w.come_to("recalled", "recalled")
        await w.until(lambda: not w.gateway._worker._live)
        assert len(w.models.requests) == 1


async def test_who_is_forgotten_by_the_operator_gets_no_answer_to_what_is_being_answered(tmp_path):
    gate, answers = asyncio.Event(), [remembers("忌口", PEANUTS), says(PEANUTS)]
    async with world(tmp_path, *answers, agent=shop(facts=True), gate=gate) as w:
        await w.push(PEANUTS)
        await w.until(lambda: w.models.requests)
        await w.gateway.messages.remembered.erase(Face("p", "u1"), 9)
        gate.set()
        await w.come_to("recalled")
        await w.until(lambda: len(w.models.requests) == 2)
        await w.until(lambda: w.gateway._worker.find(1) is None)
        assert not (await w.gateway.messages.remembered.known(Face("p", "u1"))).notes
        await Talk(w, "u2").say("别人的话")
        assert [to for to, _ in w.account.sent] == ["u2"]
        kept = await w.gateway.messages.database.read(
            lambda db: [row["reply"] for row in db.execute("select seq, reply from messages order by seq")]
        )
        assert kept == [None, PEANUTS]
