"""Whatever changes something says in its record what it was and what it is, by one registry."""

import io
import itertools
import json

import pytest
from builder_world import ACCOUNT, ASK, SAY, add

from builder import ui
from builder.actions import bound, click
from builder.insights.mount import ACTIONS as INSIGHTS
from runtime.access.actor import OWNER
from runtime.access.audit.declared import kept
from runtime.access.audit.log import Audit
from runtime.access.audit.reading import Wanted, all_of
from runtime.access.audit.trail import Trail
from runtime.access.things.things import Things
from runtime.access.users import Users
from runtime.store.messages.messages import Messages
from runtime.templating.own import OwnPrompts

KEY = "sk-canary-0123456789"
VIEWER, GUEST = ([{"role": one, "agents": None}] for one in ("viewer", "guest"))
DEEPSEEK = {"name": "deepseek", "provider": "deepseek", "models": ["deepseek-chat"]}
PRICE = {"id": "deepseek/deepseek-chat", "input": 1, "output": 2}
RULE = {"id": "fast", "otherwise": ["deepseek/deepseek-chat"]}
SUITE = {"cases": [{"id": "a", "lines": [{"says": "在吗", "checks": []}]}]}

ELSEWHERE = {
    "what people said, and what is kept of them, is copied nowhere": (
        "agents.release agents.drop announce.say bases_found.unanswered everything.find_said safety.decisions"
        " safety.judge safety.lift real_cases.talk turn.look privacy.run shadow.shadow_pairs"
        " replayed.replay_talks"
    ),
    "a draft is given up, or what was deleted just now is there again, by the record's own words": (
        "build.reload deleted.bring_back"
    ),
    "it is shown, asked or taken along, and changes nothing": (
        "agents.export importing.export_as importing.export_folder prompts.export tool_import.take_tools"
    ),
    "what is proposed or noted beside an agent changes it only when it is taken, which is told": (
        "describe.describe describe.stop_describing describe.undo_described describe.propose_again"
        " describe.forget_described describe.remember_described history.keep_version history.annotate"
        " history.annotate_again importing.drop_report prompts.keep_samples suites.keep_test_file"
        " describe.accept_described"
    ),
    "what is read of a source is work, and no setting": "bases.cancel bases.again",
    "it stands in the messages' own store, and the record's name says which way": "privacy.encrypt",
    "a plan is one record, which its page shows whole; of a key nothing may be written": (
        "backups.decide_plan backups.end_plan backups.run_now backups.make_backup_key"
    ),
    "it stands at the platform, which alone knows what was": (
        "menu.put_menu menu.put_menu_back menu.put_menu_for menu.put_menu_for_back menu.remove_menu_for"
        " menu.remove_menu scanning.new_code scanning.enter_digits"
    ),
    "a shared link is a secret itself; the record names the agent": "sharing.share_chat sharing.revoke_link",
    "walked with a world of its own, by the same registry": (
        "earlier.publish_again steps.step published.rotate_it bases.edit bases.switch bases_found.learn"
        " bases.add_address real_cases.keep_talk taken_cases.keep_chat prompts_looked.keep_as_template"
        " build.keep_copy build.overwrite prompts.keep_copy menu.bring_answers people.end_session"
        " account.change_password account.end_mine second_factor.confirm_codes"
        " second_factor.renew_recovery second_factor.take_off_codes second_factor.remove_passkey"
        " people.reset_second people.set_email sso.save sso.remove sso.switch_only"
        " identities.unlink keys.make_my_key keys.make_program_key keys.revoke_my_key keys.revoke_any_key"
        " safety_exceptions.add_exception limits.save"
        " deleted.empty deleted.restore importing.bring agents.allow"
        " announce.alerts_here"
    ),
}
"""Why the record of some says nothing, or is not walked here."""


class World:
    """Clicks as pages send them; what a record says of the last."""

    def __init__(self, studio):
        data = studio.settings.data
        Messages(data / "messages.db").close()
        self.trail = Trail(Audit(data, str, things=Things(studio.control)), "127.0.0.1")
        self.studio, self.walked = studio, set()
        every = itertools.chain(*ui.ACTIONS.values(), ui.BAR, INSIGHTS)
        self.actions = {f"{one.__module__.rpartition('.')[2]}.{one.__name__}": one for one in every}

    async def do(self, name, /, **args):
        """Its answer; the record says what was and what is."""
        function = self.actions[name]
        action = bound(self.studio, function)
        uploads = action[function.__name__].takes_file
        asked = {"action": function.__name__, "args": args}
        answer = await click(action, asked, OWNER, uploads=uploads, trail=self.trail)
        assert answer["ok"], (name, answer)
        newest = next(all_of(self.trail.audit.path, Wanted()))
        assert newest.what == name
        assert newest.before or newest.after, f"{name} says neither what was nor what is"
        assert KEY not in newest.text
        assert ACCOUNT["app_secret"] not in newest.text
        self.walked.add(name)
        self.newest = newest
        return answer

    async def value(self, name, /, **args):
        return (await self.do(name, **args))["value"]


@pytest.fixture
def world(studio):
    Users(studio.control).set_password("owner", "long enough")
    return World(studio)


async def agents(w):
    made = (await w.value("agents.create", lang="zh", starter="", name="新的"))["id"]
    await w.do("agents.duplicate", id=made)
    await w.do("agents.rename", id=made, name="改过的")
    assert (w.newest.before, w.newest.after) == (("name: 新的",), ("name: 改过的",))
    data, revision = (opened := w.studio.library.open(made)).data, f"{opened.revision}."
    await w.do("build.save", id=made, data={**data, "flow": [SAY, {**ASK, "id": "more"}]}, revision=revision)
    assert "more (model): added" in w.newest.after
    undo = (await w.do("agents.delete", id=made))["undo"]["args"]
    await w.do("agents.restore", **undo)
    again = (await w.do("agents.delete", id=made))["undo"]["args"]
    await w.do("deleted.drop", kind="agent", token=again["token"])
    add(w.studio)
    await w.do("suites.save_suite", id="shop", suite=SUITE, revision="")


async def models(w):
    await w.do("models.set_up", **DEEPSEEK, api_key=KEY)
    assert "endpoints deepseek api_key: changed" in w.newest.after
    await w.do("models.add_model", name="deepseek", model="deepseek-next")
    assert w.newest.before == ("settings.models: deepseek-chat",)
    await w.do("models.make_default", model="deepseek/deepseek-next")
    await w.do("models.make_usual", seeing="deepseek/deepseek-next")
    await w.do("model_keys.set_keys", name="deepseek", keys=[{"name": "main"}, {"name": "b", "api_key": KEY}])
    await w.do("model_money.set_prices", prices=[PRICE])
    await w.do("model_money.set_prices", prices=[{**PRICE, "input": 3}])
    assert (w.newest.before, w.newest.after) == (("input: 1.0",), ("input: 3.0",))
    undo = (await w.do("model_money.set_prices", prices=[]))["undo"]["args"]
    await w.do("model_money.restore_prices", **undo)
    await w.do("model_money.set_budgets", budgets=[{"id": "all", "tokens": 5}])
    undo = (await w.do("model_money.set_budgets", budgets=[]))["undo"]["args"]
    await w.do("model_money.restore_budgets", **undo)
    await w.do("model_rules.set_rules", route=RULE, rules=[], fresh=True)
    undo = (await w.do("model_rules.remove_rules", name="fast"))["undo"]["args"]
    await w.do("model_rules.put_rules_back", **undo)
    await w.do("models.remove", name="deepseek")


async def secrets(w):
    await w.do("named_secrets.set_secret", name="erp", value=KEY, hosts=["erp.example.com"])
    assert "value: changed" in " ".join(w.newest.after)
    await w.do("named_secrets.remove_secret", name="erp")


async def published(w):
    add(w.studio)
    id = (await w.value("publish.go_live", agent="shop", channel="wechat", given=ACCOUNT))["publication"]
    await w.do("publish.go_live", agent="shop", channel="wechat", given={}, publication=id)
    assert "version: 1" in w.newest.before
    word = (await w.value("debug_word.set_debug", publication=id, word="sesam-4711-öffne"))["say"]
    assert word.split()[1] not in w.newest.text
    await w.do("debug_word.clear_debug", publication=id)
    await w.do("published.use_version", publication=id, number=1)
    await w.do("canary.start_canary", publication=id, version=2, share=5)
    assert "share: 5.0" in w.newest.after
    await w.do("canary.share_canary", publication=id, share=25, tags=["vip"])
    assert "share: 5.0" in w.newest.before
    undo = (await w.do("canary.stop_canary", publication=id))["undo"]["args"]
    await w.do("canary.canary_back", **undo)
    await w.do("canary.release_canary", publication=id)
    await w.do("shadow.start_shadow", publication=id, version=1, share=20, yuan=5)
    assert "yuan: 5.0" in w.newest.after
    undo = (await w.do("shadow.stop_shadow", publication=id))["undo"]["args"]
    assert "yuan: 5.0" in w.newest.before
    await w.do("shadow.shadow_back", **undo)
    await w.do("published.pause_it", publication=id, text="稍等")
    await w.do("published.resume_it", publication=id)
    given = {"app_id": ACCOUNT["app_id"], "app_secret": ACCOUNT["app_secret"], "token": "hongyantoken"}
    other = (
        await w.value(
            "publish.go_live", agent="shop", channel="miniprogram", given={**given, "mode": "plain"}
        )
    )["publication"]
    await w.do("published.clear_secret", publication=other, name="token")
    undo = (await w.do("published.take_back", publication=id))["undo"]["args"]
    assert w.newest.before == ("enabled: yes",)
    await w.do("published.bring_back", **undo)
    await w.do("publish.set_public_url", url="https://example.com")
    key = (await w.value("publish.create_key", agent="shop"))["key"]
    assert key not in w.newest.text
    [row] = w.studio.control.keys.all().values()
    await w.do("publish.revoke_key", id=row.id)


async def privacy(w):
    await w.do("privacy.save_days", days={"messages": 30})
    await w.do("privacy.save_days", days={"messages": 60})
    assert (w.newest.before, w.newest.after) == (("days.messages: 30",), ("days.messages: 60",))
    await w.do("privacy.save_headers", tag="internal", period="30d")


async def people(w):
    await w.do("people.invite", id="bob", name="Bob", roles=VIEWER)
    await w.do("people.new_link", id="bob")
    assert w.newest.after[0] == "invitation: changed"
    await w.do("people.give_roles", id="bob", roles=GUEST, before=VIEWER)
    assert (w.newest.before, w.newest.after) == (("roles: viewer",), ("roles: guest",))
    await w.do("limits.save_member", id="bob", own=True, messages=10, tokens=None, money=None)
    await w.do("limits.save_member", id="bob", own=True, messages=20, tokens=None, money=2.5)
    assert (w.newest.before, w.newest.after) == (("messages: 10",), ("messages: 20", "money: 2.5"))
    await w.do("people.let_in", id="bob", enabled=False)
    await w.do("people.remove_person", id="bob")
    await w.do("people.save_role", id="own", name="Own", permissions=["agents.view"], before=[])
    await w.do("people.ask_second", id="own", required=True)
    await w.do("people.remove_role", id="own")


async def texts(w):
    await w.do("safety.save_list", name="ours", text="赌博\n毒品")
    await w.do("safety.import_list", name="ours", file=io.BytesIO("赌博\n外挂".encode()))
    assert {"taken out: 毒品", "put in: 外挂"} <= set(w.newest.after)
    undo = (await w.do("safety.remove_list", name="ours"))["undo"]["args"]
    await w.do("safety.put_list_back", **undo)
    made = (await w.value("prompts.create", lang="zh", title="店员"))["id"]
    await w.do("prompts.copy", id=made)
    own = OwnPrompts(w.studio.settings.home)
    languages = {"zh": {"title": "店员", "text": "你是新来的店员"}}
    await w.do("prompts.save", id=made, languages=languages, revision=own.revision(made))
    assert any("新来的" in line for line in w.newest.after)
    await w.do("prompts.rename_template", id=made, to="clerk")
    undo = (await w.do("prompts.delete", id="clerk"))["undo"]["args"]
    await w.do("prompts.restore", **undo)
    await w.do("prompts.import_template", name="more.j2", text='---\n{"title": "更多"}\n---\n你好')


async def bases(w):
    made = (await w.value("bases.create", name="茶"))["id"]
    await w.do("bases.save", id=made, given={"name": "茶叶", "description": "都有"})
    assert ("name: 茶" in w.newest.before, "name: 茶叶" in w.newest.after) == (True, True)
    await w.do("bases.add", base=made, name="a.txt", file=io.BytesIO(b"tea"))
    [source] = w.studio.bases.get(made).sources
    undo = (await w.do("bases_deleted.remove", base=made, source=source.file))["undo"]["args"]
    await w.do("bases_deleted.put_back", **undo)
    undo = (await w.do("bases_deleted.delete", id=made))["undo"]["args"]
    await w.do("bases_deleted.restore", **undo)


WALKS = (agents, models, secrets, published, privacy, people, texts, bases)


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
async def test_what_was_and_what_is_stands_in_the_record(world, walk):
    await walk(world)


async def test_whatever_is_recorded_is_walked_or_says_why_not():
    """Also what is new: nobody adds an action without a before and an after."""
    source = " ".join(json.dumps(one.__code__.co_consts, default=str) for one in WALKS)
    every = itertools.chain(*ui.ACTIONS.values(), ui.BAR)
    names = {f"{one.__module__.rpartition('.')[2]}.{one.__name__}" for one in every if kept(one)}
    excused = set(" ".join(ELSEWHERE.values()).split())
    walked = {name for name in names if f'"{name}"' in source}
    assert names - walked - excused == set()
    assert excused - names == set()
    assert walked & excused == set()
