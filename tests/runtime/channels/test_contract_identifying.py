"""Who somebody is on all of an owner's surfaces, for each channel whose platform tells."""

import pytest
from test_contract import TABLES, can, claiming, rows

from runtime.channels import ApiAnswer, ApiRequest, Identifies
from runtime.errors import SendFailed


def test_who_can_has_rows_of_somebody_nobody_and_a_refusal():
    for name, tables in TABLES.items():
        found = [who for _, who in tables.identified]
        assert bool(found) == can(name, Identifies), name
        assert not found or (
            {"", "!"} <= {who[:1] for who in found} and any(who[:1].isalnum() for who in found)
        )


@claiming(Identifies)
def test_it_is_asked_of_one_person(tables):
    request = tables.channel.identify(tables.to)
    assert isinstance(request, ApiRequest)
    assert tables.to in str((request.body, request.query))


@rows(Identifies, "identified")
def test_what_the_platform_tells_is_read(tables, row):
    data, who = row
    if who.startswith("!"):
        with pytest.raises(SendFailed) as failed:
            tables.channel.identified(ApiAnswer(200, data))
        assert failed.value.code == who[1:]
    else:
        assert tables.channel.identified(ApiAnswer(200, data)) == who
