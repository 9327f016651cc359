"""What is logged here says of each line which question it is about; whose message that is, the parent knows.

The id is all that goes along: a line in which somebody's server speaks could at most name another question
that is asked just then.
"""

import logging
from contextvars import ContextVar

from runtime.models.litellm_child.frames import MARK

QUESTION: ContextVar[int] = ContextVar("question", default=0)
"""That is answered in this context; 0: none."""
FORMAT = "%(name)s: %(message)s"


class Marked(logging.Formatter):
    """As another formats it, each line with its mark."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        text = self._inner.format(record)
        if not (id := QUESTION.get()):
            return text
        return "\n".join(f"{MARK}{id}{MARK}{line}" for line in text.split("\n"))


def set_up() -> None:
    """Warnings to standard error."""
    logging.basicConfig(level=logging.WARNING, format=FORMAT)


def mark_all() -> None:
    """Also what libraries made for themselves as they were loaded, which say each line once from now on."""
    named = [one for one in logging.Logger.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    for logger in (logging.getLogger(), *named):
        if logger.parent and any(isinstance(one, logging.StreamHandler) for one in logger.handlers):
            logger.propagate = False
        for handler in logger.handlers:
            if not isinstance(handler.formatter, Marked):
                handler.setFormatter(Marked(handler.formatter or logging.Formatter()))
