"""The variables with which an installation is started elsewhere. Passwords and keys stay apart."""

from runtime.deployment.domain import url_of
from runtime.settings import Settings

PORT = 7860
"""In a container, whatever it is here."""
HOME = "/var/lib/hongyan"
"""In a container: the one folder that is written."""


def of_settings(settings: Settings) -> dict[str, str]:
    """What is not as usual and holds on any machine."""
    usual = Settings()
    here = {
        "HONGYAN_EGRESS_ALLOW": (",".join(settings.egress_allow), ""),
        "HONGYAN_API_ORIGINS": (",".join(settings.api_origins), ""),
        "HONGYAN_AUDIT_DAYS": (str(settings.audit_days), str(usual.audit_days)),
        "HONGYAN_ADDRESS_WATCH": ("on" if settings.address_watch else "off", "on"),
        "HONGYAN_LOG": (settings.log, usual.log),
    }
    return {name: now for name, (now, before) in here.items() if now != before} | dict(settings.api_hosts)


def in_container(settings: Settings, domain: str, proxies: str) -> dict[str, str]:
    """`proxies`: whose forwarded addresses are believed, as HONGYAN_TRUSTED_PROXY has them."""
    given = {
        "HONGYAN_PUBLIC_URL": url_of(domain, settings.public_url),
        "HONGYAN_TRUSTED_PROXY": proxies,
        **of_settings(settings),
    }
    return {name: value for name, value in given.items() if value}
