"""What the parts of an Office document lead to."""

import posixpath

from runtime.knowledge.reading._xml import events
from runtime.knowledge.reading._zipped import Zipped


def targets(zipped: Zipped, name: str) -> dict[str, str]:
    """What a part leads to within the document, by the id it is named by there. Raises NotRead."""
    folder, file = posixpath.split(name)
    relations = f"{folder}/_rels/{file}.rels"
    found: dict[str, str] = {}
    if relations not in zipped.names:
        return found
    for what, tag, attributes in events(zipped.pieces(relations)):
        if what == "start" and tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join(folder, attributes.get("Target", "")))
            found[attributes.get("Id", "")] = target.lstrip("/")
    return found
