"""Setting up a model, and stopping one that does not come to an end."""

import asyncio
import socket
import threading
from types import SimpleNamespace

import pytest
from forgetting import forget
from playwright.sync_api import expect

from fake_llm import FakeLLM, Say

KEY = "sk-canary-0123456789"


class Server:
    """A model server that runs beside the browser; `say` is its next and every later answer."""

    def __init__(self):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.llm = FakeLLM()
        self._do(self.llm.__aenter__())
        self.url = self.llm.url

    def say(self, answer):
        self.llm.script.clear()
        self.llm.script.append(answer)

    def close(self):
        self._do(self.llm.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


@pytest.fixture
def server():
    running = Server()
    yield running
    running.close()


@pytest.fixture
def no_models(home, agents):
    """Nothing set up before, and nothing left for the tests after."""

    def clear():
        forget(home, "endpoints", "options")

    clear()
    yield
    clear()


def add(page, server):
    page.goto("/models")
    page.get_by_test_id("add-model").click()
    page.get_by_test_id("provider-openai_compatible").click()
    page.get_by_test_id("model-key").fill(KEY)
    page.get_by_test_id("model-base").fill(server.url)
    page.get_by_test_id("model-models").fill("small")
    page.get_by_test_id("save-model").click()


def test_a_model_is_tried_then_saved_and_becomes_the_default(page, server, no_models):
    add(page, server)
    expect(page.get_by_test_id("endpoint-openai_compatible")).to_contain_text("默认")
    expect(page.get_by_test_id("default-model")).to_have_value("openai_compatible/small")
    assert server.llm.calls[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in page.content()


def test_a_key_that_does_not_work_is_told_before_it_is_saved(page, server, no_models):
    server.say(Say(status=401))
    add(page, server)
    expect(page.get_by_test_id("model-dialog")).to_contain_text("现在还不能用")
    expect(page.get_by_test_id("endpoint-openai_compatible")).to_have_count(0)
    page.get_by_test_id("save-anyway").click()
    expect(page.get_by_test_id("endpoint-openai_compatible")).to_be_visible()


def test_enter_tries_it_and_the_result_is_in_sight(window, server, no_models):
    page = window(viewport={"width": 1024, "height": 600})
    server.say(Say(status=401))
    page.goto("/models")
    page.get_by_test_id("add-model").click()
    page.get_by_test_id("provider-openai_compatible").click()
    page.get_by_test_id("model-key").fill(KEY)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("model-base")).to_be_focused()
    page.get_by_test_id("model-base").fill(server.url)
    page.get_by_test_id("model-models").fill("small")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("save-anyway")).to_be_in_viewport(ratio=1)


def test_a_second_one_of_a_provider_gets_a_name_of_its_own(page, server, no_models):
    add(page, server)
    expect(page.get_by_test_id("endpoint-openai_compatible")).to_be_visible()
    add(page, server)
    expect(page.get_by_test_id("endpoint-openai_compatible_2")).to_be_visible()
    expect(page.get_by_test_id("endpoint-openai_compatible")).to_be_visible()


def test_a_test_says_that_it_is_under_way(page, server, no_models):
    add(page, server)
    server.say(Say("好", wait=1))
    page.get_by_test_id("test-model").click()
    expect(page.get_by_text("正在问它一句话…")).to_be_visible()
    expect(page.get_by_test_id("test-model")).to_have_attribute("aria-busy", "true")
    expect(page.get_by_text("可以使用")).to_be_visible()


def test_a_removed_model_is_gone(page, server, no_models):
    add(page, server)
    page.get_by_test_id("remove-model").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_text("还没有模型")).to_be_visible()


def test_an_answer_that_does_not_end_can_be_stopped(page, server, no_models, agents):
    add(page, server)
    expect(page.get_by_test_id("endpoint-openai_compatible")).to_be_visible()
    server.say(Say("很慢", hang_after=1))
    flow = '[{"type": "model", "id": "answer"}]'
    (agents / "slow.json").write_text(f'{{"format": 1, "id": "slow", "name": "慢", "flow": {flow}}}', "utf-8")
    page.goto("/play?agent=slow")
    page.locator("#ask textarea").fill("你好")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .thought-group")).to_be_visible()
    page.locator("#ask .stop-button").click()
    expect(page.locator("#ask .submit-button")).to_be_visible()
    expect(page.locator("#chat .loading-spinner")).to_have_count(0)
    assert server.llm.closed_early.is_set()


@pytest.fixture
def silent():
    """A server that takes a question and never answers; how often somebody hung up."""
    listener = socket.create_server(("127.0.0.1", 0))
    hung_up = threading.Event()

    def serve():
        while True:
            try:
                asked, _ = listener.accept()
            except OSError:
                return
            with asked:
                while asked.recv(65_536):
                    pass
            hung_up.set()

    thread = threading.Thread(target=serve)
    thread.start()
    yield SimpleNamespace(url=f"http://127.0.0.1:{listener.getsockname()[1]}/v1", hung_up=hung_up)
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def test_asking_a_model_is_seen_and_stopped_and_the_model_is_hung_up_on(page, silent, no_models):
    add(page, silent)
    bar = page.get_by_test_id("working")
    expect(bar.get_by_role("status")).to_have_text("正在问模型")
    assert not silent.hung_up.is_set()
    page.get_by_test_id("working-stop").click()
    expect(bar).to_have_count(0)
    assert silent.hung_up.wait(10)
    expect(page.get_by_role("alert")).to_contain_text("已停下")
    assert page.get_by_test_id("save-model").is_enabled()
