"""A command as somebody types it."""

import io
import sys
from unittest import mock

import app


def typed(given, capsys, said=""):
    """Its exit code, output and complaints. `said`: what it reads from standard input."""
    with mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(said.encode()), "utf-8")):
        code = app.main(given)
    captured = capsys.readouterr()
    return code, captured.out, captured.err
