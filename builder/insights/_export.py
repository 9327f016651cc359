"""What is taken along, by whom it may be, and written down; messages as CSV, for spreadsheets, which must not
take what somebody wrote for a formula."""

import csv
import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from builder.insights import _words
from builder.insights._words import t
from builder.insights.desk import desk
from runtime.access.permissions import Permission
from runtime.store.database import Row

EXPORTED = 10_000
"""Messages in one file at most."""
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet may take for the beginning of a formula (OWASP, CSV injection)."""
BOM = "\ufeff"
"""Without it Excel reads Chinese as something else."""


TYPES = {"csv": "text/csv", "html": "text/html", "json": "application/json"}


def may_export(agent: str) -> bool:
    """Of that one; "" for what is nobody's any more: then on everything."""
    return desk().who().may(Permission.CONVERSATIONS_EXPORT, agent or None)


def download(
    text: str,
    made: Callable[[], str | bytes],
    file: str,
    *,
    what: str,
    agents: Sequence[str],
    of: str = "",
    key: str | None = None,
    help: str | None = None,
) -> None:
    """A button that gives `made`, for whoever may take conversations of these agents along; none, where there
    is nothing of theirs. Asked again, and in the audit log, before any of it is there."""
    if not agents or not all(map(may_export, agents)):
        return

    context = get_script_run_ctx()

    def given() -> str | bytes:
        """Where Streamlit asks for it nobody is known: in a thread that is the page's."""
        with ThreadPoolExecutor(1, initializer=add_script_run_ctx, initargs=(None, context)) as pool:
            return pool.submit(checked).result()

    def checked() -> str | bytes:
        for agent in agents:
            desk().who().must(Permission.CONVERSATIONS_EXPORT, agent or None)
        desk().looked(what, of)
        return made()

    st.download_button(
        text, given, file, TYPES[file.rpartition(".")[2]], key=key, help=help, on_click="ignore"
    )


def to_csv(lines: Sequence[Row], *, openly: bool) -> str:
    """Newest first, with a header line. `openly`: with the platform's ids of people."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    names = ("time", "person", "text", "reply", "state", "took")
    writer.writerow(
        [
            "message",
            t("filter.publication"),
            *(t(f"list.{name}") for name in names),
            t("figure.tokens"),
            t("table.cost"),
        ]
    )
    for line in lines:
        writer.writerow([harmless(cell) for cell in _cells(line, openly)])
    return BOM + out.getvalue()


def harmless(cell: str) -> str:
    """A quote in front makes it text, whatever it begins with."""
    return f"'{cell}" if cell.lstrip(" \u3000\u00a0\u200b\ufeff").startswith(FORMULA) else cell


def _cells(line: Row, openly: bool) -> list[str]:
    took = line["finished_at"] - line["accepted_at"] if line["finished_at"] else None
    return [
        str(line["seq"]),
        _words.publication(line["publication"]),
        _words.figures(line["accepted_at"]),
        _words.person(line, openly=openly),
        _words.said(line),
        line["reply"] or "",
        _words.state(line),
        "" if took is None else f"{took:.1f}",
        str(line["tokens"]),
        "" if line["cost"] is None else f"{line['cost']:.6f}",
    ]
