"""What models are not sent is in no stored trace either; the person reads it as it is."""

import json

from world import ANSWERS, world

from script import calls, says

PHONE, THEIRS = "138 0013 8000", "13900139000"
MASKED = {
    **ANSWERS,
    "flow": [{"type": "model", "id": "answer", "tools": [{"type": "calculator"}]}],
    "safety": {"masking": {"kinds": ["phone"]}},
}


async def test_the_trace_has_marks_where_the_person_reads_numbers(tmp_path):
    asks = calls(("calculator", {"expression": "13800138000 + 0"}))
    tells = says(f"您的是 {PHONE}，他的是 {THEIRS}", thoughts=f"他的是 {THEIRS}")
    async with world(tmp_path, asks, tells, agent=MASKED) as w:
        await w.push(f"查 {PHONE}", id="m1")
        await w.until(lambda: w.account.sent)
        rows = await w.gateway.messages.database.read(
            lambda db: [tuple(row) for row in db.execute("select seq, text, reply, trace from messages")]
        )
        [(_, text, reply, trace)] = rows
        assert PHONE in text
        assert reply == f"您的是 {PHONE}，他的是 {THEIRS}"
        assert not [one for one in (PHONE, THEIRS, "13800138000", "139-0013") if one in trace]
        used = {event["type"]: event for event in json.loads(trace)}
        mark = used["tool_called"]["arguments"]["expression"].removesuffix(" + 0")
        assert mark.startswith("[PHONE-")
        assert used["tool_returned"]["result"] == mark
        assert mark in used["replied"]["text"]
