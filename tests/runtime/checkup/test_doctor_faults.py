"""The check-up names every fault of the table, and none where none is: `python -m tests.doctor_faults`."""

import asyncio

import pytest

from doctor_faults.surfaces import OFFICIAL
from doctor_faults.table import FAULTS
from doctor_faults.world import results

SILENT = "well, a platform that does not say its time"
pytestmark = pytest.mark.timeout(180)  # all of them are set up by whoever comes first


@pytest.fixture(scope="module")
def found():
    return {result.fault.id: result for result in asyncio.run(results(FAULTS))}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_the_first_check_that_fails_names_the_fault(found, fault):
    result = found[fault.id]
    assert result.verdict == "named", result.first


def test_whatever_is_found_is_one_sentence_and_one_thing_to_do_in_both_languages(found):
    for one in (one for result in found.values() for one in result.found):
        said = [one.title.zh, one.title.en, one.says.zh, one.says.en, one.do.zh, one.do.en]
        assert all(said[:4])
        assert "{" not in "".join(said)
        assert bool(one.do.zh) == bool(one.do.en)
        assert one.ok is not False or one.do.zh, (one.check, one.says.en)


def test_no_secret_is_in_what_is_found(found):
    told = repr([result.found for result in found.values()])
    secrets = [OFFICIAL.token, OFFICIAL.encoding_aes_key, OFFICIAL.app_secret, "T0KEN"]
    assert [secret for secret in secrets if secret in told] == []


def test_there_are_sixty_faults_and_each_has_a_name_of_its_own():
    assert len({fault.id for fault in FAULTS}) == len(FAULTS)
    assert sum(bool(fault.check) for fault in FAULTS) >= 60


def test_a_check_that_has_nothing_to_tell_is_silent(found):
    looked = {id: [one.check for one in found[id].found] for id in ("well", SILENT)}
    assert [check for check in looked["well"] if check not in looked[SILENT]] == ["clock"]


def test_what_depends_on_a_fault_is_not_looked_at(found):
    rest = found["no such name"].found
    looked = [one.check for one in rest if "Not looked at" not in one.says.en]
    assert {"tcp", "tls", "answers", "reaches", "echo"}.isdisjoint(looked)
    assert {"api", "clock", "secret"} <= set(looked), "what does not depend on it is"
    assert all("Name" in one.says.en for one in rest if "Not looked at" in one.says.en)
