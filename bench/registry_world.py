"""An invented judiciary: its courts of every type, their judges and the registers they keep."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice, permutations, product
from random import Random
from typing import Any, Final
from uuid import UUID

from core_service.reference.models import Cadre, CourtType, Effect
from core_service.reference.names import display_name
from core_service.reference.seeding import (
    activity_type_rows,
    case_type_rows,
    outcome_rows,
    reason_rows,
    seed_id,
)
from core_service.reference.seeding import judge_rows as seeded_judges
from core_service.reference.spelling import normal_spelling

# Names are a head and a tail each; none is that of a demo court.
HEADS: Final = "Fiction Sample Trial Sketch Model Mock Draft Proto Specimen Pilot Dummy Fable"
STATION_TAILS: Final = (
    "ville ton field bridge hill port wood ford stead mouth dale gate haven brook market cross "
    "ridge lake"
)
SURNAME_TAILS: Final = "son man wright smith er ley worth ell ard ing by wick"
GIVEN_NAMES: Final = (
    "Amina John Mary Peter Grace David Ruth Samuel Esther Daniel Joy Paul Hope Mark Faith Luke "
    "Anne James Rose Simon Lydia Philip Naomi Victor"
)

# How many courts of a type there are to each 200, and how the caseload is spread over the types.
COURTS: Final[Mapping[CourtType, tuple[int, int]]] = {
    CourtType.SUPREME: (1, 1),
    CourtType.APPEAL: (4, 20),
    CourtType.HIGH: (40, 240),
    CourtType.EMPLOYMENT: (8, 40),
    CourtType.ENVIRONMENT: (26, 70),
    CourtType.MAGISTRATES: (75, 520),
    CourtType.KADHIS: (25, 24),
    CourtType.SMALL_CLAIMS: (15, 70),
    CourtType.TRIBUNAL: (6, 15),
}
BENCH: Final = {CourtType.SUPREME: 5, CourtType.APPEAL: 3}
CADRES: Final = {
    CourtType.MAGISTRATES: Cadre.MAGISTRATE,
    CourtType.KADHIS: Cadre.KADHI,
    CourtType.SMALL_CLAIMS: Cadre.ADJUDICATOR,
    CourtType.TRIBUNAL: Cadre.TRIBUNAL_MEMBER,
}
# Registers by court type: what numbers begin with, the category's code, the share.
REGISTERS: Final[Mapping[CourtType, str]] = {
    CourtType.SUPREME: "SCPET CIVA 6, SCAPPL CIVAPP 4",
    CourtType.APPEAL: "COACA CIVA 50, COACRA CRA 35, COAAPPL CIVAPP 15",
    CourtType.HIGH: (
        "HCCC CIV 20, HCCR MUR 8, HCCRA CRA 12, HCCA CIVA 16, HCMISC CIVAPP 12, HCCRAPP CRAPP 5, "
        "HCCRREV CRREV 5, HCPET CONST 6, HCJR JR 4, HCBK BANK 2, HCTAX TAX 2, HCSUCC PROB 12, "
        "HCADOP ADOP 1, HCDIV DIV 3"
    ),
    CourtType.EMPLOYMENT: "ELRCC EMP 80, ELRCPET CONST 10, ELRCJR JR 10",
    CourtType.ENVIRONMENT: "ELCL LAND 75, ELCA CIVA 15, ELCMISC CIVAPP 10",
    CourtType.MAGISTRATES: "MCCC CIV 30, MCCR CTR 30, MCTR TRAF 22, MCAPPL CIVAPP 8, MCPR PROB 10",
    CourtType.KADHIS: "KCSUCC PROB 55, KCDIV DIV 45",
    CourtType.SMALL_CLAIMS: "SCCC SMALL 100",
    CourtType.TRIBUNAL: "TCC CIV 70, TCTAX TAX 30",
}
CUSTODIAL: Final = frozenset({"MUR", "CTR", "CRA", "CRREV", "CRAPP"})
BUSY_COURT: Final = 0.7
MOST_COURTS: Final = len(HEADS.split()) * len(STATION_TAILS.split())


@dataclass(frozen=True, slots=True)
class Register:
    """One series of numbers at a court, for one kind of case."""

    caseid_type: str
    category: str
    case_type_id: UUID
    category_id: UUID

    @property
    def custodial(self) -> bool:
        """Whether an accused may wait in custody."""
        return self.category in CUSTODIAL

    @property
    def on_appeal(self) -> bool:
        """Whether its cases come from a court below."""
        return self.category in {"CIVA", "CRA"}


@dataclass(frozen=True, slots=True)
class InventedCourt:
    """A court with the registers it keeps and the judges who sit there."""

    id: UUID
    code: str
    name: str
    court_type: CourtType
    registers: tuple[Register, ...]
    shares: tuple[int, ...]
    judge_ids: tuple[UUID, ...]

    @property
    def bench_size(self) -> int:
        """How many sit together."""
        return BENCH.get(self.court_type, 1)


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary by label, and what of it the ledger asks."""

    types: Mapping[str, UUID]
    hearings: frozenset[UUID]
    outcomes: Mapping[str, UUID]
    effects: Mapping[UUID, Effect]
    limits: Mapping[UUID, frozenset[UUID]]
    set_down: Mapping[UUID, UUID | None]
    reasons: tuple[UUID, ...]
    placeholder: UUID

    @classmethod
    def seeded(cls) -> "Words":
        """The words that every installation begins with."""
        types, outcomes = list(activity_type_rows()), list(outcome_rows())
        return cls(
            types={row["label"]: row["id"] for row in types},
            hearings=frozenset(row["id"] for row in types if row["counts_as_hearing"]),
            outcomes={row["label"]: row["id"] for row in outcomes},
            effects={row["id"]: Effect(row["effect"]) for row in outcomes},
            limits={row["id"]: frozenset(row["limited_to"]) for row in outcomes},
            set_down={row["id"]: row["sets_down_for_id"] for row in outcomes},
            reasons=tuple(row["id"] for row in reason_rows()),
            placeholder=next(row["id"] for row in seeded_judges()),
        )


@dataclass(frozen=True, slots=True)
class World:
    """All courts, how likely a case is each one's, and the rows of courts and judges."""

    courts: tuple[InventedCourt, ...]
    shares: tuple[float, ...]
    judge_rows: tuple[dict[str, Any], ...]
    words: Words

    def labels(self) -> dict[UUID, str]:
        """What judges and words are called, as returns name them."""
        rows = [*activity_type_rows(), *outcome_rows(), *reason_rows()]
        labels = {row["id"]: row["label"] for row in rows}
        labels |= {row["id"]: row["name"] for row in case_type_rows()}
        return labels | {
            row["id"]: row["display_name"] for row in (*self.judge_rows, *seeded_judges())
        }

    def court_rows(self) -> Iterator[dict[str, Any]]:
        """The courts as rows to seed."""
        for court in self.courts:
            yield {
                "id": court.id,
                "code": court.code,
                "name": court.name,
                "court_type": court.court_type,
                "station": court.name.partition(" ")[0],
            }


def invent_world(seed: int, courts: int = 200) -> World:
    """`courts` courts of all nine types, at least one of each."""
    chance = Random(seed)
    counts = {kind: max(1, round(count * courts / 200)) for kind, (count, _) in COURTS.items()}
    total = sum(counts.values())
    if total > MOST_COURTS:
        raise ValueError(f"names are invented for {MOST_COURTS} courts at most")
    stations = [head + tail for head, tail in product(HEADS.split(), STATION_TAILS.split())]
    chance.shuffle(stations)
    seats = {kind: 3 * count + BENCH.get(kind, 1) for kind, count in counts.items()}
    judges = _judges(chance, seats)
    found, shares = [], []
    for kind, count in counts.items():
        benches = [[row["id"] for row in judges[kind]][place::count] for place in range(count)]
        # A few courts have most of the cases: each next one has a fixed part of the one before.
        weights = [1 / (place + 1) ** BUSY_COURT for place in range(count)]
        for place, judge_ids in enumerate(benches):
            found.append(_court(kind, stations.pop(), judges[kind], judge_ids))
            shares.append(COURTS[kind][1] * weights[place] / sum(weights))
    rows = tuple(row for group in judges.values() for row in group)
    return World(tuple(found), tuple(shares), rows, Words.seeded())


def _court(
    kind: CourtType, station: str, colleagues: Sequence[dict[str, Any]], judge_ids: list[UUID]
) -> InventedCourt:
    code = f"{station}-{kind.value}".upper()
    size = BENCH.get(kind, 1)
    spare = islice(cycle(row["id"] for row in colleagues if row["id"] not in judge_ids), size)
    registers = [each.split() for each in REGISTERS[kind].split(", ")]
    return InventedCourt(
        id=seed_id("court", code),
        code=code,
        name=f"{station} {kind.value}",
        court_type=kind,
        registers=tuple(
            Register(
                name, category, seed_id("case_type", category), seed_id("case_category", category)
            )
            for name, category, _ in registers
        ),
        shares=tuple(int(share) for *_, share in registers),
        judge_ids=tuple(judge_ids) if len(judge_ids) >= size else (*judge_ids, *spare),
    )


def _judges(
    chance: Random, wanted: Mapping[CourtType, int]
) -> dict[CourtType, list[dict[str, Any]]]:
    names = [
        (head + tail, f"{given} {other}")
        for head, tail in product(HEADS.split(), SURNAME_TAILS.split())
        for given, other in permutations(GIVEN_NAMES.split(), 2)
    ]
    chance.shuffle(names)
    return {
        kind: [_judge(*names.pop(), CADRES.get(kind, Cadre.JUDGE)) for _ in range(count)]
        for kind, count in wanted.items()
    }


def _judge(surname: str, given_names: str, cadre: Cadre) -> dict[str, Any]:
    name = display_name(surname, given_names)
    return {
        "id": seed_id("judge", name),
        "surname": surname,
        "given_names": given_names,
        "display_name": name,
        "name_norm": normal_spelling(name),
        "cadre": cadre,
    }
