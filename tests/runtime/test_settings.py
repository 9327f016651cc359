"""The environment, read once."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from runtime.errors import BadSettings
from runtime.settings import CHECKOUT, Settings


@dataclass(frozen=True)
class Good:
    id: str
    environ: dict
    expect: dict = field(default_factory=dict)


GOOD = [
    Good(
        "nothing is set",
        {},
        {"host": "127.0.0.1", "port": 7860, "home": CHECKOUT, "public_url": "", "log": "info"},
    ),
    Good(
        "empty means default", {"HONGYAN_PORT": "", "HONGYAN_HOST": " "}, {"port": 7860, "host": "127.0.0.1"}
    ),
    Good("port", {"HONGYAN_PORT": "8080"}, {"port": 8080}),
    Good(
        "home",
        {"HONGYAN_HOME": "/srv/hongyan"},
        {"home": Path("/srv/hongyan"), "data": Path("/srv/hongyan/data")},
    ),
    Good(
        "trailing slash",
        {"HONGYAN_PUBLIC_URL": "https://bot.example.com/ "},
        {"public_url": "https://bot.example.com"},
    ),
    Good(
        "a path",
        {"HONGYAN_PUBLIC_URL": "https://example.com/ai/"},
        {"public_url": "https://example.com/ai"},
    ),
    Good(
        "platform hosts",
        {"HONGYAN_WECHAT_API": "http://127.0.0.1:8091", "HONGYAN_WECOM_API": ""},
        {"api_hosts": {"HONGYAN_WECHAT_API": "http://127.0.0.1:8091"}},
    ),
    Good(
        "egress",
        {"HONGYAN_EGRESS_ALLOW": "http_request=10.0.0.5:8080, api.local:80"},
        {"egress_allow": ("http_request=10.0.0.5:8080", "api.local:80")},
    ),
    Good(
        "proxies",
        {"HONGYAN_TRUSTED_PROXY": "127.0.0.1, 10.0.0.0/8 ::1"},
        {"proxies": ("127.0.0.1", "10.0.0.0/8", "::1")},
    ),
    Good(
        "programs",
        {"HONGYAN_MCP_COMMANDS": "a=uvx a /x; b=npx -y b"},
        {"mcp_commands": {"a": (["uvx", "a", "/x"], False), "b": (["npx", "-y", "b"], False)}},
    ),
    Good("texts", {"HONGYAN_TEXTS": str(CHECKOUT)}, {"texts": CHECKOUT}),
    Good("log", {"HONGYAN_LOG": "DEBUG"}, {"log": "debug"}),
    Good(
        "traces",
        {
            "HONGYAN_TRACES_URL": "https://otel.example/",
            "HONGYAN_TRACES_HEADERS": "Authorization=Basic eA==, X-A=1",
        },
        {
            "traces_url": "https://otel.example",
            "traces_headers": {"authorization": "Basic eA==", "x-a": "1"},
        },
    ),
    Good("log format", {"HONGYAN_LOG_FORMAT": "JSON"}, {"log_format": "json"}),
    Good("backups before updates", {"HONGYAN_UPDATE_BACKUP": " off "}, {"update_backup": "off"}),
    Good("status page", {"HONGYAN_STATUS_PAGE": "on"}, {"status_page": True}),
    Good("no address watch", {"HONGYAN_ADDRESS_WATCH": "off"}, {"address_watch": False}),
    Good("everybody may come", {"HONGYAN_HOST": "0.0.0.0"}, {"is_local": False}),
    Good("only this machine", {"HONGYAN_HOST": "::1"}, {"is_local": True}),
]


@pytest.mark.parametrize("case", GOOD, ids=lambda c: c.id)
def test_what_the_environment_says_is_taken(case):
    settings = Settings.from_environment(case.environ)
    assert {name: getattr(settings, name) for name in case.expect} == case.expect


@dataclass(frozen=True)
class Bad:
    variable: str
    value: str


BAD = [
    Bad("HONGYAN_LOG_FORMAT", "xml"),
    Bad("HONGYAN_TRACES_URL", "otel"),
    Bad("HONGYAN_TRACES_HEADERS", "no value"),
    Bad("HONGYAN_TRACES_HEADERS", "a b=c"),
    Bad("HONGYAN_TRACES_HEADERS", "a=c\nd"),
    Bad("HONGYAN_STATUS_PAGE", "yes"),
    Bad("HONGYAN_PORT", "0"),
    Bad("HONGYAN_PORT", "65536"),
    Bad("HONGYAN_PORT", "http"),
    Bad("HONGYAN_PORT", "²"),
    Bad("HONGYAN_EGRESS_ALLOW", "10.0.0.0/8"),
    Bad("HONGYAN_EGRESS_ALLOW", "api.local:80, api.local"),
    Bad("HONGYAN_MCP_COMMANDS", "uvx x"),
    Bad("HONGYAN_PASSWORD", "abc"),
    Bad("HONGYAN_PASSWORD", "seven77"),
    Bad("HONGYAN_TRUSTED_PROXY", "proxy.example"),
    Bad("HONGYAN_TRUSTED_PROXY", "*"),
    Bad("HONGYAN_TRUSTED_PROXY", "10.0.0.1/8"),
    Bad("HONGYAN_METRICS_KEY", "short"),
    Bad("HONGYAN_METRICS_KEY", "钥匙" * 10),
    Bad("HONGYAN_PASSWORD", " " * 9),
    Bad("HONGYAN_SECRET_KEY", "short"),
    Bad("HONGYAN_SECRET_KEY", "long-enough-for-one-key,short"),
    Bad("HONGYAN_PUBLIC_URL", "bot.example.com"),
    Bad("HONGYAN_PUBLIC_URL", "ftp://bot.example.com"),
    Bad("HONGYAN_PUBLIC_URL", "https://bot.example.com:0"),
    Bad("HONGYAN_PUBLIC_URL", "https://user:pw@bot.example.com"),
    Bad("HONGYAN_PUBLIC_URL", "https://:pw@bot.example.com"),
    Bad("HONGYAN_PUBLIC_URL", "https://bot.exa\nmple.com"),
    Bad("HONGYAN_PUBLIC_URL", "https://bot.example.com/c"),
    Bad("HONGYAN_PUBLIC_URL", "https://bot.example.com/v1/ai"),
    Bad("HONGYAN_PUBLIC_URL", "https://bot.example.com/a b"),
    Bad("HONGYAN_PUBLIC_URL", "https://bot.example.com/a//b"),
    Bad("HONGYAN_PUBLIC_URL", "https://bot.example.com/%2e%2e"),
    Bad("HONGYAN_WECHAT_API", "https://[half"),
    Bad("HONGYAN_LOG", "loud"),
    Bad("HONGYAN_ADDRESS_WATCH", "maybe"),
    Bad("HONGYAN_HOME", __file__),
]


@pytest.mark.parametrize("case", BAD, ids=lambda c: f"{c.variable}={c.value[:20]}")
def test_a_bad_value_is_refused_and_its_variable_named(case):
    with pytest.raises(BadSettings) as caught:
        Settings.from_environment({case.variable: case.value})
    assert caught.value.field == case.variable
    assert case.variable in caught.value.text.zh
    assert case.variable in caught.value.text.en


def test_secrets_are_not_shown():
    settings = Settings.from_environment(
        {"HONGYAN_PASSWORD": "canary-one", "HONGYAN_SECRET_KEY": "canary-two-is-long"}
    )
    assert "canary" not in repr(settings)
