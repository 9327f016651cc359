"""Where what may vanish is held: the one place that chooses."""

import logging
import os
from collections.abc import Mapping
from pathlib import Path

from runtime.store.database.postgres_url import VARIABLE as DATABASE
from runtime.store.database.postgres_url import read as read_database
from runtime.store.vanishing import Vanishing
from runtime.store.vanishing.in_folder import InFolder
from runtime.store.vanishing.redis_url import VARIABLE as REDIS
from runtime.store.vanishing.redis_url import read as read_redis
from runtime.store.vanishing.shared import Shared

log = logging.getLogger(__name__)

OPEN = (
    "%s is on another machine and used without a password: whoever reaches it may change what is counted. "
    "Set one (requirepass) and give it as redis://:password@host:6379/0"
)


def opened(data: Path, environ: Mapping[str, str] = os.environ) -> Vanishing:
    """Redis where one is named, else the shared database, else `data` of this home. In an event loop.

    Raises BadSettings; whether the server is there shows later, and stops nobody.
    """
    if url := environ.get(REDIS, "").strip():
        where = read_redis(url)
        if where.is_open:
            log.warning(OPEN, where.shown)
        from runtime.store.vanishing.in_redis import InRedis

        return Shared(InRedis(where))
    if url := environ.get(DATABASE, "").strip():
        from runtime.store.vanishing.in_postgres import InPostgres

        return Shared(InPostgres(read_database(url)))
    return InFolder(data)
