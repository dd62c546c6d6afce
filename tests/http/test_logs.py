import json
import logging
from collections.abc import AsyncIterator, Iterator
from io import StringIO
from typing import Any

import httpx
import pytest
import structlog

from entrypoints.logging import HIDDEN, configure_logging, hide_secrets
from tests.http.accounts import JWT, NEW_PASSWORD, Account, bearer
from tests.http.entrance import Entrance
from tests.world import PASSWORD, World


class Log:
    """What the application wrote: as text and as one object a line."""

    def __init__(self) -> None:
        self.stream = StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


def start(log: Log, *, pretty: bool) -> None:
    configure_logging(pretty=pretty, level="debug", stream=log.stream)
    structlog.configure(cache_logger_on_first_use=False)


@pytest.fixture
def log() -> Iterator[Log]:
    """Everything that is logged during the test, as JSON."""
    handlers, level = logging.root.handlers[:], logging.root.level
    log = Log()
    start(log, pretty=False)
    yield log
    structlog.reset_defaults()
    logging.basicConfig(handlers=handlers, level=level, force=True)


@pytest.fixture
async def ada(world: World, log: Log) -> AsyncIterator[Account]:
    await world.admin(await world.site(), "ada")
    async with world.http() as client:
        yield Account(client, world.host(), "ada")


class Conversation:
    """Everything a client does with its credentials, right and wrong; `secrets` is what went over the wire."""

    def __init__(self, ada: Account, world: World) -> None:
        self._ada = ada
        self._world = world
        self.answers: list[httpx.Response] = []
        self.secrets = [PASSWORD, NEW_PASSWORD, "not-the-password", "plain:"]

    def _heard(self, answer: httpx.Response) -> dict[str, str]:
        self.answers.append(answer)
        body: dict[str, str] = answer.json() if answer.content else {}
        for name in ("access", "refresh"):
            if name in body:
                self.secrets += [body[name], body[name].rpartition(".")[2]]
        return body

    async def hold(self) -> None:
        ada, heard = self._ada, self._heard
        heard(await ada.attempt("not-the-password"))
        heard(await Account(ada.client, ada.base, "nobody").attempt())
        first = heard(await ada.attempt())
        second = heard(await ada.refresh(first["refresh"]))
        self._world.clock.advance(seconds=30)
        heard(await ada.refresh(first["refresh"]))
        heard(await ada.sessions(second["access"]))
        third = heard(await ada.attempt())
        heard(await ada.sessions(third["access"]))
        heard(await ada.change_password(third["access"], "not-the-password"))
        heard(await ada.change_password(third["access"], PASSWORD, "short"))
        fourth = heard(await ada.change_password(third["access"]))
        heard(await ada.post(f"{JWT}/verify/", {"token": third["access"]}))
        heard(await ada.post(f"{JWT}/refresh/", {"refresh": fourth["refresh"], "password": PASSWORD}))
        heard(await ada.client.get(f"{ada.base}/api/projects/?token={fourth['access']}", headers=bearer(PASSWORD)))
        heard(await ada.post(f"{JWT}/blacklist/", {"refresh": fourth["refresh"]}))


async def test_no_secret_is_in_any_line(ada: Account, world: World, log: Log) -> None:
    talk = Conversation(ada, world)
    await talk.hold()

    assert len(talk.answers) == 15
    assert {answer.status_code for answer in talk.answers} == {200, 400, 401}
    assert len(talk.secrets) >= 4 + 2 * 2 * 4
    assert len(log.lines) > len(talk.answers)
    assert [secret for secret in talk.secrets if secret in log.text] == []


async def test_every_line_says_which_request_it_is_about_on_which_site(ada: Account, world: World, log: Log) -> None:
    talk = Conversation(ada, world)
    await talk.hold()

    ids = [answer.headers["x-request-id"] for answer in talk.answers]
    assert len(set(ids)) == len(ids)
    assert {line["request_id"] for line in log.lines} == set(ids)
    assert {line["site"] for line in log.lines} == {world.slug()}
    requests = [line for line in log.lines if line["event"] == "request"]
    assert [(line["request_id"], line["status"]) for line in requests] == [
        (answer.headers["x-request-id"], answer.status_code) for answer in talk.answers
    ]
    assert all(line["timestamp"].endswith("Z") and line["level"] for line in log.lines)


async def test_the_user_is_named_where_they_are_known(ada: Account, log: Log) -> None:
    access = (await ada.log_in())["access"]
    await ada.sessions(access)
    await ada.sessions("x")

    assert [line["user"] for line in log.lines] == [None, "ada", None]


async def test_the_reuse_of_a_refresh_token_is_a_line_of_its_own(ada: Account, world: World, log: Log) -> None:
    first = await ada.log_in()
    await ada.refresh(first["refresh"])
    world.clock.advance(seconds=11)
    answer = await ada.refresh(first["refresh"])

    (line,) = [line for line in log.lines if line["level"] == "warning"]
    assert "used twice" in line["event"]
    assert line["request_id"] == answer.headers["x-request-id"]
    assert line["site"] == world.slug()
    assert {"session_id", "user_id", "client"} <= line.keys()


async def test_an_impersonation_is_a_line_of_its_own_and_told_in_every_line(
    ada: Account, world: World, log: Log
) -> None:
    root = await world.admin(username="root")
    door = Entrance(world, ada.client)
    pair = await door.enter("root")
    await ada.sessions(pair["access"])
    await ada.client.post(f"{ada.base}/api/projects/", json={}, headers=bearer(pair["access"]))
    await ada.refresh(pair["refresh"])

    (started,) = [line for line in log.lines if line["level"] == "warning"]
    assert "acts as a user" in started["event"]
    assert (started["impersonator"], started["impersonator_id"]) == (root.username, str(root.id))
    assert (started["site"], started["visitor"]) == (world.slug(), root.username)
    assert [line["impersonator"] for line in log.lines[-4:-1]] == [root.username] * 3
    assert [line["impersonator_id"] for line in log.lines[-4:]] == [str(root.id)] * 4
    assert pair["access"] not in log.text


async def test_one_request_says_nothing_of_the_one_before(ada: Account, log: Log) -> None:
    access = (await ada.log_in())["access"]
    await ada.sessions(access)
    await ada.client.get("http://nowhere.example/")
    await ada.client.get(f"{ada.base}/health/live/")

    nowhere, health = log.lines[-2:]
    assert "site" not in nowhere
    assert "site" not in health
    assert (nowhere["user"], health["user"]) == (None, None)


def fail_with_a_secret() -> None:
    password = f"{PASSWORD}-of-somebody"
    if password:
        raise RuntimeError("it broke")


@pytest.mark.parametrize("pretty", [False, True])
@pytest.mark.parametrize("logger", ["structlog", "logging"])
def test_a_traceback_shows_no_values(log: Log, logger: str, *, pretty: bool) -> None:
    start(log, pretty=pretty)
    try:
        fail_with_a_secret()
    except RuntimeError:
        if logger == "structlog":
            structlog.get_logger("taruvi").error("unhandled", exc_info=True)
        else:
            logging.getLogger("a library").exception("unhandled")

    assert "it broke" in log.text
    assert "fail_with_a_secret" in log.text
    assert f"{PASSWORD}-of-somebody" not in log.text


@pytest.mark.parametrize("name", ["password", "new_password", "Authorization", "refresh", "access_token", "set-cookie"])
def test_what_is_named_like_a_secret_is_hidden(log: Log, name: str) -> None:
    structlog.get_logger("taruvi").info("said", **{name: "a-secret"}, user="ada")

    (line,) = log.lines
    assert (line[name], line["user"]) == (HIDDEN, "ada")


def test_hides_no_more_than_that() -> None:
    event = {"event": "request", "path": "/api/auth/jwt/token/", "user": "ada"}

    assert hide_secrets(None, "info", dict(event)) == event


@pytest.mark.parametrize("value", ["half \ud800", "line\nend", "\x1b[31m", object(), {1: 2}, b"\xff"])
def test_whatever_is_logged_is_one_line_of_json(log: Log, value: object) -> None:
    structlog.get_logger("taruvi").info("said", value=value)

    assert len(log.lines) == 1
