"""How well questions find their pages: by words, by vectors, by both, put in order by a model."""

import asyncio

import pytest

from quality_set import (
    NOT,
    asked,
    hits,
    manual,
    manual_vectors,
    passages,
    questions,
    reciprocal_ranks,
    share,
    vectors,
)
from runtime.knowledge.cutting import cut
from runtime.knowledge.index import vectors as kept
from runtime.knowledge.index.index import Index
from runtime.knowledge.search.found import Wanted
from runtime.knowledge.search.searching import Searching
from runtime.knowledge.search_child.__main__ import Service
from runtime.models.ranks import Ranked

TOP, LOOKED_AT = 3, 10
WAYS = ("words", "vectors", "both")


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
    return based(tmp_path_factory.mktemp("quality"), passages(), vectors())


@pytest.fixture(scope="module")
def pasted(tmp_path_factory):
    text, pages = manual()
    assert pages >= 150
    return based(tmp_path_factory.mktemp("manual"), {"manual": cut(text)}, manual_vectors())


def based(folder, documents, known):
    index = Index(folder / "all.sqlite")
    for document, many in documents.items():
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
    return {way: asyncio.run(asked_all(handbooks, Wanted(top=LOOKED_AT, way=way))) for way in WAYS}


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


def test_the_right_page_stands_higher_by_both_ways_in_every_kind_that_one_does_not_find_whole(results):
    ranks = {way: reciprocal_ranks(headings(one)) for way, one in results.items()}
    for kind, rank in ranks["both"].items():
        best = max(ranks["words"][kind], ranks["vectors"][kind])
        assert rank > best or best == rank == 1, kind


async def test_both_ways_lose_little_that_words_find_in_a_pasted_manual_of_passages_nearly_alike(
    pasted,
):
    """Half of its passages say the same as others, which is what vectors alone are lost in."""
    answerable = [(text, answer) for text, answer in asked() if answer]
    first, three = {}, {}
    for way in WAYS:
        found = await asked_all(pasted, Wanted(top=TOP, way=way), some=[text for text, _ in answerable])
        said = {text: ["".join(one.text.split()) for one in its.passages] for text, its in found.items()}
        places = [
            next((place for place, one in enumerate(said[text]) if answer in one), TOP)
            for text, answer in answerable
        ]
        first[way], three[way] = places.count(0) / len(places), 1 - places.count(TOP) / len(places)
    assert len(answerable) >= 60
    assert first["both"] >= 0.37
    assert three["both"] >= 0.57
    assert three["both"] >= three["words"] - 1 / len(places) > three["vectors"]


def test_what_has_no_answer_here_is_told(results):
    told = {one.text: not results["both"][one.text].fits for one in questions()}
    without = [told[one.text] for one in questions() if one.kind == NOT]
    assert sum(without) >= 0.9 * len(without)
    # As the price of it some that have one are doubted, most of them such that were not found either.
    answerable = [told[one.text] for one in questions() if one.kind != NOT]
    assert sum(answerable) <= 0.14 * len(answerable)


async def test_a_model_that_puts_them_in_order_finds_nearly_all(handbooks, results):
    before = results["both"]
    found = {text: many[:TOP] for text, many in headings(before).items()}
    hard = [one.text for one in questions() if not one.wanted or not set(one.wanted) <= set(found[one.text])]
    after = await asked_all(handbooks, Wanted(top=TOP, rerank="a/model"), Knows(), hard)
    assert share(hits({**found, **headings(after)}, TOP)) >= 0.93
    assert not any(after[one.text].fits for one in questions() if one.kind == NOT)
