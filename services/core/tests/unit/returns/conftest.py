"""A small invented vocabulary, and one good row to spoil in each test."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from common.identity import CourtScope
from common.ids import uuid7
from core_service.reference.models import (
    ActivityType,
    AdjournmentCause,
    AdjournmentReason,
    Cadre,
    CaseCategory,
    CaseNature,
    CaseType,
    Court,
    CourtType,
    Effect,
    Judge,
    Outcome,
)
from core_service.reference.spelling import display_name, normal_spelling
from core_service.returns.judging.judgement import Judgement, judge
from core_service.returns.judging.resolution import Terms
from core_service.returns.judging.vocabulary import ReferenceRows, Vocabulary
from testkit.core.shapes import Shape, read

TODAY = date(2026, 6, 1)
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
Cells = dict[str, str]
JudgeCells = Callable[..., Judgement]


def record() -> dict[str, Any]:
    """The columns that every record has."""
    return {"id": uuid7(), "created_at": NOW, "updated_at": NOW}


def _court(name: str, code: str, court_type: CourtType, station: str) -> Court:
    return Court(**record(), name=name, code=code, court_type=court_type, station=station)


def _judge(surname: str, given: str, cadre: Cadre = Cadre.JUDGE) -> Judge:
    name = display_name(surname, given)
    return Judge(
        **record(),
        surname=surname,
        given_names=given,
        display_name=name,
        name_norm=normal_spelling(name),
        cadre=cadre,
    )


def _purpose(label: str) -> ActivityType:
    return ActivityType(
        **record(), label=label, label_norm=label.lower(), counts_as_hearing=True, adjournable=True
    )


def _outcome(label: str, effect: Effect) -> Outcome:
    return Outcome(**record(), label=label, label_norm=label.lower(), effect=effect)


@pytest.fixture
def reference() -> ReferenceRows:
    """Reference data as a registry would have it, all names invented."""
    civil = CaseCategory(
        **record(), code="civil-suit", name="Civil Suit/Matter", nature=CaseNature.CIVIL
    )
    murder = CaseCategory(**record(), code="murder", name="Murder", nature=CaseNature.CRIMINAL)
    return ReferenceRows(
        courts=[
            _court("Testville", "TESTHC", CourtType.HIGH, "Testville"),
            _court("Demoville Small Claims", "SCC", CourtType.SMALL_CLAIMS, "Demoville"),
            _court("Supreme Court", "SC", CourtType.SUPREME, "Nairobi"),
            _court("KC", "KADHI", CourtType.KADHIS, "Sampleton"),
        ],
        judges=[
            _judge("Example", "Amina Wanja"),
            _judge("Sample", "John"),
            _judge("Clerkson", "Rita", Cadre.REGISTRAR),
            _judge("Not Yet Assigned", "", Cadre.PLACEHOLDER),
        ],
        categories=[civil, murder],
        case_types=[
            CaseType(**record(), code="CS", name="Civil Suit", name_norm="x", category_id=civil.id),
            CaseType(**record(), code="MU", name="Murder", name_norm="y", category_id=murder.id),
        ],
        activity_types=[_purpose("Mention"), _purpose("Hearing")],
        outcomes=[
            _outcome("Mention Date Given", Effect.NONE),
            _outcome("Adjournment", Effect.ADJOURN),
            _outcome("Struck Out", Effect.DISPOSE),
        ],
        reasons=[
            AdjournmentReason(
                **record(),
                label="Party absent",
                label_norm="party absent",
                cause=AdjournmentCause.PARTY,
            )
        ],
    )


@pytest.fixture
def vocabulary(reference: ReferenceRows) -> Vocabulary:
    return Vocabulary.of(reference)


@pytest.fixture
def cells() -> Cells:
    """A row without fault, of a Monday."""
    return {
        "court": "Testville",
        "date_dd": "23",
        "date_mon": "Feb",
        "date_yyyy": "2026",
        "caseid_type": "HCCC",
        "caseid_no": "E014",
        "filed_dd": "3",
        "filed_mon": "Feb",
        "filed_yyyy": "2025",
        "case_type": "Civil Suit",
        "judge_1": "Example, Amina Wanja",
        "comingfor": "Mention",
        "outcome": "Mention Date Given",
        "legalrep": "Yes",
    }


@pytest.fixture
def judged(cells: Cells, vocabulary: Vocabulary) -> JudgeCells:
    """Judge the good row with some cells changed."""

    def run(**changes: str) -> Judgement:
        return judge({**cells, **changes}, vocabulary, Terms(CourtScope(None)), TODAY)

    return run


@pytest.fixture
def is_read_as_expected(tmp_path: Path, reference: ReferenceRows) -> Callable[[Shape], None]:
    """Check what reading and judging a file comes to."""

    def check(shape: Shape) -> None:
        found = read(tmp_path / "return", shape, reference)
        assert found.seen == shape.expected
        if shape.cells:
            number, name, value = shape.cells.split(" ", 2)
            assert found.cells[int(number) - 1][name] == value

    return check
