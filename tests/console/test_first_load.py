"""How much a browser fetches before its first page can be used, on a slow line above all."""

import json
from pathlib import Path
from typing import Any, Final

from devstack.stack import Stack

# Compressed as every browser takes it over TLS; charts come later, with the page that has them.
MOST_BYTES: Final = 250_000
# The entry, and what it asks for until a clerk who has signed in sees the cause list.
FIRST: Final = (
    "index.html",
    "src/app/texts-en.ts",
    "src/session/SignIn.tsx",
    "src/app/Shell.tsx",
    "src/account/Presence.tsx",
    "src/today/Today.tsx",
)
CHARTS: Final = "src/figures/FigureChart.tsx"

Manifest = dict[str, dict[str, Any]]


def loaded(manifest: Manifest, *first: str) -> set[str]:
    """The files of these parts and of all that they import."""
    parts, reached = list(first), set[str]()
    while parts:
        part = parts.pop()
        if part not in reached:
            reached.add(part)
            parts += manifest[part].get("imports", [])
    return {file for part in reached for file in (manifest[part]["file"], *styles(manifest, part))}


def styles(manifest: Manifest, part: str) -> list[str]:
    files: list[str] = manifest[part].get("css", [])
    return files


def compressed_bytes(folder: Path, files: set[str]) -> int:
    return sum((folder / f"{file}.br").stat().st_size for file in files)


def test_the_first_page_is_loaded_with_250_kilobytes_and_without_charts(stack: Stack) -> None:
    folder = stack.wiring.console
    assert folder is not None
    manifest: Manifest = json.loads((folder / ".vite" / "manifest.json").read_text())
    first = loaded(manifest, *FIRST)
    total = compressed_bytes(folder, first)
    assert 100_000 < total <= MOST_BYTES, total
    # What would break it: the charts alone are more than what is left.
    assert compressed_bytes(folder, first | loaded(manifest, CHARTS)) > MOST_BYTES
