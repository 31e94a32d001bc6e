"""Configuration objects: varying lines and tape devices on and off, and their status.

Status codes: docs/platform-facts.md#configuration-status.
"""

from __future__ import annotations

from collections.abc import Generator

from flashtwin.commands import command
from flashtwin.context import Context
from flashtwin.errors import Escape, TwinError
from flashtwin.image import VIRTUAL
from flashtwin.installed import conditions, installed, is_on, on_its_way
from flashtwin.media import CATEGORY, device, hardware
from flashtwin.scheduler import Signal, Wait
from flashtwin.sims.tape import Cartridge, MediaLibrary

VARIED_OFF, OFF_PENDING, ON_PENDING, VARIED_ON, ACTIVE, FAILED = 0, 10, 20, 30, 60, 103
LONGEST_WAIT = 180
TAPES = ("*TAPMLB", "*TAP")


def status_of(ctx: Context, name: str, kind: str) -> int:
    """The status code of a configuration object; CPF9801 when there is none."""
    if kind == "*LIN":
        if name not in ctx.image.lines:
            raise _missing(name, "LIND")
        if name not in ctx.os.network.lines:
            return VARIED_OFF
        used = any(one.line == name for one in ctx.os.network.interfaces.values())
        return ACTIVE if used else VARIED_ON
    if kind == "*DEV" and name in ctx.image.products.get("iasps", {}):
        return VARIED_ON if name in installed(ctx.os).asps else VARIED_OFF
    if kind == "*DEV":
        described = ctx.image.devices.get(name)
        if described is None:
            raise _missing(name, "DEVD")
        on = name in installed(ctx.os).varied_on
        if on_its_way(ctx.os, name):
            return ON_PENDING if on else OFF_PENDING
        if not on:
            return VARIED_OFF
        if described.category not in TAPES:
            return VARIED_ON
        library = hardware(ctx.os, described)
        if library is None:
            return VARIED_ON if described.resource == VIRTUAL else FAILED
        return ACTIVE if ctx.os.partition.name in library.reservations else VARIED_ON
    raise _missing(name, kind.strip("*") + "D")


def _missing(name: str, kind: str) -> Escape:
    data = f"{name:<10}{'QSYS':<10}{kind:<10}"
    return Escape("CPF9801", data, f"Object {name} in library QSYS type *{kind} not found.")


@command("RTVCFGSTS", effect="none")
def rtvcfgsts(ctx: Context) -> None:
    """The status code into a variable."""
    code = status_of(ctx, ctx.text("CFGD"), ctx.text("CFGTYPE"))
    ctx.set_return("STSCDE", code)


@command("SETTAPCGY", effect="memory")
def settapcgy(ctx: Context) -> None:
    """Mount a category of cartridges for this job; it is the job's until it is demounted or ends.

    Which escapes it and LODIMGCLG have is not known: CPF9898 stands for each of them.
    """
    name, option = ctx.text("DEV"), ctx.text("OPTION")
    described = device(ctx.os, name)
    library = hardware(ctx.os, described)
    if described.category != "*TAPMLB" or not is_on(ctx.os, name) or library is None:
        raise Escape("CPF9898", "", f"Device {name} is no media library device that is varied on.")
    if option == "*DEMOUNTED":
        if ctx.job.resources.pop(CATEGORY, None) is None:
            raise Escape("CPF9898", "", f"No category is mounted on device {name} for this job.")
        library.mounted.pop(ctx.os.partition.name, None)
        return
    if option != "*MOUNTED":
        raise TwinError(f"the twin mounts and demounts categories only: SETTAPCGY OPTION({option})")
    wanted = str(ctx.items("CGY")[0])
    if wanted not in library.categories:
        raise Escape("CPF9898", "", f"Category {wanted} is not valid for device {name}.")
    ctx.job.resources[CATEGORY] = (name, wanted)


@command("LODIMGCLG", effect="memory")
def lodimgclg(ctx: Context) -> None:
    """Load an image catalog into a virtual device that is varied on, or unload it."""
    catalog, name = ctx.text("IMGCLG"), ctx.text("DEV")
    virtual = ctx.image.products["virtual"].get(name)
    loaded = installed(ctx.os).loaded
    if virtual is None or virtual.catalog != catalog:
        raise Escape("CPF9898", "", f"Image catalog {catalog} not found for device {name}.")
    if ctx.text("OPTION", "*LOAD") == "*UNLOAD":
        if loaded.pop(name, None) is None:
            raise Escape("CPF9898", "", f"Image catalog {catalog} is not loaded.")
        return
    if not is_on(ctx.os, name) or name in loaded:
        raise Escape("CPF9898", "", f"Image catalog {catalog} cannot be loaded into {name}.")
    loaded[name] = MediaLibrary(catalog, 1, {volume: Cartridge(volume) for volume in virtual.volumes})


@command("VRYCFG", effect="memory")
def vrycfg(ctx: Context) -> Generator[Wait, Signal | None, None]:
    """Vary on or off; CPF2640 when it is not done (its reason before it), CPF2659 when it may not be."""
    kind, status = ctx.text("CFGTYPE"), ctx.text("STATUS")
    names = [str(one) for one in ctx.items("CFGOBJ")]
    failed = []
    for name in names:
        try:
            status_of(ctx, name, kind)
        except Escape as escape:
            ctx.diagnostic("CPF2702", escape.text, escape.data)
            failed.append(name)
            continue
        durations = ctx.world.durations
        library_s = min(durations.vary_on_library, float(LONGEST_WAIT))
        is_asp = kind == "*DEV" and name in ctx.image.products.get("iasps", {})
        yield from ctx.sleep(durations.vary_on_asp if is_asp else library_s)
        # RESET(*YES) and FRCVRYOFF concern stations and printers; a line and a tape device have neither.
        reason = _vary(ctx, name, kind, on=status in ("*ON", "*RESET"))
        if reason:
            ctx.diagnostic("CPF2644", reason, f"{name:<10}")
            failed.append(name)
        else:
            shown = "off" if status == "*OFF" else "on"
            ctx.os.log("device_varied", device=name, status=shown, by=ctx.job.qualified)
    if failed:
        raise Escape(
            "CPF2640", f"{failed[0]:<10}", f"Vary configuration for {', '.join(failed)} not processed."
        )
    ctx.completion("CPC2668", f"Vary configuration completed for {len(names)} objects.")


def _vary(ctx: Context, name: str, kind: str, *, on: bool) -> str:
    """Do it; the reason where it cannot be done."""
    if name in conditions(ctx.world).vary_fails:
        return f"Configuration object {name} cannot be varied: resource failure."
    if kind == "*LIN":
        return _vary_line(ctx, name, on=on)
    if name in ctx.image.products.get("iasps", {}):
        return _vary_asp(ctx, name, on=on)
    described, state = ctx.image.devices[name], installed(ctx.os)
    settled = ctx.world.now + ctx.world.durations.vary_settles
    if on:
        real = described.resource != VIRTUAL
        if described.category in TAPES and real and hardware(ctx.os, described) is None:
            return f"Resource {described.resource} of device {name} not detected."
        if name not in state.varied_on:
            state.settles[name] = settled
        state.varied_on.add(name)
        described.status = "VARIED ON"
        return ""
    library = hardware(ctx.os, described)
    state.loaded.pop(name, None)
    if library is not None:
        if ctx.os.partition.name in library.working:
            return f"Device {name} is in use."
        library.release_all(ctx.os.partition.name)
    if name in state.varied_on:
        state.settles[name] = settled
    state.varied_on.discard(name)
    described.status = "VARIED OFF"
    return ""


def _vary_asp(ctx: Context, name: str, *, on: bool) -> str:
    """An independent ASP; one that is on already is taken to be refused."""
    asps = installed(ctx.os).asps
    if on == (name in asps):
        return f"Device {name} is varied {'on' if on else 'off'} already."
    if on:
        asps.add(name)
    else:
        asps.discard(name)
    return ""


@command("CHGLINETH", effect="disk")
def chglineth(ctx: Context) -> None:
    """Another resource for a line that is varied off; whether there is such a resource is not asked.

    The ids of its refusals are on no page: no program looks for one.
    """
    ctx.needs("*IOSYSCFG")
    name = ctx.text("LIND")
    if name not in ctx.image.lines:
        raise Escape("CPF2704", f"{name:<10}", f"Line description {name} not found.")
    ctx.find(name, "QSYS", "*LIND", "*CHANGE *OBJMGT")
    if name in ctx.os.network.lines:
        raise Escape("CPF2614", f"{name:<10}", f"Line description {name} not changed: it is not varied off.")
    resource = ctx.text("RSRCNAME", "*SAME")
    if resource != "*SAME":
        ctx.image.lines[name].resource = resource
    ctx.completion("CPC2605", f"Line description {name} changed.")


def _vary_line(ctx: Context, name: str, *, on: bool) -> str:
    network, line = ctx.os.network, ctx.image.lines[name]
    if on:
        if not network.has_adapter(line):
            return f"Resource {line.resource} of line {name} not detected on this partition."
        others = (one for one in ctx.image.lines.values() if one.name != name and one.name in network.lines)
        if line.vlan is not None and any(one.resource == line.resource for one in others):
            return f"Resource {line.resource} of line {name} is used by another line."
        network.lines.add(name)
        return ""
    if any(one.line == name for one in network.interfaces.values()):
        return f"Line {name} is in use by TCP/IP."
    network.lines.discard(name)
    return ""
