"""What the clone does: nothing, BRMS, a save of the whole system, or commands of the site."""

from __future__ import annotations

import re

from flashc.check import model, values
from flashc.check.commands import command_text
from flashc.check.names import Block, Names
from flashc.diag import Related
from flashc.syntax import ast
from flashc.syntax.words import shown

_MESSAGE_ID = re.compile(r"[A-Z][A-Z0-9]{2}[0-9A-F]{4}\Z")
_PATH = re.compile(r"/[A-Za-z0-9_.@#$/-]{1,199}\Z")
_VOLUME = re.compile(r"[A-Z0-9$@#]{1,6}\Z")

# BRMS takes 5 to 9999 minutes for a batch save in restricted state: docs/platform-facts.md#brms-restricted
SAVE_LEAST_S, SAVE_MOST_S = 300, 9999 * 60


def resolve_operation(names: Names, node: ast.OnClone) -> model.Operation | None:
    if isinstance(node, ast.OnCloneNone):
        return model.NoOperation(node.span)
    if isinstance(node, ast.OnCloneBrms):
        return _brms(names, node)
    if isinstance(node, ast.OnCloneSave21):
        return _save21(names, node)
    return _user(names, node)


# ---- BRMS -------------------------------------------------------------------------------------------


def _brms(names: Names, node: ast.OnCloneBrms) -> model.BrmsOperation | None:
    found = names.found
    block = Block(found, node, "`on clone brms`")
    inactive = block.one(ast.Set, "set", required=False)
    if inactive and (inactive.name.text, inactive.value.text) != ("QINACTITV", "*NONE"):
        message = f"`set {inactive.name.text} {shown(inactive.value.text)}` cannot be done on the clone"
        found.add("FL3061", inactive.span, message)
    from_flash = block.one(ast.Incremental, "incremental", required=False)
    stages: list[tuple[model.BrmsGroup, ...] | None] = []
    written = [member for statement in node.body for member in _groups_of(statement)]
    found.once(((f"control group {g.name.text}", g.span) for g in written), f" in {block.title}")
    for statement in node.body:
        members = _groups_of(statement)
        if not members:
            continue
        together = isinstance(statement, ast.GroupsTogether)
        groups = [_group(names, member, together) for member in members]
        _drives_apart(names, [member.device for member in members if member.device])
        stages.append(tuple(g for g in groups if g) if all(groups) else None)
    if not stages:
        block.missing("group")
        return None
    if None in stages:
        return None
    whole = tuple(s for s in stages if s is not None)
    for stage in whole[:-1]:
        for group in stage:
            if group.restricted:
                message = f"control group {group.name} is saved in restricted state, but not as the last one"
                found.add("FL3082", group.span, message)
    return model.BrmsOperation(whole, inactive is not None, from_flash is not None, node.span)


def _groups_of(statement: ast.BrmsStatement) -> tuple[ast.Group, ...]:
    if isinstance(statement, ast.GroupsTogether):
        return statement.body
    return (statement,) if isinstance(statement, ast.Group) else ()


def _drives_apart(names: Names, devices: list[ast.Device]) -> None:
    """What is one drive, real or virtual, takes one save at a time; a library may have several drives."""
    first: dict[str, ast.Device] = {}
    for device in (one for one in devices if one.kind in ("drive", "virtual tape")):
        other = first.setdefault(device.name.text, device)
        if other is not device:
            message = f"{device.name.text} is one drive, and two control groups are saved to it at a time"
            help_text = "Give each a drive of its own, or write them one after the other, without `together`."
            related = (Related(other.span, "the other one"),)
            names.found.add("FL3081", device.span, message, help=help_text, related=related)


def _group(names: Names, node: ast.Group, together: bool) -> model.BrmsGroup | None:
    found = names.found
    name = values.object_name(found, node.name, "BRMS control group")
    device = resolve_device(names, node.device) if node.device else None
    if node.device and node.device.kind == "save file":
        found.add(
            "FL3081", node.device.span, "BRMS makes its save files itself", help="Leave out the device."
        )
    if node.device:
        _stays(names, node.device)
    if node.device and (node.device.sequential or node.device.volumes or node.device.category):
        message = "BRMS chooses the media of a control group itself"
        found.add("FL3081", node.device.span, message, help="Leave out the media behind the device.")
    if node.restricted and together:
        found.add("FL3082", node.span, "a save in restricted state ends every other job: nothing runs beside")
    if node.within is None:
        kind = "a save in restricted state" if node.restricted else "a save"
        found.add("FL3025", node.span, f"{kind} has no limit")
        return None
    within = values.limit(found, node.within, "the limit for the save", SAVE_LEAST_S, SAVE_MOST_S)
    if name is None or within is None or (node.device and device is None):
        return None
    return model.BrmsGroup(name, device, node.restricted, within, node.span)


# ---- the whole system -------------------------------------------------------------------------------


def _save21(names: Names, node: ast.OnCloneSave21) -> model.Save21Operation | None:
    found = names.found
    to = Block(found, node, "`on clone save21`").one(ast.SaveTo, "save")
    if to is None:
        return None
    device = resolve_device(names, to.device)
    _stays(names, to.device)
    if to.device.kind == "save file":
        found.add("FL3081", to.device.span, "the whole system cannot be saved into a save file")
        return None
    _media(names, to.device)
    if to.within is None:
        found.add("FL3025", to.span, "a save in restricted state has no limit")
        return None
    within = values.limit(found, to.within, "the limit for the save", SAVE_LEAST_S, SAVE_MOST_S)
    return model.Save21Operation(device, within, node.span) if device and within else None


# ---- commands of the site ---------------------------------------------------------------------------


def _user(names: Names, node: ast.OnCloneUser) -> model.UserOperation | None:
    found = names.found
    block = Block(found, node, "`on clone user`")
    devices: list[model.Device | None] = []
    stages: list[tuple[model.CloneCommand | None, ...]] = []
    brings: list[str | None] = []
    used = [s.device for s in node.body if isinstance(s, ast.Use) and s.device.kind != "save file"]
    found.once((f"device {device.name.text}", device.span) for device in used)
    brought = [s.path for s in node.body if isinstance(s, ast.Bring)]
    found.once((f'"{path.text}"', path.span) for path in brought)
    for statement in node.body:
        if isinstance(statement, ast.Use):
            _media(names, statement.device)
            devices.append(resolve_device(names, statement.device))
        elif isinstance(statement, ast.Bring):
            brings.append(_path(names, statement.path))
        elif isinstance(statement, ast.CloneRun):
            stages.append((_command(names, statement),))
        elif statement.body:
            stages.append(tuple(_command(names, run) for run in statement.body))
    if not stages:
        block.missing("run")
        return None
    commands = tuple(tuple(c for c in stage if c) for stage in stages)
    if any(None in stage for stage in stages) or None in devices or None in brings:
        return None
    return model.UserOperation(
        tuple(d for d in devices if d), commands, tuple(b for b in brings if b), node.span
    )


def _command(names: Names, node: ast.CloneRun) -> model.CloneCommand | None:
    found = names.found
    found.once((word.text, word.span) for word in node.accept)
    found.once((word.text, word.span) for word in node.expect)
    fits = command_text(names, node.command, "on the clone")
    ids = [_message_id(names, word) for word in (*node.accept, *node.expect)]
    if node.within is None:
        found.add("FL3025", node.span, "a command on the clone has no limit")
        return None
    within = values.limit(found, node.within, "the limit for a command", 1, SAVE_MOST_S)
    if within is None or not fits or not all(ids):
        return None
    accept, expect = (tuple(w.text for w in words) for words in (node.accept, node.expect))
    return model.CloneCommand(node.command.text.strip(), within, accept, expect, node.span)


def _message_id(names: Names, word: ast.Word) -> bool:
    if _MESSAGE_ID.match(word.text):
        return True
    names.found.add("FL3086", word.span, f"`{shown(word.text)}` is not the id of a message")
    return False


def _path(names: Names, text: ast.Text) -> str | None:
    path = text.text
    if not _PATH.match(path) or ".." in path.split("/") or path.endswith("/"):
        message = f"`{shown(path)}` is not the path of a stream file"
        names.found.add("FL3087", text.span, message)
        return None
    return path


# ---- devices ----------------------------------------------------------------------------------------


def resolve_device(names: Names, node: ast.Device) -> model.Device | None:
    """A save device with its media."""
    found = names.found
    what = {
        "library": "tape library",
        "drive": "tape drive",
        "virtual tape": "virtual tape device",
        "optical": "virtual optical device",
        "save file": "save file",
    }[node.kind]
    name = values.object_name(found, node.name, what)
    qualifier = None
    if node.qualifier:
        which = "library" if node.kind == "save file" else "image catalog"
        qualifier = values.object_name(found, node.qualifier, which)
        if qualifier is None:
            return None
    found.once((f"volume {text.text}", text.span) for text in node.volumes)
    volumes = [_volume(names, text) for text in node.volumes]
    category = node.category.text if node.category else None
    if category and not category.startswith("*") and node.category:
        category = values.object_name(found, node.category, "cartridge category")
        if category is None:
            return None
    if name is None or None in volumes:
        return None
    return model.Device(
        node.kind, name, qualifier, node.sequential, tuple(v for v in volumes if v), category, node.span
    )


def _stays(names: Names, node: ast.Device) -> None:
    """What is saved there is on the clone's own disks, and overwritten with them."""
    if node.kind in ("virtual tape", "optical"):
        message = f"what is saved to {shown(node.name.text)} lies on the clone's own disks"
        names.found.add("FL3118", node.span, message)


def _media(names: Names, node: ast.Device) -> None:
    """Without BRMS nobody chooses cartridges in a library but the spec."""
    if node.kind == "library" and not (node.sequential or node.volumes or node.category):
        message = f"nothing says which cartridges of {shown(node.name.text)} the save uses"
        names.found.add("FL3080", node.span, message)


def _volume(names: Names, text: ast.Text) -> str | None:
    if _VOLUME.match(text.text):
        return text.text
    message = f"`{shown(text.text)}` is not the identifier of a volume"
    names.found.add("FL3088", text.span, message)
    return None
