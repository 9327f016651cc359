"""What one variable of the environment may say. Each raises BadSettings, whose `field` is its name."""

import re
from collections.abc import Mapping, Sequence

from runtime.errors import BadSettings
from runtime.lang import Text, as_it_is, listed

MIN_KEY_LENGTH = 16
HEADER = re.compile(r"[A-Za-z0-9-]{1,100}")


def number(environ: Mapping[str, str], name: str, usual: int, most: int) -> int:
    given = environ.get(name, "").strip() or str(usual)
    if not given.isascii() or not given.isdigit() or not 0 < int(given) <= most:
        text = Text("应为 1 到 {most} 的整数，而不是「{given}」", "should be 1 to {most}, not {given!r}")
        raise bad(name, text.fill(given=given, most=most))
    return int(given)


def secret_key(environ: Mapping[str, str], name: str) -> str:
    given = environ.get(name, "").strip()
    if given and any(len(key.strip()) < MIN_KEY_LENGTH for key in given.split(",")):
        raise bad(
            name,
            Text(
                "太短，至少 {min_key_length} 个字符，例如 openssl rand -base64 32 的输出",
                "is too short: at least {min_key_length} characters, e.g. from openssl rand -base64 32",
            ).fill(min_key_length=MIN_KEY_LENGTH),
        )
    return given


def key(environ: Mapping[str, str], name: str) -> str:
    given = environ.get(name, "").strip()
    if given and (len(given) < MIN_KEY_LENGTH or not given.isascii() or not given.isprintable()):
        raise bad(
            name,
            Text(
                "至少要有 {min_key_length} 个字符（字母、数字、符号）",
                "should have at least {min_key_length} characters (letters, digits, signs)",
            ).fill(min_key_length=MIN_KEY_LENGTH),
        )
    return given


def headers(environ: Mapping[str, str], name: str) -> dict[str, str]:
    """`name=value`, with commas between them."""
    found = {}
    for one in filter(None, (part.strip() for part in environ.get(name, "").split(","))):
        header, is_there, value = (part.strip() for part in one.partition("="))
        if not (is_there and HEADER.fullmatch(header) and value.isascii() and value.isprintable()):
            raise bad(name, Text("应为 名称=值，中间用逗号", "should be name=value, with commas"))
        found[header.lower()] = value
    return found


def one_of(environ: Mapping[str, str], name: str, choices: Sequence[str], usual: str = "") -> str:
    """`usual`: where it says nothing; else the first."""
    given = environ.get(name, "").strip().lower() or usual or choices[0]
    if given not in choices:
        raise bad(name, Text("只能是 {choices}", "should be one of {choices}").fill(choices=listed(choices)))
    return given


def bad(name: str, text: Text, title: Text | None = None) -> BadSettings:
    known = title or as_it_is(name)
    return BadSettings(Text("{known}：{text}。", "{known} {text}.").fill(known=known, text=text), field=name)
