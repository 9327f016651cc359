"""What is taken away can be had back, byte for byte; or it is for good, and the page says so before."""

import ast
import inspect
import io
import json
import re
import textwrap
import time

import pytest
from builder_world import ACCOUNT, SAY, add

from builder import ui
from builder.actions import bound, click, describe
from builder.actions.taking_away import taken_away
from builder.insights.mount import ACTIONS as INSIGHTS
from runtime.access.actor import OWNER
from runtime.knowledge.sources import corrections
from runtime.settings import CHECKOUT
from runtime.trying.kept_chat import new_turn
from runtime.trying.kept_chats import KeptChats

PAGES = {**ui.ACTIONS, "bar": ui.BAR, "insights": INSIGHTS}
ACTIONS = {f"{page}.{action.__name__}": action for page, actions in PAGES.items() for action in actions}
VERBS = re.compile(
    r"(^|_)(remove|delete|drop|revoke|forget|erase|unbind|clear|unpublish|take_back|undo|undoing|end)(_|$)"
    r"|^free(_place)?$"
)
"""By which it is told, from the name of an action and of what it calls, that it may take something away."""
HARMLESS = {
    "build.drop_report": "somebody has read it; the agent says nothing else",
    "limits.save_member": "two numbers and a tick, which the same form shows and sets again",
    "backups.end_plan": "no backup goes; the page asks before, and the same form sets it again",
    "build.reload": "the page asks before: see the Build page's conflict",
}


def takes(action):
    """Whether its name, or that of anything it calls, says that it takes something away."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(action)))
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = [getattr(one, "attr", getattr(one, "id", "")) for one in called]
    handed = [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return any(VERBS.search(name) for name in (action.__name__, *names, *handed))


def test_each_action_that_takes_away_says_what_undoes_it_or_that_nothing_does():
    found = {name for name, action in ACTIONS.items() if takes(action)}
    assert found - set(DECLARED) - set(HARMLESS) == set()
    assert set(HARMLESS) - found == set()
    assert len(DECLARED) > 25


def test_what_undoes_it_is_an_action_of_the_same_page():
    for page, actions in PAGES.items():
        names = {one.__name__ for one in actions}
        for one in actions:
            declared = taken_away(one)
            if declared and declared.undone_by:
                assert declared.undone_by in names, (page, one.__name__)


def texts(name):
    return json.loads((CHECKOUT / "builder" / "texts" / name).read_text("utf-8"))


DECLARED = {name: found for name, one in ACTIONS.items() if (found := taken_away(one))}
FOR_GOOD = {name: one.asks for name, one in DECLARED.items() if one.asks}


@pytest.mark.parametrize("name", FOR_GOOD)
def test_the_page_says_that_it_is_for_good_before_it_asks_for_it(name):
    page, _, action = name.partition(".")
    key = FOR_GOOD[name]
    if page == "insights":
        zh, en, folder, asks = texts("insights.zh.json"), texts("insights.en.json"), "insights", f't("{key}")'
        calls = f'"{action}"'
    else:
        zh, en, folder, asks = texts("zh.json"), texts("en.json"), f"static/{page}", f't("{key}")'
        calls = f'call("{action}"'
    assert zh[key]
    assert en[key]
    assert re.search("cannot|for good", en[key]), en[key]
    scripts = [
        path.read_text("utf-8") for path in (CHECKOUT / "builder" / folder).iterdir() if path.is_file()
    ]
    (script,) = [one for one in scripts if calls in one and asks in one]
    assert page == "insights" or "confirmed(" in script


def test_undo_is_offered_by_one_component():
    scripts = (CHECKOUT / "builder" / "static").rglob("*.js")
    assert [one.name for one in scripts if 't("common.undo")' in one.read_text("utf-8")] == ["undo.js"]


# what is shown to come back


def held(studio):
    """All that a person has here, by the file; records by their places."""
    home, found = studio.settings.home, {}
    for folder in (
        "agents",
        "prompts",
        "words",
        "knowledge",
        "data/control",
        "data/played",
        "data/describing",
        "data/history",
    ):
        for path in sorted((home / folder).rglob("*")):
            if path.is_file() and path.suffix not in (".lock", ".head") and ".previous" not in path.name:
                content = path.read_bytes()
                found[str(path.relative_to(home))] = records(content) if "control" in folder else content
    return found


def records(content):
    """By id; a list that goes by its order in its order."""
    return {one["id"]: one for _, one in sorted(json.loads(content).get("records", {}).items())}


def act(studio, page):
    actions = bound(studio, *PAGES[page])

    async def do(name, /, **args):
        answer = await click(actions, {"action": name, "args": args}, OWNER)
        assert answer["ok"], answer["text"]
        return answer

    return do


async def an_agent(studio, do):
    add(studio)
    draft = {"id": "shop", "name": "", "flow": []}
    studio.library.keep_draft("shop", draft, studio.library.open("shop").revision)
    folder = studio.library.folder / "tests"
    folder.mkdir()
    (folder / "shop.json").write_text('{"format": 1}', "utf-8")
    return {"id": "shop"}


async def a_template(studio, do):
    folder = studio.settings.home / "prompts"
    folder.mkdir()
    (folder / "hello.zh.j2").write_text('{# {"title":   "问好"} #}\n你好，{{ name }}', "utf-8")  # by hand
    (folder / "hello.en.j2").write_text('{# {"title": "Hello"} #}\nHello', "utf-8")
    return {"id": "hello"}


async def a_base(studio, do):
    studio.bases.create("tea", "茶")
    studio.bases.add("tea", io.BytesIO("水温 85°C".encode()), "水温.txt")
    studio.bases.add("tea", io.BytesIO(b"steep"), "time.txt", ["en"])
    corrections.keep(studio.bases, "tea", "水温.txt", {"0" * 64: ("水温 80°C", False)})
    return {"id": "tea"}


async def a_source(studio, do):
    await a_base(studio, do)
    return {"base": "tea", "source": "水温.txt"}


async def a_chat(studio, do):
    add(studio)
    kept = KeptChats(studio.settings.data, "shop", OWNER.id)
    chat = kept.begin()
    kept.add(chat, new_turn("", [{"role": "user", "content": "在吗"}], time.time()))
    return {"id": "shop", "chat": chat.id}


async def rules(studio, do):
    for name in ("one", "two", "three"):
        await do("set_rules", route={"id": name, "otherwise": ["demo/demo"]}, rules=[], fresh=True)
    return {"name": "two"}


async def prices(studio, do):
    one = {"input": 1, "output": 2, "currency": "CNY"}
    await do("set_prices", prices=[{"id": "a/b", **one}, {"id": "c/d", **one}])
    return {"prices": [{"id": "c/d", **one}]}


async def budgets(studio, do):
    await do("set_budgets", budgets=[{"id": "*", "tokens": 1000}])
    return {"budgets": []}


async def a_list(studio, do):
    await do("save_list", name="mine", text="蓝杉会")
    return {"name": "mine"}


async def a_publication(studio, do):
    add(studio)
    made = await do("go_live", agent="shop", channel="wechat", given={**ACCOUNT})
    await do("pause_it", publication=made["value"]["publication"], text="马上回来")
    return {"publication": made["value"]["publication"]}


async def a_canary(studio, do):
    args = {"publication": (await a_publication(studio, do))["publication"]}
    await do("go_live", agent="shop", channel="wechat", given={}, publication=args["publication"])
    await do("start_canary", version=1, share=5, tags=["vip"], **args)
    return args


async def a_shadow(studio, do):
    args = {"publication": (await a_publication(studio, do))["publication"]}
    await do("go_live", agent="shop", channel="wechat", given={}, publication=args["publication"])
    await do("start_shadow", version=1, share=5, yuan=2, **args)
    return args


async def a_note(studio, do):
    add(studio)
    data = studio.library.open("shop").data
    await do("keep_version", id="shop", data=data, note="开张")
    (one,) = (await do("versions", id="shop"))["value"]
    return {"id": "shop", "key": one["key"], "note": ""}


async def a_proposal(studio, do):
    describe.OPEN.clear()
    add(studio)
    await do("described", id="shop")
    room = next(iter(describe.OPEN.values())).room
    block = {"type": "reply", "id": "more", "text": "嗯"}
    for edit in (
        {"op": "add", "block": block, "where": {"after": "say"}},
        {"op": "set", "id": "more", "field": "text", "value": "再说"},
    ):
        room.propose(edit)
    described = next(iter(describe.OPEN.values()))
    described.said.append({"asked": "加一句", "answer": "好", "at": 1.0, "usage": {}})
    describe._keep(studio, described)
    return {"id": "shop", "numbers": [1]}


async def a_conversation(studio, do):
    return {"id": (await a_proposal(studio, do))["id"]}


COMES_BACK = {
    "agents.delete": an_agent,
    "prompts.delete": a_template,
    "bases.delete": a_base,
    "bases.remove": a_source,
    "play.delete_chat": a_chat,
    "models.remove_rules": rules,
    "safety.remove_list": a_list,
    "models.set_prices": prices,
    "models.set_budgets": budgets,
    "publish.take_back": a_publication,
    "publish.stop_canary": a_canary,
    "publish.stop_shadow": a_shadow,
    "build.annotate": a_note,
    "build.undo_described": a_proposal,
    "build.forget_described": a_conversation,
}
ELSEWHERE = {
    "publish.remove_menu": "test_menu_clicks.py, where the platform is played",
    "publish.remove_menu_for": "test_menu_clicks.py, where the platform is played",
    "insights.mark_done": "test_insights_pages.py, where there are messages",
}


def test_each_that_can_be_undone_is_shown_to_be():
    undone = {name for name, one in DECLARED.items() if one.undone_by}
    assert undone == {*COMES_BACK, *ELSEWHERE}


@pytest.mark.parametrize("name", COMES_BACK)
async def test_what_is_taken_away_comes_back_whole(studio, name):
    page, _, action = name.partition(".")
    do = act(studio, page)
    args = await COMES_BACK[name](studio, do)
    before = held(studio)
    answer = await do(action, **args)
    assert held(studio) != before
    assert answer["text"]
    undo = answer["undo"]
    json.dumps(undo)  # a page hands it back as it got it
    said = await do(undo["action"], **undo["args"])
    assert said["text"]
    assert held(studio) == before


# what others did meanwhile


async def another_agent(studio, do, args):
    add(studio, {**SAY, "text": "另一个"})


async def another_template(studio, do, args):
    path = studio.settings.home / "prompts" / "hello.zh.j2"
    path.write_text('{# {"title": "另一个"} #}\n嗨', "utf-8")


async def another_base(studio, do, args):
    studio.bases.create("tea", "另一个")


async def another_source(studio, do, args):
    studio.bases.forget("tea", "水温.txt")
    studio.bases.add("tea", io.BytesIO("另一份".encode()), "水温.txt")


async def other_rules(studio, do, args):
    await do("set_rules", route={"id": "two", "otherwise": ["default"]}, rules=[], fresh=True)


async def other_prices(studio, do, args):
    one = {"output": 2, "currency": "CNY"}
    await do("set_prices", prices=[{"id": "a/b", "input": 7, **one}, {"id": "c/d", "input": 8, **one}])


async def other_budgets(studio, do, args):
    await do("set_budgets", budgets=[{"id": "*", "tokens": 7}])


async def another_list(studio, do, args):
    await do("save_list", name="mine", text="灰塔运动")


async def brought_back_and_paused(studio, do, args):
    await do("bring_back", publication=args["publication"])
    await do("pause_it", publication=args["publication"], text="另一句")


async def another_canary(studio, do, args):
    await do("start_canary", version=1, share=2, **args)


async def another_shadow(studio, do, args):
    await do("start_shadow", version=1, share=2, **args)


async def another_note(studio, do, args):
    await do("annotate", **{**args, "note": "另一句"})


async def another_proposal(studio, do, args):
    await do("undo_described", id=args["id"], numbers=[2])
    describe.OPEN[next(iter(describe.OPEN))].room.proposals.gone = ()


async def another_talk(studio, do, args):
    described = next(iter(describe.OPEN.values()))
    described.said.append({"asked": "另一句", "answer": "好", "at": 1.0, "usage": {}})
    describe._keep(studio, described)


MEANWHILE = {
    "agents.delete": (another_agent, "Taken"),
    "prompts.delete": (another_template, "Taken"),
    "bases.delete": (another_base, "Taken"),
    "bases.remove": (another_source, "Taken"),
    "models.remove_rules": (other_rules, "Taken"),
    "safety.remove_list": (another_list, "Taken"),
    "models.set_prices": (other_prices, "Conflict"),
    "models.set_budgets": (other_budgets, "Conflict"),
    "publish.take_back": (brought_back_and_paused, "Conflict"),
    "publish.stop_canary": (another_canary, "Conflict"),
    "publish.stop_shadow": (another_shadow, "Conflict"),
    "build.annotate": (another_note, "Conflict"),
    "build.undo_described": (another_proposal, "Conflict"),
    "build.forget_described": (another_talk, "Conflict"),
}
"""What somebody else made in its place, and how the undoing is refused."""
NOBODY_ELSE = {"play.delete_chat": "one's own, of an id that is never given again"}


def test_of_each_it_is_known_what_others_may_do_meanwhile():
    assert {*MEANWHILE, *NOBODY_ELSE} == set(COMES_BACK)


@pytest.mark.parametrize("name", MEANWHILE)
async def test_what_others_did_meanwhile_stays_and_that_is_said(studio, name):
    page, _, action = name.partition(".")
    do = act(studio, page)
    args = await COMES_BACK[name](studio, do)
    undo = (await do(action, **args))["undo"]
    other, code = MEANWHILE[name]
    await other(studio, do, args)
    before = held(studio)
    answer = await click(bound(studio, *PAGES[page]), {"action": undo["action"], "args": undo["args"]}, OWNER)
    assert (answer["ok"], answer["code"]) == (False, code), answer
    assert answer["text"]
    assert held(studio) == before


async def test_of_several_prices_only_what_nobody_else_changed_is_had_back(studio):
    do = act(studio, "models")
    one = {"input": 1, "output": 2, "currency": "CNY"}
    await do("set_prices", prices=[{"id": id, **one} for id in ("a/b", "c/d", "e/f")])
    undo = (await do("set_prices", prices=[{"id": "e/f", **one, "input": 3}]))["undo"]
    now = [{"id": "e/f", **one, "input": 3}, {"id": "a/b", **one, "input": 9}, {"id": "g/h", **one}]
    await do("set_prices", prices=now)
    answer = await do(undo["action"], **undo["args"])
    assert "a/b" in answer["text"]["en"]
    found = {price.id: price.input for price in studio.control.policy.prices()}
    assert found == {"a/b": 9, "c/d": 1, "e/f": 1, "g/h": 1}


@pytest.mark.parametrize("kind", ["prices", "budgets"])
async def test_two_who_save_rows_at_once_lose_nothing_of_each_other(studio, kind):
    do = act(studio, "models")
    more = {"prices": {"input": 1, "output": 2}, "budgets": {"tokens": 5}}[kind]
    field = {"prices": "input", "budgets": "tokens"}[kind]
    began = [{"id": "a/b", **more}, {"id": "c/d", **more}]
    await do(f"set_{kind}", **{kind: began})
    theirs = [{"id": "a/b", **more, field: 8}, {"id": "c/d", **more}, {"id": "e/f", **more}]
    await do(f"set_{kind}", **{kind: theirs, "before": began})
    await do(f"set_{kind}", **{kind: [{"id": "a/b", **more}], "before": began})
    found = {one.id: getattr(one, field) for one in getattr(studio.control.policy, kind)()}
    assert found == {"a/b": 8, "e/f": more[field]}
    args = {kind: [{"id": "a/b", **more, field: 9}], "before": began}
    answer = await click(bound(studio, *PAGES["models"]), {"action": f"set_{kind}", "args": args}, OWNER)
    assert (answer["ok"], answer["code"]) == (False, "Conflict")


async def test_a_publication_does_not_come_back_onto_an_account_that_another_agent_has(studio):
    do = act(studio, "publish")
    args = await a_publication(studio, do)
    undo = (await do("take_back", **args))["undo"]
    add(studio, id="other")
    await do("go_live", agent="other", channel="wechat", given={**ACCOUNT})
    asked = {"action": undo["action"], "args": undo["args"]}
    answer = await click(bound(studio, *PAGES["publish"]), asked, OWNER)
    assert (answer["ok"], answer["code"]) == (False, "Conflict")
