"""What the page shows of roles before anything is saved is what the server makes of them."""

import pytest

from deno_script import told
from runtime.access.permissions import ALWAYS, Permission
from runtime.access.roles import TEMPLATES, Roles
from runtime.store.control.user_records import Given

ROLES = [{"id": one.id, "permissions": [p.id for p in one.permissions]} for one in TEMPLATES.values()]
PERMISSIONS = [{"id": one.id, "of_agents": one.is_of_agents} for one in Permission]
ALL = {"roles": ROLES, "permissions": PERMISSIONS}
GIVEN = [
    [],
    [("viewer", None)],
    [("viewer", None), ("editor", ["shop"])],
    [("editor", ["tea"]), ("operator", ["shop", "tea"])],
    [("owner", ["shop"]), ("guest", None)],
    [("guest", None), ("owner", ["shop"])],
    [("gone", None), ("admin", None)],
]
ALLOWED = """
import { allowedBy, whyOf } from "EDITOR/static/people/allowed.js";
const { given, all } = asked;
const found = given.map((one) => allowedBy(one, all));
const ids = all.permissions.map(({ id }) => id);
const why = given.map((one) => ids.filter((id) => whyOf(id, one, all).length));
console.log(JSON.stringify({ found, why }));
"""


def test_what_roles_allow_is_counted_as_the_server_counts_it(tmp_path, studio):
    given = [[{"role": role, "agents": agents} for role, agents in one] for one in GIVEN]
    answer = told(tmp_path, ALLOWED, {"given": given, "all": ALL})
    for one, found, why in zip(given, answer["found"], answer["why"], strict=True):
        actor = Roles(studio.control).actor("anna", [Given.model_validate(each) for each in one])
        everywhere = {p.id: None for p in actor.permissions if p not in ALWAYS}
        some = {p.id: sorted(agents) for p, agents in actor.on.items() if p.id not in everywhere}
        assert found == {**some, **everywhere}
        assert set(why) == set(found)


DIFFERENCE = """
import { difference } from "EDITOR/static/people/allowed.js";
console.log(JSON.stringify(asked.map(([before, after]) => difference(before, after))));
"""


def line(where, but=()):
    return [{"id": "x", "where": where, "but": list(but)}]


@pytest.mark.parametrize(
    ("before", "after", "come", "gone"),
    [
        ({}, {}, [], []),
        ({"x": None}, {"x": None}, [], []),
        ({}, {"x": None}, line(None), []),
        ({"x": None}, {}, [], line(None)),
        ({"x": ["a"]}, {"x": ["a", "b"]}, line(["b"]), []),
        ({"x": ["a", "b"]}, {"x": ["b", "c"]}, line(["c"]), line(["a"])),
        ({"x": ["a"]}, {"x": None}, line(None), []),
        ({"x": None}, {"x": ["a"]}, [], line(None, ["a"])),
    ],
)
def test_what_comes_and_goes_says_where(tmp_path, before, after, come, gone):
    assert told(tmp_path, DIFFERENCE, [[before, after]]) == [{"come": come, "gone": gone}]


MERGED = """
import { merged } from "EDITOR/static/people/allowed.js";
const of = (roles) => roles.map(([role, agents]) => ({ role, agents }));
console.log(JSON.stringify(merged(...asked.map(of)).map(({ role, agents }) => [role, agents])));
"""


@pytest.mark.parametrize(
    ("before", "mine", "now", "becomes"),
    [
        ([["a", None]], [["a", None], ["b", None]], [["a", ["tea"]]], [["a", ["tea"]], ["b", None]]),
        ([["a", None], ["b", None]], [["b", None]], [["a", None], ["b", None], ["c", None]], ["b", "c"]),
        ([["a", None]], [["a", ["tea"]]], [], [["a", ["tea"]]]),
    ],
)
def test_my_roles_of_somebody_are_put_upon_what_another_made_of_them(tmp_path, before, mine, now, becomes):
    assert told(tmp_path, MERGED, [before, mine, now]) == [
        one if isinstance(one, list) else [one, None] for one in becomes
    ]


EDITS = """
import { affected } from "EDITOR/static/people/allowed.js";
import { back, BEGUN, changesOf, make, on, put } from "EDITOR/static/people/edits.js";
import { rebased, rename, step, upon, without } from "EDITOR/static/people/edits.js";
const { roles, people, permissions } = asked;
const said = (edits, of = roles) =>
  changesOf(of, edits).map(({ was, now, come, gone }) => [was?.id ?? null, now.name.en, come, gone]);
const steps = [
  (edits) => put(edits, "till", ["agents.edit"], true),
  (edits) => put(edits, "till", ["agents.view"], false),
  (edits) => make(edits, "new", "Night", ["agents.run"]),
  (edits) => rename(edits, "new", "Nights"),
  (edits) => put(edits, "till", ["agents.edit"], false),
  (edits) => without(edits, "till"),
].reduce((steps, one) => step(steps, one(steps.now)), BEGUN);
const [first, second, , named, toggled, dropped] = [...steps.past.slice(1), steps.now];
const other = [{ ...roles[0], permissions: ["agents.view", "agents.run"] }, { ...roles[0], id: "new" }];
const who = (edits) => affected(people, roles, upon(roles, edits), permissions).map(({ one }) => one.id);
console.log(JSON.stringify({
  said: [first, named, toggled, dropped].map((one) => said(one)),
  theirs: said(rebased(named, other), other),
  back: said(back(back(steps)).now).length === said(named).length && said(on(back(steps)).now).length,
  gone: said(rebased(second, [])),
  who: [who(first), who(second)],
}));
"""
TILL = {"id": "till", "name": {"zh": "Till", "en": "Till"}, "own": True, "permissions": ["agents.view"]}
NIGHT = [None, "Nights", ["agents.run"], []]


def test_changes_are_kept_step_by_step_and_put_upon_what_another_made_of_a_role(tmp_path):
    viewer = {"id": "viewer", "name": {"zh": "", "en": ""}, "permissions": ["agents.view"]}

    def person(id, *roles):
        return {"id": id, "roles": [{"role": one, "agents": None} for one in roles], "mapped": []}

    asked = {
        "roles": [TILL, viewer],
        "people": [person("anna", "till"), person("ben", "till", "viewer"), person("cy", "viewer")],
        "permissions": PERMISSIONS,
    }
    answer = told(tmp_path, EDITS, asked)
    both = ["till", "Till", ["agents.edit"], ["agents.view"]]
    assert answer["said"] == [
        [["till", "Till", ["agents.edit"], []]],
        [both, NIGHT],
        [["till", "Till", [], ["agents.view"]], NIGHT],
        [NIGHT],
    ]
    assert answer["theirs"][0] == both
    assert answer["back"] == 1
    assert answer["gone"] == []
    assert answer["who"] == [["anna", "ben"], ["anna", "ben"]]
