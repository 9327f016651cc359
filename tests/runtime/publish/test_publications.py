"""Publishing: freeze, keep credentials, refuse what would not work."""

from dataclasses import dataclass, field

import pytest

from runtime.access.keys import Keys
from runtime.agents.agent import Agent
from runtime.channels import registry
from runtime.errors import BadAgent, BadSettings, Conflict, NotFound
from runtime.publish import issue_key, publish, roll_back, unpublish, versions
from runtime.store.control.control import Control

ACCOUNT = {"app_id": "wx1234567890abcdef", "app_secret": "canary0000000000", "original_id": "gh_abcdef123456"}
OTHER = {**ACCOUNT, "app_id": "wxffffffffffffffff"}


WRONGS = {
    "all that is missing": ("email", {}, {"address", "password", "imap", "smtp"}),
    "what is missing and what is no such": (
        "email",
        {"provider": "163", "address": "shop", "colour": "red"},
        {"address", "password", "colour"},
    ),
    "what is needed beside another": (
        "webhook",
        {"secret": "0123456789abcdef" * 2, "answer": "both", "only": "(", "seconds": "soon"},
        {"callback", "only", "seconds"},
    ),
}


@pytest.fixture
def control(tmp_path):
    return Control.in_folder(tmp_path)


def agent(id="shop", **changes):
    flow = [{"type": "reply", "id": "say", "text": "好"}]
    return Agent.load({"id": id, "name": "店", "flow": flow, **changes})


def test_publishing_prints_what_the_owner_enters_at_the_platform(control):
    published = publish(control, agent(), "wechat", ACCOUNT)
    assert published.path == f"/c/{published.publication}"
    assert published.publication.startswith("shop-")
    assert len(published.publication) == len("shop-") + 6
    assert published.version == 1
    assert {name: len(value) for name, value in published.to_copy.items()} == {
        "token": 32,
        "encoding_aes_key": 43,
    }


@pytest.mark.parametrize("case", WRONGS)
def test_all_that_is_wrong_with_what_was_entered_is_said_at_once(control, case):
    channel, given, wrong = WRONGS[case]
    with pytest.raises(BadSettings) as caught:
        publish(control, agent(), channel, given)
    assert set(caught.value.wrongs) == wrong
    assert caught.value.field == next(iter(caught.value.wrongs))
    for text in caught.value.wrongs.values():
        assert text.zh in caught.value.text.zh
        assert text.en in caught.value.text.en
    labelled = [name for name, text in caught.value.wrongs.items() if f"（{name}）" in text.zh]
    assert labelled == []  # it stands at its field, which says what it is
    assert control.publications() == []


def test_where_nothing_is_entered_at_the_platform_nothing_is_printed(control):
    bot = {"mode": "connection", "bot_id": "aibQ7xY2mK9pL4", "secret": "mN4xVb7cQz1LpRt8KjHs2Wd6Fg3Ya9Ee"}
    assert publish(control, agent(), "wecom_bot", bot).to_copy == {}


def test_given_credentials_are_taken_without_the_blanks_around_them(control):
    given = {**ACCOUNT, "token": " mytoken1\n", "encoding_aes_key": "a" * 43}
    published = publish(control, agent(), "wechat", given)
    assert published.to_copy == {"token": "mytoken1", "encoding_aes_key": "a" * 43}


def test_the_channel_can_be_made_from_what_is_stored(control):
    id = publish(control, agent(), "wechat", ACCOUNT).publication
    kind = registry()["wechat"]
    channel = kind(kind.Settings.model_validate(control.channel_settings(id)))
    assert channel.account == ACCOUNT["app_id"]


BROKEN = {"flow": [{"type": "reply", "id": "say", "text": "{{ nobody }}"}]}


@pytest.mark.parametrize("channel", ["wechat", "api"])
def test_an_agent_with_an_error_is_not_published(control, channel):
    publish(control, agent(), channel, ACCOUNT if channel == "wechat" else {})
    with pytest.raises(BadAgent) as caught:
        publish(control, agent(**BROKEN), channel, ACCOUNT if channel == "wechat" else {})
    assert caught.value.field == "flow.0.text"
    assert "nobody" in caught.value.text.en
    assert control.publications()[0].version == 1


def test_nor_does_it_get_an_api_key(control):
    with pytest.raises(BadAgent):
        issue_key(control, agent(**BROKEN))
    assert control.publications() == []


def test_a_warning_does_not_stop_publishing(control):
    late = [{"type": "reply", "id": "a", "text": "好"}, {"type": "reply", "id": "b", "text": "好"}]
    assert publish(control, agent(flow=late), "api", {}).version == 1


def test_a_tool_of_the_operators_own_network_is_published_where_that_is_allowed(control):
    tool = {"type": "http_request", "url": "http://10.0.0.5:8080/orders"}
    flow = [{"type": "model", "id": "m", "prompt": {"text": ""}, "tools": [tool]}]
    with pytest.raises(BadAgent):
        publish(control, agent(flow=flow), "api", {})
    assert publish(control, agent(flow=flow), "api", {}, allowed=("10.0.0.5:8080",)).version == 1


def test_one_of_several_accounts_is_published_again_by_its_id(control):
    ids = [publish(control, agent(), "wechat", account).publication for account in (ACCOUNT, OTHER)]
    assert publish(control, agent(), "wechat", {}, id=ids[0]).publication == ids[0]
    assert [p.version for p in control.publications()] == [2, 1]
    with pytest.raises(NotFound):
        publish(control, agent("other"), "wechat", {}, id=ids[0])


def test_a_version_that_can_no_longer_be_read_is_not_brought_back(control):
    id = publish(control, agent(), "api", {}).publication
    control.freeze(id, {"format": 1, "id": "shop", "name": "店", "flow": [{"type": "gone", "id": "x"}]})
    with pytest.raises(BadAgent):
        roll_back(control, id, 2)
    assert control.publications()[0].version == 1


def test_secrets_are_stored_sealed(control, tmp_path):
    published = publish(control, agent(), "wechat", ACCOUNT)
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (ACCOUNT["app_secret"], *published.to_copy.values()):
        assert secret.encode() not in everything


def test_publishing_again_keeps_publication_and_credentials_and_freezes_a_new_version(control):
    first = publish(control, agent(), "wechat", ACCOUNT)
    again = publish(control, agent(name="新店"), "wechat", {"app_id": ACCOUNT["app_id"]}, note="new name")
    assert (again.publication, again.version) == (first.publication, 2)
    assert again.to_copy == first.to_copy
    assert control.channel_settings(first.publication)["app_secret"] == ACCOUNT["app_secret"]
    assert [version.note for version in versions(control, first.publication)] == ["", "new name"]


def test_an_empty_secret_in_a_form_keeps_the_stored_one(control):
    id = publish(control, agent(), "wechat", ACCOUNT).publication
    publish(control, agent(), "wechat", {**ACCOUNT, "app_secret": ""})
    assert control.channel_settings(id)["app_secret"] == ACCOUNT["app_secret"]


def test_a_given_secret_replaces_the_stored_one(control):
    id = publish(control, agent(), "wechat", ACCOUNT).publication
    publish(control, agent(), "wechat", {**ACCOUNT, "app_secret": "another000000000"})
    assert control.channel_settings(id)["app_secret"] == "another000000000"


def test_another_account_is_another_publication(control):
    first = publish(control, agent(), "wechat", ACCOUNT)
    second = publish(control, agent(), "wechat", OTHER)
    assert first.publication != second.publication


def test_without_an_account_named_the_only_publication_is_meant_and_two_are_refused(control):
    first = publish(control, agent(), "wechat", ACCOUNT)
    assert publish(control, agent(), "wechat", {}).publication == first.publication
    publish(control, agent(), "wechat", OTHER)
    with pytest.raises(Conflict, match=first.publication):
        publish(control, agent(), "wechat", {})


def test_an_account_answers_for_one_agent_only(control):
    first = publish(control, agent(), "wechat", ACCOUNT)
    with pytest.raises(Conflict, match=first.publication) as refused:
        publish(control, agent("other"), "wechat", ACCOUNT)
    assert refused.value.field == "also"
    unpublish(control, first.publication)
    publish(control, agent("other"), "wechat", ACCOUNT)
    with pytest.raises(Conflict):
        publish(control, agent(), "wechat", ACCOUNT)


def test_an_account_carries_several_publications_for_whoever_says_so(control):
    first = publish(control, agent(), "wechat", ACCOUNT)
    second = publish(
        control, agent("other"), "wechat", {**ACCOUNT, "app_secret": "another000000000"}, also=True
    )
    assert second.publication != first.publication
    assert control.channel_settings(first.publication)["app_secret"] == ACCOUNT["app_secret"]
    again = publish(control, agent("other"), "wechat", {"app_id": ACCOUNT["app_id"]}, also=True)
    assert (again.publication, again.version) == (second.publication, 2)


def test_what_was_taken_back_keeps_everything_and_can_be_published_again(control):
    first = publish(control, agent(), "wechat", ACCOUNT)
    unpublish(control, first.publication)
    assert not control.publication(first.publication).enabled
    again = publish(control, agent(), "wechat", {})
    assert (again.publication, again.to_copy, again.version) == (first.publication, first.to_copy, 2)
    assert control.publication(first.publication).enabled


def test_rolling_back_lets_an_earlier_version_answer(control):
    id = publish(control, agent(), "wechat", ACCOUNT).publication
    publish(control, agent(name="新店"), "wechat", ACCOUNT)
    roll_back(control, id, 1)
    publication = control.publication(id)
    assert control.frozen_agent(id, publication.version)["name"] == "店"
    with pytest.raises(NotFound):
        roll_back(control, id, 9)


@dataclass(frozen=True)
class Refusal:
    id: str
    error: type
    named: str = ""
    channel: str = "wechat"
    given: dict = field(default_factory=dict)
    agent: dict = field(default_factory=dict)


REFUSALS = [
    Refusal("app id is missing", BadSettings, "app_id"),
    Refusal("secret is missing", BadSettings, "app_secret", given={**ACCOUNT, "app_secret": " "}),
    Refusal("placeholder", BadSettings, "app_id", given={**ACCOUNT, "app_id": "your_app_id"}),
    Refusal("unknown setting", BadSettings, "colour", given={**ACCOUNT, "colour": "red"}),
    Refusal("short key", BadSettings, "encoding_aes_key", given={**ACCOUNT, "encoding_aes_key": "abc"}),
    Refusal("no such channel", NotFound, channel="pigeon"),
    Refusal("no blocks", BadAgent, "flow", given=ACCOUNT, agent={"flow": []}),
]


@pytest.mark.parametrize("case", REFUSALS, ids=lambda c: c.id)
def test_what_would_not_work_is_refused_and_its_field_named(control, case):
    with pytest.raises(case.error) as caught:
        publish(control, agent(**case.agent), case.channel, case.given)
    assert caught.value.field == case.named
    assert not control.publications()


def test_a_refusal_never_repeats_a_secret(control):
    with pytest.raises(BadSettings) as caught:
        publish(control, agent(), "wechat", {**ACCOUNT, "token": "canary-with-dashes"})
    assert caught.value.field == "token"
    assert "canary" not in str(caught.value)


def test_unknown_publications_are_told(control):
    for act in (unpublish, versions, lambda control, id: roll_back(control, id, 1)):
        with pytest.raises(NotFound, match="no-such"):
            act(control, "no-such")


def test_a_key_is_bounded_though_its_owner_says_nothing(control):
    issue_key(control, agent())
    issue_key(control, agent(), per_minute=3, per_day=0, tokens_per_day=None)
    fields = ("per_minute", "per_day", "tokens_per_day", "megabytes_per_day")
    usual, chosen = ([getattr(key, field) for field in fields] for key in Keys(control).all())
    assert all(usual)
    assert chosen == [3, None, *usual[2:]]


def test_a_first_key_publishes_the_agent_on_the_api_and_a_second_does_not(control):
    keys = {issue_key(control, agent()), issue_key(control, agent())}
    assert len(keys) == 2
    assert [(p.channel, p.version) for p in control.publications()] == [("api", 1)]
    unpublish(control, control.publications()[0].id)
    issue_key(control, agent())
    assert [(p.enabled, p.version) for p in control.publications()] == [(True, 2)]
