"""The prompts and help panels of the native commands in French, in the terms of IBM i in that language."""

from flashc.runbook.command_texts import CommandText, CommandWords, PanelText, ParameterText

PANEL = PanelText(
    help_title="{of} - Aide",
    restrictions="Restrictions :",
    production_only="La commande n'agit qu'en production ; sur toute autre partition elle se termine par une "
    "erreur.",
    for_operators="Les membres de la liste d'autorisations {library} peuvent l'utiliser ; ce qui agit est "
    "soumis et s'exécute sous le profil utilisateur {user}.",
    for_the_user="Seul le profil utilisateur {user}, ou un profil ayant *ALLOBJ, peut l'utiliser.",
    required="Ce paramètre est obligatoire.",
    up_to="Vous pouvez indiquer jusqu'à {count} valeurs.",
    examples_title="Exemples pour {command}",
    example="Exemple {number}",
    messages_title="Messages d'erreur pour {command}",
    escapes="Messages *ESCAPE",
    environment="{work} sur le clone {clone}.",
    work={"none": "instantané de sécurité", "save21": "système complet", "user": "commandes du site"},
    partition="Partition {label}.",
)

# parameters that several commands have
ENV = ParameterText("Environnement", ("L'environnement, tel que la spécification le nomme.",))
SOME_ENV = ParameterText("Environnement", ENV.help, {"*ALL": "Tous les environnements de cette partition."})
REASON = ParameterText(
    "Motif",
    ("La raison, dans vos propres termes. Elle est notée dans le journal.",),
    other=("valeur-alphanumérique", "Ce qui est écrit."),
)
OUTPUT = ParameterText(
    "Sortie",
    ("Où va la liste. Elle a 80 colonnes de large ; les fichiers livrés sont montrés tels quels.",),
    {
        "*": "Affichée à l'écran ; imprimée dans un travail par lots.",
        "*PRINT": "Imprimée avec la sortie spoule du travail, sous le nom de la commande.",
        "*STMF": "Écrite dans le fichier STREAM de TOSTMF, avec vos propres droits.",
    },
)
TOSTMF = ParameterText(
    "Vers fichier STREAM",
    (
        "Chemin d'accès du fichier STREAM ; s'il existe, il est remplacé. Il est en UTF-8 et ses lignes se "
        "terminent par un saut de ligne.",
    ),
    choice="Chemin d'accès",
)
LISTING = {"OUTPUT": OUTPUT, "TOSTMF": TOSTMF}
CLONE = ParameterText(
    "Clone", ("Le clone, tel que la spécification le déclare. Aucune autre partition n'est jamais touchée.",)
)
REQUEST = {
    "WAIT": ParameterText(
        "Attendre la fin",
        ("Indique si la commande se termine quand ce qui a été demandé est fait.",),
        {
            "*NO": "Elle se termine quand la demande est soumise.",
            "*YES": "Elle se termine avec la demande ; par un message d'échappement si celle-ci n'est pas "
            "faite.",
        },
    ),
    "REASON": ParameterText(
        "Motif",
        (
            "La raison, dans vos propres termes. Elle est notée dans le journal, avec qui a entré la "
            "commande.",
        ),
        {"*NONE": "Aucun motif n'est donné."},
        choice="Valeur alphanumérique",
    ),
}

COMMANDS = {
    "FLSTRENV": CommandText(
        "Lancer environnement (flashc)",
        (
            "Lance une exécution : elle contrôle, prépare le flash, retient la production à l'instant du "
            "flash, démarre le clone sur la copie, lui fait faire son travail et rapporte les résultats.",
            "L'exécution est soumise au sous-système FLASHC, que la commande démarre s'il est arrêté, et la "
            "commande rend la main aussitôt. Chaque étape de l'exécution est notée dans le journal, la table "
            "FLJRN.",
        ),
        {
            "ENV": ENV,
            "RESTART": ParameterText(
                "Point de reprise",
                (
                    "Où la dernière exécution de l'environnement continue quand la cause de son échec est "
                    "corrigée. Un point de reprise est une étape située après la preuve du flash ; il prouve "
                    "de nouveau ce sur quoi il repose.",
                ),
                {
                    "*NO": "Une nouvelle exécution.",
                    "O70": "Le clone est mis sous tension : le flash est bon, le clone est arrêté.",
                    "O80": "Le clone reste observé, et sa livraison est reprise quand elle arrive.",
                    "O86": "La livraison est ici : elle est reprise, et avec elle l'historique de BRMS.",
                    "O93": "Les commandes finales du site, à partir de la première qui n'est pas faite.",
                    "O96": "La maintenance de BRMS et les commandes finales du site, à partir de la première "
                    "qui n'est pas faite.",
                },
            ),
            "SKIP": ParameterText(
                "Omettre la prochaine planifiée",
                (
                    "Indique si la prochaine exécution planifiée de l'environnement est omise. Rien n'est "
                    "lancé ; une exécution lancée à la main n'est pas concernée.",
                ),
                {
                    "*NO": "Rien n'est omis.",
                    "*YES": "La prochaine exécution planifiée ne fait que le dire ; la suivante s'exécute.",
                    "*CANCEL": "Annule un *YES antérieur.",
                },
            ),
            "REASON": REASON,
            "WAIT": ParameterText(
                "Attendre fin de l'exécution",
                (
                    "Indique si la commande se termine avec l'exécution, comme le veulent d'autres "
                    "planificateurs.",
                ),
                {
                    "*NO": "Elle se termine quand l'exécution est soumise.",
                    "*YES": "Elle se termine par un message d'achèvement si l'exécution est complète, sinon "
                    "par le message d'échappement du pilote, ou par un message qui dit que la fin n'est pas "
                    "connue.",
                },
            ),
            "SCHEDULED": ParameterText(
                "Appelé par un planificateur",
                (
                    "Indique s'il s'agit d'un lancement planifié. Les postes de planification du produit "
                    "indiquent *YES.",
                ),
                {
                    "*NO": "Quelqu'un la lance : SKIP n'est pas regardé.",
                    "*YES": "Un planificateur la lance : si SKIP(*YES) a été demandé, elle ne fait rien.",
                },
            ),
        },
        (
            "Lance une exécution de l'environnement.",
            "La dernière exécution continue d'attendre ce que son clone livre.",
            "La prochaine exécution planifiée est omise.",
            "Ce qu'entre un autre planificateur : elle se termine comme l'exécution.",
        ),
        reasons=("lien réparé", "fin de mois"),
    ),
    "FLENDENV": CommandText(
        "Arrêter environnement (flashc)",
        (
            "Termine une exécution dans l'ordre : ce qu'elle a modifié en production est défait dans l'ordre "
            "inverse, et l'exécution est fermée. Le pilote agit à sa prochaine attente, c'est-à-dire "
            "aussitôt ; la production ne reste jamais retenue.",
            "Une fenêtre se termine d'abord. Ce que le clone a déjà livré est d'abord repris ; ce qui "
            "suivrait est omis. Le clone lui-même reste tel qu'il est : tant qu'il peut écrire des bandes, "
            "BRMS reste ici en *STRPRC, et FLSTRENV RESTART(O80) continue de l'observer.",
        ),
        {
            "ENV": ENV,
            "REASON": REASON,
            "WAIT": ParameterText(
                "Attendre que tout soit défait",
                ("Indique si la commande se termine quand l'exécution est terminée.",),
                {
                    "*NO": "Elle se termine quand la demande est faite au pilote.",
                    "*YES": "Elle se termine avec l'exécution ; par un message d'échappement si quelque "
                    "chose n'a pas pu être défait.",
                },
            ),
        },
        ("Termine l'exécution qui est ouverte.", "La commande se termine quand tout est défait."),
        reasons=("plaintes des utilisateurs",),
    ),
    "FLCHKENV": CommandText(
        "Contrôler environnem. (flashc)",
        (
            "Demande tout ce qu'une exécution demande avant de toucher à quoi que ce soit, et ne modifie "
            "rien : ni ici, ni sur la HMC, ni dans la baie.",
            "Pour chaque point un message dit ce qui a été regardé et ce qui a été trouvé : en ordre, à "
            "surveiller, ou refusé et que faire. Tous les points sont regardés, quoi qu'il soit trouvé. La "
            "commande se termine par un message d'achèvement si une exécution pourrait démarrer maintenant, "
            "sinon par un message d'échappement ; les deux comptent ce qui est refusé et ce qui est à "
            "surveiller. Une exécution commence par les mêmes contrôles ; ils sont dans l'historique de son "
            "travail.",
            "Une autre exécution qui a les verrous de celle-ci est nommée avec son travail, de même qu'une "
            "exécution qui est morte et les a laissés. Aucun verrou n'est pris pour cela ; aucune exécution "
            "n'est donc refusée parce que quelqu'un contrôle.",
        ),
        {
            "ENV": ENV,
            "OUTPUT": ParameterText(
                OUTPUT.prompt,
                OUTPUT.help,
                {
                    "*MSG": "Messages seulement. Toutes les autres valeurs donnent les messages et leur "
                    "liste.",
                    **OUTPUT.values,
                },
            ),
            "TOSTMF": TOSTMF,
        },
        ("Dit si une exécution pourrait démarrer maintenant.", "La même chose, avec impression."),
    ),
    "FLRCVENV": CommandText(
        "Rétablir environnem. (flashc)",
        (
            "Examine une exécution qui est morte ou restée ouverte, dit ce qui en est encore ouvert, et la "
            "continue, la défait ou la ferme.",
        ),
        {
            "ENV": ENV,
            "OPTION": ParameterText(
                "Que faire",
                (
                    "Ce qui est fait de l'exécution qui est ouverte. Chaque option peut être donnée de "
                    "nouveau : deux fois valent autant qu'une.",
                ),
                {
                    "*CHECK": "Dit ce qui est ouvert, et ne modifie rien.",
                    "*UNDO": "Reprend d'abord la production, défait ce que l'exécution a modifié, et la "
                    "ferme.",
                    "*CLOSE": "Comme *UNDO, et ferme l'exécution bien que quelque chose n'ait pas pu être "
                    "défait : cela a été fait à la main, ou est abandonné. Jamais tant que la production est "
                    "peut-être suspendue ou que BRMS doit rester en *STRPRC.",
                    "*CONTINUE": "Continue d'observer le clone d'un bon flash.",
                    "*UNATTEND": "Fait ce que le gardien A fait de lui-même : continue là où c'est sûr, ou "
                    "défait.",
                    "*RESTORED": "Ce système a été restauré de la bande d'un clone : efface le ticket et "
                    "ferme l'exécution, ne défait rien. Refusé si ses objets n'ont pas été restaurés depuis "
                    "le début de l'exécution.",
                    "*RSTSURE": "Comme *RESTORED, là où les objets ne le montrent pas : les disques sont "
                    "revenus autrement, et vous êtes sûr que l'exécution n'a jamais agi ici.",
                    "*GIVENBACK": "Un clone qui était remis revient : la prochaine exécution peut l'arrêter.",
                },
            ),
        },
        ("Dit ce qui est ouvert ; rien n'est modifié.", "Reprend, défait et ferme."),
    ),
    "FLENDCLN": CommandText(
        "Arrêter clone (flashc)",
        (
            "Arrête la partition d'un clone déclaré : {how}, et la commande attend que la console indique "
            "Not Activated. De force seulement là où c'est demandé.",
            "Un clone qui sauvegarde peut-être n'est pas arrêté, sauf par OPTION(*IMMED) avec SAVING(*END) ; "
            "le journal nomme alors les unités sur lesquelles il a pu écrire. Un clone remis est arrêté par "
            "son responsable.",
            "Ce qui agit est soumis ; la commande rend la main aussitôt. Elle prend les verrous d'une "
            "exécution, pour qu'aucune ne commence entre-temps, et elle est refusée tant qu'une exécution "
            "est ouverte. Après une exécution qui a besoin de quelqu'un (NEEDSYOU) elle agit, et la laisse "
            "ouverte pour FLRCVENV.",
        ),
        {
            "CLONE": CLONE,
            "OPTION": ParameterText(
                "Mode d'arrêt",
                ("Comment la partition est arrêtée.",),
                {
                    "*CNTRLD": "Dans l'ordre : le système d'exploitation s'arrête lui-même.",
                    "*IMMED": "Immédiatement, comme par l'arrêt forcé au panneau de commande.",
                },
            ),
            "DELAY": ParameterText(
                "Secondes d'attente",
                ("Combien de temps un arrêt dans l'ordre peut prendre.",),
                choice="{least}-{most} secondes",
            ),
            "FORCE": ParameterText(
                "Arrêt immédiat après l'attente",
                ("Ce qui est fait quand l'attente est passée et que la partition n'est pas arrêtée.",),
                {
                    "*NO": "Rien : la demande échoue, et la partition reste telle qu'elle est.",
                    "*YES": "Elle est arrêtée par l'arrêt forcé au panneau de commande.",
                },
            ),
            "SAVING": ParameterText(
                "Clone qui sauvegarde peut-être",
                ("Ce qui est fait d'un clone dont la fin du travail n'est pas connue.",),
                {
                    "*REFUSE": "Il est laissé tel quel.",
                    "*END": "Il est arrêté quand même, avec OPTION(*IMMED) ; sa sauvegarde est perdue.",
                },
            ),
            **REQUEST,
        },
        (
            "Arrête le clone dans l'ordre.",
            "Arrête le clone immédiatement.",
            "Arrête un clone bloqué dans sa sauvegarde.",
        ),
        reasons=("panne de la bandothèque",),
        phrases={
            "in order": "son système d'exploitation est prié de s'arrêter",
            "at once": "sa console l'arrête immédiatement",
            "hard only": "La console de {clones} ne demande à aucun système de s'arrêter : *IMMED seulement.",
        },
    ),
    "FLSTRCLN": CommandText(
        "Démarrer clone (flashc)",
        (
            "Démarre à la main la partition d'un clone déclaré, sur la copie que contiennent ses disques : "
            "un instantané de sécurité dont vous avez besoin, ou un clone qui a été arrêté.",
            "La demande est refusée sauf si la partition est arrêtée, que son profil n'a aucun réseau de la "
            "production, que ses disques sont ceux des groupes et de personne d'autre, que la copie est "
            "celle qu'une exécution a prouvée, et qu'aucun ticket de la copie ne peut encore agir. Ce qui "
            "démarre demande au gardien de démarrage qui il est : sans ticket il reste en mode sûr.",
        ),
        {
            "CLONE": CLONE,
            "MODE": ParameterText(
                "Mode de l'IPL",
                ("La position du commutateur à clé.",),
                {
                    "*MANUAL": "L'IPL attend quelqu'un à la console système du clone.",
                    "*NORMAL": "Il continue de lui-même ; le gardien de démarrage décide.",
                },
            ),
            **REQUEST,
        },
        (
            "Démarre le clone ; quelqu'un continue à sa console.",
            "Le démarre sans opérateur, en mode sûr.",
        ),
    ),
    "FLRLSCLN": CommandText(
        "Libérer copie clone (flashc)",
        (
            "Libère la copie d'un clone : son groupe de cohérence est arrêté, pour que rien n'en dépende "
            "plus sur la baie, et là où ses disques passent par des VIOS ils en sont d'abord retirés. La "
            "copie est perdue.",
            "La demande est refusée sauf si le clone est Not Activated, que chaque copie est une copie "
            "qu'une exécution a prouvée et que personne n'a reprise depuis, et que la spécification ne la "
            "garde pas.",
        ),
        {
            "CLONE": CLONE,
            "COPY": ParameterText(
                "Copie à libérer",
                ("Quelle copie, là où le clone a des générations.",),
                {"*OLDEST": "Celle que la prochaine exécution utiliserait.", "*ALL": "Toutes."},
                choice="Nom d'un groupe de cohérence",
            ),
            "KEEP": ParameterText(
                "Copies à garder",
                (
                    "Ce qui est fait d'une copie plus récente que ne le dit KEEP SNAPSHOT de la "
                    "spécification.",
                ),
                {
                    "*KEEP": "Elle est gardée : la demande est refusée.",
                    "*RELEASE": "Elle est libérée quand même.",
                },
            ),
            **REQUEST,
        },
        ("Libère la copie que la prochaine exécution utiliserait.", "Libère toutes les copies."),
    ),
    "FLGETCLN": CommandText(
        "Rapporter du clone (flashc)",
        (
            "Rapporte une bibliothèque, un objet ou un fichier STREAM d'un clone encore en marche, tel qu'il "
            "était quand la copie a été prise, sous un autre nom. Rien n'est remplacé en production.",
            "Le clone est sollicité par la boîte de réception, où il regarde toutes les trois minutes tant "
            "que l'extrémité de la liaison en production est active. Ce qu'il sauvegarde est envoyé avec ses "
            "empreintes, vérifié et restauré : les objets dans une bibliothèque créée pour eux, qui est au "
            "profil du produit et fermée au public ; un fichier STREAM avec le propriétaire et les droits "
            "publics qu'il avait. Les droits privés ne reviennent pas.",
            "La demande est refusée sauf si le clone est en marche et que ses disques contiennent la copie "
            "qu'une exécution a prouvée, et aussi pour ce qui est au système ou au produit. La spécification "
            "doit laisser le clone en marche. Ce qui agit est soumis ; les verrous d'une exécution sont "
            "pris, pour qu'aucune ne commence entre-temps.",
        ),
        {
            "CLONE": CLONE,
            "LIB": ParameterText("Bibliothèque", ("La bibliothèque voulue, ou celle de l'objet.",)),
            "OBJ": ParameterText(
                "Objet",
                ("L'objet de la bibliothèque.",),
                {"*ALL": "Tous les objets de la bibliothèque."},
            ),
            "OBJTYPE": ParameterText(
                "Type d'objet",
                ("Le type de l'objet, par exemple *FILE.",),
                {"*ALL": "Tous les types."},
                choice="*ALL, *FILE, *PGM...",
            ),
            "TOLIB": ParameterText(
                "Nouvelle bibliothèque",
                ("La bibliothèque créée pour ce qui revient. Il ne doit y en avoir aucune de ce nom.",),
            ),
            "STMF": ParameterText(
                "Fichier STREAM",
                (
                    "Chemin d'accès du fichier STREAM sur le clone, depuis la racine : lettres, chiffres et "
                    ". _ @ # $ - dans les noms de ses dossiers et dans le sien.",
                ),
                choice="Chemin d'accès",
            ),
            "TOSTMF": ParameterText(
                "Nouveau fichier STREAM",
                ("Chemin d'accès sous lequel il revient. Son dossier doit exister, le fichier non.",),
                choice="Chemin d'accès",
            ),
            "RUN": ParameterText(
                "Exécution de la copie",
                ("L'exécution qui a pris la copie, telle que FLDSPHST la montre.",),
                {"*LAST": "La copie que le clone a, quelle qu'elle soit."},
                choice="*LAST, AAAAMMJJhhmmss",
            ),
            **REQUEST,
        },
        (
            "Rapporte la bibliothèque PAYROLL sous le nom PAYROLLOLD.",
            "Rapporte un seul fichier dans une bibliothèque à part, et l'attend.",
            "Rapporte un fichier STREAM sous un autre nom.",
        ),
    ),
    "FLDSPENV": CommandText(
        "Afficher environnem. (flashc)",
        (
            "Montre les environnements : quand ils s'exécutent, sur quel clone, ce que fait le clone, la "
            "prochaine exécution selon le planificateur de travaux, la dernière exécution avec son résultat, "
            "et la situation.",
        ),
        {"ENV": SOME_ENV, **LISTING},
        ("Montre tous les environnements.", "En imprime un, comme fichier spoule FLDSPENV."),
    ),
    "FLDSPHST": CommandText(
        "Afficher historique (flashc)",
        (
            "Montre les exécutions que contient le journal, la plus récente d'abord : début, fin, résultat, "
            "combien de temps la production a été retenue (réparti en mise au repos, maintien et reprise), "
            "et les verdicts.",
        ),
        {
            "ENV": ParameterText(
                SOME_ENV.prompt,
                SOME_ENV.help,
                {
                    **SOME_ENV.values,
                    "*BYHAND": "Les demandes par FLENDCLN, FLSTRCLN, FLRLSCLN et FLGETCLN ; elles ne sont "
                    "d'aucun environnement.",
                },
            ),
            "FROMDATE": ParameterText(
                "À partir de la date",
                ("Les exécutions qui ont commencé à cette date ou plus tard.",),
                {"*AVAIL": "Toutes les exécutions que contient le journal."},
                choice="Date, *AVAIL",
            ),
            "RESULT": ParameterText(
                "Résultat",
                ("Seulement les exécutions qui ont ce résultat.",),
                {
                    "*ALL": "Les exécutions, quel que soit leur résultat.",
                    "COMPLETED": "La sauvegarde et sa livraison sont vérifiées.",
                    "FAILED": "Ce qui a été modifié est défait.",
                    "REFUSED": "Rien n'a été modifié.",
                    "NEEDSYOU": "Il reste quelque chose que vous seul pouvez faire : voyez FLRCVENV.",
                    "OPEN": "Elle n'a pas encore de résultat.",
                },
            ),
            **LISTING,
        },
        (
            "Montre toutes les exécutions.",
            "Montre celles d'un environnement qui ont échoué.",
            "Montre ce qui a été demandé à la main sur les clones.",
        ),
    ),
    "FLDSPLOG": CommandText(
        "Afficher journal (flashc)",
        (
            "Montre le journal d'une exécution : les étapes des deux partitions selon leur heure, ou un "
            "fichier que le clone a livré. Les fichiers livrés se lisent avec vos propres droits sur le "
            "dossier du produit.",
        ),
        {
            "RUN": ParameterText(
                "Exécution",
                ("L'exécution dont le journal est montré.",),
                {"*LAST": "L'exécution lancée en dernier."},
                choice="14 chiffres, *LAST",
            ),
            "ENV": SOME_ENV,
            "SIDE": ParameterText(
                "Côté",
                ("De qui les étapes sont montrées.",),
                {
                    "*BOTH": "Des deux partitions selon leur heure, chacune dans sa propre colonne.",
                    "*SOURCE": "De la production.",
                    "*CLONE": "Du clone, pour autant qu'elles aient été livrées.",
                },
            ),
            "SECTION": ParameterText(
                "Section",
                ("Quelle partie du journal est montrée.",),
                {
                    "*STEPS": "Les étapes, avec code et texte.",
                    "*FILES": "Ce que le clone a livré : les noms et tailles de ses fichiers.",
                    "*QHST": "L'historique du système du clone.",
                    "*JOBLOG": "L'historique de travail du dernier programme du clone.",
                    "*FILE": "Le fichier livré que FILE nomme.",
                },
            ),
            "FILE": ParameterText(
                "Fichier livré",
                (
                    "Un fichier que nomme SECTION(*FILES) : l'historique d'un travail, la liste d'une "
                    "sauvegarde.",
                ),
                choice="Nom",
            ),
            **LISTING,
        },
        (
            "Montre les étapes de la dernière exécution.",
            "Montre ce que la dernière exécution a livré.",
            "Écrit les étapes de cette exécution dans un fichier STREAM.",
        ),
    ),
    "FLDSPSTS": CommandText(
        "Afficher situation (flashc)",
        (
            "Montre ce qui se passe maintenant : si la production est peut-être suspendue, les exécutions "
            "ouvertes avec leur phase, leur dernière et leur prochaine étape et si leur pilote est actif, "
            "l'état de BRMS, ce qui a été vu en dernier du clone, et qui tient quel verrou.",
            "Elle n'interroge ni la console ni la baie : elle montre ce que l'exécution a noté.",
        ),
        {"ENV": SOME_ENV, **LISTING},
        ("Montre ce qui se passe maintenant.",),
    ),
}

WORDS = CommandWords(COMMANDS, PANEL)
