"""Pages that stand alone have one head: no search engine finds them, all are right on a phone."""

import pytest

from builder.serving import shared_page
from runtime.server import answer_page
from runtime.server.door import small_page
from runtime.server.door.page_file import page_file


@pytest.mark.parametrize(
    "file", [shared_page.TEMPLATE, answer_page.TEMPLATE, small_page.PAGE], ids=lambda f: f.stem
)
def test_each_has_it_once(file):
    page = page_file(file).safe_substitute()
    for wanted in ('charset="utf-8"', 'name="viewport"', 'name="robots"', 'name="color-scheme"'):
        assert page.count(wanted) == 1
