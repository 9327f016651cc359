"""Find the files in a folder: a folder of modules is the registry of what they export."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")


def discover(package: ModuleType, export: str, *, folders_only: bool = False) -> dict[str, Any]:
    """Import every module of `package` whose name has no leading underscore; return name → its `export`.

    `folders_only`: files beside the folders are something else.
    Raises TypeError when a module forgets its export: we ship all our plugins, so a broken one is our bug.
    """
    found = {}
    for info in pkgutil.iter_modules(package.__path__):
        if info.name.startswith("_") or (folders_only and not info.ispkg):
            continue
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        try:
            found[info.name] = getattr(module, export)
        except AttributeError:
            raise TypeError(f"{module.__name__} exports no {export}") from None
    return found


class Registry(Generic[T]):
    """What the modules of one package export, by name; looked for once, when it is first asked."""

    def __init__(self, package: str, export: str, *, folders_only: bool = False) -> None:
        self._package = package
        self._export = export
        self._folders_only = folders_only
        self._found: Mapping[str, T] | None = None

    def __call__(self) -> Mapping[str, T]:
        if self._found is None:
            package = importlib.import_module(self._package)
            found = discover(package, self._export, folders_only=self._folders_only)
            self._found = cast(Mapping[str, T], found)
        return self._found

    @contextmanager
    def including(self, more: Mapping[str, T]) -> Iterator[None]:
        """While it is entered there are these too, e.g. from elsewhere: `discover(package, export)`."""
        before = self()
        self._found = {**before, **more}
        try:
            yield
        finally:
            self._found = before
