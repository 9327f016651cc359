"""What a client sent, as the model of it."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from runtime.errors import Invalid
from runtime.schema import Strict, first_problem

M = TypeVar("M", bound=Strict)
LARGEST = 64 * 1024
"""Bytes of a request; files go by themselves."""


def checked(model: type[M], data: Mapping[str, Any]) -> M:
    """Raises Invalid with the first thing that is wrong."""
    try:
        return model.model_validate(data)
    except ValidationError as e:
        problem = first_problem(e)
        raise Invalid(problem.sentence(), field=problem.field, code="invalid") from None
