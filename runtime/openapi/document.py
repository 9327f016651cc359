"""A description as data: what stands where in the three versions, with references followed within bounds."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urljoin

from runtime.yaml_as_json import as_json

Json = dict[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
HOPS = 20
"""References that lead to one another."""
MOST = 5000
"""Operations that are looked at."""
PLACE = re.compile(r"[0-9]{1,9}", re.ASCII)
"""Of something in a list."""
NONE: Mapping[str, Any] = {}


class NoDescription(Exception):
    """What was given is none; `why` is a name of WHY in `runtime.openapi.process`."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why, self.detail = why, detail


def load(text: str) -> "Document":
    """Raises NoDescription."""
    text = text.removeprefix("\ufeff")
    data = _json(text) if text.lstrip()[:1] == "{" else _yaml(text)
    if not isinstance(data, dict):
        raise NoDescription("no_object")
    return Document(data)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as e:
        raise NoDescription("broken", str(e)[:200]) from None
    except RecursionError:
        raise NoDescription("too_deep") from None


def _yaml(text: str) -> Any:
    import yaml  # type: ignore[import-untyped] # only the reading process has use for it

    try:
        return yaml.load(text, Loader=as_json(yaml))  # made of the safe one
    except yaml.YAMLError as e:
        mark = getattr(e, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark else ""
        raise NoDescription("broken", f"{place}{getattr(e, 'problem', '') or ''}"[:200]) from None
    except RecursionError:
        raise NoDescription("too_deep") from None
    except (ValueError, TypeError, AttributeError) as e:  # a key that is a list, a number of a million digits
        raise NoDescription("broken", str(e)[:200]) from None


class Document:
    """Raises NoDescription for what says of itself to be no version that is known."""

    def __init__(self, data: Json) -> None:
        self._data = data
        self.is_two = str(data.get("swagger", "")).startswith("2")
        version = str(data.get("openapi", ""))
        if not self.is_two and not re.match(r"3\.\d", version):
            raise NoDescription("no_version", (version or str(data.get("swagger", "")))[:40])
        if not isinstance(data.get("paths"), dict) or not data["paths"]:
            raise NoDescription("no_paths")

    @property
    def title(self) -> str:
        return words(mapping(self._data.get("info")).get("title"), 120)

    def servers(self, base: str) -> list[str]:
        """Addresses that it names; one that is relative is so to `base`, where it was fetched."""
        if self.is_two:
            host, path = self._data.get("host"), str(self._data.get("basePath") or "")
            schemes = [one for one in listing(self._data.get("schemes")) if one in ("https", "http")]
            host = host if isinstance(host, str) else ""
            found = [f"{scheme}://{host}{path}" for scheme in schemes or ["https"]] if host else [path or "/"]
        else:
            found = [_filled(mapping(one)) for one in listing(self._data.get("servers"))[:20]] or ["/"]
        joined = [urljoin(base, one) if base else one for one in found]
        good = [one.rstrip("/") for one in joined if re.match(r"https?://[^/\s{}]", one)]
        return list(dict.fromkeys(sorted(good, key=lambda one: not one.startswith("https"))))[:10]

    def operations(self) -> Iterator[tuple[str, str, Json, Json]]:
        """Method, path, the path's own settings and the operation."""
        for count, (path, raw) in enumerate(self._data["paths"].items()):
            item = self.followed(raw)
            for method in METHODS:
                if isinstance(operation := item.get(method), dict):
                    yield method, str(path), item, operation
            if count > MOST:
                return

    def schemes(self) -> dict[str, Json]:
        """How one says who one is, by name."""
        if self.is_two:
            raw = self._data.get("securityDefinitions")
        else:
            raw = mapping(self._data.get("components")).get("securitySchemes")
        return {str(name)[:60]: self.followed(one) for name, one in list(mapping(raw).items())[:20]}

    def security(self, operation: Json) -> list[str]:
        """Names of the schemes of which the operation wants one; "" for none."""
        wanted = operation.get("security", self._data.get("security"))
        if not isinstance(wanted, list):
            return [""]
        return [str(next(iter(mapping(one)), "")) for one in wanted] or [""]

    def followed(self, node: Any) -> Json:
        """The object that is meant, however many references lead to it; empty where none is."""
        for _ in range(HOPS):
            if not isinstance(node, dict):
                return {}
            ref = node.get("$ref")
            if not isinstance(ref, str):
                return node
            node = self.at(ref)
        return {}

    def at(self, ref: str) -> Any:
        """What a reference inside the document points at; None for any other: nothing is fetched."""
        if not ref.startswith("#/"):
            return None
        found: Any = self._data
        for part in ref[2:].split("/"):
            name = unquote(part).replace("~1", "/").replace("~0", "~")
            number = int(name) if PLACE.fullmatch(name) else None
            if isinstance(found, dict):
                found = found.get(name, None if number is None else found.get(number))
            elif isinstance(found, list) and number is not None and number < len(found):
                found = found[number]
            else:
                return None
        return found


def _filled(server: Mapping[str, Any]) -> str:
    """A server's address, with the usual values of its variables."""
    url = str(server.get("url") or "")[:500]
    for name, about in list(mapping(server.get("variables")).items())[:10]:
        url = url.replace("{" + str(name) + "}", str(mapping(about).get("default", "")))
    return url


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else NONE


def listing(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def words(value: Any, most: int) -> str:
    """Text of one paragraph, without what cannot be seen."""
    if not isinstance(value, str):
        return ""
    plain = "".join(sign if sign.isprintable() else " " for sign in value[: 4 * most])
    plain = " ".join(plain.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"
