"""The words for what the parser expected: terminals said as an administrator says them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

# How each statement is written; shown as help when one is wrong or missing.  Key: its first words, as many
# as tell it apart, behind its block where the same words begin another statement elsewhere.
EXAMPLES: dict[str, str] = {
    "include": 'include "site.flash"',
    "defaults": "defaults { quiesce within 60s otherwise abort }",
    "system": "system SISTPROD { … }",
    "console": "console HMC1 is hmc { … }",
    "array": "array V7000 is svc { … }",
    "clone": "clone SISTPROD_24 of SISTPROD { … }",
    "environment": "environment DAILY on SISTPROD_24 { … }",
    "command": 'command APPQUIET from "appquiet.cmd"',
    "file: mail": 'mail server "10.1.0.25" from "flashc@sistprod.example.net"',
    "host": 'host "sistprod.example.net" user FLASHC',
    "identity": "identity serial 78ABC12 lpar 24",
    "library": "library BCKFLASHP",
    "release": "release 7.4",
    "language": "language spanish",
    "independent": "independent asp IASP1",
    "address": 'address "10.1.0.10" or "10.1.0.11"',
    "user": 'user "flashc"',
    "key": 'key "hmc1_ed25519"',
    "password": 'password file "array_password"',
    "token": 'token file "array_token"',
    "through": "through rest",
    "image": 'image "IBM.2107-75ABC12"',
    "serial": 'serial "000197900123"',
    "program": 'program "/usr/local/bin/sitecopy"',
    "workspace": 'workspace "crn:v1:bluemix:public:power-iaas:us-east:a/1:2::"',
    "iam": 'iam "iam.cloud.ibm.com"',
    "standby": "standby HMC2",
    "partition": 'partition 56 "SISTPROD_24" on "Server-9009-42A-SN78ABC12" through HMC1 profile "clone"',
    "disks": 'disks group "SISTPROD_24" on V7000',
    "disks volume": 'disks volume group "SISTPROD" onto "SISTPROD_24" on V7000',
    "disks pairs": 'disks pairs "1000-1003" to "1100-1103" and "1200" to "1300" on DS8K',
    "disks storage": 'disks storage group "SISTPROD" snapshot "FLASHC" linked to "SISTPROD_24" on PMAX',
    "disks protection": 'disks protection group "SISTPROD" pairs "SISTPROD-D1" to "CLONE-D1" on PURE',
    "disks snapshot": 'disks snapshot group "SISTPROD_24" pairs "1024" to "2048" on VSP',
    "disks volumes": 'disks volumes of "SISTPROD" as "SISTPROD24" on PVS',
    "disks named": 'disks named "SISTPROD_24" on SITECOPY',
    "volumes": 'volumes vios "VIOS1" and "VIOS2"',
    "free": "free capacity 15%",
    "network": "network isolated",
    "link": 'link source "192.168.99.15" clone "192.168.99.16" line ETHCLONE vlan 99',
    "previous": "previous ended within 10m then immediately",
    "every": "every mon tue wed at 20:35 and 22:00",
    "every first": "every first sun of month at 6:00",
    "every second": "every second sun of month at 6:00",
    "every third": "every third sun of month at 6:00",
    "every fourth": "every fourth sun of month at 6:00",
    "every last": "every last day of month at 22:00",
    "on": "on clone brms { group SAV21 library TAPMLB01 restricted within 8h }",
    "on DATE": "on 2026-12-31 at 18:00",
    "on clone user": 'on clone user { run "CALL APPLIB/MASK" within 2h }',
    "on clone save21": 'on clone save21 { save to library TAPMLB01 volumes "FUL001" within 12h }',
    "on clone none": "on clone none",
    "on failure": 'on failure { run "CALL APPLIB/ALARM" within 1m }',
    "except": "except on 2026-12-25 and 2027-01-01",
    "started": "started by hand",
    "started by scheduler": 'started by scheduler "IWS"',
    "require": 'require group "SISTPROD_1" on V7000 idle_or_copied',
    "before": 'before { run "CALL APPLIB/CHECK" within 5m }',
    "around": "around flash { hold job QUSRSSH/CPY }",
    "after": 'after flash { run "CALL APPLIB/OPEN" within 5m }',
    "hold": "hold job QUSRSSH/CPY",
    "hold job queue": "hold job queue QGPL/QBATCH",
    "hold schedule": "hold schedule entry INVOICES",
    "end": "end domino DOMINO02 within 5m",
    "end subsystem": "end subsystem APPLIB/APPSBS within 5m",
    "end tcp": "end tcp server *FTP",
    "vary": "vary off device OPT01",
    "run": 'run "CALL APPLIB/QUIET" undo "CALL APPLIB/UNQUIET" within 2m',
    "environment: run": 'run "CALL OPSLIB/TELL" on failure, end within 2m',
    "defaults: run": 'run "CALL OPSLIB/TELL" on failure, end within 2m',
    "before: run": 'run "CALL APPLIB/CHECK" within 5m',
    "after flash: run": 'run "CALL APPLIB/OPEN" within 5m',
    "afterwards: run": 'run "CALL APPLIB/REPORT" within 5m',
    "on failure: run": 'run "CALL APPLIB/ALARM" within 1m',
    "on clone user: run": 'run "CALL APPLIB/MASK" within 2h accept CPF3777',
    "together: run": 'run "CALL APPLIB/LOAD" within 2h accept CPF3777',
    "quiesce": "quiesce within 60s otherwise abort",
    "resume": "resume within 30s",
    "boot": "boot within 90m",
    "keep": "keep snapshot 12h",
    "keep runs": "keep runs 90d",
    "defaults: keep": "keep runs 90d",
    "group": "group SAV21 library TAPMLB01 restricted within 8h",
    "together: group": "group DAILY library TAPMLB01 within 8h",
    "set": "set QINACTITV *NONE",
    "incremental": "incremental from flash",
    "save": 'save to library TAPMLB01 volumes "FUL001" and "FUL002" within 12h',
    "use": "use library TAPMLB01 category TESTSAVE",
    "bring": 'bring "/extract/customers.csv"',
    "on clone brms: together": "together { group A drive TAP01 within 8h  group B drive TAP02 within 8h }",
    "on clone user: together": 'together { run "CALL A/B" within 2h  run "CALL A/C" within 2h }',
    "reconfigure": "reconfigure { system name SISTTEST }",
    "reconfigure: system": "system name SISTTEST",
    "reconfigure: host": 'host "sisttest" domain "example.net"',
    "reconfigure: address": 'address "10.2.0.5" mask "255.255.255.0" line ETHTEST',
    "reconfigure: hold": "hold schedules",
    "reconfigure: hold job": "hold job queue QGPL/QBATCH",
    "reconfigure: hold scheduler": 'hold scheduler "ROBOT" by "RBT/HOLD" proven by "CALL RBT/ISHELD"',
    "route": 'route "10.3.0.0" mask "255.255.0.0" via "10.2.0.1"',
    "route default": 'route default via "10.2.0.1"',
    "startup": "startup program TESTLIB/TESTUP",
    "never": "never start subsystem MIMIX/MIMIXSBS",
    "never start domino": "never start domino DOMINO01",
    "never start tcp": "never start tcp server *SMTP",
    "expires": "expires after 6d",
    "afterwards": "afterwards maintenance brms without movement",
    "afterwards {": 'afterwards { run "CALL APPLIB/REPORT" within 5m }',
    "leave": "leave clone running",
    "leave clone handed": "leave clone handed over",
    "mail": 'mail "ops@example.net" on start, flash, failure, end',
    "expect": "expect suspended under 5s",
}

_OF_CL = {
    "jobq": "queue",
    "jobscde": "entry",
    "sbs": "subsystem",
    "sbsd": "subsystem",
    "tcpsvr": "server",
    "domsvr": "domino",
    "dev": "device",
}
"""What CL calls what statements hold or end."""

BLOCKS: dict[str, str] = {
    "system_statement": "system",
    "console_statement": "console",
    "access_statement": "array",
    "clone_statement": "clone",
    "environment_statement": "environment",
    "defaults_statement": "defaults",
    "around_statement": "around flash",
    "brms_statement": "on clone brms",
    "save21_statement": "on clone save21",
    "user_statement": "on clone user",
    "reconfigure_statement": "reconfigure",
}
"""What the block is called whose statements a rule of the grammar names."""

_VALUES: dict[str, str] = {
    "NAME": "a name in capitals such as SISTPROD",
    "WORD": "a family such as hmc or svc",
    "SPECIAL": "a value such as *NONE",
    "LIMIT": "a time limit with its unit such as 60s, 5m or 8h",
    "TIME": "a time such as 20:35",
    "DATE": "a date such as 2026-12-31",
    "PERCENT": "a share such as 15%",
    "VERSION": "a release such as 7.4",
    "INT": "a number",
    "CODE": "a serial number such as 78ABC12",
    "STRING": "a text in quotes",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "COMMA": "`,`",
    "SLASH": "`/`",
    "$END": "the end of the file",
}

# The same value means something else behind each keyword, and behind the same one in some statements.
_AFTER: dict[tuple[str, ...], str] = {
    ("SYSTEM", "SYSTEM", "NAME"): "the name of a system such as SISTPROD",
    ("CONSOLE", "CONSOLE", "NAME"): "the name of a console such as HMC1",
    ("ARRAY", "ARRAY", "NAME"): "the name of an array such as V7000",
    ("CLONE", "CLONE", "NAME"): "the name of a clone such as SISTPROD_24",
    ("ENVIRONMENT", "ENVIRONMENT", "NAME"): "the name of an environment such as DAILY",
    ("COMMAND", "COMMAND", "NAME"): "the name of a command such as APPQUIET",
    ("ENVIRONMENT", "ON", "NAME"): "the name of a clone such as SISTPROD_24",
    ("CLONE", "OF", "NAME"): "the name of a system such as SISTPROD",
    ("DISKS", "GROUP", "STRING"): 'the name of a group in quotes such as "SISTPROD_24"',
    ("DISKS", "SNAPSHOT", "STRING"): 'the name of a snapshot in quotes such as "FLASHC"',
    ("DISKS", "TO", "STRING"): 'a target in quotes such as "1100-1103"',
    ("DISKS", "AND", "STRING"): 'volumes in quotes such as "1200-1203"',
    ("DISKS", "ON", "NAME"): "the name of an array such as V7000",
    ("REQUIRE", "ON", "NAME"): "the name of an array such as V7000",
    ("PARTITION", "THROUGH", "NAME"): "the name of a console such as HMC1",
    ("PARTITION", "INT", "STRING"): 'the name of the partition in quotes such as "SISTPROD_24"',
    ("PARTITION", "ON", "STRING"): 'a managed system in quotes such as "Server-9009-42A-SN78ABC12"',
    ("DISKS", "OR", "STRING"): 'the name of the next generation in quotes such as "SISTPROD_25"',
    ("VOLUMES", "USER", "STRING"): 'a user of the VIOS in quotes such as "padmin"',
    ("VOLUMES", "KEY", "STRING"): 'the name of a key file in quotes such as "vios1_ed25519"',
    ("VOLUMES", "AND", "STRING"): 'the name of a VIOS partition in quotes such as "VIOS2"',
    ("HOST", "HOST", "STRING"): 'a host name in quotes such as "sistprod.example.net"',
    ("REQUIRE", "NAME", "WORD"): "a state: idle_or_copied",
    ("CONSOLE", "IS", "WORD"): "a family such as hmc",
    ("ARRAY", "IS", "WORD"): "a family such as svc",
    ("COMMAND", "FROM", "STRING"): 'the name of a file in quotes such as "appquiet.cmd"',
    ("MAIL", "FROM", "STRING"): 'a mail address in quotes such as "flashc@example.net"',
    ("RUN", "COMMA", "NAME"): "the id of a message such as CPF3777",
    ("AND", "STRING"): 'volumes in quotes such as "FUL002"',
    ("ADDRESS", "STRING"): 'an address in quotes such as "10.1.0.10"',
    ("OR", "STRING"): 'an address in quotes such as "10.1.0.11"',
    ("SERVER", "STRING"): 'an address in quotes such as "10.1.0.25"',
    ("SOURCE", "STRING"): 'an IPv4 address in quotes such as "192.168.99.15"',
    ("CLONE", "STRING"): 'an IPv4 address in quotes such as "192.168.99.16"',
    ("MAIL", "STRING"): 'a mail address in quotes such as "ops@example.net"',
    ("USER", "STRING"): 'a user name in quotes such as "flashc"',
    ("USER", "NAME"): "a user profile in capitals such as FLASHC",
    ("KEY", "STRING"): 'the name of a key file in quotes such as "hmc1_ed25519"',
    ("GROUP", "STRING"): 'the name of a consistency group in quotes such as "SISTPROD_24"',
    ("GROUP", "NAME"): "a BRMS control group such as SAV21",
    ("PROFILE", "STRING"): 'the name of a profile in quotes such as "clone"',
    ("BECAUSE", "STRING"): "the reason in quotes",
    ("RUN", "STRING"): 'a CL command in quotes such as "CALL APPLIB/QUIET"',
    ("UNDO", "STRING"): 'the CL command that undoes it, in quotes, such as "CALL APPLIB/UNQUIET"',
    ("PARTITION", "INT"): "a partition id such as 56",
    ("LPAR", "INT"): "a partition id such as 24",
    ("VLAN", "INT"): "a VLAN id such as 99",
    ("RETRIES", "INT"): "a number of retries such as 2",
    ("SERIAL", "NAME"): "a serial number such as 78ABC12",
    ("SERIAL", "INT"): "a serial number such as 78ABC12",
    ("INCLUDE", "STRING"): 'the name of a file in quotes such as "site.flash"',
    ("BRING", "STRING"): 'a path in quotes such as "/extract/customers.csv"',
    ("VOLUMES", "STRING"): 'volumes in quotes such as "FUL001"',
    ("VIOS", "STRING"): 'the name of a VIOS partition in quotes such as "VIOS1"',
    ("SUBSYSTEM", "NAME"): "a subsystem as LIBRARY/NAME such as QSYS/QBATCH",
    ("QUEUE", "NAME"): "a job queue as LIBRARY/NAME such as QGPL/QBATCH",
    ("ENTRY", "NAME"): "a schedule entry such as INVOICES",
    ("DEVICE", "NAME"): "a device such as OPT01",
    ("DRIVE", "NAME"): "a tape drive such as TAP01",
    ("SERVER", "SPECIAL"): "a TCP/IP server such as *FTP",
    ("TAPE", "NAME"): "a virtual tape device such as TAPVRT01",
    ("OPTICAL", "NAME"): "a virtual optical device such as OPTVRT01",
    ("CATEGORY", "NAME"): "a cartridge category such as TESTSAVE",
    ("CATALOG", "NAME"): "an image catalog such as FULCAT",
    ("STANDBY", "NAME"): "the name of another console such as HMC2",
    ("PROGRAM", "NAME"): "a program as LIBRARY/NAME such as TESTLIB/TESTUP",
    ("ASP", "NAME"): "an independent ASP such as IASP1",
    ("__ANON_0", "NAME"): "a system name of at most eight characters such as SISTTEST",
    ("FILE", "STRING"): 'the name of a file of the key folder in quotes such as "array_password"',
    ("ONTO", "STRING"): 'the name of a volume group in quotes such as "SISTPROD_24"',
    ("PAIRS", "STRING"): 'volumes in quotes such as "1000-1003"',
    ("NAMED", "STRING"): 'the name of a copy in quotes such as "SISTPROD_24"',
    ("OF", "STRING"): 'the name of an instance in quotes such as "SISTPROD"',
    ("AS", "STRING"): 'what the volumes are called, in quotes, such as "SISTPROD24"',
    ("IMAGE", "STRING"): 'a storage image in quotes such as "IBM.2107-75ABC12"',
    ("SERIAL", "STRING"): 'a serial number in quotes such as "000197900123"',
    ("PROGRAM", "STRING"): 'a path in quotes such as "/usr/local/bin/sitecopy"',
    ("WORKSPACE", "STRING"): "the CRN of a workspace in quotes",
    ("IAM", "STRING"): 'a host name in quotes such as "iam.cloud.ibm.com"',
    ("DOMAIN", "STRING"): 'a domain in quotes such as "example.net"',
    ("MASK", "STRING"): 'a subnet mask in quotes such as "255.255.255.0"',
    ("VIA", "STRING"): 'the address of the next hop in quotes such as "10.2.0.1"',
    ("ROUTE", "STRING"): 'a destination in quotes such as "10.3.0.0"',
    ("SCHEDULER", "STRING"): 'the name of a scheduler in quotes such as "IWS"',
    ("BY", "STRING"): 'a CL command in quotes such as "CALL RBTLIB/ISHELD"',
    ("ACCEPT", "NAME"): "the id of a message such as CPF3777",
    ("EXPECT", "NAME"): "the id of a message such as CPC3701",
    ("LINE", "NAME"): "a line description such as ETHCLONE",
    ("JOB", "NAME"): "a job as USER/JOB such as QUSRSSH/CPY",
    ("DOMINO", "NAME"): "a Domino server such as DOMINO02",
    ("SET", "NAME"): "a system value such as QINACTITV",
}

_ORDER = ("NAME", "CODE", "INT", "STRING", "LIMIT", "TIME", "DATE", "PERCENT", "VERSION", "SPECIAL", "WORD")


def expected(
    terminals: set[str], keywords: dict[str, str], first: str = "", previous: str = "", more: str = ""
) -> str:
    """What could have stood there, in words: values first, then keywords, then punctuation, then `more`.

    `first` and `previous` are the terminals of the statement's first word and of the word before.
    """
    words: list[str] = []
    for terminal in _ORDER:
        if terminal in terminals:
            common = _AFTER.get((previous, terminal), _VALUES[terminal])
            words.append(_AFTER.get((first, previous, terminal), common))
    words += sorted(f"`{keywords[t]}`" for t in terminals if t in keywords and t not in _VALUES)
    for terminal in ("LBRACE", "RBRACE", "COMMA", "SLASH", "$END"):
        if terminal in terminals:
            words.append(_VALUES[terminal])
    unique = list(dict.fromkeys([*words, more] if more and words else words))
    if len(unique) < 2:
        return "".join(unique)
    return ", ".join(unique[:-1]) + " or " + unique[-1]


def shown(text: str, most: int = 40) -> str:
    """A piece of the source as it may stand in a message: short, one line, no control characters."""
    safe = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:most])
    return safe + "…" if len(text) > most else safe


def block_name(head: Sequence[str]) -> str:
    """What a block is called by the words before its `{`: `system`, `on clone brms`; `file` without any."""
    own = list(takewhile(str.islower, head))
    return " ".join(own) or "file"


def lookup(table: dict[str, str], block: str, words: Sequence[str]) -> str | None:
    """The entry of the statement that begins with some words in a block (`file` at the top).

    The most words that are known count, and the block's own entry before that of every block.
    """
    kinds = ["DATE" if word[:1].isdigit() else word for word in words[:3]]
    for count in range(len(kinds), 0, -1):
        first = " ".join(kinds[:count])
        found = table.get(f"{block}: {first}") or table.get(first)
        if found:
            return found
    return None


def example(block: str, words: Sequence[str]) -> str | None:
    """How the statement that begins with some words is written in a block."""
    return lookup(EXAMPLES, block, words)


def example_with(block: str, word: str, starters: Sequence[str]) -> str | None:
    """The only statement of a block that holds a word of the language; `starters` begin its statements."""
    if not word.islower():
        return None
    texts = {example(block, [starter]) or "" for starter in starters}
    found = [text for text in texts if word in text.split()[1:]]
    return found[0] if len(found) == 1 else None


def example_going_on(block: str, begin: Sequence[str], word: str) -> str | None:
    """The only statement of a block that begins with some words and has another one behind them.

    The word may be one of CL: `hold jobq` is meant as `hold job queue`.
    """
    wanted = _OF_CL.get(word, word)
    found = {
        text
        for key, text in EXAMPLES.items()
        if key.rpartition(": ")[0] in ("", block)
        and text.split()[: len(begin)] == list(begin)
        and wanted in text.split()[len(begin) :]
    }
    return found.pop() if len(found) == 1 else None


def nearest(word: str, choices: list[str], cutoff: float = 0.6) -> str | None:
    """The choice that is most like the word, if one is near enough to be meant."""
    if len(word) > 60 or not choices:
        return None
    import difflib  # only when something is wrong

    found = difflib.get_close_matches(word, choices, n=1, cutoff=cutoff)
    if found:
        return found[0]
    folded = {c.casefold(): c for c in reversed(choices)}
    found = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=cutoff)
    if found:
        return folded[found[0]]
    # A short form of the language written in full: `saturday` for `sat`.
    return next((c for c in choices if len(c) == 3 and word.casefold().startswith(c)), None)
