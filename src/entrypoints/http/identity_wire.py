"""What clients send to prove who they are, and what they get for it."""

from typing import Annotated, Self
from uuid import UUID

from msgspec import Meta, Struct

from domain.identity.tokens import TokenPair
from domain.shared.errors import InvalidError
from entrypoints.http.wire import NO_NUL

Login = Annotated[str, Meta(min_length=1, max_length=254, pattern=NO_NUL)]
Password = Annotated[str, Meta(min_length=1, max_length=1024, examples=["taruvi-demo"])]
Token = Annotated[str, Meta(min_length=1, max_length=4096)]


class LogInRequest(Struct, forbid_unknown_fields=True):
    """Either the username or the email."""

    password: Password
    username: Login | None = None
    email: Login | None = None

    @property
    def login(self) -> str:
        given = [login for login in (self.username, self.email) if login is not None]
        if len(given) != 1:
            raise InvalidError({"username": ["give either username or email"]})
        return given[0]


class RefreshRequest(Struct, forbid_unknown_fields=True):
    refresh: Token


class VerifyRequest(Struct, forbid_unknown_fields=True):
    token: Token


class ExchangeRequest(Struct, forbid_unknown_fields=True):
    """`token` is an access token of the platform; `user` the id of a user of the site, for admins of the platform."""

    token: Token
    user: UUID | None = None


class ChangePasswordRequest(Struct, forbid_unknown_fields=True):
    current_password: Password
    new_password: Password


class TokenResponse(Struct):
    """`access` is sent with every request and is good for minutes; `refresh` gets the next pair, once."""

    access: str
    refresh: str

    @classmethod
    def of(cls, pair: TokenPair) -> Self:
        return cls(pair.access, pair.refresh)


class Empty(Struct):
    """Nothing more to say."""
