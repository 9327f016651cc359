"""Texts as numbers, for a program that holds an agent's key: by the model that its bases compare with.

It is no message to the agent; what it takes counts all the same, for the agent, its key, whose that is and
all together.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

from runtime.agents.agent import Agent
from runtime.agents.bases import used
from runtime.caps import ALL, Cap
from runtime.errors import ModelFailed, NotFound, TurnFailed
from runtime.gateway.spendings import EVERYBODY, INSTALLATION, Spendings, spent_by
from runtime.lang import Text
from runtime.models.budgets import Budgets, Cut, day_of
from runtime.models.context_window import tokens
from runtime.models.ranks import Ranks
from runtime.off_loop import off_loop
from runtime.safety.masking.standing import in_words
from runtime.store.messages.spending import Spending

SECONDS = 60.0
OWN, NONE = "offline", "none"
"""The model that comes along, and no model: see knowledge.sources.base."""
NO_MODEL = Text(
    "「{agent}」没有按意思查的资料库，所以没有向量模型。请给它一个资料库。",
    "{agent!r} has no base that is searched by meaning, and so no embedding model. Give it a base.",
)
RESTING = Text("向量模型这会儿用不了，请稍后再试。", "The embedding model is not there just now; try again.")


@dataclass(frozen=True)
class Numbers:
    """`vectors`: of each text float16 numbers, of length 1 together."""

    model: str
    vectors: Sequence[bytes]
    tokens: int


class Embedding:
    def __init__(
        self,
        ranks: Ranks,
        meanings: Callable[[Sequence[str]], Awaitable[Sequence[bytes]]],
        embedding_of: Callable[[str], str],
        spendings: Spendings,
        store: Spending,
        budgets: Budgets,
        clock: Callable[[], float],
    ) -> None:
        """`meanings`: what comes along; `embedding_of`: the model of a base, NONE where there is none; it may
        block. `clock`: seconds since 1970."""
        self._ranks, self._meanings, self._embedding_of = ranks, meanings, embedding_of
        self._spendings, self._store, self._budgets, self._clock = spendings, store, budgets, clock

    async def of(self, agent: Agent, key: str, texts: Sequence[str]) -> Numbers:
        """`key`: by whose name it counts. Raises NotFound, ModelFailed, TurnFailed, StoreFailed."""
        bases = dict.fromkeys(base for _, base in used(agent))
        names = {await asyncio.to_thread(self._embedding_of, base) for base in bases}
        model = self._model(agent, names - {NONE})
        await self._spendings.fresh()
        self._check(agent)
        cost: float | None = 0.0
        if model == OWN:
            vectors = await self._meanings(texts)
        else:
            made = await self._ranks.embed(model, await off_loop(_without, agent, texts), SECONDS)
            vectors, cost = made.vectors, made.cost
        if len(vectors) != len(texts):
            raise TurnFailed(RESTING, code="busy")
        count = sum(map(tokens, texts))
        await self._count(agent, key, [Cut(model, count if model != OWN else 0, 0, cost)])
        return Numbers(model, vectors, count)

    def _model(self, agent: Agent, found: Collection[str]) -> str:
        """A provider's where there is one. Raises NotFound."""
        if not found:
            raise NotFound(NO_MODEL.fill(agent=agent.id), field="model", code="model_not_found")
        return min(found, key=lambda name: (name == OWN, name))

    def _check(self, agent: Agent) -> None:
        """Raises ModelFailed where the agent, or all together, may take no more today."""
        limits, now = agent.limits, self._clock()
        of_agent = Cap(limits.all_messages_per_day, limits.all_tokens_per_day, limits.all_money_per_day)
        if of_agent.used_up(self._budgets.spent("agent", agent.id, day_of(now, agent.timezone))):
            raise ModelFailed(EVERYBODY, code="budget")
        if self._budgets.cap_of_all().used_up(self._budgets.spent("all", ALL, self._spendings.today())):
            raise ModelFailed(INSTALLATION, code="budget")

    async def _count(self, agent: Agent, key: str, paid: Sequence[Cut]) -> None:
        user = self._spendings.user_of_key(key)
        zone = self._budgets.zone()
        rows = spent_by(agent, paid, self._clock(), zone, {"key": key, "user": user}, messages=1)
        await self._store.add(rows)
        self._budgets.add(rows)
        self._spendings.paid(paid)


def _without(agent: Agent, texts: Sequence[str]) -> Sequence[str]:
    """What the agent, or one within it, keeps from models is kept from this one, too."""
    kinds = {kind for one in (agent, *agent.others.values()) for kind in one.safety.masking.kinds}
    return [in_words(text, kinds, agent.language) for text in texts] if kinds else texts
