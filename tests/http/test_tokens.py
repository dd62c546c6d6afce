from collections.abc import AsyncIterator

import jwt
import pytest

from tests.http.accounts import JWT, PLATFORM, Account
from tests.world import PASSWORD, World


@pytest.fixture
async def ada(world: World) -> AsyncIterator[Account]:
    """The admin of a site; the platform has one, too, with the same password."""
    await world.admin(await world.site(), "ada")
    await world.admin(username="ada")
    async with world.http() as client:
        yield Account(client, world.host(), "ada")


def platform_of(ada: Account, world: World) -> Account:
    return Account(ada.client, PLATFORM, f"ada-{world.suffix}")


async def test_gives_a_pair_for_name_and_password_and_for_address_and_password(ada: Account) -> None:
    by_name = await ada.attempt()
    by_address = await ada.post(f"{JWT}/token/", {"email": "ADA@example.org", "password": PASSWORD})

    for answer in (by_name, by_address):
        assert answer.status_code == 200
        assert set(answer.json()) == {"access", "refresh"}
        assert answer.headers["cache-control"] == "no-store"
        assert (await ada.sessions(answer.json()["access"])).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        f"{JWT}/token/",
        f"{JWT}/token",
        "/api/cloud/auth/jwt/token/",
        "/api/cloud/auth/jwt/token",
    ],
)
async def test_logs_in_at_every_address_of_the_endpoint(ada: Account, path: str) -> None:
    answer = await ada.post(path, {"username": "ada", "password": PASSWORD})

    assert answer.status_code == 200


@pytest.mark.parametrize("prefix", ["/api/auth/jwt", "/api/cloud/auth/jwt"])
@pytest.mark.parametrize("middle", ["", "/token"])
async def test_the_other_endpoints_have_their_aliases(ada: Account, prefix: str, middle: str) -> None:
    pair = await ada.log_in()

    verified = await ada.post(f"{prefix}{middle}/verify/", {"token": pair["access"]})
    refreshed = await ada.post(f"{prefix}{middle}/refresh/", {"refresh": pair["refresh"]})
    blacklisted = await ada.post(f"{prefix}{middle}/blacklist/", {"refresh": refreshed.json()["refresh"]})

    assert (verified.status_code, verified.json()) == (200, {})
    assert set(refreshed.json()) == {"access", "refresh"}
    assert (blacklisted.status_code, blacklisted.json()) == (200, {})


async def test_a_refresh_token_does_not_pass_as_access_nor_the_other_way_round(ada: Account) -> None:
    pair = await ada.log_in()

    assert (await ada.sessions(pair["refresh"])).status_code == 401
    assert (await ada.refresh(pair["access"])).status_code == 401
    assert (await ada.post(f"{JWT}/blacklist/", {"refresh": pair["access"]})).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic YTpi",
        "bearer a.b.c",
        "Token x",
        "Bearer \xe4\xf6",
        "Bearer " + "x" * 7000,
    ],
)
async def test_nobody_is_let_in_by_a_strange_header(ada: Account, header: str) -> None:
    answer = await ada.client.get(
        f"{ada.base}/api/auth/sessions/", headers={b"Authorization": header.encode("latin-1")}
    )

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer ")


async def test_a_blacklisted_token_is_good_for_nothing(ada: Account) -> None:
    pair = await ada.log_in()

    for _ in range(2):
        assert (await ada.post(f"{JWT}/blacklist/", {"refresh": pair["refresh"]})).status_code == 200

    assert await ada.verify(pair["refresh"]) == 401
    assert await ada.verify(pair["access"]) == 401
    assert (await ada.refresh(pair["refresh"])).status_code == 401
    assert (await ada.sessions(pair["access"])).status_code == 401


async def test_tokens_expire(ada: Account, world: World) -> None:
    pair = await ada.log_in()
    world.clock.advance(minutes=15)
    assert (await ada.sessions(pair["access"])).status_code == 401
    assert await ada.verify(pair["access"]) == 401
    assert await ada.verify(pair["refresh"]) == 200
    world.clock.advance(days=7)

    assert (await ada.refresh(pair["refresh"])).status_code == 401


@pytest.mark.parametrize("base", ["site", "platform"])
async def test_the_public_keys_verify_tokens_and_have_no_private_part(ada: Account, world: World, base: str) -> None:
    account = ada if base == "site" else platform_of(ada, world)
    pair = await account.log_in()

    shown = (await ada.client.get(f"{account.base}/.well-known/jwks.json")).json()

    (key,) = shown["keys"]
    assert set(key) == {"kty", "crv", "x", "kid", "alg", "use"}
    assert (key["alg"], key["use"]) == ("EdDSA", "sig")
    header = jwt.get_unverified_header(pair["access"])
    assert (header["kid"], header["typ"], header["alg"]) == (key["kid"], "at+jwt", "EdDSA")
    assert jwt.get_unverified_header(pair["refresh"])["typ"] == "rt+jwt"
    claims = jwt.decode(pair["access"], jwt.PyJWK(key), options={"verify_aud": False})
    assert set(claims) == {"iss", "aud", "sub", "sid", "jti", "iat", "exp", "ver"}
    assert claims["exp"] - claims["iat"] == 900
    if base == "platform":
        assert claims["aud"] == "platform"


@pytest.mark.parametrize("token", ["a.b.c", "\0", "ünï", "🦀", "x" * 4096])
async def test_what_is_no_token_is_a_401_everywhere(ada: Account, token: str) -> None:
    assert await ada.verify(token) == 401
    assert (await ada.refresh(token)).status_code == 401
    assert (await ada.post(f"{JWT}/blacklist/", {"refresh": token})).status_code == 401


@pytest.mark.parametrize(
    "body", ['{"token": ""}', '{"token": 5}', "{}", '{"token": "a", "x": 1}', '{"token": "\\ud800"}']
)
async def test_a_body_of_another_shape_is_a_400(ada: Account, body: str) -> None:
    answer = await ada.client.post(
        f"{ada.base}{JWT}/verify/", content=body, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 400
