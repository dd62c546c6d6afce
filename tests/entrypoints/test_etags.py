import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrypoints.http.etags import etag, seen_versions


@pytest.mark.parametrize("header", [None, "*", " * "])
def test_any_version_will_do(header: str | None) -> None:
    assert seen_versions(header) is None


@pytest.mark.parametrize(
    ("header", "versions"),
    [
        ('"3"', {3}),
        ('"3", "4"', {3, 4}),
        ('"3","4" ,"5"', {3, 4, 5}),
        ('W/"3"', set()),
        ('W/"3", "4"', {4}),
        ('"3", *', {3}),
        ("3", set()),
        ("", set()),
        ('"', set()),
        ('"x"', set()),
        ('"-3"', set()),
        ('"٣"', set()),
        ('"²"', set()),
        ('"3" "4"', set()),
        ('"99999999999999999999"', set()),
    ],
)
def test_what_is_no_strong_etag_of_ours_matches_nothing(header: str, versions: set[int]) -> None:
    assert seen_versions(header) == frozenset(versions)


@given(st.text())
def test_never_fails(header: str) -> None:
    seen_versions(header)


@given(st.integers(min_value=1, max_value=999_999_999))
def test_comes_back_as_it_went(version: int) -> None:
    assert seen_versions(etag(version)["ETag"]) == frozenset({version})
