"""Exit statuses of the sidecar, and the one exception that carries one.

The CL driver decides on these numbers only; texts are for people.  They lie in 20..59, which is free of
the numbers that a shell or qsh uses for itself (docs/platform-facts.md#qsh-exit-status).
"""

from __future__ import annotations

OK = 0
REFUSED = 20  # the state met is unsafe for the act, or belongs to somebody else's work
NOTFOUND = 21  # managed system, partition, profile, group, volume: no such thing
MISMATCH = 22  # it exists but is not what the spec says: id and name, members, hosts
UNREACHABLE = 23  # no connection: nothing was sent
AUTH = 24  # the log-in was refused
HOSTKEY = 25  # the host key is not pinned, or is another one than the pinned
TIMEOUT = 26  # no answer within the limit: the result is unknown
SYSTEM = 27  # the system answered with an error, or with something that cannot be read
CONFIG = 28  # arguments or conf/sidecar.json are wrong, or something is missing on this partition
KEY = 29  # a key file is missing, not a key, or readable by others
PENDING = 30  # still in progress: ask again
NOTYET = 31  # the delivery is not complete yet
BADDELIVERY = 32  # the delivery does not match its manifest, or breaks a limit
FOREIGN = 33  # a copy or a state that is not this run's
SPACE = 34  # not enough free capacity
UNKNOWN = 35  # the connection was lost behind the request, or no record could be left: the result is unknown
YOUNG = 36  # the oldest generation is younger than the limit for giving it up
INTERNAL = 50  # a fault of the sidecar itself

NAMES = {
    OK: "OK",
    REFUSED: "REFUSED",
    NOTFOUND: "NOTFOUND",
    MISMATCH: "MISMATCH",
    UNREACHABLE: "UNREACHABLE"[:10],
    AUTH: "AUTH",
    HOSTKEY: "HOSTKEY",
    TIMEOUT: "TIMEOUT",
    SYSTEM: "SYSTEM",
    CONFIG: "CONFIG",
    KEY: "KEY",
    PENDING: "PENDING",
    NOTYET: "NOTYET",
    BADDELIVERY: "BADDELIVERY"[:10],
    FOREIGN: "FOREIGN",
    SPACE: "SPACE",
    UNKNOWN: "UNKNOWN",
    YOUNG: "YOUNG",
    INTERNAL: "INTERNAL",
}


class SidecarError(Exception):
    """Something went wrong: an exit status, the sentence for the journal, and what is known of the state.

    `text` says what happened, to what, and what to do.  `word` is the result record's word; without one
    it is the name of the status.
    """

    def __init__(self, status: int, text: str, word: str = "", refcode: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.word = word or NAMES.get(status, "INTERNAL")
        self.refcode = refcode
