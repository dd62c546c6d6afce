import csv
import io
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.imports.csv_records import LONGEST_RECORD, CsvParser, NotCsvError, Record, decoded
from application.shared.csv_lines import csv_line


def parsed(text: str, delimiter: str = ",", *, step: int = 1 << 20) -> list[Record]:
    parser = CsvParser(delimiter)
    pieces = [text[start : start + step] for start in range(0, len(text), step)]
    found = [record for piece in pieces for record in parser.feed(piece)]
    return found + list(parser.feed("", is_last=True))


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "dos", "mac"])
def test_records_are_told_with_the_lines_they_begin_in(step: int, end: str) -> None:
    text = end.join(["title,description", 'Paint,"two', 'buckets, ""white"""', "", ",", "last,"])
    assert parsed(text, step=step) == [
        Record(1, ["title", "description"]),
        Record(2, ["Paint", f'two{end}buckets, "white"']),
        Record(5, ["", ""]),
        Record(6, ["last", ""]),
    ]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('5" pipe,x', ['5" pipe', "x"]),
        ('"a"b,c', ["ab", "c"]),
        ('""', [""]),
        ('"",', ["", ""]),
        ("  a ,b", ["  a ", "b"]),
        ("a;b", ["a;b"]),
    ],
)
def test_what_is_not_quite_right_is_taken_as_others_take_it(text: str, cells: list[str]) -> None:
    assert [record.cells for record in parsed(text)] == ([cells] if cells != [""] else [])


@pytest.mark.parametrize("text", ['title\n"Paint', 'title\na,"b\nc,d\n', 'title\n"'])
def test_a_quote_that_nobody_closes_is_found(text: str) -> None:
    with pytest.raises(NotCsvError, match="line 2 does not end"):
        parsed(text)


def test_it_is_found_before_all_of_the_file_is_held() -> None:
    parser = CsvParser(",")
    list(parser.feed('title\n"'))
    with pytest.raises(NotCsvError, match="does not end"):
        list(parser.feed("x" * LONGEST_RECORD))


@given(
    st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2), min_size=1),
    st.integers(min_value=1, max_value=9),
)
def test_what_the_standard_library_writes_comes_back(rows: list[list[str]], step: int) -> None:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    assert [record.cells for record in parsed(written.getvalue(), step=step)] == rows


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2))
def test_no_cell_that_we_write_is_a_formula(cells: list[str]) -> None:
    (record,) = parsed(csv_line(cells))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in record.cells)
    assert [own in (cell, cell[1:]) for cell, own in zip(record.cells, cells, strict=True)] == [True] * len(cells)


async def one_by_one(content: bytes) -> AsyncIterator[bytes]:
    for place in range(len(content)):
        yield content[place : place + 1]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no mark", "a byte order mark"])
async def test_letters_may_be_torn_between_chunks(mark: bytes) -> None:
    text = "".join([piece async for piece in decoded(one_by_one(mark + "Größe,😀".encode()))])
    assert text == "Größe,😀"


@pytest.mark.parametrize(
    "content",
    ["Größe".encode("latin-1"), "Größe".encode("utf-16"), b"a\0b", b"\x89PNG\r\n", "ü".encode()[:1]],
    ids=["latin-1", "utf-16", "nul", "a picture", "half a letter"],
)
async def test_what_is_no_text_in_utf_8_is_refused(content: bytes) -> None:
    with pytest.raises(NotCsvError):
        _ = [piece async for piece in decoded(one_by_one(content))]


@pytest.mark.parametrize("before", ["", " ", "\u00a0 ", "\n", "\t", "\ufeff", "\u200b", " \u202e"])
@pytest.mark.parametrize("sign", "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\u207a")
def test_what_a_spreadsheet_may_take_for_a_formula_is_made_inert(before: str, sign: str) -> None:
    (record,) = parsed(csv_line(["a", f"{before}{sign}1"]))
    assert record.cells[1] == f"'{before}{sign}1"


@pytest.mark.parametrize("text", ["", "a=1", " a", "1-2", "\u200b", "\u2013", "(=1)"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    (record,) = parsed(csv_line(["a", text]))
    assert record.cells[1] == text
