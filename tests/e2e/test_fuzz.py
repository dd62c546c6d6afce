"""Schemathesis over the OpenAPI document, on both kinds of host of a service that runs."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.dns.server import dns_server
from tests.e2e.conftest import StartService
from tests.e2e.service import Service

HOSTS: Final = ("localhost", "acme.localhost")
CHECKS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
ENDS_OUR_OWN_SESSION: Final = ("/api/auth/sessions", "/api/profile/change-password")
"""Tested elsewhere: after it, nothing but 401 would be seen."""
EXAMPLES: Final = 12
GENEROUS: Final = {f"TARUVI_LOGIN_LIMIT_{name}": "10000" for name in ("ACCOUNT_AND_ADDRESS", "ACCOUNT", "ADDRESS")}


def access_token(service: Service, host: str) -> str:
    body = {"username": "admin", "password": "taruvi-demo"}
    answer = httpx.post(f"{service.base}/api/auth/jwt/token/", json=body, headers={"Host": host}, timeout=30)
    return str(answer.json()["access"])


@pytest.mark.parametrize("host", HOSTS)
def test_the_service_does_what_its_document_says(start: StartService, place: Path, host: str) -> None:
    with dns_server() as dns:
        service = start(variables=GENEROUS | {"TARUVI_DNS_RESOLVERS": dns.resolvers[0]}).ready()
        run = fuzz(service, place, host)
    assert run.returncode == 0, run.stdout
    assert "unhandled error" not in service.said


def fuzz(service: Service, place: Path, host: str) -> subprocess.CompletedProcess[str]:
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("run", f"{service.base}/api/schema/", "--checks", ",".join(CHECKS), "--continue-on-failure"),
        *("-H", f"Host: {host}", "-H", f"Authorization: Bearer {access_token(service, host)}"),
        *("--max-examples", str(EXAMPLES), "--seed", "1", "--request-timeout", "30"),
        *("--report-dir", str(place), "--warnings", "off"),
        *(word for path in ENDS_OUR_OWN_SESSION for word in ("--exclude-path", path)),
    ]
    return subprocess.run(command, capture_output=True, text=True, cwd=place, check=False)
