"""How the operations on histories are driven."""

from typing import Final

from tests.http.driven_sites import SITES
from tests.http.driver import GROUPS, USERS, Driver

HISTORY: Final = "/history"
REVERT: Final = "/revert"


async def refuse_history(driver: Driver, name: str, status: int) -> bool:
    """Whether it was done here."""
    if not name.endswith(REVERT) or status not in (403, 409, 422):
        return False
    place = name.partition(" ")[2]
    match status:
        case 403 if place.startswith(USERS):
            stranger = f"{USERS}/{await driver.id_of('stranger')}"
            await driver.send(f"PATCH {USERS}/{{user_id}}", path=stranger, json={"first_name": "A"})
            entry = await driver.histories.entry(name, stranger, oldest=True)
            headers = await driver.signed_in(name, "stranger")
            await driver.send(name, path=f"{stranger}{HISTORY}/{entry}{REVERT}", headers=headers)
        case 403:
            headers = await driver.signed_in(name, "member" if SITES in name else "stranger")
            await driver.send(name, path=await driver.place(name), headers=headers)
        case 409:
            await _taken_meanwhile(driver, name)
        case 422:
            here = (await driver.place(name)).partition(HISTORY)[0]
            newest = await driver.histories.entry(name, here, oldest=False)
            await driver.send(name, path=f"{here}{HISTORY}/{newest}{REVERT}")
    return True


async def _taken_meanwhile(driver: Driver, name: str) -> None:
    """Somebody else has the name of then."""
    kind, key, field = (GROUPS, "group_id", "name") if GROUPS in name else (USERS, "user_id", "username")
    body = await driver.body(f"POST {kind}") or {}
    one = await driver.made(kind, body)
    change = f"PATCH {kind}/{{{key}}}"
    await driver.send(change, path=f"{kind}/{one}", json=await driver.body(change))
    await driver.made(kind, (await driver.body(f"POST {kind}") or {}) | {field: body[field]})
    entry = await driver.histories.entry(name, f"{kind}/{one}", oldest=True)
    await driver.send(name, path=f"{kind}/{one}{HISTORY}/{entry}{REVERT}")
