import contextlib
import json
import math
import os
import re
import time

import psutil
import pytest

from bench.__main__ import ROWS
from bench.client import Client
from bench.load import Load, percentile
from bench.model import Model
from bench.process import Program
from bench.soak import Weight, is_flat
from bench.table import Row, table
from runtime.simulator.http import Request, Response, Server
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.platform import Platform

MESSAGE = re.compile(rb"Q(\d+)E")


def acknowledges(request):
    """A callback server that says success and nothing else."""
    return Response(b"success", kind="text/plain")


async def push(handler, account=None, count=20, copies=1):
    """Load on a server of the test; the wave, and what was recorded."""
    account = account or Account(mode="plain")
    async with Server(handler) as server:
        load = Load(f"{server.url}/wx", account, Platform([account]), copies=copies)
        return await load.wave(200, count, 5, settle=0.2), load


async def test_what_is_acknowledged_and_never_answered_is_seen():
    wave, load = await push(acknowledges)
    assert (wave.messages, wave.acknowledged, wave.answered) == (20, 20, 0)
    assert max(wave.acks) < 1
    assert len(load.history.acknowledged) == 20


async def test_a_crowd_writes_again_as_soon_as_it_was_acknowledged():
    async with Server(acknowledges) as server:
        account = Account(mode="plain")
        load = Load(f"{server.url}/wx", account, Platform([account]))
        wave = await load.crowd(3, 0.2, settle=0)
    assert wave.messages == wave.acknowledged == len(load.history.pushed) > 3
    assert len({one.person for one in load.history.pushed.values()}) == wave.messages
    assert wave.answered == 0


async def test_every_copy_of_a_message_is_sent():
    asked = []

    def handler(request):
        asked.append(MESSAGE.search(request.body)[1])
        return acknowledges(request)

    await push(handler, count=5, copies=3)
    assert len(asked) == 15
    assert len(set(asked)) == 5


async def test_an_answer_counts_by_whichever_way_it_comes():
    account = Account(mode="plain")
    platform = Platform([account])

    def handler(request):
        mark = MESSAGE.search(request.body)[1].decode()
        person = re.search(rb"FromUserName><!\[CDATA\[(.*?)\]", request.body)[1].decode()
        token = platform.tokens.stable(account.app_id, platform.clock(), False)[0]
        body = f'{{"touser": "{person}", "msgtype": "text", "text": {{"content": "A{mark}A"}}}}'.encode()
        platform.call(Request("POST", "/cgi-bin/message/custom/send", {"access_token": token}, body))
        return acknowledges(request)

    async with Server(handler) as server:
        load = Load(f"{server.url}/wx", account, platform)
        wave = await load.wave(200, 10, 5, settle=2)
    assert wave.answered == 10


async def test_times_count_from_when_a_message_was_due_and_not_from_when_it_left():
    def slow(request):
        return Response(b"success", kind="text/plain", after=0.3)

    wave, _ = await push(slow, count=3)
    assert min(wave.acks) >= 0.3


async def test_a_server_that_is_not_there_is_a_problem_and_not_an_error():
    load = Load("http://127.0.0.1:1/wx", Account(), Platform([Account()]), patience=0.05)
    wave = await load.wave(100, 2, 2, settle=0)
    assert wave.acknowledged == 0
    assert wave.problems["not acknowledged"] == 2


def test_load_leaves_this_machine_never():
    with pytest.raises(ValueError, match="loopback"):
        Client("http://example.com/wx")


def ask(model, text="你好 Q7E", **more):
    body = {"messages": [{"role": "user", "content": text}], **more}
    return model.call(Request("POST", "/v1/chat/completions", body=json.dumps(body).encode()))


def test_the_model_answers_the_mark_of_the_question_and_counts_the_call():
    model = Model(0.2)
    response = ask(model)
    assert b"A7A" in response.body
    assert response.after == 0.2
    response.then()
    [call] = model.calls
    assert (call.id, call.round, call.answered) == ("7", 0, True)


def test_a_caller_that_went_away_was_not_answered():
    model = Model()
    ask(model).lost()
    assert [call.answered for call in model.calls] == [False]


def test_the_model_streams_when_asked_to():
    assert ask(Model(), stream=True).body.endswith(b"data: [DONE]\n\n")


def test_percentiles():
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile(range(100), 0.99) == 99
    assert math.isnan(percentile([], 0.5))


def test_the_table_lines_up_chinese_and_says_what_was_missed():
    rows = [
        Row("1", "确认", "2000/s", "1500/s", ">= 1250/s", True, 0.75),
        Row("2", "ack", "", "9", "<= 1", False),
    ]
    lines = table(rows).splitlines()
    assert lines[2].index("2000/s") + 2 == lines[0].index("bare")
    assert lines[2].endswith("met")
    assert lines[3].endswith("MISSED")


def test_every_target_has_a_row():
    assert list(ROWS) == [*range(1, 19), *range(20, 32)]  # 18 has 19 in it


def test_a_program_that_others_keep_from_the_cores_did_not_live_meanwhile():
    core = min(os.sched_getaffinity(0))
    with contextlib.ExitStack() as ended:
        programs = [Program.python("-c", "while True: pass", environment={}) for _ in range(4)]
        for program in programs:
            program.start()
            ended.callback(program.kill)
            psutil.Process(program.pid).cpu_affinity([core])
        time.sleep(1.5)
        first = programs[0]
        assert first.lived() < 0.75 * (time.time() - first.started_at)
        assert first.wait(0.05) is None


# Whether memory is flat


def weights(*gateway):
    return [Weight(1000 * number, mb, 280) for number, mb in enumerate(gateway)]


FLAT = [
    ("nothing", weights(100, 100, 100, 100, 100, 100, 100, 100), True),
    ("caches that fill", weights(100, 105, 108, 109, 110, 110, 110, 110), True),
    ("it goes up and down", weights(100, 108, 104, 109, 105, 108, 104, 107), True),
    ("a leak", weights(100, 101, 102, 103, 104, 105, 106, 107), False),
    ("too much at once", weights(100, 140, 140, 140, 140, 140, 140, 140), False),
    ("too few to tell", weights(100, 103, 106), True),
]


@pytest.mark.parametrize(("id", "weighed", "flat"), FLAT, ids=[id for id, *_ in FLAT])
def test_memory_is_flat_when_it_stops_growing(id, weighed, flat):
    assert is_flat(weighed) is flat
