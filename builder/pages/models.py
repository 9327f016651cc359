"""The models at "/models"."""

from builder.actions import models
from builder.pages._panel import panel
from builder.studio import Studio

ACTIONS = (
    models.overview,
    models.try_out,
    models.test,
    models.set_up,
    models.make_default,
    models.remove,
)


def page(studio: Studio) -> None:
    panel("models")
