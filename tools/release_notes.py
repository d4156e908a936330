"""`python tools/release_notes.py v1.2.3`: what CHANGELOG.md says of a version, for its release."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def notes(tag: str, changelog: str, version: str) -> str:
    """The section of the tagged version. Raises ValueError for another version, or without one."""
    if tag != f"v{version}":
        raise ValueError(f"the tag is {tag}, and pyproject.toml has the version {version}")
    section = re.search(
        rf"^## {re.escape(version)}\b[^\n]*\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL
    )
    if section is None:
        raise ValueError(f"CHANGELOG.md has no section {version}")
    return section[1].strip() + "\n"


def main() -> None:
    """Print them, or exit with one line."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    try:
        print(notes(sys.argv[1], (ROOT / "CHANGELOG.md").read_text(), project["version"]))
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
