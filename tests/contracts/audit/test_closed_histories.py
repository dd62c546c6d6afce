"""Histories of what has proofs or mails of its own: what they tell whom, and what follows from the time."""

from datetime import timedelta
from typing import Any

from application.tenancy.closed_histories import DomainHistory, InvitationHistory
from application.tenancy.create_site import CreateSite
from domain.tenancy.invitation import LIFETIME
from domain.tenancy.membership import MemberRole
from domain.tenancy.site import SiteRole
from tests.contracts.audit.objects import Records
from tests.contracts.tenancy.claims import Claims
from tests.contracts.tenancy.invitations import an_office
from tests.organizations import a_person, an_organization, caller_of
from tests.world import PLATFORM, World

TICK = timedelta(microseconds=1)


async def test_who_took_a_domain_over_is_not_told_to_who_lost_it(world: World) -> None:
    rival = await a_person(world, "rival")
    other = await an_organization(world, rival, "Other")
    await world.site("acme")
    async with world.acting() as container:
        await (await container.get(CreateSite))(
            organization=other, name="rival", slug=world.slug("rival"), description="", role=SiteRole.PRODUCTION
        )
    ours, theirs = Claims(world), Claims(world, caller_of(rival))
    held = await ours.verified("acme")
    theirs.publish(await theirs.add("rival"))
    ours.withdraw(held)
    await theirs.verify("rival")
    key: dict[str, Any] = {"slug": world.slug("acme"), "domain": ours.name()}
    member = await world.member(MemberRole.OWNER)
    records = Records(world=world, scope=PLATFORM, resource=DomainHistory, who=member)
    *before, lost = await records.entries(**key)

    assert lost.changes["status"] == ("verified", "failed")
    assert lost == await records.entry(lost.id, **key)
    assert (lost.actor.id, lost.actor.label, lost.impersonator) == (None, None, None)
    assert {one.actor.label for one in before} == {"operator:test"}
    told = (await Records(world=world, scope=PLATFORM, resource=DomainHistory).entries(**key))[-1]
    assert (told.actor.id, told.actor.label) == (rival.id, caller_of(rival).label)


async def test_an_invitation_was_expired_when_its_time_was_over(world: World) -> None:
    office = await an_office(world)
    invited = await office.invite(office.newcomer)
    records = Records(world=world, scope=PLATFORM, resource=InvitationHistory, who=caller_of(office.owner))
    (sent,) = await records.entries(invitation_id=invited.id)
    world.clock.advance(days=LIFETIME.days + 1)

    async def status(at_expiry: timedelta) -> str:
        return str((await records.past(invited.expires_at + at_expiry, invitation_id=invited.id))["status"])

    assert [await status(-TICK), await status(timedelta()), await status(TICK)] == ["pending", "expired", "expired"]
    assert sent.changes["status"] == (None, "pending")
    now = await records.past(world.clock(), invitation_id=invited.id)
    assert now["status"] == (await office.show(invited.id)).status
