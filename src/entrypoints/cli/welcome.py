"""What `taruvi dev` shows once it can be used."""

import http.client
import threading
import time
from typing import Final

from rich.table import Table

from entrypoints.cli.console import Steps, err, out
from entrypoints.cli.demo import ORGANIZATION, PASSWORD, SITES, USERNAME
from entrypoints.cli.mail import mail_lines
from entrypoints.settings import Settings

_MAILS: Final = 5
_PATIENCE: Final = 60.0
_MAIL_PATIENCE: Final = 3.0
_ANYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  where it listens, we knock at the loopback
_ACCESS: Final = r"""sed 's/.*"access":"\([^"]*\)".*/\1/'"""


def welcome_when_ready(settings: Settings, started: float, steps: Steps) -> None:
    """Return at once; a thread waits for the service and shows the card."""
    threading.Thread(target=_welcome, args=(settings, started, steps), daemon=True).start()


def _welcome(settings: Settings, started: float, steps: Steps) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not _is_ready(settings):
        if time.monotonic() > deadline:
            err.print("the service does not get ready; its log above says why", style="red")
            return
        time.sleep(0.05)
    steps.done()
    _show(settings, time.perf_counter() - started)


def _is_ready(settings: Settings) -> bool:
    """Asked without the proxies that the environment may name."""
    knock = http.client.HTTPConnection(_ANYWHERE.get(settings.host, settings.host), settings.port, timeout=2)
    try:
        knock.request("GET", "/health/ready/")
        return knock.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        knock.close()


def _show(settings: Settings, seconds: float) -> None:
    base, port = settings.base_domains[0], settings.port
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_row("platform", f"http://{base}:{port}/api/docs/")
    for slug in SITES:
        table.add_row(f"site {slug}", f"http://{slug}.{base}:{port}/api/docs/")
    table.add_row("user", f"{USERNAME}   (the same on the platform and on each site)")
    table.add_row("password", PASSWORD)
    table.add_row("organization", ORGANIZATION)
    table.add_row("folder", str(settings.home.resolve()))
    out.print(f"\nTaruvi is ready after {seconds:.1f} s\n", style="bold green")
    out.print(table)
    _show_mails(settings)
    out.print("\nTo log in and list projects, paste this:\n")
    out.print(_curl(f"http://acme.{base}:{port}"))
    out.print("\nCtrl-C stops it.\n")


def _show_mails(settings: Settings) -> None:
    if settings.mail_url:
        return
    out.print("\nThe newest mails, in full with `taruvi mail show ID`:\n")
    deadline = time.monotonic() + _MAIL_PATIENCE
    while not (lines := list(mail_lines(settings, _MAILS))) and time.monotonic() < deadline:
        time.sleep(0.05)  # the jobs of the demo data run only now
    for line in lines:
        out.print(line)


def _curl(site: str) -> str:
    body = f'{{"username":"{USERNAME}","password":"{PASSWORD}"}}'
    log_in = f"curl -s {site}/api/auth/jwt/token/ -H 'Content-Type: application/json' -d '{body}'"
    return f'curl -s {site}/api/projects/ -H "Authorization: Bearer $({log_in} | {_ACCESS})"'
