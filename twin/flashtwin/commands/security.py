"""Users and authorities: CRTUSRPRF, GRTOBJAUT, RVKOBJAUT, CHGOBJOWN, RTVUSRPRF, authorization lists."""

from __future__ import annotations

from collections.abc import Iterator

from flashtwin.commands import command
from flashtwin.context import Context
from flashtwin.errors import Escape
from flashtwin.image import UserProfile
from flashtwin.objects import AuthorizationList, MessageQueue, Object, Program
from flashtwin.security import OWNER, give_public, in_words, may_change_profile, require_authority, singles


def _objects(ctx: Context, authority: str) -> Iterator[Object]:
    name, library = ctx.qualified("OBJ")
    type_ = ctx.text("OBJTYPE")
    if name != "*ALL" and not name.endswith("*"):
        yield ctx.find(name, library, type_, authority)
        return
    found = ctx.image.libraries.get(library)
    if found is None:
        raise Escape("CPF9810", f"{library:<10}", f"Library {library} not found.")
    prefix = "" if name == "*ALL" else name[:-1]
    for obj in list(found.objects.values()):
        if obj.name.startswith(prefix) and type_ in ("*ALL", obj.type):
            require_authority(ctx.job, obj, authority)
            yield obj


@command("GRTOBJAUT", effect="disk")
def grtobjaut(ctx: Context) -> None:
    """Give users authority to objects; user profiles too (OBJTYPE(*USRPRF)); AUTL: secure by a list.

    REFOBJ: as another object has them.
    """
    if ctx.given("REFOBJ"):
        name, library = ctx.qualified("REFOBJ")
        like = ctx.find(name, library, ctx.text("OBJTYPE"), "*USE")
        for obj in _objects(ctx, OWNER):
            obj.private, obj.public, obj.secured_by = dict(like.private), like.public, like.secured_by
        return
    if ctx.given("AUTL"):
        for obj in _objects(ctx, "*ALL"):
            public = obj.public
            give_public(ctx.image, obj, ctx.text("AUTL"))
            obj.public = public
        return
    authority = _given(ctx)
    for user in ctx.items("USER"):
        if user != "*PUBLIC" and user not in ctx.image.users:
            ctx.diagnostic("CPF2204", f"User profile {user} not found.", str(user))
            raise Escape("CPF2227", str(user), "One or more errors occurred during processing of command.")
    if ctx.text("OBJTYPE") == "*USRPRF":
        profile = _profile(ctx, ctx.qualified("OBJ")[0])
        for user in ctx.items("USER"):
            profile.private[str(user)] = authority
        return
    # Who only manages an object gives what he has, and not that.
    managed = {"*OBJMGT", "*AUTL"} & singles(authority)
    for obj in _objects(ctx, OWNER if managed else f"*OBJMGT {authority}"):
        for user in ctx.items("USER"):
            if user == "*PUBLIC":
                obj.public = _with(obj.public, authority)
            else:
                obj.private[str(user)] = _with(obj.private.get(str(user), "*EXCLUDE"), authority)


def _given(ctx: Context) -> str:
    """AUT: one of the sets, or single authorities."""
    return " ".join(str(item) for item in ctx.items("AUT")) or "*CHANGE"


def _with(before: str, more: str) -> str:
    """What somebody has had stays, but for *EXCLUDE and *AUTL."""
    instead = more == "*EXCLUDE" or "*AUTL" in (before, more)
    return more if instead else in_words(singles(before) | singles(more))


@command("RVKOBJAUT", effect="disk")
def rvkobjaut(ctx: Context) -> None:
    """Take authority to objects back, or the list that secures them; CPF2253 where that does not secure any.

    Who was on the list only has what the object gives him then, the public *EXCLUDE.
    """
    if ctx.given("AUTL"):
        secured = [obj for obj in _objects(ctx, OWNER) if obj.secured_by == ctx.text("AUTL")]
        if not secured:
            raise Escape("CPF2253", "", f"No objects found for {ctx.qualified('OBJ')[0]}.")
        for obj in secured:
            obj.secured_by, obj.public = "", "*EXCLUDE"
        return
    for obj in _objects(ctx, "*OBJMGT"):
        for user in ctx.items("USER"):
            if user == "*PUBLIC":
                obj.public = "*EXCLUDE"
            else:
                obj.private.pop(str(user), None)


@command("CHGOBJOWN", effect="disk")
def chgobjown(ctx: Context) -> None:
    """Give objects another owner; with CUROWNAUT(*SAME) the one before keeps *ALL as a private authority."""
    owner = ctx.text("NEWOWN")
    _may_change(ctx, owner, "*ADD")
    for obj in _objects(ctx, "*OBJEXIST"):
        if obj.type in ("*FILE", "*LIB", "*SBSD"):
            require_authority(ctx.job, obj, "*OBJOPR")
        if obj.type == "*AUTL":
            require_authority(ctx.job, obj, OWNER)
        if isinstance(obj, Program) and obj.adopts:
            ctx.needs("*ALLOBJ")
            ctx.needs("*SECADM")
        _may_change(ctx, obj.owner, "*DLT")
        if ctx.text("CUROWNAUT", "*REVOKE") == "*SAME":
            obj.private[obj.owner] = "*ALL"
        obj.owner = owner


@command("CRTAUTL", effect="disk")
def crtautl(ctx: Context) -> None:
    """Create an authorization list; its creator owns it.  CPF2282 when it exists."""
    name = ctx.text("AUTL")
    if ctx.image.find("QSYS", name, "*AUTL") is not None:
        raise Escape("CPF2282", name, f"Authorization list {name} already exists.")
    made = AuthorizationList("QSYS", name, "*AUTL", owner=ctx.job.user, public="*EXCLUDE", created=ctx.now)
    made.general = ctx.text("AUT", "*CHANGE")
    made.text = "" if ctx.text("TEXT", "*BLANK").startswith("*") else ctx.text("TEXT")
    ctx.image.add(made)
    ctx.completion("CPC2276", f"Authorization list {name} created.")


def _list(ctx: Context) -> AuthorizationList:
    name = ctx.text("AUTL")
    found = ctx.image.find("QSYS", name, "*AUTL")
    if not isinstance(found, AuthorizationList):
        raise Escape("CPF2283", name, f"Authorization list {name} does not exist.")
    require_authority(ctx.job, found, "*AUTLMGT")
    return found


@command("ADDAUTLE", effect="disk")
def addautle(ctx: Context) -> None:
    """Add users to an authorization list; CPF2281 for one that does not exist."""
    found = _list(ctx)
    authority = _given(ctx)
    for user in (str(item) for item in ctx.items("USER")):
        if user not in ctx.image.users:
            raise Escape("CPF2281", user, "The users specified do not exist on the system.")
        found.members[user] = authority


@command("RMVAUTLE", effect="disk")
def rmvautle(ctx: Context) -> None:
    """Remove users from an authorization list."""
    found = _list(ctx)
    for user in ctx.items("USER"):
        found.members.pop(str(user), None)


def _may_change(ctx: Context, user: str, authority: str) -> None:
    """CPF2217 without an authority to a user profile."""
    if not may_change_profile(ctx.job, _profile(ctx, user), authority):
        raise Escape("CPF2217", user, f"Not authorized to user profile {user}.")


def _profile(ctx: Context, name: str) -> UserProfile:
    found = ctx.image.users.get(name)
    if found is None:
        raise Escape("CPF2204", name, f"User profile {name} not found.")
    return found


@command("CRTUSRPRF", effect="disk")
def crtusrprf(ctx: Context) -> None:
    """Create a user profile and its message queue."""
    ctx.needs("*SECADM")
    name = ctx.text("USRPRF")
    if name in ctx.image.users:
        raise Escape("CPF2214", name, f"Object {name} type *USRPRF already exists.")
    special = tuple(str(item) for item in ctx.items("SPCAUT") if item not in ("*NONE", "*USRCLS"))
    password = ctx.text("PASSWORD", "*USRPRF")
    profile = UserProfile(
        name,
        special,
        status=ctx.text("STATUS", "*ENABLED"),
        password=None if password == "*NONE" else password,
        message_queue=(name, "QUSRSYS"),
        initial_program=ctx.text("INLPGM", "*NONE"),
        home=ctx.text("HOMEDIR", f"/home/{name}"),
        ccsid=ctx.text("CCSID", "*SYSVAL"),
        text="" if ctx.text("TEXT", "*BLANK").startswith("*") else ctx.text("TEXT"),
        owner=ctx.job.user,
        public=ctx.text("AUT", "*EXCLUDE"),
    )
    _join_groups(ctx, profile)
    if ctx.given("JOBD"):
        profile.job_description = ctx.qualified("JOBD")
    ctx.image.users[name] = profile
    ctx.image.add(MessageQueue("QUSRSYS", name, "*MSGQ", owner=name))
    ctx.completion("CPC2205", f"User profile {name} created.")


def _join_groups(ctx: Context, profile: UserProfile) -> None:
    """GRPPRF and SUPGRPPRF; CPF2259 without such a profile, CPF22C9 for more groups without a first."""
    first, more = ctx.text("GRPPRF", "*SAME"), [str(one) for one in ctx.items("SUPGRPPRF")]
    if first != "*SAME":
        profile.group = first if first != "*NONE" else ""
    if more not in ([], ["*SAME"]):
        profile.more_groups = tuple(one for one in more if one != "*NONE")
    for group in (profile.group, *profile.more_groups):
        if group and group not in ctx.image.users:
            raise Escape("CPF2259", group, f"Group profile {group} not found.")
    if profile.more_groups and not profile.group:
        raise Escape("CPF22C9", profile.name, "Supplemental groups need a group profile.")


@command("CHGUSRPRF", effect="disk")
def chgusrprf(ctx: Context) -> None:
    """Change a user profile."""
    ctx.needs("*SECADM")
    profile = _profile(ctx, ctx.text("USRPRF"))
    if ctx.given("SPCAUT"):
        profile.authorities = tuple(str(item) for item in ctx.items("SPCAUT") if item != "*NONE")
    _join_groups(ctx, profile)
    profile.status = ctx.text("STATUS", profile.status)
    profile.ccsid = ctx.text("CCSID", profile.ccsid)
    if ctx.given("JOBD"):
        profile.job_description = ctx.qualified("JOBD")


@command("RTVUSRPRF", effect="none")
def rtvusrprf(ctx: Context) -> None:
    """Retrieve what is known of a user profile."""
    name = ctx.text("USRPRF", "*CURRENT")
    name = ctx.job.user if name == "*CURRENT" else name
    profile = _profile(ctx, name)
    values = {
        "RTNUSRPRF": name,
        "SPCAUT": "".join(f"{one:<10}" for one in profile.authorities or ("*NONE",)),
        "GRPPRF": profile.group or "*NONE",
        "SUPGRPPRF": "".join(f"{one:<10}" for one in profile.more_groups or ("*NONE",)),
        "JOBD": profile.job_description[0],
        "JOBDLIB": profile.job_description[1],
        "MSGQ": profile.message_queue[0],
        "MSGQLIB": profile.message_queue[1],
        "STATUS": profile.status,
        "TEXT": profile.text,
        "INLPGM": profile.initial_program,
    }
    for keyword in ctx.bound:
        if keyword == "USRPRF":
            continue
        if keyword not in values:
            raise Escape("CPF0006", "RTVUSRPRF", f"The twin does not keep {keyword} of a user profile.")
        ctx.set_return(keyword, values[keyword])
