"""How the operations on domains are driven to what is theirs alone."""

from typing import Final

from domain.tenancy.domain import MOST_DOMAINS
from tests.http.driven_sites import inactive_organization
from tests.http.driver import DOMAINS, Driver
from tests.world import World

ADD: Final = f"POST {DOMAINS}"
VERIFY: Final = f"POST {DOMAINS}/{{domain}}/verify"
PRIMARY: Final = f"POST {DOMAINS}/{{domain}}/primary"


async def refuse_domain(driver: Driver, world: World, name: str, status: int) -> bool:
    """Whether it was done here."""
    if DOMAINS not in name:
        return False
    path = await driver.place(name)
    match status:
        case 403:
            headers = await driver.signed_in(name, "member")
            await driver.send(name, path=path, json=await driver.body(name), headers=headers)
        case 409 if name == ADD:
            body = await driver.body(name)
            for _ in range(2):
                await driver.send(name, path=path, json=body)
        case 409:
            await _claim_too(driver, world, path)
        case 422 if name == ADD:
            for _ in range(MOST_DOMAINS + 1):
                await driver.send(name, path=path, json=await driver.body(name))
        case 422 if name == PRIMARY:
            world.dns.records.clear()
            await driver.send(VERIFY, path=path.replace("/primary", "/verify"))
            await driver.send(name, path=path)
        case 422:
            async with inactive_organization(world):
                await driver.send(name, path=path, headers=await driver.signed_in(name, "owner"))
        case _:
            return False
    return True


async def _claim_too(driver: Driver, world: World, path: str) -> None:
    """The domain at `path` for another site as well, which proves it."""
    domains = f"/api/sites/{await driver.a_site()}/domains"
    domain = path.split("/")[-2]
    added = (await driver.send(ADD, path=domains, json={"domain": domain})).json()
    world.dns.records[added["verification"]["record"]].add(added["verification"]["value"])
    await driver.send(VERIFY, path=f"{domains}/{domain}/verify")
