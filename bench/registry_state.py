"""From invented histories to rows: what follows from them is made by core's own rules.

Ledger, status, hearings and assignments come from the functions that `core rebuild` runs, so that
a rebuild of what is loaded changes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, date, datetime
from random import Random
from typing import Any, Final
from uuid import UUID

from bench.registry_histories import Filing, HistoryGenerator, Step
from bench.registry_world import Words

from core_service.activities.records import ActivityContent, content_hash
from core_service.assignments.derivation import AssignmentPeriod, Sitting, current_lead, periods
from core_service.cases.models import CaseStatus
from core_service.cases.numbers import normal_number
from core_service.hearings.derivation import History, derive
from core_service.ledger.models import CaseStatusEvent, VoidReason
from core_service.ledger.replay import ActivityFact, CaseFacts, in_order, replay
from core_service.ledger.service import difference
from core_service.links.models import LinkKind
from core_service.reference.models import Effect
from core_service.sources import SourceKind

TABLES: Final = (
    "cases",
    "case_activities",
    "activity_judges",
    "case_status_events",
    "case_judge_assignments",
    "hearings",
    "case_links",
)  # in an order that foreign keys allow
SEALED: Final = 0.005
DELETED: Final = 0.001
E_FILING_BEGAN: Final = 2020
REPRESENTED: Final = 0.6
BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
END: Final = datetime.max.replace(tzinfo=UTC)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Affair:
    """A filing, and the one that its file goes on as at another court."""

    filing: Filing
    onward: Filing | None = None


@dataclass(slots=True)
class Recorded:
    """One activity as the ledger sees it, and from when until when it counted.

    An activity that was never voided has always counted: only corrections retract events.
    """

    fact: ActivityFact
    made_at: datetime
    since: datetime
    until: datetime


@dataclass(slots=True)
class Registrar:
    """Turns affairs into the rows of every table."""

    words: Words
    until: date
    seed: int
    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def enter(self, affair: Affair) -> None:
        """Add all rows of an affair."""
        case_id, departure_id = self._case(affair.filing)
        if affair.onward is not None:
            there_id, _ = self._case(affair.onward, case_id, departure_id)
            self.rows["case_links"].append(
                {
                    **_record(self.rows["cases"][-1]["created_at"], Random(affair.onward.index)),
                    "case_id": case_id,
                    "other_id": there_id,
                    "kind": LinkKind.TRANSFERRED_TO.value,
                }
            )

    def _case(
        self, filing: Filing, origin_id: UUID | None = None, departure_id: UUID | None = None
    ) -> tuple[UUID, UUID | None]:
        """The case's ID, and that of the activity by which its file has left."""
        chance = Random(self.seed << 40 | filing.index)
        steps = HistoryGenerator(filing, self.words, filing.sent_on or self.until, chance).steps()
        # A case is registered with the first that is recorded of it.
        case = self._case_row(filing, min(step.recorded_at for step in steps), chance)
        case["received_from_id"] = origin_id
        recorded = list(self._activities(case, steps, departure_id, chance))
        self._follow(case, filing, recorded, chance)
        self.rows["cases"].append(case)
        left = (each.fact for each in recorded if each.fact.sets_status is CaseStatus.TRANSFERRED)
        return case["id"], next((fact.activity_id for fact in left), None)

    def _case_row(self, filing: Filing, created_at: datetime, chance: Random) -> Row:
        register, year = filing.register, filing.filed_on.year
        number = f"E{filing.serial:03d}" if year >= E_FILING_BEGAN else str(filing.serial)
        appeal = register.on_appeal
        return {
            **_record(created_at, chance),
            "court_id": filing.court.id,
            "caseid_type": register.caseid_type,
            "number_raw": number,
            "number_norm": normal_number(number),
            "number_serial": filing.serial,
            "filed_year": year,
            "filed_on": filing.filed_on,
            "case_type_id": register.case_type_id,
            "original_court": "A court below" if appeal else None,
            "original_code": register.caseid_type if appeal else None,
            "original_number": str(chance.randint(1, 900)) if appeal else None,
            "original_year": year - 1 if appeal else None,
            "male_applicant": chance.randint(0, 2),
            "female_applicant": chance.randint(0, 2),
            "organization_applicant": int(register.custodial or chance.random() < REPRESENTED),
            "male_defendant": chance.randint(0, 3),
            "female_defendant": chance.randint(0, 1),
            "organization_defendant": 0,
            "custody_count": int(register.custodial and chance.random() < REPRESENTED),
            "legal_representation": chance.random() < REPRESENTED,
            "sealed": chance.random() < SEALED,
            "source_kind": SourceKind.IMPORT.value,
            "filename": f"return-{filing.court.code.lower()}-{created_at:%Y-%m}.csv",
            "row_no": filing.index % 5000 + 1,
            "deleted_at": created_at if chance.random() < DELETED else None,
        }

    def _activities(
        self, case: Row, steps: Sequence[Step], departure_id: UUID | None, chance: Random
    ) -> Iterator[Recorded]:
        ids: dict[int, UUID] = {}
        places: Counter[date] = Counter()
        by_time = sorted(range(len(steps)), key=lambda place: (steps[place].recorded_at, place))
        versions = {place: version for version, place in enumerate(by_time, start=1)}
        seqs: dict[int, int] = {}
        for place in by_time:
            step = steps[place]
            if step.corrects is None:
                places[step.on] += 1
            seqs[place] = places[step.on] if step.corrects is None else seqs[step.corrects]
        for place, step in enumerate(steps):
            content = ActivityContent(
                activity_on=step.on,
                activity_type_id=step.type_id,
                outcome_id=step.outcome_id,
                reason_id=step.reason_id,
                next_on=step.next_on,
                judge_ids=step.bench,
                custody_count=step.custody_count,
                details=step.details,
            )
            row = _record(step.recorded_at, chance) | {
                "case_id": case["id"],
                "seq": seqs[place],
                **content.columns(),
                "sets_status": step.sets.value if step.sets else None,
                "counterpart_id": departure_id if step.sets else None,
                "source_kind": case["source_kind"],
                "filename": case["filename"],
                "row_no": case["row_no"] + place,
                "content_hash": content_hash(content),
                "case_version": versions[place],
                "supersedes_id": ids[step.corrects] if step.corrects is not None else None,
                "voided_at": step.voided_at,
                "void_reason": step.void_reason.value if step.void_reason else None,
            }
            ids[place] = row["id"]
            self.rows["case_activities"].append(row)
            self.rows["activity_judges"] += (
                {"activity_id": row["id"], "position": position, "judge_id": judge_id}
                for position, judge_id in enumerate(step.bench, start=1)
            )
            fact = self._fact(row, step)
            again = step.corrects is not None or step.void_reason is VoidReason.VOIDED
            since = step.recorded_at if again else BEGINNING
            yield Recorded(fact, step.recorded_at, since, step.voided_at or END)
        case["version"] = len(steps)
        case["updated_at"] = max(step.recorded_at for step in steps)

    def _fact(self, row: Row, step: Step) -> ActivityFact:
        judges = [None if each == self.words.placeholder else each for each in step.bench]
        outcome = step.outcome_id
        return ActivityFact(
            activity_id=row["id"],
            activity_on=step.on,
            seq=row["seq"],
            effect=self.words.effects[outcome] if outcome else Effect.NONE,
            limited_to=self.words.limits[outcome] if outcome else frozenset(),
            sets_down_for_id=self.words.set_down[outcome] if outcome else None,
            next_on=step.next_on,
            lead_judge_id=judges[0] if judges else None,
            custody_count=step.custody_count,
            member_ids=tuple(judge for judge in judges[1:] if judge is not None),
            sets_status=step.sets,
            activity_type_id=step.type_id,
            counts_as_hearing=step.type_id in self.words.hearings,
        )

    def _follow(
        self, case: Row, filing: Filing, recorded: Sequence[Recorded], chance: Random
    ) -> None:
        """Add what follows from the activities, and write the status on the case."""
        facts = CaseFacts(
            case["court_id"], filing.register.category_id, filing.filed_on, filing.received
        )
        live = in_order(each.fact for each in recorded if each.until == END)
        result = replay(facts, live)
        self._ledger(case, facts, recorded)
        sittings = [Sitting(fact.activity_on, fact.lead_judge_id, fact.member_ids) for fact in live]
        assigned = periods(sittings, ())
        self._assignments(case, assigned, chance)
        self._hearings(case, History.of(facts, live, result), chance)
        state = result.state
        for each in fields(state):
            value = getattr(state, each.name)
            if value is not None or each.name not in ("custody_count", "legal_representation"):
                case[each.name] = value
        case["status"] = state.status.value
        case["lead_judge_id"] = current_lead(assigned)

    def _ledger(self, case: Row, facts: CaseFacts, recorded: Sequence[Recorded]) -> None:
        """Every event, with those that a correction or a void has retracted."""
        made_at = {each.fact.activity_id: each.made_at for each in recorded}
        moments = {time for each in recorded for time in (each.since, each.until)} - {END}
        current: list[CaseStatusEvent] = []
        for moment in sorted({BEGINNING, *moments}):
            counted = [each.fact for each in recorded if each.since <= moment < each.until]
            appended, retracted = difference(
                current, replay(facts, counted).events, case["case_type_id"]
            )
            for old in retracted:
                old.retracted_at = max(moment, old.recorded_at)
                current.remove(old)
                self.rows["case_status_events"].append(_columns(old))
            for event in appended:
                known = made_at[event.activity_id] if event.activity_id else case["created_at"]
                values = asdict(event) | {
                    "recorded_at": max(moment, known),
                    "case_type_id": case["case_type_id"],
                }
                current.append(CaseStatusEvent(case_id=case["id"], **values))
        self.rows["case_status_events"] += map(_columns, current)

    def _assignments(self, case: Row, assigned: Iterable[AssignmentPeriod], chance: Random) -> None:
        self.rows["case_judge_assignments"] += (
            _record(case["updated_at"], chance)
            | {
                "case_id": case["id"],
                "judge_id": span.judge_id,
                "role": span.role.value,
                "from_on": span.from_on,
                "to_on": span.to_on,
                "origin": span.origin.value,
            }
            for span in assigned
        )

    def _hearings(self, case: Row, history: History, chance: Random) -> None:
        for state in derive(history, ()):
            self.rows["hearings"].append(
                _record(case["updated_at"], chance)
                | {"case_id": case["id"], "court_id": case["court_id"]}
                | asdict(state)
                | {"status": state.status.value, "is_manual": False, "is_vacated": False}
            )


def _record(at: datetime, chance: Random) -> Row:
    return {"id": _id_at(at, chance), "created_at": at, "updated_at": at, "version": 1}


def _id_at(at: datetime, chance: Random) -> UUID:
    """A UUIDv7 (RFC 9562, 5.7) of that moment."""
    milliseconds = int(at.timestamp() * 1000)
    value = milliseconds << 80 | 0x7 << 76 | chance.getrandbits(12) << 64
    return UUID(int=value | 0x2 << 62 | chance.getrandbits(62))


def _columns(event: CaseStatusEvent) -> Row:
    return event.model_dump() | {"kind": event.kind.value}
