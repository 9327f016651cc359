import json

from runtime.agents.check import check
from runtime.store.control.control import Control
from runtime.templating.prompts import GIVEN, Prompts
from runtime.turn.events import BlockFinished, ModelUsed
from script import DOWN, Script, agent, play, says, wrote

ORDER = {
    "type": "extract",
    "id": "order",
    "fields": [
        {"name": "day", "title": "哪天", "type": "date"},
        {"name": "guests", "title": "几位", "type": "number"},
        {"name": "name", "title": "姓名"},
    ],
}
SAY = {"type": "reply", "id": "say", "text": "{{ order.fields.guests }}/{{ order.missing | join(',') }}"}
TEXT = "2026-05-01，三位"


async def extracted(*answers, **more):
    models = Script(list(answers) or [DOWN])
    events = await play(agent({**ORDER, **more}, SAY), wrote(TEXT), models)
    output = next(e.output for e in events if isinstance(e, BlockFinished))
    return output, models, events


async def test_a_model_finds_fields_by_a_schema_and_what_it_leaves_out_is_missing():
    output, models, events = await extracted(says('{"day": "2026-05-01", "guests": 3, "name": null}'))
    assert output["fields"] == {"day": "2026-05-01", "guests": 3, "name": None}
    assert (output["missing"], output["by"]) == (["name"], "model")
    assert events[-1].text == "3/name"
    assert models.requests[0].schema["required"] == ["day", "guests", "name"]
    assert [e.block for e in events if isinstance(e, ModelUsed)] == ["order"]


async def test_a_wrong_answer_is_repaired_once_and_what_stays_wrong_is_missing():
    good = says(json.dumps({"day": "2026-05-01", "guests": 3, "name": "李"}))
    output, models, _ = await extracted(says('{"day": "someday", "guests": 3}'), good)
    assert output["missing"] == []
    assert "day: should be a day" in models.requests[1].messages[-1]["content"]
    output, models, _ = await extracted(says('{"day": "someday", "guests": 3}'))
    assert len(models.requests) == 2
    assert output["missing"] == ["day", "name"]


async def test_without_a_usable_model_what_has_a_form_is_found_by_patterns():
    for answers, more, error in (
        ([DOWN], {}, "模型没有回应。"),
        ([says("我不会 JSON")], {}, ""),
        ([], {"model": ""}, ""),
    ):
        output, models, _ = await extracted(*answers, **more)
        assert output["fields"] == {"day": "2026-05-01", "guests": 3, "name": None}
        assert (output["by"], output["error"]) == ("words", error)
        assert bool(models.requests) is (more == {})


async def test_a_misspelt_field_is_told_before_anybody_meets_it(tmp_path):
    wrong = {"type": "reply", "id": "say", "text": "{{ order.fields.guest }}"}
    found = check(agent(ORDER, wrong), Prompts([GIVEN]), Control.in_folder(tmp_path))
    assert any("'guest'" in one.text.en and "guests" in one.text.en for one in found)
