"""Importing this loads all of our code that a gateway comes to use, so that what is forked has it."""

import importlib

for name in ("server.app", "server.program", "server.serve"):
    importlib.import_module(f"runtime.{name}")
for name in ("blocks", "channels", "tools"):
    importlib.import_module(f"runtime.{name}").registry()
