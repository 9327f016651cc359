"""Keep values under names of their own, or with the person."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from runtime.blocks import Block, Keeps
from runtime.blocks._groups import ORDER, Group
from runtime.lang import Text, as_it_is
from runtime.schema import About, setting
from runtime.turn.turn import Turn
from runtime.turn.who import PERSON, change, worked_out

OF_PERSON = f"{PERSON}."
KEPT = Text("记到这个人身上的", "what was kept of the person")
Named = Annotated[str, Field(pattern=r"^(person\.)?[a-z_][a-z0-9_]{0,63}$")]


class Set(Keeps, Block):
    """Renders each template once; later blocks use `{{ id.name }}`, later turns `{{ person.name }}`."""

    about: ClassVar[About] = About(
        Text("设置变量", "Set values"),
        Text(
            "算好几个值，后面直接用；person. 开头的会一直记着",
            "Works out values for later blocks; those that begin with person. are kept for good",
        ),
        "set",
        "#64748b",
    )
    group: ClassVar[Group] = ORDER
    type: Literal["set"]
    values: dict[Named, str] = setting(
        title=Text("变量", "Values"),
        hint=Text(
            "名称和内容，内容可以用变量；要记到这个人身上的写成 person.名称，内容可以是算式，如 "
            "person.score + 1",
            "Names and templates; what begins with person. is kept of the person, and may be a formula such "
            "as person.score + 1",
        ),
        widget="pairs",
        min_length=1,
    )

    @property
    def kept(self) -> Mapping[str, str]:
        return {
            name.removeprefix(OF_PERSON): text
            for name, text in self.values.items()
            if name.startswith(OF_PERSON)
        }

    async def run(self, turn: Turn) -> dict[str, Any]:
        own = {name: text for name, text in self.values.items() if not name.startswith(OF_PERSON)}

        def rendered() -> dict[str, Any]:
            return {name: turn.render(source) for name, source in own.items()}

        # Once, where it tells of the person: after a death what is kept of them is something else already.
        found = await turn.decide(self.id, rendered) if _tells(turn, own) else rendered()
        if not self.kept:
            return found
        await turn.journal.settle()  # on the disk before the person is somebody else

        def work(now: Mapping[str, Any]) -> Mapping[str, Any]:
            return worked_out(turn, self.kept, now)

        return {**found, PERSON: dict(await change(turn, f"{turn.path}{self.id}", "agent", work))}

    def outputs(self) -> dict[str, Text]:
        own = {name: as_it_is(name) for name in self.values if not name.startswith(OF_PERSON)}
        return {**own, PERSON: KEPT} if len(own) < len(self.values) else own

    def sample(self) -> dict[str, Any] | None:
        return {name: {} if name == PERSON and self.kept else "1" for name in self.outputs()}


def _tells(turn: Turn, own: Mapping[str, str]) -> bool:
    names = turn.services.prompts.names
    return any(PERSON in text and PERSON in names(text) for text in own.values())


BLOCK = Set
