"""litellm in a process of its own: `python -m runtime.models.litellm_child FD`, one end of a socket pair.

Whoever holds the other end (adapters/via_litellm/child.py) asks; nobody else can. The words they speak are
in frames.py. Only this folder imports litellm, and only when the process begins: importing takes seconds and
120 MB, a question milliseconds of CPU, and its clients may not be collected on somebody else's event loop.
"""
