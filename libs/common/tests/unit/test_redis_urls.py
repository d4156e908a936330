"""URLs of Redis: one server, or Sentinels."""

import pytest

from common.redis_urls import SentinelUrl, check_redis_url


def test_sentinels_service_and_credentials_are_read() -> None:
    url = SentinelUrl.parse(
        "redis+sentinel://gateway:p%40ss@one:26380,[::1],two/court%20one/3"
        "?sentinel_username=watcher&sentinel_password=s%26cret"
    )
    assert url.sentinels == (("one", 26380), ("::1", 26379), ("two", 26379))
    assert url.service == "court one"
    assert url.server == {"username": "gateway", "password": "p@ss", "db": 3}
    assert url.sentinel == {"username": "watcher", "password": "s&cret"}


def test_with_tls_servers_and_sentinels_have_the_same_certificates() -> None:
    url = SentinelUrl.parse("rediss+sentinel://one/court?ssl_ca_certs=/etc/ca.pem")
    assert url.server == {"db": 0, "ssl": True, "ssl_ca_certs": "/etc/ca.pem"}
    assert url.sentinel == {"ssl": True, "ssl_ca_certs": "/etc/ca.pem"}


@pytest.mark.parametrize(
    "url",
    ["redis://localhost/0", "rediss://:secret@host:6380", "unix:///run/valkey.sock",
     "redis+sentinel://one,two/court", "rediss+sentinel://one/court/1"],
)  # fmt: skip
def test_a_good_url_is_taken(url: str) -> None:
    assert check_redis_url(url) == url


@pytest.mark.parametrize(
    "url",
    ["http://host", "host:6379", "redis+sentinel://one", "redis+sentinel:///court",
     "redis+sentinel://one,/court", "redis+sentinel://:secret@one:port/court"],
)  # fmt: skip
def test_another_is_refused_without_its_secrets(url: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - which text is pydantic's caller's affair
        check_redis_url(url)
    assert "secret" not in str(refused.value)
