"""The file in which a base keeps what somebody corrected in its passages."""

import json
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from runtime import wellformed
from runtime.errors import Unreadable
from runtime.files import write_whole
from runtime.lang import Text
from runtime.schema import Strict

FILE = "corrections.json"


class Correction(Strict):
    """`text`: what stands there instead; None: what its source says."""

    text: str | None = None
    off: bool = False


OfOne = dict[str, Correction]
Kept = dict[str, OfOne]
"""By source, and by the digest of what the source says."""
KEPT: TypeAdapter[Kept] = TypeAdapter(Kept)


def read(path: Path) -> Kept:
    """Raises Unreadable."""
    try:
        return KEPT.validate_python(wellformed.load(path.read_bytes()))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as e:
        why = str(e).partition("\n")[0][:200] if not isinstance(e, ValidationError) else e.title
        raise Unreadable(
            Text(
                "{path} 读不了（{why}），里面是改过的段落：请改好它，或删掉它。",
                "{path}, which has corrected passages, cannot be read ({why}): mend it, or delete it.",
            ).fill(path=path, why=why)
        ) from None


def change(path: Path, changed: Kept) -> None:
    """Of these sources, and no others; none of one: it has none. Raises Unreadable, NotSaved."""
    before = read(path)
    after = {name: of for name, of in {**before, **changed}.items() if of}
    if after != before:
        plain = {
            name: {key: one.model_dump(exclude_defaults=True) for key, one in of.items()}
            for name, of in after.items()
        }
        write_whole(path, f"{json.dumps(plain, ensure_ascii=False, indent=1)}\n".encode())
