"""An agent published to the API, asked through the web application by a foreign client: all of it is real
but the model, which says what a test wrote."""

from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from starlette.applications import Starlette
from world import Account, Book, Record, world

from runtime.agents.agent import Agent
from runtime.channels.api import HttpApi
from runtime.publish import issue_key
from runtime.server.api.ag_ui_api import AgUiApi
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.key_check import KeyCheck
from runtime.server.api.openai_api import OpenAiApi
from runtime.server.api.responses_api import ResponsesApi
from runtime.store.control.control import Control
from runtime.store.vanishing.memory import InMemory

ANSWERS = {"id": "shop", "name": "店", "flow": [{"type": "model", "id": "answer", "prompt": {"text": "答"}}]}


@dataclass
class Open:
    http: httpx.AsyncClient
    models: object
    gateway: object
    key: str
    control: Control
    agent: Agent

    def other_key(self):
        """Asks with another key of the same agent from now on."""
        self.key = issue_key(self.control, self.agent)
        self.http.headers["authorization"] = f"Bearer {self.key}"

    @property
    def asked(self):
        """The messages of each request to the model."""
        return [[dict(one) for one in request.messages] for request in self.models.requests]


@asynccontextmanager
async def opened(folder, *answers, agent=ANSWERS, **more):
    control = Control.in_folder(folder / "control")
    loaded = Agent.load({"format": 1, **agent})
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
    async with world(folder / "messages", *answers, **kind, **more) as w:
        own = (w.gateway, KeyCheck(control, InMemory()), control, Browsers(["https://shop.example"]))
        answers = w.gateway.messages.one_answers
        routes = [
            *ResponsesApi(*own, answers).routes(),
            *OpenAiApi(*own).routes(),
            *AgUiApi(*own).routes(),
        ]
        transport = httpx.ASGITransport(Starlette(routes=routes), client=("127.0.0.1", 5000))
        headers = {"authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost", headers=headers
        ) as http:
            yield Open(http, w.models, w.gateway, key, control, loaded)
