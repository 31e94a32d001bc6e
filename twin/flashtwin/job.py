"""A job: its attributes, call stack, job log, and the inquiries that it waits for.

What a job owns and when it ends: docs/platform-facts.md#jobs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from types import GeneratorType
from typing import TYPE_CHECKING, Any

from flashtwin.errors import Escape
from flashtwin.interp import Activation, RequestFailed, run_command
from flashtwin.messages import JOB_LOG_LIMIT, Message, as_data, description, substitute
from flashtwin.national import default_ccsid, job_ccsid
from flashtwin.objects import JobDescription, Library, MessageDescription
from flashtwin.requests import parse_request
from flashtwin.scheduler import Signal, Task, Wait
from flashtwin.values import Cell

if TYPE_CHECKING:
    from flashtwin.os400 import OperatingSystem

BATCH, INTERACTIVE, AUTOSTART, SYSTEM, MONITOR = "B", "I", "A", "S", "M"
SYSTEM_LIBRARIES = ("QSYS", "QSYS2", "QHLPSYS", "QUSRSYS")


class Job:
    """An active job.  `status` is RUN, HLD, MSGW or END; `end_code` that of CPF1164 when it has ended."""

    def __init__(
        self, system: OperatingSystem, name: str, user: str, number: str, type_: str = BATCH
    ) -> None:
        self.os = system
        self.name = name
        self.user = user
        self.number = number
        self.type = type_
        self.subsystem = ""
        self.queue = ("", "")
        self.task: Task | None = None
        self.started = system.clock()
        self.submitted = self.started
        self.status = "RUN"
        self.end_code: int | None = None
        self.ended = Signal(f"end of job {number}/{user}/{name}")
        self.stack: list[Activation] = []
        self.log: list[Message] = []
        self.next_key = 1
        self.held = False
        self.released = Signal(f"release of {name}")
        self.ending = False
        self.library_list: list[str] = ["QGPL", "QTEMP"]
        self.current_library = ""
        self.qtemp = Library("QSYS", "QTEMP", "*LIB", public="*ALL")
        self.lda = Cell("*CHAR", 1024)
        self.switches = "00000000"
        self.environment: dict[str, str] = {}
        self.inquiry_reply = "*RQD"
        self.multithread = False
        self.logging = (4, 0, "*NOLIST")
        self.default_wait = 30
        self.priority = 50
        self.job_description = ("QDFTJOBD", "QGPL")
        self.output_queue = ("QPRINT", "QGPL")
        self.message_queue_full = "*NOWRAP"
        self.date_format = "*" + system.image.system_values.get("QDATFMT", "DMY")
        self.ccsid = job_ccsid(system.image, user)
        self.request = ""
        # Until when a commitment-control transaction of the job stays open (world's clock); a site's doing.
        self.transaction_until = 0.0
        self.transaction_asp = "*SYSBAS"
        self.uncommitted = False
        # What runs outside on behalf of the job (PASE programs, sockets): called when the job ends.
        self.on_end: list[Callable[[], None]] = []
        self.resources: dict[str, Any] = {}
        root = Activation(self, "QCMD")
        self.stack.append(root)

    @property
    def qualified(self) -> str:
        """NUMBER/USER/NAME."""
        return f"{self.number}/{self.user}/{self.name}"

    @property
    def default_ccsid(self) -> int:
        """DFTCCSID: that of the job, or one of its language where it has none."""
        return default_ccsid(self.os.image, self.ccsid)

    @property
    def decimal_format(self) -> str:
        """DECFMT: blank, I or J (docs/platform-facts.md#decimal-comma)."""
        return self.os.image.system_values.get("QDECFMT", " ").strip() or " "

    @property
    def root(self) -> Activation:
        """The request processor at the bottom of the call stack."""
        return self.stack[0]

    def take(self, described: JobDescription) -> None:
        """Take the attributes of a job description."""
        self.job_description = (described.name, described.library)
        self.inquiry_reply = described.inquiry_reply
        self.multithread = described.multithread
        self.logging = described.log
        if described.message_queue_full != "*SYSVAL":
            self.message_queue_full = described.message_queue_full
        if described.library_list != ("*SYSVAL",):
            self.library_list = [name for name in described.library_list if name != "*NONE"]

    def libraries(self) -> list[str]:
        """The library list in search order."""
        current = [self.current_library] if self.current_library else []
        return [*SYSTEM_LIBRARIES, *current, *self.library_list]

    # -- messages --------------------------------------------------------------------------------

    def send(
        self,
        act: Activation,
        type_: str,
        msgid: str,
        text: str,
        data: str | bytes = "",
        *,
        severity: int = 0,
        file: tuple[str, str] = ("QCPFMSG", "QSYS"),
        sender: str = "",
        second_level: str = "",
    ) -> Message:
        """Put a message on a call message queue and into the job log."""
        message = Message(
            self.next_key,
            msgid,
            type_,
            text,
            as_data(data),
            severity,
            self.os.clock(),
            sender or act.name,
            act.name,
            file,
            second_level,
        )
        self.next_key += 1
        act.queue.append(message)
        self.log.append(message)
        if len(self.log) > JOB_LOG_LIMIT:
            del self.log[: JOB_LOG_LIMIT // 10]
        return message

    def describe(self, msgid: str, file: tuple[str, str]) -> MessageDescription:
        """The description of a message, found by the job's library list."""
        return description(self.os.image, self.libraries(), msgid, file)

    def text_of(self, described: MessageDescription, data: bytes) -> str:
        """The first-level text with the message data in place."""
        return substitute(described, described.text, data)

    def inquire(
        self, msgid: str, text: str, data: str | bytes, default: str, act: Activation
    ) -> Generator[Wait, Signal | None, str]:
        """Ask for a decision: INQMSGRPY(*DFT) takes the default, *SYSRPYL the reply list, *RQD waits."""
        self.send(act, "*INQ", msgid, text, data, severity=99)
        reply = default if self.inquiry_reply == "*DFT" else ""
        if self.inquiry_reply == "*SYSRPYL":
            listed = self.os.image.reply_list.get(msgid, "")
            reply = default if listed == "*DFT" else listed if listed != "*RQD" else ""
        if not reply:
            self.status = "MSGW"
            reply = yield from self.os.ask_operator(self, msgid, text, as_data(data), default)
            self.status = "RUN"
        self.send(act, "*RPY", "", reply)
        return reply

    # -- life ------------------------------------------------------------------------------------

    def wait_while_held(self) -> Generator[Wait, Signal | None, None]:
        """Stand still until the job is released."""
        self.status = "HLD"
        while self.held:
            yield Wait((self.released,))
        self.status = "RUN"

    def perform(self, text: str) -> Generator[Wait, Signal | None, bool]:
        """Run one command given as text; whether it ended without an escape message."""
        root = self.root
        try:
            result = run_command(parse_request(self, text), root)
            if result.__class__ is GeneratorType:
                yield from result
        except Escape as escape:
            for problem in escape.problems:
                self.send(root, "*DIAG", *problem, severity=30)
            described_text = escape.text or self.text_of(
                self.describe(escape.msgid, escape.file), as_data(escape.data)
            )
            self.send(
                root, "*ESCAPE", escape.msgid, described_text, escape.data, severity=40, file=escape.file
            )
            return False
        except RequestFailed:
            return False
        return True

    def end_outside(self) -> None:
        """End what runs outside on behalf of the job."""
        callbacks, self.on_end = self.on_end, []
        for callback in callbacks:
            callback()
