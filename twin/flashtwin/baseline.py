"""A system as shipped: libraries, profiles, subsystems, queues, system values.

Site builders and tests start from it and add what is the site's own.  Names and values:
docs/platform-facts.md#shipped-system.
"""

from __future__ import annotations

from pathlib import Path

from flashtwin.image import SystemImage, UserProfile
from flashtwin.objects import (
    ClassObject,
    JobDescription,
    JobQueue,
    JobQueueEntry,
    Library,
    MessageFile,
    MessageQueue,
    Object,
    OutputQueue,
    RoutingEntry,
    SubsystemDescription,
)
from flashtwin.security import CLOSED_COMMANDS

LIBRARIES = ("QSYS", "QSYS2", "QHLPSYS", "QUSRSYS", "QGPL", "QTCP", "QRECOVERY", "QSPL")

SYSTEM_VALUES = {
    "QASTLVL": "*BASIC",
    "QAUTOVRT": "0",
    "QCCSID": "65535",
    "QCTLSBSD": "QCTL      QSYS      ",
    "QDATFMT": "DMY",
    "QDATSEP": ".",
    "QENDJOBLMT": "120",
    "QINACTITV": "30",
    "QIPLDATTIM": "*NONE",
    "QIPLTYPE": "0",
    "QMODEL": "42A",
    "QMLTTHDACN": "2",
    "QSRLNBR": "0000000",
    "QSTRUPPGM": "QSTRUP    QSYS      ",
    "QTIMSEP": ":",
    "QTIMZON": "QP0100CET1",
    "QQRYTIMLMT": "*NOMAX",
    "QUTCOFFSET": "+0100",
    "QPWRDWNLMT": "900",
    "QUPSMSGQ": "QSYSOPR   QSYS      ",
    "QUSEADPAUT": "*NONE",
}

USERS: dict[str, tuple[str, ...]] = {
    "QSYS": ("*ALLOBJ", "*SECADM", "*JOBCTL", "*SAVSYS", "*IOSYSCFG", "*SERVICE", "*SPLCTL", "*AUDIT"),
    "QSECOFR": ("*ALLOBJ", "*SECADM", "*JOBCTL", "*SAVSYS", "*IOSYSCFG", "*SERVICE", "*SPLCTL", "*AUDIT"),
    "QSYSOPR": ("*JOBCTL", "*SAVSYS"),
    "QPGMR": ("*JOBCTL", "*SAVSYS"),
    "QUSER": (),
    "QTCP": ("*JOBCTL",),
    "QSPLJOB": (),
}

SUBSYSTEMS: tuple[tuple[str, tuple[tuple[str, str, int | None], ...]], ...] = (
    ("QCTL", (("QCTL", "QSYS", None),)),
    ("QINTER", (("QINTER", "QGPL", None),)),
    ("QBATCH", (("QBATCH", "QGPL", 1), ("QS36EVOKE", "QGPL", None))),
    ("QCMN", ()),
    ("QSPL", (("QSPL", "QGPL", None),)),
    ("QSERVER", (("QSERVER", "QSYS", None),)),
    ("QUSRWRK", (("QUSRNOMAX", "QSYS", None),)),
    ("QSYSWRK", (("QSYSNOMAX", "QSYS", None),)),
)


def new_image(name: str, folder: Path) -> SystemImage:
    """The disks of a shipped system; its IFS is made under `folder`."""
    ifs = folder / "ifs"
    for part in ("tmp", "home", "QOpenSys"):
        (ifs / part).mkdir(parents=True)
    image = SystemImage(name, ifs)
    for library in LIBRARIES:
        add_library(
            image, library, owner="QSYS", public="*USE" if library in ("QSYS", "QSYS2") else "*CHANGE"
        )
    image.system_values.update(SYSTEM_VALUES)
    image.network_attributes.update(
        {"SYSNAME": name, "PNDSYSNAME": "*NONE", "LCLNETID": "APPN", "LCLCPNAME": name}
    )
    image.ipl_attributes.update(
        {"STRTCP": "*YES", "CLRJOBQ": "*NO", "STRRSTD": "*NO", "KEYLCKPOS": "*NORMAL"}
    )
    for user, special in USERS.items():
        image.users[user] = UserProfile(user, special, message_queue=(user, "QUSRSYS"))
        add_message_queue(image, "QUSRSYS", user)
    _work_management(image)
    for queue in ("QSYSOPR", "QHST"):
        add_message_queue(image, "QSYS", queue, "*WRAP")
    image.libraries["QSYS"].objects["QSYSOPR", "*MSGQ"].public = "*USE *ADD"
    image.add(MessageFile("QSYS", "QCPFMSG", "*MSGF", owner="QSYS", public="*USE"))
    image.add(Object("QSYS", "QSYSPRT", "*FILE", "PRTF", owner="QSYS", public="*USE"))
    image.add(OutputQueue("QGPL", "QPRINT", "*OUTQ", owner="QSPL", public="*USE"))
    return image


def add_library(image: SystemImage, name: str, *, owner: str = "QSECOFR", public: str = "*CHANGE") -> Library:
    """Add a library."""
    library = image.libraries[name] = Library("QSYS", name, "*LIB", "PROD", owner=owner, public=public)
    return library


def add_message_queue(
    image: SystemImage, library: str, name: str, when_full: str = "*SNDMSG"
) -> MessageQueue:
    """Add a message queue."""
    queue = MessageQueue(library, name, "*MSGQ", owner="QSYS", when_full=when_full)
    image.add(queue)
    return queue


def add_user(image: SystemImage, name: str, *special: str) -> UserProfile:
    """Add a user profile with its message queue."""
    profile = image.users[name] = UserProfile(name, special, message_queue=(name, "QUSRSYS"))
    add_message_queue(image, "QUSRSYS", name)
    return profile


def grant_commands(image: SystemImage, user: str) -> None:
    """*USE to every command that is closed to the public, as a security officer gives it."""
    for name in CLOSED_COMMANDS:
        closed = image.find("QSYS", name, "*CMD")
        assert closed is not None
        closed.private[user] = "*USE"


def _work_management(image: SystemImage) -> None:
    image.add(ClassObject("QGPL", "QBATCH", "*CLS", owner="QSYS", public="*USE"))
    for name, queues in SUBSYSTEMS:
        described = SubsystemDescription("QSYS", name, "*SBSD", owner="QSYS", public="*USE")
        described.routing.append(RoutingEntry(9999, "*ANY"))
        for place, (queue, library, most) in enumerate(queues):
            described.job_queues.append(JobQueueEntry((queue, library), most, 10 * (place + 1)))
            image.add(JobQueue(library, queue, "*JOBQ", owner="QSYS", public="*USE"))
        image.add(described)
    for name, served in (
        ("QDFTJOBD", ("QBATCH", "QGPL")),
        ("QBATCH", ("QBATCH", "QGPL")),
        ("QCTL", ("QCTL", "QSYS")),
    ):
        image.add(JobDescription("QGPL", name, "*JOBD", owner="QSYS", public="*USE", job_queue=served))
    # Who may ask for the partition's identity; shipped closed to the public.
    for name in sorted(CLOSED_COMMANDS):
        image.add(Object("QSYS", name, "*CMD", owner="QSYS", public="*EXCLUDE"))
    image.add(Object("QSYS", "QPMLPMGT", "*SRVPGM", owner="QSYS", public="*EXCLUDE"))
