"""What the templates of a turn see, and what becomes of them."""

import functools
from collections.abc import Collection, Mapping
from typing import Any, Protocol

from runtime.templating.prompts import Prompt, Prompts
from runtime.turn.settings import Composed


class Renders(Protocol):
    @property
    def prompts(self) -> Prompts: ...


class Seeing:
    """The part of a turn that has to do with templates; what it needs is the turn's own."""

    agent: Composed
    services: Renders
    values: dict[str, Any]
    blocks: Collection[str]

    def render(self, template: str, more: Mapping[str, Any] | None = None) -> str:
        """Raises BadTemplate."""
        return self.services.prompts.render(template, {**self.seen, **(more or {})})

    def data(self, template: str) -> Any:
        """What a single `{{ order.lines }}` is, as plain data; else the text. Raises BadTemplate."""
        return self.services.prompts.data(template, self.seen)

    def fill(self, prompt: Prompt) -> str:
        """The prompt's text, from its template if it has one. Raises BadTemplate, NotFound."""
        return self.prompts.fill(prompt, self.seen, self.agent.language)

    @property
    def prompts(self) -> Prompts:
        """Those that the agent was published with, and the others."""
        return self.services.prompts.beside(self.agent.prompts)

    def holds(self, expression: str) -> bool:
        """Whether a condition is true. Raises BadTemplate."""
        return self.services.prompts.evaluate(expression, self.seen)

    @property
    def seen(self) -> dict[str, Any]:
        """The values, and none for every block that did not run."""
        return {**self._absent, **self.values}

    @functools.cached_property
    def _absent(self) -> dict[str, None]:
        return dict.fromkeys(self.blocks)
