import pytest

from entrypoints.networks import read_resolvers


@pytest.mark.parametrize(
    ("text", "resolver"),
    [
        ("9.9.9.9", ("9.9.9.9", 53)),
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("[2620:fe::fe]:5353", ("2620:fe::fe", 5353)),
        ("[2620:fe::fe]", ("2620:fe::fe", 53)),
        ("2620:fe::fe", ("2620:fe::fe", 53)),
    ],
)
def test_a_resolver_has_an_address_and_maybe_a_port(text: str, resolver: tuple[str, int]) -> None:
    assert read_resolvers([text]) == [resolver]


@pytest.mark.parametrize("text", ["", "resolver", "9.9.9.9:", "9.9.9.9:x", "1.2.3.4.5", "[::1", "::1]:53", "::1::2"])
def test_what_is_none_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        read_resolvers([text])
