"""Authenticate: the token and the session say alike who acts as the user."""

from dataclasses import replace

import pytest

from domain.identity.tokens import AccessClaims, InvalidTokenError
from domain.shared.caller import UserId
from tests.application.identity.desk import ADA, Desk
from tests.domain.identity.people import a_session, a_user

ROOT = a_user(8, is_admin=True)


@pytest.mark.parametrize(
    ("in_session", "in_token", "accepted"),
    [
        (None, None, True),
        (ROOT.id, ROOT.id, True),
        (ROOT.id, None, False),
        (None, ROOT.id, False),
        (ROOT.id, ADA.id, False),
    ],
)
async def test_a_token_is_of_the_same_kind_as_its_session(
    in_session: UserId | None, in_token: UserId | None, *, accepted: bool
) -> None:
    desk = Desk.of_site()
    desk.database.within(desk.platform).users[ROOT.id] = ROOT
    entered_from = a_session(2, user=ROOT.id.int)
    desk.database.within(desk.platform).sessions[entered_from.id] = entered_from
    session = a_session(
        user=ADA.id.int,
        impersonator=in_session,
        impersonator_label=in_session and "root",
        platform_session=entered_from.id,
    )
    desk.tables.sessions[session.id] = replace(session, expires_at=desk.now + (session.expires_at - session.created_at))
    claims = AccessClaims(
        user_id=ADA.id,
        session_id=session.id,
        token_version=ADA.token_version,
        issued_at=desk.now,
        expires_at=session.expires_at,
        impersonator=in_token,
    )
    token = desk.codec.write_access(claims)

    if accepted:
        caller = await desk.authenticate(token=token)
        assert (caller.impersonator, caller.impersonator_label) == (in_session, "root" if in_session else "")
    else:
        with pytest.raises(InvalidTokenError, match="ended"):
            await desk.authenticate(token=token)
