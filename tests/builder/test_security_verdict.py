"""The security page says one thing of all that is on it."""

from deno_script import told

NO, DO = {"zh": "", "en": ""}, {"zh": "改", "en": "mend it"}
WELL, SOON, BROKEN = {"ok": True, "do": NO}, {"ok": True, "do": DO}, {"ok": False, "do": DO}
UNKNOWN = {"ok": None, "do": DO}
TABLE = [
    # what stands open, how the installation is; tone, to be mended, to be decided or due soon
    (["ok"], [WELL], ("ok", 0, 0)),
    (["ok"], [WELL, BROKEN], ("bad", 1, 0)),
    (["ok", "bad"], [BROKEN, SOON], ("bad", 2, 1)),
    (["warn"], [SOON, UNKNOWN], ("", 0, 2)),
    (["ok"], [UNKNOWN], ("ok", 0, 0)),
    (["ok"], None, ("", 0, 0)),
    (["warn"], None, ("", 0, 1)),
    (["bad"], None, ("bad", 1, 0)),
]
SCRIPT = """
import { verdict } from "EDITOR/static/security/verdict.js";
const said = asked.map(([states, value]) => verdict(states.map((state) => ({ state })), { value }));
console.log(JSON.stringify(said));
"""
ALONE = """
import { verdict } from "EDITOR/static/security/verdict.js";
console.log(JSON.stringify([verdict(asked, null), verdict(asked, { value: null, answer: { ok: false } })]));
"""


def test_what_is_to_be_mended_is_said_wherever_it_was_found(tmp_path):
    said = told(tmp_path, SCRIPT, [row[:2] for row in TABLE])
    assert [(one["tone"], one["bad"], one["warn"]) for one in said] == [row[2] for row in TABLE]
    assert [one["isOpen"] for one in said] == [row[1] is None for row in TABLE]


def test_who_may_not_ask_the_machine_is_told_of_what_stands_open_and_who_got_no_answer_of_that(tmp_path):
    alone, failed = told(tmp_path, ALONE, [{"state": "ok"}])
    assert (alone["tone"], alone["isOpen"]) == ("ok", False)
    assert (failed["tone"], failed["failed"]) == ("", True)
