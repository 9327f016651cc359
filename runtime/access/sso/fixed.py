"""Providers that the environment says: HONGYAN_SIGN_IN, a JSON list, or the path of a file that holds one."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runtime import wellformed
from runtime.access.sso.providers import Providers
from runtime.errors import BadSettings
from runtime.lang import Text, as_it_is
from runtime.store.control.control import Control
from runtime.store.control.sso_records import ProviderRecord

NAME = "HONGYAN_SIGN_IN"
LARGEST = 256 * 1024
"""Bytes."""
NO_FILE = Text(
    "HONGYAN_SIGN_IN 里的文件读不出来：{why}", "The file that HONGYAN_SIGN_IN names cannot be read: {why}"
)
NO_LIST = Text(
    'HONGYAN_SIGN_IN 应是 JSON 列表，例如 [{{"id": "sso", "kind": "oidc", …}}]，或这样一个文件的路径。',
    'HONGYAN_SIGN_IN should be a JSON list such as [{{"id": "sso", "kind": "oidc", …}}], or the path of a '
    "file with one.",
)
WRONG = Text("HONGYAN_SIGN_IN 的第 {n} 项：{why}", "Entry {n} of HONGYAN_SIGN_IN: {why}")
TWICE = Text("HONGYAN_SIGN_IN 里有两个「{id}」。", "HONGYAN_SIGN_IN has {id!r} twice.")


def fix(control: Control, said: str, clock: Callable[[], float] = time.time) -> None:
    """From now on those are there. `said`: the variable's value. Raises BadSettings."""
    if not said.strip():
        return
    providers, found = Providers(control, clock), dict[str, ProviderRecord]()
    for n, one in enumerate(_entries(said), 1):
        try:
            record = providers.read({"by": "environment", **one})
        except BadSettings as e:
            raise BadSettings(WRONG.fill(n=n, why=e.text), field=NAME) from None
        if record.id in found:
            raise BadSettings(TWICE.fill(id=record.id), field=NAME)
        found[record.id] = record
    control.sso.fix(lambda: found.values())


def _entries(said: str) -> list[dict[str, Any]]:
    text = said.strip()
    if not text.startswith("["):
        try:
            text = Path(text).expanduser().read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as e:
            why = as_it_is(getattr(e, "strerror", None) or type(e).__name__)
            raise BadSettings(NO_FILE.fill(why=why), field=NAME) from None
    try:
        entries = wellformed.load(text, largest=LARGEST)
    except ValueError:
        entries = None
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise BadSettings(NO_LIST.fill(), field=NAME)
    return entries
