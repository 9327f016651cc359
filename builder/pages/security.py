"""Security at "/security": what stands open, why that matters, and what closes it."""

from builder.actions import actions_of, security
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = actions_of(security)


@needs(Permission.AUDIT_VIEW)
def page(studio: Studio) -> None:
    panel("security/security")
