"""Authorities: special ones of users, those to objects, and what a program adopts from its owner.

Order of the search (user, group, public, at last what is adopted): docs/platform-facts.md#authority,
docs/platform-facts.md#authorization-list.  An authority is written as in CL: *USE, *CHANGE, *ALL, or single
ones (*OBJOPR *READ), docs/platform-facts.md#single-authorities.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from flashtwin.errors import Escape
from flashtwin.objects import AuthorizationList, JobQueue, Object

if TYPE_CHECKING:
    from flashtwin.image import SystemImage, UserProfile
    from flashtwin.job import Job

OWNER = "owner"
"""Asked for where an authority does not do: only the owner and *ALLOBJ have it."""

_USE = frozenset(("*OBJOPR", "*READ", "*EXECUTE"))
_CHANGE = _USE | {"*ADD", "*UPD", "*DLT"}
_ALL = _CHANGE | {"*OBJMGT", "*OBJEXIST", "*OBJALTER", "*OBJREF"}
_SETS = {"*EXCLUDE": frozenset[str](), "*USE": _USE, "*CHANGE": _CHANGE, "*ALL": _ALL}

CLOSED_COMMANDS = frozenset(
    (
        *("CHGASPACT", "CHGNETA", "PWRDWNSYS", "SAVSYS", "RSTLIB", "RSTOBJ", "RST"),
        *("STRTCP", "ENDTCP", "STRTCPIFC", "ENDTCPIFC", "STRTCPSVR", "ENDTCPSVR"),
    )
)
"""Commands that are shipped closed to the public, or may be: docs/platform-facts.md#closed-commands."""

OWNED = _ALL | {"*AUTLMGT", OWNER}
"""What the owner of an object may do, and who has *ALLOBJ."""


def _profiles(image: SystemImage, user: str) -> list[UserProfile]:
    """The profile of a user and those of its groups."""
    profile = image.users.get(user)
    if profile is None:
        return []
    if not profile.group and not profile.more_groups:
        return [profile]
    groups = (profile.group, *profile.more_groups)
    return [profile, *(image.users[group] for group in groups if group in image.users)]


def adopted(job: Job) -> list[str]:
    """Whose authority the programs in the call stack add: owners of those that adopt, up to one that takes
    none of its callers'."""
    owners = []
    for act in reversed(job.stack):
        if act.adopts:
            owners.append(act.owner)
        if act.no_adopted:
            break
    return owners


def has_special(job: Job, special: str) -> bool:
    """Whether the job's user, one of its groups, or an owner whose program adopts has a special authority."""
    image = job.os.image
    owners = (image.users[owner] for owner in adopted(job) if owner in image.users)
    return any(special in p.authorities for p in (*_profiles(image, job.user), *owners))


def require_special(job: Job, special: str, msgid: str = "CPF222E") -> None:
    """An escape (CPF222E, or the command's own id) when the special authority is missing."""
    if not has_special(job, special):
        raise Escape(msgid, special, f"{special} special authority is required.")


def authority_of(image: SystemImage, user: str, obj: Object) -> frozenset[str]:
    """The single authorities of a user without adoption: *ALLOBJ, owner, private, list; of the groups, of
    which each adds its own; public."""
    listed = list_of(image, obj) if obj.secured_by else None
    of_groups: frozenset[str] | None = None
    for profile in _profiles(image, user):
        if "*ALLOBJ" in profile.authorities or obj.owner == profile.name:
            return OWNED
        private = obj.private.get(profile.name)
        if private is None and listed is not None:
            private = listed.members.get(profile.name)
        if private is not None and profile.name == user:
            return singles(private)
        if private is not None:
            of_groups = singles(private) | (of_groups or frozenset())
    if of_groups is not None:
        return of_groups
    if obj.public == "*AUTL":
        return singles(listed.general if listed is not None else "*EXCLUDE")
    return singles(obj.public)


def list_of(image: SystemImage, obj: Object) -> AuthorizationList | None:
    """The authorization list that secures an object."""
    found = image.find("QSYS", obj.secured_by, "*AUTL") if obj.secured_by else None
    return found if isinstance(found, AuthorizationList) else None


def give_public(image: SystemImage, obj: Object, authority: str) -> None:
    """AUT of a command that creates: an authority of the public, or the name of an authorization list."""
    if authority.startswith("*"):
        obj.public = authority
        return
    if image.find("QSYS", authority, "*AUTL") is None:
        raise Escape("CPF2283", authority, f"Authorization list {authority} does not exist.")
    obj.secured_by, obj.public = authority, "*AUTL"


def has_authority(job: Job, obj: Object, wanted: str) -> bool:
    """Whether the job may use the object this way: *USE, *OBJMGT, *OBJOPR *ADD."""
    image, needed = job.os.image, singles(wanted)
    if needed <= authority_of(image, job.user, obj):
        return True
    return any(needed <= _own_authority(image, owner, obj) for owner in adopted(job))


def owns(job: Job, obj: Object) -> bool:
    """Whether the job's user, one of its groups, or an owner whose program adopts owns the object."""
    names = {profile.name for profile in _profiles(job.os.image, job.user)}
    return obj.owner in names or obj.owner in adopted(job)


def controls(job: Job, queue: JobQueue) -> bool:
    """Whether the job may hold, release and clear a job queue: docs/platform-facts.md#authority."""
    if has_special(job, "*SPLCTL") or (queue.operator_controlled and has_special(job, "*JOBCTL")):
        return True
    owned = queue.authority_to_check == "*OWNER"
    return has_authority(job, queue, OWNER if owned else "*READ *ADD *DLT")


def may_change_profile(job: Job, profile: UserProfile, wanted: str) -> bool:
    """Whether the job has an authority to a user profile; everybody has *ADD and *DLT to his own."""
    if job.user == profile.name or has_special(job, "*ALLOBJ"):
        return True
    needed = singles(wanted)
    if needed <= singles(profile.private.get(job.user, profile.public)):
        return True
    return any(
        owner == profile.name or needed <= singles(profile.private.get(owner, "*EXCLUDE"))
        for owner in adopted(job)
    )


def _own_authority(image: SystemImage, owner: str, obj: Object) -> frozenset[str]:
    """What the owner of a program that adopts brings: its own, neither its groups' nor the public's."""
    profile = image.users.get(owner)
    if profile is None:
        return frozenset()
    if "*ALLOBJ" in profile.authorities or obj.owner == owner:
        return OWNED
    listed = list_of(image, obj)
    private = obj.private.get(owner) or (listed.members.get(owner) if listed is not None else None)
    return singles(private) if private is not None else frozenset()


def enough(authority: frozenset[str], wanted: str) -> bool:
    """Whether single authorities have all that is wanted."""
    return singles(wanted) <= authority


@cache
def singles(authority: str) -> frozenset[str]:
    """The single authorities that an authority is made of."""
    return frozenset[str]().union(*(_SETS.get(word, {word}) for word in authority.split()))


def in_words(authority: Iterable[str]) -> str:
    """Single authorities as they are written, by the name of a whole set where they are one."""
    found = frozenset(authority)
    return next((name for name, whole in _SETS.items() if whole == found), " ".join(sorted(found)))


def require_authority(job: Job, obj: Object, wanted: str) -> None:
    """CPF9802 when the authority is missing, CPF9820 when that to the library is."""
    if obj.library == "QTEMP":
        return
    library = job.os.image.libraries.get(obj.library)
    if library is not None and library is not obj and not has_authority(job, library, "*EXECUTE"):
        raise Escape("CPF9820", f"{obj.library:<10}", f"Not authorized to use library {obj.library}.")
    if not has_authority(job, obj, wanted):
        data = f"{obj.name:<10}{obj.library:<10}{obj.type.lstrip('*'):<10}"
        raise Escape("CPF9802", data, f"Not authorized to object {obj.name} in {obj.library}.")
