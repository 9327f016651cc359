"""An answer as it is read out: its words, without the marks, links and pictures that are for eyes."""

import re

LONGEST = 20_000
"""Characters of an answer that is read out at all."""
FENCE = re.compile(r"^\s{0,3}(```|~~~)", re.MULTILINE)
ROW = re.compile(r"^\s*\|.*\|\s*$", re.MULTILINE)
PICTURE = re.compile(r"!\[[^\]\n]{0,200}\]\([^()\s]{0,20000000}[^()\n]{0,300}\)")
LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\([^()\n]{0,2000}\)")
ADDRESS = re.compile(r"<?https?://[^\s<>，。；、）]{1,2000}>?", re.IGNORECASE)
START = re.compile(r"^[ \t]{0,12}(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+|\d{1,3}[.)][ \t]+)", re.MULTILINE)
RULE = re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.MULTILINE)
MARKS = re.compile(r"\*\*|__|~~|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]")
SAID = re.compile(r"\w")


def spoken_words(markdown: str) -> str:
    """ "" when reading it out would help nobody: code, a table, nothing but signs."""
    if len(markdown) > LONGEST or FENCE.search(markdown) or len(ROW.findall(markdown)) > 1:
        return ""
    text = PICTURE.sub("", markdown)
    text = LINK.sub(r"\1", text)
    for signs in (ADDRESS, RULE, START, MARKS, EMOJI):
        text = signs.sub("", text)
    text = "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)
    return text if SAID.search(text) else ""
