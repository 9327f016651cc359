"""Who did what here, at "/audit"."""

from builder.actions import actions_of, audit
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = actions_of(audit)


@needs(Permission.AUDIT_VIEW)
def page(studio: Studio) -> None:
    panel("audit/audit")
