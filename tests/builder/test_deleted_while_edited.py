"""One deletes in a tab what another edits in theirs: nothing that either wrote is lost, and it is said."""

import pytest
from builder_world import add

from builder.actions import agents, build, prompts
from runtime.access.actor import OWNER
from runtime.errors import Conflict

BROKEN = {"id": "shop", "name": "", "flow": []}


@pytest.mark.parametrize("edit", ["that can be saved", "that is a draft"])
@pytest.mark.parametrize("had_draft", [False, True])
def test_an_agent_that_was_deleted_is_not_saved_and_comes_back_as_it_was(studio, edit, had_draft):
    add(studio)
    if had_draft:
        opened = studio.library.open("shop")
        studio.library.keep_draft("shop", {**BROKEN, "name": "草稿" * 40}, opened.revision)
    opened = build.open_agent(studio, "shop")
    undo = agents.delete(studio, OWNER, "shop").undo
    data = {**opened["data"], "name": "改了"} if edit == "that can be saved" else BROKEN
    with pytest.raises(Conflict) as told:
        build.save(studio, OWNER, "shop", data, opened["revision"])
    assert "deleted elsewhere" in told.value.text.en
    assert studio.library.list() == ([], [])
    agents.restore(studio, **undo)
    again = build.open_agent(studio, "shop")
    assert (again["data"], again["revision"]) == (opened["data"], opened["revision"])
    if edit == "that can be saved":
        build.save(studio, OWNER, "shop", data, again["revision"])
        assert studio.library.get("shop").agent.name == "改了"


def test_a_template_that_was_deleted_is_not_saved_until_it_is_back(studio):
    id = prompts.create(studio, OWNER, "zh", "问好")["id"]
    opened = prompts.template(studio, id)
    undo = prompts.delete(studio, OWNER, id).undo
    mine = {"zh": {"title": "问好", "text": "你好"}}
    with pytest.raises(Conflict) as told:
        prompts.save(studio, OWNER, id, mine, opened["revision"])
    assert "Recently deleted" in told.value.text.en
    prompts.restore(studio, **undo)
    prompts.save(studio, OWNER, id, mine, opened["revision"])
    assert prompts.template(studio, id)["languages"]["zh"]["text"] == "你好"
