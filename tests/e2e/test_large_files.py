"""Large files pass the service by: its memory does not grow with what clients send to the store and read there."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.e2e.conftest import StartService
from tests.e2e.service import Service
from tests.s3.settling import STEP, content

MIB: Final = 1 << 20
SIZE: Final = 200_000_000
LITTLE: Final = 40_000_000
STATUS: Final = Path("/proc/self/status")

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not STATUS.exists(), reason="only Linux tells the peak of a process's memory"),
]


class User:
    """The admin of the demo's site."""

    def __init__(self, service: Service, client: httpx.Client) -> None:
        self.client = client
        self._site, self._host = service.base, f"acme.localhost:{service.port}"
        login = {"username": "admin", "password": "taruvi-demo"}
        self._token = self.ask("POST", "/api/auth/jwt/token/", json=login).json()["access"]

    _token = ""

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Host": self._host} | ({"Authorization": f"Bearer {self._token}"} if self._token else {})
        answer = self.client.request(method, f"{self._site}{path}", headers=headers, **options)
        assert answer.status_code < 400, answer.text
        return answer

    def upload(self, size: int) -> dict[str, Any]:
        """A file of so many bytes; gives it and `parts`, in how many requests it went."""
        announced = {"name": "film.mp4", "content_type": "video/mp4", "size": size, "sha256": digest(content(0, size))}
        begun = self.ask("POST", "/api/files/", json=announced).json()
        upload = begun["upload"]
        parts = upload.get("parts") or [upload | {"offset": 0, "size": size}]
        for part in parts:
            bytes_of_it = content(part["offset"], part["size"])
            sent = self.client.request(part["method"], part["url"], headers=part["headers"], content=bytes_of_it)
            assert sent.status_code == 200, sent.text
        file: dict[str, Any] = self.ask("POST", f"/api/files/{begun['id']}/complete/").json()
        return file | {"parts": len(parts)}

    def downloaded(self, file: dict[str, Any]) -> str:
        """The sum of its bytes, as the redirect leads to them."""
        found = self.ask("GET", f"/api/files/{file['id']}/download/")
        assert found.status_code == 302
        with self.client.stream("GET", found.headers["location"]) as answer:
            return digest(answer.iter_bytes(STEP))


def digest(blocks: Iterator[bytes]) -> str:
    found = hashlib.sha256()
    for block in blocks:
        found.update(block)
    return found.hexdigest()


def peaks(service: Service) -> dict[int, int]:
    """The most memory, in bytes, that each process of the service has had in RAM so far."""
    processes = [service.process.pid, *(worker.pid for worker in service.workers())]
    return {pid: _peak(Path(f"/proc/{pid}/status").read_text()) for pid in processes}


def _peak(status: str) -> int:
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


@pytest.mark.parametrize(("part_bytes", "parts"), [(64 * MIB, 3), (256 * MIB, 1)], ids=["in parts", "in one request"])
def test_200_mb_go_through_without_the_service_growing(start: StartService, part_bytes: int, parts: int) -> None:
    service = start(variables={"TARUVI_STORAGE_PART_BYTES": str(part_bytes)}).ready()
    with httpx.Client(timeout=120) as client:
        user = User(service, client)
        small = user.upload(4 * STEP)
        assert user.downloaded(small) == small["sha256"]
        before = peaks(service)

        file = user.upload(SIZE)
        assert (file["size"], file["status"], file["parts"]) == (SIZE, "stored", parts)
        assert user.downloaded(file) == digest(content(0, SIZE)) == file["sha256"]
        after = peaks(service)
    assert after.keys() == before.keys()
    assert {pid: peak for pid, peak in after.items() if peak - before[pid] > LITTLE} == {}
    service.interrupt_group()
    assert service.ended() == 0
