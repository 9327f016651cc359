"""What "default" means when endpoints come, change and go: always a model that is there, if any is."""

from collections.abc import Sequence

from runtime.models.providers import PROVIDERS, Endpoint


def after_saving(chosen: str, endpoint: Endpoint) -> str:
    """The first one becomes the default; a model that is taken off its endpoint's list is it no longer."""
    name, _, model = chosen.partition("/")
    if not chosen:
        return first_of(endpoint)
    if name == endpoint.name and endpoint.models and model and model not in endpoint.models:
        return first_of(endpoint)
    return chosen


def after_removing(chosen: str, name: str, left: Sequence[Endpoint]) -> str:
    if chosen != name and not chosen.startswith(f"{name}/"):
        return chosen
    return next((model for endpoint in left if (model := first_of(endpoint))), "")


def first_of(endpoint: Endpoint) -> str:
    """`name/model`; "" when nobody knows a model of it."""
    model = endpoint.default_model or next(iter(endpoint.models or PROVIDERS[endpoint.provider].models), "")
    return f"{endpoint.name}/{model}" if model else ""
