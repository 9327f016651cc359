"""The key of a message's page: made when the page is first told of."""

import secrets

from runtime.store.database import Db


def page_secret(db: Db, seq: int) -> str:
    sql = "update messages set page=coalesce(page, ?) where seq=? returning page"
    return str(db.execute(sql, (secrets.token_urlsafe(16), seq)).fetchone()["page"])
