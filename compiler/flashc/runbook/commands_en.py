"""The prompts and help panels of the native commands in English."""

from flashc.runbook.command_texts import CommandText, CommandWords, PanelText, ParameterText

PANEL = PanelText(
    help_title="{of} - Help",
    restrictions="Restrictions:",
    production_only="It works on production only; on any other partition it ends with an error.",
    for_operators="Members of the authorization list {library} may use it; what acts is submitted and runs "
    "under user profile {user}.",
    for_the_user="Only user profile {user}, or one with *ALLOBJ, may use it.",
    required="This is a required parameter.",
    up_to="You can specify up to {count} values.",
    examples_title="Examples for {command}",
    example="Example {number}",
    messages_title="Error messages for {command}",
    escapes="*ESCAPE Messages",
    environment="{work} on clone {clone}.",
    work={"none": "safety snapshot", "save21": "whole system", "user": "commands of the site"},
    partition="Partition {label}.",
)

# parameters that several commands have
ENV = ParameterText("Environment", ("The environment, as the spec names it.",))
SOME_ENV = ParameterText("Environment", ENV.help, {"*ALL": "All environments of this partition."})
REASON = ParameterText(
    "Reason",
    ("Why, in your own words. It stands in the journal.",),
    other=("character-value", "What is written."),
)
OUTPUT = ParameterText(
    "Output",
    ("Where the listing goes. It is 80 columns wide, delivered files are shown as they are.",),
    {
        "*": "Shown on the display; in a batch job printed.",
        "*PRINT": "Printed with the spooled output of the job, under the name of the command.",
        "*STMF": "Written to the stream file of TOSTMF, with your own authority.",
    },
)
TOSTMF = ParameterText(
    "To stream file",
    ("Path of the stream file; it is replaced. UTF-8, its lines end with line feeds.",),
    choice="Path name",
)
LISTING = {"OUTPUT": OUTPUT, "TOSTMF": TOSTMF}
CLONE = ParameterText("Clone", ("The clone, as the spec declares it. No other partition is ever touched.",))
REQUEST = {
    "WAIT": ParameterText(
        "Wait for the end",
        ("Whether the command ends when what was asked for is done.",),
        {
            "*NO": "It ends when the request is submitted.",
            "*YES": "It ends with the request, by an escape message where it is not done.",
        },
    ),
    "REASON": ParameterText(
        "Reason",
        ("Why, in your own words. It stands in the journal, with who entered the command.",),
        {"*NONE": "No reason is given."},
        choice="Character value",
    ),
}

COMMANDS = {
    "FLSTRENV": CommandText(
        "Start Environment (flashc)",
        (
            "Starts a run: it checks, prepares the flash, holds production for the moment of the flash, "
            "starts the clone on the copy, has it do its work and brings the results home.",
            "The run is submitted to subsystem FLASHC, which the command starts where it is down, and the "
            "command returns at once. Every step of the run stands in the journal, table FLJRN.",
        ),
        {
            "ENV": ENV,
            "RESTART": ParameterText(
                "Restart point",
                (
                    "Where the last run of the environment goes on when the cause of its failure is "
                    "repaired. A restart point is a step behind the proof of the flash; it proves anew what "
                    "it stands on.",
                ),
                {
                    "*NO": "A new run.",
                    "O70": "The clone is powered on: the flash is good, the clone is off.",
                    "O80": "The clone is watched on, and its delivery taken over when it comes.",
                    "O86": "The delivery is here: it is taken over, and BRMS's history with it.",
                    "O93": "The site's commands at the end, from the first that is not done.",
                    "O96": "BRMS maintenance and the site's commands at the end, from the first that is "
                    "not done.",
                },
            ),
            "SKIP": ParameterText(
                "Skip next scheduled run",
                (
                    "Whether the next scheduled run of the environment is left out. Nothing is started; a "
                    "run that is started by hand is not affected.",
                ),
                {
                    "*NO": "Nothing is skipped.",
                    "*YES": "The next scheduled run does nothing but say so; the one after it runs.",
                    "*CANCEL": "Takes back an earlier *YES.",
                },
            ),
            "REASON": REASON,
            "WAIT": ParameterText(
                "Wait for the end of the run",
                ("Whether the command ends with the run, as other schedulers want it.",),
                {
                    "*NO": "It ends when the run is submitted.",
                    "*YES": "It ends with a completion message when the run completed, else with the "
                    "driver's escape message, or with one that says that the end is not known.",
                },
            ),
            "SCHEDULED": ParameterText(
                "Called by a scheduler",
                ("Whether this is a scheduled start. Schedule entries of the product say *YES.",),
                {
                    "*NO": "Somebody starts it: SKIP is not looked at.",
                    "*YES": "A scheduler starts it: where SKIP(*YES) was asked for it does nothing.",
                },
            ),
        },
        (
            "Starts a run of the environment.",
            "The last run goes on waiting for what its clone delivers.",
            "The next scheduled run is none.",
            "What another scheduler enters: it ends as the run ends.",
        ),
        reasons=("link repaired", "month end"),
    ),
    "FLENDENV": CommandText(
        "End Environment (flashc)",
        (
            "Ends a run in order: what it changed on production is undone in reverse order, and the run is "
            "closed. The driver acts at its next wait, which is at once; production is never left held.",
            "A window ends first. What the clone has delivered is taken over first; what would follow is "
            "left out. The clone itself is left as it is: while it may write tapes, BRMS here stays in "
            "*STRPRC, and FLSTRENV RESTART(O80) watches it on.",
        ),
        {
            "ENV": ENV,
            "REASON": REASON,
            "WAIT": ParameterText(
                "Wait until all is undone",
                ("Whether the command ends when the run has ended.",),
                {
                    "*NO": "It ends when the driver is asked.",
                    "*YES": "It ends with the run, by an escape message where something could not be undone.",
                },
            ),
        },
        ("Ends the run that is open.", "The command ends when everything is undone."),
        reasons=("users complain",),
    ),
    "FLCHKENV": CommandText(
        "Check Environment (flashc)",
        (
            "Asks everything that a run asks before it touches anything, and changes nothing: not here, not "
            "on the HMC, not in the array.",
            "A message for each point says what was looked at and what was found: OK, attention, or refused "
            "and what to do. All points are looked at, whatever is found. It ends with a completion message "
            "when a run could start now, else with an escape message; both count what was refused, and what "
            "wants attention. A run begins with the same checks; they are in its job log.",
            "Another run that has the locks of this one is named with its job, and so is one that died and "
            "left them. No lock is taken for that, so no run is refused because somebody checks.",
        ),
        {
            "ENV": ENV,
            "OUTPUT": ParameterText(
                OUTPUT.prompt,
                OUTPUT.help,
                {
                    "*MSG": "Messages only. All other values give the messages and a listing of them.",
                    **OUTPUT.values,
                },
            ),
            "TOSTMF": TOSTMF,
        },
        ("Says whether a run could start now.", "The same, and prints it."),
    ),
    "FLRCVENV": CommandText(
        "Recover Environment (flashc)",
        (
            "Looks at a run that died or was left open, says what of it is still open, and continues, undoes "
            "or closes it.",
        ),
        {
            "ENV": ENV,
            "OPTION": ParameterText(
                "What to do",
                (
                    "What is done with the run that is open. Each may be given again: twice is as good as "
                    "once.",
                ),
                {
                    "*CHECK": "Says what is open, and changes nothing.",
                    "*UNDO": "Resumes production first of all, undoes what the run changed, and closes it.",
                    "*CLOSE": "As *UNDO, and closes the run although something could not be undone: it was "
                    "done by hand, or is given up. Never while production may be suspended or BRMS has to "
                    "stay in *STRPRC.",
                    "*CONTINUE": "Goes on watching the clone of a good flash.",
                    "*UNATTEND": "Does what guard A does by itself: continues where that is safe, or undoes.",
                    "*RESTORED": "This system came from a clone's tape: clears the ticket and closes the "
                    "run, undoes nothing. Refused unless its objects were restored since the run began.",
                    "*RSTSURE": "As *RESTORED, where the objects do not show it: the disks were brought "
                    "back in another way, and you are sure that the run never was at work here.",
                    "*GIVENBACK": "A clone that was handed over comes back: the next run may end it.",
                },
            ),
        },
        ("Says what is open; nothing is changed.", "Resumes, undoes and closes."),
    ),
    "FLENDCLN": CommandText(
        "End Clone (flashc)",
        (
            "Ends the partition of a declared clone: {how}, and it is waited for until the console reports "
            "Not Activated. By force only where that is asked for.",
            "A clone that may be saving is not ended, but by OPTION(*IMMED) with SAVING(*END); the devices "
            "that it may have written on are then named in the journal. A clone that was handed over is "
            "ended by its owner.",
            "What acts is submitted; the command returns at once. It takes the locks of a run, so that none "
            "begins meanwhile, and is refused while one is open. Behind a run that needs somebody (NEEDSYOU) "
            "it works, and leaves that run open for FLRCVENV.",
        ),
        {
            "CLONE": CLONE,
            "OPTION": ParameterText(
                "How to end",
                ("How the partition is ended.",),
                {
                    "*CNTRLD": "In order: the operating system ends itself.",
                    "*IMMED": "At once, as by the panel's hard stop.",
                },
            ),
            "DELAY": ParameterText(
                "Seconds to wait",
                ("How long an orderly end may take.",),
                choice="{least}-{most} seconds",
            ),
            "FORCE": ParameterText(
                "End at once after the delay",
                ("What is done when the delay has passed and the partition is not off.",),
                {
                    "*NO": "Nothing: the request fails, and the partition is as it is.",
                    "*YES": "It is ended by the panel's hard stop.",
                },
            ),
            "SAVING": ParameterText(
                "A clone that may be saving",
                ("What is done with a clone of which no end of its work is known.",),
                {
                    "*REFUSE": "It is left alone.",
                    "*END": "It is ended all the same, with OPTION(*IMMED); its save is lost.",
                },
            ),
            **REQUEST,
        },
        ("Ends the clone in order.", "Ends the clone at once.", "Ends a clone that hangs in its save."),
        reasons=("tape library fails",),
        phrases={
            "in order": "its operating system is asked to end",
            "at once": "its console ends it at once",
            "hard only": "The console of {clones} asks no system to end: *IMMED only.",
        },
    ),
    "FLSTRCLN": CommandText(
        "Start Clone (flashc)",
        (
            "Starts the partition of a declared clone by hand, on the copy that its disks hold: a safety "
            "snapshot that is needed, or a clone that was ended.",
            "It is refused unless the partition is off, no network of production is in its profile, its "
            "disks are those of the groups and nobody else's, the copy is the one that a run has proven, and "
            "no ticket in the copy can still act. What boots asks the start-up guard who it is: without a "
            "ticket it comes up in safe mode.",
        ),
        {
            "CLONE": CLONE,
            "MODE": ParameterText(
                "Mode of the IPL",
                ("The position of the keylock.",),
                {
                    "*MANUAL": "The IPL waits for somebody at the system console of the clone.",
                    "*NORMAL": "It goes on by itself; the start-up guard decides.",
                },
            ),
            **REQUEST,
        },
        ("Starts the clone; somebody goes on at its console.", "Starts it unattended, into safe mode."),
    ),
    "FLRLSCLN": CommandText(
        "Release Clone's Copy (flashc)",
        (
            "Releases the copy of a clone: its consistency group is stopped, so that nothing on the array "
            "depends on it any more, and where its disks come through VIOS they are taken away first. The "
            "copy is lost.",
            "It is refused unless the clone is Not Activated, each copy is one that a run has proven and "
            "nobody has taken anew since, and the spec does not keep it.",
        ),
        {
            "CLONE": CLONE,
            "COPY": ParameterText(
                "Copy to release",
                ("Which copy, where the clone has generations.",),
                {"*OLDEST": "The one that the next run would use.", "*ALL": "All of them."},
                choice="Name of a consistency group",
            ),
            "KEEP": ParameterText(
                "Copies that the spec keeps",
                ("What is done with a copy that is younger than KEEP SNAPSHOT of the spec says.",),
                {
                    "*KEEP": "It is kept: the request is refused.",
                    "*RELEASE": "It is released all the same.",
                },
            ),
            **REQUEST,
        },
        ("Releases the copy that the next run would use.", "Releases all copies."),
    ),
    "FLGETCLN": CommandText(
        "Get from Clone (flashc)",
        (
            "Brings a library, an object or a stream file back from a clone that is still on, as it was when "
            "the copy was taken, under another name. Nothing on production is replaced.",
            "The clone is asked by the inbox, where it looks every three minutes while production's end of "
            "the link is up. What it saves is sent home with its hashes, verified, and restored: objects "
            "into a library that is made for them, which belongs to the product's profile and is closed to "
            "the public; a stream file with the owner and the public authority that it had. Private "
            "authorities do not come back.",
            "It is refused unless the clone is on and its disks hold the copy that a run has proven, and for "
            "what belongs to the system or to the product. The spec must leave the clone running. What acts "
            "is submitted; it takes the locks of a run, so that none begins meanwhile.",
        ),
        {
            "CLONE": CLONE,
            "LIB": ParameterText("Library", ("The library that is wanted, or that of the object.",)),
            "OBJ": ParameterText(
                "Object", ("The object of the library.",), {"*ALL": "All objects of the library."}
            ),
            "OBJTYPE": ParameterText(
                "Object type",
                ("The type of the object, such as *FILE.",),
                {"*ALL": "All types."},
                choice="*ALL, *FILE, *PGM...",
            ),
            "TOLIB": ParameterText(
                "New library",
                ("The library that is made for what comes back. There must be none of this name.",),
            ),
            "STMF": ParameterText(
                "Stream file",
                (
                    "Path of the stream file on the clone, from the root: letters, digits and . _ @ # $ - in "
                    "the names of its folders and its own.",
                ),
                choice="Path name",
            ),
            "TOSTMF": ParameterText(
                "New stream file",
                ("Path under which it comes back. Its folder must be there, the file not.",),
                choice="Path name",
            ),
            "RUN": ParameterText(
                "Run of the copy",
                ("The run that took the copy, as FLDSPHST shows it.",),
                {"*LAST": "The copy that the clone has, whichever it is."},
                choice="*LAST, YYYYMMDDhhmmss",
            ),
            **REQUEST,
        },
        (
            "Brings library PAYROLL back as PAYROLLOLD.",
            "Brings one file back into a library of its own, and waits for it.",
            "Brings a stream file back under another name.",
        ),
    ),
    "FLDSPENV": CommandText(
        "Display Environments (flashc)",
        (
            "Shows the environments: when they run, on which clone, what the clone does, the next run as the "
            "job scheduler has it, the last run with its result, and the state.",
        ),
        {"ENV": SOME_ENV, **LISTING},
        ("Shows all environments.", "Prints one, as spooled file FLDSPENV."),
    ),
    "FLDSPHST": CommandText(
        "Display History (flashc)",
        (
            "Shows the runs that the journal has, the newest first: start, end, result, how long production "
            "was held (split into quiesce, hold and resume), and the verdicts.",
        ),
        {
            "ENV": ParameterText(
                SOME_ENV.prompt,
                SOME_ENV.help,
                {
                    **SOME_ENV.values,
                    "*BYHAND": "Requests by FLENDCLN, FLSTRCLN, FLRLSCLN and FLGETCLN; they belong to no "
                    "environment.",
                },
            ),
            "FROMDATE": ParameterText(
                "From date",
                ("Runs that started on this date or later.",),
                {"*AVAIL": "All runs that the journal has."},
                choice="Date, *AVAIL",
            ),
            "RESULT": ParameterText(
                "Result",
                ("Runs with this result only.",),
                {
                    "*ALL": "Runs with any result.",
                    "COMPLETED": "The save and its delivery are verified.",
                    "FAILED": "What was changed is undone.",
                    "REFUSED": "Nothing was changed.",
                    "NEEDSYOU": "Something is left that only you can do: see FLRCVENV.",
                    "OPEN": "It has no result yet.",
                },
            ),
            **LISTING,
        },
        (
            "Shows all runs.",
            "Shows those of one that failed.",
            "Shows what was asked of clones by hand.",
        ),
    ),
    "FLDSPLOG": CommandText(
        "Display Log of a Run (flashc)",
        (
            "Shows the log of one run: the steps of both partitions by their time, or a file that the clone "
            "delivered. Delivered files are read with your own authority to the folder of the product.",
        ),
        {
            "RUN": ParameterText(
                "Run",
                ("The run whose log is shown.",),
                {"*LAST": "The run that started last."},
                choice="14 digits, *LAST",
            ),
            "ENV": SOME_ENV,
            "SIDE": ParameterText(
                "Side",
                ("Whose steps are shown.",),
                {
                    "*BOTH": "Those of both partitions by their time, each in a column of its own.",
                    "*SOURCE": "Those of production.",
                    "*CLONE": "Those of the clone, as far as they were delivered.",
                },
            ),
            "SECTION": ParameterText(
                "Section",
                ("Which part of the log is shown.",),
                {
                    "*STEPS": "The steps, with code and text.",
                    "*FILES": "What the clone delivered: the names and sizes of its files.",
                    "*QHST": "The history log of the clone.",
                    "*JOBLOG": "The job log of the clone's last program.",
                    "*FILE": "The delivered file that FILE names.",
                },
            ),
            "FILE": ParameterText(
                "Delivered file",
                ("A file that SECTION(*FILES) names: the log of a job, the listing of a save.",),
                choice="Name",
            ),
            **LISTING,
        },
        (
            "Shows the steps of the last run.",
            "Shows what the last run delivered.",
            "Writes the steps of this run to a stream file.",
        ),
    ),
    "FLDSPSTS": CommandText(
        "Display Status (flashc)",
        (
            "Shows what is going on now: whether production may be suspended, the runs that are open with "
            "their phase, their last and next step and whether their driver is alive, the state of BRMS, "
            "what was last seen of the clone, and who holds which lock.",
            "It asks neither the console nor the array: it shows what the run has written down.",
        ),
        {"ENV": SOME_ENV, **LISTING},
        ("Shows what is going on now.",),
    ),
}

WORDS = CommandWords(COMMANDS, PANEL)
