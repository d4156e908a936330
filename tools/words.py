"""Finds words that must not come back, for `make words`; docs/vocabulary.md has those to use.

A word has one pattern for names and one for texts (comments, docstrings, strings), since many of
them are good English for something else.
"""

import io
import re
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CHECKED: Final = ("*.py", ":(glob)docs/*.md", "README.md")
ITSELF: Final = "tools/words.py"
NEVER: Final = r"(?!)"


@dataclass(frozen=True, slots=True)
class Word:
    """A word with what to use and why; `name` is matched with an identifier's lower-case parts."""

    word: str
    instead: str
    reason: str
    name: str = NEVER
    text: str = NEVER

    def is_in_name(self, identifier: str) -> bool:
        parts = " ".join(re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)).lower()
        return re.search(rf"\b(?:{self.name})\b", parts) is not None

    def is_in_text(self, line: str) -> bool:
        return re.search(self.text, line, re.IGNORECASE) is not None


HOUSEHOLD: Final = "a household word for a technical thing"
AMBIGUOUS: Final = "it has had several meanings here"
LITERARY: Final = "readers have to decode it"
WORDS: Final = (
    Word(
        "away",
        "unavailable",
        LITERARY,
        r"(?<!take )away",
        r"\b(is|are|was|be|been|goes|stays) away\b",
    ),
    Word("gone", "deleted, expired, unavailable", AMBIGUOUS, "gone", r"(?<!410 )\bgone\b"),
    Word(
        "standing",
        "status, is_active, match, lockout: whichever is meant",
        AMBIGUOUS,
        "standing|stands",
        r"\bstanding\b|(?<!order )\bstands\b(?! for)",
    ),
    Word("wish", "proposal", HOUSEHOLD, "wish(es|ed)?", r"\bwish(es)?\b"),
    Word("deed", "handler, operation", LITERARY, "deeds?", r"\bdeeds?\b"),
    Word("desk", "approvals, client: the role it has", HOUSEHOLD, "desks?", r"\bdesks?\b"),
    Word("asked", "query, request, filter", HOUSEHOLD, "asked|asking"),
    Word("told", "seen, notified, says", HOUSEHOLD, "told|telling", r"\btold\b"),
    Word("said", "already_seen, stated", HOUSEHOLD, "said", r"\bsaid\b"),
    Word("kept", "stored", HOUSEHOLD, "kept"),
    Word("past", "history", AMBIGUOUS, r"(?<!in )past(?! date)"),
    Word("tenure", "assignment, live session", LITERARY, "tenures?", r"\btenures?\b"),
    Word("doing", "current actor", AMBIGUOUS, "doing"),
    Word("put down", "attributed to, recorded", LITERARY, text=r"\bput(s|ting)? (it )?down\b"),
    Word("book", "CaseBatch, batch", HOUSEHOLD, "books?"),
    Word("unwritten", "pending_writes", LITERARY, "unwritten", r"\bunwritten\b"),
    Word("meanings", "OutcomeEffects, effects", HOUSEHOLD, "meanings"),
    Word("docket", "LedgerState", "a court's docket is something else", "dockets?"),
    Word("collector", "freeze the GC after start-up", LITERARY, text=r"\bfrom the collector\b"),
    Word(
        "for people", "only a signed-in user may do this", LITERARY, text=r"\bThis is for people\b"
    ),
    Word("nothing here", "not found", LITERARY, text=r"\bThere is nothing here\b"),
    Word("stamp", "created_by/at, updated_by/at", HOUSEHOLD, "stamps?|stamped"),
    Word("touch", "set updated_by/at", HOUSEHOLD, "touch(ed|es)?"),
    Word("first written", "created_by/at", HOUSEHOLD, text=r"\bfirst written\b"),
    Word("whoever", "the caller, a user", LITERARY, "whoever", r"\bwhoever\b"),
    Word("somebody", "a user, a caller", LITERARY, "somebody", r"\bsomebody\b"),
    Word(
        "nobody",
        "no user, an anonymous caller",
        LITERARY,
        "nobody",
        r"(?<!\")\bnobody\b",  # in quotation marks it is the system's account
    ),
    Word("anew", "again", LITERARY, "anew", r"\banew\b"),
    Word("beside", "next to, with, during", LITERARY, "beside", r"\bbeside\b"),
    Word("of its own", "its own", LITERARY, text=r"\bof (one's|its|their|our|your|his|her) own\b"),
)
# Identifiers of libraries and of the wire.
FOREIGN: Final = frozenset({"GoAwayFrame", "HTTP_410_GONE", "touch"})


@dataclass(frozen=True, slots=True)
class Finding:
    """A word in a line of a file."""

    path: str
    line: int
    word: Word

    def __str__(self) -> str:
        word = self.word
        return f"{self.path}:{self.line}: {word.word}: write {word.instead} ({word.reason})"


def in_python(path: str, source: str) -> Iterator[Finding]:
    """Words in names, comments and strings."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and token.string not in FOREIGN:
            yield from (
                Finding(path, token.start[0], word)
                for word in WORDS
                if word.is_in_name(token.string)
            )
        elif token.type not in (tokenize.NAME, tokenize.OP, tokenize.NUMBER):
            yield from in_text(path, token.string, token.start[0])


def in_text(path: str, text: str, first_line: int = 1) -> Iterator[Finding]:
    """Words in the lines of a text."""
    for number, line in enumerate(text.splitlines(), first_line):
        yield from (Finding(path, number, word) for word in WORDS if word.is_in_text(line))


def main() -> int:
    """Print every line with such a word; 1 if there is one. `--count` adds how many of each."""
    listed = ["git", "ls-files", "--", *CHECKED]
    paths = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()  # noqa: S603 - our own command
    findings: dict[tuple[str, int, str], Finding] = {}
    for path in paths:
        if path != ITSELF and Path(path).exists():
            check = in_python if path.endswith(".py") else in_text
            for found in check(path, Path(path).read_text()):
                findings[path, found.line, found.word.word] = found
    print(*findings.values(), sep="\n", end="\n" if findings else "")
    if "--count" in sys.argv:
        for word, lines in Counter(found.word.word for found in findings.values()).most_common():
            print(f"{lines:6} {word}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
