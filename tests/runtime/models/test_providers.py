import ast
import json
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr, ValidationError

from runtime.models.providers import PROVIDERS, Endpoint
from runtime.schema import first_problem

EVERY = PROVIDERS.values()


@pytest.mark.parametrize("provider", EVERY, ids=lambda provider: provider.id)
def test_a_preset_says_what_a_person_needs(provider):
    assert provider.title.zh
    assert provider.title.en
    assert bool(provider.models) != provider.needs_base
    if provider.needs_key:
        assert provider.key_env.endswith("_API_KEY")
        assert urlsplit(provider.key_url).scheme == "https"


def known_to_litellm():
    """Its list of providers, read: importing it takes seconds, and all of its objects would stay here."""
    types = Path(find_spec("litellm").origin).parent / "types" / "utils.py"
    classes = (node for node in ast.parse(types.read_text("utf-8")).body if isinstance(node, ast.ClassDef))
    [listed] = (node for node in classes if node.name == "LlmProviders")
    return {node.value.value for node in listed.body if isinstance(node, ast.Assign)}


def test_litellm_knows_each_prefix():
    known = known_to_litellm()
    assert len(known) > 100
    assert {provider.prefix for provider in EVERY} - {""} - known == set()


def test_no_model_is_offered_that_its_provider_takes_away():
    """The first is what somebody has who chooses none. litellm's list says when they go."""
    prices = Path(find_spec("litellm").origin).parent / "model_prices_and_context_window_backup.json"
    known = json.loads(prices.read_text("utf-8"))
    offered = [f"{provider.prefix}/{model}" for provider in EVERY for model in provider.models]
    ends = {name: known[name].get("deprecation_date") for name in offered if name in known}
    assert len(ends) > 15
    assert not any(ends.values()), ends


CHINA = {
    "qwen": "dashscope.aliyuncs.com",
    "doubao": "ark.cn-beijing.volces.com",
    "glm": "open.bigmodel.cn",
    "moonshot": "api.moonshot.cn",
    "minimax": "api.minimaxi.com",
    "hunyuan": "api.hunyuan.cloud.tencent.com",
    "siliconflow": "api.siliconflow.cn",
}


@pytest.mark.parametrize(("name", "host"), CHINA.items(), ids=CHINA)
def test_chinese_providers_are_asked_on_the_mainland(name, host):
    base = urlsplit(PROVIDERS[name].api_base)
    assert (base.scheme, base.netloc) == ("https", host)


def test_an_endpoint_does_not_show_its_key():
    endpoint = Endpoint(name="mine", provider="deepseek", api_key=SecretStr("sk-secret"))
    assert "sk-secret" not in repr(endpoint) + endpoint.model_dump_json()


def test_an_endpoint_of_an_unknown_provider_is_refused_with_the_known_ones():
    with pytest.raises(ValidationError) as caught:
        Endpoint(name="mine", provider="deepsek")
    problem = first_problem(caught.value)
    assert problem.field == "provider"
    assert "deepsek" in problem.text.zh
    assert "deepseek" in problem.text.en
