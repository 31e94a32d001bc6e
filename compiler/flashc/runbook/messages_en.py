"""The messages in English: text, cause and recovery, by step code or message id.

The recoveries that many messages share stand first.
"""

NONE = "No action is required."
# before the window: a failure undoes everything
EARLY = (
    "No action is required. If the run ends here, everything it changed is undone. Mend what the "
    "message behind this one names, then start the run again with FLSTRENV."
)
# a change to production that is undone right after the flash
AROUND = (
    "No action is required; it is undone right after the flash, or when the run ends early. If it"
    " is not, FLE0003 names it: undo it by hand, or use FLRCVENV OPTION(*UNDO)."
)
# the undo of such a change
BACK = (
    "No action is required. If it could not be brought back, FLE0003 names it: bring it back by "
    "hand, or use FLRCVENV OPTION(*UNDO)."
)
# while production waits
WINDOW = (
    "No action is required. If O60 does not follow within the limits of the spec and both guards "
    "are silent, use CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME) from any session at once, then "
    "FLRCVENV."
)
# while the clone starts and works
WATCH = "No action is required. The console of the clone shows the same; FLENDENV ends the run."
# on the way home of the delivery
HOME = (
    "No action is required. If the run stops here nothing is lost: the clone keeps its delivery, "
    "and FLRCVENV OPTION(*CONTINUE) goes on with it."
)
# what the clone does
CLONE = (
    "No action is required. Do not sign on to the clone while it saves; what it did comes home "
    "with the delivery."
)
# what a clone that lives on makes of itself
LIVES = (
    "No action is required. Where a step of this kind fails the clone stays in safe mode and the "
    "next run ends it."
)
# it could not
SAFE = (
    "The clone is not opened and stays in safe mode: its console works, TCP/IP stays down. Mend "
    "what the message names in the spec or on production, build and deploy; the next run makes a "
    "new clone."
)

TEXTS: dict[str, tuple[str, str, str]] = {
    "O01": (
        "Started by &1",
        "User and job that started the run, and why; SCHEDULED(*YES) where a scheduler did, "
        "RESTART where the last run goes on.",
        NONE,
    ),
    "O02": (
        "Run &1 begins: locks taken, both guards stand by",
        "The run has its locks on clone, groups, suspend window and BRMS state, and has seen both "
        "guard jobs answer. Nothing has been changed yet.",
        EARLY,
    ),
    "O03": (
        "Not run, as asked: &1",
        "FLSTRENV SKIP(*YES) was entered for this scheduled run: environment, when, by whom and why.",
        "No action is required. The next scheduled run starts as usual.",
    ),
    "O05": ("Environment &1", "The environment of the spec that this run carries out.", EARLY),
    "O06": (
        "All checks passed: &1",
        "Console, array, disk units, PTFs, BRMS and network were looked at and are as the run needs "
        "them. Nothing was changed.",
        EARLY,
    ),
    "O07": (
        "Command before the run: &1",
        "A command that the spec names for before the run. It has no undo; the run itself has changed"
        " nothing yet.",
        EARLY,
    ),
    "O10": (
        "Looking up the state of clone partition &1",
        "The console is asked for the state of the clone partition; nothing is changed.",
        EARLY,
    ),
    "O15": (
        "&1",
        "The state of the clone partition as the console reports it. Only Not Activated means off.",
        EARLY,
    ),
    "O17": (
        "Clone is ended, &1",
        "The clone was on: that of the last run, or one that is to be left off and did not go off by itself "
        "when its work was at home. It is ended in order, or at once where the spec says so.",
        "If the run does not go on behind it: see the clone's console. The disks of a clone that runs are "
        "never overwritten.",
    ),
    "O18": (
        "VIOS unmapped: &1",
        "The clone's disks are taken off their VIOS so that no VIOS meets the copy while it changes "
        "under it.",
        AROUND,
    ),
    "O20": ("Job queue held: &1", "The job queue is held for the flash, as the spec says.", AROUND),
    "O21": (
        "Schedule entry held: &1",
        "The job schedule entry is held for the flash, as the spec says.",
        AROUND,
    ),
    "O22": (
        "Job held: &1",
        "The job is held for the flash, as the spec says. It is known by number, user and name, so "
        "that only this job is released.",
        AROUND,
    ),
    "O24": (
        "Checking the state of group &1",
        "The spec requires that this further group is idle_or_copied before the copy is taken.",
        EARLY,
    ),
    "O30": (
        "Group is as required: &1",
        "The group is in the state that the spec requires. The run goes on.",
        NONE,
    ),
    "O35": ("Domino server ended: &1", "The Domino server is ended for the flash, as the spec says.", AROUND),
    "O36": ("Subsystem ended: &1", "The subsystem is ended for the flash, as the spec says.", AROUND),
    "O37": ("TCP/IP server ended: &1", "The TCP/IP server is ended for the flash, as the spec says.", AROUND),
    "O38": (
        "Command run: &1",
        "A command of the spec was run for the flash; the spec names the command that undoes it.",
        AROUND,
    ),
    "O39": ("Device varied off: &1", "The device is varied off for the flash, as the spec says.", AROUND),
    "O40": (
        "Ticket written for clone &1",
        "The ticket travels in the copy and tells the start-up guard of the clone what it may do. It "
        "is for this clone and this night only.",
        EARLY,
    ),
    "O41": (
        "Ticket closed: &1",
        "The ticket on production is closed. No start of any copy acts on it any more.",
        NONE,
    ),
    "O42": (
        "Asked of the clone: &1",
        "A request lies in the inbox, where the clone looks every three minutes. It is withdrawn at the end.",
        NONE,
    ),
    "O43": (
        "Request to the clone withdrawn: &1",
        "The request is taken out of the inbox: undo of O42.",
        NONE,
    ),
    "O44": (
        "Received from the clone: &1",
        "The clone has sent what was asked for, and every hash was verified.",
        NONE,
    ),
    "O45": (
        "Removed: &1",
        "What lay here for the request only is removed: undo of O44, and of O46 where it failed.",
        NONE,
    ),
    "O46": (
        "Library made: &1",
        "A library is made for what comes back. It belongs to the product's profile and is closed to "
        "the public.",
        NONE,
    ),
    "O47": (
        "Brought back, and under which name: &1",
        "What the clone had is restored under another name. Objects keep the authorities that were "
        "saved; what names the old library inside of them is as it was.",
        "Grant authority to the new library (GRTOBJAUT) to those who need it.",
    ),
    "O48": (
        "Copy given up: &1",
        "The copy of an earlier run is given up on the array: a group is stopped, a snapshot deleted, as the "
        "family has it.",
        EARLY,
    ),
    "O49": (
        "Copy prepared: &1",
        "The array prepares the copy: production writes through its cache until the flash. Nothing "
        "waits for it.",
        EARLY,
    ),
    "O50": (
        "*SYSBAS suspended, reached in seconds: &1",
        "Changes to *SYSBAS are suspended and main storage is written out. Transactions of production"
        " wait now.",
        WINDOW,
    ),
    "O51": (
        "Copy of this run given up: &1",
        "The flash was not taken, or is not proven, so its copy is given up: no copy of this night counts.",
        NONE,
    ),
    "O52": (
        "Sidecar armed at array &1",
        "A job is connected to the array and waits for the one request. Nothing is suspended yet.",
        EARLY,
    ),
    "O55": (
        "Flash taken: &1",
        "The one request to the array in the window. The text names what was sent.",
        WINDOW,
    ),
    "O60": (
        "*SYSBAS resumed, suspended for seconds: &1",
        "Changes to *SYSBAS are allowed again. Production goes on; the seconds are those from the "
        "suspend request to the return of the resume.",
        NONE,
    ),
    "O61": (
        "Flash proven: &1",
        "Every map of the group has a new start time, so the copy is of this night.",
        NONE,
    ),
    "O62": (
        "Command after the flash: &1",
        "A command that the spec names for after the flash. It has no undo; where it fails the run "
        "counts as failed.",
        NONE,
    ),
    "O63": (
        "Copy put on the disks of the clone: &1",
        "The array took the instant first; now the clone's volumes show it. Production is not concerned.",
        NONE,
    ),
    "O65": (
        "BRMS in state &1: no BRMS on this system until the end",
        "The clone writes the history of BRMS for production. Whatever BRMS does here meanwhile would"
        " be lost.",
        "Use no BRMS on this system until O89: no save, no maintenance, no media movement.",
    ),
    "O67": (
        "VIOS mapped: &1",
        "The clone's disks are on their VIOS again, proven volume by volume. Undo of O18; without it "
        "the clone is not started.",
        BACK,
    ),
    "O68": (
        "Private link up: &1",
        "The interface of the private link is started. Only the clone is behind it; O95 ends it.",
        HOME,
    ),
    "O70": (
        "Clone powered on: &1",
        "The clone partition is powered on by its profile, in normal mode.",
        WATCH,
    ),
    "O72": ("Device varied on: &1", "The device is varied on: undo of O39.", BACK),
    "O73": ("TCP/IP server started: &1", "The TCP/IP server is started: undo of O37.", BACK),
    "O74": ("Subsystem started: &1", "The subsystem is started: undo of O36.", BACK),
    "O75": ("Domino server started: &1", "The Domino server is started: undo of O35.", BACK),
    "O76": ("Undone: &1", "The undo command of the spec was run: undo of O38.", BACK),
    "O77": ("Job released: &1", "The job is released: undo of O22.", BACK),
    "O78": ("Job queue released: &1", "The job queue is released: undo of O20.", BACK),
    "O79": (
        "Schedule entry released: &1",
        "The job schedule entry is released: undo of O21.",
        "No action is required. What the entry missed is not run late: FLE0083 names it, submit it by"
        " hand if it is needed.",
    ),
    "O80": (
        "Clone &1 works; waiting for what it delivers",
        "The clone is up. The run waits for what it delivers and watches its state and reference code.",
        WATCH,
    ),
    "O82": ("&1", "The reference code of the clone partition has changed.", WATCH),
    "O83": (
        "Clone is in restricted state: &1",
        "The clone saves in restricted state. Reference code A9003C70 and the attention light are expected.",
        WATCH,
    ),
    "O84": (
        "The work runs on clone &1",
        "The clone works without restricted state; the next sign of it is the delivery.",
        WATCH,
    ),
    "O85": (
        "Clone &1 has delivered",
        "Steps, logs and history of the clone have arrived in the inbox of the run.",
        HOME,
    ),
    "O86": ("Delivery verified: &1", "Every file of the clone's manifest is here and has its hash.", HOME),
    "O87": (
        "QUSRBRM received: &1",
        "The history of BRMS has arrived as a save file. The file is kept with the run.",
        HOME,
    ),
    "O88": (
        "QUSRBRM restored; production's own kept in &1",
        "The history that the clone wrote has replaced production's, of which a copy is kept. BRMS "
        "knows the clone's tapes now.",
        HOME,
    ),
    "O89": (
        "BRMS state ended by *ENDPRC. &1",
        "BRMS has left the FlashCopy state.",
        "No action is required. BRMS may be used again.",
    ),
    "O66": (
        "Clone is left off: &1",
        "The work of the clone is at home and its partition is off, as the spec leaves it.",
        "No action is required.",
    ),
    "O90": (
        "What clone &1 does from now on is unknown here",
        "The run does not watch the clone any longer.",
        "No action is required. The clone is as the spec leaves it; end it with its console or let "
        "the next run do so.",
    ),
    "O91": (
        "The clone lives on as &1",
        "The clone starts again by itself, with its own name and addresses. The run does not watch it"
        " any longer.",
        "No action is required. Its own start-up tells whether it is proven; see QSYSOPR there.",
    ),
    "O92": (
        "Clone handed over: &1",
        "The clone belongs to its users until its time is over. No run ends it before.",
        "No action is required. Its owner gives it back by FLRCVENV OPTION(*GIVENBACK).",
    ),
    "O93": (
        "Command at the end of the run: &1",
        "A command that the spec names for the end of a run that went well.",
        NONE,
    ),
    "O94": (
        "Command on failure: &1",
        "A command that the spec names for a run that failed. Everything that could be undone is "
        "undone by now.",
        NONE,
    ),
    "O71": (
        "Told: &1",
        "A command that the spec names for this occasion runs, with the facts of the run in the environment "
        "of its job. It decides nothing in the run.",
        NONE,
    ),
    "O95": ("Private link down: &1", "The interface of the private link is ended: undo of O68.", BACK),
    "O96": (
        "BRMS maintenance, movement of media: &1",
        "BRMS maintenance runs in a job of its own.",
        "No action is required. See the BRMS log (DSPLOGBRM) for its result.",
    ),
    "O97": (
        "Recovery: &1",
        "FLRCVENV, or guard A in its place, looked at the run and says what it found and did.",
        "See the notes behind this one. FLRCVENV without an option says what is still open.",
    ),
    "O99": (
        "Result: &1",
        "COMPLETED: saved, delivered and verified, all after-steps done. FAILED: undone, see why. "
        "REFUSED: nothing was begun. NEEDSYOU: something is open.",
        "For NEEDSYOU use FLRCVENV; for FAILED mend the cause that the steps name; else no action is "
        "required.",
    ),
    "M01": (
        "BRMS maintenance ended, movement of media: &1",
        "BRMS maintenance has ended.",
        "No action is required. See the BRMS log (DSPLOGBRM) for its result.",
    ),
    "999": ("End of run: &1", "The last step of the run.", "See O99 for the result."),
    "C00": (
        "Steps Cxx are those of clone &1",
        "Steps Cxx were written on the clone. The log of production shows both clocks and the offset "
        "that was measured.",
        NONE,
    ),
    "C04": (
        "Job schedule entries held on the clone: &1",
        "Job schedule entries of production are in the copy. They are held so that none starts a job "
        "on the clone.",
        CLONE,
    ),
    "C05": (
        "System value changed on the clone: &1",
        "The spec names this system value. It is changed before the save, so the changed value is on "
        "the tape.",
        "No action is required. After a restore from this tape set the value back.",
    ),
    "C10": (
        "Device ready at the clone: &1",
        "The device that the save uses is varied on at the clone. C46 gives it back.",
        CLONE,
    ),
    "C12": (
        "Independent ASP available at the clone: &1",
        "An IPL leaves independent ASPs off. It is varied on before anything is saved.",
        CLONE,
    ),
    "C15": ("BRMS on the clone in state &1", "BRMS on the clone acts for production from here on.", CLONE),
    "C16": (
        "Incremental saves count from: &1",
        "BRMS takes this time, CYYMMDDhhmmss of production's clock, for that of the clone's save. It is "
        "an hour before the ticket was written, so that no end of summer time puts it behind the flash.",
        CLONE,
    ),
    "C18": (
        "Save job submitted: &1",
        "Only a job of the controlling subsystem may end all others, so the save is such a job.",
        CLONE,
    ),
    "C20": (
        "Control group &1 submitted",
        "The control group is handed to BRMS. In restricted state BRMS ends every other job of the clone.",
        CLONE,
    ),
    "C21": (
        "Saved: &1",
        "Licensed Internal Code, QSYS, security data and configuration are on the media.",
        CLONE,
    ),
    "C22": ("Saved: &1", "All libraries but QSYS are on the media.", CLONE),
    "C23": ("Saved: &1", "Documents and folders are on the media.", CLONE),
    "C24": ("Saved: &1", "The directories of the integrated file system are on the media.", CLONE),
    "C25": (
        "Save began &1",
        "The job of the save notes its beginning; in restricted state the *EXIT of the control group does.",
        CLONE,
    ),
    "C26": (
        "Command on the clone: &1",
        "A command of the spec runs on the clone, in a job of its own.",
        CLONE,
    ),
    "C27": ("Stage ended: &1", "All commands of the stage have ended; the next stage follows.", CLONE),
    "C28": (
        "File for the way home: &1",
        "A file that the spec brings home. It lies in the inbox of the run when all has arrived.",
        CLONE,
    ),
    "C30": ("Save ended &1", "The save has ended. What it is worth is the verdict, C36.", CLONE),
    "C35": (
        "Going on after the save; ticket stage &1",
        "The clone has come back from restricted state. It waits for subsystems and TCP/IP.",
        CLONE,
    ),
    "C36": (
        "Verdict of the work: &1",
        "The verdict comes from the log of BRMS or from how each command ended, not from the end of a job.",
        "For another verdict than OK see the notes before it and the listings in the inbox of the run.",
    ),
    "C40": ("BRMS on the clone in state &1", "The history of BRMS on the clone is complete.", CLONE),
    "C41": (
        "Time of the flash taken back: &1",
        "BRMS on the clone has no time of the user any more, so none comes home with the history.",
        CLONE,
    ),
    "C45": (
        "&1 saved for the way home",
        "The library is saved to a save file for the way home, without journals and receivers.",
        CLONE,
    ),
    "C46": (
        "Device given back at the clone: &1",
        "The device is given back at the clone, so that no drive stays reserved.",
        CLONE,
    ),
    "C47": (
        "Private link of the clone up: &1",
        "TCP/IP on the clone is started without servers and with the address of the private link only.",
        CLONE,
    ),
    "C50": (
        "Telling the source: verdict &1",
        "The clone tells production its verdict; the delivery follows.",
        CLONE,
    ),
    "C51": (
        "Schedules of production held on the clone: &1",
        "Every job schedule entry of production is held on the clone. It is proven that none is left "
        "that would run.",
        LIVES,
    ),
    "C52": (
        "Scheduler held on the clone: &1",
        "The hold command of the spec was run for a scheduler of its own, and proven by the other "
        "command of the spec.",
        LIVES,
    ),
    "C53": (
        "Job queues of production on the clone: &1",
        "Job queues of production are held or emptied on the clone. What waited in the copy never starts.",
        LIVES,
    ),
    "C54": (
        "Never starts on the clone: &1",
        "What the spec forbids on the clone is prevented. It is looked at again at each start of the clone.",
        LIVES,
    ),
    "C55": ("System name of the clone: &1", "The clone gets its own system name at its next IPL.", LIVES),
    "C56": ("Host and domain of the clone: &1", "Host and domain name of the clone for TCP/IP.", LIVES),
    "C57": (
        "Removed on the clone: &1",
        "Addresses and routes of production are removed on the clone; none is left.",
        LIVES,
    ),
    "C58": (
        "Added on the clone: &1",
        "Addresses and routes of the clone's own; they come up with its IPL.",
        LIVES,
    ),
    "C59": (
        "End of the clone entered: &1",
        "The one schedule entry that is not held: it powers the clone down when its time is over.",
        LIVES,
    ),
    "C60": (
        "Sending the log of clone &1",
        "Steps, history log and job log of the clone are sent to production.",
        CLONE,
    ),
    "C66": ("Clone &1 stays on", "The clone stays on, as the spec says. The next run ends it.", NONE),
    "C67": (
        "The clone starts again as &1",
        "The clone starts again as its own system. It says so before its last delivery.",
        LIVES,
    ),
    "C68": (
        "Clone &1 is handed over",
        "The clone belongs to its users until its time is over.",
        "No action is required. Its users may go to work when it is up.",
    ),
    "C70": (
        "Last note from clone &1",
        "The last note that the clone sends. What follows on it is not known on production.",
        NONE,
    ),
    "C71": (
        "Saved for production: &1",
        "Production asked for it by FLGETCLN. The save file is sent and then deleted here.",
        NONE,
    ),
    "FLO0120": (
        "Job queue was held before and stays so: &1",
        "It was in that state before the run, so nothing was changed and nothing will be undone.",
        NONE,
    ),
    "FLO0121": (
        "Schedule entry would not start anything: &1",
        "It was in that state before the run, so nothing was changed and nothing will be undone.",
        NONE,
    ),
    "FLO0182": (
        "Clone makes no progress, the same code for more than &1",
        "One reference code has stayed for longer than its class usually does. The run goes on until its "
        "own limit.",
        "See the console of the clone. docs/safety.md has the classes of codes. FLENDENV ends the run.",
    ),
    "FLO0183": (
        "To the clone's clock add &1 to have that of production",
        "Both clocks were compared while the clone delivered. The journal keeps each side's own time; "
        "displays and reports show the clone's steps at production's time.",
        NONE,
    ),
    "FLO0184": (
        "The clock of the clone was not compared with production's",
        "Its delivery says nothing of it. The clone's steps are shown at its own time, which may differ by "
        "minutes.",
        NONE,
    ),
    "FLO0185": (
        "Volumes that the clone has written: &1",
        "BRMS here has contents of these volumes that it did not have before the clone's history was "
        "restored. A volume that held something before and was written behind it is not among them.",
        NONE,
    ),
    "FLO0186": (
        "Expired volumes left for the next save: &1",
        "So many volumes may BRMS write over by its inventory, wherever they are.",
        "If they are too few, bring others in before the next run (ADDMEDBRM, or wait for maintenance).",
    ),
    "FLO0187": (
        "Volumes of this save, to go out now and to be in again before the next run: &1",
        "The spec names these volumes for the save. The next run of the environment writes over them.",
        "Take them to their place. Before the next run these must be in the device again, or others that "
        "are initialized with the same names.",
    ),
    "FLO0188": (
        "SAVCHGOBJ and APYJRNCHG know nothing of the save; BRMS counts from it, not from the flash",
        "A save of the clone changes the object descriptions of the clone only. On production SAVCHGOBJ "
        "REFDATE(*SAVLIB) saves more than it need, and APYJRNCHG has no anchor from *LASTSAVE. With BRMS the "
        "next *INCR or *CUML goes by the time of the clone's save: it may leave out what production changed "
        "between the flash and the save.",
        "docs/after-a-save.md says what to use instead, and how to ask what was saved.",
    ),
    "FLO0189": (
        "No media were moved: PRTMOVBRM shows which must go out or come in",
        "The run moves no media. BRMS knows by its move policies where they belong.",
        "PRTMOVBRM lists the movements, MOVMEDBRM makes them.",
    ),
    "FLO0190": (
        "The maintenance of this run moves media; its report says which go out or come in",
        "BRMS maintenance with movement follows behind. It prints what it moves.",
        "See the volume movement report of BRMS (QP1AVMS).",
    ),
    "FLO0191": (
        "Runs removed that are kept no longer: &1",
        "The spec keeps runs for some time (keep runs). What ended before is removed: history, journal, and "
        "what the clone delivered.",
        NONE,
    ),
    "FLO0192": (
        "Not run, this start has come before: &1",
        "The clock was put back, as where summer time ends, and the schedule has started the environment at "
        "this time already: environment, and the run that it started. A night has one start.",
        "No action is required. FLSTRENV starts another run.",
    ),
    "FLO0193": (
        "Nothing is changed yet, it is looked at once more: &1",
        "A command was refused, or something was in use, before the run had changed anything. The run begins "
        "its checks again, once.",
        "See the job log of the run if it comes up again.",
    ),
    "FLO0194": (
        "SAVCHGOBJ and APYJRNCHG on production know nothing of this save",
        "A save of the clone changes the object descriptions of the clone only. On production SAVCHGOBJ "
        "REFDATE(*SAVLIB) saves more than it need, and APYJRNCHG has no anchor from *LASTSAVE.",
        "docs/after-a-save.md says what to use instead, and how to ask what was saved.",
    ),
    "FLO0195": (
        "On the clone's own disks, and gone with its next copy: &1",
        "What was saved to these lies on disks of the clone. The history of BRMS that came home knows "
        "volumes of an image catalog by names that volumes here may have too; those hold something else.",
        "Carry off what is to be kept before the next run; save to tape what must be there for a recovery.",
    ),
    "FLO0196": (
        "Space of the copies, before this one: &1",
        "What the copies of the clone take on the storage system by now, just before one of them is given "
        "up, and what is free there. A copy grows with each change on production until the next one takes "
        "its place.",
        "Where little is free, add capacity, take copies less often, or give one up sooner (FLRLSCLN). FREE "
        "CAPACITY of the spec says below which a run is refused.",
    ),
    "FLO0197": (
        "Clone works, jobs done: &1",
        "The clone says by itself that it works, over the private link, every 15 minutes while it "
        "is not in restricted state.",
        NONE,
    ),
    "FLO0198": (
        "No sign of life of the clone for more than &1",
        "The clone has said that it works, and says so no more. Its link may be down, or its job "
        "may have ended. The run goes on until its own limit.",
        "See the console of the clone, and FLDSPSTS for its last sign.",
    ),
    "FLO0199": (
        "No answer, it is asked again: &1",
        "A console, an array, a VIOS or the sidecar itself gave no answer that can be used. The run asks "
        "again for up to a quarter of an hour; each call reads the state before it acts.",
        "See what the text names. FLENDENV ends the run.",
    ),
    "FLO0200": (
        "No device is named for these control groups, so maybe on the clone's disks: &1",
        "The clone varied nothing on for them, and no interface tells where BRMS has saved. Save files, "
        "and volumes of an image catalog, lie on the clone's own disks and are gone with its next copy, "
        "while BRMS here knows them as saved.",
        "See WRKMEDIBRM. Carry off what is to be kept before the next run; name a device in the spec for "
        "what must be there for a recovery.",
    ),
    "FLO0201": (
        "BRMS counts no volume that the clone has written",
        "No volume holds more than before the night: what was saved went behind older saves, or to the "
        "clone's own disks (save files, an image catalog), and is gone with its next copy.",
        "See WRKMEDIBRM, and the media class of the control groups' media policies (WRKPCYBRM TYPE(*MED)).",
    ),
    "FLO0180": (
        "Usually it takes &1 from here",
        "That is the median of the last runs of the environment that completed. It decides nothing.",
        NONE,
    ),
    "FLO0161": (
        "Gone before anything was suspended, started again: &1",
        "A guard, or the job that sends the request to the array, had ended or did not answer any more. "
        "Nothing was suspended yet, so it was started again and proven like the first one.",
        "See who ended it, and its job log.",
    ),
    "FLO0160": (
        "Resumed all the same, whether it was suspended is not known: &1",
        "SUSPEND ended with an error, and the state may have been reached before it. RESUME was asked for "
        "and granted; a system that is not suspended is not changed by it.",
        NONE,
    ),
    "FLO0122": (
        "Job not active or held before, nothing held: &1",
        "It was in that state before the run, so nothing was changed and nothing will be undone.",
        NONE,
    ),
    "FLO0168": (
        "The private link was up already: &1",
        "Its interface was active before, so nothing was started, and it stays.",
        NONE,
    ),
    "FLO0136": (
        "Subsystem not active, nothing ended: &1",
        "It was in that state before the run, so nothing was changed and nothing will be undone.",
        NONE,
    ),
    "FLO0137": (
        "Server not active, nothing ended: &1",
        "It was in that state before the run, so nothing was changed and nothing will be undone.",
        NONE,
    ),
    "FLO0139": (
        "Device was varied off before: &1",
        "It was in that state before the run, so nothing was changed and nothing will be undone.",
        NONE,
    ),
    "FLE0001": (
        "This is not production (serial &1, partition &2): nothing was done",
        "This program acts on the partitions only that the spec names by IDENTITY. This one has "
        "serial number &1 and partition id &2. Where the partition is blank, it could not be read "
        "from QSYS/QPMLPMGT.",
        "On a copy nothing is to be done. If this is production after a move (LPM, disaster "
        "recovery), add the new pair to IDENTITY in the spec, build and deploy.",
    ),
    "FLE0002": (
        "Undo could not be noted, so nothing was changed: &1",
        "The journal FLJRN cannot be written, and a change whose undo is not noted is not made. "
        "Nothing was changed by this step.",
        "Look at the messages before this one in the job log, mend what keeps the table from being "
        "written, then start the run again.",
    ),
    "FLE0003": (
        "Not undone: &1",
        "A change that the run made to production could not be taken back. The text names the object,"
        " its state now and the message id.",
        "Use FLRCVENV OPTION(*UNDO) when the cause is gone. What you have done by hand, OPTION(*CLOSE) "
        "closes. The run stays open until then.",
    ),
    "FLE0004": (
        "Another run holds what this run of &1 needs",
        "Clone, copy groups, suspend window and BRMS state are used by one run at a time, and another"
        " run has them.",
        "Wait until the other run has ended (FLDSPSTS, WRKACTJOB SBS(FLASHC)), then start this one "
        "again. WRKOBJLCK on the FLK data areas shows the holder.",
    ),
    "FLE0005": (
        "An older run left &1 locked",
        "The lock has an entry of a run whose job is gone. What that run left behind has not been looked at.",
        "Use FLRCVENV for the environment of that run, then start again.",
    ),
    "FLE0006": (
        "The guards do not answer: &1",
        "A guard job did not answer. Without both guards nothing is suspended. Nothing was changed.",
        "See that subsystems FLGUARD and QUSRWRK are active and that their job queues are not held, "
        "then start again.",
    ),
    "FLE0007": (
        "Check failed: &1",
        "A check before the run found something that must be mended. Nothing was changed.",
        "Mend what the text names. FLCHKENV runs all checks and changes nothing; then start the run again.",
    ),
    "FLE0008": (
        "Console: &1",
        "The console gave no usable answer.",
        "See whether the console can be reached and its key is valid. docs/sidecar.md explains the "
        "exit status. Then start the run again.",
    ),
    "FLE0009": (
        "The clone partition is not off: &1",
        "Disks of a partition that runs are never overwritten, and the console does not report Not "
        "Activated.",
        "End the clone partition, or find out on its console why it does not end, then start the run again.",
    ),
    "FLE0010": (
        "Production was resumed by &1",
        "The driver did not resume production in time, so a guard did and ended the driver. No copy "
        "of this night counts; the run is undone.",
        "See the job log of the driver for what held it up. FLRCVENV says whether something is still open.",
    ),
    "FLE0011": (
        "MAY BE SUSPENDED: resume was refused: &1",
        "The resume of *SYSBAS was refused, so jobs of production may be waiting at this moment.",
        "Use CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME) from any session at once, then FLRCVENV.",
    ),
    "FLE0012": (
        "A required group is not in its state: &1",
        "A group that the spec requires to be idle_or_copied is in another state. Nothing was copied;"
        " the run is undone.",
        "Wait for the owner of that group to finish, then start again.",
    ),
    "FLE0013": (
        "BRMS refused *STRPRC: &1",
        "INZBRM refused *STRPRC, or did not come back within its limit (UNKNOWN). A job of BRMS or its "
        "maintenance may be active. The run is undone.",
        "See the message id and DSPLOGBRM, wait for the end of what uses BRMS, then start again.",
    ),
    "FLE0014": (
        "The group could not be stopped: &1",
        "The array did not stop the group of the last copy within the limit.",
        "See the maps of the group on the array (lsfcmap): where they still clean, wait. Then start again.",
    ),
    "FLE0015": (
        "The group could not be prepared: &1",
        "The array did not prepare the copy within the limit. The copy of the last run is lost; "
        "production is not affected.",
        "See the group on the array, mend what it reports, then start again.",
    ),
    "FLE0016": (
        "More than one job has this name: &1",
        "More than one active job has the name that the spec gives, and nobody knows which one is "
        "meant. Nothing was held.",
        "Give the job a name of its own, or name its user in the spec, build and deploy.",
    ),
    "FLE0017": (
        "The job could not be held: &1",
        "HLDJOB was refused. The run is undone.",
        "See the message id, mend its cause, then start again.",
    ),
    "FLE0018": (
        "Not done within its limit, or refused: &1",
        "The command was refused, or did not end within its limit; where the limit passed, its state "
        "is not known. The run is undone.",
        "Look at what the command speaks of. Allow it more time in the spec if it needs it, then "
        "start again: where the save is home (M01), by FLSTRENV RESTART(O96), which saves nothing anew.",
    ),
    "FLE0019": (
        "The armed sidecar is not ready: &1",
        "The job that sends the request to the array is not connected and ready. Nothing was "
        "suspended; the run is undone.",
        "See the job log of FLARM, the key and the known host key of the array (flashc trust), then "
        "start again.",
    ),
    "FLE0020": (
        "BRMS stays in *STRPRC: the clone may still write tapes (&1)",
        "The clone is not proven off and may still write tapes under production's name, so *ENDPRC is"
        " not given.",
        "Use no BRMS here. Where the clone does not work any more, end it: FLENDCLN OPTION(*IMMED) "
        "SAVING(*END), or on its console. Note the volumes that it has written, then use FLRCVENV "
        "OPTION(*UNDO).",
    ),
    "FLE0021": (
        "Volumes that the clone may have written: &1",
        "What the clone has written did not come home, with BRMS its history. Volumes that it wrote are "
        "not known to BRMS on production.",
        "Compare the volumes in the tape library with BRMS (WRKMEDBRM) and take those that were "
        "written out of use before BRMS writes over them.",
    ),
    "FLE0022": (
        "A guard cannot write main storage out: &1",
        "A guard writes main storage out itself before the suspend, to prove that it may. It was "
        "refused; nothing was suspended and the run is undone.",
        "The profile of the product needs *JOBCTL; see the job log of the guard, then start again.",
    ),
    "FLE0023": (
        "*SYSBAS could not be suspended; tried for seconds: &1",
        "Changes to *SYSBAS could not be suspended within the limit: long transactions did not come "
        "to a commit boundary. Production was resumed; the run is undone.",
        "See WRKCMTDFN for transactions that stay open. Allow more time with QUIESCE WITHIN in the "
        "spec, or choose another hour.",
    ),
    "FLE0024": (
        "No good answer to the flash request: &1",
        "The array did not answer the request well before production was resumed. Whether the copy "
        "was taken is not known, so it does not count. The group was stopped and the clone is not "
        "started.",
        "See the array and its log, then start the run again.",
    ),
    "FLE0025": (
        "The flash is not proven: &1",
        "Not every map of the group has a new start time, so the copy may be an old one. The clone is"
        " not started.",
        "See the maps of the group on the array, then start the run again.",
    ),
    "FLE0026": (
        "The private link cannot be started: &1",
        "The interface of the private link did not become active. The clone could deliver nothing.",
        "See the line and the interface (NETSTAT OPTION(*IFC)), mend them, then start the run again.",
    ),
    "FLE0027": (
        "The clone could not be started: &1",
        "The console refused to start the clone partition.",
        "See the console: profile, memory, adapters in use elsewhere. Then start the run again.",
    ),
    "FLE0028": (
        "The clone's start failed: &1",
        "The reference code of the clone shows that its start has failed.",
        "Look the reference code up and see the console of the clone. The next run ends and copies it anew.",
    ),
    "FLE0029": (
        "The clone is off and has delivered nothing: &1",
        "The clone partition is off and has delivered nothing. BRMS of production is looked after; "
        "volumes that the clone may have written are named by FLE0021.",
        "See on the console why it ended; its log is on its disks until the next copy.",
    ),
    "FLE0030": (
        "The clone did not come up within its limit: &1",
        "The clone was not up within the limit of the spec.",
        "See its reference code on the console. Where it only takes longer, allow more time in the spec.",
    ),
    "FLE0031": (
        "The save is not finished within its limit: &1",
        "The save had not ended within the limit of the spec. The clone may still write.",
        "Look at the clone and the tape library first. Then use FLRCVENV: OPTION(*CONTINUE) waits "
        "again, OPTION(*UNDO) gives the save up.",
    ),
    "FLE0032": (
        "The delivery is not valid: &1",
        "A file of the delivery is missing or differs from its hash. Nothing of it was used.",
        "Where the clone is still on, FLRCVENV OPTION(*CONTINUE) receives it again.",
    ),
    "FLE0033": (
        "The clone's work is not complete: &1",
        "The clone has delivered, but not all of its work was done well.",
        "See C36 and the notes before it, then the listings and job logs in the inbox of the run.",
    ),
    "FLE0034": (
        "QUSRBRM could not be received: &1",
        "QUSRBRM of the clone did not arrive or cannot be read. Production stays in *STRPRC.",
        "Mend the cause, then use FLRCVENV OPTION(*CONTINUE).",
    ),
    "FLE0035": (
        "Production's own QUSRBRM could not be saved: &1",
        "A restore is made only when production's own QUSRBRM is saved, and that save failed. Nothing"
        " was restored; production stays in *STRPRC.",
        "See the message id (storage, locks on QUSRBRM), then use FLRCVENV OPTION(*CONTINUE).",
    ),
    "FLE0036": (
        "QUSRBRM could not be restored: &1",
        "The restore of the clone's QUSRBRM failed, is not complete, or did not end within its limit "
        "(UNKNOWN). What it had replaced was put back; production stays in *STRPRC.",
        "End whoever locks QUSRBRM (WRKOBJLCK), then use FLRCVENV OPTION(*CONTINUE). OPTION(*UNDO) "
        "gives the clone's history up.",
    ),
    "FLE0037": (
        "*ENDPRC failed: &1",
        "INZBRM refused *ENDPRC, or did not come back within its limit (UNKNOWN). It is asked for once "
        "more when the run is closed; until it is granted production stays in *STRPRC.",
        "See the message id and DSPLOGBRM, then use FLRCVENV OPTION(*CONTINUE).",
    ),
    "FLE0038": (
        "Ended by FLENDENV: &1",
        "An operator ended the run with FLENDENV. Everything that it changed is undone.",
        "No action is required. Start the environment again when it is wanted.",
    ),
    "FLE0039": (
        "Mail not sent: &1",
        "The relay did not take the mail. It decides nothing in the run.",
        "See the address of the relay and its certificate; the journal has what the mail would have said.",
    ),
    "FLE0040": (
        "Unexpected: &1",
        "An error that nothing here expects. A run is undone, a command ends.",
        "See the job log (of a run: the driver's) at this time and report it with the messages before it.",
    ),
    "FLE0041": (
        "Written late: &1",
        "The journal could not be written at its time, so the row was kept in message queue FLMSGQ "
        "and written later.",
        "No action is required. See why the table was not available at that time.",
    ),
    "FLE0042": (
        "Begun, and not known whether it was done: &1",
        "The run ended between the beginning and the end of this step. Whether the step was done is "
        "not known.",
        "Look at the system that the step speaks of. What the run changed is undone by FLRCVENV.",
    ),
    "FLE0043": (
        "*SYSBAS is resumed; by whom and when exactly is not known (&1)",
        "The run ended in the window or right behind it. *SYSBAS is resumed now. No copy of this "
        "night counts.",
        "See the job logs of the guards and of the driver. No further action is required.",
    ),
    "FLE0045": (
        "BRMS stays in *STRPRC: the clone's QUSRBRM could not be restored (&1)",
        "The clone's history of BRMS is here and could not be restored. *ENDPRC would make its tapes "
        "unknown.",
        "Mend the cause and use FLRCVENV OPTION(*CONTINUE). OPTION(*UNDO) gives the history up, and "
        "the tapes that it knows.",
    ),
    "FLE0046": (
        "Not asked of the array, since nothing was held: &1",
        "The suspend was not reached, so the array was not asked for a copy.",
        "See the message about O50.",
    ),
    "FLE0047": (
        "QUSRBRM is neither the clone's nor production's own: &1",
        "The restore of the clone's QUSRBRM failed or was broken off, and production's own could not be "
        "put back either. Production stays in *STRPRC.",
        "Use no BRMS here. End whoever locks QUSRBRM (WRKOBJLCK). RESTART(O86) restores the clone's "
        "again; with the clone off FLRCVENV OPTION(*UNDO) puts production's own back.",
    ),
    "FLE0048": (
        "QUSRBRM is not as the clone has counted it: &1",
        "The save file that arrived holds another number of objects than the clone has saved. It is not "
        "restored; production stays in *STRPRC.",
        "See the inbox of the run, then use FLRCVENV OPTION(*CONTINUE). OPTION(*UNDO) gives the clone's "
        "history up.",
    ),
    "FLE0049": (
        "There is no environment &1",
        "The spec from which this library was built has no such environment.",
        "Use FLDSPENV for the environments there are, or prompt the command with F4.",
    ),
    "FLE0050": (
        "QSTRUPPGM is not the start-up guard: &1",
        "System value QSTRUPPGM names another program, so a clone would start up as production.",
        "The security officer enters the CHGSYSVAL that flashc deploy prints. The program that stands"
        " there now is kept and called by the guard.",
    ),
    "FLE0051": (
        "Run &2 of &1 is still open, in phase &3",
        "Run &2 of environment &1 is at work, or it ended in phase &3 without being closed. What it "
        "has may not be touched by a new run.",
        "See FLDSPSTS, and wait while it is at work. Otherwise use FLRCVENV for the environment (for *ENDCLN "
        "and the like any environment of the clone): it says what is open and closes it.",
    ),
    "FLE0052": (
        "The guard was not yet seen to work as QPGMR: &1",
        "The start-up guard has to be seen working under QPGMR on production before the first run, "
        "and has left no report of it.",
        "Submit CALL FLBOOT PARM('*REPORT') under QPGMR, as flashc deploy prints it.",
    ),
    "FLE0053": (
        "Run &2 of &1 submitted",
        "The driver of run &2 was submitted.",
        "FLDSPSTS and WRKACTJOB SBS(FLASHC) show it.",
    ),
    "FLE0054": ("No run of &1 is open", "No run of this environment is open.", "Nothing is to be ended."),
    "FLE0055": (
        "Run &2 of &1 was asked to end",
        "The driver of run &2 acts at its next wait, which is at once, and undoes everything first. "
        "In the window it finishes the window.",
        "FLDSPSTS shows when it has ended.",
    ),
    "FLE0056": (
        "Nothing is open for &1",
        "No run of this environment is open, and nothing of one is left on production.",
        "The next run may start.",
    ),
    "FLE0057": (
        "Open: &1",
        "A run of this environment was not closed. The text says what is open.",
        "OPTION(*CONTINUE) goes on where that is possible; OPTION(*UNDO) resumes, undoes and closes.",
    ),
    "FLE0058": (
        "The driver of &1 is alive",
        "The job of the driver is active and does its work, or another job is at work on its "
        "recovery (guard A does that by itself).",
        "Use FLENDENV to end the run in order. WRKOBJLCK on the FLK data areas shows which job it"
        " is: let a recovery end. One that hangs is ended (ENDJOB), then use FLRCVENV again.",
    ),
    "FLE0059": (
        "Something could not be undone in run &1",
        "Something that the run changed is not taken back, so the run stays open.",
        "Mend what the text names first (all of it stands in the notes with FLE0003), then use FLRCVENV: "
        "OPTION(*CHECK) says how to go on.",
    ),
    "FLE0231": (
        "Closed although something was not undone: &1",
        "FLRCVENV OPTION(*CLOSE) was used: somebody has done by hand what the notes with FLE0003 "
        "name, or gives it up.",
        "See that what they name is as it should be.",
    ),
    "FLE0232": (
        "Not seen to be a restored system: &1",
        "The run is open, and FLRCVENV OPTION(*RESTORED) was used; but its record or job "
        "description QGPL/QDFTJOBD was not restored since the run began. So it may be a run of this"
        " very system, with changes that are to be undone.",
        "OPTION(*CHECK) says what is open, OPTION(*UNDO) undoes it. OPTION(*RSTSURE) only where the"
        " disks came back in another way, for instance as a copy by the array.",
    ),
    "FLE0060": (
        "Device: &1",
        "The device is not ready at the clone.",
        "See its status, its assignment to the clone partition and the tape library.",
    ),
    "FLE0061": (
        "BRMS refused *STRBKU on the clone: &1",
        "INZBRM refused *STRBKU on the clone. Nothing was saved.",
        "See the message id; the log of BRMS of the clone is in the inbox of the run.",
    ),
    "FLE0062": (
        "Control group not saved: &1",
        "BRMS did not save the control group. Groups behind it were not started.",
        "See the log of BRMS and the log of its job in the inbox of the run, mend the cause, then run"
        " the environment again.",
    ),
    "FLE0063": (
        "BRMS's log could not be read: &1",
        "The log of BRMS could not be read, so nobody knows what the save is worth. It counts as failed.",
        "See DSPLOGBRM and the listings of the save, and decide whether the tapes are kept.",
    ),
    "FLE0064": (
        "BRMS refused *ENDBKU on the clone: &1",
        "INZBRM refused *ENDBKU on the clone. Its history may not be complete.",
        "See the message id; compare the volumes that were written with BRMS before they are used.",
    ),
    "FLE0066": (
        "System value not changed on the clone: &1",
        "The system value of the spec was not changed on the clone. The save goes on.",
        "The profile may lack the authority for it; see docs/first-night.md.",
    ),
    "FLE0070": (
        "The clone's disks could not be taken off its VIOS: &1",
        "No copy was taken. What was already taken off is put back.",
        "Look at each VIOS that the text names: its RMC connection and its mappings (lsmap). Then "
        "start the run again.",
    ),
    "FLE0071": (
        "The clone's disks are not back on its VIOS: &1",
        "The copy is taken, but the clone's disks are not all on their VIOS, so the clone was not started.",
        "Mend the VIOS, then map the disks: flashrt.pyz vios map, or mkvdev on each VIOS as "
        "runs/vios.CLONE.json says.",
    ),
    "FLE0080": (
        "A command before the run failed: &1",
        "A command of the spec for before the run failed, so the run is refused. It has changed "
        "nothing itself, but the site's commands up to this one have run and have no undo.",
        "See the job log of the command, take back by hand what the commands did where that is "
        "needed, then start again.",
    ),
    "FLE0081": (
        "A command of the site failed: &1",
        "A command of the spec failed, or its limit passed; then it is not known what it did. It has "
        "no undo.",
        "See the job log of the command and do by hand what is missing.",
    ),
    "FLE0082": (
        "More than one schedule entry has this name: &1",
        "More than one job schedule entry has the name that the spec gives, and nobody knows which "
        "one is meant. Nothing was held.",
        "Give the entry a name of its own, build and deploy.",
    ),
    "FLE0083": (
        "Not run while its schedule entry was held: &1",
        "The entry was due while it was held. A released entry is not run late.",
        "Submit its command by hand if it is needed today.",
    ),
    "FLE0084": (
        "Not in a state in which it can be held, ended or varied off: &1",
        "It is not there, is ending, or its state cannot be read, so it was not touched. The run is undone.",
        "See the object that the text names, or take it out of the spec, then start again.",
    ),
    "FLE0085": (
        "A command that is told of the run failed: &1",
        "The command failed, or its limit passed; then it is not known what it did. It decides nothing in "
        "the run.",
        "See the job log of the command: job FLCMD at this time.",
    ),
    "FLE0110": (
        "The save job did not begin: &1",
        "The save job did not come out of its job queue on the clone within the limit. Nothing was saved.",
        "Step C18 names the job queue. See whether it is released and one of the controlling subsystem "
        "(DSPSBSD, option 6); then run the environment again.",
    ),
    "FLE0111": (
        "Saved with exceptions: &1",
        "Everything was tried, and some objects were not saved.",
        "The listing and the job log of the save, in the inbox of the run, name what was left out. "
        "Save it otherwise where it matters.",
    ),
    "FLE0112": (
        "Not saved: &1",
        "A save command failed. Saves behind it were not tried.",
        "See the job log of the save in the inbox of the run, mend the cause, then run the "
        "environment again.",
    ),
    "FLE0113": (
        "Job schedule entries not held on the clone: &1",
        "A job schedule entry of production could not be held on the clone, so no command was run there.",
        "See the note before it; then run the environment again.",
    ),
    "FLE0114": (
        "Command on the clone failed: &1",
        "A command of the spec failed on the clone, or its limit passed.",
        "See the log of its job in the inbox of the run.",
    ),
    "FLE0115": (
        "File not brought: &1",
        "A file that the spec brings home was not there or too large. The other files came all the "
        "same; the work counts as failed.",
        "See the command on the clone that makes the file, and the limit in the spec.",
    ),
    "FLE0240": (
        "BRMS did not take the time of the flash: &1",
        "Incremental saves would count from the clone's save and leave out what production changed since "
        "the flash. Nothing was saved.",
        "Q1AOLD needs the Advanced Feature of BRMS and its PTFs (docs/after-a-save.md); or take "
        "the statement incremental from flash out of the spec and save with *FULL only.",
    ),
    "FLE0241": (
        "BRMS did not give back the time of the flash: &1",
        "The history may bring the time home, and saves of production would be recorded with it.",
        "When the run has ended enter on production: CALL QBRM/Q1AOLD PARM('FLASHTIME ' '*DISABLE  ' "
        "'*ALL CLEAR ').",
    ),
    "FLE0242": (
        "Independent ASP not available at the clone: &1",
        "It was to be varied on, for five minutes at least. Without it the save would leave out what it "
        "holds, so nothing was saved.",
        "See the job log of the clone; vary it on there by hand once, and see what it says.",
    ),
    "FLE0065": (
        "QUSRBRM could not be saved on the clone: &1",
        "QUSRBRM could not be saved on the clone, so its history does not come home.",
        "Name the tapes that the clone wrote to BRMS by hand, or take them out of use (WRKMEDBRM).",
    ),
    "FLE0090": (
        "The clone is handed over: &1",
        "The clone belongs to its users until the time that the text names. No run ends it before. "
        "Nothing was changed.",
        "Its owner gives it back by FLRCVENV OPTION(*GIVENBACK); or wait until its time is over.",
    ),
    "FLE0091": (
        "Schedules are not held on the clone: &1",
        "A job schedule entry of production would run on the clone.",
        SAFE,
    ),
    "FLE0092": (
        "A scheduler is not held on the clone: &1",
        "The hold command of the spec for a scheduler failed, or its proof did.",
        SAFE,
    ),
    "FLE0093": (
        "Job queues are not at rest on the clone: &1",
        "A job queue of production could start jobs on the clone.",
        SAFE,
    ),
    "FLE0094": (
        "What must never start is not prevented: &1",
        "Something that the spec forbids on the clone could start there.",
        SAFE,
    ),
    "FLE0095": ("The system name is not changed: &1", "CHGNETA was refused or has not taken effect.", SAFE),
    "FLE0096": (
        "Host and domain are not changed: &1",
        "CHGTCPDMN was refused or has not taken effect.",
        SAFE,
    ),
    "FLE0097": (
        "Something of production's network is left: &1",
        "An address or a route of production could not be removed.",
        SAFE,
    ),
    "FLE0098": (
        "The clone's own network is not there: &1",
        "An address or a route of the clone's own could not be added.",
        SAFE,
    ),
    "FLE0099": (
        "The end of the clone is not entered: &1",
        "The schedule entry that powers the clone down could not be added.",
        SAFE,
    ),
    "FLE0100": (
        "The clone does not live on as &1",
        "What it could not make of itself stands at C51 to C59. It is in safe mode, and the next run "
        "ends it.",
        "Mend what those steps name, build and deploy, then run the environment again.",
    ),
    "FLE0101": (
        "It stopped while it became another system: &1",
        "The clone ended or was ended while it became another system, so nothing of it is proven.",
        SAFE,
    ),
    "FLE0102": (
        "The product's profile may not use a command: &1",
        "IBM ships the command closed to the public, and the run or its clone would be refused in its midst. "
        "Nothing was changed.",
        "The security officer enters the GRTOBJAUT that flashc plan shows, then start the run again.",
    ),
    "FLE0103": (
        "Clone given back: &1",
        "Its users have given the clone back.",
        "No action is required. The next run may end it.",
    ),
    "FLE0120": (
        "The recovery of &1 failed",
        "Guard A called FLRCVENV because the driver was gone, and FLRCVENV failed.",
        "Use FLRCVENV for the environment yourself. The job log of FLGRDA says why it failed.",
    ),
    "FLE0121": (
        "No BRMS on this system until the end of run &1",
        "The clone writes the history of BRMS for production. Whatever BRMS does here meanwhile would"
        " be lost.",
        "Use no BRMS until the run has ended: no save, no maintenance, no media movement.",
    ),
    "FLE0122": (
        "Run not completed: &1",
        "The run ended with the result and for the reason that the text names.",
        "See the run with FLDSPLOG. Where the result is NEEDSYOU use FLRCVENV, it says what is open.",
    ),
    "FLE0123": (
        "The delivery failed, run &1 waits",
        "All of the delivery lies on the clone and did not reach production. The clone stays on.",
        "Mend the link. On production use FLRCVENV OPTION(*CONTINUE), which brings up its end, then send "
        "here by flashrt.pyz deliver send; docs/when-it-failed.md has both.",
    ),
    "FLE0124": (
        "This clone lives on as &1; nothing forbidden was active",
        "It started, is proven to be its own system, and nothing of what the spec forbids was active.",
        "No action is required.",
    ),
    "FLE0125": (
        "Ended on this clone: &1",
        "The spec says that it never starts on this clone. It was active and was ended within a minute.",
        "Find out what started it and hold that on the clone.",
    ),
    "FLE0126": (
        "The time of this clone is over, it is powered down: &1",
        "The time that the spec gives by EXPIRES AFTER is over.",
        "No action is required. A new run makes a new clone.",
    ),
    "FLE0127": (
        "This clone may not live on: &1",
        "The clone is not proven to be another system than production: the text names what differs. "
        "It stays in safe mode.",
        "Look at it from its console. The next run of its environment makes a new clone.",
    ),
    "FLE0128": (
        "Safe mode. If this is production: CALL &1",
        "The start-up guard found neither production nor a clone with a valid ticket. TCP/IP is kept "
        "down and the console stays usable.",
        "If this is production, enter the CALL that the text names, at the console: safe mode ends and the "
        "site's start-up program, which the text names as well, is called a minute later. Then add this "
        "serial and partition to IDENTITY in the spec. If it is a copy, leave it so or power it down.",
    ),
    "FLE0130": (
        "Open, and production may be suspended: &1",
        "A run was not closed, and production may be suspended.",
        "Use FLRCVENV OPTION(*UNDO) now: it resumes production first, then undoes and closes.",
    ),
    "FLE0129": (
        "The time of this clone is over, safe mode: &1",
        "The time that the spec gives by EXPIRES AFTER is over and the clone was started again. It "
        "stays in safe mode.",
        "No action is required. The next run ends it.",
    ),
    "FLE0133": (
        "Start-up program not found, QSYS/QSTRUP runs instead: &1",
        "Data area FLPRVSTR of the guard's library names a start-up program of the site that does not exist "
        "or that QPGMR may not use. The start-up guard called the system's own.",
        "Start what is missing. Put program and library, ten characters each, into FLPRVSTR.",
    ),
    "FLE0134": (
        "A ticket on production, see FLRCVENV OPTION(*CHECK): &1",
        "Production has a ticket only while a run takes its copy: it stopped then, or this system was "
        "restored from a clone's tape. The ticket was ignored, production has started as always.",
        "Use FLRCVENV OPTION(*RESTORED) if it was restored from a clone's tape; else FLRCVENV "
        "OPTION(*CHECK), and what it proposes.",
    ),
    "FLE0131": (
        "This is not the clone of ticket &1",
        "The start-up guard took this system for the clone of ticket &1, and a second look says "
        "otherwise. Nothing is started.",
        "Safe mode follows. See FLE0128.",
    ),
    "FLE0132": (
        "Ticket &1 is of environment &2, which is not known here",
        "The ticket names an environment that the library in this copy does not have. Nothing is started.",
        "Safe mode follows. Build and deploy on production, then run the environment again.",
    ),
    "FLE0140": (
        "The profile of the run lacks special authorities: &1",
        "Neither the product's profile nor a group of it has them, and a run would be refused by the "
        "system in its midst. Nothing was changed.",
        "The security officer gives them: CHGUSRPRF USRPRF(profile) SPCAUT(...). docs/security.md lists "
        "what each is for.",
    ),
    "FLE0150": (
        "No such restart point: &1",
        "The environment has no restart point of this step code. RESTART() names those that "
        "are possible now.",
        "Use one of them; where it says *NONE start a new run. flashc explain lists the "
        "restart points of an environment.",
    ),
    "FLE0151": (
        "No restart, the flash is not proven: &1",
        "Up to the proof of the flash there is no restart point: what the run had done is undone.",
        "Start a new run with FLSTRENV.",
    ),
    "FLE0152": (
        "No restart, the clone was not started on this flash: &1",
        "This restart point stands on a clone that works, and the run has not powered it on.",
        "Use RESTART(O70) where RESTART() names it, else start a new run.",
    ),
    "FLE0153": (
        "No restart, BRMS here is not in the state for it: &1",
        "Until the history of the clone is here BRMS must still be in *STRPRC, or what it did "
        "since would be lost. Behind that *ENDPRC must be done.",
        "Use what RESTART() names; where it says *NONE start a new run.",
    ),
    "FLE0154": (
        "No restart, the ticket in the copy is too old: &1",
        "The clone would not act on the ticket that the copy holds and would come up in safe mode.",
        "Start a new run with FLSTRENV.",
    ),
    "FLE0155": (
        "No restart, there is no verified delivery: &1",
        "This restart point stands on a delivery that was verified, and there is none.",
        "Use RESTART(O80), which waits for it, where RESTART() names it.",
    ),
    "FLE0156": (
        "Nothing to go on with: &1",
        "The last run on this clone completed, or it was one of another environment.",
        "Start a new run with FLSTRENV.",
    ),
    "FLE0157": (
        "The next scheduled run is skipped: &1",
        "It will do nothing but say so. A run that is started by hand is not affected.",
        "No action is required. SKIP(*CANCEL) takes it back.",
    ),
    "FLE0158": (
        "The next scheduled run is not skipped: &1",
        "It starts as scheduled.",
        NONE,
    ),
    "FLE0159": (
        "Run completed: &1",
        "The run has completed, and its jobs have given back what they held.",
        NONE,
    ),
    "FLE0160": (
        "Not known how it ended, and nobody looks after it: &1",
        "The run has no result, its driver is gone, and guard A has not closed it within half an hour.",
        "Use FLRCVENV, which says what is open, then FLRCVENV OPTION(*UNDO) or FLSTRENV RESTART.",
    ),
    "FLE0161": (
        "Not ended within its limit: &1",
        "The limits of all steps together have passed, and the run goes on. How it will end is not known.",
        "See WRKACTJOB SBS(FLASHC) and the journal. FLENDENV ends the run in order.",
    ),
    "FLE0162": (
        "These parameters exclude each other",
        "SKIP starts nothing, so RESTART, WAIT and SCHEDULED say nothing beside it; a "
        "scheduled start is no restart.",
        "Enter one command for each.",
    ),
    "FLE0163": (
        "Nobody is there to end run &1",
        "The run is open and its driver is gone. Guard A looks after it within minutes.",
        "Use FLRCVENV where it stays open.",
    ),
    "FLE0190": (
        "Environment &2 has no restart point &3",
        "RESTART names a step at which no run of this environment goes on.",
        "Use one that flashc explain lists for the environment. *NO starts a new run.",
    ),
    "O09": (
        "By hand: &1",
        "An operator's command about a clone: what, on which clone, who, why. The locks of a run are taken.",
        NONE,
    ),
    "FLO0117": (
        "The clone was off already: &1",
        "There was nothing to end, and nothing was changed.",
        NONE,
    ),
    "FLE0200": (
        "There is no clone &1",
        "The spec declares no clone of this name that an environment uses.",
        "Prompt the command with F4, which lists the clones, or see the spec.",
    ),
    "FLE0201": (
        "The clone may be saving: &1",
        "Its work began at the time shown and no end of it is known; for the minutes shown it counts "
        "as saving.",
        "Wait for the end of its work. To end it all the same and lose its save: FLENDCLN "
        "OPTION(*IMMED) SAVING(*END).",
    ),
    "FLE0202": (
        "The clone partition is not in a state for this: &1",
        "An orderly end needs an operating system that is up, and a start a partition that is Not Activated.",
        "See the state of the partition. FLENDCLN OPTION(*IMMED) ends it in any state.",
    ),
    "FLE0203": (
        "A ticket in the copy may still act: &1",
        "The copy was taken for work on the clone. Started within the minutes shown from the time "
        "shown on, it would go on with that work.",
        "Wait until that time is over, or take a new copy.",
    ),
    "FLE0204": (
        "The clone's network is not declared isolated: &1",
        "A clone that is started by hand is started only where it can be proven that it reaches no "
        "network of production.",
        "Use a profile without VLANs of production and say NETWORK ISOLATED in the spec; otherwise "
        "start the clone on its console, by somebody who answers for its network.",
    ),
    "FLE0205": (
        "Which copy &1 would start from is not proven",
        "The clone has generations of its copy. Which of them its partition sees is a host mapping on"
        " the array that this product does not change.",
        "Map the volumes of the wanted generation to the clone on the array, and start the partition "
        "on its console in manual mode.",
    ),
    "FLE0206": (
        "The copy is not proven: &1",
        "What the disks of the clone hold is not, or not provably, the copy that a run has taken and "
        "proven last.",
        "See the group on the array. A new run of a safety snapshot gives a copy that is proven.",
    ),
    "FLE0207": (
        "Request about clone &1 submitted",
        "It runs in subsystem FLASHC under the product's profile. You are told of its end by a message.",
        NONE,
    ),
    "FLE0208": (
        "Done: &1",
        "What was asked for about the clone is done, and the state was read afterwards.",
        NONE,
    ),
    "FLE0209": (
        "Not done: &1",
        "What was asked for about the clone was refused or failed. REFUSED: nothing was changed. "
        "FAILED: something was, and the journal has it.",
        "See the reason in the message and the rows of the request in the journal. Where it says "
        "NEEDSYOU or a job died, call FLRCVENV for an environment of the clone.",
    ),
    "FLE0210": (
        "The clone has no group &1",
        "COPY names a consistency group that the spec does not declare for this clone.",
        "Give *OLDEST, *ALL or the name of one of its groups as the spec has it.",
    ),
    "FLE0211": (
        "SAVING(*END) is for OPTION(*IMMED) only",
        "A clone that may be saving is ended at once or not at all.",
        "Give OPTION(*IMMED) as well, or leave SAVING out.",
    ),
    "FLE0212": (
        "Either LIB with TOLIB, or STMF with TOSTMF",
        "A library or an object comes back into a new library, a stream file under a new path. A path "
        "has no apostrophes.",
        "Enter the command with one of the two pairs. F4 prompts for it.",
    ),
    "FLE0213": (
        "Clone &1 gives nothing back",
        "No environment of the spec leaves this clone running with a private link: nothing on it looks "
        "for requests.",
        "Say LEAVE CLONE RUNNING in the spec; it is so from the next run on. Otherwise restore from "
        "what the clone has saved.",
    ),
    "FLE0214": (
        "The clone is not on: &1",
        "Only a clone whose operating system is up can be asked for something.",
        "Start the clone, or take what is needed from its save.",
    ),
    "FLE0215": (
        "It cannot be brought back: &1",
        "The new name is taken, or what is asked for belongs to the system or to the product, or there "
        "is no room.",
        "See the message. Choose another name, or free some space.",
    ),
    "FLE0216": (
        "The clone has not answered: &1",
        "Nothing whole has come within two hours. Not known is whether the clone has what was asked for.",
        "See on the clone whether job FLGIVE is active and its link is up. The command can be entered again.",
    ),
    "FLE0217": (
        "The clone has not saved it: &1",
        "The save on the clone failed, or is larger than production has room for. The message of the "
        "save is in the text.",
        "See the message, and the job log of the clone in the inbox of the request (FLDSPLOG).",
    ),
    "FLE0218": (
        "Not restored: &1",
        "The restore failed. A library that was made for it is deleted again; what was there before is "
        "untouched.",
        "See the job log of the request. The command can be entered again.",
    ),
    "FLE0219": (
        "The clone holds the copy of run &1",
        "RUN names another run than the one whose copy the clone was started on.",
        "Use RUN(*LAST), or restore from what the other run has saved.",
    ),
    "FLE0170": (
        "OK: &1",
        "What was looked at, and what was found. It is as a run needs it.",
        NONE,
    ),
    "FLE0171": (
        "Attention: &1",
        "It keeps no run from its start, and somebody should know it; or it could not be looked at.",
        "Look at what the text names, where it was not expected.",
    ),
    "FLE0172": (
        "Refused: &1",
        "A run would be refused for it. The other points were looked at all the same.",
        "Mend what the text says, then enter FLCHKENV again.",
    ),
    "FLE0174": (
        "Held, not active, or not to be read: &1",
        "A run needs it in another state. UNKNOWN is followed by the message id of why it cannot be read.",
        "Release, start or correct it, then start again.",
    ),
    "FLE0175": (
        "No run could start now (refused / attention): &1",
        "The messages before this one say of each point what was found. The first that "
        "refuses a run is repeated here.",
        "Mend what is refused, then enter FLCHKENV again.",
    ),
    "FLE0176": (
        "A run could start now (refused / attention): &1",
        "The messages before this one say of each point what was found.",
        NONE,
    ),
    "FLE0220": (
        "There is no such run: &1",
        "The journal has no run of this id, or no run of this environment yet.",
        "See FLDSPHST for the runs that there are.",
    ),
    "FLE0221": (
        "The listing could not be shown: &1",
        "It could not be displayed, printed or written; the text names the message of the system.",
        "For *STMF see that the folder is there and that you may write to it, then enter the command again.",
    ),
    "FLE0222": (
        "Listing written: &1",
        "The stream file is in UTF-8, its lines end with line feeds.",
        "No action is needed.",
    ),
    "FLE0223": (
        "Not delivered, or not yours to read: &1",
        "The file is not in the inbox of the run, or you have no authority to it. Adopted authority does not "
        "reach stream files: a delivered file is read with your own.",
        "See FLDSPLOG SECTION(*FILES) for what was delivered. The owner of the product may grant you *RX to "
        "the folders and *R to the file.",
    ),
    "FLE0224": (
        "Production is held, or may be; the listing comes when it goes on",
        "A run is in its window between suspend and resume. Nothing can be listed meanwhile.",
        "It takes seconds. Where it does not, use CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME) from any "
        "session, then FLRCVENV.",
    ),
    "FLE0225": (
        "TOSTMF goes with OUTPUT(*STMF), and that with TOSTMF",
        "OUTPUT(*STMF) was entered without TOSTMF, or TOSTMF with another output.",
        "Enter both, or neither.",
    ),
    "FLE0226": (
        "FILE goes with SECTION(*FILE), and that with FILE",
        "SECTION(*FILE) was entered without FILE, or FILE with another section.",
        "Enter both, or neither. SECTION(*FILES) shows the names.",
    ),
    "FLE0227": (
        "Clone &1 can only be ended at once: OPTION(*IMMED)",
        "The console that powers this clone does not ask a partition's system to end itself. Nothing was "
        "asked of it.",
        "End its system by PWRDWNSYS there, or enter the command with OPTION(*IMMED).",
    ),
    "FLE0230": (
        "The copy cannot be put on the disks of the clone: &1",
        "The array took the instant, but the clone's volumes do not show it, or not all of them. The clone "
        "is not started; production runs.",
        "See the text, mend it on the array, then start the run again.",
    ),
    "FLE0233": (
        "A guard does not say that it watches: &1",
        "Both guards must answer before anything is suspended; one did not within two minutes, or said "
        "something else. Nothing was suspended; the run is undone.",
        "See the job logs of FLGRDA and FLGRDB of this run, then start again.",
    ),
    "FLE0234": (
        "A guard did not say that it left production alone: &1",
        "The array answered well, but a guard may have resumed before that, or was ended. Whether production "
        "stood still for the copy is not known, so it does not count. The clone is not started.",
        "See who ended the guard, and the job logs of FLGRDA and FLGRDB of this run; then start again.",
    ),
    "FLE0235": (
        "BRMS refuses *STRPRC: it may be in force (&1)",
        "Nothing reads the state. Either INZBRM failed behind its effect, and it is of this run, or "
        "somebody else has begun it and his clone may be writing tapes. So it is not ended. Where a job is "
        "named, it has worked in BRMS for minutes, and that alone may be why.",
        "Where a job is named: FLRCVENV OPTION(*UNDO) when it has ended. Else see DSPLOGBRM. Where nobody "
        "else has begun it: INZBRM OPTION(*FLASHCOPY) STATE(*ENDPRC), then OPTION(*UNDO). Where it is "
        "somebody else's: OPTION(*CLOSE) leaves it as it is.",
    ),
    "FLE0236": (
        "The subsystem does not come up: &1",
        "Five minutes were waited for it. A subsystem that somebody has ended and whose jobs take their "
        "time is still ending: a job that is submitted meanwhile would wait in its queue, and nobody would "
        "start it.",
        "See WRKSBS. When it has ended, enter the command again.",
    ),
    "FLE0237": (
        "The profile of the run is disabled: &1",
        "The clone logs in to production by it when its work is done, and could not: nothing would be "
        "delivered, and with BRMS production would wait for a person. Jobs of a disabled profile run on, so "
        "a run would not notice before. Nothing was changed.",
        "Find out what has disabled it (an expiration date, ANZPRFACT, attempts to sign on with it): "
        "DSPUSRPRF, DSPLOG. Then CHGUSRPRF USRPRF(profile) STATUS(*ENABLED).",
    ),
    "FLE0249": (
        "CHGJOB CCSID(37) first: small letters are elsewhere in CCSID &1",
        "In Katakana code pages small Latin letters have other codes: paths, calls of the sidecar and "
        "statements of this command would mean something else in this job. What is held was resumed; "
        "nothing else was done.",
        "CHGJOB CCSID(37), enter the command again, then CHGJOB with the CCSID of before. CHGUSRPRF "
        "CCSID(37) does it for good.",
    ),
    "FLE0250": (
        "QUSRBRM is in use; nothing of it was replaced: &1",
        "This job has files of QUSRBRM allocated, if only to read, and had them for five minutes. Beside it "
        "a part of them would be saved or restored, and a part not.",
        "End what the job does with BRMS (WRKOBJLCK shows the files), then use FLRCVENV OPTION(*CONTINUE).",
    ),
    "FLE0251": (
        "A command of this run is still at work: &1",
        "A job that a run has begun for something that may hang was ended past its limit and is not gone. "
        "Nothing is done beside it.",
        "WRKOBJLCK OBJ(FLKHIST) OBJTYPE(*DTAARA), or the job that is named. When it is gone (ENDJOB, "
        "ENDJOBABN), use FLRCVENV again.",
    ),
    "FLE0252": (
        "Fewer objects of QUSRBRM were restored than saved: &1",
        "The restore ended well, and has counted fewer objects than the clone. It is not taken for whole.",
        "See the job log of FLCMD and the inbox of the run.",
    ),
}
