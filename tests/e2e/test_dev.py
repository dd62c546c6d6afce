"""`taruvi dev` from the first start to the last process."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from tests.cli.conftest import TARUVI, environment
from tests.e2e.conftest import StartService
from tests.e2e.service import Service
from tests.embedded.processes import kill_store, server_processes, store_processes, until

pytestmark = pytest.mark.e2e


def paste(service: Service) -> dict[str, object]:
    """Run the line that the welcome says to paste, with the host's name resolved for an old curl."""
    line = next(line for line in service.said.splitlines() if line.startswith("curl "))
    resolved = line.replace("curl -s", f"curl -s --resolve acme.localhost:{service.port}:127.0.0.1")
    done = subprocess.run(["bash", "-c", resolved], check=True, capture_output=True, text=True)
    page: dict[str, object] = json.loads(done.stdout)
    return page


def taruvi(service: Service, *args: str) -> str:
    """Another command on the same home, meanwhile."""
    variables = environment(service.home) | {"TARUVI_HOME": str(service.home)}
    return subprocess.run([TARUVI, *args], check=True, capture_output=True, text=True, env=variables).stdout


def test_the_first_start_makes_everything_and_the_second_one_keeps_it(start: StartService) -> None:
    first = start().ready()
    assert first.said.index("migrating") < first.said.index("the site acme") < first.said.index("Taruvi is ready")
    for expected in (f"http://acme.localhost:{first.port}/api/docs/", "taruvi-demo", "admin", "organization  acme"):
        assert expected in first.said
    assert paste(first)["count"] == 240
    assert "client2" in taruvi(first, "sites", "list")
    taruvi(first, "sites", "create", "extra", "--organization", "acme")
    first.interrupt_group()
    assert first.ended() == 0
    assert first.processes() == []

    second = start().ready()
    assert paste(second)["count"] == 240
    assert "extra" in taruvi(second, "sites", "list")
    second.interrupt_group()
    assert second.ended() == 0
    assert second.processes() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_to_one_process_stops_all_of_them(start: StartService, number: signal.Signals) -> None:
    service = start(deaf=True).ready()
    service.process.send_signal(number)
    assert service.ended() == 0
    assert service.processes() == []
    assert "stopped" in service.said


def test_every_process_may_get_the_signal_and_more_than_once(start: StartService) -> None:
    service = start().ready()
    pids = [service.process.pid, *(worker.pid for worker in service.workers())]
    for pid in pids * 50:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    assert service.ended() == 0
    assert "refused to gracefully stop" not in service.said
    assert service.processes() == []


@pytest.mark.parametrize("after", [0.0, 0.2, 0.4])
def test_a_worker_that_does_not_serve_yet_is_stopped_at_once(start: StartService, after: float) -> None:
    service = start()
    until(lambda: "starting the service" in service.said and bool(service.workers()), seconds=60)
    time.sleep(after)  # somewhere in its start: there is nothing to wait for
    service.interrupt_group()
    assert service.ended() == 0, service.said
    assert "refused to gracefully stop" not in service.said
    assert service.processes() == []


def test_a_start_can_be_interrupted(start: StartService) -> None:
    service = start(deaf=True)
    until(lambda: bool(server_processes(service.home)))
    service.interrupt_group()
    assert service.ended() == 0, service.said
    assert service.processes() == []
    assert "Traceback" not in service.said


def test_a_second_one_is_told_about_the_first(start: StartService) -> None:
    start().ready()
    second = start()
    assert second.ended() == 1
    assert "a Taruvi that runs already (process " in second.said


def test_a_run_that_was_killed_is_healed(start: StartService) -> None:
    start().ready().kill_all()
    again = start().ready()
    assert "healing: PostgreSQL was killed" in again.said
    assert "healing: the object store was killed" in again.said
    assert paste(again)["count"] == 240


def test_workers_do_not_outlive_their_parent(start: StartService) -> None:
    service = start().ready()
    workers = service.workers()
    service.process.kill()
    service.process.wait()
    assert psutil.wait_procs(workers, timeout=10)[1] == []
    again = start().ready()
    again.interrupt_group()
    assert again.ended() == 0
    assert again.processes() == []


LEFT_OVER = """\
import os, signal, socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
if os.fork() == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.closerange(0, 3)
    signal.pause()
"""


def test_a_worker_that_hangs_without_its_parent_is_ended(place: Path, port: int, start: StartService) -> None:
    """It has the name of ours, and its parent, which had it as well, is gone."""
    script = place / "taruvi"
    script.write_text(LEFT_OVER)
    subprocess.run([sys.executable, script, str(port)], check=True)
    assert "left over from a killed run" in start().ready().said


def test_a_worker_that_was_killed_is_replaced_and_told_about(start: StartService) -> None:
    service = start().ready()
    for worker in service.workers():
        worker.kill()
        worker.wait()
    until(lambda: service.get("/health/ready/") == 200)
    assert "Unexpected exit from worker-1" in service.said
    service.interrupt_group()
    assert service.ended() == 0


def test_a_database_that_was_killed_is_told_about(start: StartService) -> None:
    service = start().ready()
    for process in server_processes(service.home):
        process.kill()
    until(lambda: service.get("/health/ready/") == 503)
    assert service.get("/health/live/") == 200
    service.interrupt_group()
    assert service.ended() == 0
    assert "Traceback (most recent call last):\n  File" not in service.said.partition("stopping")[2]


def test_a_store_that_was_killed_is_told_about_and_takes_nothing_else_away(start: StartService) -> None:
    service = start().ready()
    assert store_processes(service.home)
    kill_store(service.home)
    until(lambda: '"degraded"' in ready(service))
    assert '"storage":"cannot be reached' in ready(service)
    assert service.get("/health/ready/") == 200
    assert paste(service)["count"] == 240
    service.interrupt_group()
    assert service.ended() == 0
    assert service.processes() == []


def ready(service: Service) -> str:
    """What the probe of a load balancer is told."""
    return httpx.get(f"{service.base}/health/ready/", trust_env=False).text


def test_a_workers_socket_takes_an_absolute_target_and_no_host(start: StartService) -> None:
    service = start().ready()
    with socket.create_connection(("127.0.0.1", service.port), timeout=5) as raw:
        raw.sendall(b"GET /api/projects/ HTTP/1.0\r\n\r\n")
        answer = raw.recv(65536)
    assert answer.startswith(b"HTTP/1.0 404")
    assert b'"site_not_found"' in answer


JUSTFILE = """\
dev:
    -@trap : TERM; code=0; {taruvi} dev || code=$?; echo $code > code
    @exit "$(cat code)"
"""


@pytest.mark.skipif(not shutil.which("just"), reason="just is not installed")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_just_alone_may_get_the_signal(place: Path, start: StartService, number: signal.Signals) -> None:
    """It tells its child nothing of a SIGINT, and waits for it."""
    (place / "justfile").write_text(JUSTFILE.format(taruvi=TARUVI))
    service = start("just", "dev", deaf=True).ready()
    os.kill(service.process.pid, number)
    assert service.ended() == 0
    assert service.processes() == []
