"""What happened lately at a callback."""

import pytest

from runtime.errors import Compared
from runtime.lang import Text
from runtime.publish.doctor import SELF_TEST, Doctor
from runtime.store.control.control import Control
from runtime.store.control.records import Publication


@pytest.fixture
def control(tmp_path):
    control = Control.in_folder(tmp_path)
    control.save_publication(
        Publication(id="shop-1", agent="shop", channel="wechat", version=1, created_at=1)
    )
    return control


@pytest.fixture
def doctor(control):
    return Doctor(control)


def test_at_first_everything_is_waited_for(doctor):
    state = doctor.state("shop-1", 100)
    assert (state.verified_at, state.message_at, state.refusal, state.messages) == (None, None, None, 0)


def test_the_first_times_are_kept_and_not_overwritten(doctor, control):
    doctor.saw("shop-1", "verified", "", 10)
    doctor.saw("shop-1", "message", "", 20)
    doctor.saw("shop-1", "verified", "", 30)
    doctor.saw("shop-1", "message", "", 40)
    state = Doctor(control).state("shop-1", 50)
    assert (state.verified_at, state.message_at) == (10, 20)


def test_a_message_proves_the_address_even_without_a_check(doctor):
    doctor.saw("shop-1", "message", "", 20)
    assert doctor.state("shop-1", 50).verified_at == 20


def test_a_refusal_is_explained_in_words_until_something_goes_well(doctor):
    doctor.saw("shop-1", "refused", "signature", 10)
    refusal = doctor.state("shop-1", 11).refusal
    assert (refusal.code, refusal.at) == ("signature", 10)
    assert "Token" in refusal.text.zh
    assert "Token" in refusal.text.en
    doctor.saw("shop-1", "verified", "", 12)
    assert doctor.state("shop-1", 13).refusal is None
    assert doctor.state("shop-1", 13).refusals == {"signature": 1}


def test_messages_are_counted_for_an_hour(doctor):
    for at in (100, 3000, 3500):
        doctor.saw("shop-1", "message", "", at)
    assert doctor.state("shop-1", 3701).messages == 2


def test_publications_are_told_apart(doctor):
    doctor.saw("shop-1", "message", "", 10)
    assert doctor.state("shop-2", 11).messages == 0


@pytest.mark.parametrize("code", ["signature", "stale", "downgrade", "malformed", "method", "too_large"])
def test_a_stray_request_does_not_turn_a_working_connection_red(doctor, code):
    doctor.saw("shop-1", "message", "", 10)
    doctor.saw("shop-1", "refused", code, 11)
    state = doctor.state("shop-1", 12)
    assert (state.refusal, state.strays, state.refusals) == (None, 1, {code: 1})
    doctor.saw("shop-1", "message", "", 13)
    assert doctor.state("shop-1", 14).strays == 0


@pytest.mark.parametrize("code", ["decrypt", "receive_id", "account"])
def test_what_only_the_platform_can_have_caused_does(doctor, code):
    doctor.saw("shop-1", "message", "", 10)
    doctor.saw("shop-1", "refused", code, 11)
    assert doctor.state("shop-1", 12).refusal.code == code


def test_our_own_test_of_the_address_is_not_the_platforms(doctor):
    doctor.saw("shop-1", "verified", SELF_TEST + "0a1b", 10)
    assert doctor.state("shop-1", 11).verified_at is None
    doctor.saw("shop-1", "verified", "0a1b", 12)
    assert doctor.state("shop-1", 13).verified_at == 12


NAME = Text("Token（长度 / 指纹）", "Token (length / fingerprint)")
COMPARED = Compared(NAME, "10 / 0a1b2c3d", "")


def test_what_a_refused_call_was_judged_by_is_told_also_by_another_process(doctor, control):
    doctor.saw("shop-1", "refused", "signature", 10, [COMPARED])
    for who in (doctor, Doctor(control)):
        refusal = who.state("shop-1", 11).refusal
        assert (refusal.code, refusal.at) == ("signature", 10)
        [one] = refusal.compared
        assert (one.name.zh, one.name.en, one.here) == (NAME.zh, NAME.en, "10 / 0a1b2c3d")


def test_a_good_call_ends_what_was_kept_of_a_refused_one(doctor, control):
    doctor.saw("shop-1", "message", "", 5)
    doctor.saw("shop-1", "refused", "decrypt", 10)
    assert Doctor(control).state("shop-1", 11).refusal.code == "decrypt"
    doctor.saw("shop-1", "message", "", 12)
    assert Doctor(control).state("shop-1", 13).refusal is None


def test_whoever_forges_a_thousand_calls_has_one_of_them_kept(doctor, control, monkeypatch):
    kept = []
    monkeypatch.setattr(control, "save_contact", kept.append)
    for n in range(1000):
        doctor.saw("shop-1", "refused", ("signature", "stale")[n % 2], 10 + n / 1000)
    assert len(kept) == 1


def test_sites_whose_pages_were_refused_are_few_and_new_and_only_what_a_browser_says(doctor, control):
    for n in range(9):
        doctor.saw("shop-1", "strange", f"https://s{n}.example", 100 + 3 * n)
    for odd in (
        "null",
        "<script>",
        "https://a.example/path",
        "https://A.example",
        "https://" + "a" * 101,
        "",
    ):
        doctor.saw("shop-1", "strange", odd, 200)
    doctor.saw("shop-1", "strange", "https://s8.example", 200)
    doctor.saw("shop-1", "strange", "https://s4.example", 4000)
    doctor.saw("shop-1", "strange", "https://quick.example", 4001)  # whoever forges many writes little
    seen = Doctor(control).state("shop-1", 4002).strangers
    assert [one.origin for one in seen] == [f"https://s{n}.example" for n in (4, 8, 7, 6, 5)]
    assert seen[1].at == 124
    assert Doctor(control).state("shop-1", 124 + 24 * 3600).strangers == seen[:1]
    assert doctor.state("shop-1", 4002).refusal is None
    doctor.saw("shop-1", "refused", "signature", 4002)  # of which no page keeps anybody from hearing
    assert Doctor(control).state("shop-1", 4003).refusal.code == "signature"
