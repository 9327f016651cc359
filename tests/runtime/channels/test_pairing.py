"""An account being joined, step by step: a state machine that asks and is told, and waits for nothing."""

from dataclasses import replace

import pytest

from example_channel.channels.pigeon import CHANNEL, Pigeon
from runtime.channels import ApiAnswer, ApiRequest, Pairing, Progress
from runtime.errors import SendFailed
from runtime.lang import NOTHING

GONE = SendFailed(NOTHING, code="uncertain")


class Ringed(Pigeon):
    """Says what it is told to."""

    def progress(self, answer):
        return Progress(**answer.data)


def pairing(**more):
    return Pairing(Ringed(CHANNEL.Settings(loft="north", passphrase="x" * 16, ringed=True)), **more)


def told(it, now=0.0, **data):
    it.next(now)
    it.answered(ApiAnswer(200, data), now)
    return it.stage


def shown(**more):
    it = pairing(**more)
    told(it, ring="R1")
    return it


def test_a_code_is_asked_for_and_shown_and_then_its_state_is_asked():
    it = pairing(known=[{"ring": "old"}])
    assert it.next(0.0) == ApiRequest("/rings", {"known": ["old"]})
    assert told(it, ring="R1") == "shown"
    assert it.code.content == "https://pigeon.example/ring/R1"
    assert it.next(0.0) == ApiRequest("/ring", {"ring": "R1", "digits": ""})


@pytest.mark.parametrize(
    ("says", "stage"),
    [
        (["shown", "shown"], "shown"),
        (["scanned", "shown"], "scanned"),
        (["scanned", "joined"], "joined"),
        (["digits"], "digits"),
        (["expired"], "asking"),
        (["blocked"], "asking"),
        (["known"], "taken"),
        (["elsewhere", "scanned"], "scanned"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else None,
)
def test_each_state_leads_where_it_should(says, stage):
    it = shown()
    for reached in says:
        told(it, reached=reached)
    assert it.stage == stage
    assert it.is_over == (stage in ("joined", "taken"))
    assert (it.code is None) == (stage in ("joined", "taken", "asking"))


def test_what_the_scan_brought_is_there_and_the_code_is_gone():
    it = shown()
    assert told(it, reached="joined", settings={"ring": "k"}) == "joined"
    assert it.settings == {"ring": "k"}
    assert it.next(0.0) is None


def test_digits_are_waited_for_sent_until_they_are_judged_and_asked_for_again_when_they_were_wrong():
    it = shown()
    it.enter("000000")  # nobody asked
    assert it.next(0.0).body["digits"] == ""
    told(it, reached="digits")
    assert it.next(0.0) is None
    it.enter("123456")
    assert it.next(0.0).body["digits"] == "123456"
    it.unanswered(GONE, 35.0)
    assert it.next(0.0).body["digits"] == "123456"
    assert told(it, reached="digits") == "wrong_digits"
    it.enter("654321")
    assert told(it, reached="scanned") == "scanned"
    assert it.next(0.0).body["digits"] == ""


def test_after_so_many_codes_that_nobody_scanned_it_gives_up():
    it = shown()
    assert told(it, reached="expired") == "asking"
    assert told(it, ring="R2") == "shown"
    assert told(it, reached="expired") == "given_up"
    assert it.next(0.0) is None


def test_a_code_that_lives_longer_than_it_may_is_replaced_whatever_the_platform_says():
    it = shown()
    assert it.next(119.0).path == "/ring"
    assert it.next(120.0).path == "/rings"


def test_digits_that_never_come_do_not_keep_an_old_code():
    it = shown()
    told(it, reached="digits")
    assert it.next(120.0).path == "/rings"


def test_it_goes_on_at_another_host_until_there_is_a_new_code():
    it = shown()
    told(it, reached="elsewhere", host="https://eu.pigeon.example")
    assert it.next(0.0).host == "https://eu.pigeon.example"
    told(it, reached="expired")
    told(it, ring="R2")
    assert it.next(0.0).host == ""


def test_what_we_have_ourselves_goes_on_working():
    assert told(shown(known=[{"ring": "old"}], own=True), reached="known") == "kept"


def test_without_a_code_it_asks_again_ever_more_slowly_and_says_why():
    it = pairing()
    pauses = []
    for _ in range(5):
        it.next(0.0)
        it.unanswered(GONE)
        pauses.append(it.pause)
    assert pauses == [2.0, 2.0, 2.0, 30.0, 30.0]
    assert it.trouble is GONE
    told(it, ring="R1")
    assert it.trouble is None


@pytest.mark.parametrize(("waited", "pause"), [(35.0, 0.0), (0.0, 2.0)])
def test_nothing_heard_of_a_code_means_that_nobody_scanned_it(waited, pause):
    it = shown()
    it.unanswered(GONE, waited)
    assert (it.stage, it.pause) == ("shown", pause)


def test_an_answer_that_cannot_be_read_is_as_none():
    it = Pairing(CHANNEL(CHANNEL.Settings(loft="north", passphrase="x" * 16, ringed=True)))
    it.next(0.0)
    it.answered(ApiAnswer(200, {"ring": 7}), 0.0)
    assert (it.stage, it.pause) == ("asking", 2.0)
    assert replace(it.next(0.0), body=None) == ApiRequest("/rings")
