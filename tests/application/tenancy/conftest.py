import pytest

from tests.application.tenancy.platform import ADA, BOB, Platform


@pytest.fixture
async def platform() -> Platform:
    """With Acme, of which Ada is the owner and Bob a member."""
    platform = Platform()
    await platform.creating(ADA)(name="Acme")
    await platform.add(ADA, BOB.user_id)
    return platform
