"""What an agent is, for other agents: its A2A card, readable by clients of 1.0 and of 0.3.

https://a2a-protocol.org/v1.0.0/specification/ (8, agent discovery). There is one for every agent on the API.
Whoever holds a key sees it; others where its owner says so.
"""

from collections.abc import Mapping
from typing import Any

NEW, OLD = "1.0", "0.3.0"
SCHEME = "key"


def card(agent: Mapping[str, Any], version: int, url: str) -> dict[str, Any]:
    """`agent`: its JSON as it was published; `url`: where it is called."""
    name, about = str(agent["name"]), str(agent.get("description") or agent["name"])
    asks = [str(one.get("text")) for one in agent.get("texts", {}).get("choices", ()) if one.get("text")]
    skill = {"id": "ask", "name": name, "description": about, "tags": ["chat"], "examples": asks[:5]}
    at = {"url": url, "protocolBinding": "JSONRPC"}
    return {
        "name": name,
        "description": about,
        "version": str(version),
        "supportedInterfaces": [{**at, "protocolVersion": NEW}, {**at, "protocolVersion": OLD}],
        "url": url,
        "preferredTransport": "JSONRPC",
        "protocolVersion": OLD,
        "capabilities": {"streaming": True, "pushNotifications": False, "extendedAgentCard": True},
        "supportsAuthenticatedExtendedCard": True,
        "securitySchemes": {SCHEME: {"type": "http", "scheme": "bearer"}},
        "security": [{SCHEME: []}],
        "defaultInputModes": ["text/plain", "application/json", "image/png", "image/jpeg"],
        "defaultOutputModes": ["text/plain", "text/markdown"],
        "skills": [skill],
    }


def new_card(told: dict[str, Any]) -> dict[str, Any]:
    """As 1.0 alone writes it."""
    old = ("url", "preferredTransport", "protocolVersion", "supportsAuthenticatedExtendedCard", "security")
    return {
        **{name: value for name, value in told.items() if name not in old},
        "securitySchemes": {SCHEME: {"httpAuthSecurityScheme": {"scheme": "bearer"}}},
        "securityRequirements": [{"schemes": {SCHEME: {"list": []}}}],
    }
