"""The prompt templates at "/prompts"."""

from builder.actions import actions_of, build, deleted, prompts, prompts_looked
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import SOME, Permission, needs

ACTIONS = actions_of(
    prompts,
    deleted.bring_back,
    prompts_looked.look,
    prompts_looked.versions,
    prompts_looked.compare,
    prompts_looked.improve,
    prompts_looked.stop,
    build.choices,
)


@needs(Permission.AGENTS_VIEW, on=SOME)
def page(studio: Studio) -> None:
    panel("prompts/prompts")
