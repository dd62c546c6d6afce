"""The pages that links in mails lead to: forms without scripts, that work."""

import re
from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest

from entrypoints.http.pages.rendering import PAGE_SECURITY_POLICY
from tests.mail.links import link_in, token_in
from tests.organizations import a_person, an_organization
from tests.world import PASSWORD, PLATFORM, HttpClient, World, memory_world, token

HOST = "http://localhost"
UNKNOWN = "01a20722-5659-704c-b35f-e8e56e7ab0c5"
HOSTILE = "'; rm -rf ~ #<script>alert(1)</script>\""


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with memory_world() as world:
        yield world


@pytest.fixture
async def client(world: World) -> AsyncIterator[HttpClient]:
    async with world.http() as client:
        yield client


@pytest.fixture
async def link(world: World, client: HttpClient) -> str:
    """The one in the mail of an invitation."""
    olga = await a_person(world, "olga")
    body = {"organization": await an_organization(world, olga), "email": "new@example.org"}
    headers = await token(client, HOST, olga.username)
    assert (await client.post(f"{HOST}/api/invitations/", json=body, headers=headers)).status_code == 201
    await client.settle()
    return link_in(world.mails.sent[-1])


def forms(page: httpx.Response) -> list[tuple[str, dict[str, str]]]:
    """Where each form goes, and what it sends by itself."""
    return [
        (
            action,
            {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="(.*?)"', body)},
        )
        for action, body in re.findall(r'<form method="post" action="(.*?)">(.*?)</form>', page.text, re.DOTALL)
    ]


async def test_a_newcomer_accepts_by_the_form(world: World, client: HttpClient, link: str) -> None:
    page = await client.get(link)
    (action, sent), _, _ = forms(page)
    answer = await client.post(HOST + action, data=sent | {"username": "newcomer", "password": PASSWORD})
    assert answer.status_code == 200
    assert "Sign in as newcomer" in answer.text
    assert await token(client, HOST, "newcomer")


async def test_it_can_be_declined_by_the_form(client: HttpClient, link: str) -> None:
    _, _, (action, sent) = forms(await client.get(link))
    assert "declined" in (await client.post(HOST + action, data=sent)).text
    assert (await client.post(HOST + action, data=sent)).status_code == 404


async def test_who_has_an_account_accepts_with_its_password(world: World, client: HttpClient, link: str) -> None:
    await world.user(PLATFORM, "new")
    _, (action, sent), _ = forms(await client.get(link))
    wrong = await client.post(HOST + action, data=sent | {"password": "not-the-password"})
    assert (wrong.status_code, wrong.text.count('class="wrong"')) == (401, 1)
    answer = await client.post(HOST + action, data=sent | {"password": PASSWORD})
    assert (answer.status_code, "You are in" in answer.text) == (200, True)
    headers = await token(client, HOST, "new")
    assert (await client.get(f"{HOST}/api/organizations/", headers=headers)).json()["count"] == 1
    assert (await client.post(HOST + action, data=sent | {"password": PASSWORD})).status_code == 404


async def test_an_account_with_another_address_does_not_answer(world: World, client: HttpClient, link: str) -> None:
    await a_person(world, "somebody")
    _, (action, sent), _ = forms(await client.get(link))
    assert (await client.post(HOST + action, data=sent | {"password": PASSWORD})).status_code == 401


async def test_guesses_on_the_form_count_as_logins(world: World, client: HttpClient, link: str) -> None:
    await world.user(PLATFORM, "new")
    _, (action, sent), _ = forms(await client.get(link))
    guesses = [await client.post(HOST + action, data=sent | {"password": f"wrong-{turn}"}) for turn in range(30)]
    assert guesses[-1].status_code == 429
    login = {"username": "new", "password": PASSWORD}
    assert (await client.post(f"{HOST}/api/auth/jwt/token/", json=login)).status_code == 429


async def test_what_is_wrong_is_told_and_can_be_mended(client: HttpClient, link: str) -> None:
    (action, sent), _, _ = forms(await client.get(link))
    wrong = await client.post(HOST + action, data=sent | {"username": "<b>", "password": "short"})
    assert wrong.status_code == 400
    assert 'value="&lt;b&gt;"' in wrong.text
    assert wrong.text.count('class="wrong"') == 2
    (again, kept), _, _ = forms(wrong)
    assert (again, kept) == (action, sent)
    assert (await client.post(HOST + again, data=kept | {"username": "ok", "password": PASSWORD})).status_code == 200


async def test_a_password_is_set_by_the_form(world: World, client: HttpClient) -> None:
    scope = await world.site()
    await world.admin(scope)
    await client.post(f"{world.host()}/api/auth/password/reset/", json={"email": "admin@example.org"})
    await client.settle()
    page = await client.get(link_in(world.mails.sent[0]))
    ((action, sent),) = forms(page)
    assert sent == {"token": token_in(world.mails.sent[0])}
    assert (await client.post(world.host() + action, data=sent | {"password": "short"})).status_code == 400
    assert (await client.post(world.host() + action, data=sent | {"password": "a-new-password"})).status_code == 200
    assert (await client.post(world.host() + action, data=sent | {"password": "a-new-password"})).status_code == 400
    log_in = {"username": "admin", "password": "a-new-password"}
    assert (await client.post(f"{world.host()}/api/auth/jwt/token/", json=log_in)).status_code == 200


@pytest.mark.parametrize("path", [f"/invitations/{UNKNOWN}/", "/password/reset/"])
async def test_pages_are_closed_to_scripts_frames_and_referrers(client: HttpClient, path: str) -> None:
    page = await client.get(f"{HOST}{path}?token=abc")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"] == PAGE_SECURITY_POLICY
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "script" not in page.text
    assert 'value="abc"' in page.text


@pytest.mark.parametrize("path", [f"/invitations/{UNKNOWN}/", "/password/reset/"])
async def test_what_is_no_token_is_not_shown(client: HttpClient, path: str) -> None:
    """What stands in a link and is none of ours is not to get into a page."""
    shown = await client.get(HOST + path, params={"token": HOSTILE})
    sent = await client.post(HOST + path, data={"token": HOSTILE, "username": HOSTILE, "password": HOSTILE})
    for page in (shown, sent):
        assert "rm -rf" not in page.text.replace('value="&#39;; rm -rf', "")
        assert "<script" not in page.text


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"token", b"{}", b"token=%ff&answer=decline"])
async def test_what_is_no_form_is_refused(client: HttpClient, body: bytes) -> None:
    assert (await client.post(f"{HOST}/invitations/{UNKNOWN}/", content=body)).status_code == 404
    assert (await client.post(f"{HOST}/password/reset/", content=body)).status_code == 400


async def test_invitations_are_opened_on_the_platform(world: World, client: HttpClient) -> None:
    await world.site()
    assert (await client.get(f"{world.host()}/invitations/{UNKNOWN}/")).status_code == 404
    assert (await client.get(f"{world.host()}/password/reset/")).status_code == 200
