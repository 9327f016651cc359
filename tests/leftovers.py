"""What work leaves behind that only the garbage collector finds: objects of ours that hold one another.

The collector runs seldom in a server (runtime.server.serve.COLLECT): until then such a turn stays in memory.
"""

import gc
from collections import Counter
from contextlib import contextmanager


@contextmanager
def leftovers():
    """`with leftovers() as found`: afterwards how many objects of which of our classes and functions."""
    found = Counter()
    gc.collect()
    gc.disable()
    try:
        yield found
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        found.update(filter(None, map(_name, gc.garbage)))
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


def _name(thing):
    one = thing if hasattr(thing, "__qualname__") else type(thing)
    module = getattr(one, "__module__", None) or ""
    if not isinstance(module, str) or not module.startswith("runtime."):
        return ""
    return f"{module}.{one.__qualname__}"
