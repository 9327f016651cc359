"""What models were asked, did and took, counted by model."""

import math
from collections.abc import Iterable

from runtime.metrics.metrics import Metrics
from runtime.models.budgets import Cut
from runtime.turn.events import ModelUsed, Paid, Sensed


class Asked:
    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def paid(self, took: Iterable[Paid | Cut]) -> None:
        """What was taken for one message, or tried out by whoever builds an agent."""
        for one in took:
            if isinstance(one, ModelUsed):
                self._answered(one)
            elif not isinstance(one, Cut) and not (isinstance(one, Sensed) and one.kept):
                is_failed = isinstance(one, Sensed) and one.failed
                self._tried(one.model, "failed" if is_failed else "answered")
            self._took(one)

    def unanswered(self, models: Iterable[str]) -> None:
        """None of them answered."""
        for model in models:
            self._tried(model, "failed")

    def _answered(self, used: ModelUsed) -> None:
        if used.cached:
            return self._tried(used.model, "cached")
        self.unanswered(used.failed)
        self._tried(used.model, "stood_in" if used.failed else "answered")
        self._metrics.model_seconds.labels(self._metrics.model(used.model)).observe(used.ms / 1000)

    def _tried(self, model: str, outcome: str) -> None:
        self._metrics.model_tries.labels(self._metrics.model(model), outcome).inc()

    def _took(self, one: Paid | Cut) -> None:
        if isinstance(one, ModelUsed) and one.cached:
            return
        model, tokens = self._metrics.model(one.model), one.prompt_tokens + one.completion_tokens
        if tokens:
            self._metrics.model_tokens.labels(model, "prompt").inc(max(0, one.prompt_tokens))
            self._metrics.model_tokens.labels(model, "completion").inc(max(0, one.completion_tokens))
        if one.cost is None and tokens > 0:
            self._metrics.model_unpriced.labels(model).inc(tokens)
        elif one.cost is not None and math.isfinite(one.cost) and one.cost > 0:
            self._metrics.model_cost.labels(model).inc(one.cost)
