"""`python app.py secrets rotate`: what is typed and said, and that it is written down."""

from runtime.store.control.control import Control


def test_the_key_is_another_and_then_the_only_one(run, home):
    Control.in_folder(home / "data").secrets.put("erp", "canary-4711")
    before = (home / "data" / "secret.key").read_text("utf-8").strip()
    code, out, wrong = run("secrets", "rotate")
    assert (code, wrong) == (0, "")
    assert "1 older ones still open" in out
    code, out, _ = run("secrets", "rotate", "--forget")
    assert code == 0
    assert "1 older keys are gone" in out
    assert before not in (home / "data" / "secret.key").read_text("utf-8")
    assert Control.in_folder(home / "data").secrets.open("erp", "a.example") == "canary-4711"
    assert (home / "data" / "audit-waiting.jsonl").read_text("utf-8").count("rotate") >= 2


def test_a_key_is_made_ready_for_several_machines(run, home):
    Control.in_folder(home / "data")
    assert "every machine" in run("secrets", "rotate", "--prepare")[1]
    assert "next:" in (home / "data" / "secret.key").read_text("utf-8")
    assert run("secrets", "rotate")[0] == 0
    assert "next:" not in (home / "data" / "secret.key").read_text("utf-8")
