"""Specs of any size for measuring: many environments on many systems, none like the other, free of errors.

A system has up to twelve environments on three clones.  They start fourteen hours apart, round the week, so
that no run meets another, and differ in what they hold, how they quiesce, what they save and whom they tell.
"""

from __future__ import annotations

PER_SYSTEM = 12
"""Environments of one system; twelve starts share out the 168 hours of a week."""

CLONES = 3
_GAP_H = 168 // PER_SYSTEM
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RELEASES = ("7.4", "7.5", "7.3")
_QUIESCE = (
    "within 60s otherwise abort",
    "within 90s retries 1 otherwise continue partial",
    "within 45s otherwise flush only",
    "within 2m retries 2 otherwise abort",
)


def spec_text(environments: int) -> str:
    """A spec with this many environments."""
    systems = -(-environments // PER_SYSTEM)
    parts = [f"# {environments} environments on {systems} systems, to measure flashc with.\n"]
    parts += [_machine_room(number) for number in range(-(-systems // 8))]
    parts.append('mail server "10.1.0.25" from "flashc@example.net"\n')
    for system in range(systems):
        parts.append(_system(system))
        here = range(system * PER_SYSTEM, min((system + 1) * PER_SYSTEM, environments))
        parts += [_clone(system, clone) for clone in range(min(CLONES, len(here)))]
        parts += [_environment(system, number) for number in here]
    return "\n".join(parts)


def _machine_room(number: int) -> str:
    """A console and a storage system, which eight systems share."""
    network = f"10.1.{number}"
    return f"""\
console HMC{number} is hmc {{ address "{network}.10" or "{network}.11"  user "flashc"  key "hmc_ed25519" }}
array V7000_{number} is svc {{ address "{network}.20"  user "flashc"  key "v7000_{number}_ed25519" }}
"""


def _system(number: int) -> str:
    return f"""\
# ---- partition {number + 1} and its clones -------------------------------------------------------------
system PROD{number:04} {{
    host      "prod{number:04}.example.net" user FLASHC
    identity  serial 78{number:05} lpar {number % 60 + 10}
    library   BCKFLASH{number % 10}
    release   {_RELEASES[number % 3]}
}}
"""


def _clone(system: int, clone: int) -> str:
    room = system // 8
    lpar = system % 60 * 4 + 100 + clone
    machine = f"Server-9009-42A-SN78{system:05}"
    name = f"PROD{system:04}_{clone}"
    ending = ("ended within 10m then immediately", "ended within 15m", "immediately")[clone % 3]
    net = f"192.168.{clone + 90}"
    return f"""\
clone {name} of PROD{system:04} {{
    partition {lpar} "{name}" on "{machine}" through HMC{room} profile "clone"
    disks     group "{name}" on V7000_{room}
    network   isolated
    link      source "{net}.15" clone "{net}.16" line ETHCLONE{clone} vlan {99 + clone}
    previous  {ending}
}}
"""


def _environment(system: int, number: int) -> str:
    place = number % PER_SYSTEM
    hour = place * _GAP_H
    around = [f"hold job QUSRSSH/CPY{place}"]
    around += [f"end domino DOMINO{n:02} within 5m" for n in range(place % 3)]
    if place % 2:
        entry = f"CHGJOBQE SBSD(QGPL/QBATCH) JOBQ(APPLIB/NIGHT{place})"
        around.append(f'run "{entry} MAXACT(0)"\n            undo "{entry} MAXACT({place})" within 2m')
    held = "\n".join(f"        {item}" for item in around)
    requires = (
        f'    require group "REPORT_{number}" on V7000_{system // 8} idle_or_copied\n' if place % 4 else ""
    )
    restricted = " restricted" if place % 3 else ""
    setting = "\n        set QINACTITV *NONE" if place % 2 == 0 else ""
    movement = "with" if place % 5 == 0 else "without"
    phases = ("start, flash, failure, end", "failure, end", "failure")[place % 3]
    return f"""\
# Night {place + 1} of system PROD{system:04}.
environment N{number:05} on PROD{system:04}_{place % CLONES} {{
    every {_DAYS[hour // 24]} at {hour % 24:02}:{number % 60:02}
{requires}    around flash {{
{held}
    }}
    quiesce {_QUIESCE[place % len(_QUIESCE)]}
    resume within {30 + place}s
    on clone brms {{
        group SAV{place:02} library TAPMLB{place % 4:02}{restricted} within {5 + place % 3}h{setting}
    }}
    boot within {60 + place}m
    afterwards maintenance brms {movement} movement
    leave clone {"running" if place % 4 else "off"}
    mail "night{place}@prod{system:04}.example.net" on {phases}
}}
"""
