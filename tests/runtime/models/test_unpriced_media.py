"""What a server of the owner's own hears, speaks and draws has no price of somebody else's."""

import pytest
from models_world import SetUp, endpoint
from test_nothing_personal_leaves import Compares

from runtime.models.painting import Painted
from runtime.models.routed import RoutedModels
from runtime.models.sound import Heard, Recording, Spoken


class Priced(Compares):
    async def transcribe(self, target, recording, seconds):
        return Heard("喂", target.model, cost=0.5)

    async def speak(self, target, voice, text, seconds):
        return Spoken(b"", target.model, cost=0.5)

    async def paint(self, target, prompt, size, seconds):
        return Painted(target.model, cost=0.5)


@pytest.mark.parametrize(("provider", "cost"), [("openai_compatible", None), ("deepseek", 0.5)])
async def test_media_of_a_server_of_ones_own_has_no_price(provider, cost):
    known = SetUp(endpoint("x", "https://models.example/v1", provider=provider))
    them = RoutedModels(known, {}, shared={"via_litellm": Priced([])})
    made = [
        await them.sound.transcribe("x/m", Recording(b"", "audio/wav"), 5),
        await them.sound.speak("x/m", "", "喂", 5),
        await them.painting.paint("x/m", "一只猫", "", 5),
    ]
    assert [one.cost for one in made] == [cost] * 3
    assert all(one.model.endswith("/m") for one in made)
