"""The models at "/models"."""

from builder.actions import bound, models
from builder.pages._panel import panel
from builder.studio import Studio


def page(studio: Studio) -> None:
    actions = (
        models.overview,
        models.try_out,
        models.test,
        models.set_up,
        models.make_default,
        models.remove,
    )
    panel("models", bound(studio, *actions))
