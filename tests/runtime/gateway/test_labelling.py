"""The mark of what a model wrote: when, where, once, within a message, as it grows, beside buttons."""

import pytest
from carded import Carded
from links_world import AGENT
from links_world import world as grown
from test_bubbles import asks, shown
from world import ANSWERS, Account, Plain, world

from builder import phone
from runtime import channels
from runtime.channels import Guides, Limits
from runtime.choices import Choice, read, written
from runtime.gateway.labelling import labelled
from runtime.safety.settings import MADE, Label
from script import DOWN, says

MARK = MADE.zh
ASKED = {
    name for name, one in channels.registry().items() if issubclass(one, Guides) and one.profile.mark_asked
}
REPLY = {"type": "reply", "id": "own", "text": "九点开门"}
CHOICES = written([Choice("查订单", "orders"), Choice("退货", "return")])


def marking(when="always", agent=ANSWERS, **more):
    return {**agent, "safety": {"label": {"when": when, **more}}}


def test_somewhere_it_is_asked_for_and_somewhere_not():
    assert ASKED
    assert set(channels.registry()) - ASKED


@pytest.mark.parametrize("name", channels.registry())
@pytest.mark.parametrize("when", ["auto", "always", "never"])
def test_it_is_where_the_surface_asks_for_it_or_the_owner_wants_it(when, name):
    wanted = {"auto": name in ASKED, "always": True, "never": False}[when]
    text = labelled("龙井", Label(when=when), channels.registry()[name], "zh")
    assert text == (f"龙井\n\n{MARK}" if wanted else "龙井")


@pytest.mark.parametrize(
    ("text", "label", "lang", "is_shown"),
    [
        ("Tea", {}, "en", f"Tea\n\n{MADE.en}"),
        ("茶", {"place": "start"}, "zh", f"{MARK}\n\n茶"),
        ("茶", {"text": " 机器写的 "}, "zh", "茶\n\n机器写的"),
        (f"茶 {MARK}", {}, "zh", f"茶 {MARK}"),
        (f"办什么？{CHOICES}", {}, "zh", f"办什么？\n\n{MARK}{CHOICES}"),
        (f"办什么？{CHOICES}", {"place": "start"}, "zh", f"{MARK}\n\n办什么？{CHOICES}"),
        (" \n", {}, "zh", " \n"),
    ],
)
def test_it_stands_where_it_is_set_once_and_never_between_choices_and_the_end(text, label, lang, is_shown):
    label = Label(when="always", **label)
    marked = labelled(text, label, Plain, lang)
    assert marked == is_shown
    assert labelled(marked, label, Plain, lang) == marked
    assert read(marked)[1] == read(text)[1]


@pytest.mark.parametrize(
    ("flow", "answer", "is_marked"),
    [
        (ANSWERS["flow"], says("龙井"), True),
        ([REPLY], says("龙井"), False),
        ([*ANSWERS["flow"], {**REPLY, "text": "{{ answer.text }}！"}], says("龙井"), True),
        (ANSWERS["flow"], DOWN, False),
    ],
    ids=["of a model", "the flow's own words", "with a model's words", "no answer"],
)
async def test_only_what_a_model_wrote_has_it(tmp_path, flow, answer, is_marked):
    async with world(tmp_path, answer, agent={**marking(), "flow": flow}, account=Account()) as w:
        body = await w.push()
        await w.come_to("delivered")
        said = body.removeprefix("reply:").removeprefix("success") + "".join(one for _, one in w.account.sent)
        assert (MARK in said) == is_marked, said


class Narrow(Plain):
    limits = Limits(30)

    @classmethod
    def render(cls, markdown):
        return [markdown[i : i + 10] for i in range(0, len(markdown), 10)]


@pytest.mark.parametrize("place", ["start", "end"])
async def test_with_it_no_message_is_longer_than_the_platform_takes_and_the_preview_is_what_was_sent(
    tmp_path, place
):
    long = "龙井碧螺春毛峰瓜片银针"
    agent = marking(place=place)
    async with world(tmp_path, says(long), agent=agent, kind=Narrow) as w:
        first = await w.push()
        await w.come_to("delivered")
        sent = [first.removeprefix("reply:")] if first != "success" else []
        sent += [text for _, text in w.account.sent]
        said = phone.marked(long, Label(**agent["safety"]["label"]), "plain", "zh")
        previewed = phone.parts(said, "plain")
    assert [one.text for one in previewed] == sent
    assert all(
        one.size == len(text.encode()) <= Narrow.limits.most
        for one, text in zip(previewed, sent, strict=True)
    )
    assert "".join(sent).count(MARK) == 1
    whole = "".join(sent)
    assert whole.startswith(MARK) if place == "start" else whole.endswith(MARK)


@pytest.mark.parametrize("place", ["start", "end"])
async def test_what_grew_ends_with_it_once(tmp_path, place):
    async with grown(tmp_path, "有。", "龙井！", agent=marking(agent=AGENT, place=place)) as w:
        await asks(w)
        await w.come_to("delivered")
        whole = shown(w)
    assert whole == (f"{MARK}\n\n有。龙井！" if place == "start" else f"有。龙井！\n\n{MARK}")


class Tapped(Carded):
    @classmethod
    def render(cls, markdown):
        return [markdown]


async def test_a_card_has_it_in_its_question_and_its_buttons_stay(tmp_path):
    async with world(tmp_path, says(f"办什么？{CHOICES}"), agent=marking(), kind=Tapped) as w:
        await w.push()
        await w.come_to("delivered")
        [(_, card)] = [one for one in w.account.sent if isinstance(one[1], tuple)]
        assert card[1:] == ("orders", "return")
        assert MARK in card[0]


async def test_what_a_model_is_sent_later_is_without_it(tmp_path):
    async with world(tmp_path, says("龙井"), agent=marking()) as w:
        await w.push(id="m1")
        await w.come_to("delivered")
        await w.push(id="m2")
        await w.come_to("delivered", "delivered")
        assert "龙井" in str(w.models.requests[1].messages)
        assert MARK not in str(w.models.requests[1].messages)
