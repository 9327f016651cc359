"""Debian's nginx, asked what it thinks of a file of ours."""

import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def nginx(text, folder):
    """Exit code and complaints about what would stand in conf.d, with a certificate of our own."""
    for name in re.findall(r"/etc/letsencrypt/\S+(?=;)", text):
        text = text.replace(name, str(folder / "both.pem"))
    (folder / "both.pem").write_bytes(certificate())
    (folder / "site").write_text(text, "utf-8")
    paths = "".join(
        f"{kind}_temp_path {folder};" for kind in ("proxy", "fastcgi", "uwsgi", "scgi", "client_body")
    )
    whole = f"pid {folder}/pid; events {{}} http {{ {paths} access_log off; include {folder}/site; }}"
    (folder / "whole.conf").write_text(whole, "utf-8")
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    command = [program, "-t", "-q", "-p", folder, "-c", folder / "whole.conf", "-e", folder / "log"]
    said = subprocess.run(command, capture_output=True, text=True)
    return said.returncode, said.stderr


def certificate():
    """Made for nobody, for a minute, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([]), datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(minutes=1))
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(pem, form, serialization.NoEncryption())
    return made.sign(key, hashes.SHA256()).public_bytes(pem) + secret
