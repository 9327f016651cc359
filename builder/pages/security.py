"""Security at "/security": what stands open, why that matters, and what closes it."""

from builder.actions import security
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = (security.overview, security.condition)


@needs(Permission.AUDIT_VIEW)
def page(studio: Studio) -> None:
    panel("security/security")
