"""The Redis function of `check.lua`, under a name with its version.

Two releases of the gateway side by side (a rolling update) must not replace each other's function,
so the name carries a digest of the source.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

_DIGEST_CHARACTERS: Final = 12


@dataclass(frozen=True, slots=True)
class Script:
    """A library of one function, ready for `FUNCTION LOAD REPLACE`."""

    function: str
    source: str

    @classmethod
    def named(cls, template: str) -> "Script":
        """Fill in the names that `template` leaves open."""
        digest = sha256(template.encode()).hexdigest()[:_DIGEST_CHARACTERS]
        name = f"gateway_check_{digest}"
        source = template.replace("name=LIBRARY", f"name={name}", 1)
        return cls(name, source.replace("'FUNCTION'", f"'{name}'", 1))


@cache
def check_script() -> Script:
    """The script of this release."""
    return Script.named(files("gateway.policy").joinpath("check.lua").read_text())
