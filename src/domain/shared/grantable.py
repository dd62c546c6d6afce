"""What can be granted object by object. A feature whose objects can be declares itself here, once."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain.shared.caller import Caller, NotPermittedError, Permission
from domain.shared.errors import NotFoundError


class ObjectPermission(StrEnum):
    VIEW = "view"
    CHANGE = "change"
    DELETE = "delete"
    SHARE = "share"


EVERYTHING: Final = frozenset(ObjectPermission)
"""What owners may do with what they own."""


def with_view(permissions: AbstractSet[ObjectPermission]) -> frozenset[ObjectPermission]:
    """Whoever may do anything with an object may view it: blind, the rest makes no sense."""
    return frozenset(permissions | {ObjectPermission.VIEW}) if permissions else frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Objects lie in one of another kind, named in their `field`: what one may do with that one, one may do with them.

    The column of the table is the field's name and `_id`. None: this one lies in none of that kind.
    """

    field: str
    kind: "Grantable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A user whom objects name in their `field` and who therefore `may` do this with them, without owning them.

    `reaches` is `may` and what the feature itself lets them do, as the permissions that others need for that: so much
    must somebody have who takes their place. The column of the table is the field's name and `_id`.
    """

    field: str
    may: frozenset[ObjectPermission]
    reaches: frozenset[ObjectPermission]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grantable:
    """A kind of object that is owned by a user and can be granted to other users and to groups.

    `resource` is the name of its table, `noun` what people call one of them. `view`, `change`, `delete` and
    `share` allow the same on every object of the site; `absent` is what is raised where there is none. If it has
    `within`, each object lies in one of them at least, unless they may be `loose`.
    """

    resource: str
    noun: str
    view: Permission
    change: Permission
    delete: Permission
    share: Permission
    absent: type[NotFoundError]
    within: tuple[Within, ...] = ()
    loose: bool = False
    parties: tuple[Party, ...] = ()

    def everywhere(self, caller: Caller) -> frozenset[ObjectPermission]:
        """What the caller may do with every object of this kind: with whatever each may lie in, or with them all."""
        around = [] if self.loose else [within.kind.everywhere(caller) for within in self.within]
        return self._site_wide(caller) | (frozenset.intersection(*around) if around else frozenset())

    def _site_wide(self, caller: Caller) -> frozenset[ObjectPermission]:
        permissions: dict[ObjectPermission, Permission] = {
            ObjectPermission.VIEW: self.view,
            ObjectPermission.CHANGE: self.change,
            ObjectPermission.DELETE: self.delete,
            ObjectPermission.SHARE: self.share,
        }
        return frozenset(one for one, site_wide in permissions.items() if caller.may(site_wide))

    def not_found(self, object_id: UUID) -> NotFoundError:
        """The same for what is not there and for what the caller may not know of."""
        return self.absent(f"there is no {self.noun} {object_id}")

    def require(self, held: AbstractSet[ObjectPermission], wanted: ObjectPermission, object_id: UUID) -> None:
        """Raise `absent` for whoever may not view the object, `NotPermittedError` for whoever may no more than that."""
        if ObjectPermission.VIEW not in held:
            raise self.not_found(object_id)
        if wanted not in held:
            raise NotPermittedError(f"this needs the permission to {wanted} this {self.noun}")
