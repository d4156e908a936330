"""What is written is read back as the same."""

import yaml
from hypothesis import given
from hypothesis import strategies as st

from gateway.traefik.yaml_text import to_yaml

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)
TRICKY = st.sampled_from(["yes", "no", "null", "1", "0x1", "1e3", "-", ": ", "#", "a: b", "", "~"])
SCALARS = TEXT | TRICKY | st.integers() | st.booleans()
NODES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT | TRICKY, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(TEXT | TRICKY, NODES, max_size=4))
def test_any_document_survives(document: dict[str, object]) -> None:
    assert (yaml.safe_load(to_yaml(document)) or {}) == document  # type: ignore[arg-type]  # hypothesis' own nodes
