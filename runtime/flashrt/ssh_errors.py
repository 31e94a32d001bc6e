"""What may go wrong on an SSH connection, in the same words whichever client is used."""

from __future__ import annotations

from flashrt.edges import OUTPUT_LIMIT, Credentials, Endpoint
from flashrt.status import AUTH, SYSTEM, TIMEOUT, UNKNOWN, SidecarError

READ_FIRST = "Whether it was done is unknown: read the state before anything is repeated."


def auth_refused(endpoint: Endpoint, credentials: Credentials) -> SidecarError:
    """The log-in was refused."""
    return SidecarError(
        AUTH,
        f"{endpoint} refused user {credentials.user} with key {credentials.key_file}. Authorise the key "
        "there (flashc trust prints the command); do not repeat before, accounts get locked.",
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
