"""Letters: every kind can be written, and a job's JSON holds an order whole."""

import json
import re
from datetime import UTC, datetime
from email import policy

import pytest

from auth_service.mail.delivery import Links
from auth_service.mail.letters import SUBJECTS, Cause, LetterKind, Order
from auth_service.mail.rendering import Renderer, lifetime_texts
from auth_service.users.models import EmailPurpose
from common.ids import uuid7

AT = datetime(2026, 1, 5, 8, tzinfo=UTC)
VALUES = {
    "name": "Asha",
    "email": "asha@masijala.example",
    "at": "05 January 2026, 08:00 UTC",
    "ip": "203.0.113.7",
    "program": "<script>",
    "directory": "<b>ministry",
    "link": "https://court.example/#token=abc",
    **lifetime_texts(1800),
    "due": "05/01/2026",
    "old_email": "asha@masijala.example",
    "new_email": "asha.kamau@masijala.example",
    "hours": 72,
}


@pytest.mark.parametrize("kind", LetterKind)
def test_every_letter_is_in_both_languages(kind: LetterKind) -> None:
    message = Renderer("x <no-reply@x.example>").message(kind, "a@x.example", AT, VALUES)
    assert " / " in message["Subject"]
    text, html = (part.get_content() for part in message.iter_parts())
    for content in (text, html):
        english, swahili = content.split("Habari Asha,")
        assert "Hello Asha," in english
        for link in re.findall(r"https://\S+abc", english):
            assert link in swahili


@pytest.mark.parametrize("kind", LetterKind)
def test_no_subject_is_folded(kind: LetterKind) -> None:
    message = Renderer("x <no-reply@x.example>").message(kind, "a@x.example", AT, VALUES)
    for rules in (policy.default, policy.SMTP):  # of a file, and of what a mail server gets
        header, *_ = message.as_bytes(policy=rules).splitlines()
        assert header.decode() == f"Subject: {SUBJECTS[kind]}"


@pytest.mark.parametrize("kind", LetterKind)
def test_every_kind_has_a_subject_text_and_html(kind: LetterKind) -> None:
    message = Renderer("Masijala <no-reply@x.example>").message(kind, "a@x.example", AT, VALUES)
    assert message["Subject"] == SUBJECTS[kind]
    text, html = (part.get_content() for part in message.iter_parts())
    assert text.startswith("Hello Asha,\n")
    assert "<p>Hello Asha,</p>" in html
    assert "<script>" not in html


@pytest.mark.parametrize(
    "kind",
    [
        *(LetterKind.INVITATION, LetterKind.RESET),
        *(LetterKind.EMAIL_CONFIRM, LetterKind.EMAIL_REQUESTED, LetterKind.EMAIL_CHANGED),
    ],
)
def test_letters_with_a_link_have_it_on_a_separate_line(kind: LetterKind) -> None:
    message = Renderer("x <no-reply@x.example>").message(kind, "a@x.example", AT, VALUES)
    text, _ = (part.get_content() for part in message.iter_parts())
    assert f"\n{VALUES['link']}\n" in text


def test_a_mail_order_is_unchanged_after_serialisation_as_a_job() -> None:
    cause = Cause(AT.isoformat(), "203.0.113.7", "curl", "request-1", str(uuid7()))
    for order in (
        Order(LetterKind.RESET, cause, email="a@x.example"),
        Order(LetterKind.IDENTITY_LINKED, cause, user_id=uuid7(), directory="Ministry"),
        Order(LetterKind.EMAIL_CONFIRM, cause, user_id=uuid7(), change_id=uuid7()),
    ):
        assert Order.read(json.loads(json.dumps(order.arguments()))) == order
    assert cause.moment == AT


def test_a_job_of_the_revision_before_is_read_as_well() -> None:
    order = Order(LetterKind.RESET, Cause(AT.isoformat()), email="a@x.example")
    arguments = order.arguments() | {"device_name": None}
    for name in ("change_id", "directory"):
        del arguments[name]
    assert Order.read(arguments) == order


def test_a_link_about_an_address_names_what_it_does() -> None:
    links = Links("{token}", "https://court.example/")
    undo = links.to_email(EmailPurpose.UNDO, "abc")
    assert undo == "https://court.example/undo-email#token=abc"
    assert "confirm-email" in links.to_email(EmailPurpose.CONFIRM, "abc")


def test_a_link_is_made_of_the_configuration() -> None:
    default = Links("{public_url}/set-password#token={token}", "https://court.example/")
    assert default.to_set_password("abc") == "https://court.example/set-password#token=abc"
    other = Links("https://app.example/{token}", "https://court.example")
    assert other.to_set_password("abc") == "https://app.example/abc"


@pytest.mark.parametrize(
    ("seconds", "english", "swahili"),
    [
        (1800, "30 minutes", "dakika 30"),
        (7200, "2 hours", "saa 2"),
        (259_200, "72 hours", "saa 72"),
    ],
)
def test_lifetimes_are_written_in_words(seconds: int, english: str, swahili: str) -> None:
    assert lifetime_texts(seconds) == {"lifetime": english, "lifetime_sw": swahili}
