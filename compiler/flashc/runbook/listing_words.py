"""The words of the displays' listings, by message id: English, Spanish, French.

They are messages, so that a listing is in the language of the partition, and 7-bit sources hold no accent.
Their lengths matter: labels have 24 characters, headings stand over the columns that a program writes.  No
apostrophe: some of them become part of an SQL statement.
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str]] = {
    # titles
    "FLL0001": ("Environments", "Entornos", "Environnements"),
    "FLL0002": ("History of runs", "Historial de ejecuciones", "Historique des exécutions"),
    "FLL0003": ("Log of run &1", "Registro de la ejecución &1", "Exécution &1 : journal"),
    "FLL0004": ("Status", "Estado", "Situation"),
    "FLL0005": ("Delivered by run &1", "Entregado por la ejecución &1", "Exécution &1 : livraison"),
    "FLL0006": ("Run &1", "Ejecución &1", "Exécution &1"),
    "FLL0007": ("Checks of &1", "Comprobaciones de &1", "Contrôles de &1"),
    # environments
    "FLL0010": ("Clone  . . . . . . . . :", "Clon . . . . . . . . . :", "Clone  . . . . . . . . :"),
    "FLL0011": ("Schedule . . . . . . . :", "Planificación  . . . . :", "Planification  . . . . :"),
    "FLL0012": ("Next run . . . . . . . :", "Próxima ejecución  . . :", "Prochaine exécution  . :"),
    "FLL0013": ("Last run . . . . . . . :", "Última ejecución . . . :", "Dernière exécution . . :"),
    "FLL0014": ("State  . . . . . . . . :", "Estado . . . . . . . . :", "Situation  . . . . . . :"),
    "FLL0015": ("Work . . . . . . . . . :", "Trabajo  . . . . . . . :", "Travail  . . . . . . . :"),
    # history
    "FLL0020": (
        "Environment Started              Ended     Took     Result      Run",
        "Entorno     Inicio               Fin       Duración Resultado   Ejecución",
        "Environn.   Début                Fin       Durée    Résultat    Exécution",
    ),
    "FLL0022": (
        "suspended <S> s (quiesce <Q> hold <H> resume <R>)",
        "suspendida <S> s (parada <Q> retención <H> reanudación <R>)",
        "suspendue <S> s (mise au repos <Q> maintien <H> reprise <R>)",
    ),
    "FLL0023": ("No run.", "Ninguna ejecución.", "Aucune exécution."),
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
    "FLL0042": ("No run is open.", "Ninguna ejecución está abierta.", "Aucune exécution ouverte."),
    "FLL0043": ("Run  . . . . . . . . . :", "Ejecución  . . . . . . :", "Exécution  . . . . . . :"),
    "FLL0044": ("Phase  . . . . . . . . :", "Fase . . . . . . . . . :", "Phase  . . . . . . . . :"),
    "FLL0045": ("Began  . . . . . . . . :", "Empezó . . . . . . . . :", "Début  . . . . . . . . :"),
    "FLL0046": ("Driver . . . . . . . . :", "Programa principal . . :", "Pilote . . . . . . . . :"),
    "FLL0047": ("Last step  . . . . . . :", "Último paso  . . . . . :", "Dernière étape . . . . :"),
    "FLL0048": ("Next step  . . . . . . :", "Próximo paso . . . . . :", "Prochaine étape  . . . :"),
    "FLL0049": ("BRMS here  . . . . . . :", "BRMS aquí  . . . . . . :", "BRMS ici . . . . . . . :"),
    "FLL0050": ("Clone last seen  . . . :", "Último signo del clon  :", "Dernier signe du clone :"),
    "FLL0051": ("Ticket here  . . . . . :", "Vale aquí  . . . . . . :", "Ticket ici . . . . . . :"),
    "FLL0032": (
        "No job goes on with it: FLRCVENV.",
        "Ningún trabajo sigue con ella: FLRCVENV.",
        "Aucun travail ne la poursuit : FLRCVENV.",
    ),
    "FLL0052": (
        "What was changed is undone, then the run is closed.",
        "Se deshace lo cambiado y después se cierra la ejecución.",
        "Ce qui a été changé est défait, puis cette exécution est close.",
    ),
    "FLL0053": ("Production . . . . . . :", "Producción . . . . . . :", "Production . . . . . . :"),
    "FLL0054": ("Locks", "Bloqueos", "Verrous"),
    "FLL0057": ("Usual  . . . . . . . . :", "Lo habitual  . . . . . :", "Habituel . . . . . . . :"),
    "FLL0058": ("Sign of life, done . . :", "Signo de vida, hecho . :", "Signe de vie, fait . . :"),
    # what is open of a run: FLRCVENV OPTION(*CHECK)
    "FLL0080": (
        "Its driver is gone: &1",
        "Su programa principal ya no está: &1",
        "Son pilote a disparu : &1",
    ),
    "FLL0081": (
        "Its driver is active: &1",
        "Su programa principal está activo: &1",
        "Son pilote est actif : &1",
    ),
    "FLL0082": (
        "Production is not suspended by this run.",
        "Esta ejecución no suspende producción.",
        "Cette exécution ne suspend pas la production.",
    ),
    "FLL0083": (
        "PRODUCTION MAY BE SUSPENDED, and no guard of the run is left to resume it.",
        "PRODUCCIÓN PUEDE ESTAR SUSPENDIDA y no queda guarda de la ejecución que la reanude.",
        "LA PRODUCTION PEUT ÊTRE SUSPENDUE et aucun gardien de cette exécution ne reste pour la reprendre.",
    ),
    "FLL0084": (
        "Production may be suspended; a guard of the run is there and resumes it.",
        "Producción puede estar suspendida; un guarda de la ejecución está ahí y la reanuda.",
        "La production peut être suspendue ; un gardien de cette exécution est là et la reprend.",
    ),
    "FLL0085": (
        "BRMS is in no *STRPRC of this run.",
        "BRMS no está en *STRPRC por esta ejecución.",
        "BRMS : aucun *STRPRC par cette exécution.",
    ),
    "FLL0086": (
        "BRMS is in *STRPRC by this run: use no BRMS on production.",
        "BRMS está en *STRPRC por esta ejecución: no use BRMS en producción.",
        "BRMS est en *STRPRC par cette exécution : pas de BRMS sur la production.",
    ),
    "FLL0087": (
        "Clone &1 was not started by this run.",
        "Esta ejecución no arrancó el clon &1.",
        "Clone &1 : pas démarré par cette exécution.",
    ),
    "FLL0088": (
        "Clone &1 was started by this run; its work is over, or it was handed over.",
        "Esta ejecución arrancó el clon &1; su trabajo terminó o fue entregado.",
        "Le clone &1 a été démarré par cette exécution ; son travail est fini, ou il a été remis.",
    ),
    "FLL0089": (
        "CLONE &1 MAY STILL BE WRITING: it was started by this run, no end of its work is known.",
        "EL CLON &1 PUEDE ESTAR ESCRIBIENDO: esta ejecución lo arrancó y no se conoce su fin.",
        "LE CLONE &1 ÉCRIT PEUT-ÊTRE ENCORE : démarré par cette exécution, on ne connaît pas sa fin.",
    ),
    "FLL0090": (
        "Locks, undo, console and array are read once production is resumed: reading could wait.",
        "Bloqueos, cambios, consola y cabina se leen con producción reanudada: leer podría esperar.",
        "Verrous, retours, console et baie seront lus une fois la production reprise : lire attendrait.",
    ),
    "FLL0091": (
        "Lock left behind by a job that is gone: &1",
        "Bloqueo de un trabajo que ya no está: &1",
        "Verrou laissé par un travail disparu : &1",
    ),
    "FLL0092": (
        "Lock of a job that is active: &1",
        "Bloqueo de un trabajo activo: &1",
        "Verrou détenu par un travail actif : &1",
    ),
    "FLL0093": ("To be undone: &1", "Por deshacer: &1", "À défaire : &1"),
    "FLL0094": ("The console says: &1", "La consola dice: &1", "La console dit : &1"),
    "FLL0095": ("The array says: &1", "La cabina dice: &1", "La baie dit : &1"),
    "FLL0096": (
        "Wait: the guards resume production. Then again: FLRCVENV ENV(&1)",
        "Espere: los guardas reanudan producción. Después otra vez: FLRCVENV ENV(&1)",
        "Attendez : les gardiens reprennent la production. Ensuite encore : FLRCVENV ENV(&1)",
    ),
    "FLL0097": (
        "Wait: its driver goes on by itself. To end it in order: FLENDENV ENV(&1)",
        "Espere: su programa principal sigue solo. Para terminarla en orden: FLENDENV ENV(&1)",
        "Attendez : son pilote continue seul. Pour la terminer en ordre : FLENDENV ENV(&1)",
    ),
    "FLL0098": (
        "Undo now, it resumes production before anything else: FLRCVENV ENV(&1) OPTION(*UNDO)",
        "Deshaga ya, primero reanuda producción: FLRCVENV ENV(&1) OPTION(*UNDO)",
        "Défaites maintenant, la production reprend avant tout : FLRCVENV ENV(&1) OPTION(*UNDO)",
    ),
    "FLL0099": (
        "Continue, the flash is good and the clone may be at work: FLRCVENV ENV(&1) OPTION(*CONTINUE)",
        "Continúe, la copia es buena y el clon puede trabajar: FLRCVENV ENV(&1) OPTION(*CONTINUE)",
        "Continuez, la copie est bonne, le clone travaille peut-être : FLRCVENV ENV(&1) OPTION(*CONTINUE)",
    ),
    "FLL0100": (
        "Continue: the flash is proven. Mend the cause, then FLSTRENV ENV(&1",
        "Continúe: la copia está probada. Corrija la causa, después FLSTRENV ENV(&1",
        "Continuez : la copie est prouvée. Corrigez la cause, puis FLSTRENV ENV(&1",
    ),
    "FLL0101": (
        "End the clone (FLENDCLN): BRMS leaves *STRPRC only with it off. Then FLRCVENV ENV(&1) OPTION(*UNDO)",
        "Termine el clon (FLENDCLN): BRMS deja *STRPRC solo con él apagado. Después FLRCVENV ENV(&1) "
        "OPTION(*UNDO)",
        "Arrêtez le clone (FLENDCLN) : BRMS ne quitte *STRPRC que clone éteint. Puis FLRCVENV ENV(&1) "
        "OPTION(*UNDO)",
    ),
    "FLL0102": (
        "Undo, no restart point is left; what it changed goes back: FLRCVENV ENV(&1) OPTION(*UNDO)",
        "Deshaga, no hay punto de rearranque; lo que cambió vuelve atrás: FLRCVENV ENV(&1) OPTION(*UNDO)",
        "Défaites, plus de point de reprise ; ce qui a changé revient : FLRCVENV ENV(&1) OPTION(*UNDO)",
    ),
    "FLL0103": (
        "Close, no restart point is left and nothing is left to undo: FLRCVENV ENV(&1) OPTION(*UNDO)",
        "Cierre, no hay punto de rearranque ni nada que deshacer: FLRCVENV ENV(&1) OPTION(*UNDO)",
        "Clôturez, plus de point de reprise, rien à défaire : FLRCVENV ENV(&1) OPTION(*UNDO)",
    ),
    "FLL0104": (
        "Not undone here, see that it is not so on this system: what the copy had to undo was &1",
        "No se deshace aquí, vea que no sea así en este sistema: la copia tenía por deshacer &1",
        "Non défait ici, vérifiez sur ce système : la copie avait à défaire &1",
    ),
    "FLL0105": (
        "Restored since the run began, nothing of it was done here: FLRCVENV ENV(&1) OPTION(*RESTORED)",
        "Restaurado después de empezar la ejecución, aquí nada se hizo: FLRCVENV ENV(&1) OPTION(*RESTORED)",
        "Restauré depuis le début de cette exécution, ici rien ne fut fait : FLRCVENV ENV(&1) "
        "OPTION(*RESTORED)",
    ),
    "FLL0106": (
        "What else is open is not known, nobody could read &1.",
        "No se sabe qué más está abierto, nadie pudo leer &1.",
        "On ne sait pas ce qui est encore ouvert : impossible de lire &1.",
    ),
    "FLL0107": (
        "BRMS refused *STRPRC of this run; it may be in force: use no BRMS on production.",
        "BRMS rechazó *STRPRC de esta ejecución; puede estar en vigor: no use BRMS en producción.",
        "BRMS a refusé *STRPRC de cette exécution ; peut-être en vigueur : pas de BRMS sur la production.",
    ),
    "FLL0108": (
        "See DSPLOGBRM. If nobody else began *STRPRC, end it by INZBRM, then FLRCVENV ENV(&1) OPTION(*UNDO)",
        "Vea DSPLOGBRM. Si nadie más empezó *STRPRC, termínelo con INZBRM, después FLRCVENV "
        "ENV(&1) OPTION(*UNDO)",
        "Voyez DSPLOGBRM. Si nul autre ne tient *STRPRC, terminez-le par INZBRM, puis FLRCVENV "
        "ENV(&1) OPTION(*UNDO)",
    ),
    "FLL0109": (
        "Undone already, only its row in the journal is still to be written: &1",
        "Ya deshecho, solo falta escribir su fila en el diario: &1",
        "Déjà défait, il ne manque que sa ligne dans le journal : &1",
    ),
    "FLL0110": (
        "QUSRBRM MAY BE HALF OF THE CLONE: a restore was broken off. RESTART(O86) does it again.",
        "QUSRBRM PUEDE SER A MEDIAS LA DEL CLON: se interrumpió una restauración. RESTART(O86) la repite.",
        "QUSRBRM EST PEUT-ÊTRE À MOITIÉ CELLE DU CLONE : restauration rompue. RESTART(O86) la refait.",
    ),
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
