"""The demo model, as an adapter."""

from runtime import demo_model
from runtime.completion import Answer, Request
from runtime.draft import Draft, Usage
from runtime.routing import Target


class Demo:
    """Implements Adapter, without a network."""

    async def ask(self, target: Target, request: Request, draft: Draft, seconds: float) -> Answer:
        said = demo_model.answer(request.messages, request.tools)
        for piece in said.pieces() if draft.streams else [said.whole()]:
            draft.add(piece, target.name)
        usage = Usage(
            prompt_tokens=sum(demo_model.tokens(str(message["content"])) for message in request.messages),
            completion_tokens=demo_model.tokens(said.text),
        )
        return draft.answer(target.name, said.finish, usage, cost=0.0)

    async def warm(self) -> None: ...

    async def close(self) -> None: ...
