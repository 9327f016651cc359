"""Keys of `age` as they are written: letters and digits with a checksum, so that a slip is noticed.

Bech32: https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki
"""

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
NONE = "no key of that kind"
SUM = 6
"""Letters of the checksum."""


def encode(kind: str, raw: bytes) -> str:
    """`kind`: what stands before the last 1, in small letters."""
    words = _regrouped(list(raw), 8, 5, pad=True)
    rest = _checksum([*_expanded(kind), *words, *[0] * SUM]) ^ 1
    words += [(rest >> 5 * (SUM - 1 - place)) & 31 for place in range(SUM)]
    return f"{kind}1{''.join(ALPHABET[word] for word in words)}"


def decode(kind: str, text: str) -> bytes:
    """Raises ValueError: another kind, mixed capitals, or a slip."""
    if text not in (text.lower(), text.upper()):
        raise ValueError(NONE)
    found, _, letters = text.lower().rpartition("1")
    words = [ALPHABET.find(letter) for letter in letters]
    if -1 in words:
        raise ValueError(NONE)
    if found != kind or len(words) < SUM or _checksum([*_expanded(kind), *words]) != 1:
        raise ValueError(NONE)
    return bytes(_regrouped(words[:-SUM], 5, 8, pad=False))


def _checksum(words: list[int]) -> int:
    value = 1
    for word in words:
        top = value >> 25
        value = (value & 0x1FFFFFF) << 5 ^ word
        for place, number in enumerate(GENERATOR):
            value ^= number if top >> place & 1 else 0
    return value


def _expanded(kind: str) -> list[int]:
    return [*(ord(letter) >> 5 for letter in kind), 0, *(ord(letter) & 31 for letter in kind)]


def _regrouped(values: list[int], size: int, into: int, *, pad: bool) -> list[int]:
    """Raises ValueError where something is left over."""
    found: list[int] = []
    kept = bits = 0
    for value in values:
        kept, bits = kept << size | value, bits + size
        while bits >= into:
            bits -= into
            found.append(kept >> bits & (1 << into) - 1)
        kept &= (1 << bits) - 1
    if pad and bits:
        found.append(kept << into - bits & (1 << into) - 1)
    elif not pad and (bits >= size or kept):
        raise ValueError(NONE)
    return found
