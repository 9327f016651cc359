"""Find the files in a folder: a folder of modules is the registry of what they export."""

import importlib
import pkgutil
from types import ModuleType
from typing import Any


def discover(package: ModuleType, export: str) -> dict[str, Any]:
    """Import every module of `package` whose name has no leading underscore; return name → its `export`.

    Raises TypeError when a module forgets its export: we ship all our plugins, so a broken one is our bug.
    """
    found = {}
    for info in pkgutil.iter_modules(package.__path__):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        try:
            found[info.name] = getattr(module, export)
        except AttributeError:
            raise TypeError(f"{module.__name__} exports no {export}") from None
    return found
