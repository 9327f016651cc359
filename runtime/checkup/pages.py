"""Pages of other sites: which were refused lately, where an owner may let them in."""

from runtime.channels import Channel, Note, SignsIn, Told
from runtime.checkup.patient import Patient
from runtime.lang import NOTHING, Text, listed
from runtime.publish.doctor import State
from runtime.schema import label

REFUSED = Text(
    "{origins} 的网页被拒绝了：不在「{setting}」里。",
    "Pages of {origins} were refused: “{setting}” does not name them.",
)
LET_IN = Text(
    "是您的网站就把地址写进去，不是就不用管：谁都可以这样试。",
    "If that site is yours, name it there. If not, there is nothing to do: anybody can try that.",
)
NONE = Text("最近一天没有网页被拒绝。", "No page was refused in the last day.")


def takes_pages(patient: Patient) -> bool:
    """Whether pages of other sites may come at all."""
    return isinstance(patient.channel, SignsIn) and bool(patient.channel.origins_in)


async def strangers(patient: Patient) -> Told:
    """Nobody's fault: whether it is the owner's own site only the owner knows."""
    note = refused(patient.channel, patient.state())
    return Told(None, note.title, note.hint) if note else Told(True, NONE, NOTHING)


def refused(channel: Channel | None, state: State) -> Note | None:
    """Of which sites pages were refused lately that still may not come."""
    if not isinstance(channel, SignsIn) or not channel.origins_in:
        return None
    found = [one.origin for one in state.strangers if one.origin not in channel.origins]
    name = label(type(channel).Settings.model_fields[channel.origins_in], channel.origins_in)
    return Note(REFUSED.fill(origins=listed(found), setting=name), LET_IN) if found else None
