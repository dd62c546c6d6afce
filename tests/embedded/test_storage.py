"""The embedded object store: one for all who use a home, gone with the last of them, healed after any kill."""

import asyncio
import os
import socket
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest

from adapters.embedded.storage import EmbeddedStorage, EmbeddedStorageError
from adapters.s3.address import read_address
from adapters.s3.bucket import open_bucket
from adapters.s3.probe import probe
from tests.embedded.processes import Owner, kill_store, store_processes
from tests.services import a_free_port

pytestmark = pytest.mark.storage
StartStoreOwner = Callable[[Path, int], Owner]


@pytest.fixture
def port() -> int:
    return a_free_port()


def port_of(url: str) -> int:
    return urlsplit(parse_qs(urlsplit(url).query)["endpoint"][0]).port or 0


async def problem(url: str) -> str:
    async with open_bucket(read_address(url), part_bytes=5 << 20) as bucket:
        return await probe(bucket)


async def put(url: str, content: bytes) -> None:
    async with open_bucket(read_address(url), part_bytes=5 << 20) as bucket:
        await bucket.client.put_object(**bucket.at("kept"), Body=content)


async def kept(url: str) -> bytes:
    async with open_bucket(read_address(url), part_bytes=5 << 20) as bucket:
        answer = await bucket.client.get_object(**bucket.at("kept"))
        async with answer["Body"] as body:
            return bytes(await body.content.read())


async def test_serves_a_bucket_and_keeps_it_the_next_time(home: Path, port: int) -> None:
    steps: list[str] = []
    with EmbeddedStorage(home, port=port, report=steps.append) as url:
        assert port_of(url) == port
        assert await problem(url) == ""
        await put(url, b"dear")
    assert steps == [f"starting the object store on port {port}", "stopping the object store"]
    assert store_processes(home) == []

    with EmbeddedStorage(home, port=port) as again:
        assert again == url
        assert await kept(again) == b"dear"


async def test_whoever_has_another_secret_is_refused(home: Path, port: int) -> None:
    with EmbeddedStorage(home, port=port) as url:
        secret = urlsplit(url).password or ""
        assert "403" in await problem(url.replace(secret, "x" * len(secret)))
        assert "403" in await problem(url.replace("dev-", "dov-"))


def test_its_secret_is_its_owners_alone(home: Path, port: int) -> None:
    with EmbeddedStorage(home, port=port) as url:
        secret = urlsplit(url).password or ""
        assert len(secret) == 64
        assert stat.S_IMODE((home / "storage.key").stat().st_mode) == 0o600
        (process,) = store_processes(home)
        assert secret not in " ".join(process.cmdline())
        assert all(connection.laddr.ip == "127.0.0.1" for connection in process.net_connections("inet"))


def test_stores_that_start_at_once_get_ports_of_their_own(home: Path, port: int) -> None:
    """Each may have found the same port free."""
    homes = [home / str(number) for number in range(6)]
    with ThreadPoolExecutor(len(homes)) as threads, ExitStack() as running:
        stores = [EmbeddedStorage(one, port=port) for one in homes]
        urls = list(threads.map(running.enter_context, stores))
        assert len(set(map(port_of, urls))) == len(homes)


def test_a_store_without_a_command_line_for_a_moment_is_there(
    home: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Linux shows one whose program takes the place of the shell's just now."""
    shown, looks = psutil.Process.cmdline, count()

    def cmdline(process: psutil.Process) -> list[str]:
        return shown(process) if next(looks) > 20 else []

    with EmbeddedStorage(home, port=port) as url:
        (process,) = store_processes(home)
        monkeypatch.setattr(psutil.Process, "cmdline", cmdline)
        with EmbeddedStorage(home, port=port) as same:
            assert same == url
        monkeypatch.undo()
        assert store_processes(home) == [process]


def test_another_port_is_taken_where_the_first_is_busy(home: Path) -> None:
    steps: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as busy:
        first = int(busy.getsockname()[1])
        with EmbeddedStorage(home, port=first, report=steps.append) as url:
            assert port_of(url) > first
    assert f"somebody else has {first}" in steps[0]


def test_a_second_process_joins_and_the_last_one_stops_it(
    home: Path, port: int, start_store_owner: StartStoreOwner
) -> None:
    owner = start_store_owner(home, port)
    url, (process,) = owner.url(), store_processes(home)
    steps: list[str] = []
    with EmbeddedStorage(home, port=port + 1, report=steps.append) as same:
        assert same == url
        owner.leave()
        assert store_processes(home) == [process]
    assert steps == ["stopping the object store"]
    assert store_processes(home) == []


def test_of_first_starts_at_the_same_moment_one_starts_it(
    home: Path, port: int, start_store_owner: StartStoreOwner
) -> None:
    owners = [start_store_owner(home, port) for _ in range(4)]
    assert len({owner.url() for owner in owners}) == 1
    assert len(store_processes(home)) == 1
    assert "".join(owner.said for owner in owners).count("starting the object store") == 1
    for owner in owners:
        owner.leave()
    assert store_processes(home) == []


async def test_adopts_the_one_whose_user_was_killed(home: Path, port: int, start_store_owner: StartStoreOwner) -> None:
    owner = start_store_owner(home, port)
    await put(owner.url(), b"dear")
    (orphan,) = store_processes(home)
    owner.kill()
    assert store_processes(home) == [orphan]
    with EmbeddedStorage(home, port=port) as url:
        assert store_processes(home) == [orphan]
        assert await kept(url) == b"dear"
    assert store_processes(home) == []


async def test_heals_after_a_kill_and_throws_away_what_was_arriving(home: Path, port: int) -> None:
    with EmbeddedStorage(home, port=port) as url:
        await put(url, b"dear")
        kill_store(home)
        arriving = home / "storage" / "taruvi" / ".rclone_temp_put_1"
        arriving.write_bytes(b"half")
        steps: list[str] = []
        with EmbeddedStorage(home, port=port, report=steps.append) as again:
            assert await kept(again) == b"dear"
            assert not arriving.exists()
    assert steps[0] == "healing: the object store was killed the last time"
    assert store_processes(home) == []


@pytest.mark.parametrize("lost", ["note", "key", "home"])
async def test_never_two_on_one_folder_whatever_was_lost(
    home: Path, port: int, lost: str, start_store_owner: StartStoreOwner
) -> None:
    """As where its starter was killed before it could write the note, or somebody deleted what is in the home."""
    owner = start_store_owner(home, port)
    owner.url()
    (orphan,) = store_processes(home)
    owner.kill()
    for name in {"note": ("storage.pid",), "key": ("storage.key",), "home": ("storage.pid", "storage.key")}[lost]:
        (home / name).unlink()
    with EmbeddedStorage(home, port=port) as url:
        (process,) = store_processes(home)
        assert process != orphan
        assert await problem(url) == ""


@pytest.mark.parametrize("note", ["", "{}", '{"pid": 1, "created": 0, "key_id": "x"}', "[]", '{"pid": "x"}'])
def test_heals_where_the_note_is_wrong(home: Path, port: int, note: str) -> None:
    home.mkdir()
    (home / "storage.pid").write_text(note)
    with EmbeddedStorage(home, port=port) as url:
        assert asyncio.run(problem(url)) == ""


@pytest.mark.parametrize("moment", ["starting the object store", "url "])
async def test_starts_after_a_kill_of_the_owner_at_any_moment_of_its_start(
    home: Path, port: int, moment: str, start_store_owner: StartStoreOwner
) -> None:
    owner = start_store_owner(home, port)
    owner.wait_for(moment)
    owner.kill()
    with EmbeddedStorage(home, port=port) as url:
        assert await problem(url) == ""
        assert len(store_processes(home)) == 1
    assert store_processes(home) == []


def test_a_ctrl_c_is_not_for_it(home: Path, port: int, start_store_owner: StartStoreOwner) -> None:
    owner = start_store_owner(home, port)
    owner.url()
    with EmbeddedStorage(home, port=port):
        (process,) = store_processes(home)
        owner.interrupt_group()
        owner.wait_for("left")
        assert store_processes(home) == [process]
        assert os.getsid(process.pid) not in {os.getsid(0), process.pid}
    assert store_processes(home) == []


async def test_a_users_own_settings_of_rclone_stay_out(home: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RCLONE_READ_ONLY", "true")
    monkeypatch.setenv("RCLONE_ADDR", "0.0.0.0:1")
    with EmbeddedStorage(home, port=port) as url:
        assert await problem(url) == ""


def test_a_key_that_is_none_is_told(home: Path, port: int) -> None:
    home.mkdir()
    (home / "storage.key").write_text("{}")
    with pytest.raises(EmbeddedStorageError, match=r"storage\.key is no access key"), EmbeddedStorage(home, port=port):
        pass


def test_a_home_that_is_a_file_is_told(home: Path, port: int) -> None:
    home.write_text("")
    with pytest.raises(EmbeddedStorageError, match="choose another folder"), EmbeddedStorage(home, port=port):
        pass


def test_a_folder_that_is_a_file_is_told(home: Path, port: int) -> None:
    home.mkdir()
    (home / "storage").write_text("")
    with pytest.raises(EmbeddedStorageError, match="Cannot keep files in"), EmbeddedStorage(home, port=port):
        pass
    assert store_processes(home) == []
