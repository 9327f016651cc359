"""What a command prints, and what it opens of an installation."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from runtime.agents.library import Library
from runtime.settings import Settings
from runtime.store.control.control import Control


def say(fact: Mapping[str, Any]) -> None:
    """One JSON object a line, at once: whoever reads may be a program that waits for it."""
    sys.stdout.write(f"{json.dumps(fact, ensure_ascii=False)}\n")
    sys.stdout.flush()


def control_of(settings: Settings) -> Control:
    """Raises BadSettings about the sealing key."""
    return Control.in_folder(settings.data, settings.secret_key)


def library_of(settings: Settings) -> Library:
    return Library(settings.agents, settings.templates / "agents", settings.data)
