"""The demo model as an adapter."""

from collections.abc import Mapping

from runtime.models.adapters import Adapter
from runtime.models.completion import Answer, Request
from runtime.models.context_window import tokens
from runtime.models.demo import answers
from runtime.models.reading.said import Said
from runtime.models.reading.unfinished import Unfinished
from runtime.models.reading.used import Used
from runtime.models.targets import Target


class Demo(Adapter):
    """Without a network."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Nothing is needed."""

    async def ask(self, target: Target, request: Request, unfinished: Unfinished, seconds: float) -> Answer:
        said = answers.answer(request.messages, request.tools)
        for piece in said.pieces() if unfinished.streams else [said.whole()]:
            unfinished.add(piece, target.name)
        prompt = sum(tokens(str(message["content"])) for message in request.messages)
        unfinished.add(Said(used=Used(prompt, tokens(said.text))), target.name)
        return unfinished.answer(target.name, cost=0.0)


ADAPTER = Demo
