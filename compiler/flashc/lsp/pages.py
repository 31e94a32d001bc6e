"""What the editor shows about each statement of the language."""

from __future__ import annotations

from collections.abc import Sequence

from flashc.check.families import families, offered
from flashc.syntax.words import example, lookup


def _known(kind: str) -> str:
    """The families that can be used, with what they stand for."""
    return ", ".join(f"`{name}` ({families(kind)[name].title})" for name in offered(kind))


PAGES: dict[str, str] = {
    "include": "The definitions of another file, as if they stood here. It lies in the folder of this "
    "file or below, and is included once.",
    "defaults": "Statements for every environment and clone of this file that has none of its own of "
    "the kind.",
    "system": "A production partition: where the programs are deployed and the schedule runs.",
    "console": f"The console that switches the clone's partition on and off. Family: {_known('console')}.",
    "array": f"The storage system that makes the copy. Family: {_known('array')}.",
    "clone": "A partition that starts from the copy of a system's disks.",
    "environment": "A kind of run: when it starts, how production is held, what the clone does.",
    "command": "A command of the site that `run` may use; with `from`, its source is deployed too.",
    "file: mail": "The SMTP server that takes the mails, and their sender. Port 25 unless one is given.",
    "host": "Where the system answers by SSH, and the user profile that deploys there.",
    "identity": "Machine serial number and partition id: how a program knows that it is on production. "
    "Several pairs where the partition may move (LPM, DR).",
    "library": "The library of the generated programs. A second one, its first nine characters and a "
    "G, holds the start-up guard.",
    "release": "The release of IBM i that the programs are made for: 7.3 to 7.6.",
    "language": "The language of what operators see, messages, prompts, help and displays: `english` (if not "
    "given), `spanish`, `french`.",
    "independent": "An independent ASP that is suspended, copied and resumed beside *SYSBAS. May be "
    "given several times.",
    "address": "Address with an optional port; further ones are tried when the first cannot be reached.",
    "user": "The user with which the sidecar logs in.",
    "key": "The name of a key file in the product's key folder on production; never the key itself.",
    "password": "The name of a file in the product's key folder on production that holds the user's "
    "password; never the password itself.",
    "token": "The name of a file in the product's key folder on production that holds an API token or API "
    "key; never the token itself.",
    "through": "By which of its ways the device is driven: `ssh`, `rest` or `script`. Not needed for the "
    "usual one.",
    "image": "The storage image of a DS8000, as `lssi` shows it.",
    "serial": "The serial number of the array, or its storage device id: several may answer at one address.",
    "program": "The path of the command that drives the array.",
    "workspace": "The workspace of Power Virtual Server, by its CRN.",
    "iam": "Where tokens of IBM Cloud are given out (`iam.cloud.ibm.com` if not given).",
    "standby": "Another console, used when no address of this one can be reached.",
    "partition": "The clone's partition: id and name, its managed system, the console, and the profile "
    "it is started with (where the console knows profiles).",
    "disks": "What copies the system's disks to the clone's, in the words of the array's family; several "
    "where they lie on several storage systems. Copies behind `or` are generations: a run uses the one whose "
    "copy is the oldest.",
    "disks volume": "SVC: a snapshot of a volume group, put on the thin clones in another volume group.",
    "disks pairs": "DS8000: volumes of the source and their targets; a range stands for all of its volumes.",
    "disks storage": "PowerMax: a snapshot of a storage group, linked to the storage group of the clone.",
    "disks protection": "Pure FlashArray: a snapshot of a protection group, and the volume that each of its "
    "volumes is copied to.",
    "disks snapshot": "Hitachi VSP: a snapshot group, and the secondary volume of each primary one.",
    "disks volumes": "Power Virtual Server: the volumes of an instance, cloned under a name.",
    "disks named": "A copy that the site's own command knows by this name.",
    "volumes": "How the clone sees its volumes: `npiv` (if not given), or through the VIOS partitions named. "
    "A VIOS behind whose name stand `address`, `user` and `key` is asked by SSH, the others through the "
    "console.",
    "free": "What must remain free of the capacity of the targets' pool (1 to 90%) for a run to begin.",
    "network": "`isolated`: the profile has no VLAN of production but the link's, checked at every "
    "run. Otherwise `not isolated because` and the reason why that is safe.",
    "link": "The private network over which logs and media information come home: both addresses, the "
    "line, and its VLAN.",
    "previous": "What happens to the clone of the last run: ended in order within a limit (10m), then "
    "immediately if that is said; or immediately at once.",
    "every": "When the job scheduler starts the run: `day`, `weekday` or days, or the `first` to "
    "`fourth` or `last` one `of month`, and one or more times of the system's clock. May be given several "
    "times.",
    "on DATE": "A single date on which the run starts, and one or more times of the system's clock.",
    "except": "Dates on which no schedule of the environment starts it, up to 20.",
    "started": "There is no schedule entry: the run is started `by hand`, or by another scheduler, "
    "which calls FLSTRENV.",
    "require": "A further consistency group that must be idle or copied before the run touches anything.",
    "before": "Commands that run after the checks and before anything is changed; if one fails, the "
    "run is refused.",
    "around": "What is done to production just before the copy and undone right after the resume, in "
    "reverse order, in every outcome.",
    "after": "Commands that run after the flash, when everything around it is undone; if one fails, "
    "the run is failed, but the clone goes on.",
    "hold": "Holds a job, and releases just that job again.",
    "hold job queue": "Holds a job queue, and releases it again if this run held it.",
    "hold schedule": "Holds an entry of the native job scheduler, and releases it again if this run held it.",
    "end": "Ends a Domino server, a subsystem (each with a limit) or a TCP/IP server, and starts it again.",
    "vary": "Varies a device off, and on again.",
    "run": "Runs a CL command, and the one that undoes it. Each has the limit (5m if none is given).",
    "environment: run": "Runs a CL command on production on some occasions, with the facts of the run in "
    "environment variables (FLASHC_RUN, FLASHC_RESULT …). It decides nothing. Limit: 5m if none is given, "
    "at most 4h.",
    "defaults: run": "Runs a CL command on production on some occasions, with the facts of the run in "
    "environment variables (FLASHC_RUN, FLASHC_RESULT …). It decides nothing. Limit: 5m if none is given, "
    "at most 4h.",
    "before: run": "Runs a CL command on production. Limit: 5m if none is given, at most 4h.",
    "after flash: run": "Runs a CL command on production. Limit: 5m if none is given, at most 4h.",
    "afterwards: run": "Runs a CL command on production. Limit: 5m if none is given, at most 4h.",
    "on failure: run": "Runs a CL command on production. Limit: 5m if none is given, at most 4h.",
    "on clone user: run": "Runs a CL command on the clone, within its limit. An escape that `accept` "
    "does not name is a failure, and so is a message that `expect` names and that does not come.",
    "together: run": "Runs a CL command on the clone at the same time as the others of this block.",
    "quiesce": "How long production may take to reach the suspended state (1s to 10m), how often it is "
    "tried again, and what to do otherwise: `abort`, `continue partial`, or `flush only`.",
    "resume": "How long production may be held, 15s to 10m together with the quiesce; guard jobs enforce it.",
    "boot": "How long the clone may take to start (5m to 24h; 90m if not given).",
    "keep": "How long a copy is not given up; a run that would need its disks before is refused.",
    "keep runs": "How long history, journal and what the clones delivered are kept, from the end of a run "
    "on (1d to 3660d; 90d if not given).",
    "defaults: keep": "How long history, journal and what the clones delivered are kept, from the end of "
    "a run on (1d to 3660d; 90d if not given).",
    "on": "What the clone does: `none` (it is not started), `brms`, `save21` (the whole system) or "
    "`user` (commands of yours).",
    "on clone brms": "The save on the clone, with BRMS: control groups in sequence, or `together`.",
    "on clone user": "Commands of yours on the clone, in sequence or `together`; the first failure "
    "ends them.",
    "on clone save21": "A save of the whole system on the clone, as by option 21 of the menu SAVE.",
    "on clone none": "A safety snapshot: the clone is not started.",
    "on failure": "Commands that run at the end of a run that did not complete, after everything is undone.",
    "group": "The BRMS control group, the device that is made ready for it, and the longest time of "
    "the save; `restricted` for a save in restricted state, which is the last one and alone.",
    "set": "The one system value that may be changed on the clone before the save: QINACTITV to *NONE.",
    "incremental": "The next incremental save of BRMS counts from the flash, not from the clone's save. It "
    "needs the Advanced Feature of BRMS.",
    "together": "What runs at the same time; the next begins when all are done.",
    "save": "The device, its cartridges, and the longest time of the save.",
    "use": "A device that is made ready before the commands and given back after them.",
    "bring": "A stream file of the clone that is sent home after the last command.",
    "reconfigure": "What makes a clone that lives on another system, before users and network come up.",
    "reconfigure: system": "The name of the system that the clone becomes, at most eight characters.",
    "reconfigure: host": "Its host name and domain.",
    "reconfigure: address": "An IPv4 interface of it. May be given several times.",
    "reconfigure: hold": "What production's schedules and queues must not do on it: `hold schedules` "
    "holds those of the native job scheduler and of the Advanced Job Scheduler; further schedulers and "
    "job queues are named.",
    "route": "A route of it; `default` for the default route. May be given several times.",
    "startup": "The start-up program of its next IPL; QSYS/QSTRUP if not given.",
    "never": "A subsystem, Domino server or TCP/IP server that must never start on it.",
    "expires": "How long it may live: 1h to 366d. It is ended then.",
    "afterwards": "BRMS maintenance on production when all is home, with or without movement; or, with "
    "a block, commands that run at the end of a run that went well.",
    "leave": "The clone stays `running` after its work, is switched `off` (if not given), or is "
    "`handed over`: it lives on as another system.",
    "mail": "A mail at the start, after the flash, on failure, at the end.",
    "expect": "An assertion for the rehearsal: it fails where a night takes longer.",
}
"""Key: as in `flashc.syntax.words.EXAMPLES`."""


def page(block: str, words: Sequence[str]) -> str | None:
    """Markdown about the statement that begins with some words in a block (`file` at the top)."""
    text = lookup(PAGES, block, words)
    if text is None:
        return None
    shown = example(block, words)
    return f"{text}\n\n```flash\n{shown}\n```" if shown else text
