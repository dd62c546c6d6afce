from collections.abc import AsyncIterator

import pytest

from application.imports.csv_records import LONGEST_RECORD, NotCsvError
from application.imports.layout import laid_out


async def lines(text: str, delimiter: str | None = None, *, step: int = 64) -> list[dict[str, str]]:
    content = text.encode()

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(content), step):
            yield content[start : start + step]

    return [layout.values(record) async for layout, record in laid_out(chunks(), delimiter)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
async def test_the_first_line_tells_the_delimiter(delimiter: str) -> None:
    text = f"title{delimiter}due date\nA, b; c|d{delimiter}2026-12-31\n".replace("A, b; c|d", "Paint")
    assert await lines(text) == [{"title": "Paint", "due_date": "2026-12-31"}]


async def test_one_that_is_given_is_taken() -> None:
    assert await lines("title|status\na,b|done\n", "|") == [{"title": "a,b", "status": "done"}]
    with pytest.raises(NotCsvError, match="no column title"):
        await lines("title|status\n", ";")


async def test_names_of_columns_may_be_in_any_case_and_order() -> None:
    assert await lines(" Due Date ,TITLE\n 2026-01-01 , Paint \n") == [{"due_date": "2026-01-01", "title": "Paint"}]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty"),
        ("\n\r\n", "is empty"),
        ("name\nPaint\n", "no column title"),
        ("title,colour\n", "has a column 'colour', and there are title, description"),
        ("title,,\n", "has a column ''"),
        ("title,Title\n", "has the column title more than once"),
        ("<html><body>", "no column title"),
        ("{" * LONGEST_RECORD * 2, "."),
        ('"title\n' + "x\n" * LONGEST_RECORD, "does not end"),
    ],
    ids=str,
)
async def test_a_header_that_makes_no_sense_is_told(text: str, problem: str) -> None:
    with pytest.raises(NotCsvError, match=problem):
        await lines(text, step=4096)


async def test_a_header_alone_is_no_line() -> None:
    assert await lines("title\n") == []


async def test_a_file_may_be_much_longer_than_what_is_looked_at_first() -> None:
    number = LONGEST_RECORD // 3
    assert len(await lines("title\n" + "Paint\n" * number, step=10_000)) == number
