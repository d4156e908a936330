"""The terminal of the local stack shows each letter once, with its link."""

from email.message import EmailMessage
from pathlib import Path

from devstack.mailbox import Mailbox, describe

LINK = "http://127.0.0.1:8080/set-password#token=abc"


def letter(subject: str, text: str) -> bytes:
    message = EmailMessage()
    message["To"] = "new@court.example"
    message["Subject"] = subject
    message.set_content(text)
    message.add_alternative(f"<p>{text}</p>", subtype="html")
    return message.as_bytes()


def test_a_letter_is_one_line_with_its_link() -> None:
    raw = letter("Choose a password", f"Open this:\n\n{LINK}\n\nIt is good for a day.")
    assert describe(raw) == f"mail to new@court.example: Choose a password {LINK}"


def test_a_letter_without_a_link_is_printed_too() -> None:
    assert describe(letter("Changed", "Done.")) == "mail to new@court.example: Changed"


def test_each_new_letter_is_printed_once_and_older_ones_never(tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes(letter("Old", "x"))
    printed: list[str] = []
    mailbox = Mailbox(tmp_path, printed.append)
    (tmp_path / "2.eml").write_bytes(letter("New", "x"))
    (tmp_path / "2.partial").write_bytes(b"half")
    mailbox.look()
    mailbox.look()
    assert printed == ["mail to new@court.example: New"]


def test_a_folder_that_does_not_exist_yet_is_empty(tmp_path: Path) -> None:
    printed: list[str] = []
    mailbox = Mailbox(tmp_path / "mail", printed.append)
    mailbox.look()
    assert printed == []
