"""Publishing by clicks."""

import itertools
import json
import time

import pytest
from builder_world import ACCOUNT, SAY, add

from builder.actions import publish, published
from runtime.access.actor import OWNER
from runtime.access.keys import Keys
from runtime.errors import BadAgent, BadSettings, Conflict
from runtime.publish.publications import addresses


def only(studio):
    (found,) = publish.overview(studio, OWNER, "shop")["publications"]
    return found


@pytest.fixture
def live(studio):
    """A publication of "shop" in WeChat."""
    add(studio)
    publish.go_live(studio, OWNER, "shop", "wechat", ACCOUNT)
    return only(studio)


def test_the_form_asks_first_for_what_the_console_shows_and_not_for_what_we_generate(studio):
    add(studio)
    channels = {one["name"]: one for one in publish.overview(studio, OWNER, "shop")["channels"]}
    wechat = channels["wechat"]
    assert wechat["fields"][:3] == ["app_id", "app_secret", "original_id"]
    assert not {"token", "encoding_aes_key"} & set(wechat["fields"])


def test_publishing_gives_what_is_pasted_into_the_console(live):
    assert live["path"] == f"/c/{live['id']}"
    copied = {line["name"]: line["value"] for line in live["to_copy"]}
    assert (len(copied["token"]), len(copied["aes"])) == (32, 43)
    assert (live["version"], live["changed"]) == (1, False)


def test_the_secret_is_never_shown_again(studio, live):
    assert "app_secret" in live["secrets"]
    assert ACCOUNT["app_secret"] not in json.dumps(publish.overview(studio, OWNER, "shop"))


def test_a_publication_that_stopped_is_said_on_the_page_and_can_be_published_again(studio, live):
    path = studio.settings.data / "control" / "publications.json"
    text = path.read_text(encoding="utf-8")
    sealed = json.loads(text)["records"]["1"]["secrets"]["app_secret"]
    path.write_text(text.replace(sealed, sealed[:-8] + "AAAAAAA="), encoding="utf-8")
    seen = publish.overview(studio, OWNER, "shop")
    assert [one["id"] for one in seen["dead"]] == [live["id"]]
    assert "app_secret" in seen["dead"][0]["text"]["en"]
    again = publish.go_live(studio, OWNER, "shop", "wechat", ACCOUNT)
    assert again.value["publication"] == live["id"]
    assert publish.overview(studio, OWNER, "shop")["dead"] == []


def test_a_record_that_cannot_be_read_is_said_on_the_page(studio, live):
    path = studio.settings.data / "control" / "publications.json"
    text = path.read_text(encoding="utf-8").replace('"account"', '"acount"')
    studio.control._publications._cached = None  # as after a start
    path.write_text(text, encoding="utf-8")
    seen = publish.overview(studio, OWNER, "shop")
    assert [one["id"] for one in seen["dead"]] == [live["id"]]
    assert seen["publications"] == []


def test_plain_mode_is_said_to_be_weak(studio, live):
    assert live["caution"] is None
    publish.go_live(studio, OWNER, "shop", "wechat", {**ACCOUNT, "mode": "plain"})
    assert "forge" in only(studio)["caution"]["hint"]["en"]


def test_an_unverified_account_needs_no_secret(studio):
    add(studio)
    given = {"app_id": ACCOUNT["app_id"], "original_id": ACCOUNT["original_id"], "push": False}
    publish.go_live(studio, OWNER, "shop", "wechat", given)
    assert only(studio)["settings"]["push"] is False


def test_a_wrong_field_is_named_and_nothing_is_published(studio):
    add(studio)
    with pytest.raises(BadSettings) as caught:
        publish.go_live(studio, OWNER, "shop", "wechat", {**ACCOUNT, "app_id": "your_app_id"})
    assert caught.value.field == "app_id"
    assert publish.overview(studio, OWNER, "shop")["publications"] == []


def test_a_draft_is_not_published_behind_ones_back(studio):
    revision = add(studio)
    studio.library.keep_draft("shop", {"name": ""}, revision)
    with pytest.raises(BadAgent):
        publish.go_live(studio, OWNER, "shop", "wechat", ACCOUNT)


def test_another_agent_cannot_take_the_account(studio, live):
    add(studio, id="other")
    with pytest.raises(Conflict):
        publish.go_live(studio, OWNER, "other", "wechat", ACCOUNT)


def test_publishing_again_freezes_a_new_version_and_keeps_the_address(studio, live):
    file = studio.library.get("shop")
    studio.library.save(file.agent.model_copy(update={"description": "新"}), file.revision)
    assert only(studio)["changed"] is True
    publish.go_live(studio, OWNER, "shop", "wechat", {})
    again = only(studio)
    assert (again["version"], again["changed"], again["to_copy"]) == (2, False, live["to_copy"])
    assert [version["number"] for version in again["versions"]] == [2, 1]


def test_an_earlier_version_can_answer_again(studio, live):
    publish.go_live(studio, OWNER, "shop", "wechat", {}, note="第二版")
    published.use_version(studio, OWNER, live["id"], 1)
    assert only(studio)["version"] == 1


def test_taking_it_back_hides_it_and_publishing_brings_it_back(studio, live):
    published.take_back(studio, OWNER, live["id"])
    assert publish.overview(studio, OWNER, "shop")["publications"] == []
    publish.go_live(studio, OWNER, "shop", "wechat", ACCOUNT)
    assert only(studio)["id"] == live["id"]


def test_the_state_follows_what_the_platform_did(studio, live):
    now = time.time()
    assert publish.state(studio, OWNER, live["id"])["verified_at"] is None
    studio.doctor.saw(live["id"], "refused", "signature", now)
    assert publish.state(studio, OWNER, live["id"])["tone"] == "bad"
    studio.doctor.saw(live["id"], "verified", "", now)
    studio.doctor.saw(live["id"], "message", "", now)
    state = publish.state(studio, OWNER, live["id"])
    assert (state["verified_at"], state["message_at"], state["tone"]) == (now, now, "ok")


def test_it_is_said_to_answer_only_after_the_platform_verified_the_address(studio):
    add(studio)
    first = publish.go_live(studio, OWNER, "shop", "wechat", ACCOUNT)
    assert "now" not in first.text.en
    assert only(studio)["reached"] is False
    assert "now" not in published.use_version(studio, OWNER, only(studio)["id"], 1).text.en
    studio.doctor.saw(only(studio)["id"], "verified", "", time.time())
    assert "from now on" in publish.go_live(studio, OWNER, "shop", "wechat", {}).text.en
    assert only(studio)["reached"] is True
    # The console has another Token by now: it is to verify anew.
    again = publish.go_live(studio, OWNER, "shop", "wechat", {"token": "another1token"})
    assert "now" not in again.text.en


def test_where_we_connect_it_answers_once_that_is_done(studio):
    add(studio)
    app = {"client_id": "dingabcdef123456", "client_secret": "abcdefghij0123456789ABCD"}
    assert "connects to" in publish.go_live(studio, OWNER, "shop", "dingtalk", app).text.en
    assert (only(studio)["called"], only(studio)["reached"]) == (False, False)
    studio.doctor.saw(only(studio)["id"], "verified", "", time.time())
    assert only(studio)["reached"] is True


def test_an_api_has_nothing_to_verify(studio):
    add(studio)
    assert "from now on" in publish.go_live(studio, OWNER, "shop", "api", {}).text.en


def test_two_accounts_are_both_shown_and_published_again_each_for_itself(studio, live):
    publish.go_live(studio, OWNER, "shop", "wechat", {**ACCOUNT, "app_id": "wxffffffffffffffff"})
    shown = publish.overview(studio, OWNER, "shop")["publications"]
    assert [one["account"] for one in shown] == [ACCOUNT["app_id"], "wxffffffffffffffff"]
    for one in shown:
        publish.go_live(studio, OWNER, "shop", "wechat", {}, publication=one["id"])
    assert [one["version"] for one in publish.overview(studio, OWNER, "shop")["publications"]] == [2, 2]


def test_an_agent_with_an_error_is_not_published_by_a_click(studio):
    add(studio, {**SAY, "text": "{{ nobody }}"})
    for act in (
        lambda: publish.go_live(studio, OWNER, "shop", "wechat", ACCOUNT),
        lambda: publish.create_key(studio, OWNER, "shop"),
    ):
        with pytest.raises(BadAgent):
            act()
    assert publish.overview(studio, OWNER, "shop")["publications"] == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://bot.example.com/", "https://bot.example.com"),
        ("bot.example.com", "https://bot.example.com"),
        (" http://1.2.3.4 ", "http://1.2.3.4"),
        ("", ""),
    ],
)
def test_the_public_address_is_kept_as_it_is_used(studio, typed, kept):
    publish.set_public_url(studio, OWNER, typed)
    assert studio.public_url() == kept


def test_a_broken_public_address_is_refused(studio):
    with pytest.raises(BadSettings) as caught:
        publish.set_public_url(studio, OWNER, "https://user:secret@x")
    assert caught.value.text.zh == "公网地址：应为完整的网址，例如 https://bot.example.com。"


def test_an_api_key_is_shown_once_and_can_be_revoked(studio):
    add(studio, SAY)
    publish.go_live(studio, OWNER, "shop", "api", {})
    key = publish.create_key(studio, OWNER, "shop")["key"]
    seen = publish.overview(studio, OWNER, "shop")
    assert key not in json.dumps(seen)
    (listed,) = seen["keys"]
    assert key.startswith(listed["prefix"])
    publish.revoke_key(studio, OWNER, listed["id"])
    assert publish.overview(studio, OWNER, "shop")["keys"] == []
    assert Keys(studio.control).find(key) is None


BOT = {"mode": "connection", "bot_id": "aibQ7xY2mK9pL4", "secret": "mN4xVb7cQz1LpRt8KjHs2Wd6Fg3Ya9Ee"}


def test_where_we_connect_there_is_nothing_to_copy_and_nobody_is_waited_for(studio):
    add(studio)
    notice = publish.go_live(studio, OWNER, "shop", "wecom_bot", BOT)
    seen = only(studio)
    assert (seen["called"], seen["reached"], seen["to_copy"]) == (False, False, [])
    assert "connects to WeCom" in notice.text.en
    assert "Connecting" in seen["state"]["title"]["en"]
    studio.doctor.saw(seen["id"], "verified", "", time.time())
    assert only(studio)["reached"]


def test_the_same_bot_by_callback_is_copied_and_waited_for(studio):
    add(studio)
    publish.go_live(studio, OWNER, "shop", "wecom_bot", {"mode": "webhook"})
    seen = only(studio)
    assert (seen["called"], seen["reached"]) == (True, False)
    assert [line["name"] for line in seen["to_copy"]] == ["url", "token", "aes"]
    channels = publish.overview(studio, OWNER, "shop")["channels"]
    bot = next(one for one in channels if one["name"] == "wecom_bot")
    needed = {name: field.get("when") for name, field in bot["schema"]["properties"].items()}
    assert bot["guide"]["called"] == needed["token"] == ("mode", "webhook")
    assert needed["bot_id"] == needed["secret"] == ("mode", "connection")


def test_while_a_token_is_changed_there_the_page_says_that_the_old_one_counts(studio, live):
    studio.doctor.saw(live["id"], "verified", "", time.time())
    assert "old ones" not in publish.state(studio, OWNER, live["id"])["hint"]["en"]
    publish.go_live(studio, OWNER, "shop", "wechat", {"token": "another1token"})
    assert "old ones" in publish.state(studio, OWNER, live["id"])["hint"]["en"]
    studio.doctor.saw(live["id"], "verified", "", time.time())
    assert "old ones" not in publish.state(studio, OWNER, live["id"])["hint"]["en"]


def test_the_page_learns_that_what_it_shows_is_not_so_any_more(studio, live):
    """Whoever did it: the platform, or somebody in another window."""

    def mark():
        return publish.state(studio, OWNER, live["id"])["mark"]

    marks = [mark()]
    for act in (
        lambda: studio.doctor.saw(live["id"], "verified", "", time.time()),
        lambda: published.pause_it(studio, OWNER, live["id"]),
        lambda: published.resume_it(studio, OWNER, live["id"]),
        lambda: publish.go_live(studio, OWNER, "shop", "wechat", {}),
        lambda: published.take_back(studio, OWNER, live["id"]),
    ):
        assert mark() == marks[-1]
        act()
        marks.append(mark())
    assert all(one != other for one, other in itertools.pairwise(marks))


def test_what_the_chosen_surface_does_not_do_is_said_before_and_after(studio):
    weekly = {
        "on": "schedule",
        "id": "w",
        "cron": "0 9 * * 1",
        "for": "everybody",
        "flow": [{**SAY, "id": "n"}],
    }
    add(studio, starts=[weekly])
    seen = {one["name"]: one["unmet"] for one in publish.overview(studio, OWNER, "shop")["channels"]}
    assert (len(seen["api"]), seen["wechat"]) == (1, [])
    publish.go_live(studio, OWNER, "shop", "wechat", {**ACCOUNT, "push": False})
    [told] = only(studio)["unmet"]
    assert "主动" in told["zh"]


def test_a_page_of_ours_is_told_with_a_code_as_soon_as_others_can_reach_us(studio):
    add(studio)
    publish.go_live(studio, OWNER, "shop", "web", {})
    live = only(studio)
    assert (live["page"]["path"], live["page"]["widget"]) == (f"/chat/{live['id']}", "widget.js")
    assert (live["page"]["rows"], live["reached"]) == ((), True)
    record = studio.control.publication(live["id"])
    assert addresses(studio.control, record, "https://bot.example") == {
        "page": f"https://bot.example/chat/{live['id']}"
    }
    publish.set_public_url(studio, OWNER, "https://bot.example")
    rows = only(studio)["page"]["rows"]
    assert len(rows) == len(rows[0]) > 20


def test_what_is_no_page_of_ours_has_none(live):
    assert live["page"] is None
