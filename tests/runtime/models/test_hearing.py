"""Voice becomes text: what phones record reaches a server in a form that it takes."""

import io

import pysilk
import pytest

from runtime.errors import ModelFailed
from runtime.models.routed import RoutedModels
from runtime.models.sound import Recording
from runtime.models.targets import DEMO, Target
from runtime.simulator.http import Response, Server

KEY = "sk-very-secret-4711"
AMR = b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50


def silk():
    made = io.BytesIO()
    pysilk.encode(io.BytesIO(bytes(48_000)), made, 24_000, 24_000)
    return made.getvalue()


class Listener:
    """A server that puts voice into words."""

    def __init__(self, response=None):
        self.response = response or Response.json({"text": " 来一斤龙井 "})
        self.asked = []

    def __call__(self, request):
        self.asked.append(request)
        return self.response


TAKEN = {
    "AMR, as an Official Account's": (AMR, "audio/amr", b"RIFF"),
    "SILK, as personal WeChat's": (silk(), "audio/silk", b"RIFF"),
    "MP3, as it is": (b"\xff\xfb\x90\x00" + bytes(400), "audio/mpeg", b"\xff\xfb\x90\x00"),
}


@pytest.mark.parametrize(("content", "type", "sent"), TAKEN.values(), ids=TAKEN)
async def test_a_recording_reaches_the_server_in_a_form_that_it_takes(litellm, content, type, sent):
    listener = Listener()
    async with Server(listener) as server:
        target = Target("x/whisper-1", "openai/whisper-1", server.url, KEY)
        heard = await litellm.transcribe(target, Recording(content, type), 50)
    assert heard.text == " 来一斤龙井 "
    assert heard.seconds is None if type == "audio/mpeg" else heard.seconds > 0.9
    assert heard.cost == (heard.seconds and heard.seconds * 0.0001)
    [request] = listener.asked
    assert request.path == "/audio/transcriptions"
    assert sent in request.body


DAMAGED = {
    "no frames": (b"#!AMR\n", "audio/amr"),
    "no AMR": (b"#!AMR\n" + b"\xff" * 100, "audio/amr"),
    "no SILK": (b"\x02#!SILK_V3" + b"\xff" * 500, "audio/silk"),
    "a kind that nobody listens to": (b"%PDF", "application/pdf"),
}


@pytest.mark.parametrize(("content", "type"), DAMAGED.values(), ids=DAMAGED)
async def test_a_damaged_recording_is_told_and_sent_nowhere(litellm, content, type):
    listener = Listener()
    async with Server(listener) as server:
        target = Target("x/whisper-1", "openai/whisper-1", server.url, KEY)
        with pytest.raises(ModelFailed) as failed:
            await litellm.transcribe(target, Recording(content, type), 50)
    assert failed.value.code == "malformed"
    assert listener.asked == []


async def test_a_refusal_is_explained_and_shows_no_key(litellm):
    listener = Listener(Response.json({"error": {"message": f"bad key {KEY}"}}, 401))
    async with Server(listener) as server:
        target = Target("x/whisper-1", "openai/whisper-1", server.url, KEY)
        with pytest.raises(ModelFailed) as failed:
            await litellm.transcribe(target, Recording(AMR, "audio/amr"), 50)
    assert failed.value.code == "auth"
    assert KEY not in str(failed.value)


class Nothing:
    def find(self, name):
        return None

    def default_model(self):
        return ""

    def endpoints(self):
        return []


async def test_a_model_that_cannot_listen_is_named():
    models = RoutedModels(Nothing(), {})
    with pytest.raises(ModelFailed) as failed:
        await models.sound.transcribe(DEMO, Recording(AMR, "audio/amr"), 5)
    assert "whisper" in failed.value.text.zh
    await models.close()
