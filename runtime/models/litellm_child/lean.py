"""litellm does for each answer only what somebody here reads.

It puts a stream together once more, prices it three times and hands it to loggers on threads of their own,
for observers that this process does not have: half of a question's CPU.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any


def kept() -> None:
    """From here on. `asking` prices what it gives out, and hears of a failure by its exception.

    Raises AttributeError if litellm has something by another name now.
    """
    logging = import_module("litellm.litellm_core_utils.litellm_logging").Logging
    for name in ("dispatch_success_handlers", "dispatch_failure_handlers"):
        _replace(logging, name, _unheard)
    for name in ("async_success_handler", "async_failure_handler"):
        _replace(logging, name, _unheard)
    for name in ("success_handler", "failure_handler", "response_cost_calculator"):
        _replace(logging, name, _unread)
    _replace(import_module("litellm.utils"), "_client_async_logging_helper", _unheard)
    _replace(
        import_module("litellm.litellm_core_utils.logging_utils"), "_get_service_logger", lambda: _Timings
    )
    _replace(import_module("litellm"), "stream_chunk_builder", _used)
    _replace(import_module("litellm.litellm_core_utils.streaming_handler"), "asyncify", _here)


def _replace(owner: Any, name: str, by: Any) -> None:
    getattr(owner, name)
    setattr(owner, name, by)


async def _unheard(*_: Any, **__: Any) -> None:
    pass


def _unread(*_: Any, **__: Any) -> None:
    pass


class _Timings:
    async_service_success_hook = staticmethod(_unheard)
    async_service_failure_hook = staticmethod(_unheard)


def _used(chunks: Sequence[Any], messages: list[Any] | None = None, **_: Any) -> Any:
    """Of the whole stream only what it used; the pieces were given out."""
    processor = import_module("litellm.litellm_core_utils.streaming_chunk_builder_utils").ChunkProcessor
    model = str(getattr(chunks[0], "model", "")) if chunks else ""
    usage = processor(chunks, messages).calculate_usage(chunks, model, "", messages)
    return import_module("litellm").ModelResponse(model=model, usage=usage)


def _here(call: Any) -> Any:
    """Not on another thread: it takes a tenth of what going there does."""

    async def called(*given: Any, **named: Any) -> Any:
        return call(*given, **named)

    return called
