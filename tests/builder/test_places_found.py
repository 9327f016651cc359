"""Where an agent can be published: families in their order, and what a search finds among them."""

import json

import pytest

from builder.actions.channel_words import described
from deno_script import told
from runtime.channels import by_family

SCRIPT = """
import { families } from "EDITOR/static/publish/families.js";
const words = (pair) => pair[asked.lang];
const found = families(asked.channels, asked.typed, words);
console.log(JSON.stringify(found.map(({ id, channels }) => [id, channels.map(({ name }) => name)])));
"""
CHANNELS = [
    {"name": name, **{key: described(name, kind)[key] for key in ("title", "hint", "family")}}
    for name, kind in by_family()
]


def found(folder, typed, lang="zh"):
    return dict(told(folder, SCRIPT, {"channels": CHANNELS, "typed": typed, "lang": lang}))


def test_families_stand_in_one_order_and_each_channel_once(tmp_path):
    all_of_them = found(tmp_path, "")
    assert next(iter(all_of_them)) == "wechat"
    assert list(all_of_them)[-2:] == ["own", "devices"]
    names = [name for family in all_of_them.values() for name in family]
    assert names == [channel["name"] for channel in CHANNELS]
    json.dumps(CHANNELS)


@pytest.mark.parametrize(
    ("typed", "lang", "name", "is_there"),
    [
        (" webHOOK ", "en", "webhook", True),
        ("微信", "zh", "wecom_kf", True),
        ("wechat", "en", "telegram", False),
        ("设备", "zh", "mqtt", True),
        ("(", "zh", "mqtt", False),
        ("<b>", "zh", "mqtt", False),
    ],
)
def test_a_search_looks_at_names_what_they_are_and_their_family(tmp_path, typed, lang, name, is_there):
    names = [one for family in found(tmp_path, typed, lang).values() for one in family]
    assert (name in names) == is_there
