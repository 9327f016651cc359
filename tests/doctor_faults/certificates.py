"""Certificates as they are found in the wild, made here: a root, an intermediate, and leaves good and bad."""

import ssl
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime.now(UTC)
YEAR = timedelta(days=365)


class Issuer:
    """A name, its key and its certificate."""

    def __init__(self, name, signed_by=None, *, ca=True, names=(), begins=-YEAR, ends=YEAR):
        self.key = ec.generate_private_key(ec.SECP256R1())
        signer = signed_by or self
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.name = subject
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(signer.name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW + begins)
            .not_valid_after(NOW + ends)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if names:
            alternative = x509.SubjectAlternativeName([x509.DNSName(one) for one in names])
            builder = builder.add_extension(alternative, critical=False)
        self.certificate = builder.sign(signer.key, hashes.SHA256())

    @property
    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self):
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


HOSTS = ("*.bot.example", "bot.example")


def write(folder):
    """NAME.pem and NAME.key of each; gives a maker of contexts that trust the root."""
    root = Issuer("Test Root")
    middle = Issuer("Test Intermediate", root)
    private = Issuer("Somebody's Own Root")

    def leaf(name="leaf", signed_by=middle, **more):
        return Issuer(name, signed_by, ca=False, **{"names": HOSTS, **more})

    good, self_signed = leaf(), Issuer("alone", ca=False, names=HOSTS)
    own = leaf(signed_by=private)
    expired = leaf(begins=-2 * YEAR, ends=-timedelta(days=3))
    future = leaf(begins=timedelta(days=3))
    other = leaf(names=("www.other.example",))
    soon = leaf(ends=timedelta(days=3, hours=1))
    chains = {
        "good": (good, good.pem + middle.pem),
        "no_chain": (good, good.pem),
        "self_signed": (self_signed, self_signed.pem),
        "private_root": (own, own.pem + private.pem),
        "expired": (expired, expired.pem + middle.pem),
        "future": (future, future.pem + middle.pem),
        "other_name": (other, other.pem + middle.pem),
        "soon": (soon, soon.pem + middle.pem),
    }
    for name, (who, pem) in chains.items():
        (folder / f"{name}.pem").write_bytes(pem)
        (folder / f"{name}.key").write_bytes(who.key_pem)
    trusted = root.pem.decode()
    return lambda: ssl.create_default_context(cadata=trusted)
