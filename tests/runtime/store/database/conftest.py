"""A schema with our tables."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from postgres_rows import ask

from runtime.store.database.postgres import PostgresDatabase
from runtime.store.database.postgres_url import read
from runtime.store.messages.messages import Messages
from runtime.store.messages.tables import TABLES

PATH = Path("/nowhere/messages.db")


@pytest.fixture
def url(in_postgresql):
    with closing(Messages(PATH)):
        pass
    return read(in_postgresql.url_of(PATH))


@pytest.fixture
def alone_here(url):
    """A schema that goes with the test, for one that changes the tables."""
    with closing(PostgresDatabase(replace(url, schema="alone"), TABLES)):
        yield replace(url, schema="alone")
    ask(url, "drop schema alone cascade")
