"""Headers of two lines, as forms with merged cells have them: `Date` over `dd`, `mon`, `yyyy`."""

from collections.abc import Iterator
from itertools import zip_longest

from core_service.returns.files.header import column_of
from core_service.returns.files.limits import Line


def joined_names(above: Line, below: Line) -> Line:
    """The names of the columns that two lines give together.

    A cell that is merged over several columns has its text in the first of them.
    """
    return tuple(_names(above, below))


def _names(above: Line, below: Line) -> Iterator[str]:
    group = ""
    for over, name in zip_longest(above, below, fillvalue=""):
        group = over.strip() or group
        readings = (f"{group} {name}", f"{name} {group}", name, over)
        yield next(filter(column_of, readings), name or over)
