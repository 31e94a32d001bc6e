"""The words of the displays' listings, by message id: English, Spanish, French.

They are messages, so that a listing is in the language of the partition, and 7-bit sources hold no accent.
Their lengths matter: labels have 24 characters, headings stand over the columns that a program writes.  No
apostrophe: some of them become part of an SQL statement.
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str]] = {
    # titles
    "FLL0001": ("Environments", "Entornos", "Environnements"),
    "FLL0002": ("History of runs", "Historial de ejecuciones", "Historique des passages"),
    "FLL0003": ("Log of run &1", "Registro de la ejecución &1", "Journal du passage &1"),
    "FLL0004": ("Status", "Estado", "Situation"),
    "FLL0005": ("Delivered by run &1", "Entregado por la ejecución &1", "Livraison du passage &1"),
    "FLL0006": ("Run &1", "Ejecución &1", "Passage &1"),
    "FLL0007": ("Checks of &1", "Comprobaciones de &1", "Contrôles de &1"),
    # environments
    "FLL0010": ("Clone  . . . . . . . . :", "Clon . . . . . . . . . :", "Clone  . . . . . . . . :"),
    "FLL0011": ("Schedule . . . . . . . :", "Planificación  . . . . :", "Planification  . . . . :"),
    "FLL0012": ("Next run . . . . . . . :", "Próxima ejecución  . . :", "Prochain passage . . . :"),
    "FLL0013": ("Last run . . . . . . . :", "Última ejecución . . . :", "Dernier passage  . . . :"),
    "FLL0014": ("State  . . . . . . . . :", "Estado . . . . . . . . :", "Situation  . . . . . . :"),
    "FLL0015": ("Work . . . . . . . . . :", "Trabajo  . . . . . . . :", "Travail  . . . . . . . :"),
    # history
    "FLL0020": (
        "Environment Started              Ended     Took     Result      Run",
        "Entorno     Inicio               Fin       Duración Resultado   Ejecución",
        "Environn.   Début                Fin       Durée    Résultat    Passage",
    ),
    "FLL0022": (
        "suspended <S> s (quiesce <Q> hold <H> resume <R>)",
        "suspendida <S> s (parada <Q> retención <H> reanudación <R>)",
        "suspendue <S> s (mise au repos <Q> maintien <H> reprise <R>)",
    ),
    "FLL0023": ("No run.", "Ninguna ejecución.", "Aucun passage."),
    # log
    "FLL0030": (
        "Time        Source Clone  Text",
        "Hora        Origen Clon   Texto",
        "Heure       Source Clone  Texte",
    ),
    "FLL0031": ("(begun)", "(empezado)", "(en cours)"),
    # status
    "FLL0040": ("Production runs.", "Producción funciona.", "La production tourne."),
    "FLL0041": (
        "PRODUCTION MAY BE SUSPENDED. If it does not go on: FLRCVENV OPTION(*UNDO)",
        "PRODUCCIÓN PUEDE ESTAR SUSPENDIDA. Si no continúa: FLRCVENV OPTION(*UNDO)",
        "PRODUCTION PEUT-ÊTRE SUSPENDUE. Si elle ne reprend pas : FLRCVENV OPTION(*UNDO)",
    ),
    "FLL0042": ("No run is open.", "Ninguna ejecución está abierta.", "Aucun passage ouvert."),
    "FLL0043": ("Run  . . . . . . . . . :", "Ejecución  . . . . . . :", "Passage  . . . . . . . :"),
    "FLL0044": ("Phase  . . . . . . . . :", "Fase . . . . . . . . . :", "Phase  . . . . . . . . :"),
    "FLL0045": ("Began  . . . . . . . . :", "Empezó . . . . . . . . :", "Commencé . . . . . . . :"),
    "FLL0046": ("Driver . . . . . . . . :", "Conductor  . . . . . . :", "Pilote . . . . . . . . :"),
    "FLL0047": ("Last step  . . . . . . :", "Último paso  . . . . . :", "Dernière étape . . . . :"),
    "FLL0048": ("Next step  . . . . . . :", "Próximo paso . . . . . :", "Prochaine étape  . . . :"),
    "FLL0049": ("BRMS here  . . . . . . :", "BRMS aquí  . . . . . . :", "BRMS ici . . . . . . . :"),
    "FLL0050": ("Clone last seen  . . . :", "Último signo del clon  :", "Dernier signe du clone :"),
    "FLL0051": ("Ticket here  . . . . . :", "Vale aquí  . . . . . . :", "Ticket ici . . . . . . :"),
    "FLL0032": (
        "No job goes on with it: FLRCVENV.",
        "Ningún trabajo sigue con ella: FLRCVENV.",
        "Aucun travail ne le poursuit : FLRCVENV.",
    ),
    "FLL0052": (
        "What was changed is undone, then the run is closed.",
        "Se deshace lo cambiado y después se cierra la ejecución.",
        "Ce qui a été changé est défait, puis le passage est clos.",
    ),
    "FLL0053": ("Production . . . . . . :", "Producción . . . . . . :", "Production . . . . . . :"),
    "FLL0054": ("Locks", "Bloqueos", "Verrous"),
    "FLL0057": ("Usual  . . . . . . . . :", "Lo habitual  . . . . . :", "Habituel . . . . . . . :"),
    "FLL0058": ("Sign of life, done . . :", "Signo de vida, hecho . :", "Signe de vie, fait . . :"),
    "FLL0055": ("active", "activo", "actif"),
    "FLL0056": ("not active", "no activo", "inactif"),
}

_SAID = (
    ("Words of a listing.", "No action is needed."),
    ("Palabras de un listado.", "No se requiere ninguna acción."),
    ("Mots d'une liste.", "Aucune action n'est nécessaire."),
)


def texts(language: int) -> dict[str, tuple[str, str, str]]:
    """Text, cause and recovery by message id; the languages are 0 English, 1 Spanish, 2 French."""
    return {msgid: (words[language], *_SAID[language]) for msgid, words in WORDS.items()}
