"""Which `Accept` is that of a browser which opens a page."""

import pytest

from common.navigation import shows_pages


@pytest.mark.parametrize(
    ("accept", "shown"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8", True),
        ("TEXT/HTML; q=0.9, */*", True),
        ("application/json", False),
        ("application/json, text/html;q=0.5", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_only_browsers_name_pages_first(accept: str, shown: bool) -> None:
    assert shows_pages(accept) is shown
