"""A thumb that is typed judges the answer before it: one's own, the newest counts, and no flood does."""

import asyncio
import json
from dataclasses import replace

import pytest
from world import Account, Plain, world

from runtime.channels import ChoiceLimits, Judged
from runtime.message import Message
from runtime.store.messages.insights import Insights
from script import says

THANKS = "谢谢，已经记下。"


async def judged(made):
    made.book.record = replace(made.book.record, judged=True)


def ratings(folder):
    found = Insights(folder / "messages.db").ratings(["p"], 0.0, 1e12)
    return [(one.seq, one.verdict, one.text) for one in found]


@pytest.mark.parametrize(
    ("typed", "verdict", "note"),
    [
        ("👍", "good", ""),
        ("👎🏽", "bad", ""),
        (" 👍\ufe0f ", "good", ""),
        ("[强]", "good", ""),
        ("/:weak", "bad", ""),
        ("[thumbsdown]", "bad", ""),
        ("[THUMBSUP]", "good", ""),
        ("👎：太慢了\n真的", "bad", "太慢了\n真的"),
        (f"👎: {'慢' * 600}", "bad", "慢" * 500),
        ("👍 几点关门", None, ""),
        ("👍👍", None, ""),
        ("好👍", None, ""),
        (":", None, ""),
    ],
)
async def test_what_counts_as_a_thumb_and_what_is_a_question(tmp_path, typed, verdict, note):
    async with world(tmp_path, account=Account(can_push=False)) as made:
        await judged(made)
        await made.push("几点", id="m1")
        said = await made.push(typed, id="m2")
        assert (said == f"reply:{THANKS}") is (verdict is not None)
        assert ratings(tmp_path) == ([(1, verdict, note)] if verdict else [])


async def test_a_thumb_behind_other_words_is_nobodys(tmp_path):
    async with world(tmp_path, account=Account(can_push=False)) as made:
        await judged(made)
        await made.push("几点", id="m1")
        surface = made.gateway.surfaces.find("p")
        for id, label, verdicts in (("m2", "下一页", []), ("m3", "👎", ["bad"])):
            tapped = Message(id, "u1", "👎", data={"choice": label})
            await made.gateway._intake.take(surface, [tapped])
            assert [verdict for _, verdict, _ in ratings(tmp_path)] == verdicts


async def test_a_day_later_a_thumb_is_something_that_somebody_says(tmp_path):
    async with world(tmp_path, account=Account(can_push=False)) as made:
        await judged(made)
        await made.push("几点", id="m1")
        asyncio.get_running_loop().ahead += 25 * 3600
        assert await made.push("👍", id="m2") != f"reply:{THANKS}"
        assert ratings(tmp_path) == []


async def test_where_it_is_pushed_thanks_are_pushed_and_no_turn_runs(tmp_path):
    async with world(tmp_path) as made:
        await judged(made)
        surface = made.gateway.surfaces.find("p")
        for n, text in enumerate(("几点", "👎"), 1):
            await made.gateway._intake.take(surface, [Message(f"m{n}", "u1", text)])
            await made.come_to(*["delivered", "silent"][:n])
        await made.until(lambda: THANKS in "".join(part for _, part in made.account.sent))
        assert await made.states() == ["delivered", "silent"]
        assert len(made.models.requests) == 1
        assert ratings(tmp_path) == [(1, "bad", "")]


async def test_it_is_a_message_like_any_where_nobody_wants_to_know_or_nothing_was_answered(tmp_path):
    async with world(tmp_path, account=Account(can_push=False)) as made:
        await made.push("几点", id="m1")
        assert await made.push("👍", id="m2") != f"reply:{THANKS}"
        await judged(made)
        assert await made.push("👍", id="m3", **{"from": "u2"}) != f"reply:{THANKS}"
        assert ratings(tmp_path) == []


@pytest.mark.usefixtures("engine")
async def test_the_newest_counts_and_a_repeat_is_none(tmp_path):
    async with world(tmp_path, account=Account(can_push=False)) as made:
        await judged(made)
        await made.push("几点", id="m1")
        for id, typed in (("m2", "👍"), ("m3", "👎"), ("m3", "👎")):
            await made.push(typed, id=id)
        assert ratings(tmp_path) == [(1, "bad", "")]


async def test_nobody_judges_what_another_was_told_whatever_names_it(tmp_path):
    async with world(tmp_path, account=Account(can_push=False)) as made:
        await judged(made)
        await made.push("几点", id="m1")
        await made.push("👍", id="m2")
        of = await made.gateway.messages.database.read(
            lambda db: json.loads(db.execute("select message from messages where seq=2").fetchone()[0])[
                "data"
            ]["of"]
        )
        forged = Message("x1", "u2", "", "event", 0.0, {"event": "rated", "of": of, "verdict": "bad"})
        await made.gateway.acts.judged("p", forged)
        assert ratings(tmp_path) == [(1, "good", "")]


async def test_a_flood_of_judgements_ends_at_the_border(tmp_path):
    async with world(tmp_path) as made:
        for n in range(100):
            event = Message(
                f"x{n}", "u1", "", "event", 0.0, {"event": "rated", "of": "1-0", "verdict": "bad"}
            )
            await made.gateway.acts.judged("p", event)
        assert len(await made.states()) == 60


class Reacts(Judged, Plain):
    """Whose platform names what it was sent, and tells of signs under it."""

    choice_limits = ChoiceLimits(most=2, text=9, value=9, question=99)

    def push_choices(self, choices, to, key, after=None):
        return self.push(choices.question, to, key)

    def handle(self, answer):
        return f"sent {len(self.account_now.sent)}"


@pytest.mark.parametrize(
    ("on", "who", "wanted", "found"),
    [
        ("sent 2", "u1", True, [(2, "bad", "")]),
        ("sent 1", "u1", True, [(1, "bad", "")]),
        ("sent 9", "u1", True, []),
        ("sent 1", "u2", True, []),
        ("sent 1", "u1", False, []),
    ],
)
async def test_a_sign_under_an_answer_is_of_that_answer_and_of_ones_own_alone(
    tmp_path, on, who, wanted, found
):
    async with world(tmp_path, kind=Reacts) as made:
        made.book.record = replace(made.book.record, judged=wanted)
        surface = made.gateway.surfaces.find("p")
        for n in (1, 2):
            await made.gateway._intake.take(surface, [Message(f"m{n}", "u1", "几点")])
            await made.come_to(*["delivered"] * n)
        data = {"event": "rated", "on": on, "verdict": "bad"}
        await made.gateway._intake.take(surface, [Message("r1", who, "", "event", 0.0, data)])
        await made.come_to("delivered", "delivered", "silent")
        assert ratings(tmp_path) == found
        assert THANKS not in "".join(part for _, part in made.account.sent)


@pytest.mark.usefixtures("engine")
async def test_a_sign_under_what_may_be_tapped_counts_as_well(tmp_path):
    offered = says("热的？\n- [热](menu:hot)\n- [冷](menu:cold)")
    async with world(tmp_path, offered, kind=Reacts) as made:
        await judged(made)
        surface = made.gateway.surfaces.find("p")
        await made.gateway._intake.take(surface, [Message("m1", "u1", "几点")])
        await made.come_to("delivered")
        names = {f"sent {n}" for n in range(1, len(made.account.sent) + 1)}
        for n, name in enumerate(sorted(names)):
            data = {"event": "rated", "on": name, "verdict": "good"}
            await made.gateway._intake.take(surface, [Message(f"r{n}", "u1", "", "event", 0.0, data)])
        await made.come_to("delivered", *["silent"] * len(names))
        rows = await made.gateway.messages.database.read(
            lambda db: {
                row["detail"] for row in db.execute("select detail from moments where what='sent_as'")
            }
        )
        assert rows == names
        assert ratings(tmp_path) == [(1, "good", "")]
