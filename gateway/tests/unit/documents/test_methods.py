"""Which methods a path takes, by the description of the API."""

import pytest

from gateway.documents.methods import PathMethods

METHODS = PathMethods(
    {
        "/api/v1/cases": {"parameters": [], "post": {}, "get": {}},
        "/api/v1/cases/{case_id}": {"patch": {}, "get": {}},
        "/api/v1/cases/lookup": {"get": {}},
        "/api/v1/files/{name}.{form}": {"delete": {}},
    }
)


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/api/v1/cases", ("GET", "HEAD", "POST")),
        ("/api/v1/cases/7", ("GET", "HEAD", "PATCH")),
        # A template matches, too: the service, not we, decides which of the two is meant.
        ("/api/v1/cases/lookup", ("GET", "HEAD", "PATCH")),
        ("/api/v1/files/a.csv", ("DELETE",)),
        ("/api/v1/files/a-csv", ()),
        ("/api/v1/cases/", ()),
        ("/api/v1/cases/7/history", ()),
        ("/nowhere", ()),
    ],
)
def test_a_path_has_the_methods_of_every_template_that_matches(
    path: str, methods: tuple[str, ...]
) -> None:
    assert METHODS.of(path) == methods
