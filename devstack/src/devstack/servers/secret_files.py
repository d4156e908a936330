"""Generated secrets in files that only their owner reads."""

import os
import secrets
from pathlib import Path
from typing import Final

SECRET_BYTES: Final = 32


def read_or_create_secret(path: Path) -> str:
    """The secret in the file; made on the first call, with mode 0600 from its first moment."""
    if path.exists():
        return path.read_text().strip()
    return write_secret(path, secrets.token_hex(SECRET_BYTES))


def write_secret(path: Path, text: str) -> str:
    """Put the text into the file in one step, readable by its owner alone; return it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text + "\n")
    draft.replace(path)
    return text
