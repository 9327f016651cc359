"""Another key of the installation: what an older one sealed is sealed anew, and the older ones are forgotten.

The file's keys stand in the order in which they count: the first one seals, all open. Each step is one whole
file written anew, so that whoever is killed in between goes on by being called again. What makes marks stays
as it was: links, the audit log's cuts and keyed hashes of people go on to be recognised.
"""

import logging
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from runtime.errors import BadSettings
from runtime.files import write_whole
from runtime.lang import Text, as_it_is
from runtime.locks import alone
from runtime.store.control.atomic import PRIVATE
from runtime.store.control.control import Control
from runtime.store.control.secrets import KEY_FILE, MARKS, NEXT, SecretBox, marking, sealing

log = logging.getLogger(__name__)

BYTES = 32
SEALED = re.compile(r'"([0-9a-f]{8}):[A-Za-z0-9+/]{16,}={0,2}"')

IN_ENVIRONMENT = Text(
    "密钥在 HONGYAN_SECRET_KEY 里，命令改不了它。请把它改成下面这一行，重新启动，再运行一次这个命令："
    "\n{value}",
    "The key is in HONGYAN_SECRET_KEY, which no command can change. Set it to the line below, start again, "
    "and run this command once more:\n{value}",
)
SAME = Text(
    "密钥在 HONGYAN_SECRET_KEY 里：运行 secrets rotate，按它说的改，每台机器改成同样的值。",
    "The key is in HONGYAN_SECRET_KEY: run secrets rotate, and set what it says on every machine alike.",
)
LESS = Text(
    "没有用旧密钥加密的内容了。请把 HONGYAN_SECRET_KEY 改成下面这一行，重新启动：\n{value}",
    "Nothing is sealed by the older keys any more. Set HONGYAN_SECRET_KEY to the line below and start "
    "again:\n{value}",
)
STILL = Text(
    "这些文件里还有用旧密钥加密的内容，旧密钥先留着：{files}。请先修好它们，再运行一次。",
    "What an older key sealed is still in {files}, so the older keys stay. Mend that, and run this again.",
)
SEVERAL = Text(
    "已经备好下一把密钥。请把 data/secret.key 复制到每一台机器，再到每一台上运行 secrets rotate。",
    "The next key is ready. Copy data/secret.key to every machine, then run secrets rotate on each.",
)


@dataclass(frozen=True)
class Keys:
    """`data/secret.key` of an installation."""

    data: Path

    @property
    def path(self) -> Path:
        return self.data / KEY_FILE

    def read(self) -> list[str]:
        """Raises BadSettings when they are gone."""
        SecretBox.in_folder(self.data, is_new=False)
        return self.path.read_text(encoding="utf-8").split()

    def write(self, keys: Sequence[str]) -> None:
        write_whole(self.path, "".join(f"{key}\n" for key in keys).encode(), PRIVATE)

    def alone(self) -> AbstractContextManager[None]:
        return alone(self.data / "secret.key.lock")


def prepared(data: Path, given: str = "") -> None:
    """A key that opens already and seals not yet, for machines that share a store. Raises BadSettings."""
    if given:
        raise BadSettings(SAME.fill(), field="HONGYAN_SECRET_KEY")
    keys = Keys(data)
    with keys.alone():
        there = keys.read()
        if not any(key.startswith(NEXT) for key in there):
            keys.write([*_marked(there), f"{NEXT}{secrets.token_urlsafe(BYTES)}"])


def rotated(data: Path, given: str = "") -> int:
    """Put a new key in front, or the one that was prepared, and seal everything by it; how many older ones
    are left. `given`: as Settings has the key. Raises BadSettings, with the value to set where it is there.
    """
    if given:
        return _in_environment(data, given)
    keys = Keys(data)
    with keys.alone():
        there = keys.read()
        keys.write(_with_new(there))
    Control.in_folder(data)
    return len(sealing(keys.read())) - 1


def forgotten(data: Path, given: str = "") -> int:
    """Drop the keys that only open, once nothing is sealed by them; how many. Raises BadSettings."""
    if given:
        return _forgotten_there(data, given)
    keys = Keys(data)
    with keys.alone():
        there = keys.read()
        Control.in_folder(data)
        box = SecretBox(there)
        _refuse_older(data, box)
        kept = [one for one in _marked(there) if one.startswith(MARKS)]
        keys.write([sealing(there)[0], *kept])
        return len(box.older)


def sealed_by(data: Path, numbers: Sequence[str]) -> Iterator[str]:
    """Files of the control in which something is sealed by these keys."""
    for path in sorted((data / "control").rglob("*.json")):
        if _has(path, numbers):
            yield path.name


def _has(path: Path, numbers: Sequence[str]) -> bool:
    return any(found[1] in numbers for found in SEALED.finditer(path.read_text(encoding="utf-8")))


def _with_new(there: Sequence[str]) -> list[str]:
    marked = _marked(there)
    ready = [key.removeprefix(NEXT) for key in marked if key.startswith(NEXT)]
    new = ready[0] if ready else secrets.token_urlsafe(BYTES)
    return [new, *(key for key in marked if not key.startswith(NEXT))]


def _marked(there: Sequence[str]) -> list[str]:
    """With what made marks so far, whatever key seals from now on."""
    if any(key.startswith(MARKS) for key in there):
        return list(there)
    return [*there, *(f"{MARKS}{marking(key).hex()}" for key in sealing(there))]


def _in_environment(data: Path, given: str) -> int:
    """Raises BadSettings with what to set, or once it is set and something is still sealed by another."""
    keys = _keys_of(given)
    if len(sealing(keys)) == 1:
        value = ",".join(_with_new(keys))
        raise BadSettings(IN_ENVIRONMENT.fill(value=as_it_is(value)), field="HONGYAN_SECRET_KEY")
    Control.in_folder(data, given)
    _refuse_older(data, SecretBox(keys))
    return len(sealing(keys)) - 1


def _forgotten_there(data: Path, given: str) -> int:
    keys = _keys_of(given)
    Control.in_folder(data, given)
    _refuse_older(data, SecretBox(keys))
    if len(sealing(keys)) == 1:
        return 0
    kept = [one for one in _marked(keys) if one.startswith(MARKS)]
    value = ",".join([sealing(keys)[0], *kept])
    raise BadSettings(LESS.fill(value=as_it_is(value)), field="HONGYAN_SECRET_KEY")


def _refuse_older(data: Path, box: SecretBox) -> None:
    _renew_former(data, box.older)
    if left := sorted(set(sealed_by(data, box.older))):
        raise BadSettings(STILL.fill(files=as_it_is(", ".join(left))), field=KEY_FILE)


def _renew_former(data: Path, numbers: Sequence[str]) -> None:
    """The former version of a file, for when it is damaged, is the present one where it opens no more."""
    for former in (data / "control").rglob("*.previous.json"):
        path = former.with_name(former.name.removesuffix(".previous.json") + ".json")
        if path.exists() and _has(former, numbers) and not _has(path, numbers):
            write_whole(former, path.read_bytes(), PRIVATE)


def _keys_of(given: str) -> list[str]:
    return [key.strip() for key in given.split(",")]
