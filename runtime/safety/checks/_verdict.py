"""Ask a model for one verdict, as strict JSON."""

from collections.abc import Mapping
from typing import Any

from runtime import wellformed
from runtime.errors import ModelFailed
from runtime.lang import Text
from runtime.models.completion import Request
from runtime.safety.checks import Uses

LONGEST = 12_000
"""Characters of a text that are judged…"""
LARGEST = 4000
"""…and of what the model says to it."""
NO_VERDICT = Text("模型没有给出判断。", "The model gave no verdict.")


async def verdict(uses: Uses, model: str, task: str, text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Just the fields of `schema`, each of its type. Raises ModelFailed, also for an answer that is none, and
    for a text that is longer than is judged."""
    if len(text) > LONGEST:
        raise ModelFailed(NO_VERDICT, code="length")
    shown = text.replace("</text>", "‹/text>")
    messages = [
        {"role": "system", "content": task},
        {"role": "user", "content": f"<text>\n{shown}\n</text>"},
    ]
    request = Request(model, messages, temperature=0, max_tokens=400, seconds=uses.seconds, schema=schema)
    answer = await uses.models.complete(request)
    if uses.asked:
        await uses.asked(answer)
    said = answer.text.strip().removeprefix("```json").removeprefix("```").removesuffix("```").strip()
    try:
        found = await wellformed.read(said, largest=LARGEST)
    except ValueError:
        raise ModelFailed(NO_VERDICT, code="malformed") from None
    properties = schema["properties"]
    if not isinstance(found, dict) or set(found) - set(properties) or set(schema["required"]) - set(found):
        raise ModelFailed(NO_VERDICT, code="malformed")
    if not all(_is_of(found[name], properties[name]) for name in found):
        raise ModelFailed(NO_VERDICT, code="malformed")
    return found


def _is_of(value: Any, field: Mapping[str, Any]) -> bool:
    kinds: Mapping[str, type] = {"string": str, "boolean": bool, "integer": int}
    if not isinstance(value, kinds[field["type"]]) or (
        field["type"] == "integer" and isinstance(value, bool)
    ):
        return False
    return value in field["enum"] if "enum" in field else True
