"""One account's letters by IMAP, over a connection that is there already. It waits: run it in a thread of
its own.

RFC 3501, 2177 (IDLE), 2971 (ID). A cursor is `UIDVALIDITY:UID`, the last letter that was brought. Letters are
looked at without marking them; they are marked as seen once their cursor came back, when they are on our
disk.
"""

import imaplib
import select
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import imapclient
from imapclient.exceptions import IMAPClientError

from runtime.network.transports.letters.reading import content, read
from runtime.newest import Newest

BATCH = 10
"""Letters at once."""
LARGEST = 25 * 1024 * 1024
"""Bytes of a letter; of a larger one only its header is brought."""
MOST_ANSWERED = LARGEST + 1024 * 1024
"""Bytes of all that a server says to one command: it may say more than was asked."""
ANEW = timedelta(days=3)
"""How far back is looked when the server counts its letters anew."""
POLL = 15.0
"""Seconds between two looks at a server without IDLE."""
MARKED = 1000
"""Letters that may wait to be marked."""
SEEN = b"\\Seen"
NAME = {"name": "hongyan", "version": "1", "vendor": "hongyan"}
"""163 and 126 let nobody in who does not say who they are (RFC 2971)."""


class _Imap(imaplib.IMAP4):
    """Over a socket that is open, and bounded in what it reads."""

    def __init__(self, line: socket.socket) -> None:
        self._line, self._left = line, MOST_ANSWERED
        super().__init__("")

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        return self._line

    def _command(self, name: str, *args: Any) -> Any:
        self._left = MOST_ANSWERED
        return super()._command(name, *args)  # type: ignore[misc] # it is what all of them go through

    def read(self, size: int) -> bytes:
        self._spend(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._spend(len(line))
        return line

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise self.abort("too much")


class _Client(imapclient.IMAPClient):  # type: ignore[misc] # it says nothing of types
    def __init__(self, line: socket.socket, seconds: float) -> None:
        self._line = line
        super().__init__("", 1, ssl=False, timeout=seconds)

    def _create_IMAP4(self) -> imaplib.IMAP4:  # imapclient's
        return _Imap(self._line)


class Mailbox:
    """Signed in. Whatever it raises of OSError or imaplib's ends it."""

    def __init__(self, line: socket.socket, seconds: float) -> None:
        self._line = line
        line.settimeout(seconds)
        self._client = _Client(line, seconds)
        self._folder = ""
        self._validity = 0
        self._next = 0
        self.is_broken = False
        """Something was begun and did not end."""
        self._brought = Newest[int, int](MARKED)
        """By UID, under which UIDVALIDITY: not marked yet."""

    def sign_in(self, user: str, password: str) -> None:
        """Raises LoginError."""
        self._client.login(user, password)
        if self._client.has_capability("ID"):
            self._client.id_(NAME)

    def open(self, folder: str) -> None:
        told = self._client.select_folder(folder)
        self._folder = folder
        self._validity, self._next = int(told[b"UIDVALIDITY"]), int(told.get(b"UIDNEXT", 0))

    def look(self, cursor: str, hold: float, *, mark: bool) -> dict[str, Any]:
        """Letters from there on, waiting for some so many seconds."""
        validity, _, last = cursor.partition(":")
        if not last.isdigit():
            return {"letters": [], "cursor": f"{self._validity}:{max(self._next - 1, 0)}", "more": False}
        if mark:
            self._mark(int(last))
        found = self._unseen(validity, int(last))
        if not found and hold:
            self._wait(hold)
            found = self._unseen(validity, int(last))
        if not found and validity == str(self._validity):
            return {"letters": [], "cursor": cursor, "more": False}
        letters = [self._letter(uid) for uid in found[:BATCH]]
        at = found[:BATCH][-1] if found else max(self._next - 1, 0)
        return {
            "letters": [one for one in letters if one],
            "cursor": f"{self._validity}:{at}",
            "more": len(found) > BATCH,
        }

    def file(self, uid: int, number: int) -> bytes | None:
        """Of a letter's files; None when it is not there any more."""
        raw = self._raw(uid)
        return None if raw is None else content(raw, number)

    def cut(self) -> None:
        """From another thread: whatever waits ends."""
        try:
            self._line.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def close(self) -> None:
        self.cut()
        with suppress(OSError, imaplib.IMAP4.error):
            self._client.shutdown()
        self._line.close()

    def _unseen(self, validity: str, last: int) -> list[int]:
        self._client.noop()
        if validity == str(self._validity):
            found = self._client.search(["UID", f"{last + 1}:*", "UNSEEN", "UNDELETED"])
            return sorted(uid for uid in found if uid > last)  # `*` is the last one, however small
        since = (datetime.now(UTC) - ANEW).strftime("%d-%b-%Y")
        return sorted(self._client.search(["UNSEEN", "UNDELETED", "SINCE", since]))

    def _wait(self, hold: float) -> None:
        if not self._client.has_capability("IDLE"):
            select.select([self._line], [], [], min(hold, POLL))
            return
        self._client.idle()
        end = time.monotonic() + hold
        while (left := end - time.monotonic()) > 0:
            told = self._client.idle_check(timeout=left)
            if any(len(one) > 1 and one[1] == b"EXISTS" for one in told):
                break
            if not told:
                break
        self._client.idle_done()

    def _letter(self, uid: int) -> Mapping[str, Any] | None:
        """None when it is gone."""
        size, at = self._size(uid)
        if size is None:
            return None
        raw = self._raw(uid) if size <= LARGEST else self._head(uid)
        self._brought[uid] = self._validity
        try:
            told = read(raw or b"")
        except ValueError:
            return {"uid": uid, "unreadable": True}
        return {**told, "uid": uid, "validity": self._validity, "at": at, "too_large": size > LARGEST}

    def _size(self, uid: int) -> tuple[int | None, float]:
        """In bytes, and when it came by the server's clock; 0 where it does not say."""
        found = self._client.fetch([uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid, {})
        came = found.get(b"INTERNALDATE")
        at = came.timestamp() if isinstance(came, datetime) else 0.0
        return (int(found[b"RFC822.SIZE"]) if b"RFC822.SIZE" in found else None), at

    def _raw(self, uid: int) -> bytes | None:
        size, _ = self._size(uid)
        if size is None or size > LARGEST:
            return None
        found = self._client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]")
        return found if isinstance(found, bytes) else None

    def _head(self, uid: int) -> bytes:
        found = self._client.fetch([uid], ["BODY.PEEK[HEADER]<0.262144>"]).get(uid, {})
        return next((value for name, value in found.items() if name.startswith(b"BODY[HEADER]")), b"")

    def _mark(self, last: int) -> None:
        done = [uid for uid, validity in self._brought.items() if uid <= last and validity == self._validity]
        if done:
            with suppress(IMAPClientError):  # a folder that may only be read
                self._client.add_flags(done, [SEEN], silent=True)
        for uid in done:
            del self._brought[uid]
