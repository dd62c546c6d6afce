import re
from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from application.files.attachment import attachment, inert_type

ANY_NAME = st.text(st.characters(codec=None, categories=["Cs", "Cc", "Cf", "L", "N", "P", "Z", "S"]), max_size=1024)
FORM = re.compile(r"attachment; filename=\"([ !#$&-\[\]-~]+)\"; filename\*=UTF-8''([A-Za-z0-9._~%-]+)")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("wall.txt", "wall.txt"),
        ("Übersicht 2026.pdf", "Übersicht 2026.pdf"),
        ("日本.png", "日本.png"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("..\\boot.ini", ".._boot.ini"),
        ('a"; filename="b.exe', "a_; filename=_b.exe"),
        ("a\r\nSet-Cookie: x=y", "a__Set-Cookie: x=y"),
        ("a\0b", "a_b"),
        ("photo\u202egpj.exe", "photo_gpj.exe"),
        ("\ud800.txt", "_.txt"),
        ("..", "file"),
        ("", "file"),
        (" . ", "file"),
        ("100%41.txt", "100_41.txt"),
        ("x" * 1024 + ".tar.gz", "x" * 252 + ".gz"),
        ("ä" * 1024, "ä" * 127),
        ("a." + "b" * 1024, "a." + "b" * 253),
    ],
)
def test_a_name_is_shown_as_what_can_be_saved(name: str, shown: str) -> None:
    found = FORM.fullmatch(attachment(name))
    assert found
    assert unquote(found[2]) == shown
    assert found[1] == "".join(letter if letter.isascii() else "_" for letter in shown)


@given(ANY_NAME)
@example("." * 1024)
@example("\U0001f600" * 1024)
@example('";\r\n/..\\\0%0d%0a')
def test_no_name_gets_out_of_its_header(name: str) -> None:
    value = attachment(name)
    found = FORM.fullmatch(value)
    assert found
    assert len(value) < 1200
    shown = unquote(found[2], errors="strict")
    assert 0 < len(shown.encode()) <= 255
    assert not set(shown) & set('/\\"\0\r\n')
    assert shown not in (".", "..")
    message = Message()
    message["Content-Disposition"] = value
    params = message.get_params(header="Content-Disposition")
    assert params is not None
    assert [param for param, _value in params] == ["attachment", "filename", "filename"]


@pytest.mark.parametrize(
    ("announced", "served"),
    [
        ("image/png", "image/png"),
        ("Text/Plain; charset=utf-8", "text/plain"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("application/xhtml+xml", "application/octet-stream"),
        ("text/javascript", "application/octet-stream"),
        ("text/plain\r\nX: y", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_no_type_is_served_that_a_browser_runs(announced: str, served: str) -> None:
    assert inert_type(announced) == served
