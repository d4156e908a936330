"""Whether a person is to look at an answer, or a program reads it."""

from typing import Final

PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})


def shows_pages(accept: str) -> bool:
    """Whether an `Accept` is that of a browser which opens a page.

    Browsers name HTML first then; scripts in them ask for anything, programs for JSON.
    """
    return accept.partition(",")[0].partition(";")[0].strip().lower() in PAGES
