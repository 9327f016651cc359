"""Test sets at "/tests?agent=ID": cases, what the newest runs came to, and running them."""

from builder.actions import actions_of, agents, real_cases, suite_runs, suites
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import SOME, Permission, needs

ACTIONS = actions_of(
    agents.names,
    suites.overview,
    suites.save_suite,
    suites.outcome,
    suites.keep_test_file,
    real_cases,
    suite_runs,
)


@needs(Permission.AGENTS_VIEW, on=SOME)
def page(studio: Studio) -> None:
    panel("tests/tests")
