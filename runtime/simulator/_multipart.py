"""Forms with files, as they come over the wire."""

import re

IN_FORM = re.compile(rb'name="media"; filename="([^"\r\n]{1,200})"')
PART = re.compile(rb'name="([a-z_0-9\[\]]{1,40})"(?:; filename="([^"\r\n]{1,200})")?')


def in_form(body: bytes) -> tuple[str, bytes] | None:
    """Name and content of the file `media`; None when there is none."""
    boundary, _, _ = body.partition(b"\r\n")
    for part in body.split(b"\r\n" + boundary) if boundary.startswith(b"--") else ():
        head, _, content = part.partition(b"\r\n\r\n")
        if named := IN_FORM.search(head):
            return named[1].decode("utf-8", "replace"), content
    return None


def form(body: bytes) -> dict[str, tuple[str, bytes]]:
    """Of each field the file's name, or "", and its content."""
    boundary, _, _ = body.partition(b"\r\n")
    found: dict[str, tuple[str, bytes]] = {}
    for part in body.split(boundary)[1:-1] if boundary.startswith(b"--") else ():
        head, _, content = part.partition(b"\r\n\r\n")
        if named := PART.search(head):
            name = (named[2] or b"").decode("utf-8", "replace")
            found[named[1].decode()] = name, content.removesuffix(b"\r\n")
    return found
