"""How a judge's name is shown: surname first, as returns and cause lists have it."""


def display_name(surname: str, given_names: str) -> str:
    """`Example, Amina Wanja`; the surname alone when there is nothing else."""
    return f"{surname}, {given_names}" if given_names else surname
