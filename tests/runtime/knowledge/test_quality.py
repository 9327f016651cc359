"""How well questions find their pages: by words, by vectors, by both, put in order by a model."""

import asyncio

import pytest

from quality_set import NOT, hits, passages, questions, share, vectors
from runtime.knowledge.index import vectors as kept
from runtime.knowledge.index.index import Index
from runtime.knowledge.search.found import Wanted
from runtime.knowledge.search.searching import Searching
from runtime.knowledge.search_child.__main__ import Service
from runtime.models.ranks import Ranked

TOP = 3


class InProcess:
    """The search's process, but here, and with vectors that are known beforehand."""

    def __init__(self, known):
        self.service = Service(lambda texts: [known[text] for text in texts])

    async def ask(self, question):
        answer = self.service.answer(question)
        assert "error" not in answer, answer
        return answer


class Knows:
    """A model that recognizes the right page when it is shown it."""

    def __init__(self):
        self.wanted = {one.text: one.wanted for one in questions()}

    async def rerank(self, model, query, texts, seconds):
        right = {heading for heading in self.wanted[query]}
        places = {
            i: 0.9 if any(heading in text.split("\n")[0] for heading in right) else 0.1
            for i, text in enumerate(texts)
        }
        return Ranked(sorted(places.items(), key=lambda pair: -pair[1]))


@pytest.fixture(scope="module")
def handbooks(tmp_path_factory):
    """A folder with one base that holds everything, and what is known of its texts."""
    folder, known = tmp_path_factory.mktemp("quality"), vectors()
    index = Index(folder / "all.sqlite")
    for document, many in passages().items():
        index.replace(document, "1", [], many)
    while lacking := kept.missing(index, 500):
        numbers = {id: (text, known[text].astype("float16").tobytes()) for id, text in lacking}
        kept.keep(index, kept.OFFLINE, numbers)
    index.close()
    return folder, known


async def asked_all(handbooks, wanted, models=None, some=None):
    folder, known = handbooks
    searching = Searching(folder, models, InProcess(known))
    texts = [one.text for one in questions()] if some is None else some
    return {text: await searching.search(text, ["all"], wanted) for text in texts}


def headings(results):
    return {
        text: [one.heading.split(" › ")[-1] for one in result.passages] for text, result in results.items()
    }


@pytest.fixture(scope="module")
def results(handbooks):
    ways = ("words", "vectors", "both")
    return {way: asyncio.run(asked_all(handbooks, Wanted(top=TOP, way=way))) for way in ways}


def test_the_set_is_as_large_and_varied_as_it_says():
    assert sum(map(len, passages().values())) >= 300
    assert len({one.text for one in questions()}) >= 200
    known = {passage.headings[-1] for many in passages().values() for passage in many}
    assert all(set(one.wanted) <= known for one in questions())
    assert all(bool(one.wanted) == (one.kind != NOT) for one in questions())


def test_words_find_most_and_both_ways_together_more_in_every_kind(results):
    found = {way: hits(headings(one), TOP) for way, one in results.items()}
    assert share(found["words"]) >= 0.80
    assert share(found["both"]) >= 0.88
    for kind, count in found["both"].items():
        assert count >= max(found["words"][kind], found["vectors"][kind]), kind
    assert found["both"].total() > max(found["words"].total(), found["vectors"].total())


def test_what_has_no_answer_here_is_told(results):
    told = {one.text: not results["both"][one.text].fits for one in questions()}
    without = [told[one.text] for one in questions() if one.kind == NOT]
    assert sum(without) >= 0.9 * len(without)
    # As the price of it some that have one are doubted, most of them such that were not found either.
    answerable = [told[one.text] for one in questions() if one.kind != NOT]
    assert sum(answerable) <= 0.17 * len(answerable)


async def test_a_model_that_puts_them_in_order_finds_nearly_all(handbooks, results):
    before = results["both"]
    found = headings(before)
    hard = [one.text for one in questions() if not one.wanted or not set(one.wanted) <= set(found[one.text])]
    after = await asked_all(handbooks, Wanted(top=TOP, rerank="a/model"), Knows(), hard)
    assert share(hits({**found, **headings(after)}, TOP)) >= 0.93
    assert not any(after[one.text].fits for one in questions() if one.kind == NOT)
