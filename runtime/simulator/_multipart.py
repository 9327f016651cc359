"""A form with one file, as it comes over the wire."""

import re

IN_FORM = re.compile(rb'name="media"; filename="([^"\r\n]{1,200})"')


def in_form(body: bytes) -> tuple[str, bytes] | None:
    """Name and content of the file `media`; None when there is none."""
    boundary, _, _ = body.partition(b"\r\n")
    for part in body.split(b"\r\n" + boundary) if boundary.startswith(b"--") else ():
        head, _, content = part.partition(b"\r\n\r\n")
        if named := IN_FORM.search(head):
            return named[1].decode("utf-8", "replace"), content
    return None
