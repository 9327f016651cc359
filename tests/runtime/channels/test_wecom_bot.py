"""What a WeCom AI bot wants of its owner, in each of its two ways; the rest is in its table."""

import pytest
from pydantic import ValidationError
from wecom_bot_table import BOT, CALLED, KEY, LINKED, SECRET, TOKEN

from runtime.channels import WebRequest
from runtime.channels.wecom_bot import CHANNEL
from runtime.errors import Refused
from runtime.schema import first_problem

CALL = {"mode": "webhook", "token": TOKEN, "encoding_aes_key": KEY}
LINK = {"mode": "connection", "bot_id": BOT, "secret": SECRET}
MISSING = [
    pytest.param({name: value for name, value in whole.items() if name != field} | more, field, id=id)
    for whole in (CALL, LINK)
    for field in whole
    if field != "mode"
    for id, more in ((f"no {field}", {}), (f"an empty {field}", {field: ""}))
]


@pytest.mark.parametrize(("settings", "field"), MISSING)
def test_what_its_way_needs_is_asked_for_by_name(settings, field):
    with pytest.raises(ValidationError) as refused:
        CHANNEL.Settings(**settings)
    assert first_problem(refused.value).field == field


@pytest.mark.parametrize("whole", [CALL, LINK], ids=["webhook", "connection"])
def test_of_the_other_way_nothing_is_asked(whole):
    assert CHANNEL(CHANNEL.Settings(**whole)).account


def test_a_connection_has_nothing_to_copy_and_takes_no_calls():
    assert LINKED.to_copy("https://bot.example/c/p") == []
    with pytest.raises(Refused) as refused:
        LINKED.receive(WebRequest("POST", {}, b"{}"), 0.0)
    assert refused.value.code == "method"


def test_a_callback_is_copied_in_the_order_of_the_platforms_form():
    lines = CALLED.to_copy("https://bot.example/c/p")
    assert [line.value for line in lines] == ["https://bot.example/c/p", TOKEN, KEY]


def test_code_that_is_cut_is_closed_and_opened_again():
    first, *rest = CHANNEL.render("```python\n" + "print('雁')\n" * 3000 + "```")
    assert all(part.count("```") % 2 == 0 for part in (first, *rest))
    assert rest
