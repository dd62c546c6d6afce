"""The tour's part about entering a site, as it stands in the README."""

import subprocess
from typing import Final

import pytest

from tests.e2e.conftest import StartService
from tests.e2e.service import Service

pytestmark = pytest.mark.e2e

TOUR: Final = r"""
acme=http://acme.localhost:$port client2=http://client2.localhost:$port platform=http://localhost:$port
json='Content-Type: application/json'

at_platform() { curl -s $platform/api/auth/jwt/token/ -H "$json" \
  -d "{\"username\": \"$1\", \"password\": \"taruvi-demo\"}" | jq -r .access; }
enter() { curl -s $1/api/auth/jwt/exchange/ -H "$json" -d "{\"token\": \"$(at_platform $2)\"}"; }
olivia=$(enter $acme olivia | jq -r .access)
curl -s "$acme/api/projects/?page_size=1" -H "Authorization: Bearer $olivia" | jq .count
mark=$(enter $acme mark | jq -r .access)
curl -s -o /dev/null -w '%{http_code}\n' $acme/api/auth/sessions/ -H "Authorization: Bearer $mark"
enter $client2 mark | jq -r .code
root=$(enter $acme admin | jq -r .access)
curl -s $acme/api/auth/sessions/ -H "Authorization: Bearer $root" | jq -r '.results[0].impersonated_by'
"""


def tour(service: Service) -> list[str]:
    """With the hosts' names resolved for an old curl."""
    hosts = ("acme.localhost", "client2.localhost", "localhost")
    resolved = " ".join(f"--resolve {host}:{service.port}:127.0.0.1" for host in hosts)
    script = f'port={service.port}; curl() {{ command curl {resolved} "$@"; }}; {TOUR}'
    return subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True).stdout.splitlines()


def test_the_people_of_the_demo_enter_its_sites(start: StartService) -> None:
    service = start().ready()
    assert tour(service) == ["240", "200", "not_a_member", "admin"]
    service.interrupt_group()
    assert service.ended() == 0

    again = start().ready()
    assert tour(again) == ["240", "200", "not_a_member", "admin"]
    again.interrupt_group()
    assert again.ended() == 0
