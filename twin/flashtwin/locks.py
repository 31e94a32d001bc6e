"""Object locks (ALCOBJ): who holds what; they end with their job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from flashtwin.scheduler import Signal

if TYPE_CHECKING:
    from flashtwin.job import Job

Key: TypeAlias = "tuple[str, str, str]"

# Which lock states of other jobs a state can be had beside (docs/platform-facts.md#locks).
_BESIDE: dict[str, frozenset[str]] = {
    "*SHRRD": frozenset({"*SHRRD", "*SHRNUP", "*SHRUPD", "*EXCLRD"}),
    "*SHRNUP": frozenset({"*SHRRD", "*SHRNUP"}),
    "*SHRUPD": frozenset({"*SHRRD", "*SHRUPD"}),
    "*EXCLRD": frozenset({"*SHRRD"}),
    "*EXCL": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Lock:
    """One lock: object (library, name, type), state, the job that holds it."""

    key: Key
    state: str
    job: Job


class Locks:
    """All object locks of a system."""

    def __init__(self) -> None:
        self.held: list[Lock] = []
        self.released = Signal("lock released")

    def free_for(self, job: Job, key: Key, state: str) -> bool:
        """Whether the job could have the lock now."""
        beside = _BESIDE[state]
        return all(lock.job is job or lock.key != key or lock.state in beside for lock in self.held)

    def take(self, job: Job, key: Key, state: str) -> None:
        """Take the lock; the caller has seen that it is free."""
        self.held.append(Lock(key, state, job))

    def give_back(self, job: Job, key: Key, state: str) -> bool:
        """Release one lock; False when the job does not hold it."""
        for place in range(len(self.held) - 1, -1, -1):
            lock = self.held[place]
            if lock.job is job and lock.key == key and lock.state == state:
                del self.held[place]
                self.released.fire()
                return True
        return False

    def end_of(self, job: Job) -> None:
        """The job has ended: its locks are free."""
        kept = [lock for lock in self.held if lock.job is not job]
        if len(kept) != len(self.held):
            self.held = kept
            self.released.fire()

    def gone(self, key: Key) -> None:
        """The object was deleted: nobody holds a lock on another that gets its name."""
        self.held = [lock for lock in self.held if lock.key != key]

    def holders(self, key: Key) -> list[Lock]:
        """Who holds locks on an object."""
        return [lock for lock in self.held if lock.key == key]
