"""The providers of models that the owner set up, with their keys sealed."""

import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from pydantic import SecretStr, ValidationError

from runtime.errors import BadSettings, NotFound
from runtime.lang import Text
from runtime.models.keys import MAIN
from runtime.models.providers import MOST_KEYS, Endpoint, MoreKey
from runtime.schema import first_problem
from runtime.store.control.records import SealedEndpoint, SealedKey
from runtime.store.control.secrets import SecretBox
from runtime.store.control.table import Table

LIMITS = ("per_minute", "tokens_per_minute")
"""Of an endpoint: what its first key takes."""
NONE = Text("没有叫「{name}」的模型。", "There is no model endpoint {name!r}.")


class ModelEndpoints:
    """See Control for what every method may raise."""

    def __init__(self, table: Table[SealedEndpoint], box: SecretBox) -> None:
        self._table, self._box = table, box

    def find(self, name: str) -> Endpoint | None:
        """Raises BadSettings when one of its keys does not open."""
        record = self._table.get(name)
        return self._opened(record) if record else None

    def all(self) -> list[Endpoint]:
        """Keys that do not open are left out, so that the owner can enter them again."""
        found = (self._listed(record) for record in self._table.all().values())
        return [endpoint for endpoint in found if endpoint]

    def save(self, endpoint: Endpoint, by: str) -> None:
        """Keys that are not given stay as they are stored, unless they would now go to somebody else."""
        with self._table.exclusive():
            before = self._table.get(endpoint.name)
            same = before is not None and before.asks_the_same(endpoint)
            sealed = before.api_key if before and same else ""
            if endpoint.api_key and (key := endpoint.api_key.get_secret_value()):
                sealed = self._box.seal(key, _of(endpoint.name))
            settings = endpoint.model_dump(mode="json", exclude={"api_key", "keys"}, exclude_defaults=True)
            if before and same:
                settings = {**_limits(before), **settings}
            keys = before.keys if before and same else ()
            self._table.put(
                SealedEndpoint(id=endpoint.name, settings=settings, api_key=sealed, keys=keys, by=by)
            )

    def put_key(self, name: str, key: MoreKey, by: str) -> None:
        """Add another key, or change it; one that is not given stays. Raises NotFound, BadSettings."""
        with self._table.exclusive():
            record = self._must(name)
            before = next((one for one in record.keys if one.name == key.name), None)
            sealed = before.sealed if before else ""
            if key.api_key and (secret := key.api_key.get_secret_value()):
                sealed = self._box.seal(secret, _of(name, key.name))
            if key.name == MAIN:
                raise BadSettings(ITS_NAME, field="name")
            if not sealed:
                raise BadSettings(NO_KEY, field="api_key")
            others = [one for one in record.keys if one.name != key.name]
            if len(others) >= MOST_KEYS:
                raise BadSettings(TOO_MANY.fill(most=MOST_KEYS), field="name")
            limits = key.model_dump(include={"name", "per_minute", "tokens_per_minute"})
            keys = (*others, SealedKey(sealed=sealed, **limits))
            self._table.put(record.model_copy(update={"keys": keys, "by": by}))

    def limit_key(self, name: str, per_minute: int | None, tokens_per_minute: int | None, by: str) -> None:
        """What the first key takes. Raises NotFound."""
        with self._table.exclusive():
            record = self._must(name)
            limits = {"per_minute": per_minute, "tokens_per_minute": tokens_per_minute}
            others = {field: value for field, value in record.settings.items() if field not in LIMITS}
            given = {field: value for field, value in limits.items() if value is not None}
            self._table.put(record.model_copy(update={"settings": {**others, **given}, "by": by}))

    def remove_key(self, name: str, key: str, by: str) -> None:
        """Raises NotFound."""
        with self._table.exclusive():
            record = self._must(name)
            left = tuple(one for one in record.keys if one.name != key)
            if len(left) == len(record.keys):
                text = Text("「{name}」没有叫「{key}」的密钥。", "{name!r} has no key {key!r}.")
                raise NotFound(text.fill(name=name, key=key))
            self._table.put(record.model_copy(update={"keys": left, "by": by}))

    def remove(self, name: str) -> None:
        """Raises NotFound."""
        if not self._table.remove(name):
            raise NotFound(NONE.fill(name=name))

    def resealing(self) -> Iterator[Callable[[], int]]:
        """What seals each anew that an older key sealed, and tells how many opened."""
        for record in list(self._table.all().values()):
            yield partial(self._reseal, record)

    def _must(self, name: str) -> SealedEndpoint:
        record = self._table.get(name)
        if record is None:
            raise NotFound(NONE.fill(name=name))
        return record

    def _opened(self, record: SealedEndpoint) -> Endpoint:
        key = self._box.open(record.api_key, _of(record.id)) if record.api_key else None
        more = [self._key(record.id, one) for one in record.keys]
        try:
            return Endpoint.model_validate({**record.settings, "api_key": key, "keys": more})
        except ValidationError as e:
            problem = first_problem(e)
            raise BadSettings(
                Text(
                    "模型「{id}」的设置读不出来（{why}），请重新设置。",
                    "The settings of {id!r} cannot be read ({why}); set it up again.",
                ).fill(id=record.id, why=problem.clause()),
                field=problem.field,
            ) from None

    def _key(self, endpoint: str, key: SealedKey) -> MoreKey:
        """Without the key itself when that does not open: the others do their work."""
        opened = None
        with contextlib.suppress(BadSettings):
            opened = SecretStr(self._box.open(key.sealed, _of(endpoint, key.name)))
        return MoreKey(api_key=opened, **key.model_dump(exclude={"sealed"}))

    def _listed(self, record: SealedEndpoint) -> Endpoint | None:
        for known in (record, record.model_copy(update={"api_key": ""})):
            with contextlib.suppress(BadSettings):
                return self._opened(known)
        return None

    def _reseal(self, record: SealedEndpoint) -> int:
        opened = 0
        if record.api_key:
            record = record.model_copy(update={"api_key": self._sealed_anew(record.api_key, _of(record.id))})
            opened += 1
        keys = []
        for key in record.keys:
            owner = _of(record.id, key.name)
            keys.append(key.model_copy(update={"sealed": self._sealed_anew(key.sealed, owner)}))
            opened += 1
        record = record.model_copy(update={"keys": tuple(keys)})
        if record != self._table.get(record.id):
            self._table.put(record)
        return opened

    def _sealed_anew(self, sealed: str, owner: str) -> str:
        secret = self._box.open(sealed, owner)
        return sealed if self._box.is_current(sealed) else self._box.seal(secret, owner)


NO_KEY = Text("请填写密钥。", "Enter the key.")
ITS_NAME = Text("main 是第一个密钥的名称，请换一个。", "main is the name of the first key; choose another.")
TOO_MANY = Text("最多再加 {most} 个密钥。", "There may be {most} more keys at most.")


def _limits(record: SealedEndpoint) -> dict[str, Any]:
    return {field: record.settings[field] for field in LIMITS if field in record.settings}


def _of(endpoint: str, key: str = "") -> str:
    """Names the record and field that a sealed key belongs to."""
    return f"model.{endpoint}.{key}" if key else f"model.{endpoint}"
