"""The job scheduler of a running system: entries of the image become timers.

Dates and recovery actions: docs/platform-facts.md#job-scheduler.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flashtwin.errors import Escape
from flashtwin.image import ScheduleEntry
from flashtwin.objects import JobDescription
from flashtwin.scheduler import Timer

if TYPE_CHECKING:
    from flashtwin.os400 import OperatingSystem

SEARCH_DAYS = 400
"""How far ahead the next date is looked for: an entry by month can have many of its dates left out."""

DAYS = ("*MON", "*TUE", "*WED", "*THU", "*FRI", "*SAT", "*SUN")


def next_run(entry: ScheduleEntry, after: datetime) -> datetime | None:
    """The next local time at which the entry is due, strictly after `after`; None when never again."""
    hour, minute, second = int(entry.time[0:2]), int(entry.time[2:4]), int(entry.time[4:6])
    due = after.replace(hour=hour, minute=minute, second=second, microsecond=0)
    if entry.frequency == "*ONCE" and entry.date != "*NONE":
        day = datetime.strptime(entry.date, "%Y%m%d")
        due = due.replace(year=day.year, month=day.month, day=day.day)
        return due if due > after else None
    for _ in range(SEARCH_DAYS):
        if due > after and _is_on(entry, due) and due.strftime("%Y%m%d") not in entry.omit:
            return due
        due += timedelta(days=1)
    return None


def _is_on(entry: ScheduleEntry, day: datetime) -> bool:
    """Whether a repeating entry is for this day."""
    tomorrow = day + timedelta(days=1)
    if entry.date == "*MONTHSTR":
        return day.day == 1
    if entry.date == "*MONTHEND":
        return tomorrow.month != day.month
    if entry.date != "*NONE":  # monthly, on the day of the month of this date
        return day.day == int(entry.date[6:8])
    days = DAYS if "*ALL" in entry.days else entry.days
    if DAYS[day.weekday()] not in days:
        return False
    if entry.frequency != "*MONTHLY":
        return True
    last = (day + timedelta(days=7)).month != day.month
    return str((day.day + 6) // 7) in entry.relative or ("*LAST" in entry.relative and last)


class JobSchedule:
    """Submits the jobs of the schedule entries when they are due."""

    def __init__(self, system: OperatingSystem) -> None:
        self._os = system
        self._timers: dict[int, Timer] = {}
        self._missed: list[ScheduleEntry] = []

    def start(self, *, after_ipl: bool) -> None:
        """Begin with the entries of the image; after an IPL those that came due meanwhile are recovered."""
        now = self._os.clock()
        for entry in self._os.image.schedule:
            if after_ipl and entry.next_run is not None and entry.next_run <= now:
                self._missed.append(entry)
            self.plan(entry)
        if after_ipl:
            # The entries are recovered when the system can run jobs: at the end of the IPL.
            scheduler = self._os.world.scheduler
            self._timers[0] = scheduler.at(scheduler.now, self.catch_up)

    def stop(self) -> None:
        """The system is gone."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def plan(self, entry: ScheduleEntry) -> None:
        """Set the timer of an entry for its next date."""
        self.forget(entry)
        due = next_run(entry, self._os.local())
        entry.next_run = due.timestamp() if due is not None else None
        if entry.next_run is not None:
            world_time = entry.next_run - self._os.partition.clock_offset
            self._timers[entry.number] = self._os.world.scheduler.at(world_time, lambda: self._due(entry))

    def clock_changed(self) -> None:
        """All entries are due by the new clock; one whose time was jumped over waits for its next date."""
        for entry in self._os.image.schedule:
            self.plan(entry)

    def forget(self, entry: ScheduleEntry) -> None:
        """No timer for this entry any more."""
        timer = self._timers.pop(entry.number, None)
        if timer is not None:
            timer.cancel()

    def _due(self, entry: ScheduleEntry) -> None:
        if self._os.destroyed or entry not in self._os.image.schedule:
            return
        if not entry.held:
            if self._os.work.restricted:
                self._missed.append(entry)
            else:
                self._submit(entry, held=False)
        if entry.frequency == "*ONCE":
            self._os.image.schedule.remove(entry)
            self.forget(entry)
            return
        self.plan(entry)

    def catch_up(self) -> None:
        """RCYACN of the entries that came due while the system was down or restricted."""
        missed, self._missed = self._missed, []
        for entry in missed:
            if entry.held or entry.recovery == "*NOSBM":
                self._os.log("schedule_skipped", entry=entry.name, number=entry.number)
            else:
                self._submit(entry, held=entry.recovery == "*SBMHLD")

    def _submit(self, entry: ScheduleEntry, *, held: bool) -> None:
        user = entry.user
        described = self._os.find_object(None, *entry.job_description, "*JOBD")
        if not isinstance(described, JobDescription):
            profile = self._os.image.users.get(user)
            name = profile.job_description if profile is not None else ("QDFTJOBD", "QGPL")
            described = self._os.find_object(None, *name, "*JOBD")
        queue = entry.job_queue
        attributes = {}
        if isinstance(described, JobDescription):
            attributes["job_description"] = (described.name, described.library)
            if queue[0] == "*JOBD":
                queue = described.job_queue
            if user == "*JOBD":
                user = described.user
        entry.last_run = self._os.clock()
        self._os.log("scheduled_submit", entry=entry.name, number=entry.number, command=entry.command)
        try:
            self._os.work.submit(entry.command, entry.name, user, queue, attributes, held=held)
        except Escape as error:
            self._os.tell_operator("CPF1634", f"Job schedule entry {entry.name} not submitted: {error}")
