"""A wish becomes a picture: by litellm, bounded and priced."""

import base64
import json

import pytest
from test_hearing import KEY, Listener

from runtime.errors import ModelFailed
from runtime.models.targets import Target
from runtime.simulator.http import Response, Server

PNG = b"\x89PNG\r\n\x1a\n" + bytes(400)


async def drawn(litellm, response, size="1024x1024", model="openai/gpt-image-1"):
    painter = Listener(response)
    async with Server(painter) as server:
        target = Target("x/draw", model, server.url, KEY)
        painted = await litellm.paint(target, "一只猫", size, 50)
        return painted, [json.loads(one.body) for one in painter.asked]


async def test_a_picture_comes_as_it_is_or_as_where_it_lies_and_is_priced(litellm):
    details = {"text_tokens": 50, "image_tokens": 0}
    usage = {"input_tokens": 50, "output_tokens": 1000, "total_tokens": 1050, "input_tokens_details": details}
    made = {"b64_json": base64.b64encode(PNG).decode()}
    packed = Response.json({"created": 1, "data": [made], "usage": usage})
    painted, [asked] = await drawn(litellm, packed)
    assert (painted.content, painted.url, painted.model) == (PNG, "", "x/draw")
    assert painted.cost == pytest.approx(50 * 5e-6 + 1000 * 4e-5)
    assert (asked["prompt"], asked["size"], asked["n"]) == ("一只猫", "1024x1024", 1)
    linked = Response.json({"created": 1, "data": [{"url": "https://img.example/a.png"}]})
    painted, [asked] = await drawn(litellm, linked, size="", model="openai/own-model")
    assert (painted.content, painted.url, painted.cost) == (b"", "https://img.example/a.png", None)
    assert "size" not in asked


HOSTILE = {
    "nothing": Response.json({"created": 1, "data": []}),
    "no picture": Response.json({"created": 1, "data": [{"b64_json": None, "url": None}]}),
    "no base64": Response.json({"created": 1, "data": [{"b64_json": "%%%"}]}),
    "a file": Response.json({"created": 1, "data": [{"url": "file:///etc/passwd"}]}),
    "html": Response(b"<html>502", kind="text/html"),
    "a refusal that shows the key": Response.json({"error": {"message": f"bad {KEY}"}}, 401),
}


async def test_what_is_no_picture_is_told_and_shows_no_key(litellm):
    for name, response in HOSTILE.items():
        with pytest.raises(ModelFailed) as failed:
            await drawn(litellm, response)
        assert KEY not in str(failed.value), name
