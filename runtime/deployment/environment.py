"""The variables with which an installation is started elsewhere. Passwords and keys stay apart."""

from collections.abc import Callable, Mapping
from typing import Any

from runtime.deployment.domain import url_of
from runtime.settings import Settings

PORT = 7860
"""In a container, whatever it is here."""
HOME = "/var/lib/hongyan"
"""In a container: the one folder that is written."""


def _switch(on: bool) -> str:
    return "on" if on else "off"


CARRIED: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "egress_allow": ("HONGYAN_EGRESS_ALLOW", ",".join),
    "api_origins": ("HONGYAN_API_ORIGINS", ",".join),
    "audit_days": ("HONGYAN_AUDIT_DAYS", str),
    "address_watch": ("HONGYAN_ADDRESS_WATCH", _switch),
    "status_page": ("HONGYAN_STATUS_PAGE", _switch),
    "traces_url": ("HONGYAN_TRACES_URL", str),
    "log": ("HONGYAN_LOG", str),
    "log_format": ("HONGYAN_LOG_FORMAT", str),
}
"""Settings that hold on any machine and are nobody's secret: variable, and how it says the value."""
PLACED = frozenset({"home", "host", "port", "public_url", "proxies", "api_hosts"})
"""Said by each deployment itself."""
APART = frozenset(
    {
        "password", "secret_key", "metrics_key", "traces_headers", "sign_in",
        # an address that may hold a password
        "proxy", "platform_proxy",
        # programs and folders of one machine
        "mcp_commands", "texts", "update_backup",
    }
)  # fmt: skip
"""In no file that anybody may read: their owner writes them where secrets are, or where they are at home."""


def of_settings(settings: Settings) -> dict[str, str]:
    """What is not as usual and holds on any machine."""
    usual = Settings()
    told = {
        variable: say(getattr(settings, name))
        for name, (variable, say) in CARRIED.items()
        if getattr(settings, name) != getattr(usual, name)
    }
    return told | dict(settings.api_hosts)


def in_container(settings: Settings, domain: str, proxies: str) -> dict[str, str]:
    """`proxies`: whose forwarded addresses are believed, as HONGYAN_TRUSTED_PROXY has them."""
    given = {
        "HONGYAN_PUBLIC_URL": url_of(domain, settings.public_url),
        "HONGYAN_TRUSTED_PROXY": proxies,
        **of_settings(settings),
    }
    return {name: value for name, value in given.items() if value}
