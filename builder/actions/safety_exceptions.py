"""What was stopped wrongly is let pass from now on: an exception among an agent's own words."""

from builder.actions import Notice
from builder.actions.history import remember
from builder.actions.lasting import lasts
from builder.actions.safety import lists
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.agent import Agent
from runtime.errors import Invalid
from runtime.lang import Text, as_it_is
from runtime.safety.checks import Streaming, Uses
from runtime.safety.words.lists import LONGEST

EMPTY = Text("写一段以后放行的话。", "Write what is to pass from now on.")
TOO_LONG = Text("最多 {most} 个字。", "At most {most} characters.").fill(most=LONGEST)
NO_WORDS = Text(
    "「{agent}」没有词表检查，没有地方写例外。", "{agent!r} has no word lists, so there is no place for it."
)
NOT_FOUND = Text(
    "这段话本来就不会被词表拦下；请写上被拦的词和它前后的字。",
    "No list finds anything in it; write the word that was found, with what stood around it.",
)
STILL = Text(
    "里面还有别的词会被拦下，请写短一点，只留被误拦的词和它前后的字。",
    "Something else in it is still found; keep just the word that was stopped wrongly and what is around it.",
)
ADDED = Text(
    "已加上例外「{text}」。发布过的智能体，重新发布后生效。",
    "{text!r} passes from now on; where the agent is published, once it is published anew.",
)


@needs(Permission.AGENTS_EDIT, on="id")
@lasts(Text("正在加上例外", "Adding the exception"))
def add_exception(studio: Studio, who: Actor, id: str, text: str) -> Notice:
    """To each of its word checks that stops this. Raises NotFound, BadAgent, NotSaved, Conflict, Invalid."""
    text = " ".join(text.split()).lstrip("!=# ")
    if not text:
        raise Invalid(EMPTY, field="text")
    if len(text) > LONGEST:
        raise Invalid(TOO_LONG, field="text")
    studio.library.ready(id)  # changes that wait would be lost
    file = studio.library.get(id)
    data = file.agent.to_json()
    uses = Uses(studio.models, lists(studio))
    checks = [
        (place, one)
        for place, one in enumerate(file.agent.safety.checks)
        if isinstance(one, Streaming) and "words" in type(one).model_fields  # the agent's own, see Words
    ]
    if not checks:
        raise Invalid(NO_WORDS.fill(agent=file.agent.name), field="text")
    stopping = [(place, one) for place, one in checks if one.found(text, uses)]
    if not stopping:
        raise Invalid(NOT_FOUND, field="text")
    for place, one in stopping:
        words = [*data["safety"]["checks"][place].get("words", ()), f"!{text}"]
        if one.model_copy(update={"words": words}).found(text, uses):
            raise Invalid(STILL, field="text")
        data["safety"]["checks"][place]["words"] = words
    changed = Agent.load(data)
    studio.library.save(changed, file.revision)
    remember(studio, who, id, changed.to_json(), file.agent.to_json())
    return Notice(ADDED.fill(text=as_it_is(text)))
