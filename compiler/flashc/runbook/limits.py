"""Time limits that follow from the spec's, in seconds.

Inside the window they nest: array request < armed sidecar's answer < driver's receive < `resume within`
(guard A) < guard B.  Counted from the request to suspend, production is resumed within `quiesce within` plus
`resume within`, or by a guard within the margins given here (invariant S1).
"""

from __future__ import annotations

from dataclasses import dataclass

GUARD_A_MARGIN_S = 5
"""How much longer than SSPTIMO guard A waits for the suspend to be reached or given up."""

GUARD_B_MARGIN_S = 10
"""How much later than guard A guard B acts."""

GUARD_TRIES = 600
"""How often a guard asks for RESUME, a second apart, before it says that production may be suspended."""

RESUME_MARGIN_S = 30
"""How long a RESUME that the system refuses may have to be repeated and invariant S1 still holds."""

PREPARE_S = 900
"""How long the array may take to prepare the group, also where it is away meanwhile (cache flush: vendor
default 120 s, cap 600 s)."""

ARMED_LOOKS = 100
ARMED_LOOK_S = 2
"""How often, and how far apart, it is looked whether the armed sidecar is ready.

It proves the copies first, and some arrays tell one volume at a time
(docs/platform-facts.md#one-volume-at-a-time).
"""

PRESENT_S = 1800
"""The time for putting an instant on the clone's disks, where that is an act of its own."""

RELEASE_S = 900
"""How long the group of the last run may take to stop (cleaning)."""

LATE_LOOKS = 6
LATE_PAUSE_S = 120
"""How often, and how far apart, a clone is looked at before BRMS on production leaves *STRPRC.

A console may start it late, when nobody waits any more (docs/platform-facts.md#hmc-state-changes).
"""

AT_WORK_LOOKS = 10
AT_WORK_PAUSE_S = 30
"""How often, and how far apart, *STRPRC that was refused is asked for once more while a job works in BRMS."""

CHECKS_S = 2100
"""How long one round of checks may take: the sidecar's half hour (`limits.check_s`), and what CL looks at."""

INSIST_S = 900
"""For how long a run asks a console or an array again that gives no answer, before and behind the window."""

ASKED_S = 60
"""The same of a request about a clone, for which somebody waits."""

PROVE_S = 240
"""The same of an array that is to prove the copy while what stands around the flash is held; then that is
undone, and the array is asked on."""

LEFT_OFF_S = 1800
"""How long a clone that is to be left off may take to be off once its work is at home, before it is ended."""

VIOS_S = 900
"""How long one call may take to unmap or map the clone's disks on all of its VIOS."""

VARY_S = 300
"""How long a device may take to vary off."""

BRMS_STATE_S = 1500
"""How long BRMS may take for one change of the FlashCopy state on production: twenty times what is known of
it (docs/platform-facts.md#brms-limits)."""

HISTORY_S = 3600
"""How long one save or one restore of QUSRBRM may take on production, with what comes before it (a lock, the
end of Q1ABRMNET, whoever has its files): a quarter of an hour for that; of the rest half a minute is known,
and it may be a hundred times as large elsewhere (docs/platform-facts.md#brms-limits)."""

O88_S = 3 * HISTORY_S + 900
"""How long O88 may take: production's own is kept, the clone's restored, and production's own put back."""

O89_S = 2 * BRMS_STATE_S + 300
"""How long O89 may take behind a restored QUSRBRM: whether *STRPRC is in force may have to be asked for by
itself; and the lock is waited for."""

UNDO_S = 300
"""How long the start of a Domino server, or a command of the site that undoes another, may take at least."""

DEVICE_BACK_S = VARY_S + 2 * 180
"""How long a device may take to come back: one on its way is waited for, before and behind VRYCFG."""

SUBSYSTEM_BACK_S = 600
"""The same of a subsystem; one that is still ending has five minutes for that."""

ENDPRC_S = 600 + LATE_LOOKS * (LATE_PAUSE_S + 60) + AT_WORK_LOOKS * AT_WORK_PAUSE_S + HISTORY_S + O89_S
"""How long BRMS may take to leave *STRPRC: looks at the clone and at who works in BRMS, a restore of QUSRBRM,
INZBRM."""

DOMINO_TRIES = 8
DOMINO_PAUSE_S = 120
"""How often, and how far apart, a Domino server is started again that may still be ending."""

UNDOING_S = 1800
"""How long all undos that have no limit of their own may take together."""

MAINTENANCE_S = 4 * 3600
"""How long BRMS maintenance may take after the run."""

SAVE_MARGIN_S = 1800
"""What comes after the save on the clone: subsystems, TCP/IP, *ENDBKU, delivery."""

BESIDE_S = 4 * 3600
"""What the steps before the clone's start and behind its delivery may take together."""

BEAT_S = 900
"""How far apart the signs of life of a clone are that is not in restricted state."""

SILENT_S = 3 * BEAT_S
"""How long none may come, behind the first, before somebody is told."""

GIVE_S = 2 * 3600
"""How long production waits for what it asks of a clone that is on."""

BY_HAND_S = 6 * 3600
"""How long a request about a clone may take, all limits used up."""

STILL_POWER_ON_S = 900
"""How long the clone may show one and the same code of power on, hardware or firmware."""

STILL_IPL_S = 1800
"""The same of a code of the IPL: the recovery of the database takes tens of minutes on a large system."""

STILL_ATTENTION_S = 300
"""The same of a code that wants somebody or tells of hardware: some pass by themselves."""

STILL_ENDING_S = 1800
"""The same of a code of a dump or of power down."""

STILL_OTHER_S = 1800
"""The same of a code of no known class."""

USUAL_RUNS = 10
"""Of how many completed runs the usual length of a phase is taken."""


@dataclass(frozen=True, slots=True)
class WindowLimits:
    """The nested limits of one environment's window."""

    quiesce_s: int
    request_s: int
    """Guard A: from REQUEST to HELD or DONE."""
    trigger_s: int
    """The array's answer to the one request."""
    receive_s: int
    """The driver's wait for the armed sidecar's answer."""
    hold_s: int
    """Guard A: from HELD to DONE (`resume within`)."""
    armed_s: int
    """The armed sidecar disarms itself after this time."""


def window_limits(quiesce_s: int, resume_s: int, independent_asps: int = 0) -> WindowLimits:
    """The limits inside the window; `resume_s` of at least 15 is checked by flashc.check.

    `independent_asps` are suspended one after the other with *SYSBAS, all within the quiesce limit.
    """
    trigger = max(4, resume_s // 3)
    return WindowLimits(
        quiesce_s=quiesce_s,
        request_s=quiesce_s + GUARD_A_MARGIN_S + independent_asps,
        trigger_s=trigger,
        receive_s=trigger + 3,
        hold_s=resume_s,
        armed_s=quiesce_s + resume_s + 900,
    )
