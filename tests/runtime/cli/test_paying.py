"""What models do while a base is indexed is in the day's sums, and ends at the day's budget."""

from contextlib import closing

import pytest

from runtime.cli.paying import Paying
from runtime.errors import ModelFailed
from runtime.knowledge.sources.pictures import Eyes
from runtime.models.adapters import AdapterForComparing
from runtime.models.budgets import Budget, Budgets
from runtime.models.keyring import Keyring
from runtime.models.providers import Endpoint
from runtime.models.ranks import Embedded
from runtime.models.routed_ranks import RoutedRanks
from runtime.store.messages.messages import Messages
from runtime.store.messages.spending import Spending
from script import Script, says


class Adapter(AdapterForComparing):
    def __init__(self):
        pass

    async def ask(self, *_):
        raise AssertionError

    async def embed(self, target, texts, seconds):
        return Embedded([b"\0\0"] * len(texts), 0.5)

    async def rerank(self, target, query, texts, seconds):
        raise AssertionError

    async def price(self, target, tokens):
        return None


class Owned:
    def find(self, name):
        return Endpoint(name="mine", provider="openai_compatible", api_base="http://127.0.0.1:9/v1")

    def default_model(self):
        return ""


class Models(Script):
    """As runtime.models.routed.RoutedModels."""

    def __init__(self, kept, *answers):
        super().__init__(list(answers))
        self.budgets = Budgets(lambda: kept, lambda: 1e9)
        self.ranks = RoutedRanks(Owned(), {}, Adapter(), Keyring(float), check=self.budgets.check)


async def test_what_is_indexed_is_paid_for_as_what_is_asked_and_stops_at_the_budget(tmp_path):
    kept = [Budget(id="mine", tokens=40)]
    with closing(Messages(tmp_path / "messages.db")) as messages:
        spending = Spending(messages.database)
        for start in range(2):  # the second is another process, or the same a while later
            paying = Paying(Models(kept, says("表格")), spending, lambda: 1e9)
            await paying.load()
            if not start:
                await paying.embed("mine/vectors", ["茶" * 30, "tea"], 9)
                assert (await Eyes(paying).see("mine/eyes", b"jpeg")).text == "表格"
            with pytest.raises(ModelFailed) as caught:
                await paying.embed("mine/vectors", ["x"], 9) if start else [
                    await paying.embed("mine/vectors", ["茶" * 20], 9) for _ in range(2)
                ]
            assert caught.value.code == "budget"
        rows = await spending.since("2000-01-01", ("model",))
    assert {(name, tokens, unpriced) for _, name, _, tokens, _, unpriced, _ in rows} == {
        ("mine/vectors", 51, 51),  # what a server of one's own costs nobody knows
        ("script/one", 15, 15),
    }
