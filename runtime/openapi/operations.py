"""The operations of a description: in short, to choose from; and whole, as the settings of a tool."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from runtime.openapi.document import Document, Json, listing, mapping, words
from runtime.openapi.schemas import Simplified

MOST_ARGUMENTS = 60
LONGEST_TOOL = 24_000
"""Characters of one tool's settings in an agent's file."""
OURS = frozenset({"authorization", "accept", "content-type", "host", "cookie", "content-length"})
"""Headers that are not asked of a model: the way in is said elsewhere, the others follow from the rest."""
JSON_LIKE = re.compile(r"application/([\w.+-]+\+)?json\b|\*/\*", re.IGNORECASE)
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
XML_LIKE = re.compile(r"(application|text)/([\w.+-]+\+)?xml\b", re.IGNORECASE)
FILE = "Name of a file that the person sent; empty: the newest."
STYLES = {
    "csv": "comma", "ssv": "space", "tsv": "space", "pipes": "pipe", "multi": "repeat",
    "spaceDelimited": "space", "pipeDelimited": "pipe", "deepObject": "deep",
}  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """One of a description. `key`: as it is chosen, e.g. `GET /pets/{id}`."""

    key: str
    method: str
    path: str
    item: Json
    about: Json

    @property
    def group(self) -> str:
        return words(next(iter(listing(self.about.get("tags"))), ""), 60)

    @property
    def title(self) -> str:
        return words(self.about.get("summary") or self.about.get("description"), 160)

    @property
    def name(self) -> str:
        """What a model calls it by: as its author called it, or what it does and to what."""
        given = self.about.get("operationId")
        said = given if isinstance(given, str) and given.isascii() else f"{self.method}_{self.path}"
        return named(said)


def named(said: str) -> str:
    """A function's name of a text; words stay apart."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", said).strip("_-")
    plain = re.sub(r"_{2,}", "_", plain)[:60].strip("_-")
    return plain if re.match(r"[A-Za-z_]", plain) else f"do_{plain}".strip("_")


def operations(document: Document) -> Iterator[Operation]:
    for method, path, item, about in document.operations():
        yield Operation(f"{method.upper()} {path}"[:500], method, path, item, about)


class Unusable(Exception):
    """No tool can be made of it; `why` is a name of WHY in `runtime.openapi.process`."""


def settings(document: Document, operation: Operation, server: str, source: str) -> Json:
    """Of the tool `openapi`. Raises Unusable."""
    if not operation.path.startswith("/") or re.search(r"[\s?#\\]", operation.path):
        raise Unusable("odd_path")
    arguments, content = _arguments(document, operation)
    made: Json = {
        "type": "openapi",
        "name": operation.name,
        "description": _told(operation),
        "method": operation.method.upper(),
        "server": server,
        "path": operation.path,
        "arguments": arguments,
        **({"content": content} if content else {}),
        **_answer(document, operation),
        **_way_in(document, operation, server),
    }
    same = {key: value for key, value in made.items() if key not in ("server", "token_url")}
    digest = hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:16]
    if len(json.dumps(made)) > LONGEST_TOOL:
        raise Unusable("too_large")
    return {**made, "source": source, "digest": digest}


def _answer(document: Document, operation: Operation) -> Json:
    """What the answer should be, where it can be something else than JSON only."""
    responses = mapping(operation.about.get("responses"))
    good = next((one for code, one in responses.items() if str(code).startswith("2")), None)
    kinds = [str(kind) for kind in mapping(document.followed(good).get("content"))]
    fitting = [kind for kind in kinds if re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind)][:1]
    return {"accept": fitting[0]} if fitting and fitting[0] != "application/json" else {}


def _told(operation: Operation) -> str:
    summary = words(operation.about.get("summary"), 300)
    more = words(operation.about.get("description"), 700)
    return f"{summary}. {more}".strip(". ") if summary and more else summary or more or operation.key


def _arguments(document: Document, operation: Operation) -> tuple[list[Json], str]:
    """What is to be filled in, and the kind of the body. Raises Unusable."""
    simplified = Simplified(document)
    beside, body, content = _parameters(document, operation, simplified)
    if request := document.followed(operation.about.get("requestBody")):
        body, content = _request_body(document, simplified, request)
    asked = set(re.findall(r"\{([^{}]*)\}", operation.path))
    for of in sorted(asked - {of for place, of in beside if place == "path"}):
        beside["path", of] = {"place": "path", "of": of, "required": True, "shape": {"type": "string"}}
    listed = [one for (place, of), one in beside.items() if place != "path" or of in asked] + body
    if len(listed) > MOST_ARGUMENTS:
        listed.sort(key=lambda one: not one["required"])
        if listed[MOST_ARGUMENTS]["required"]:
            raise Unusable("too_large")
    return list(_with_names(listed[:MOST_ARGUMENTS])), content


def _parameters(
    document: Document, operation: Operation, simplified: Simplified
) -> tuple[dict[tuple[str, str], Json], list[Json], str]:
    """By place and name; and, of Swagger 2, the body and its kind. Raises Unusable."""
    found: dict[tuple[str, str], Json] = {}
    body: list[Json] = []
    content = ""
    for raw in [*listing(operation.item.get("parameters")), *listing(operation.about.get("parameters"))]:
        one = document.followed(raw)
        place, of = one.get("in"), str(one.get("name") or "")[:100]
        if place == "body":
            body = _body(simplified.of(one.get("schema")), one.get("required") is True)
            content = "application/json"
        elif place == "formData":
            is_file = one.get("type") == "file"
            body.append(_argument(simplified, one, "file" if is_file else "body", of))
            content = PARTS if is_file or content == PARTS else FORM
        elif place in ("path", "query", "header") and of and not (place == "header" and of.lower() in OURS):
            found[place, of] = _argument(simplified, one, place, of)
    return found, body, content


def _argument(simplified: Simplified, one: Json, place: str, of: str) -> Json:
    content = next(iter(mapping(one.get("content")).values()), None)
    raw = one.get("schema", mapping(content).get("schema")) or one
    shape = simplified.of(raw)
    if text := words(one.get("description"), 300):
        shape = {**shape, "description": text}
    style = "json" if content else _style(one, shape)
    if place == "file":
        shape, style = _file(shape), ""
    required = one.get("required") is True or place == "path"
    return {
        "place": place,
        "of": of,
        "required": required,
        "shape": shape,
        **({"style": style} if style else {}),
    }


def _style(one: Json, shape: Json) -> str:
    """How a list or an object is written; "" for the usual way."""
    if one.get("in") == "path" and one.get("allowReserved") is True:
        return "path"
    if shape.get("type") not in ("array", "object"):
        return ""
    said = one.get("collectionFormat") or one.get("style")
    if one.get("explode") is False or (said is None and "collectionFormat" in one):
        return STYLES.get(str(said), "comma")
    if "swagger" not in one and one.get("in") == "query" and said in (None, "form"):
        return "repeat" if "schema" in one else "comma"
    return STYLES.get(str(said), "comma")


def _request_body(document: Document, simplified: Simplified, request: Json) -> tuple[list[Json], str]:
    """Of version 3. Raises Unusable."""
    kinds = mapping(request.get("content"))
    required = request.get("required") is True
    for kind, about in kinds.items():
        if JSON_LIKE.match(str(kind)):
            sent = "application/json" if "*" in kind else str(kind).partition(";")[0].strip()[:80]
            return _body(simplified.of(mapping(about).get("schema")), required), sent
    if FORM in kinds:
        return _body(simplified.of(mapping(kinds[FORM]).get("schema")), required), FORM
    if PARTS in kinds:
        return _parts(document, simplified, mapping(kinds[PARTS]).get("schema"), required), PARTS
    for kind, about in kinds.items():
        if str(kind).startswith("text/") and not XML_LIKE.match(str(kind)):
            shape = {"type": "string", **simplified.of(mapping(about).get("schema"))}
            return [{"place": "whole", "of": "body", "required": required, "shape": shape}], str(kind)[:80]
    if kinds:
        raise Unusable("xml" if any(XML_LIKE.match(str(kind)) for kind in kinds) else "kind")
    return [], ""


def _parts(document: Document, simplified: Simplified, schema: Any, required: bool) -> list[Json]:
    """A form with files. Raises Unusable."""
    found = _body(simplified.of(schema), required)
    if any(one["place"] == "whole" for one in found):
        raise Unusable("kind")
    raw = mapping(document.followed(schema).get("properties"))
    for one in found:
        if _is_file(document, document.followed(raw.get(one["of"]))):
            one |= {"place": "file", "shape": _file(one["shape"])}
    return found


def _is_file(document: Document, schema: Json) -> bool:
    """In 3.0 by its format, in 3.1 by its kind of content; of a list the first is sent."""
    inside = document.followed(schema["items"]) if schema.get("type") == "array" and "items" in schema else {}
    return any(
        one.get("format") == "binary" or ("contentMediaType" in one and "contentEncoding" not in one)
        for one in (schema, inside)
    )


def _file(shape: Json) -> Json:
    told = f"{shape.get('description') or ''} {FILE}".strip()
    return {"type": "string", "description": told}


def _body(shape: Json, required: bool) -> list[Json]:
    """An object's fields one by one, as models and people fill them in best; anything else whole."""
    properties = shape.get("properties")
    if not properties or shape.get("anyOf"):
        return [{"place": "whole", "of": "body", "required": required, "shape": shape}]
    needed = shape.get("required", [])
    return [
        {"place": "body", "of": of, "required": of in needed, "shape": one} for of, one in properties.items()
    ]


def _with_names(listed: Iterable[Json]) -> Iterator[Json]:
    """Each with a name of its own that every model takes; `of` is left out where it is the same."""
    taken: set[str] = set()
    for one in listed:
        plain = re.sub(r"[^A-Za-z0-9_]+", "_", one["of"]).strip("_")[:50] or "value"
        plain = plain if re.match(r"[A-Za-z_]", plain) else f"_{plain}"
        name = plain if plain not in taken else f"{one['place']}_{plain}"
        n = 2
        while name in taken:
            name, n = f"{plain}_{n}", n + 1
        taken.add(name)
        yield {"name": name, **{key: value for key, value in one.items() if key != "of" or value != name}}


def _way_in(document: Document, operation: Operation, server: str) -> Json:
    """The first of the ways to say who one is that a tool knows."""
    schemes = document.schemes()
    for name in document.security(operation.about):
        about = schemes.get(name, {})
        if (way := _way(about, server)) is not None:
            return way
    return {}


def _way(about: Json, server: str) -> Json | None:
    kind, scheme = about.get("type"), str(about.get("scheme") or "").lower()
    name = words(about.get("name"), 80)
    if kind == "apiKey" and about.get("in") in ("header", "query") and name:
        return {"auth": about["in"], "auth_name": name}
    if kind == "basic" or (kind == "http" and scheme == "basic"):
        return {"auth": "basic"}
    if kind == "http" and scheme == "bearer":
        return {"auth": "bearer"}
    if kind == "oauth2":
        flows = mapping(about.get("flows"))
        token = mapping(flows.get("clientCredentials")).get("tokenUrl")
        token = about.get("tokenUrl") if about.get("flow") == "application" else token
        if isinstance(token, str) and re.match(r"https?://", url := urljoin(f"{server}/", token)):
            return {"auth": "oauth2", "token_url": url[:500]}
        return {"auth": "bearer"}  # a token that a person got for it
    return None


def short(document: Document, operation: Operation, why: str) -> dict[str, Any]:
    """To choose from. `why` it cannot be; "" when it can."""
    return {
        "key": operation.key,
        "name": operation.name,
        "title": operation.title,
        "group": operation.group,
        "old": operation.about.get("deprecated") is True,
        "why": why,
    }
