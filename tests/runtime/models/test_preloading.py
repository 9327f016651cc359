"""A model that its server loads only when asked is loaded before the first question."""

from types import SimpleNamespace

import pytest

from runtime.agents.agent import Agent
from runtime.models.preloading import MOST, preload
from runtime.models.providers import Endpoint
from runtime.publish import pause, publish
from runtime.publish.answering import answering_models
from runtime.simulator.http import Response, Server
from runtime.store.control.control import Control


async def loaded(names, status=200):
    asked = []

    def respond(request):
        asked.append((request.method, request.path, request.body))
        return Response(b'{"done": true, "done_reason": "load"}', status, kind="application/json")

    async with Server(respond) as server:
        there = [
            Endpoint(name="own", provider="ollama", api_base=server.url),
            Endpoint(name="other", provider="vllm", api_base=f"{server.url}/v1"),
        ]
        endpoints = SimpleNamespace(endpoints=lambda: there)
        return await preload(names, endpoints, {}), asked


async def test_those_that_a_server_loads_are_asked_for_without_a_question():
    found, asked = await loaded(["own/qwen3:8b", "own/qwen3:8b", "other/big", "deepseek/chat", "own/"])
    assert found == ["own/qwen3:8b"]
    assert asked == [("POST", "/api/generate", b'{"model": "qwen3:8b"}')]


async def test_a_few_alone():
    found, _ = await loaded([f"own/m{number}" for number in range(9)])
    assert len(found) == MOST


@pytest.mark.parametrize("status", [404, 500])
async def test_one_that_is_not_there_is_left_to_the_first_question(status):
    assert (await loaded(["own/none"], status))[0] == []


def test_the_models_of_what_answers_now(tmp_path):
    control = Control.in_folder(tmp_path / "data")
    control.save_endpoint(Endpoint(name="own", provider="ollama", models=["qwen3:8b"]))

    def published(id, model):
        agent = {"format": 1, "id": id, "name": id, "flow": [{"type": "model", "id": "a", "model": model}]}
        return publish(control, Agent.load(agent), "api", {}).publication

    published("shop", "own/qwen3:8b")
    paused = published("desk", "own/llama3.1:8b")
    assert answering_models(control) == ["own/llama3.1:8b", "own/qwen3:8b"]
    pause(control, paused)
    assert answering_models(control) == ["own/qwen3:8b"]
