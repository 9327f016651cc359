"""OpenAI's embeddings: texts as numbers, by the model that the agent's knowledge bases compare with.

https://platform.openai.com/docs/api-reference/embeddings . The model is the agent's id.
"""

import base64
import functools
import struct
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.access.key_caps import key_name
from runtime.agents.agent import Agent
from runtime.errors import HongyanError, Invalid
from runtime.gateway.embedding import Embedding
from runtime.lang import Text
from runtime.schema import first_problem
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.key_check import KeyCheck
from runtime.server.api.openai_errors import error_response
from runtime.server.api.openai_request import check_fields
from runtime.server.api.openai_tools import Typed
from runtime.server.api.streams import Streams, language, read_json
from runtime.server.door.ways import Way
from runtime.store.control.control import Control

MOST_TEXTS = 256
LONGEST = 20_000
"""Characters of one text…"""
MOST = 200_000
"""…and of all together."""
TEXTS = Text(
    "应为 1 到 {most} 段文字（不是 token 编号），每段最多 {longest} 个字符、不能为空，一共最多 {all} 个。",
    "This should be 1 to {most} texts (no token numbers), none empty, of {longest} characters each and {all} "
    "together.",
).fill(most=MOST_TEXTS, longest=LONGEST, all=MOST)
OTHER_SIZE = Text(
    "这个模型的向量是 {size} 维，不能改，请去掉 dimensions。",
    "This model's vectors have {size} dimensions; leave dimensions out.",
)


class EmbeddingRequest(Typed):
    model: str
    input: str | list[str]
    encoding_format: Literal["float", "base64"] | None = None
    dimensions: int | None = Field(None, ge=1, le=100_000)
    user: Any = None

    def texts(self) -> Sequence[str]:
        """Raises Invalid."""
        found = [self.input] if isinstance(self.input, str) else self.input
        lengths = [len(one) if one.strip() else 0 for one in found]
        is_few = 0 < len(found) <= MOST_TEXTS and sum(lengths) <= MOST
        if not is_few or not all(0 < one <= LONGEST for one in lengths):
            raise Invalid(TEXTS, field="input", code="invalid")
        return found


class EmbeddingsApi:
    def __init__(
        self, gateway: Streams, keys: KeyCheck, control: Control, browsers: Browsers, embedding: Embedding
    ) -> None:
        self._gateway, self._keys, self._control = gateway, keys, control
        self._browsers, self._embedding = browsers, embedding

    def routes(self) -> list[Way]:
        return [self._browsers.route("/v1/embeddings", self.embed, ["POST"])]

    async def embed(self, request: Request) -> Response:
        try:
            caller = await self._keys.admit(request, self._gateway)
            asked = parse(await read_json(request, functools.partial(self._keys.weigh, caller.key)))
            texts, key = asked.texts(), caller.on(asked.model, "model")
            publication = self._keys.publication(key)
            agent = Agent.load(self._control.frozen_agent(publication.id, publication.version))
            made = await self._embedding.of(agent, key_name(key), texts)
            size = len(made.vectors[0]) // 2
            if asked.dimensions not in (None, size):
                raise Invalid(OTHER_SIZE.fill(size=size), field="dimensions", code="unsupported_value")
        except HongyanError as e:
            return error_response(e, language(request))
        shown = _packed if asked.encoding_format == "base64" else _numbers
        data = [
            {"object": "embedding", "index": place, "embedding": shown(one)}
            for place, one in enumerate(made.vectors)
        ]
        usage = {"prompt_tokens": made.tokens, "total_tokens": made.tokens}
        return JSONResponse({"object": "list", "data": data, "model": made.model, "usage": usage})


def parse(data: Mapping[str, Any]) -> EmbeddingRequest:
    """Raises Invalid with the first thing that is wrong."""
    check_fields(data, EmbeddingRequest.model_fields, (), {})
    try:
        return EmbeddingRequest.model_validate(data)
    except ValidationError as e:
        if isinstance(data.get("input"), list):
            raise Invalid(TEXTS, field="input", code="invalid") from None
        problem = first_problem(e)
        raise Invalid(problem.sentence(), field=problem.field.partition(".")[0], code="invalid") from None


def _numbers(vector: bytes) -> list[float]:
    return list(struct.unpack(f"<{len(vector) // 2}e", vector))


def _packed(vector: bytes) -> str:
    """As OpenAI packs them: 32 bits a number, the smallest first."""
    numbers = _numbers(vector)
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()
