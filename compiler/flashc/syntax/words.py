"""The words for what the parser expected: terminals said as an administrator says them."""

from __future__ import annotations

# How each statement is written; shown as help when one is wrong or missing.  Key: its first word, or
# block and first word where a word begins different statements in different blocks.
EXAMPLES: dict[str, str] = {
    "include": 'include "site.flash"',
    "defaults": "defaults { quiesce within 60s otherwise abort }",
    "system": "system SISTPROD { … }",
    "console": "console HMC1 is hmc { … }",
    "array": "array V7000 is svc { … }",
    "clone": "clone SISTPROD_24 of SISTPROD { … }",
    "environment": "environment DAILY on SISTPROD_24 { … }",
    "command": 'command APPQUIET from "appquiet.cmd"',
    "file mail": 'mail server "10.1.0.25" from "flashc@sistprod.example.net"',
    "host": 'host "sistprod.example.net" user FLASHC',
    "identity": "identity serial 78ABC12 lpar 24",
    "library": "library BCKFLASHP",
    "release": "release 7.4",
    "language": "language spanish",
    "independent": "independent asp IASP1",
    "address": 'address "10.1.0.10" or "10.1.0.11"',
    "user": 'user "flashc"',
    "key": 'key "hmc1_ed25519"',
    "standby": "standby HMC2",
    "partition": 'partition 56 "SISTPROD_24" on "Server-9009-42A-SN78ABC12" through HMC1 profile "clone"',
    "disks": 'disks group "SISTPROD_24" on V7000',
    "volumes": 'volumes vios "VIOS1" and "VIOS2"',
    "free": "free capacity 15%",
    "network": "network isolated",
    "link": 'link source "192.168.99.15" clone "192.168.99.16" line ETHCLONE vlan 99',
    "previous": "previous ended within 10m then immediately",
    "every": "every mon tue wed at 20:35 and 22:00",
    "environment on": "on clone brms { group SAV21 library TAPMLB01 restricted within 8h }",
    "except": "except on 2026-12-25 and 2027-01-01",
    "started": "started by hand",
    "require": 'require group "SISTPROD_1" on V7000 idle_or_copied',
    "around": "around flash { … }",
    "hold": "hold job QUSRSSH/CPY",
    "end": "end domino DOMINO02 within 5m",
    "vary": "vary off device OPT01",
    "before": 'before { run "CALL APPLIB/CHECK" within 5m }',
    "after": 'after flash { run "CALL APPLIB/OPEN" within 5m }',
    "before run": 'run "CALL APPLIB/CHECK" within 5m',
    "after run": 'run "CALL APPLIB/OPEN" within 5m',
    "afterwards run": 'run "CALL APPLIB/REPORT" within 5m',
    "on run": 'run "CALL APPLIB/ALARM" within 5m',
    "keep": "keep snapshot 12h",
    "save": 'save to library TAPMLB01 volumes "FUL001" and "FUL002" within 12h',
    "use": "use library TAPMLB01 category TESTSAVE",
    "together": "together { … }",
    "bring": 'bring "/extract/customers.csv"',
    "accept": "accept CPF3777",
    "reconfigure": "reconfigure { system name SISTTEST … }",
    "reconfigure system": "system name SISTTEST",
    "reconfigure host": 'host "sisttest" domain "example.net"',
    "reconfigure address": 'address "10.2.0.5" mask "255.255.255.0" line ETHTEST',
    "route": 'route default via "10.2.0.1"',
    "startup": "startup program TESTLIB/TESTUP",
    "reconfigure hold": "hold schedules",
    "never": "never start subsystem MIMIX/MIMIXSBS",
    "expires": "expires after 6d",
    "expect": "expect suspended under 5s",
    "run": 'run "CALL APPLIB/QUIET" undo "CALL APPLIB/UNQUIET" within 2m',
    "quiesce": "quiesce within 60s otherwise abort",
    "resume": "resume within 30s",
    "boot": "boot within 90m",
    "on": "on clone brms { group SAV21 library TAPMLB01 restricted within 8h }",
    "group": "group SAV21 library TAPMLB01 restricted within 8h",
    "set": "set QINACTITV *NONE",
    "afterwards": "afterwards maintenance brms without movement",
    "leave": "leave clone running",
    "mail": 'mail "ops@example.net" on start, flash, failure, end',
}

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

# The same value means something else behind each keyword.
_AFTER: dict[tuple[str, str], str] = {
    ("HOST", "STRING"): 'an address in quotes such as "sistprod.example.net"',
    ("ADDRESS", "STRING"): 'an address in quotes such as "10.1.0.10"',
    ("OR", "STRING"): 'an address in quotes such as "10.1.0.11"',
    ("SERVER", "STRING"): 'an address in quotes such as "10.1.0.25"',
    ("SOURCE", "STRING"): 'an IPv4 address in quotes such as "192.168.99.15"',
    ("CLONE", "STRING"): 'an IPv4 address in quotes such as "192.168.99.16"',
    ("MAIL", "STRING"): 'a mail address in quotes such as "ops@example.net"',
    ("FROM", "STRING"): "a mail address or file name in quotes",
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
    ("CATALOG", "NAME"): "an image catalog such as FULCAT",
    ("ACCEPT", "NAME"): "the id of a message such as CPF3777",
    ("EXPECT", "NAME"): "the id of a message such as CPC3701",
    ("LINE", "NAME"): "a line description such as ETHCLONE",
    ("JOB", "NAME"): "a job as USER/JOB such as QUSRSSH/CPY",
    ("DOMINO", "NAME"): "a Domino server such as DOMINO02",
    ("SET", "NAME"): "a system value such as QINACTITV",
}

_ORDER = ("NAME", "CODE", "INT", "STRING", "LIMIT", "TIME", "DATE", "PERCENT", "VERSION", "SPECIAL", "WORD")


def expected(terminals: set[str], keywords: dict[str, str], previous: str) -> str:
    """What could have stood there, in words: values first, then keywords, then punctuation."""
    words: list[str] = []
    for terminal in _ORDER:
        if terminal in terminals:
            words.append(_AFTER.get((previous, terminal), _VALUES[terminal]))
    words += sorted(f"`{keywords[t]}`" for t in terminals if t in keywords and t not in _VALUES)
    for terminal in ("LBRACE", "RBRACE", "COMMA", "SLASH", "$END"):
        if terminal in terminals:
            words.append(_VALUES[terminal])
    unique = list(dict.fromkeys(words))
    if len(unique) < 2:
        return "".join(unique)
    return ", ".join(unique[:-1]) + " or " + unique[-1]


def shown(text: str) -> str:
    """A piece of the source as it may stand in a message: short, one line, no control characters."""
    safe = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:40])
    return safe + "…" if len(text) > 40 else safe


def example(block: str, first: str) -> str | None:
    """How the statement that begins with the word `first` is written in the block (`file` at the top)."""
    return EXAMPLES.get(f"{block} {first}") or EXAMPLES.get(first)


def nearest(word: str, choices: list[str]) -> str | None:
    """The choice that is most like the word, if one is near enough to be meant."""
    if len(word) > 60 or not choices:
        return None
    import difflib  # only when something is wrong

    found = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if found:
        return found[0]
    folded = {c.casefold(): c for c in reversed(choices)}
    found = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    if found:
        return folded[found[0]]
    # A short form of the language written in full: `saturday` for `sat`.
    return next((c for c in choices if len(c) == 3 and word.casefold().startswith(c)), None)
