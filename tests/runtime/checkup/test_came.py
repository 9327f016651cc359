"""How many messages came is asked of the store: whoever looks is seldom the process that took them."""

import functools
from contextlib import closing
from types import SimpleNamespace

import pytest

from runtime.channels import registry
from runtime.checkup import attempts
from runtime.checkup.patient import Patient
from runtime.errors import Unreadable
from runtime.lang import Text
from runtime.message import Message
from runtime.publish.doctor import State
from runtime.store.messages.came import came
from runtime.store.messages.messages import Messages, Outcome

NOW = 1_800_000_000.0
HERE = State(None, NOW - 9999, None, 1, {})


def looked_at(counts):
    ways = SimpleNamespace(clock=lambda: NOW, came=counts)
    return Patient("p", registry()["wechat"], "", "/c/p", ways, lambda: HERE)


@pytest.mark.usefixtures("engine")
async def test_what_came_in_the_last_hour_is_counted_whoever_took_it(tmp_path):
    path = tmp_path / "messages.db"
    assert "; 1 in the last hour" in (await attempts.message(looked_at(lambda *_: came(path, *_)))).says.en
    with closing(Messages(path)) as messages:
        for id, ago in (("old", 3700), ("answered", 60), ("working", 5), ("q", 5)):
            where = "q" if id == "q" else "p"
            seq = (await messages.accept(where, Message(id, "u1", "在吗"), NOW - ago)).seq
            if id == "answered":
                await messages.finish(seq, Outcome("好", 1), ["好"], NOW - 50, "answered")
        told = await attempts.message(looked_at(functools.partial(came, path)))
    assert told.says.en.endswith("; 2 in the last hour.")


async def test_a_store_that_does_not_answer_leaves_what_is_known():
    def fails(publication, since):
        raise Unreadable(Text("坏了", "broken"))

    assert (await attempts.message(looked_at(fails))).says.en.endswith("; 1 in the last hour.")
