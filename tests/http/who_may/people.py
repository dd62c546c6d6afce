"""Those of the platform who ask."""

from typing import Final

from application.tenancy.create_organization import CreateOrganization
from domain.shared.caller import Caller
from domain.tenancy.membership import MemberRole
from domain.tenancy.plan import Plan
from tests.http.who_may.scene import Stage
from tests.world import OPERATOR, PLATFORM

ROLES: Final = {"memb": MemberRole.MEMBER, "let": MemberRole.MEMBER, "boss": MemberRole.OWNER}


async def an_organization(stage: Stage, caller: Caller = OPERATOR) -> str:
    """The slug of one that the caller founded."""
    async with stage.world.acting(caller=caller) as container:
        create = await container.get(CreateOrganization)
        if caller is OPERATOR:
            return (await create(name="A", slug=stage.new(), plan=Plan.ENTERPRISE)).slug
        return (await create(name=stage.new())).slug


async def a_person(stage: Stage, who: str, organization: str) -> str:
    """The username of one whom the tables call so."""
    if role := ROLES.get(who):
        member = await stage.world.member(role, stage.new(), organization)
        if who == "let":
            await let_in(stage, member)
        return member.label
    if who == "root":
        return (await stage.world.admin(username=stage.new())).username
    user = await stage.world.user(PLATFORM, stage.new())
    if who == "rival":
        await an_organization(stage, Caller(label=user.username, user_id=user.id, permissions=frozenset()))
    return user.username


async def let_in(stage: Stage, member: Caller) -> None:
    """Grant a member access to `acme`."""
    there = f"/api/organizations/{stage.world.organization}/members/{member.user_id}/sites/{stage.acme.slug}/"
    await stage.at_platform("POST", there)
