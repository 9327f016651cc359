"""What agents answer from, at "/bases"."""

from builder.actions import bases, bases_deleted, bases_found
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = (
    bases.overview,
    bases.base,
    bases.create,
    bases.save,
    bases_deleted.delete,
    bases_deleted.restore,
    bases.add,
    bases.add_address,
    bases_deleted.remove,
    bases_deleted.put_back,
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
