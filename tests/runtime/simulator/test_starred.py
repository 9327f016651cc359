"""What is bold by single stars is read without them."""

import pytest

from runtime.simulator.rendered import starred


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("*七点到十点营业*，周一休息。", "七点到十点营业，周一休息。"),
        ("• *Tea*: 28 and *Longjing*", "• Tea: 28 and Longjing"),
        ("2*3*4", "2*3*4"),
        ("5 * 6 * 7", "5 * 6 * 7"),
        ("a *star", "a *star"),
    ],
)
def test_only_what_is_bold_there_loses_its_stars(sent, read):
    assert starred(sent) == [read]
