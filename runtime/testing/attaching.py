"""Files that stand beside a suite, sent with its lines as a person sends them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from runtime.agents.agent import Agent
from runtime.agents.beside import LARGEST
from runtime.errors import BadMedia, NotFound
from runtime.files import disk
from runtime.lang import Text
from runtime.media.looking import look
from runtime.message import Message
from runtime.off_loop import off_loop
from runtime.senses.sending import with_files
from runtime.senses.senses import Senses
from runtime.turn.events import Sensed

NOT_THERE = Text(
    "测试要的文件「{name}」不在 {folder} 里。", "The file {name!r} of the test is not in {folder}."
)
TOO_LARGE = Text("测试里的文件最大 {most} MB。", "A file of a test may have {most} MB.")
TAKEN = ("image", "voice", "file")


class Attached:
    """`folder`: where the files of this suite are."""

    def __init__(self, senses: Senses, folder: Path) -> None:
        self.senses, self._folder = senses, folder

    async def sent(
        self, agent: Agent, message: Message, names: Sequence[str]
    ) -> tuple[Message, Sequence[Sensed]]:
        """The message with these, in words as far as the agent's models need them; what that took.

        Raises NotFound, BadMedia, NotSaved.
        """
        if not names:
            return message, ()
        files = [await self._kept(name) for name in names]
        return await self.senses.taken_in(agent, with_files(message, files))

    async def _kept(self, name: str) -> dict[str, Any]:
        content = await off_loop(read, self._folder, name)
        looked = await off_loop(look, content)
        hash = await self.senses.kept.keep(content)
        kind = looked.kind if looked.kind in TAKEN else "file"
        return {"name": name, "kind": kind, "hash": hash, "type": looked.type, "bytes": len(content)}


def read(folder: Path, name: str) -> bytes:
    """`name` can be no way out of it: see suite.FileName. Raises NotFound, BadMedia, NotSaved."""
    path = folder / name
    if path.is_symlink() or not path.is_file():
        raise NotFound(NOT_THERE.fill(name=name, folder=str(folder)))
    with disk(path), path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise BadMedia(TOO_LARGE.fill(most=LARGEST // 1_000_000), code="too_large")
    return content
