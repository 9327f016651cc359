"""What could not be sent comes out again, a few at a time."""

import asyncio

from world import Account, now, world

from runtime.errors import StoreFailed
from runtime.gateway import held
from runtime.lang import Text
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.parts import Parts
from runtime.store.messages.states import PART_STEPS
from script import wrote


async def keep(folder, people, state="held"):
    """Answers of an earlier process that wait."""
    messages = Messages(folder / "messages.db")
    for i in range(people):
        accepted = await messages.accept("p", wrote(sender=f"u{i:03}"), now())
        await messages.finish(accepted.seq, Outcome("好", 1), ["好"], now(), "answered")
    for step in [state] if state in PART_STEPS["ready"] else ["sending", state]:
        await messages.database.write(lambda db, step=step: db.execute("update parts set state=?", (step,)))
    await messages.database.write(lambda db: db.execute("update messages set state=?", (state,)))
    messages.close()


async def test_all_that_is_held_goes_out_and_only_a_few_are_on_their_way_at_once(tmp_path):
    await keep(tmp_path, 230)
    most = 0
    async with world(tmp_path) as w:

        def live():
            nonlocal most
            most = max(most, len(w.gateway._worker._live))
            return len(w.account.sent) == 230

        await w.until(live, seconds=20)
        assert most <= held.PEOPLE
        assert sorted(to for to, _ in w.account.sent) == [f"u{i:03}" for i in range(230)]


async def test_what_an_older_version_kept_without_a_word_goes_out_too(tmp_path):
    await keep(tmp_path, 1, "kept")
    async with world(tmp_path) as w:
        await w.until(lambda: w.account.sent == [("u000", "好")])


async def test_while_it_goes_out_whoever_writes_is_answered(tmp_path):
    await keep(tmp_path, 150)
    async with world(tmp_path, account=Account()) as w:
        assert await asyncio.wait_for(w.push(id="n", **{"from": "new"}), 2) == "success"
        await w.until(lambda: len(w.account.sent) == 151, seconds=20)


async def test_a_page_that_was_opened_leaves_nothing_to_send_or_to_tell(tmp_path):
    for state in ("held", "kept", "unreachable", "unknown"):
        folder = tmp_path / state
        await keep(folder, 1, state)
        messages = Messages(folder / "messages.db")
        page = await messages.pages.find(await messages.pages.secret(1), now())
        await messages.pages.seen(page, now())
        messages.close()
        async with world(folder) as w:
            await asyncio.sleep(0.1)
            assert await w.states() == ["delivered"]
            assert w.account.sent == []


async def test_a_disk_that_refuses_at_the_start_does_not_keep_it_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(held, "LOOK", 0.01)
    await keep(tmp_path, 1)
    refusals = [True, True]
    anything = Parts.anything_held

    async def refused(*given):
        if refusals:
            refusals.pop()
            raise StoreFailed(Text("磁盘满了", "disk full"))
        return await anything(*given)

    monkeypatch.setattr(Parts, "anything_held", refused)
    async with world(tmp_path) as w:
        await w.until(lambda: w.account.sent == [("u000", "好")] and not refusals)


async def test_an_account_that_rests_for_a_moment_only_leaves_nobody_without_an_answer(tmp_path, monkeypatch):
    async with world(tmp_path) as w:
        await w.push()
        await w.come_to("delivered")
        # when the answer is recorded, when its turn to be sent comes, and when it may be sent
        rests = iter([True, False, True])
        monkeypatch.setattr(w.gateway.abilities, "is_resting", lambda surface: next(rests, False))
        assert await w.push(id="m2") == "success"
        await w.come_to("delivered", "delivered")
