"""Whole rows: each code of the design's list that a row alone can give, and no more."""

from datetime import date
from pathlib import Path

import pytest

from common.identity import CourtScope
from common.ids import uuid7
from core_service.aliases.models import AliasKind
from core_service.returns.columns import COLUMNS, read_header
from core_service.returns.issues import Code, Severity
from core_service.returns.judgement import Judgement, judge, split
from core_service.returns.models import Result
from core_service.returns.reading import SourceRow, open_return
from core_service.returns.resolution import Terms
from core_service.returns.vocabulary import ReferenceRows, Vocabulary

from .conftest import TODAY, Cells, JudgeCells


def _codes(judgement: Judgement) -> list[Code]:
    return [issue.code for issue in judgement.issues]
