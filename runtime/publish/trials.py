"""What stands beside the version that answers everybody ends when that becomes another one."""

import time

from runtime.access.actor import Actor
from runtime.store.control.canaries import Why
from runtime.store.control.control import Control
from runtime.store.control.records import Publication
from runtime.store.control.shadows import Why as ShadowWhy


def end_trials(control: Control, publication: Publication, why: Why | None, by: Actor) -> None:
    """`publication`: as it is saved; `why`: how that ends its canary, None: it does not."""
    now = time.time()
    if why and (canary := control.canaries.find(publication.id)):
        control.canaries.end(publication.id, canary.version, why, now, by=by.id)
    if shadow := control.shadows.find(publication.id):
        ended: ShadowWhy = "live" if shadow.version == publication.version else "replaced"
        control.shadows.end(publication.id, shadow.version, ended, now, by=by.id)
