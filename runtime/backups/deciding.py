"""Decide when a backup is made by itself, by the command or on the page: one check, one record."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from runtime.backups.key_files import lying
from runtime.backups.places import BUCKET, where
from runtime.backups.plan import Plan, Plans
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.schema import problems
from runtime.store.home_files import FOLDERS

KEYS = ("key_file", "passphrase_file")
USUAL_HOUR = "03:00"
A_FOLDER = Text(
    "定时备份要一个文件夹（以 / 结尾，不在鸿雁自己的文件夹里）或 s3://桶/文件夹，每份另起名字。",
    "A plan needs a folder, with / at its end and outside of Hongyan's own, or s3://BUCKET/FOLDER: each "
    "backup gets a name of its own.",
)


def decide(plans: Plans, home: Path, given: Mapping[str, Any], now: float, by: str) -> Plan:
    """`given`: fields of a plan; what is not given stays as it was.

    Looks whether the place can be reached and the key be read, since that is better known now than at night.
    Raises BadSettings, whose field is the plan's or a key's, and whatever keeps it from looking there.
    """
    before = plans.plan()
    text = given.get("to") or (before.to if before else "")
    to = where(text)
    if to.name or to.place.is_within(home, FOLDERS):
        raise BadSettings(A_FOLDER, field="to")
    fields: dict[str, Any] = {
        **(before.model_dump() if before else {"mark": secrets.token_hex(4), "at": USUAL_HOUR}),
        **{name: value for name, value in given.items() if name not in KEYS},
        "to": text if text.startswith(BUCKET) else f"{Path(text).absolute()}/",
        "since": now,
        "by": by,
    }
    if any(name in given for name in KEYS):
        files = [str(given.get(name) or "") for name in KEYS]
        lying(*files)
        fields |= {
            name: str(Path(file).absolute()) if file else "" for name, file in zip(KEYS, files, strict=True)
        }
    try:
        plan = Plan.model_validate(fields)
    except ValidationError as e:
        wrong = list(problems(e))
        all_wrong = {one.field: one.text for one in wrong}
        raise BadSettings(wrong[0].clause(), field=wrong[0].field).all_of(all_wrong) from None
    to.place.names()
    plans.decide(plan)
    return plan
