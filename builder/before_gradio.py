"""What Gradio has to know before it is imported: it asks nobody on the internet, and writes no stubs.

It would write a `.pyi` file beside each component, ours too, for which it reads and parses the source of 80
classes at every start: two fifths of what importing it takes. mypy would believe those of ours.
"""

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

WRITER = "gradio.component_meta"
"""The module whose `create_or_modify_pyi` writes them."""


def prepare() -> None:
    """Where Gradio is there already, it holds for the components that come later."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    if WRITER in sys.modules:
        _silence(sys.modules[WRITER])
    else:
        sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    """Of that module alone, once."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != WRITER:
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(fullname, path, target)
        loader: Any = spec and spec.loader
        run = loader.exec_module

        def run_and_silence(module: ModuleType) -> None:
            run(module)
            _silence(module)

        loader.exec_module = run_and_silence
        return spec


def _silence(module: ModuleType) -> None:
    vars(module)["create_or_modify_pyi"] = lambda *_: None
