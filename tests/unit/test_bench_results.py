"""The tables in docs/performance.md are those of the committed results."""

from typing import Any

import pytest
from bench import auth_report, gateway_report, registry_report
from bench.figures import read
from bench.sections import DOCUMENT


def read_results(name: str) -> dict[str, Any]:
    results = read(name)
    assert results is not None
    return results


def tables() -> dict[str, str]:
    """Each section's table by its name."""
    return {
        "auth": auth_report.render(*map(read_results, auth_report.PARTS)),
        "gateway": gateway_report.render(read_results("gateway")),
        "registry": registry_report.render(read_results("registry")),
    }


@pytest.mark.parametrize("section", ["auth", "gateway", "registry"])
def test_the_page_has_the_table_of_the_results(section: str) -> None:
    """Renew it: `python -m bench.auth_report`, and so on."""
    table = f"<!-- bench:{section} -->\n{tables()[section]}\n<!-- /bench:{section} -->"
    assert table in DOCUMENT.read_text()


def test_sign_ins_and_refreshes_of_different_servers_make_no_table() -> None:
    login, refresh, timing = map(read_results, auth_report.PARTS)
    other = refresh | {"durable": not login["durable"]}
    with pytest.raises(ValueError, match="run both again"):
        auth_report.render(login, other, timing)
