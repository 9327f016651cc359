"""The key that seals what is secret here: another one, and the older ones forgotten."""

import argparse
import sys
from typing import TYPE_CHECKING

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.parsing import command
from runtime.cli.spoken import spoken
from runtime.lang import Text
from runtime.settings import Settings
from runtime.store.control.key_rotation import SEVERAL, forgotten, prepared, rotated
from runtime.store.messages.rewrapped import rewrap

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers

DONE = Text(
    "已经换成新密钥，全部凭证都用它重新加密了。还有 {left} 把旧密钥可以解密：以前的备份要用到它们。"
    "不再需要时运行 secrets rotate --forget。",
    "A new key seals everything now. {left} older ones still open: backups made before need them. When they "
    "are needed no more, run secrets rotate --forget.",
)
FORGOTTEN = Text(
    "删掉了 {count} 把旧密钥。用它们加密的旧备份从此打不开凭证。",
    "{count} older keys are gone. Credentials in backups that they sealed open no more.",
)


@needs(Permission.SECRETS_EDIT)
def rotate(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Seals anew what is secret, while everything runs on."""
    if options.prepare:
        prepared(settings.data, settings.secret_key)
        _say(SEVERAL)
    elif options.forget:
        rewrap(settings.data / "messages.db", settings.secret_key)
        _say(FORGOTTEN.fill(count=forgotten(settings.data, settings.secret_key)))
    else:
        left = rotated(settings.data, settings.secret_key)
        rewrap(settings.data / "messages.db", settings.secret_key)
        _say(DONE.fill(left=left))


def add_key(secrets: "Parsers") -> None:
    what = "a new key for what is sealed: credentials, secrets, second factors; nothing stops meanwhile"
    rotating = command(secrets, "rotate", rotate, what)
    how = rotating.add_mutually_exclusive_group()
    how.add_argument(
        "--prepare", action="store_true", help="several machines: make it, to be copied before it seals"
    )
    how.add_argument("--forget", action="store_true", help="drop the older keys; backups of before need them")


def _say(sentence: Text) -> None:
    sys.stdout.write(f"{spoken(sentence)}\n")
