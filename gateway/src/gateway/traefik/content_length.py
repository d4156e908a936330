"""A regular expression for the numbers above a limit.

Traefik can only limit a body by reading all of it first. The length that a client declares is a
header, and routing rules can match headers: so a body that says it is too large meets a rule.
"""

from collections.abc import Iterator


def above(limit: int) -> str:
    """An anchored expression (RE2) that matches the decimal numbers greater than `limit`."""
    digits = str(limit)
    alternatives = [*_same_length(digits), f"[1-9][0-9]{{{len(digits)},}}"]
    return f"^0*({'|'.join(alternatives)})$"


def _same_length(digits: str) -> Iterator[str]:
    for place, digit in enumerate(digits):
        if digit == "9":
            continue
        rest = len(digits) - place - 1
        larger = f"[{int(digit) + 1}-9]"
        yield digits[:place] + larger + (f"[0-9]{{{rest}}}" if rest else "")
