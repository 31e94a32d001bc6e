"""A night that fails where operators read French: journal, QSYSOPR and mail say why in that language."""

from __future__ import annotations

from flashtwin.objects import MessageQueue
from nights import played

ARRAY_REFUSES = (('keys = ["v7000_ed25519"]', 'keys = ["another"]'),)
FRENCH = (("    library   BCKFLASHP\n", "    library   BCKFLASHP\n    language  french\n"),)


def test_everybody_reads_why() -> None:
    with played((), ARRAY_REFUSES, spec=FRENCH) as night:
        assert (night.run.result, night.run.broken) == ("refused", ())
        (note,) = [step.text for step in night.run.steps if step.msgid == "FLE0007"]
        assert note.startswith("Contrôle en échec : ")
        (verdict,) = [step.text for step in night.run.steps if step.code == "O99"]
        assert verdict.startswith("Résultat : REFUSED O06 FLE0007 Contrôle en échec : ")
        queue = night.stage.image.find("QSYS", "QSYSOPR", "*MSGQ")
        assert isinstance(queue, MessageQueue)
        (told,) = [one.text for one in queue.messages if one.msgid.startswith("FLE")]
        assert told.startswith("Exécution non terminée : DAILY REFUSED O06 FLE0007 Contrôle en échec : ")
        *_, mail = night.stage.world.events.of("mail")
        assert "REFUSED O06 FLE0007 Contrôle en échec : " in str(mail["text"])
