from dataclasses import dataclass

import pytest
from pydantic import SecretStr

from runtime.errors import BadSettings, ModelFailed
from runtime.lang import Text
from runtime.models.breaker import COOLDOWN, THRESHOLD, Breaker
from runtime.models.providers import Endpoint
from runtime.models.targets import DEMO, resolve, target_of

ENVIRONMENT = {"MOONSHOT_API_KEY": "from-environment", "DEEPSEEK_API_KEY": "from-environment"}


ENDPOINTS = {
    endpoint.name: endpoint
    for endpoint in (
        Endpoint(name="mine", provider="glm", api_key=SecretStr("k1"), default_model="glm-5.3"),
        Endpoint(name="moonshot", provider="moonshot", api_key=SecretStr("k2")),
        Endpoint(name="keyless", provider="deepseek"),
        Endpoint(name="mirror", provider="deepseek", api_base="https://mirror.example/v1"),
        Endpoint(name="lan", provider="openai_compatible", api_base="http://10.0.0.5:8000/v1"),
        Endpoint(name="nowhere", provider="openai_compatible"),
    )
}


class SetUp:
    """What the owner set up; no default model."""

    def find(self, name):
        return ENDPOINTS.get(name)

    def default_model(self):
        return ""


@dataclass(frozen=True)
class Case:
    id: str
    name: str
    model: str
    base: str = ""
    key: str = ""


FOUND = [
    Case("an endpoint", "mine/glm-4.6", "zai/glm-4.6", "https://open.bigmodel.cn/api/paas/v4", "k1"),
    Case("its default model", "mine", "zai/glm-5.3", "https://open.bigmodel.cn/api/paas/v4", "k1"),
    Case(
        "an endpoint before the preset",
        "moonshot/kimi-k3",
        "moonshot/kimi-k3",
        "https://api.moonshot.cn/v1",
        "k2",
    ),
    Case(
        "a preset with a key outside",
        "deepseek/deepseek-chat",
        "deepseek/deepseek-chat",
        "",
        "from-environment",
    ),
    Case(
        "an endpoint with a key outside",
        "keyless/deepseek-chat",
        "deepseek/deepseek-chat",
        "",
        "from-environment",
    ),
    Case("a server of one's own", "lan/a/b", "a/b", "http://10.0.0.5:8000/v1"),
    Case("a local preset", "ollama/qwen3:8b", "ollama_chat/qwen3:8b", "http://127.0.0.1:11434"),
    Case("what litellm knows", "mistral/small", "mistral/small"),
    Case("the demo model", DEMO, DEMO),
    Case("default, nothing chosen", "default", DEMO),
]


@pytest.mark.parametrize("case", FOUND, ids=lambda case: case.id)
def test_a_name_means_a_server(case):
    target = resolve(case.name, SetUp(), ENVIRONMENT)
    assert (target.model, target.api_base, target.api_key) == (case.model, case.base, case.key)


MISSING = [
    Case("no provider at all", "gpt-5", "unknown_model"),
    Case("nobody's server", "openai_compatible/x", "unknown_model"),
    Case("an address for a model", "huggingface/https://evil.example/", "unknown_model"),
    Case("no key", "glm/glm-5.3", "no_key"),
    Case("a key outside is not for a typed address", "mirror/deepseek-chat", "no_key"),
    Case("no address", "nowhere/x", "no_base"),
    Case("no model", "lan", "no_model"),
]


@pytest.mark.parametrize("case", MISSING, ids=lambda case: case.id)
def test_what_is_missing_is_said(case):
    with pytest.raises(ModelFailed) as caught:
        resolve(case.name, SetUp(), ENVIRONMENT)
    assert caught.value.code == case.model
    assert "「模型」页" in caught.value.text.zh
    assert "Models page" in caught.value.text.en


def test_a_key_that_cannot_be_opened_is_a_failure_of_this_model_so_that_a_fallback_is_asked():
    class Sealed(SetUp):
        def find(self, name):
            raise BadSettings(Text("打不开", "cannot be opened"))

    with pytest.raises(ModelFailed, match="打不开"):
        resolve("mine/x", Sealed(), {})


def test_a_missing_key_is_named_with_the_place_to_get_it():
    with pytest.raises(ModelFailed) as caught:
        target_of(Endpoint(name="ds", provider="deepseek"), "deepseek-chat", {})
    assert "DEEPSEEK_API_KEY" in caught.value.text.zh
    assert "platform.deepseek.com" in caught.value.text.zh


def test_a_target_does_not_show_its_key():
    assert "k1" not in repr(resolve("mine", SetUp(), {}))


def test_a_model_that_keeps_failing_is_asked_last_until_it_cooled_down():
    breaker = Breaker()
    for _ in range(THRESHOLD):
        assert breaker.order(["a", "b"], now=0) == ["a", "b"]
        breaker.failed("a", now=0)
    assert breaker.order(["a", "b", "a"], now=COOLDOWN - 1) == ["b", "a"]
    assert breaker.order(["a", "b"], now=COOLDOWN) == ["a", "b"]


def test_one_failure_after_cooling_down_is_enough_and_one_success_forgives_all():
    breaker = Breaker()
    for _ in range(THRESHOLD):
        breaker.failed("a", now=0)
    breaker.failed("a", now=COOLDOWN)
    assert breaker.cooling("a", now=COOLDOWN + 1)
    breaker.succeeded("a")
    breaker.failed("a", now=COOLDOWN + 2)
    assert not breaker.cooling("a", now=COOLDOWN + 2)
