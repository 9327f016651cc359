"""Secrets that agents name: `{{ secret.erp }}`. Sealed at rest, opened only where a request is built."""

import re
import time
from collections.abc import Collection, Iterable

from runtime.errors import BadSettings, NotFound, ToolFailed
from runtime.lang import Text
from runtime.store.control.records import SealedSecret
from runtime.store.control.secrets import SecretBox
from runtime.store.control.table import Table

NAME = re.compile(r"[a-z_][a-z0-9_]{0,63}")
HOST = re.compile(r"[a-z0-9.-]+(:\d{1,5})?|\[[0-9a-f:]+\](:\d{1,5})?")
SHORTEST, LONGEST = 4, 8000
"""Characters of a value. A shorter one could not be hidden in an answer without hiding half of it."""


BAD_NAME = Text(
    "名称只能用小写字母、数字和 _，不能以数字开头。",
    "A name has lower-case letters, digits and _, no digit first.",
)
BAD_LENGTH = Text(
    "密钥要有 {shortest} 到 {longest} 个字符。", "A secret has {shortest} to {longest} characters."
)
HOLDS_CONTROLS = Text(
    "密钥里有看不见的控制字符，请重新复制。", "The secret holds control characters; copy it again."
)
TAKEN = Text(
    "已经有叫「{name}」的密钥了，请换一个名称，或关闭后点它的「更换」。",
    "There is a secret {name!r} already; choose another name, or close this and replace it.",
)
NO_HOST = Text(
    "「{host}」应是主机名，例如 api.example.com。",
    "{host!r} should be a host such as api.example.com.",
)


class NamedSecrets:
    """Implements tools.Secrets. Thread-safe; a value goes in and comes out only by `open`."""

    def __init__(self, table: Table[SealedSecret], box: SecretBox) -> None:
        self._table = table
        self._box = box

    def all(self) -> list[SealedSecret]:
        """By name."""
        return sorted(self._table.all().values(), key=lambda one: one.id)

    def names(self) -> Collection[str]:
        return self._table.all().keys()

    def put(
        self, name: str, value: str, hosts: Iterable[str] = (), *, by: str = "", fresh: bool = False
    ) -> None:
        """Set it anew; a `fresh` one must not replace another. `hosts`: where it may be sent; none: wherever
        an agent says. Raises BadSettings."""
        name, value = name.strip(), value.strip("\r\n \t")
        if not NAME.fullmatch(name):
            raise BadSettings(BAD_NAME, field="name")
        if fresh and self._table.get(name):
            raise BadSettings(TAKEN.fill(name=name), field="name")
        if not SHORTEST <= len(value) <= LONGEST:
            raise BadSettings(BAD_LENGTH.fill(shortest=SHORTEST, longest=LONGEST), field="value")
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", value.replace("\r\n", "\n")):
            raise BadSettings(HOLDS_CONTROLS, field="value")
        places = tuple(dict.fromkeys(host.strip().lower() for host in hosts if host.strip()))
        if wrong := [host for host in places if not HOST.fullmatch(host)]:
            raise BadSettings(NO_HOST.fill(host=wrong[0]), field="hosts")
        sealed = self._box.seal(value, _owner(name))
        self._table.put(SealedSecret(id=name, value=sealed, hosts=places, at=time.time(), by=by))

    def remove(self, name: str) -> None:
        """Raises NotFound."""
        if not self._table.remove(name):
            raise NotFound(Text("没有叫「{name}」的密钥。", "There is no secret {name!r}.").fill(name=name))

    def open(self, name: str, host: str) -> str:
        """The value, to be sent to `host`. Raises ToolFailed, in words that a model may read."""
        record = self._table.get(name)
        if record is None:
            raise ToolFailed(
                Text(
                    "密钥「{name}」还没有设置，请负责人到「模型」页添加。",
                    "The secret {name!r} is not set; the owner adds it on the Models page.",
                ).fill(name=name)
            )
        if record.hosts and not {host.lower(), host.lower().rpartition(":")[0]} & set(record.hosts):
            raise ToolFailed(
                Text(
                    "密钥「{name}」不允许发给 {host}。", "The secret {name!r} may not be sent to {host}."
                ).fill(name=name, host=host)
            )
        try:
            return self._box.open(record.value, _owner(name))
        except BadSettings:
            raise ToolFailed(
                Text(
                    "密钥「{name}」解不开了，请负责人重新填写。",
                    "The secret {name!r} cannot be opened; the owner enters it again.",
                ).fill(name=name)
            ) from None

    def reseal(self) -> int:
        """Seal anew what an older key sealed; what does not open is left as it is. How many open."""
        opened = 0
        for record in self.all():
            try:
                value = self._box.open(record.value, _owner(record.id))
            except BadSettings:
                continue
            opened += 1
            if not self._box.is_current(record.value):
                sealed = self._box.seal(value, _owner(record.id))
                self._table.put(record.model_copy(update={"value": sealed}))
        return opened


def _owner(name: str) -> str:
    return f"secret.{name}"
