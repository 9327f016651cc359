"""A file opened in the editor and saved is the same bytes: untouched, and after a change that was taken back.

Starters, the documentation's examples, and generated files as people write them: any layout, any order of
keys, 1 and 1.0, defaults written out, escapes, no newline at the end.
"""

import json
import random
import re

import pytest

from builder.flow_editor import catalog
from deno_script import ROOT, told
from runtime.agents.agent import Agent
from runtime.agents.library import Library
from runtime.agents.strict_json import parse, to_bytes
from runtime.errors import BadAgent
from runtime.settings import CHECKOUT

GENERATED = 200
EDITED = """
import { asRead, withSetting } from "EDITOR/flow_editor/values.js";
import { treeOf } from "EDITOR/flow_editor/tree.js";
import { asRead as settingsAsRead } from "EDITOR/static/build/as_read.js";
const { types, tools, schema, agents } = asked;
const tree = treeOf(types);
const OTHER = { boolean: true, integer: 3, number: 0.5, string: "别的" };
const moved = [];
const edited = agents.map((agent) => {
  const { flow = [] } = agent;
  let changed = agent;
  for (const { block } of tree.walk(flow)) {
    for (const field of types[block.type].fields.filter(({ type, name }) => type in OTHER && name !== "id")) {
      const value = field.name in block ? block[field.name] : field.default;
      const other = withSetting(block, field, value === OTHER[field.type] ? undefined : OTHER[field.type]);
      const next = tree.change(flow, block.id, other);
      const again = asRead({ tree, types, tools, read: flow }, withSetting(other, field, value));
      const back = tree.change(next, block.id, again);
      if (JSON.stringify(back) !== JSON.stringify(flow)) moved.push([agent.id, block.id, field.name]);
      changed = { ...agent, flow: next };
    }
  }
  const { description, name } = agent;
  const settings = settingsAsRead(schema, agent, { description: description || undefined, name });
  return [agent, changed, { ...changed, ...settings, flow }];
});
console.log(JSON.stringify({ edited, moved }));
"""


def starters():
    return [file.read_bytes() for file in sorted((CHECKOUT / "templates" / "agents").glob("*.json"))]


def examples():
    """Whole agents in the documentation."""
    pages = [file.read_text("utf-8") for file in sorted((ROOT / "docs").glob("*/*.md"))]
    for text in re.findall(r"```json\n(.*?)```", "\n".join(pages), re.DOTALL):
        try:
            Agent.load(parse(text))
        except BadAgent:
            continue
        yield text.encode()


def flow_of(dice, names, depth=0):
    def one():
        id = names.pop()
        text = dice.choice(["好", "é\u00a0\u2028🙂", "x" * 1900, '"\\\n\t', "{{ message.text }}"])
        number = dice.choice([0, 1, 1.0, 0.7, 2.0])
        kinds = [
            {
                "type": "reply",
                "id": id,
                "text": text,
                **dice.choice([{}, {"title": ""}, {"title": text[:9]}]),
            },
            {"type": "model", "id": id, "prompt": {"text": text}, "temperature": number, "memory": True},
            {"type": "knowledge", "id": id, "text": text, "top": dice.choice([4, 5])},
            {"type": "set", "id": id, "values": {"b": text, "a": "1"}, "disabled": dice.random() < 0.5},
            {"type": "approve", "id": id, "question": text, "hours": dice.choice([1, 24.0, 0.5])},
        ]
        if depth < 2:
            case = {"when": "true", "title": "一", "flow": flow_of(dice, names, depth + 1)}
            kinds.append({"cases": [case], "otherwise": [], "id": id, "type": "branch"})
        return shuffled(dice, dice.choice(kinds))

    return [one() for _ in range(dice.randint(0, 4))]


def shuffled(dice, data):
    return dict(dice.sample(list(data.items()), len(data)))


def written(seed):
    """A file as somebody may write it."""
    dice = random.Random(seed)
    names = [f"b{n}" for n in range(100)]
    data = {"format": 1, "id": "shop", "name": "店", "flow": flow_of(dice, names)}
    more = [{"description": ""}, {"language": "zh"}, {"limits": {"seconds": 60}}, {"memory": {"turns": 8}}]
    data |= dice.choice([{}, *more])
    layout = dice.choice([{"indent": 2}, {"indent": 4}, {"indent": "\t"}, {}, {"separators": (",", ":")}])
    text = json.dumps(shuffled(dice, data), ensure_ascii=dice.random() < 0.3, **layout)
    end = dice.choice(["\n", "", "\r\n", "\n\n"])
    return dice.choice([b"", b"", b"\xef\xbb\xbf"]) + (text + end).encode()


def files():
    return [*starters(), *examples(), *(written(seed) for seed in range(GENERATED))]


def test_it_is_the_same_bytes_untouched_and_after_a_change_that_was_taken_back(tmp_path):
    contents = files()
    world = catalog()
    asked = {**world, "types": world["blocks"], "schema": Agent.model_json_schema()}
    answer = told(tmp_path, EDITED, {**asked, "agents": [parse(one) for one in contents]})
    assert answer["moved"] == []
    library = Library(tmp_path / "agents", tmp_path / "none")
    (tmp_path / "agents").mkdir()
    changes = 0
    for content, steps in zip(contents, answer["edited"], strict=True):
        file = tmp_path / "agents" / f"{steps[0]['id']}.json"
        file.write_bytes(content)
        revision = library.open(file.stem).revision
        seen = []
        for data in steps:
            revision = library.save(Agent.load(data), revision, written=data)
            seen.append(file.read_bytes())
        assert (seen[0], seen[2]) == (content, content)
        changes += seen[1] != content
        assert Agent.load(parse(seen[1])) == Agent.load(steps[1])
    assert changes > len(contents) * 0.8
    assert len(contents) > GENERATED + 50


def test_a_number_stays_as_it_was_written_beside_a_change_elsewhere(tmp_path):
    library = Library(tmp_path / "agents", tmp_path / "none")
    (tmp_path / "agents").mkdir()
    ask = {"type": "model", "id": "ask", "temperature": 1.0, "prompt": {"text": "x"}}
    data = {"format": 1, "id": "shop", "name": "店", "flow": [ask]}
    (tmp_path / "agents" / "shop.json").write_bytes(to_bytes(data))
    add = {"type": "reply", "id": "say", "text": "好"}
    sent = {**data, "flow": [add, {**ask, "temperature": 1}]}
    library.save(Agent.load(sent), library.open("shop").revision, written=sent)
    assert (tmp_path / "agents" / "shop.json").read_bytes() == to_bytes({**data, "flow": [add, ask]})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"format": 1, // mine\n "id": "shop"}', "line 1"),
        ('{"format": 1, "id": "shop", "name": "x", "colour": "red"}', "colour"),
        ('{"format": 1, "id": "shop", "name": "x", "name": "y"}', "twice"),
        ('{"format": 1, "id": "shop", "name": "x",}', "line 1"),
    ],
)
def test_comments_and_what_is_not_known_are_refused_by_place(text, told):
    with pytest.raises(BadAgent) as refused:
        Agent.load(parse(text))
    assert told in refused.value.text.en or told in refused.value.field
