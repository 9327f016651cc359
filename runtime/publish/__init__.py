"""Bring an agent to a channel: freeze it, keep its credentials, tell what is wrong with the connection."""

from runtime.access.issuing import USUAL
from runtime.publish.applications import may_see_shared
from runtime.publish.changing import pause, resume, rotate, rotation, take_up
from runtime.publish.doctor import Doctor, State
from runtime.publish.publications import (
    Published,
    issue_key,
    publish,
    roll_back,
    unpublish,
    versions,
)

__all__ = [
    "USUAL",
    "Doctor",
    "Published",
    "State",
    "issue_key",
    "may_see_shared",
    "pause",
    "publish",
    "resume",
    "roll_back",
    "rotate",
    "rotation",
    "take_up",
    "unpublish",
    "versions",
]
