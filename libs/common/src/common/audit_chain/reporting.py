"""What `verify-audit` of every service prints, and how it exits."""

from collections.abc import Iterator
from typing import Final

from common.audit_chain.audit import Report
from common.audit_chain.verification import FaultKind

SHOWN: Final = 100
EXIT_FAULTY: Final = 1
DESCRIPTIONS: Final = {
    FaultKind.CUT_OFF: (
        "cut off: these places were noted outside the database, which ends before them:"
        " its end was deleted, or it was restored to an earlier state"
    ),
    FaultKind.REWRITTEN: (
        "rewritten: the events differ from those whose hash was signed or noted:"
        " the chain was computed again, or went on from an earlier state"
    ),
}


def report_lines(report: Report) -> Iterator[str]:
    """The faults, what they mean, and one line about the whole."""
    yield from map(str, report.faults[:SHOWN])
    if len(report.faults) > SHOWN:
        yield f"and {len(report.faults) - SHOWN} more"
    found = {fault.kind for fault in report.faults}
    yield from (text for kind, text in DESCRIPTIONS.items() if kind in found)
    yield (
        f"{report.rows} events from position {report.start.position + 1}, "
        f"{report.unsealed} not sealed yet, {report.checkpoints} checkpoints, "
        f"{_anchored(report)}; head {report.head.position}:{report.head.hash.hex()}"
    )


def exit_code(report: Report, *, require_anchor: bool) -> int:
    """0 when nothing is wrong and, if that is required, a place outside the database agrees."""
    faulty = bool(report.faults) or (require_anchor and report.anchor is None)
    return EXIT_FAULTY if faulty else 0


def _anchored(report: Report) -> str:
    if report.anchor is None:
        return "unanchored (nothing outside the database proves that its end is still there)"
    checkpoint = report.anchor.checkpoint
    noted = f" of {checkpoint.made_at.isoformat(timespec='seconds')}" if checkpoint else ""
    return f"anchored at position {report.anchor.link.position}{noted}"
