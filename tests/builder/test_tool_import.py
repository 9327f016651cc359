"""Tools are chosen among what a source offers: an interface's description, an MCP server."""

import pytest

from builder.actions.tool_import import offered_tools, take_tools
from runtime.errors import Invalid, NotFound, ToolFailed
from runtime.openapi.kept import kept_text

ISSUE = "POST /repos/{owner}/{repo}/issues"
LISTED = "GET /repos/{owner}/{repo}/issues"


async def test_what_is_chosen_is_added_and_what_is_chosen_again_is_changed_at_its_place(studio):
    source = {"kept": "github", "secret": "hub"}
    offer = await offered_tools(studio, "openapi", source)
    assert (offer["title"], offer["gone"]) == ("GitHub", [])
    assert {one["key"] for one in offer["tools"]} >= {ISSUE, LISTED}
    clock = {"type": "clock", "name": "create_issue"}
    taken = await take_tools(studio, "openapi", source, [ISSUE, LISTED], [clock])
    names = [(tool["type"], tool["name"]) for tool in taken.value]
    assert names == [
        ("clock", "create_issue"),
        ("openapi", "list_issues"),
        ("openapi", "github_create_issue"),
    ]
    assert "github_create_issue" in taken.text.en
    mine = {**taken.value[2], "name": "note_it", "fixed": {"owner": "{{ o }}", "gone": "x"}, "digest": "old"}
    del mine["fixed"]["gone"]
    tools = [clock, taken.value[1], mine]
    offer = await offered_tools(studio, "openapi", source, tools)
    assert {one["key"]: one["state"] for one in offer["tools"] if one["state"]} == {
        ISSUE: "changed",
        LISTED: "same",
    }
    again = await take_tools(studio, "openapi", source, [ISSUE], tools)
    assert [(tool["type"], tool["name"]) for tool in again.value] == [(t["type"], t["name"]) for t in tools]
    assert (again.value[2]["fixed"], again.value[2]["digest"] != "old") == ({"owner": "{{ o }}"}, True)
    assert again.text is None


async def test_a_pasted_description_is_read_and_what_is_wrong_is_told_with_its_field(studio):
    offer = await offered_tools(studio, "openapi", {"text": kept_text("gitee")})
    assert offer["title"] == "Gitee"
    for type, source, error, field in (
        ("openapi", {"text": "no: description"}, Invalid, "text"),
        ("openapi", {}, Invalid, "url"),
        ("openapi", {"url": "ftp://x"}, Invalid, "url"),
        ("openapi", {"kept": "../secrets"}, Invalid, "kept"),
        ("openapi", {"secret": "A B"}, Invalid, "secret"),
        ("mcp", {}, Invalid, "url"),
        ("mcp", {"command": "rm -rf"}, Invalid, "command"),
        ("clock", {}, NotFound, ""),
        ("nothing", {}, NotFound, ""),
    ):
        with pytest.raises(error) as told:
            await offered_tools(studio, type, source)
        assert told.value.field == field, source
    with pytest.raises(ToolFailed, match="programs"):
        await offered_tools(studio, "mcp", {"command": "files"})
