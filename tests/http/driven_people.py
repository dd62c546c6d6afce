"""How the operations on users, groups and the profile are driven to what is theirs alone."""

from typing import Final

from domain.tenancy.membership import MemberRole
from tests.http.accounts import bearer
from tests.http.driver import GROUPS, PROFILE, PROJECTS, USERS, Driver
from tests.http.test_openapi import Json

USER: Final = f"{USERS}/{{user_id}}"


async def refuse_person(driver: Driver, name: str, status: int) -> bool:
    """Whether it was done here."""
    place = name.partition(" ")[2]
    if status not in (403, 409, 422) or not place.startswith((USERS, GROUPS, PROFILE)):
        return False
    if place.startswith(f"{PROFILE}/"):
        return False
    path, body = await driver.place(name), await driver.body(name) or {}
    match status:
        case 403 if place == PROFILE:
            impersonated = await driver.door.enter("admin")
            await driver.send(name, json=body, headers=bearer(impersonated["access"]))
        case 403 if place == USER:
            own = path.replace(path.rpartition("/")[2], await driver.id_of("admin"))
            await driver.send(name, path=own, json=body and body | {"is_active": False})
        case 409:
            await _clash(driver, name, path, body)
        case 422 if place == PROFILE:
            await driver.send(name, json=body, headers=await _linked(driver))
        case 422:
            await _linked(driver)
            linked = path.replace(path.rpartition("/")[2], await driver.id_of("olivia"))
            await driver.send(name, path=linked, json=body or None)
        case _:
            return False
    return True


async def _linked(driver: Driver) -> dict[str, str]:
    """Somebody of the platform, signed in at the site."""
    await driver.door.person("olivia", MemberRole.OWNER)
    return bearer((await driver.door.enter("olivia"))["access"])


async def _clash(driver: Driver, name: str, path: str, body: Json) -> None:
    """Ask for what is taken, or to delete who owns something."""
    if name.startswith("DELETE"):
        await driver.made(PROJECTS, {"name": "Theirs", "owner": path.rpartition("/")[2]})
        await driver.send(name, path=path)
    elif name.endswith("/members"):
        await driver.send(name, path=path, json=body)
        await driver.send(name, path=path, json=body)
    elif GROUPS in name:
        await driver.made(GROUPS, {"name": "Taken"})
        await driver.send(name, path=path, json=body | {"name": "taken"})
    else:
        await driver.send(name, path=path, json=body | {"email": "Stranger@example.org"})
