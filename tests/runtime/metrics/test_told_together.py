"""Several workers behind one port: whoever is asked tells the numbers of all, and who did not tell his."""

from prometheus_client.parser import text_string_to_metric_families

from runtime.metrics.beside import Beside
from runtime.metrics.metrics import Metrics
from runtime.metrics.together import Together


def told(text):
    families = list(text_string_to_metric_families(text.decode()))
    assert len({one.name for one in families}) == len(families)  # each is described once
    return {(s.name, frozenset(s.labels.items())): s.value for one in families for s in one.samples}


def worker(folder, number, count):
    metrics = Metrics()
    beside = Beside.of(Beside(number, count, folder).told())
    return metrics, Together(metrics, beside)


async def test_whoever_is_asked_tells_all_numbers(tmp_path):
    (one, first), (two, second) = (worker(tmp_path, number, 3) for number in (1, 2))
    one.turns.labels("wechat", "").inc(3)
    two.turns.labels("wechat", "").inc(4)
    two.turns.labels("api", "model").inc()
    async with first.served(), second.served():
        found, other = told(await first.render()), told(await second.render())
    turns = {
        tuple(dict(labels)[name] for name in ("channel", "failure", "worker")): value
        for (name, labels), value in found.items()
        if name == "hongyan_turns_total"
    }
    assert turns == {("wechat", "", "1"): 3, ("wechat", "", "2"): 4, ("api", "model", "2"): 1}
    up = [found["hongyan_worker_up", frozenset({("worker", n)})] for n in "123"]
    assert up == [1, 1, 0]
    assert {key for key in found if "seconds" not in key[0]} == {
        key for key in other if "seconds" not in key[0]
    }


async def test_one_that_is_gone_is_missing_and_nothing_is_made_up(tmp_path):
    (_, first), (two, second) = (worker(tmp_path, number, 2) for number in (1, 2))
    two.turns.labels("wechat", "").inc(4)
    async with first.served():
        for _ in range(2):  # it ends, and is started again
            async with second.served():
                assert told(await first.render())["hongyan_worker_up", frozenset({("worker", "2")})] == 1
        found = told(await first.render())
    assert found["hongyan_worker_up", frozenset({("worker", "2")})] == 0
    assert not [key for key in found if key[0] == "hongyan_turns_total"]


async def test_no_name_of_a_model_takes_the_numbers_apart(tmp_path):
    (one, first), (_, second) = (worker(tmp_path, number, 2) for number in (1, 2))
    names = ["a # HELP hongyan_turns_total x", "b\n# HELP y", "c\r# TYPE z", "# EOF"]
    for name in names:
        one.model_tokens.labels(name, "prompt").inc()
    async with first.served(), second.served():
        found = told(await second.render())
    counted = {dict(labels)["model"] for name, labels in found if name == "hongyan_model_tokens_total"}
    assert counted == set(names)


async def test_who_is_alone_has_no_label(tmp_path):
    metrics = Metrics()
    alone = Together(metrics, Beside.of({}))
    async with alone.served():
        assert b"worker=" not in await alone.render()


def test_what_is_no_worker_s_word_makes_none():
    for said in ("", "1", "x/2", "1/y"):
        assert Beside.of({"HONGYAN_WORKER": said, "HONGYAN_WORKER_FOLDER": "/tmp"}) is None
    assert Beside.of({"HONGYAN_WORKER": "1/2"}) is None
