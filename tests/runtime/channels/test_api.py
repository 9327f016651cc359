"""The HTTP API as a channel: Markdown goes out as it is."""

import pytest
from pydantic import ValidationError

from runtime.channels import ABILITIES
from runtime.channels.api import CHANNEL


@pytest.mark.parametrize("markdown", ["你好", "# 标题\n\n**粗** <b>&", "a" * 100_000])
def test_the_answer_is_one_part_and_unchanged(markdown):
    assert CHANNEL(CHANNEL.Settings()).render(markdown) == [markdown]


@pytest.mark.parametrize("nothing", ["", " \n"])
def test_no_answer_is_no_part(nothing):
    assert CHANNEL(CHANNEL.Settings()).render(nothing) == []


def test_there_is_nothing_to_set():
    with pytest.raises(ValidationError):
        CHANNEL.Settings(token="x")


def test_it_neither_receives_callbacks_nor_pushes():
    assert [ability for ability in ABILITIES if issubclass(CHANNEL, ability)] == []
