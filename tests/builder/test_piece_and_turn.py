"""From the flow: a piece of it is run alone and stopped; a real turn is looked at on the flow as it was."""

import asyncio

import pytest
from builder_world import ACCOUNT, SAY, TRACE, add, answered

from builder.actions import pasting, publish
from builder.actions.piece import piece_form, run_piece, stop_piece
from builder.actions.turn import look
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import Permission
from runtime.errors import BadAgent, Forbidden, NotFound

SET = {"type": "set", "id": "docs", "values": {"text": "龙井"}}
TELL = {"type": "reply", "id": "say", "text": "{{ docs.text }}·{{ message.text }}"}
SLOW = {"type": "code", "id": "slow", "code": "while True: pass", "seconds": 5}
SHOP = {"id": "shop", "name": "店", "flow": [SET, TELL]}


async def test_a_piece_is_run_with_values_given_and_ended_when_it_is_stopped(studio):
    assert piece_form(studio, SHOP, "say", False) == {"names": ["docs.text"], "acts": []}
    told = await run_piece(studio, OWNER, SHOP, "say", False, {"docs": {"text": "绿茶"}}, "在吗", "a")
    assert [event["type"] for event in told["events"]] == ["block_started", "block_finished", "replied"]
    assert told["events"][-1]["text"] == "绿茶·在吗"
    with pytest.raises(BadAgent):
        await run_piece(studio, OWNER, {**SHOP, "flow": [{**TELL, "text": 5}]}, "say", False, {}, "", "b")
    slow = {**SHOP, "flow": [SLOW, TELL]}
    running = asyncio.create_task(run_piece(studio, OWNER, slow, "slow", True, {}, "", "c"))
    while not running.done():
        stop_piece(studio, OWNER, "nobody's")
        stop_piece(studio, OWNER, "c")
        await asyncio.sleep(0)
    assert (await running)["stopped"]


def test_what_is_pasted_is_taken_as_the_server_reads_it(studio):
    tool = {"type": "http_request", "method": "POST", "url": "https://api.example.com/orders"}
    told = pasting.take_blocks(studio, [SAY, {"type": "tool", "id": "post", "tool": tool}])
    assert [block.get("disabled", False) for block in told["blocks"]] == [False, True]
    assert told["acts"][0]["id"] == "post"
    assert set(told["acts"][0]["words"]) == {"zh", "en"}


def test_a_real_turn_is_looked_at_on_the_flow_of_its_version(studio):
    add(studio)
    publish.go_live(studio, OWNER, "shop", "wechat", ACCOUNT)
    (publication,) = studio.control.publications()
    newer = studio.library.get("shop")
    studio.library.save(newer.agent.model_copy(update={"flow": []}), newer.revision)
    told = ((1, TRACE), (9, TRACE), (1, []))
    seqs = [answered(studio, publication.id, version, trace) for version, trace in told]
    seen = look(studio, OWNER, seqs[0])
    assert (seen["agent"], seen["version"], seen["flow"], seen["events"]) == ("shop", 1, [SAY], TRACE)
    for seq in (*seqs[1:], 0, 10**30, 777):
        with pytest.raises(NotFound):
            look(studio, OWNER, seq)

    reader = Actor("anna", frozenset({Permission.CONVERSATIONS_READ}))
    with pytest.raises(Forbidden):
        look(studio, reader, seqs[0])
