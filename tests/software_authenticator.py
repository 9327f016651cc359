"""A passkey's device, in software: what browsers and keys send, and what a hostile one could send instead."""

import base64
import hashlib
import json
import os
import struct
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, WITH_KEY = 1, 4, 64


def text(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def bytes_of(value):
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


@dataclass
class Device:
    """One that holds one passkey. `origin`: of the page that it is shown, as the browser says."""

    origin: str = "http://localhost"
    rp: str = "localhost"
    key: object = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: os.urandom(32))
    count: int = 0
    handle: str = ""
    flags: int = PRESENT | VERIFIED

    def make(self, options, **lies):
        """What a browser answers to creation options. `lies`: what it says of the page instead."""
        self.handle = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        credential = b"\0" * 16 + struct.pack(">H", len(self.id)) + self.id + cbor2.dumps(cose)
        data = self._data(self.flags | WITH_KEY) + credential
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        page = self._page("webauthn.create", options, lies)
        return self._said(
            {"clientDataJSON": text(page), "attestationObject": text(made), "transports": ["usb"]}
        )

    def prove(self, options, **lies):
        """What it answers to request options."""
        self.count += 1
        page, data = self._page("webauthn.get", options, lies), self._data(self.flags)
        signature = self.key.sign(data + hashlib.sha256(page).digest(), ec.ECDSA(hashes.SHA256()))
        return self._said(
            {
                "clientDataJSON": text(page),
                "authenticatorData": text(data),
                "signature": text(signature),
                "userHandle": self.handle,
            }
        )

    def _data(self, flags):
        return hashlib.sha256(self.rp.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _page(self, what, options, lies):
        said = {"type": what, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said | lies).encode()

    def _said(self, response):
        return {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}
