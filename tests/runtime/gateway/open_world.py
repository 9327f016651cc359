"""An agent published to the API, asked through the web application by a foreign client: all of it is real
but the model, which says what a test wrote."""

import asyncio
import struct
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette
from world import Account, Book, Record, world

from runtime.agents.agent import Agent
from runtime.channels.api import HttpApi
from runtime.gateway.embedding import Embedding
from runtime.knowledge.sources.bases import Bases
from runtime.models.ranks import Embedded
from runtime.publish import issue_key
from runtime.server.api.a2a_api import A2aApi
from runtime.server.api.ag_ui_api import AgUiApi
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.embeddings_api import EmbeddingsApi
from runtime.server.api.key_check import KeyCheck
from runtime.server.api.openai_api import OpenAiApi
from runtime.server.api.responses_api import ResponsesApi
from runtime.store.control.control import Control
from runtime.store.messages.spending import Spending
from runtime.store.vanishing.memory import InMemory
from script import services

ANSWERS = {"id": "shop", "name": "店", "flow": [{"type": "model", "id": "answer", "prompt": {"text": "答"}}]}


@dataclass
class Open:
    http: httpx.AsyncClient
    models: object
    gateway: object
    key: str
    control: Control
    agent: Agent
    until: object = field(repr=False)
    """Waits for what happens in the background."""

    def other_key(self):
        """Asks with another key of the same agent from now on."""
        self.key = issue_key(self.control, self.agent)
        self.http.headers["authorization"] = f"Bearer {self.key}"

    @property
    def asked(self):
        """The messages of each request to the model."""
        return [[dict(one) for one in request.messages] for request in self.models.requests]


@dataclass
class Comparing:
    """A model of a provider's that makes numbers of texts, and the one that comes along."""

    bases: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)

    async def embed(self, model, texts, seconds):
        self.asked.append((model, list(texts)))
        return Embedded([struct.pack("<3e", 0.5, -0.25, n) for n, _ in enumerate(texts)], 0.5)

    async def meanings(self, texts):
        self.asked.append(("offline", list(texts)))
        return [struct.pack("<2e", 1.0, 0.0) for _ in texts]


@asynccontextmanager
async def opened(folder, *answers, agent=ANSWERS, comparing=None, public_card=False, **more):
    control = Control.in_folder(folder / "control")
    loaded = Agent.load({"format": 1, **agent})
    for base in comparing.bases if comparing else ():
        Bases(control.home).create(base)
    key = issue_key(control, loaded)
    (publication,) = control.publications()

    class OfControl(Book):
        def __init__(self, agent):
            super().__init__(agent)
            self.record = Record(id=publication.id, version=publication.version)
            self.agents = {publication.version: loaded.to_json()}

        def publication(self, id):
            return self.record if id == publication.id else None

    account = Account(can_push=False)
    kind = {"kind": HttpApi, "book": OfControl, "account": account, "agent": agent}
    around = []

    def served(models):
        around.append(services(models))
        return around[0]

    comparing = comparing or Comparing()
    async with world(folder / "messages", *answers, **kind, **more, around=served) as w:
        own = (w.gateway, KeyCheck(control, InMemory()), control, Browsers(["https://shop.example"]))
        answers = w.gateway.messages.one_answers
        spending, store = w.gateway.spending, Spending(w.gateway.messages.database)
        compares = (comparing, comparing.meanings, lambda base: comparing.bases.get(base, "none"))
        made = (*compares, spending, store, around[0].budgets, asyncio.get_running_loop().wall)
        shown = (lambda _: public_card, lambda: "https://agents.example")
        routes = [
            *EmbeddingsApi(*own, Embedding(*made)).routes(),
            *ResponsesApi(*own, answers).routes(),
            *OpenAiApi(*own).routes(),
            *AgUiApi(*own).routes(),
            *A2aApi(*own, answers, w.gateway.acts.stop, *shown).routes(),
        ]
        transport = httpx.ASGITransport(Starlette(routes=routes), client=("127.0.0.1", 5000))
        headers = {"authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost", headers=headers
        ) as http:
            yield Open(http, w.models, w.gateway, key, control, loaded, w.until)
