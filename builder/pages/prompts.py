"""The prompt templates at "/prompts"."""

from builder.actions import build, deleted, prompts, prompts_looked
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import SOME, Permission, needs

ACTIONS = (
    prompts.overview,
    prompts.template,
    prompts.create,
    prompts.copy,
    prompts.keep_copy,
    deleted.bring_back,
    prompts.save,
    prompts.rename_template,
    prompts.delete,
    prompts.restore,
    prompts.keep_samples,
    prompts.import_template,
    prompts.export,
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
