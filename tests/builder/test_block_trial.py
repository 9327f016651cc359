"""The test button of a block that can be tried alone."""

import pytest

from builder.actions.block_trial import try_block
from runtime.access.permissions import Permission, needed
from runtime.errors import BadAgent, Invalid

CODE = {"type": "code", "id": "bill", "values": {"n": "{{ order.n }}"}, "code": "print('hi')\nresult = n * 2"}


async def test_the_result_and_what_was_printed_are_shown_and_an_error_with_its_line(studio):
    seen = await try_block(studio, CODE, {"n": 21, "more": 1})
    assert (seen["failed"], seen["text"]) == (False, "42\n\nhi\n")
    seen = await try_block(studio, CODE, {}, lang="en")
    assert seen["failed"]
    assert seen["text"].startswith("Line 2: TypeError")


async def test_what_is_not_set_up_or_cannot_be_tried_alone_is_told(studio):
    with pytest.raises(BadAgent):
        await try_block(studio, {**CODE, "code": ""}, {})
    with pytest.raises(Invalid):
        await try_block(studio, {"type": "reply", "id": "say", "text": "x"}, {})
    assert needed(try_block) == Permission.AGENTS_EDIT
