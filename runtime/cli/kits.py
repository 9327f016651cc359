"""The command that writes the project of a publication."""

import argparse
from pathlib import Path

from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import control_of, say
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.publish.kits import kit_of
from runtime.settings import Settings

UNWRITTEN = Text("写不了「{file}」（{why}）。", "Cannot write {file!r} ({why}).")


@needs(Permission.AGENTS_PUBLISH)
@unrecorded("a project without secrets, which changes nothing here")
def write_kit(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises NotFound, BadSettings."""
    control = control_of(settings)
    _, packed = kit_of(control, settings, options.publication)
    try:
        Path(options.file).write_bytes(packed)
    except OSError as e:
        raise NotFound(UNWRITTEN.fill(file=options.file, why=e.strerror or "?")) from None
    told = {"file": options.file, "bytes": len(packed), "publication": options.publication}
    say(told)
