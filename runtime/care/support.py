"""What may be shown of an installation to whoever helps: how it is, and nothing that anybody wrote or hides.

Whatever goes in is counted, listed by our own names, or cleaned (see `cleaning`); no file is taken along.
"""

import io
import json
import os
import platform
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from runtime.care.cleaning import Cleaner
from runtime.care.site import Site
from runtime.care.units import is_contained, ours
from runtime.care.walking import files
from runtime.checkup.check import Finding
from runtime.errors import HongyanError
from runtime.exposure.advisories import installed
from runtime.store.messages.growth import Shape, shape
from runtime.version import VERSION

LINES = 2000
"""Of the log: the last ones."""
PACKAGES = (
    "asyncpg",
    "gradio",
    "litellm",
    "pydantic",
    "redis",
    "starlette",
    "streamlit",
    "tinydb",
    "uvicorn",
)
FOLDERS = ("agents", "knowledge", "files", "prompts", "words", "texts", "backups", "data")
README = """What is in here, all of it made by `python app.py support`:

about.json     versions, system, cores
settings.json  which settings are set; values of switches and numbers alone
doctor.jsonl   what `python app.py doctor` found
counts.json    how many there are of each kind, and rows by table
schema.json    our tables and their columns
sizes.json     files and bytes by folder
log.txt        the last lines of the log, where one was given by --log

Nothing that people wrote, no name of theirs, no key and no password is in it.
Look through it before you send it.
"""


def bundle(site: Site, findings: Sequence[Finding], log: Iterable[str]) -> bytes:
    """A ZIP. `log`: lines as the program wrote them, or journald shows them."""
    cleaner = Cleaner.of(site)
    found = _shape(site)
    parts = {
        "README.txt": README,
        "about.json": _json(about(site)),
        "settings.json": _json(cleaner.settings(site.environ)),
        "doctor.jsonl": "".join(_line(cleaner, one) for one in findings),
        "counts.json": _json({**counts(site), "rows": dict(found.rows) if found else None}),
        "schema.json": _json({"version": found.version, "tables": found.columns} if found else {}),
        "sizes.json": _json(sizes(site.settings.home)),
        "log.txt": "".join(f"{line}\n" for line in cleaner.lines(log, LINES)),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(f"hongyan-support/{name}", content)
    return made.getvalue()


def about(site: Site) -> Mapping[str, Any]:
    return {
        "at": datetime.fromtimestamp(site.clock(), UTC).isoformat(timespec="seconds"),
        "hongyan": VERSION,
        "python": platform.python_version(),
        "packages": {name: installed(name) for name in PACKAGES},
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": os.cpu_count(),
        "contained": is_contained(site),
        "units": len(ours(site)),
        "encoding": sys.getfilesystemencoding(),
    }


def counts(site: Site) -> Mapping[str, Any]:
    control = site.control
    published = Counter(one.channel for one in control.publications() if one.enabled)
    return {
        "agents": len(list(site.settings.agents.glob("*.json"))),
        "bases": _folders(site.settings.home / "knowledge"),
        "publications": dict(published),
        "publications_off": sum(not one.enabled for one in control.publications()),
        "unreadable": len(control.unreadable()),
        "models": dict(Counter(one.provider for one in control.endpoints())),
        "secrets": len(control.secrets.all()),
        "users": len(control.users.all()),
        "keys": len(control.keys.all()),
    }


def sizes(home: Path) -> Mapping[str, Mapping[str, int]]:
    """Files and bytes by folder; those of `data` by what is below."""
    below = [path for path in (home / "data").glob("*") if path.is_dir()] if (home / "data").is_dir() else []
    known = {name: home / name for name in FOLDERS} | {f"data/{path.name}": path for path in below}
    found = {}
    for name, folder in known.items():
        some = [one.stat.st_size for one in files([folder])]
        if some:
            found[name] = {"files": len(some), "bytes": sum(some)}
    return found


def _shape(site: Site) -> Shape | None:
    try:
        return shape(site.messages)
    except HongyanError:  # the doctor says why
        return None


def _folders(parent: Path) -> int:
    return sum(one.is_dir() for one in parent.iterdir()) if parent.is_dir() else 0


def _line(cleaner: Cleaner, finding: Finding) -> str:
    """Cleaned before it is JSON, in which a secret may stand otherwise."""
    says, do = cleaner.cleaned(finding.says.en), cleaner.cleaned(finding.do.en)
    said = {"check": finding.check, "ok": finding.ok, "says": says, "do": do}
    return f"{json.dumps(said, ensure_ascii=False)}\n"


def _json(value: object) -> str:
    return f"{json.dumps(value, indent=2, ensure_ascii=False)}\n"
