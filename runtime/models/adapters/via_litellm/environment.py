"""What of our environment the process that runs litellm may see: what it needs, by name."""

import re
from collections.abc import Mapping

from runtime.models.providers import PROVIDERS
from runtime.network.proxy import Proxy

PLAIN = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "VIRTUAL_ENV",
    "LD_LIBRARY_PATH",
    "PYTHONPATH",
    "PYTHONDONTWRITEBYTECODE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
)

PROVIDERS_OWN = re.compile(
    # How litellm's providers call what they need to log in: https://docs.litellm.ai/docs/providers
    r"(AWS|AZURE|GOOGLE|GCLOUD|VERTEX|VERTEXAI|WATSONX|WX|OCI|SNOWFLAKE|DATABRICKS|CLOUDFLARE|GITHUB_COPILOT"
    r"|GIGACHAT|AICORE|SAP|HF|HUGGINGFACE|REPLICATE|PREDIBASE|LITELLM)_[A-Z0-9_]+"
    r"|[A-Z0-9]+(_[A-Z0-9]+)*_(API_KEY|API_BASE|API_VERSION|API_TOKEN|BASE_URL)"
)

OURS = {provider.key_env for provider in PROVIDERS.values()} - {""}
"""Keys that are sent along with each question, to the address they belong to and to no other."""


def of_child(environment: Mapping[str, str]) -> dict[str, str]:
    """Raises ValueError for a proxy that cannot be used."""
    seen = {name: value for name, value in environment.items() if name in PLAIN or _is_providers(name)}
    return seen | Proxy.out(environment).environment()


def secrets_in(environment: Mapping[str, str]) -> list[str]:
    """Values that must not be seen in its log."""
    return [value for name, value in environment.items() if _is_providers(name) and len(value) >= 8]


def _is_providers(name: str) -> bool:
    if name in OURS or name.startswith("HONGYAN_"):
        return False
    return PROVIDERS_OWN.fullmatch(name) is not None
