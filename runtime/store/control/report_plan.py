"""When the report of the week is sent, and where."""

from pydantic import Field

from runtime.schema import Strict


class ReportPlan(Strict):
    """`publication`: on which it is sent, `to`: to whom there, "" where it has but one receiver."""

    publication: str = Field(max_length=80)
    to: str = Field(default="", max_length=320)
    cron: str = Field(max_length=60)
    """In the installation's time zone."""
    since: float
    """When it was chosen, seconds since 1970: what was due before is not sent."""
    by: str = Field(default="", max_length=80)
    """Who chose it; "" in what was chosen before that was kept."""
