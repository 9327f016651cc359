"""A kept secret goes where it went: whoever publishes was never shown it, and sends it nowhere else."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from runtime.channels import Channel
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.publish.credentials import Credentials

ANEW = Text(
    "换了服务器地址，原来的密钥不会带过去：请填写这个地址的。",
    "The server is another one, and the secret that is kept does not go there: enter the one for it.",
)


def refuse_moving(
    kind: type[Channel], before: Mapping[str, Any], given: Mapping[str, str], made: Credentials
) -> None:
    """For another address it is asked for anew. `made`: of what was there `before` and what is `given`.

    Raises BadSettings.
    """
    secrets = [name for name in made.secrets if before.get(name) and name not in given]
    if not secrets:
        return
    try:
        known = kind(kind.Settings.model_validate(before)).secrets_go_to
    except ValidationError:
        known = frozenset()
    will = kind(kind.Settings.model_validate({**made.settings, **made.secrets}))
    if not will.secrets_go_to <= known:
        wrongs = {name: ANEW for name in secrets}
        raise BadSettings(ANEW, field=secrets[0]).all_of(wrongs)
