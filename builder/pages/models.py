"""The models at "/models"."""

from builder.actions import model_keys, model_money, model_rules, models, named_secrets
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = (
    models.overview,
    models.try_out,
    models.test,
    models.set_up,
    models.make_default,
    models.make_usual,
    models.remove,
    models.list_models,
    models.add_model,
    model_keys.set_keys,
    model_money.money,
    model_money.set_prices,
    model_money.restore_prices,
    model_money.set_budgets,
    model_money.restore_budgets,
    model_rules.list_rules,
    model_rules.set_rules,
    model_rules.remove_rules,
    model_rules.put_rules_back,
    model_rules.try_rules,
    named_secrets.list_secrets,
    named_secrets.set_secret,
    named_secrets.remove_secret,
)


@needs(Permission.MODELS_VIEW)
def page(studio: Studio) -> None:
    panel("models/models")
