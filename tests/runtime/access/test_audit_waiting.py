"""What commands did is in a file until there is a store for it."""

from runtime.access.audit.record import Deed, made
from runtime.access.audit.waiting import Waiting


def done(what):
    return made(Deed("owner", "command line", what), "done", (), ())


def test_half_a_line_that_a_full_disk_left_takes_no_other_with_it(tmp_path):
    waiting = Waiting(tmp_path / "audit-waiting.jsonl")
    waiting.add(done("agent.import"), "2026-12-01T00:00:00Z")
    with (tmp_path / "audit-waiting.jsonl").open("ab") as file:
        file.write(b'{"number": 0, "at": "2026-12')
    waiting.add(done("user.invite"), "2026-12-01T00:00:01Z")
    with waiting.taken() as records:
        assert [record.what for record in records] == ["agent.import", "user.invite"]
