"""A block's prompt becomes a template: the values in it become blanks, which the block fills in as before."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runtime.errors import BadTemplate
from runtime.lang import Lang
from runtime.templating.sandbox.reading import uses
from runtime.templating.template_file import ALWAYS, MOST_VARIABLES, PromptTemplate, PromptVariable

ALONE = r"\{\{(-?\s*)NAME(\s*-?)\}\}"


@dataclass(frozen=True)
class Taken:
    """`values`: what the block fills the blanks with. `left`: values that stay the turn's own, since more is
    done with them than to show them."""

    template: PromptTemplate
    values: Mapping[str, str]
    left: Sequence[str]


def template_of(text: str, id: str, language: Lang, title: str, titles: Mapping[str, str]) -> Taken:
    """`titles`: what people call the agent's values. Raises BadTemplate when the text is broken."""
    blanks: dict[str, str] = {}
    left: list[str] = []
    for path in dict.fromkeys(_paths(text)):
        name, _, below = path.partition(".")
        if name in ALWAYS:
            continue
        blank = re.sub(r"\W", "_", path)[:64]
        if (below and not _only_shown(text, path)) or blank in blanks or len(blanks) == MOST_VARIABLES:
            left.append(path)
            continue
        blanks[blank] = f"{{{{ {path} }}}}"
        if below:
            text = re.sub(_alone(path), rf"{{{{\g<1>{blank}\g<2>}}}}", text)
    variables = [
        PromptVariable(name=blank, title=titles.get(value[3:-3], value[3:-3])[:60])
        for blank, value in blanks.items()
        if re.fullmatch(r"[a-z_][a-z0-9_]{0,63}", blank)
    ]
    template = PromptTemplate(id=id, language=language, title=title, variables=variables, text=text)
    named = {one.name for one in variables}
    values = {blank: value for blank, value in blanks.items() if blank in named}
    return Taken(template, values, left)


def _paths(text: str) -> list[str]:
    found = []
    for use in uses(text):
        fields = [str(one) for one in use.fields if isinstance(one, str)]
        if len(fields) < len(use.fields) or use.called:
            fields = ["?"]  # computed: nothing to be shown alone
        found.append(".".join([use.name, *fields]))
    # A name of which a field is asked too is data: as a blank it would be its text.
    data = {path.partition(".")[0] for path in found if "." in path}
    return [path if "." in path or path not in data else f"{path}.?" for path in found]


def _only_shown(text: str, path: str) -> bool:
    """Whether all that is done with it is `{{ it }}`."""
    rest = re.sub(_alone(path), "", text)
    try:
        return path not in _paths(rest)
    except BadTemplate:
        return False


def _alone(path: str) -> str:
    return ALONE.replace("NAME", re.escape(path))
