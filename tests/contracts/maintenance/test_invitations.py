"""What becomes of invitations that nobody took up, on every store."""

import pytest

from application.tenancy.closed_histories import InvitationHistory
from application.tenancy.expire_invitations import ExpireInvitations
from application.tenancy.invitation_ports import InvitationRepository
from application.tenancy.purge_invitations import PurgeInvitations
from application.tenancy.revoke_invitation import RevokeInvitation
from domain.tenancy.invitation import LIFETIME, InvitationId, InvitationNotFoundError, InvitationStatus
from tests.contracts.tenancy.invitations import an_office
from tests.organizations import caller_of
from tests.world import World


async def test_invitations_whose_time_is_over_are_written_down_as_expired(world: World) -> None:
    office = await an_office(world)
    old = await office.invite(office.newcomer)
    world.clock.advance(seconds=LIFETIME.total_seconds() - 60)
    young = await office.invite(f"other-{office.newcomer}")
    world.clock.advance(minutes=2)
    for expected in ([InvitationStatus.EXPIRED, 2], [InvitationStatus.EXPIRED, 2]):
        async with world.acting() as container:
            await (await container.get(ExpireInvitations))()
            repository = await container.get(InvitationRepository)
            found = await repository.find(old.id)
            assert found
            assert [found.status, found.version] == expected
            still = await repository.find(young.id)
            assert still
            assert still.status is InvitationStatus.PENDING


async def purge(world: World) -> int:
    async with world.acting() as container:
        await (await container.get(ExpireInvitations))()
        return (await (await container.get(PurgeInvitations))()).invitations


async def there(world: World, *ids: InvitationId) -> list[bool]:
    async with world.acting() as container:
        repository = await container.get(InvitationRepository)
        return [await repository.find(one) is not None for one in ids]


async def test_invitations_that_expired_long_ago_go_and_their_history_stays(world: World) -> None:
    office = await an_office(world)
    expired = await office.invite(office.newcomer)
    revoked = await office.invite(f"other-{office.newcomer}")
    async with world.acting() as container:
        await (await container.get(RevokeInvitation))(invitation_id=revoked.id, seen=None)
    world.clock.advance(seconds=LIFETIME.total_seconds(), days=89)
    await purge(world)
    assert await there(world, expired.id, revoked.id) == [True, True]

    young = await office.invite(f"third-{office.newcomer}")
    world.clock.advance(days=2)
    assert await purge(world) >= 1
    assert await there(world, expired.id, revoked.id, young.id) == [False, True, True]
    assert await purge(world) == 0
    told = {"invitation_id": expired.id}
    async with world.acting() as container:
        history = await container.get(InvitationHistory)
        assert await history.locate(told) == expired.id
    async with world.acting(caller=caller_of(office.owner)) as container:
        with pytest.raises(InvitationNotFoundError):
            await (await container.get(InvitationHistory)).locate(told)
