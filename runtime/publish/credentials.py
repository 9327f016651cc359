"""A channel's settings: completed, checked, and parted into what may be read and what is sealed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr, ValidationError

from runtime.channels import AsksPlatform, Channel, Guides, registry
from runtime.errors import BadSettings, NotFound
from runtime.lang import Text, joined
from runtime.schema import label, problems

BETWEEN = Text("", " ")
"""Of two sentences."""


@dataclass(frozen=True)
class Credentials:
    """Settings that the channel accepted."""

    settings: Mapping[str, Any]
    """What may be shown."""
    secrets: Mapping[str, str]
    account: str
    """Names the platform's account; "" where there is none."""

    def get(self, field: str) -> str:
        """One value, secret or not; "" when there is none."""
        return self.secrets.get(field) or str(self.settings.get(field, ""))


def channel_named(name: str) -> type[Channel]:
    """Raises NotFound."""
    found = registry().get(name)
    if found is None:
        known = ", ".join(sorted(registry()))
        raise NotFound(
            Text(
                "没有「{name}」这个渠道；可用：{known}。",
                "There is no channel {name!r}; there are {known}.",
            ).fill(name=name, known=known)
        )
    return found


def cleaned(given: Mapping[str, str]) -> dict[str, str]:
    """Without the blanks that copying brings along, and without empty values: those mean "as it is"."""
    return {name: value.strip() for name, value in given.items() if value.strip()}


def with_suggested(kind: type[Channel], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, with ours where the channel suggests some and none is given."""
    return {**suggested(kind), **values}


def suggested(kind: type[Channel]) -> Mapping[str, str]:
    """What the owner may leave to us, and then copies to the platform."""
    return kind.suggest() if issubclass(kind, Guides) else {}


def checked(kind: type[Channel], values: Mapping[str, Any]) -> Credentials:
    """Raises BadSettings that names every field that is missing or wrong."""
    try:
        settings = kind.Settings.model_validate(values)
    except ValidationError as e:
        found = {one.field: one for one in problems(e)}
        text = joined((one.sentence(_label(kind, name)) for name, one in found.items()), BETWEEN)
        wrongs = {name: one.at_field() for name, one in found.items()}
        raise BadSettings(text, field=next(iter(wrongs))).all_of(wrongs) from None
    given = {name: getattr(settings, name) for name in settings.model_fields_set}
    hidden = {name: value.get_secret_value() for name, value in given.items() if isinstance(value, SecretStr)}
    shown = settings.model_dump(mode="json", include=set(given) - set(hidden))
    channel = kind(settings)
    return Credentials(shown, hidden, channel.account if isinstance(channel, AsksPlatform) else "")


def spared(kind: type[Channel], secrets: Collection[str], values: Mapping[str, Any]) -> list[str]:
    """Of the secrets that these settings have those without which they would do."""

    def does(without: str) -> bool:
        try:
            kind.Settings.model_validate({**values, without: ""})
        except ValidationError:
            return False
        return True

    return [name for name in secrets if values.get(name) and does(name)]


def _label(kind: type[Channel], field: str) -> Text | None:
    """What the form calls it, and in brackets what the command line does."""
    info = kind.Settings.model_fields.get(field)
    if info is None:
        return None
    return Text("{title}（{field}）", "{title} ({field})").fill(title=label(info, field), field=field)
