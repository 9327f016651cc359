"""The agent format as a JSON schema, for editors and other tools: every block and tool, nested flows too."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from runtime import blocks, tools
from runtime.agents.agent import Agent
from runtime.agents.starts import KINDS, Start
from runtime.agents.strict_json import to_bytes

FILE = Path(__file__).parents[2] / "templates" / "agent.schema.json"
COMMAND = "python -m runtime.agents.json_schema"

OURS = ("labels", "hints", "widget", "choices", "when", "inside", "sees", "seldom")
"""What the builder's forms read of a field; no keyword of JSON schema."""


def agent_schema() -> dict[str, Any]:
    """JSON schema (2020-12) of an agent file. Whether names are unique only `Agent.load` can say."""
    kinds: dict[str, type[BaseModel]] = {f"{name}_block": b for name, b in blocks.registry().items()}
    kinds |= {f"{name}_tool": kind for name, kind in tools.registry().items()}
    kinds |= {f"{name}_start": kind for name, kind in KINDS.items()}
    contracts: dict[str, type[BaseModel]] = {"block": blocks.Block, "tool": tools.Tool, "start": Start}
    models: list[type[BaseModel]] = [Agent, *contracts.values(), *kinds.values()]
    places, schema = models_json_schema([(model, "validation") for model in models])
    names = {_name(places[(kind, "validation")]): name for name, kind in kinds.items()}
    names |= {_name(places[(model, "validation")]): name for name, model in contracts.items()}
    agent = _name(places[(Agent, "validation")])
    found = {names.get(name, name): _tidied(value, names) for name, value in schema["$defs"].items()}
    found |= {name: _one_of(kinds, f"_{name}") for name in contracts}
    top = found.pop(names.get(agent, agent))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **top,
        "$defs": dict(sorted(found.items())),
    }


def main() -> None:
    """Write templates/agent.schema.json."""
    FILE.write_bytes(to_bytes(agent_schema()))


def _one_of(kinds: Mapping[str, object], suffix: str) -> dict[str, Any]:
    return {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in sorted(kinds) if name.endswith(suffix)]}


def _name(reference: Mapping[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def _tidied(value: Any, names: Mapping[str, str]) -> Any:
    """Without our own keywords, and with readable names in the references."""
    if isinstance(value, list):
        return [_tidied(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        name = _name(value)
        value = {**value, "$ref": f"#/$defs/{names.get(name, name)}"}
    return {
        key: {name: _tidied(field, names) for name, field in item.items()}
        if key == "properties"
        else _tidied(item, names)
        for key, item in value.items()
        if key not in OURS
    }


if __name__ == "__main__":
    main()
