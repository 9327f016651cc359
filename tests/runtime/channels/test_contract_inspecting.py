"""What a platform's own check says of texts and files, for each channel whose platform has one."""

import pytest
from test_contract import TABLES, can, claiming, rows

from runtime.channels import ApiAnswer, Inspects
from runtime.errors import Refused, SendFailed
from runtime.inspected import SUGGESTIONS


def test_who_can_has_rows_of_each_suggestion_a_refusal_and_a_call_about_a_file():
    for name, tables in TABLES.items():
        said = {one for _, one in tables.inspected}
        assert bool(said) == bool(tables.looked_at) == can(name, Inspects), name
        assert not said or (set(SUGGESTIONS) < said and any(one.startswith("!") for one in said))


@claiming(Inspects)
def test_a_text_is_asked_of_one_person_as_it_is(tables):
    request = tables.channel.inspect("赌博 \\u8d4c", tables.to, "comment")
    assert request.body["content"] == "赌博 \\u8d4c"
    assert tables.to in str(request.body)
    for kind in tables.channel.inspected_media:
        asked = tables.channel.inspect_media(kind, "https://bot.test/made/1", tables.to, "comment")
        assert "https://bot.test/made/1" in str(asked.body)


@rows(Inspects, "inspected")
def test_what_the_platform_says_of_a_text_is_read(tables, row):
    data, said = row
    if said.startswith("!"):
        with pytest.raises(SendFailed) as failed:
            tables.channel.inspected(ApiAnswer(200, data))
        assert failed.value.code == said[1:]
        assert failed.value.text.zh
    else:
        found = tables.channel.inspected(ApiAnswer(200, data))
        assert found.suggestion == said
        assert bool(found.what) == (said != "pass")
        assert len(found.what) < 60


@claiming(Inspects)
@pytest.mark.parametrize("data", [{"errcode": 0}, {"errcode": 0, "trace_id": "a b"}, {"errcode": 40004}])
def test_a_file_of_which_nothing_will_be_told_is_a_failure(tables, data):
    with pytest.raises(SendFailed):
        tables.channel.inspection(ApiAnswer(200, data))


@rows(Inspects, "looked_at")
def test_what_the_platform_says_of_a_file_is_read_once_it_is_verified(tables, row):
    request, said = row
    if isinstance(said, str):
        with pytest.raises(Refused) as refused:
            tables.channel.receive(request, tables.now)
        assert refused.value.code == said
        return
    arrivals = tables.channel.receive(request, tables.now)
    assert arrivals.inspected == said
    assert not arrivals.messages
    assert arrivals.response == tables.channel.acknowledge()
