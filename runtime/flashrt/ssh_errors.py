"""What may go wrong on an SSH connection, in the same words whichever client is used."""

from __future__ import annotations

import re

from flashrt.edges import OUTPUT_LIMIT, Credentials, Endpoint, Reply
from flashrt.status import AUTH, SYSTEM, TIMEOUT, UNKNOWN, SidecarError

READ_FIRST = "Whether it was done is unknown: read the state before anything is repeated."


def auth_refused(endpoint: Endpoint, credentials: Credentials) -> SidecarError:
    """The log-in was refused."""
    return SidecarError(
        AUTH,
        f"{endpoint} refused user {credentials.user} with key {credentials.key_file}. Authorise the key "
        "there (flashc trust prints the command); do not repeat before, accounts get locked.",
    )


PASSWORD_ENDED = re.compile(
    "password change required but no tty|your password has expired|required to change your password|3004-610",
    re.IGNORECASE,
)
"""What a server says to a command of a user who has to change the password first, whose key it has let in."""


def password_ended(name: str, user: str, reply: Reply) -> SidecarError | None:
    """The refusal of a command for that (docs/platform-facts.md#ended-passwords); None for others."""
    if reply.status == 0 or not PASSWORD_ENDED.search(f"{reply.err} {reply.out}"[:2000]):
        return None
    return SidecarError(
        AUTH,
        f"{name} let {user}'s key in, but runs nothing: the password of {user} there has ended. Let an "
        "administrator give it a new one that does not end.",
    )


def no_answer(endpoint: Endpoint, command: str) -> SidecarError:
    """The limit passed after the command was sent."""
    return SidecarError(TIMEOUT, f"{endpoint} did not answer '{command[:60]}' within the limit. {READ_FIRST}")


def too_late(name: object) -> SidecarError:
    """The time for all that a call looks at has passed before this was asked."""
    return SidecarError(
        TIMEOUT, f"What was looked at before took all of the time: {name} was not asked any more."
    )


def lost(endpoint: Endpoint, command: str) -> SidecarError:
    """The connection ended after the command was sent and before its exit status came."""
    return SidecarError(
        UNKNOWN, f"The connection to {endpoint} was lost after '{command[:60]}' was sent. {READ_FIRST}"
    )


def too_much(endpoint: Endpoint) -> SidecarError:
    """The answer broke the size limit."""
    return SidecarError(
        SYSTEM, f"{endpoint} answered more than {OUTPUT_LIMIT // 1024 // 1024} MB. Check that system."
    )
