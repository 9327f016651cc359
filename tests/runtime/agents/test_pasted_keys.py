"""What in an agent looks like a key is told; what does not is left alone."""

from pathlib import Path

import pytest

from runtime.agents.pasted_keys import keys
from runtime.agents.strict_json import parse

STARTERS = sorted((Path(__file__).parents[3] / "templates" / "agents").glob("*.json"))

TEXTS = [
    "用 sk-abcdefghijklmnop1234 调用", "token: abcd1234efgh", "API_KEY=12345678abcd", "密钥是 a1b2c3d4e5f6",
    '{"api_key": "a1b2c3d4e5"}', "https://a.example/x?key=abcdef123&y=1", "AKIAABCDEFGHIJKLMNOP",
    "https://a.example/?access_token=abc123def", "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x", "-----BEGIN RSA PRIVATE KEY-----",
    "LTAI5tAbCdEfGhIjKlMn", "app-AbCdEfGhIjKlMnOpQrStUvWx",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_with_a_key_is_found(text):
    assert [field for field, _ in keys({"flow": [{"text": text}]})] == ["flow.0.text"]


HARMLESS = [
    "请不要索要密码、验证码", "password is long enough", "订单 20261121001 到哪了",
    "task-abcdefghijklmnopqrstuvw", "token: {{ secret.x }}", "The key is under the mat",
    "https://a.example/x?key={{ secret.k }}",
    "https://a.example/orders/20261121001", "token 用量 123456789",
]  # fmt: skip


@pytest.mark.parametrize("text", HARMLESS)
def test_a_text_without_one_is_not(text):
    assert list(keys({"flow": [{"text": text}]})) == []


HEADERS = [
    ("Authorization", "Bearer abcdef12", True), ("authorization", "Basic dXNlcjpwYXNz", True),
    ("X-API-Key", "abc123def", True), ("Cookie", "sid=abcdef", True), ("Token", "abcdefgh", True),
    ("Authorization", "Bearer {{ secret.erp }}", False), ("Authorization", "{{ secret.erp }}", False),
    ("Accept", "application/json", False), ("X-Request-Source", "hongyan", False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "found"), HEADERS)
def test_a_header_with_a_written_key_is_found(name, value, found):
    assert bool(list(keys({"tool": {"headers": {name: value}}}))) == found


def test_a_variable_that_is_called_a_key_is_found():
    variables = [
        {"name": "api_key", "default": "abcd1234abcd1234"},
        {"name": "order_api", "default": "https://a"},
    ]
    assert [field for field, _ in keys({"variables": variables})] == ["variables.0.default"]


@pytest.mark.parametrize("file", STARTERS, ids=lambda file: file.name)
def test_a_starter_has_none(file):
    assert list(keys(parse(file.read_bytes()))) == []
