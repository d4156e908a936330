"""Letters: every kind can be written, and a job's JSON holds an order whole."""

import json
from datetime import UTC, datetime

import pytest

from auth_service.mail.delivery import Links
from auth_service.mail.letters import SUBJECTS, Cause, LetterKind, Order
from auth_service.mail.rendering import Renderer, lifetime_text
from common.ids import uuid7

AT = datetime(2026, 1, 5, 8, tzinfo=UTC)
VALUES = {
    "name": "Asha",
    "email": "asha@masijala.example",
    "at": "05 January 2026, 08:00 UTC",
    "ip": "203.0.113.7",
    "program": "<script>",
    "device": None,
    "link": "https://court.example/#token=abc",
    "lifetime": "30 minutes",
    "due": "05/01/2026",
}


@pytest.mark.parametrize("kind", LetterKind)
def test_every_kind_has_a_subject_text_and_html(kind: LetterKind) -> None:
    message = Renderer("Masijala <no-reply@x.example>").message(kind, "a@x.example", AT, VALUES)
    assert message["Subject"] == SUBJECTS[kind]
    text, html = (part.get_content() for part in message.iter_parts())
    assert text.startswith("Hello Asha,\n")
    assert "<p>Hello Asha,</p>" in html
    assert "<script>" not in html


@pytest.mark.parametrize("kind", [LetterKind.INVITATION, LetterKind.RESET])
def test_letters_with_a_link_have_it_on_a_separate_line(kind: LetterKind) -> None:
    message = Renderer("x <no-reply@x.example>").message(kind, "a@x.example", AT, VALUES)
    text, _ = (part.get_content() for part in message.iter_parts())
    assert f"\n{VALUES['link']}\n" in text


def test_a_mail_order_is_unchanged_after_serialisation_as_a_job() -> None:
    cause = Cause(AT.isoformat(), "203.0.113.7", "curl", "request-1", str(uuid7()))
    for order in (
        Order(LetterKind.RESET, cause, email="a@x.example"),
        Order(LetterKind.SESSION_REUSED, cause, user_id=uuid7(), device_name="Counter"),
    ):
        assert Order.read(json.loads(json.dumps(order.arguments()))) == order
    assert cause.moment == AT


def test_a_link_is_made_of_the_configuration() -> None:
    default = Links("{public_url}/set-password#token={token}", "https://court.example/")
    assert default.to_set_password("abc") == "https://court.example/set-password#token=abc"
    other = Links("https://app.example/{token}", "https://court.example")
    assert other.to_set_password("abc") == "https://app.example/abc"


@pytest.mark.parametrize(
    ("seconds", "text"), [(1800, "30 minutes"), (7200, "2 hours"), (259_200, "72 hours")]
)
def test_lifetimes_are_written_in_words(seconds: int, text: str) -> None:
    assert lifetime_text(seconds) == text
