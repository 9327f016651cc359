"""What agents answer from, at "/bases"."""

from builder.actions import bases, bases_found
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = (
    bases.overview,
    bases.base,
    bases.create,
    bases.save,
    bases.delete,
    bases.add,
    bases.add_address,
    bases.remove,
    bases.cancel,
    bases.again,
    bases.passages,
    bases.picture,
    bases.edit,
    bases.switch,
    bases_found.ask,
    bases_found.measure,
    bases_found.price,
    bases_found.unanswered,
    bases_found.learn,
)


@needs(Permission.KNOWLEDGE_VIEW)
def page(studio: Studio) -> None:
    panel("bases/bases")
