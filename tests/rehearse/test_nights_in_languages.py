"""Nights on a system whose operators read Spanish or French: the journal and QSYSOPR are in that language."""

from __future__ import annotations

from pathlib import Path

import pytest
from flashc.bundle import build
from flashc.check import load
from flashc.cli.rehearsing import rehearse
from flashc.cli.runs import Run
from rehearsed import EXAMPLES, only, site


def night_in(language: str, folder: Path) -> Run:
    text = (EXAMPLES / "nightly_brms.flash").read_text(encoding="utf-8")
    old = "    library   BCKFLASHP\n"
    assert text.count(old) == 1
    file = folder / "nightly_brms.flash"
    file.write_text(text.replace(old, f"{old}    language  {language}\n"), encoding="utf-8")
    spec, problems = load(str(file))
    assert spec is not None, problems
    return only(rehearse(spec, build(spec)[0], site(), mode="memory"))


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "spanish",
            {
                "O22": "Trabajo retenido: 141601/QUSRSSH/CPY",
                "O55": "Flash realizado: startfcconsistgrp SISTPROD_24",
                "C30": "Fin de la copia",
                "C70": "Última anotación desde el clon",
                "O99": "Resultado: COMPLETED",
            },
        ),
        (
            "french",
            {
                "O22": "Travail suspendu : 141601/QUSRSSH/CPY",
                "O55": "Flash pris : startfcconsistgrp SISTPROD_24",
                "C30": "Fin de la sauvegarde",
                "C70": "Dernière note du clone",
                "O99": "Résultat : COMPLETED",
            },
        ),
    ],
)
def test_a_night_in_another_language(language: str, texts: dict[str, str], tmp_path: Path) -> None:
    run = night_in(language, tmp_path)
    assert (run.result, run.broken) == ("completed", ())
    for code, text in texts.items():
        rows = [step.text for step in run.steps if step.code == code]
        assert any(row.startswith(text) for row in rows), (code, rows)
