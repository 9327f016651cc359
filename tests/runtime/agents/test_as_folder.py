"""An agent handed on as a folder: people can read it, nothing of its owner's is in it, it is whole."""

import io
import json
import zipfile

import pytest

from runtime.agents.as_folder import file_of, folder_of, zipped
from runtime.agents.strict_json import parse
from runtime.elsewhere import opened
from runtime.errors import HongyanError

WORDS = {"id": "my_words", "language": "en", "title": "Words", "text": "You sell {{ shop }}."}
AGENT = {
    "format": 1,
    "id": "shop",
    "name": "Shop",
    "language": "en",
    "flow": [
        {"type": "knowledge", "id": "docs", "bases": ["tea"], "query": "{{ message.text }}"},
        {
            "type": "tool",
            "id": "call",
            "tool": {
                "type": "http_request",
                "method": "POST",
                "url": "https://api.example.com/orders",
                "headers": {"Authorization": "Bearer {{ secret.shop_key }}"},
            },
        },
        {"type": "model", "id": "answer", "prompt": {"template": "my_words", "values": {"shop": "Tea"}}},
    ],
    "prompts": {"my_words": WORDS},
    "tests": {"cases": []},
}


def packed(agent=AGENT):
    return zipped(folder_of(json.dumps(agent)), "shop")


def test_it_comes_back_whole_from_the_zip():
    content = packed()
    assert parse(file_of(opened(content, "shop.zip").files)) == parse(json.dumps(AGENT))
    assert content == packed()


def test_prompts_are_files_and_what_is_to_be_set_is_told():
    files = folder_of(json.dumps(AGENT))
    assert sorted(files) == [
        "README.md",
        "agent.json",
        "knowledge.json",
        "prompts/my_words.en.j2",
        "tests.json",
    ]
    assert b"You sell {{ shop }}." in files["prompts/my_words.en.j2"]
    assert json.loads(files["knowledge.json"]) == [{"id": "tea"}]
    assert "prompts" not in json.loads(files["agent.json"])
    told = files["README.md"].decode()
    assert "prompts/" in told
    alone = {name: one for name, one in AGENT.items() if name not in ("prompts", "tests", "flow")}
    alone["flow"] = [{"type": "reply", "id": "say", "text": "hi"}]
    assert "prompts/" not in folder_of(json.dumps(alone))["README.md"].decode()
    for word in ("shop_key", "api.example.com", "tea", "# Shop"):
        assert word in told


def test_what_is_changed_in_a_file_of_it_is_changed_in_the_agent():
    files = folder_of(json.dumps(AGENT))
    files["prompts/my_words.en.j2"] = files["prompts/my_words.en.j2"].replace(b"sell", b"give")
    assert parse(file_of(files))["prompts"]["my_words"]["text"] == "You give {{ shop }}."


NOT_ONE = {
    "nothing": {},
    "no agent": {"README.md": b"hi"},
    "deeper": {"a/b/agent.json": json.dumps(AGENT).encode()},
    "another's": {"agent.json": b'{"nodes": []}'},
}


@pytest.mark.parametrize("name", NOT_ONE)
def test_what_is_no_such_folder_is_left_to_others(name):
    assert file_of(NOT_ONE[name]) == ""


BROKEN = {
    "no json": {"agent.json": b"{"},
    "no text": {"agent.json": b'\xff\xff{"flow": 1}'},
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_in_it_is_told_in_a_sentence(name):
    with pytest.raises(HongyanError) as caught:
        file_of(BROKEN[name])
    assert caught.value.text.zh


def test_a_name_that_leads_outside_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed_:
        packed_.writestr("../agent.json", json.dumps(AGENT))
    with pytest.raises(HongyanError, match="outside"):
        opened(out.getvalue(), "x.zip")
