"""The models at "/models"."""

from builder.actions import actions_of, model_keys, model_money, model_rules, models, named_secrets
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = actions_of(models, model_keys, model_money, model_rules, named_secrets)


@needs(Permission.MODELS_VIEW)
def page(studio: Studio) -> None:
    panel("models/models")
