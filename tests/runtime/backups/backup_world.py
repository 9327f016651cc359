"""A small home, a place in memory, and a disk that gets full."""

import contextlib
import io
import resource

from runtime.backups.sealing_keys import SecretKey
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.message import Message
from runtime.store.control.control import Control
from runtime.store.installation import Installation
from runtime.store.messages.messages import Messages

KEY, OTHER = SecretKey(bytes(range(32))), SecretKey(bytes(range(1, 33)))


async def filled(home, texts=("问",)):
    Control.in_folder(home / "data")
    for name, text in {"agents/shop.json": "{}", "knowledge/tea/a.md": "茶"}.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
    messages = Messages(home / "data" / "messages.db")
    Installation(home / "data").take()
    for number, text in enumerate(texts):
        await messages.accept("p", Message(f"m{number}", f"u{number}", text), 1)
    messages.close()
    return home


class InMemory:
    """See places.Place; what is being written counts once it is whole."""

    def __init__(self):
        self.kept = {}

    def shown(self, name):
        return name

    @contextlib.contextmanager
    def writing(self, name):
        out = io.BytesIO()
        yield out
        self.kept[name] = out.getvalue()

    @contextlib.contextmanager
    def reading(self, name):
        if name not in self.kept:
            raise NotFound(Text("没有", "none"))
        yield io.BytesIO(self.kept[name])

    def names(self):
        return list(self.kept)

    def remove(self, name):
        self.kept.pop(name, None)

    def clean(self):
        """Nothing is left behind."""

    def is_within(self, home, folders):
        return False


@contextlib.contextmanager
def full_disk(size):
    """No file grows beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def tree(home):
    return {path.relative_to(home): path.read_bytes() for path in home.rglob("*") if path.is_file()}
