"""Which bases there are, told by their folders."""

from pathlib import Path

from runtime import wellformed


def known(home: Path) -> frozenset[str]:
    """Their ids. Whether one can be read is another question."""
    return frozenset(file.parent.name for file in (home / "knowledge").glob("*/base.json"))


def titles(home: Path) -> dict[str, str]:
    """What each is called; its id where that cannot be read."""
    return {id: _title(home / "knowledge" / id / "base.json") or id for id in sorted(known(home))}


def _title(file: Path) -> str:
    try:
        said = wellformed.load(file.read_bytes())
    except (OSError, ValueError):
        return ""
    name = said.get("name") if isinstance(said, dict) else None
    return name[:100] if isinstance(name, str) else ""
