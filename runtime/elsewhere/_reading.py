"""A file that somebody hands over, opened within bounds: nothing of it runs, and nothing of it is written."""

import base64
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from runtime import wellformed
from runtime.errors import BadAgent
from runtime.lang import Text
from runtime.yaml_as_json import as_json

LARGEST = 20 * 1024 * 1024
"""Bytes of a file."""
LARGEST_YAML = 5 * 1024 * 1024
"""…in YAML, which takes a second a megabyte."""
UNPACKED = 30 * 1024 * 1024
"""Bytes of what is packed in it, all together."""
MOST_PACKED = 300
"""Files that are packed in it."""
PACKED_BY = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How: of other kinds zipfile unpacks all at once, however much that is."""
MOST = 200_000
"""Values of one document, those that stand for several counted several times."""
MOST_TEXT = 30_000_000
"""Characters of it, counted alike."""
LARGEST_NUMBER = 2**63
DEEPEST = 100
PNG = b"\x89PNG\r\n\x1a\n"
TEXTS = (b"tEXt", b"zTXt", b"iTXt")

TOO_LARGE = Text("文件太大，最多 {most} MB。", "The file is too large; {most} MB at most.")
TOO_MUCH = Text("里面的内容太多，最多 {most} 项。", "It holds too many values: {most} at most.").fill(
    most=MOST
)
TOO_DEEP = Text("嵌套太深，最多 {deepest} 层。", "It is nested too deep; {deepest} levels at most.").fill(
    deepest=DEEPEST
)
PICKLED = Text(
    "这是 Python 的 pickle（例如 MaxKB 的 .mk）：打开它等于运行里面的程序，所以不读。"
    "请在 MaxKB 里用它的 API 或界面，把提示词和资料复制过来。",
    "This is a Python pickle, such as MaxKB's .mk: to open it is to run a program, so it is not read. "
    "Copy prompts and documents over from MaxKB's pages or its API.",
)
NOT_UTF8 = Text("不是 UTF-8 编码。请用 UTF-8 另存。", "It is not UTF-8. Save it as UTF-8.")
EMPTY = Text("文件是空的。", "The file is empty.")
BROKEN_ZIP = Text("这个 ZIP 打不开：{why}。", "This ZIP cannot be opened: {why}.")
OUTSIDE = Text(
    "ZIP 里有一个指向外面的文件名「{name}」，没有导入。",
    "The ZIP has a name that leads outside of it, {name!r}; nothing was imported.",
)
OTHERWISE = Text(
    "ZIP 里的「{name}」用了不常见的压缩方式。请用普通的 ZIP（deflate）重新打包。",
    "{name!r} is packed in a way that is not common. Pack it as a plain ZIP (deflate).",
)
LOCKED = Text("ZIP 有密码，打不开。", "The ZIP has a password.")
BROKEN_JSON = Text("不是有效的 JSON（第 {line} 行附近）。", "It is not valid JSON, near line {line}.")
BROKEN_YAML = Text("不是有效的 YAML（第 {line} 行附近）。", "It is not valid YAML, near line {line}.")


@dataclass
class Document:
    """`files`: what was packed in it, or was dropped with it, by name; else empty."""

    name: str
    text: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    cut: bool = False
    """Something stood behind its data."""

    @cached_property
    def data(self) -> Any:
        """Of JSON or YAML; None where it is neither. Raises BadAgent for what is beyond bounds."""
        text = self.text.strip()
        if text[:1] in ("{", "["):
            return self._json(text)
        looks = re.search(r"^[\w\"'.$-]+\s*:(\s|$)", text[:20_000], re.MULTILINE)
        return yaml_of(text) if looks and not text.startswith("---\n") else None

    def _json(self, text: str) -> Any:
        if wellformed.too_many(text, MOST):
            raise BadAgent(TOO_MUCH)
        try:
            value, end = json.JSONDecoder().raw_decode(text)
        except RecursionError:
            raise BadAgent(TOO_DEEP) from None
        except json.JSONDecodeError as e:  # YAML may begin so, too
            return yaml_of(text, BROKEN_JSON.fill(line=e.lineno))
        self.cut = bool(text[end:].strip())
        return bounded(value)


def opened(content: bytes, name: str = "") -> Document:
    """Raises BadAgent that says what is wrong with it."""
    if len(content) > LARGEST:
        raise BadAgent(TOO_LARGE.fill(most=LARGEST // 2**20))
    if re.match(rb"\x80[\x02-\x05]", content):
        raise BadAgent(PICKLED)
    if content.startswith(b"PK\x03\x04") or content.startswith(b"PK\x05\x06"):
        return Document(name, files=unpacked(content))
    if content.startswith(PNG):
        return Document(name, card_in(content))
    return Document(name, decoded(content))


def decoded(content: bytes) -> str:
    """Raises BadAgent."""
    coded = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(coded)
    except UnicodeDecodeError:
        raise BadAgent(NOT_UTF8) from None
    text = wellformed.text(text)
    if not text.strip():
        raise BadAgent(EMPTY)
    return text


def unpacked(content: bytes) -> dict[str, bytes]:
    """What is packed in it; names that lead outside refuse it whole. Raises BadAgent."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _unpacked(packed)
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, ValueError, OSError) as e:
        raise BadAgent(BROKEN_ZIP.fill(why=str(e)[:100])) from None


def _unpacked(packed: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [entry for entry in packed.infolist() if not entry.is_dir()]
    if len(entries) > MOST_PACKED:
        text = Text("ZIP 里的文件太多，最多 {most} 个。", "Too many files in the ZIP: {most} at most.")
        raise BadAgent(text.fill(most=MOST_PACKED))
    found: dict[str, bytes] = {}
    left = UNPACKED
    for entry in entries:
        name = entry.filename
        if name.startswith("/") or "\\" in name or ":" in name[:3] or ".." in name.split("/"):
            raise BadAgent(OUTSIDE.fill(name=name[:80]))
        if entry.flag_bits & 1:
            raise BadAgent(LOCKED)
        if entry.compress_type not in PACKED_BY:
            raise BadAgent(OTHERWISE.fill(name=name[:80]))
        with packed.open(entry) as stream:
            found[name] = stream.read(left + 1)
        left -= len(found[name])
        if left < 0:
            raise BadAgent(TOO_LARGE.fill(most=UNPACKED // 2**20))
    return found


def card_in(content: bytes) -> str:
    """The text that a character's picture carries, version 3 before version 2; "" for none."""
    said: dict[str, bytes] = {}
    at = len(PNG)
    while at + 8 <= len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 8 : at + 8 + length]
        if kind in TEXTS and len(body) == length:
            key, _, value = body.partition(b"\0")
            if kind == b"tEXt" and key in (b"chara", b"ccv3"):
                said[key.decode()] = value
        at += 12 + length
    coded = said.get("ccv3") or said.get("chara") or b""
    try:
        return wellformed.text(base64.b64decode(coded).decode("utf-8", "replace"))
    except ValueError:
        return ""


def yaml_of(text: str, broken: Text = BROKEN_YAML) -> Any:
    """Plain data of one YAML document; None where it is none. Raises BadAgent, also beyond bounds. `broken`:
    what is said where it cannot be read."""
    import yaml  # type: ignore[import-untyped] # only for whoever imports

    if len(text) > LARGEST_YAML:
        raise BadAgent(TOO_LARGE.fill(most=LARGEST_YAML // 2**20))
    loader = as_json(yaml, "merge")  # no key copies what others hold
    try:
        _counted(yaml, text, loader)
        found = yaml.load(text, Loader=loader)  # made of the safe one
    except yaml.YAMLError as e:
        mark = getattr(e, "problem_mark", None)
        raise BadAgent(broken.fill(line=mark.line + 1 if mark else "?")) from None
    except RecursionError:
        raise BadAgent(TOO_DEEP) from None
    except (ValueError, TypeError, AttributeError, OverflowError):  # a key that is a list, a huge number
        raise BadAgent(broken.fill(line="?")) from None
    return bounded(found) if isinstance(found, dict | list) else None


def _counted(yaml: Any, text: str, loader: Any) -> None:
    depth = number = 0
    for number, event in enumerate(yaml.parse(text, Loader=loader)):
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth += 1
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise BadAgent(TOO_DEEP)
        if number > MOST:
            raise BadAgent(TOO_MUCH)


def bounded(value: Any) -> Any:
    """It, with names that are text, well-formed; what stands for a lot by names is counted as often as it is
    used. Raises BadAgent."""
    return _bounded(value, DEEPEST, _Room())


@dataclass
class _Room:
    """What is left of both bounds."""

    values: int = MOST
    text: int = MOST_TEXT

    def take(self, value: Any) -> None:
        self.values -= 1
        self.text -= len(value) if isinstance(value, str) else 0
        if self.values < 0:
            raise BadAgent(TOO_MUCH)
        if self.text < 0:
            raise BadAgent(TOO_LARGE.fill(most=MOST_TEXT // 1_000_000))


def _bounded(value: Any, deepest: int, room: _Room) -> Any:
    room.take(value)
    match value:
        case dict() | list() if deepest == 0:
            raise BadAgent(TOO_DEEP)
        case dict():
            return {_name(key, room): _bounded(one, deepest - 1, room) for key, one in value.items()}
        case list():
            return [_bounded(one, deepest - 1, room) for one in value]
        case str():
            return wellformed.text(value)
        case bool() | None:
            return value
        case int():
            return value if abs(value) < LARGEST_NUMBER else None
        case float():
            return value if abs(value) < float("inf") else None
    return _name(value, room)


def _name(value: Any, room: _Room) -> str:
    """Of a key, or of what JSON does not have."""
    if isinstance(value, int) and abs(value) >= LARGEST_NUMBER:
        return ""
    name = str(value)
    room.text -= len(name)
    return wellformed.text(name)


def yaml_text(data: Any) -> str:
    """Plain data as YAML."""
    import yaml

    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100))
