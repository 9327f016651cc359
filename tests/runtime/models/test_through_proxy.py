"""Models are asked through the proxy that is set, by each way of asking."""

from models_world import HELLO, WAYS, SetUp, endpoint

from fake_llm import FakeLLM, Say
from runtime.models.completion import Request
from runtime.models.routed import RoutedModels

FAR = "http://models.example.com/v1"


@WAYS
async def test_both_ways_of_asking_go_through_it(litellm, provider):
    environment = {"HONGYAN_PROXY": f"http://127.0.0.1:{litellm.proxy.getsockname()[1]}"}
    shared = {"via_litellm": litellm}
    async with FakeLLM(Say("好"), at=litellm.proxy.dup()) as proxy:
        models = RoutedModels(SetUp(endpoint("far", FAR, provider)), environment, shared=shared)
        assert (await models.complete(Request("far/m", HELLO, seconds=30))).text == "好"
        await models.close()
    assert [call.path for call in proxy.calls] == [f"{FAR}/chat/completions"]
