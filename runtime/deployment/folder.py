"""A folder of files that belong together: written anew as often as one likes, while its secrets stay."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from runtime.errors import Conflict
from runtime.files import disk, make_private, write_here
from runtime.lang import Text

MARK = ".hongyan-deploy"
"""Says that we may write here, and what."""
SECRETS = "secrets"
NOT_OURS = Text(
    "「{folder}」里已经有别的文件。请换一个新文件夹。",
    "{folder!r} holds other files already. Choose a new folder.",
)


@dataclass(frozen=True)
class Secret:
    """In a file of NAME=value lines, or alone in one (`name` is ""). Used where none is there yet."""

    file: str
    name: str
    value: str


def write(folder: Path, kind: str, files: Mapping[str, str], kept: Iterable[Secret] = ()) -> list[Path]:
    """What was written, secrets first. Only its owner may look in. Raises Conflict, NotSaved."""
    _claim(folder, kind)
    written = _keep_secrets(folder / SECRETS, kept)
    for name, text in files.items():
        write_here(folder / name, text.encode(), 0o644)
        written.append(folder / name)
    return written


def _claim(folder: Path, kind: str) -> None:
    mark = folder / MARK
    with disk(folder):
        if folder.exists() and any(folder.iterdir()) and not (mark.is_file() and _says(mark, kind)):
            raise Conflict(NOT_OURS.fill(folder=str(folder)), field="--into")
    make_private(folder)
    write_here(mark, f"{kind}\n".encode(), 0o644)


def _says(mark: Path, kind: str) -> bool:
    return mark.read_bytes()[:100].decode("utf-8", "replace").strip() == kind


def _keep_secrets(folder: Path, kept: Iterable[Secret]) -> list[Path]:
    """What is there stays as it is, even when its owner changed it; what is missing is made."""
    files: dict[str, str] = {}
    for secret in kept:
        path = folder / secret.file
        if secret.file not in files:
            with disk(path):
                files[secret.file] = path.read_text("utf-8", "replace") if path.exists() else ""
        text = files[secret.file]
        if not secret.name:
            files[secret.file] = text or secret.value
        elif not any(line.startswith(f"{secret.name}=") for line in text.splitlines()):
            ended = text if text.endswith("\n") or not text else f"{text}\n"
            files[secret.file] = f"{ended}{secret.name}={secret.value}\n"
    if files:
        make_private(folder)
    for name, text in files.items():
        # Read by the users that other containers run as: the folder above lets nobody else in.
        write_here(folder / name, text.encode(), 0o644)
    return [folder / name for name in files]


def value_of(folder: Path, file: str, name: str) -> str:
    """Of a secret that is there already; "" where it is not."""
    path = folder / SECRETS / file
    with disk(path):
        lines = path.read_text("utf-8", "replace").splitlines() if path.exists() else []
    return next((line.partition("=")[2] for line in lines if line.startswith(f"{name}=")), "")


def fresh() -> str:
    """A secret that needs no quoting anywhere."""
    return secrets.token_urlsafe(24)
