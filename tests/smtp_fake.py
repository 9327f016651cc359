"""A mail server as small as one can be: it takes letters from who knows the password, and refuses as told."""

import asyncio
import base64
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default


@dataclass
class Mailbox:
    user: str = "shop@example.com"
    password: str = "canary-mail-password"
    refuses: frozenset = frozenset()
    """Receivers that it does not know."""
    stops: str = ""
    """Where it falls silent: a command."""
    letters: list = field(default_factory=list)
    receivers: list = field(default_factory=list)
    heard: list = field(default_factory=list)

    async def serve(self, reader, writer):
        def say(*lines):
            writer.write("".join(f"{line}\r\n" for line in lines).encode())

        try:
            say("220 mail.example ready")
            to, known = [], False
            while line := (await reader.readline()).decode().strip():
                self.heard.append(line)
                command = line.split()[0].upper()
                if command == self.stops:
                    await asyncio.Event().wait()
                if command in ("EHLO", "HELO"):
                    say("250-mail.example", "250-AUTH PLAIN", "250 SIZE 1000000")
                elif command == "AUTH":
                    _, user, password = base64.b64decode(line.split()[-1]).decode().split("\0")
                    known = (user, password) == (self.user, self.password)
                    say("235 good" if known else f"535 no: {password}")
                elif command == "MAIL":
                    say("250 ok" if known else "530 who are you?")
                elif command == "RCPT":
                    receiver = line.partition("<")[2].partition(">")[0]
                    refused = receiver in self.refuses
                    to += [] if refused else [receiver]
                    say("550 no such user" if refused else "250 ok")
                elif command == "DATA":
                    say("354 go on")
                    content = await reader.readuntil(b"\r\n.\r\n")
                    self.letters.append(message_from_bytes(content[:-5], policy=default))
                    self.receivers.append(to)
                    say("250 taken")
                elif command == "QUIT":
                    say("221 bye")
                    return
                else:
                    say("250 ok")
        finally:
            writer.close()

    @asynccontextmanager
    async def running(self):
        """Its port."""
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
