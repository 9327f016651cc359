"""What was typed on the publish page and is not published yet: what outlives the page, and what may not."""

import pytest
from pydantic import SecretStr

from builder.actions.channel_words import described
from deno_script import told
from runtime.channels import registry

SCRIPT = """
import { forgetTyped, holdsSecret, keepTyped, keyOf, typedIn } from "EDITOR/static/publish/typed.js";
let store = {};
let off = false;
const open = () => {
  if (off) throw new Error("switched off");
  return store;
};
Object.defineProperty(globalThis, "sessionStorage", { value: {
  getItem: (key) => open()[key] ?? null,
  setItem: (key, text) => void (open()[key] = text),
  removeItem: (key) => void delete open()[key],
} });
const found = asked.map(({ typed, stored, published, kept }) => {
  const key = keyOf("shop", "telegram");
  forgetTyped(key);
  store = {};
  off = !kept;
  for (const values of typed) keepTyped(key, values, stored, ["token"]);
  if (published) forgetTyped(key);
  const elsewhere = [typedIn(keyOf("shop", "telegram", { id: "p1" })), typedIn(keyOf("tea", "telegram"))];
  const written = Object.values(store).map((text) => JSON.parse(text));
  const result = [typedIn(key), elsewhere, written, holdsSecret()];
  forgetTyped(key); // leaving asks nothing any more
  return result;
});
console.log(JSON.stringify(found));
"""
NOTHING = {"typed": [], "stored": {}, "published": False, "kept": True}
TYPED = (
    # what was typed, what is there again, what the browser wrote down, and whether leaving asks
    ({}, {}, [], False),
    ({"typed": [{"name": "a"}]}, {"name": "a"}, [{"name": "a"}], False),
    ({"typed": [{"name": "a"}, {"name": "b"}]}, {"name": "b"}, [{"name": "b"}], False),
    # a secret is here as long as the page is, and in no store
    ({"typed": [{"name": "a", "token": "s"}]}, {"name": "a", "token": "s"}, [{"name": "a"}], True),
    ({"typed": [{"token": "s"}]}, {"token": "s"}, [], True),
    ({"typed": [{"token": "s"}, {"token": ""}]}, {"token": ""}, [], False),
    # what is stored already was not typed
    ({"typed": [{"name": "a", "m": "x"}], "stored": {"m": "x"}}, {"name": "a"}, [{"name": "a"}], False),
    ({"typed": [{"m": "y"}, {"m": "x"}], "stored": {"m": "x"}}, {}, [], False),
    ({"typed": [{"name": "a", "token": "s"}], "published": True}, {}, [], False),
    ({"typed": [{"name": "a", "token": "s"}], "kept": False}, {"name": "a", "token": "s"}, [], True),
)  # fmt: skip


def test_what_is_typed_stays_and_secrets_are_never_written_down(tmp_path):
    found = told(tmp_path, SCRIPT, [NOTHING | asked for asked, *_ in TYPED])
    assert found == [[here, [{}, {}], written, asks] for _, here, written, asks in TYPED]


PLACES = """
import { channelOf } from "EDITOR/static/publish/opened.js";
const channels = ["a", "b", "c"].map((name) => ({ name }));
const publications = ["b", "c", "gone"].map((channel) => ({ id: `p-${channel}`, channel }));
const at = (names) => channelOf({ channels, publications }, { channel: "", publication: "", ...names });
console.log(JSON.stringify(asked.map((names) => at(names).name)));
"""
SHOWN = (
    ({}, "b"),
    ({"channel": "c"}, "c"),
    ({"channel": "gone"}, "b"),
    ({"publication": "p-c"}, "c"),
    ({"publication": "p-c", "channel": "a"}, "c"),
    ({"publication": "new", "channel": "a"}, "a"),
    ({"publication": "nobody"}, "b"),
    ({"publication": "p-gone"}, "b"),
)


def test_the_address_says_which_channel_is_looked_at(tmp_path):
    assert told(tmp_path, PLACES, [at for at, _ in SHOWN]) == [shown for _, shown in SHOWN]


@pytest.mark.parametrize("name", sorted(registry()))
def test_the_page_knows_what_of_a_channel_is_secret(name):
    kind = registry()[name]
    hidden = {field for field, info in kind.Settings.model_fields.items() if info.annotation is SecretStr}
    assert hidden == set(described(name, kind)["secrets"])
