"""A text becomes voice: by litellm, bounded, priced, and in the form that a phone plays."""

import json

import pytest
from test_hearing import KEY, Listener, silk

from runtime.errors import ModelFailed
from runtime.media.looking import look
from runtime.models.sound import Recording
from runtime.models.targets import Target
from runtime.simulator.http import Response, Server


async def spoken(litellm, response, text="有龙井。", voice="", model="openai/tts-1"):
    speaker = Listener(response)
    async with Server(speaker) as server:
        target = Target("x/tts-1", model, server.url, KEY)
        return await litellm.speak(target, voice, text, 50), [json.loads(one.body) for one in speaker.asked]


async def test_a_text_is_spoken_with_the_voice_that_was_chosen_and_its_characters_are_paid(litellm):
    said, asked = await spoken(
        litellm, Response(b"\xff\xfb\x90\x00" + bytes(400), kind="audio/mpeg"), voice="少女"
    )
    assert look(said.content).type == "audio/mpeg"
    assert (said.model, said.cost) == ("x/tts-1", 4 * 0.000015)
    [body] = asked
    assert (body["input"], body["voice"], body["response_format"]) == ("有龙井。", "少女", "mp3")
    _, asked = await spoken(litellm, Response(b"RIFF", kind="audio/wav"), model="openai/CosyVoice")
    assert asked[0]["voice"] == "alloy"


HOSTILE = {
    "nothing": (Response(b"", kind="audio/mpeg"), "malformed"),
    "more than anybody speaks": (Response(b"\xff" * 4_100_000, kind="audio/mpeg"), ""),
    "a refusal that shows the key": (Response.json({"error": {"message": f"bad {KEY}"}}, 401), "auth"),
    "cut off": (Response(b"\xff\xfb\x90\x00" * 999, kind="audio/mpeg", cut=True), ""),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_is_no_voice_is_told_and_shows_no_key(litellm, name):
    response, code = HOSTILE[name]
    with pytest.raises(ModelFailed) as failed:
        await spoken(litellm, response)
    assert failed.value.code == code or not code
    assert KEY not in str(failed.value)


FORMS = [("audio/amr", 1.0), ("audio/mpeg", 1.0), ("audio/silk", None), ("audio/wav", None)]


async def test_a_voice_is_made_into_each_form_that_a_phone_plays_and_back(litellm):
    for type, seconds in FORMS:
        made = await litellm.converted(Recording(silk(), "audio/silk"), type, 50)
        looked = look(made)
        assert looked.type == type
        assert seconds is None or abs(looked.seconds - seconds) < 0.2, type
        assert look(await litellm.converted(Recording(made, type), "audio/wav", 50)).type == "audio/wav"


async def test_what_cannot_be_played_is_made_into_nothing(litellm):
    damaged = [(b"\xff" * 500, "audio/mpeg"), (b"", "audio/wav"), (b"%PDF", "application/pdf")]
    for content, type in damaged:
        with pytest.raises(ModelFailed) as failed:
            await litellm.converted(Recording(content, type), "audio/amr", 50)
        assert failed.value.code == "malformed", type
    with pytest.raises(ModelFailed):
        await litellm.converted(Recording(silk(), "audio/silk"), "video/mp4", 50)
