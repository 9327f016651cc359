"""Which message of a device is one that came before, and which settings cannot be right."""

from dataclasses import replace

import pytest
from mqtt_table import ACCOUNT, KIND, message
from pydantic import ValidationError

FIRST = message("开灯", "开灯")
AGAIN = replace(FIRST, id="7-later", at=FIRST.at + 60, handle={**FIRST.handle, "again": "1"})


@pytest.mark.parametrize(
    ("later", "is_same"),
    [
        (AGAIN, True),
        (replace(AGAIN, handle=FIRST.handle), False),  # the broker does not say that it comes again
        (replace(AGAIN, handle={**AGAIN.handle, "mid": "8"}), False),
        (replace(AGAIN, handle={**AGAIN.handle, "mark": "else"}), False),
        (replace(AGAIN, at=FIRST.at + 7200), False),  # numbers begin anew where a broker forgot
    ],
)
def test_what_the_broker_sends_again_is_told_by_its_number_and_content(later, is_same):
    assert KIND(KIND.Settings(**ACCOUNT)).is_repeat(FIRST, later) == is_same


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"url": "https://broker"}, "url"),
        ({"url": "mqtts://u:p@broker"}, "url"),
        ({"url": "mqtts://broker/path"}, "url"),
        ({"url": "mqtts://broker:99999"}, "url"),
        ({"topic_in": "a/+/in"}, "topic_in"),
        ({"topic_in": "a/b/in"}, "topic_in"),
        ({"topic_in": "a/x{device}/in"}, "topic_in"),
        ({"topic_in": "$SYS/{device}"}, "topic_in"),
        ({"topic_out": "shop/{device}/in"}, "topic_out"),
        ({"topic_out": "shop/x/{device}"}, "topic_out"),  # a device called "in" would hear itself
        ({"topic_status": "shop/lamp/in"}, "topic_status"),
        ({"topic_status": "shop/#"}, "topic_status"),
        ({"field_text": "a..b"}, "field_text"),
    ],
)
def test_what_cannot_be_right_is_named(more, field):
    with pytest.raises(ValidationError) as wrong:
        KIND.Settings(**ACCOUNT | more)
    assert wrong.value.errors()[0]["loc"] == (field,)
