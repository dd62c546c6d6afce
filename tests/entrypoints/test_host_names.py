import pytest

from domain.shared.errors import InvalidError
from entrypoints.host_names import asked_domain, typed_domain
from entrypoints.http.hosts import read_authority


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Www.Acme.Example", "www.acme.example"),
        ("acme.example.", "acme.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        ("xn--BCHER-kva.example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("ａｃｍｅ.example", "acme.example"),
        ("r3---x.example", "r3---x.example"),
    ],
)
def test_a_domain_gets_the_one_form_that_routing_reads(typed: str, name: str) -> None:
    assert typed_domain(typed) == asked_domain(typed) == read_authority(typed)[0] == name


@pytest.mark.parametrize(
    "typed",
    ["xn--nobody-.a", "xn--.a", "xn--bcher-kv.a", "xn--n3h.a", "☃.a", "a\u200b_.例え", "\ud800.a"],
)
def test_what_is_no_international_name_is_refused(typed: str) -> None:
    with pytest.raises(InvalidError) as refused:
        typed_domain(typed)
    assert refused.value.details.keys() == {"domain"}


def test_what_has_no_such_form_can_be_asked_for_all_the_same() -> None:
    assert asked_domain("☃.example") == "☃.example"
