"""A parameter that a handler does not look at ends the rehearsal instead of passing quietly."""

from __future__ import annotations

import pytest
from flashtwin.errors import TwinError
from kernelbench import Machine


def test_a_parameter_that_is_not_modelled_fails(machine: Machine) -> None:
    machine.submit("ALCOBJ OBJ((QSYS/QSYSOPR *MSGQ *SHRRD)) SCOPE(*THREAD)")
    with pytest.raises(TwinError, match="parameter SCOPE of the command ALCOBJ"):
        machine.run(10)


def test_a_parameter_without_effect_passes(machine: Machine) -> None:
    job = machine.submit("CRTDTAARA DTAARA(APP/X) TYPE(*CHAR) TEXT('a text')")
    machine.run(10)
    assert machine.end_code(job) == 0
