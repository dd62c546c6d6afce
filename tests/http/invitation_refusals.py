"""How operations on invitations are brought to refuse, each in its own way."""

from typing import Final

from tests.http.driven_mail import INVITATIONS
from tests.http.driver import Driver
from tests.organizations import a_person, change_organization, join
from tests.world import World

INVITE: Final = f"POST {INVITATIONS}"


async def refuse_invitation(driver: Driver, world: World, name: str, status: int) -> bool:
    """False where it is refused as every operation is."""
    match status, name.rpartition("/")[2]:
        case 401, "accept":
            await driver.send(name, path=await driver.place(name), json={"token": "x"}, headers={})
        case 403, "accept":
            await refuse_another_person(driver, name)
        case 403, _:
            await refuse_a_plain_member(driver, world, name)
        case 404, _ if "{" in name and name.endswith(("accept", "decline")):
            path, body = await driver.place(name), await driver.body(name) or {}
            await driver.send(name, path=path, json=body | {"token": "wrong"}, headers={})
        case 409, _:
            await refuse_a_clash(driver, world, name)
        case 422, _ if name.startswith("DELETE"):
            path = await driver.place(name)
            for _ in range(2):
                await driver.send(name, path=path)
        case 422, _:
            place, sound = await driver.place(name), await driver.body(name)
            await change_organization(world, world.organization, is_active=False)
            await driver.send(name, path=place, json=sound)
            await change_organization(world, world.organization, is_active=True)
        case _:
            return False
    return True


async def refuse_another_person(driver: Driver, name: str) -> None:
    path, token = await driver.place(name), await driver.mail.newest_token()
    await driver.send(name, path=path, json={"token": token}, headers=await driver.signed_in(name, "stranger"))


async def refuse_a_plain_member(driver: Driver, world: World, name: str) -> None:
    user = await a_person(world, "plain")
    await join(world, world.organization, user)
    headers = await driver.signed_in(name, "plain")
    await driver.send(name, json=driver.mail.a_new_invitation(), headers=headers)


async def refuse_a_clash(driver: Driver, world: World, name: str) -> None:
    if name == INVITE:
        body = driver.mail.a_new_invitation()
        await driver.send(name, json=body)
        await driver.send(name, json=body)
    elif name.endswith("accept"):
        path, body = await driver.place(name), await driver.body(name) or {}
        await driver.send(name, path=path, json=body | {"username": f"admin-{world.suffix}"}, headers={})
    else:
        body = driver.mail.a_new_invitation()
        made = (await driver.send(INVITE, json=body)).json()
        world.clock.advance(days=8)
        await driver.send(INVITE, json=body)
        path = name.partition(" ")[2].replace("{invitation_id}", made["id"])
        await driver.send(name, path=path)
