"""Yesterday's conversations against the draft, and a version that answers unheard, as the page has them."""

import time

import pytest
from builder_world import ACCOUNT, add

from builder.actions import replayed, shadow
from builder.actions.trials import mark_of_trials, trials
from runtime.access.actor import OWNER
from runtime.agents.agent import Agent
from runtime.answer import AnswerPart
from runtime.errors import Conflict, NotFound
from runtime.message import Message
from runtime.publish.publications import publish, the_publication
from runtime.shadowing.replayed import to_be_played
from runtime.store.messages import shadowed
from runtime.store.messages.messages import Messages, Outcome
from runtime.working import Work, working

SAYS = {"type": "reply", "id": "say", "text": "九点开门"}


async def published(studio, *people):
    """Version 1 says when it opens, and told these people so."""
    add(studio)
    saved = {**studio.library.get("shop").agent.to_json(), "flow": [SAYS]}
    made = publish(studio.control, Agent.load(saved), "wechat", ACCOUNT)
    messages, now = Messages(studio.settings.data / "messages.db"), time.time()
    for who in people:
        accepted = await messages.accept(
            made.publication, Message("m", who, f"{who} 几点开门？", at=now), now
        )
        parts, outcome = [AnswerPart("九点开门")], Outcome("九点开门", 1)
        await messages.finish(
            accepted.seq, outcome, parts, now, "answered", None, lane=(made.publication, who)
        )
        await messages.mark(accepted.seq, "delivered")
    return made.publication, messages


def draft(studio, text):
    file = studio.library.get("shop")
    saved = {**file.agent.to_json(), "flow": [{**SAYS, "text": text}]}
    studio.library.save(Agent.load(saved), file.revision)


@pytest.mark.parametrize(
    ("text", "otherwise", "words"), [("九点开门", 0, "may be published"), ("十点", 2, "otherwise")]
)
async def test_the_draft_is_held_against_what_was_answered(studio, text, otherwise, words):
    id, messages = await published(studio, "u1", "u2")
    messages.close()
    draft(studio, text)
    with working(work := Work()):
        found = await replayed.replay_talks(studio, OWNER, id)
    assert (found["all"], found["otherwise"], (work.done, work.of)) == (2, otherwise, (2, 2))
    assert words in found["says"]["en"]
    assert [(one["text"], one["live"], one["draft"], one["why"]) for one in found["talks"]] == [
        (f"u{n} 几点开门？", "九点开门", text, []) for n in range(1, otherwise + 1)
    ]


async def test_where_nobody_was_answered_there_is_nothing_to_replay(studio):
    id, messages = await published(studio)
    messages.close()
    with pytest.raises(NotFound):
        await replayed.replay_talks(studio, OWNER, id)


async def test_a_shadow_begins_tells_and_ends_as_the_page_has_it(studio):
    id, messages = await published(studio, "u1")
    draft(studio, "十点")
    before = mark_of_trials(studio, id)
    shadow.start_shadow(studio, OWNER, id, share=100)
    assert mark_of_trials(studio, id) != before
    assert trials(studio, the_publication(studio.control, id))["shadow"]["now"]["version"] == 2
    assert "side by side yet" in shadow.shadow_report(studio, id)["says"]["en"]
    with pytest.raises(Conflict):
        shadow.start_shadow(studio, OWNER, id)
    found = studio.control.shadows.find(id)
    now = found.since + 1
    accepted = await messages.accept(id, Message("n", "u2", "几点？", at=now), now)
    await messages.finish(
        accepted.seq, Outcome("九点", 1), [AnswerPart("九点")], now, "answered", None, lane=(id, "u2")
    )
    await messages.mark(accepted.seq, "delivered")
    await shadowed.begin(messages.database, accepted.seq, 2, now)
    pair = shadowed.Pair(accepted.seq, reply="十点", alike=False, agree=0.0, near=0.5)
    assert await shadowed.keep(messages.database, pair, 2, now)
    messages.close()
    assert shadow.shadow_report(studio, id)["differ"] == 1
    [told] = shadow.shadow_pairs(studio, id)["pairs"]
    assert (told["text"], told["live"], told["shadow"]) == ("几点？", "九点", "十点")
    shadow.stop_shadow(studio, OWNER, id)
    last = trials(studio, the_publication(studio.control, id))["shadow"]["last"]
    assert "0 come to the same" in last["says"]["en"]


async def test_the_draft_s_models_are_sent_no_more_than_those_of_the_version_that_answered(studio):
    add(studio)
    file = studio.library.get("shop")
    hides = {"safety": {"masking": {"kinds": ["phone", "mail"]}}}
    made = publish(
        studio.control, Agent.load({**file.agent.to_json(), **hides, "flow": [SAYS]}), "wechat", ACCOUNT
    )
    publication = the_publication(studio.control, made.publication)
    own = Agent.load({**file.agent.to_json(), "safety": {"masking": {"kinds": ["card", "phone"]}}})
    played = to_be_played(studio.control, publication, own)
    assert played.safety.masking.kinds == ["card", "phone", "mail"]
    assert own.safety.masking.kinds == ["card", "phone"]
    assert to_be_played(studio.control, publication, played) is played
