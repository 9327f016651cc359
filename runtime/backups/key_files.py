"""The key of backups as its owner has it: a file with a passphrase, or one as `age-keygen` writes it."""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from runtime.backups import bech32
from runtime.backups.sealing_keys import PUBLIC, SECRET, Key, Passphrase, PublicKey, SecretKey
from runtime.errors import BadSettings
from runtime.files import disk
from runtime.lang import Text

LONGEST, SHORTEST = 10_000, 12
"""Bytes of a file; letters of a passphrase."""
KEY_FILE, PASSPHRASE_FILE = "--key-file", "--passphrase-file"
_UNREADABLE = Text("读不了「{file}」（{why}）。", "{file!r} cannot be read ({why}).")
_NO_FILE = Text("「{file}」不是文件。", "{file!r} is no file.")
_NO_KEY = Text(
    "「{file}」里没有密钥。请用 app.py backup --new-key 文件 做一把。",
    "There is no key in {file!r}. Make one: app.py backup --new-key FILE.",
)
_BOTH = Text("密钥文件和口令文件只能给一个。", "Give a key file or a passphrase file, not both.")
_SHORT = Text("「{file}」里的口令至少要 12 个字符。", "The passphrase in {file!r} needs at least 12 letters.")
_THERE = Text(
    "「{file}」已经有了，没有覆盖：丢了旧的密钥，旧的备份就打不开了。",
    "{file!r} is there already and was not replaced: without the former key older backups do not open.",
)


def lying(key_file: str, passphrase_file: str) -> Key | None:
    """The same of what is read again and again by somebody else. Raises BadSettings, also for what is there
    and no file: a pipe would be waited for without an end."""
    for name, file in ((KEY_FILE, key_file), (PASSPHRASE_FILE, passphrase_file)):
        if file and _is_strange(file):
            raise BadSettings(_NO_FILE.fill(file=file), field=name)
    return key_of(key_file, passphrase_file)


def _is_strange(file: str) -> bool:
    try:
        return not stat.S_ISREG(Path(file).stat().st_mode)
    except (OSError, ValueError):  # whoever reads it says why not
        return False


def key_of(key_file: str, passphrase_file: str) -> Key | None:
    """None: neither is named. Raises BadSettings."""
    if key_file and passphrase_file:
        raise BadSettings(_BOTH, field=KEY_FILE)
    if key_file:
        return _pair(key_file)
    if passphrase_file:
        text = _read(passphrase_file, PASSPHRASE_FILE).splitlines()
        if len(passphrase := (text or [""])[0].strip()) < SHORTEST:
            raise BadSettings(_SHORT.fill(file=passphrase_file), field=PASSPHRASE_FILE)
        return Passphrase(passphrase)
    return None


@dataclass(frozen=True)
class MadeKey:
    """`text`: of a key file with both halves."""

    public: PublicKey
    text: str = field(repr=False)


def make_key(file: Path, *, is_public: bool = False) -> MadeKey:
    """A new pair in a new file, 0600; `is_public`: only that half is in it, which makes backups and opens
    none. Raises BadSettings, NotSaved."""
    key = SecretKey(X25519PrivateKey.generate().private_bytes_raw())
    text = f"# public key: {key.public.written}\n{key.written}\n"
    content = (f"{key.public.written}\n" if is_public else text).encode()
    try:
        with disk(file):
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except Exception as e:
        if file.exists():
            raise BadSettings(_THERE.fill(file=file.name), field="--new-key") from e
        raise
    with disk(file), os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    return MadeKey(key.public, text)


def _pair(file: str) -> Key:
    """The first secret key, else the first public one."""
    public: Key | None = None
    for line in _read(file, KEY_FILE).splitlines():
        word = line.strip()
        try:
            if word.upper().startswith(SECRET.upper()) and len(raw := bech32.decode(SECRET, word)) == 32:
                return SecretKey(raw)
            if word.startswith(f"{PUBLIC}1") and len(raw := bech32.decode(PUBLIC, word)) == 32:
                public = public or PublicKey(raw)
        except ValueError:
            continue
    if public is None:
        raise BadSettings(_NO_KEY.fill(file=file), field=KEY_FILE)
    return public


def _read(file: str, field: str) -> str:
    try:
        with Path(file).open("rb") as source:
            return source.read(LONGEST).decode("utf-8", "replace")
    except (OSError, ValueError) as e:  # no name of a file has a zero in it
        why = e.strerror if isinstance(e, OSError) else e
        raise BadSettings(_UNREADABLE.fill(file=file, why=why), field=field) from None
