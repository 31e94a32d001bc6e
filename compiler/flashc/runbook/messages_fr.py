"""The messages in French, as IBM i says it there: text, cause and recovery, by step code or message id.

The recoveries that many messages share stand first.
"""

NONE = "Aucune action n'est requise."
# before the window: a failure undoes everything
EARLY = (
    "Aucune action n'est requise. Si l'exécution se termine ici, tout ce qu'elle a modifié est "
    "défait. Corrigez ce que nomme le message suivant, puis relancez avec FLSTRENV."
)
# a change to production that is undone right after the flash
AROUND = (
    "Aucune action n'est requise ; c'est défait juste après le flash, ou si l'exécution se "
    "termine avant. Sinon FLE0003 le nomme : défaites-le à la main ou utilisez FLRCVENV "
    "OPTION(*UNDO)."
)
# the undo of such a change
BACK = (
    "Aucune action n'est requise. Si le retour n'a pas réussi, FLE0003 le nomme : faites-le à la "
    "main ou utilisez FLRCVENV OPTION(*UNDO)."
)
# while production waits
WINDOW = (
    "Aucune action n'est requise. Si O60 ne suit pas dans les limites de la spécification et que "
    "les deux gardiens se taisent, utilisez aussitôt CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME) "
    "depuis n'importe quelle session, puis FLRCVENV."
)
# while the clone starts and works
WATCH = (
    "Aucune action n'est requise. La console du clone montre la même chose ; FLENDENV termine l'exécution."
)
# on the way home of the delivery
HOME = (
    "Aucune action n'est requise. Si l'exécution s'arrête ici, rien n'est perdu : le clone garde "
    "sa livraison et FLRCVENV OPTION(*CONTINUE) continue avec elle."
)
# what the clone does
CLONE = (
    "Aucune action n'est requise. N'ouvrez pas de session sur le clone pendant la sauvegarde ; ce"
    " qu'il a fait arrive avec la livraison."
)
# what a clone that lives on makes of itself
LIVES = (
    "Aucune action n'est requise. Si une étape de ce genre échoue, le clone reste en mode sûr et "
    "la prochaine exécution l'arrête."
)
# it could not
SAFE = (
    "Le clone n'est pas ouvert et reste en mode sûr : sa console fonctionne, TCP/IP reste arrêté."
    " Corrigez ce que nomme le message dans la spécification ou en production, construisez et "
    "déployez ; la prochaine exécution fait un nouveau clone."
)

TEXTS: dict[str, tuple[str, str, str]] = {
    "O01": (
        "Lancée par &1",
        "Utilisateur et travail qui ont lancé l'exécution, et le motif; SCHEDULED(*YES) si "
        "c'est un planificateur, RESTART si la dernière exécution reprend.",
        NONE,
    ),
    "O02": (
        "L'exécution &1 commence : verrous posés, les deux gardiens en attente",
        "L'exécution tient ses verrous sur le clone, les groupes, la fenêtre de suspension et l'état "
        "de BRMS, et les deux travaux gardiens ont répondu. Rien n'est encore modifié.",
        EARLY,
    ),
    "O03": (
        "Non exécutée, comme demandé: &1",
        "FLSTRENV SKIP(*YES) a été entré pour cette exécution planifiée: environnement, "
        "quand, par qui et pourquoi.",
        "Aucune action n'est requise. La prochaine exécution planifiée démarre comme d'habitude.",
    ),
    "O05": ("Environnement &1", "L'environnement de la spécification que cette exécution réalise.", EARLY),
    "O06": (
        "Tous les contrôles sont bons : &1",
        "Console, baie, unités de disque, PTF, BRMS et réseau ont été examinés et sont comme il faut "
        "à l'exécution. Rien n'a été modifié.",
        EARLY,
    ),
    "O07": (
        "Commande avant l'exécution : &1",
        "Une commande que la spécification nomme pour avant l'exécution. Elle ne se défait pas ; "
        "l'exécution elle-même n'a encore rien modifié.",
        EARLY,
    ),
    "O10": (
        "Recherche de l'état de la partition clone &1",
        "L'état de la partition clone est demandé à la console ; rien n'est modifié.",
        EARLY,
    ),
    "O15": (
        "&1",
        "L'état de la partition clone selon la console. Seul Not Activated veut dire arrêtée.",
        EARLY,
    ),
    "O17": (
        "Arrêt du clone, &1",
        "Le clone était en marche : celui de la dernière exécution, ou un clone à laisser arrêté qui ne "
        "l'est pas de lui-même, son travail étant ici. Il est arrêté dans l'ordre, ou aussitôt si la "
        "spécification le dit.",
        "Si l'exécution ne continue pas ensuite : voyez la console du clone. Les disques d'un clone en "
        "marche ne sont jamais écrasés.",
    ),
    "O18": (
        "VIOS démappé : &1",
        "Les disques du clone sont retirés de leurs VIOS, pour qu'aucun VIOS ne rencontre une copie "
        "qui change.",
        AROUND,
    ),
    "O20": (
        "File de travaux suspendue : &1",
        "La file de travaux est suspendue pour le flash, comme le dit la spécification.",
        AROUND,
    ),
    "O21": (
        "Poste de planification suspendu : &1",
        "Le poste de planification est suspendu pour le flash, comme le dit la spécification.",
        AROUND,
    ),
    "O22": (
        "Travail suspendu : &1",
        "Le travail est suspendu pour le flash, comme le dit la spécification. Il est connu par "
        "numéro, utilisateur et nom, pour que lui seul soit libéré.",
        AROUND,
    ),
    "O24": (
        "Contrôle de l'état du groupe &1",
        "La spécification exige que cet autre groupe soit idle_or_copied avant la copie.",
        EARLY,
    ),
    "O30": (
        "État correct du groupe : &1",
        "Le groupe est dans l'état qu'exige la spécification. L'exécution continue.",
        NONE,
    ),
    "O35": (
        "Serveur Domino arrêté : &1",
        "Le serveur Domino est arrêté pour le flash, comme le dit la spécification.",
        AROUND,
    ),
    "O36": (
        "Sous-système arrêté : &1",
        "Le sous-système est arrêté pour le flash, comme le dit la spécification.",
        AROUND,
    ),
    "O37": (
        "Serveur TCP/IP arrêté : &1",
        "Le serveur TCP/IP est arrêté pour le flash, comme le dit la spécification.",
        AROUND,
    ),
    "O38": (
        "Commande exécutée : &1",
        "Une commande de la spécification a été exécutée pour le flash ; la spécification nomme aussi"
        " celle qui la défait.",
        AROUND,
    ),
    "O39": (
        "Unité mise hors fonction : &1",
        "L'unité est mise hors fonction pour le flash, comme le dit la spécification.",
        AROUND,
    ),
    "O40": (
        "Ticket écrit pour le clone &1",
        "Le ticket voyage dans la copie et dit au gardien de démarrage du clone ce qu'il a le droit de "
        "faire. Il vaut pour ce clone et cette nuit seulement.",
        EARLY,
    ),
    "O41": (
        "Ticket fermé : &1",
        "Le ticket de la production est fermé. Plus aucun démarrage d'une copie n'agit avec lui.",
        NONE,
    ),
    "O42": (
        "Demandé au clone : &1",
        "Une demande est dans la boîte de réception, où le clone regarde toutes les trois minutes. Elle "
        "est retirée à la fin.",
        NONE,
    ),
    "O43": (
        "Demande au clone retirée : &1",
        "La demande est ôtée de la boîte de réception : défait O42.",
        NONE,
    ),
    "O44": (
        "Reçu du clone : &1",
        "Le clone a envoyé ce qui était demandé, et chaque empreinte a été vérifiée.",
        NONE,
    ),
    "O45": (
        "Supprimé : &1",
        "Ce qui n'était là que pour la demande est supprimé : défait O44, et O46 en cas d'échec.",
        NONE,
    ),
    "O46": (
        "Bibliothèque créée : &1",
        "Une bibliothèque est créée pour ce qui revient. Elle est au profil du produit et fermée au public.",
        NONE,
    ),
    "O47": (
        "Rapporté, et sous quel nom : &1",
        "Ce que le clone avait est restauré sous un autre nom. Les objets gardent les droits "
        "sauvegardés ; ce qui nomme en eux l'ancienne bibliothèque reste tel quel.",
        "Donnez des droits sur la nouvelle bibliothèque (GRTOBJAUT) à qui en a besoin.",
    ),
    "O48": (
        "Copie abandonnée : &1",
        "La copie d'une exécution précédente est abandonnée sur la baie : un groupe est arrêté ou un "
        "instantané supprimé, selon la famille.",
        EARLY,
    ),
    "O49": (
        "Copie préparée : &1",
        "La baie prépare la copie : la production écrit sans cache jusqu'au flash. Rien n'attend pour cela.",
        EARLY,
    ),
    "O50": (
        "*SYSBAS suspendue, secondes pour y arriver : &1",
        "Les modifications de *SYSBAS sont suspendues et la mémoire est écrite sur disque. Les "
        "transactions de la production attendent maintenant.",
        WINDOW,
    ),
    "O51": (
        "Copie de cette exécution abandonnée : &1",
        "Le flash n'a pas été pris, ou n'est pas prouvé ; sa copie est donc abandonnée : aucune copie de"
        " cette nuit ne compte.",
        NONE,
    ),
    "O52": (
        "Sidecar armé sur la baie &1",
        "Un travail est connecté à la baie et attend l'unique requête. Rien n'est encore suspendu.",
        EARLY,
    ),
    "O55": (
        "Flash pris : &1",
        "L'unique requête à la baie dans la fenêtre. Le texte nomme ce qui a été envoyé.",
        WINDOW,
    ),
    "O60": (
        "Activité reprise sur *SYSBAS, secondes de suspension : &1",
        "Les modifications de *SYSBAS sont de nouveau permises. La production continue ; les secondes"
        " vont de la demande de suspension au retour de la reprise.",
        NONE,
    ),
    "O61": (
        "Flash prouvé : &1",
        "Chaque mappe du groupe a une nouvelle heure de début : la copie est de cette nuit.",
        NONE,
    ),
    "O62": (
        "Commande après le flash : &1",
        "Une commande que la spécification nomme pour après le flash. Elle ne se défait pas ; si elle"
        " échoue, l'exécution compte comme échouée.",
        NONE,
    ),
    "O63": (
        "Copie mise sur les disques du clone : &1",
        "La baie a d'abord pris l'instant ; les volumes du clone le montrent maintenant. La production n'est "
        "pas concernée.",
        NONE,
    ),
    "O65": (
        "BRMS à l'état &1 : pas de BRMS sur ce système jusqu'à la fin",
        "L'historique de BRMS est écrit par le clone à la place de la production. Ce que BRMS ferait "
        "ici entre-temps serait perdu.",
        "N'utilisez pas BRMS sur ce système jusqu'à O89 : ni sauvegarde, ni maintenance, ni mouvement"
        " de bandes.",
    ),
    "O67": (
        "VIOS mappé : &1",
        "Les disques du clone sont de nouveau sur leurs VIOS, prouvé volume par volume. Défait O18 ; "
        "sans cela le clone n'est pas démarré.",
        BACK,
    ),
    "O68": (
        "Lien privé actif : &1",
        "L'interface de la liaison privée est démarrée. Seul le clone est derrière ; O95 l'arrête.",
        HOME,
    ),
    "O70": (
        "Partition clone démarrée : &1",
        "La partition clone est mise sous tension par son profil, en mode normal.",
        WATCH,
    ),
    "O72": ("Unité mise en fonction : &1", "L'unité est mise en fonction : défait O39.", BACK),
    "O73": ("Serveur TCP/IP démarré : &1", "Le serveur TCP/IP est démarré : défait O37.", BACK),
    "O74": ("Sous-système démarré : &1", "Le sous-système est démarré : défait O36.", BACK),
    "O75": ("Serveur Domino démarré : &1", "Le serveur Domino est démarré : défait O35.", BACK),
    "O76": ("Défait : &1", "La commande de la spécification qui défait O38 a été exécutée.", BACK),
    "O77": ("Travail libéré : &1", "Le travail est libéré : défait O22.", BACK),
    "O78": ("File de travaux libérée : &1", "La file de travaux est libérée : défait O20.", BACK),
    "O79": (
        "Poste de planification libéré : &1",
        "Le poste de planification est libéré : défait O21.",
        "Aucune action n'est requise. Ce que le poste a manqué n'est pas exécuté plus tard : FLE0083 "
        "le nomme, soumettez-le à la main s'il le faut.",
    ),
    "O80": (
        "Le clone &1 travaille ; en attente de ce qu'il livre",
        "Le clone a démarré. L'exécution attend ce qu'il livre et observe son état et son code de référence.",
        WATCH,
    ),
    "O82": ("&1", "Le code de référence de la partition clone a changé.", WATCH),
    "O83": (
        "Clone en état restreint : &1",
        "Le clone sauvegarde en état restreint. Le code A9003C70 et le voyant d'attention sont attendus.",
        WATCH,
    ),
    "O84": (
        "Le travail s'exécute sur le clone &1",
        "Le clone travaille sans état restreint ; son prochain signe est la livraison.",
        WATCH,
    ),
    "O85": (
        "Le clone &1 a livré",
        "Étapes, historiques et journaux du clone sont arrivés dans la boîte de l'exécution.",
        HOME,
    ),
    "O86": (
        "Livraison vérifiée : &1",
        "Chaque fichier du manifeste du clone est ici avec son empreinte.",
        HOME,
    ),
    "O87": (
        "QUSRBRM reçue : &1",
        "L'historique de BRMS est arrivé dans un fichier de sauvegarde, gardé avec l'exécution.",
        HOME,
    ),
    "O88": (
        "QUSRBRM restaurée ; celle de la production gardée dans &1",
        "L'historique écrit par le clone a remplacé celui de la production, dont une copie est "
        "gardée. BRMS connaît maintenant les bandes du clone.",
        HOME,
    ),
    "O89": (
        "État de BRMS terminé par *ENDPRC. &1",
        "BRMS a quitté l'état FlashCopy.",
        "Aucune action n'est requise. BRMS peut être utilisé.",
    ),
    "O66": (
        "Le clone est laissé arrêté : &1",
        "Le travail du clone est ici et sa partition est arrêtée, comme le dit la spécification.",
        "Aucune action n'est requise.",
    ),
    "O90": (
        "Ce que fait le clone &1 à partir d'ici n'est pas connu",
        "L'exécution n'observe plus le clone.",
        "Aucune action n'est requise. Le clone reste comme le dit la spécification ; arrêtez-le par "
        "sa console ou laissez faire la prochaine exécution.",
    ),
    "O91": (
        "Le clone vit désormais comme &1",
        "Le clone redémarre de lui-même, avec son nom et ses adresses. L'exécution ne l'observe plus.",
        "Aucune action n'est requise. Son propre démarrage dit s'il est prouvé ; voyez QSYSOPR sur le clone.",
    ),
    "O92": (
        "Clone remis : &1",
        "Le clone est à ses utilisateurs jusqu'à la fin de son délai. Aucune exécution ne l'arrête avant.",
        "Aucune action n'est requise. Son responsable le rend par FLRCVENV OPTION(*GIVENBACK).",
    ),
    "O93": (
        "Commande à la fin de l'exécution : &1",
        "Une commande que la spécification nomme pour la fin d'une exécution réussie.",
        NONE,
    ),
    "O94": (
        "Commande en cas d'échec : &1",
        "Une commande que la spécification nomme pour une exécution échouée. Tout ce qui pouvait être"
        " défait l'est déjà.",
        NONE,
    ),
    "O71": (
        "Signalé : &1",
        "Une commande que la spécification nomme pour cette occasion s'exécute, avec les faits de "
        "l'exécution dans l'environnement de son travail. Elle ne décide de rien dans l'exécution.",
        NONE,
    ),
    "O95": ("Lien privé arrêté : &1", "L'interface de la liaison privée est arrêtée : défait O68.", BACK),
    "O96": (
        "Maintenance de BRMS, mouvement des supports : &1",
        "La maintenance de BRMS s'exécute dans un travail à part.",
        "Aucune action n'est requise. Son résultat est dans l'historique de BRMS (DSPLOGBRM).",
    ),
    "O97": (
        "Reprise : &1",
        "FLRCVENV, ou le gardien A à sa place, a examiné l'exécution et dit ce qu'il a trouvé et fait.",
        "Voyez les notes suivantes. FLRCVENV sans option dit ce qui est encore ouvert.",
    ),
    "O99": (
        "Résultat : &1",
        "COMPLETED : sauvegardé, livré et vérifié, toutes les étapes suivantes faites. FAILED : "
        "défait, voyez pourquoi. REFUSED : rien n'a été commencé. NEEDSYOU : quelque chose est "
        "ouvert.",
        "Pour NEEDSYOU utilisez FLRCVENV ; pour FAILED corrigez la cause que nomment les étapes ; "
        "sinon aucune action n'est requise.",
    ),
    "M01": (
        "Maintenance de BRMS terminée, mouvement des supports : &1",
        "La maintenance de BRMS est terminée.",
        "Aucune action n'est requise. Son résultat est dans l'historique de BRMS (DSPLOGBRM).",
    ),
    "999": ("Fin de l'exécution : &1", "La dernière étape de l'exécution.", "Voyez O99 pour le résultat."),
    "C00": (
        "Les étapes Cxx sont celles du clone &1",
        "Les étapes Cxx ont été écrites sur le clone. L'historique de la production montre les deux "
        "horloges et l'écart mesuré.",
        NONE,
    ),
    "C04": (
        "Postes de planification suspendus sur le clone : &1",
        "Les postes de planification de la production sont dans la copie. Ils sont suspendus pour "
        "qu'aucun ne démarre un travail sur le clone.",
        CLONE,
    ),
    "C05": (
        "Valeur système modifiée sur le clone : &1",
        "La spécification nomme cette valeur système. Elle est modifiée avant la sauvegarde ; la "
        "valeur modifiée est donc sur la bande.",
        "Aucune action n'est requise. Après une restauration depuis cette bande, remettez la valeur.",
    ),
    "C10": (
        "Unité prête sur le clone : &1",
        "L'unité qu'utilise la sauvegarde est en fonction sur le clone. C46 la rend.",
        CLONE,
    ),
    "C12": (
        "ASP indépendant disponible sur le clone : &1",
        "Un IPL laisse les ASP indépendants hors fonction. Il est mis en fonction avant toute sauvegarde.",
        CLONE,
    ),
    "C15": (
        "BRMS du clone à l'état &1",
        "À partir d'ici BRMS agit sur le clone à la place de la production.",
        CLONE,
    ),
    "C16": (
        "Les sauvegardes incrémentielles comptent à partir de : &1",
        "BRMS prend cette heure, CYYMMDDhhmmss de l'horloge de production, pour celle de la sauvegarde "
        "du clone. Elle précède le ticket d'une heure, pour qu'aucune fin de l'heure d'été ne la mette "
        "après le flash.",
        CLONE,
    ),
    "C18": (
        "Travail de sauvegarde soumis : &1",
        "Seul un travail du sous-système de contrôle peut arrêter tous les autres ; la sauvegarde en est un.",
        CLONE,
    ),
    "C20": (
        "Groupe de contrôle &1 soumis",
        "Le groupe de contrôle est remis à BRMS. En état restreint BRMS arrête tous les autres "
        "travaux du clone.",
        CLONE,
    ),
    "C21": (
        "Sauvegardé, système : &1",
        "Microcode sous licence, QSYS, données de sécurité et configuration sont sur le support.",
        CLONE,
    ),
    "C22": (
        "Sauvegardé, bibliothèques : &1",
        "Toutes les bibliothèques sauf QSYS sont sur le support.",
        CLONE,
    ),
    "C23": ("Sauvegardé, documents : &1", "Documents et dossiers sont sur le support.", CLONE),
    "C24": (
        "Sauvegardé, répertoires : &1",
        "Les répertoires du système de fichiers intégré sont sur le support.",
        CLONE,
    ),
    "C25": (
        "Début de la sauvegarde &1",
        "Le travail de sauvegarde note son début ; en état restreint c'est le *EXIT du groupe de contrôle.",
        CLONE,
    ),
    "C26": (
        "Commande sur le clone : &1",
        "Une commande de la spécification s'exécute sur le clone, dans un travail à part.",
        CLONE,
    ),
    "C27": (
        "Étape terminée : &1",
        "Toutes les commandes de la phase sont terminées ; la phase suivante commence.",
        CLONE,
    ),
    "C28": (
        "Fichier pour le retour : &1",
        "Un fichier que demande la spécification. Il est dans la boîte de l'exécution quand tout est arrivé.",
        CLONE,
    ),
    "C30": (
        "Fin de la sauvegarde &1",
        "La sauvegarde est terminée. Ce qu'elle vaut est le verdict, C36.",
        CLONE,
    ),
    "C35": (
        "Suite après la sauvegarde ; stade du ticket &1",
        "Le clone est revenu de l'état restreint. Il attend les sous-systèmes et TCP/IP.",
        CLONE,
    ),
    "C36": (
        "Verdict du travail du clone : &1",
        "Le verdict vient de l'historique de BRMS ou de la fin de chaque commande, non de la fin d'un"
        " travail.",
        "Pour un autre verdict que OK, voyez les notes précédentes et les listes dans la boîte de "
        "l'exécution.",
    ),
    "C40": ("BRMS du clone à l'état &1", "L'historique de BRMS du clone est complet.", CLONE),
    "C41": (
        "Heure du flash retirée : &1",
        "BRMS du clone n'a plus d'heure de l'utilisateur ; aucune ne revient avec l'historique.",
        CLONE,
    ),
    "C45": (
        "&1 sauvegardée pour le retour",
        "La bibliothèque est sauvegardée dans un fichier pour l'envoi, sans journaux ni récepteurs.",
        CLONE,
    ),
    "C46": (
        "Unité rendue sur le clone : &1",
        "L'unité est rendue sur le clone, pour qu'aucun lecteur ne reste réservé.",
        CLONE,
    ),
    "C47": (
        "Lien privé du clone actif : &1",
        "TCP/IP est démarré sur le clone sans serveurs et avec la seule adresse de la liaison privée.",
        CLONE,
    ),
    "C50": (
        "La source est prévenue : verdict &1",
        "Le clone dit son verdict à la production ; la livraison suit.",
        CLONE,
    ),
    "C51": (
        "Planifications de la production suspendues sur le clone : &1",
        "Chaque poste de planification de la production est suspendu sur le clone. Il est prouvé "
        "qu'aucun ne s'exécuterait.",
        LIVES,
    ),
    "C52": (
        "Planificateur suspendu sur le clone : &1",
        "La commande de la spécification qui suspend un planificateur a été exécutée, et prouvée par "
        "l'autre.",
        LIVES,
    ),
    "C53": (
        "Files de travaux de la production sur le clone : &1",
        "Les files de travaux de la production sont suspendues ou vides sur le clone. Ce qui "
        "attendait dans la copie ne démarre jamais.",
        LIVES,
    ),
    "C54": (
        "Ne démarre jamais sur le clone : &1",
        "Ce que la spécification interdit sur le clone est empêché. C'est vérifié à chaque démarrage "
        "du clone.",
        LIVES,
    ),
    "C55": ("Nom de système du clone : &1", "Le clone reçoit son nom de système à son prochain IPL.", LIVES),
    "C56": ("Hôte et domaine du clone : &1", "Nom d'hôte et de domaine du clone pour TCP/IP.", LIVES),
    "C57": (
        "Retiré du clone : &1",
        "Les adresses et routes de la production sont retirées sur le clone ; il n'en reste aucune.",
        LIVES,
    ),
    "C58": (
        "Ajouté au clone : &1",
        "Adresses et routes propres au clone ; elles s'activent avec son IPL.",
        LIVES,
    ),
    "C59": (
        "Fin du clone planifiée : &1",
        "Le seul poste de planification qui ne soit pas suspendu : il arrête le clone à la fin de son délai.",
        LIVES,
    ),
    "C60": (
        "Envoi du journal du clone &1",
        "Étapes, historique du système et historique de travail du clone sont envoyés à la production.",
        CLONE,
    ),
    "C66": (
        "Le clone &1 reste allumé",
        "Le clone reste en marche, comme le dit la spécification. La prochaine exécution l'arrête.",
        NONE,
    ),
    "C67": (
        "Le clone redémarre comme &1",
        "Le clone redémarre comme système à part. Il le dit avant sa dernière livraison.",
        LIVES,
    ),
    "C68": (
        "Le clone &1 est remis",
        "Le clone est à ses utilisateurs jusqu'à la fin de son délai.",
        "Aucune action n'est requise. Ses utilisateurs peuvent travailler quand il a démarré.",
    ),
    "C70": (
        "Dernière note du clone &1",
        "La dernière note qu'envoie le clone. Ce qui suit sur lui n'est pas connu en production.",
        NONE,
    ),
    "C71": (
        "Sauvegardé pour la production : &1",
        "La production l'a demandé par FLGETCLN. Le fichier de sauvegarde est envoyé puis supprimé ici.",
        NONE,
    ),
    "FLO0120": (
        "La file de travaux était déjà suspendue et le reste : &1",
        "C'était déjà son état avant l'exécution : rien n'a été modifié et rien ne sera défait.",
        NONE,
    ),
    "FLO0121": (
        "Le poste de planification ne démarrerait rien : &1",
        "C'était déjà son état avant l'exécution : rien n'a été modifié et rien ne sera défait.",
        NONE,
    ),
    "FLO0182": (
        "Le clone n'avance pas, le même code depuis plus de &1",
        "Un code de référence reste plus longtemps que d'habitude dans sa classe. L'exécution continue "
        "jusqu'à sa propre limite.",
        "Voyez la console du clone. docs/safety.md a les classes de codes. FLENDENV termine l'exécution.",
    ),
    "FLO0183": (
        "À l'horloge du clone il faut ajouter &1 pour avoir celle de la production",
        "Les deux horloges ont été comparées pendant la livraison du clone. Le journal garde l'heure propre "
        "de chaque côté ; les écrans et rapports montrent les étapes du clone à l'heure de la production.",
        NONE,
    ),
    "FLO0184": (
        "L'horloge du clone n'a pas été comparée à celle de la production",
        "Sa livraison n'en dit rien. Les étapes du clone sont montrées à sa propre heure, qui peut différer "
        "de quelques minutes.",
        NONE,
    ),
    "FLO0185": (
        "Volumes que le clone a écrits : &1",
        "BRMS a ici des contenus de ces volumes qu'il n'avait pas avant la restauration de l'historique du "
        "clone. Un volume déjà occupé et écrit à la suite n'en fait pas partie.",
        NONE,
    ),
    "FLO0186": (
        "Volumes expirés qui restent pour la prochaine sauvegarde : &1",
        "BRMS peut réécrire autant de volumes selon son inventaire, où qu'ils soient.",
        "S'il y en a trop peu, apportez-en avant la prochaine exécution (ADDMEDBRM, ou la maintenance).",
    ),
    "FLO0187": (
        "Volumes de cette sauvegarde, à sortir et à remettre avant la prochaine exécution : &1",
        "La spécification nomme ces volumes. La prochaine exécution de l'environnement les réécrit.",
        "Portez-les à leur place. Avant la prochaine exécution ils doivent être de nouveau dans l'unité, ou "
        "d'autres initialisés aux mêmes noms.",
    ),
    "FLO0188": (
        "SAVCHGOBJ et APYJRNCHG ignorent la sauvegarde ; BRMS compte depuis elle, non depuis le flash",
        "Une sauvegarde du clone ne change que les descriptions d'objets du clone. En production SAVCHGOBJ "
        "REFDATE(*SAVLIB) sauvegarde trop et APYJRNCHG n'a pas de point de départ avec *LASTSAVE. Avec BRMS "
        "le prochain *INCR ou *CUML part de l'heure de la sauvegarde du clone : il peut omettre ce que la "
        "production a changé entre le flash et la sauvegarde.",
        "docs/after-a-save.md dit quoi utiliser à la place et comment demander ce qui a été sauvegardé.",
    ),
    "FLO0189": (
        "Aucun support n'a été déplacé : PRTMOVBRM montre ce qui doit sortir ou entrer",
        "L'exécution ne déplace pas de supports. BRMS connaît leur place par ses règles de mouvement.",
        "PRTMOVBRM liste les mouvements, MOVMEDBRM les fait.",
    ),
    "FLO0190": (
        "La maintenance de cette exécution déplace des supports ; son état dit lesquels",
        "La maintenance BRMS avec mouvement suit. Elle imprime ce qu'elle déplace.",
        "Voyez l'état de mouvement des volumes de BRMS (QP1AVMS).",
    ),
    "FLO0191": (
        "Exécutions supprimées, qui ne sont plus gardées : &1",
        "La spécification garde les exécutions un certain temps (keep runs). Ce qui est plus ancien est "
        "supprimé : historique, journal et ce que le clone a livré.",
        NONE,
    ),
    "FLO0192": (
        "Non exécutée, ce lancement a déjà eu lieu: &1",
        "L'horloge a été retardée, comme à la fin de l'heure d'été, et la planification a déjà lancé "
        "l'environnement à cette heure: environnement, et l'exécution lancée. Une nuit n'a qu'un lancement.",
        "Aucune action n'est requise. FLSTRENV lance une autre exécution.",
    ),
    "FLO0193": (
        "Rien n'est encore modifié, une nouvelle vérification a lieu: &1",
        "Une commande a été refusée, ou un objet était en usage, avant que l'exécution ait modifié quoi que "
        "ce soit. L'exécution reprend ses vérifications, une fois.",
        "Voyez l'historique du travail de l'exécution si cela se répète.",
    ),
    "FLO0194": (
        "SAVCHGOBJ et APYJRNCHG de la production ignorent cette sauvegarde",
        "Une sauvegarde du clone ne change que les descriptions d'objets du clone. En production SAVCHGOBJ "
        "REFDATE(*SAVLIB) sauvegarde trop et APYJRNCHG n'a pas de point de départ avec *LASTSAVE.",
        "docs/after-a-save.md dit quoi utiliser à la place et comment demander ce qui a été sauvegardé.",
    ),
    "FLO0195": (
        "Sur les disques du clone lui-même, et perdu à sa prochaine copie : &1",
        "Ce qui y a été sauvegardé est sur des disques du clone. L'historique BRMS arrivé connaît des "
        "volumes d'un catalogue d'images sous des noms qui peuvent exister ici ; ceux-ci contiennent autre "
        "chose.",
        "Emportez ce qui doit être gardé avant la prochaine exécution ; sauvegardez sur bande ce qu'il faut "
        "pour une reprise.",
    ),
    "FLO0196": (
        "Espace des copies, avant celle-ci : &1",
        "Ce que les copies du clone occupent à présent sur la baie, juste avant que l'une d'elles soit "
        "abandonnée, et ce qui y reste libre. Une copie grandit avec chaque modification de la production, "
        "jusqu'à ce que la suivante prenne sa place.",
        "S'il en reste peu, ajoutez de la capacité, faites moins de copies, ou abandonnez-en une plus tôt "
        "(FLRLSCLN). FREE CAPACITY de la spécification dit au-dessous de quoi une exécution est refusée.",
    ),
    "FLO0197": (
        "Le clone travaille, travaux faits : &1",
        "Le clone dit lui-même qu'il travaille, par la liaison privée, toutes les 15 minutes tant "
        "qu'il n'est pas en état restreint.",
        NONE,
    ),
    "FLO0198": (
        "Aucun signe de vie du clone depuis plus de &1",
        "Le clone a dit qu'il travaille et ne le dit plus. Sa liaison est peut-être arrêtée, ou son "
        "travail terminé. L'exécution continue jusqu'à sa propre limite.",
        "Voyez la console du clone, et FLDSPSTS pour son dernier signe.",
    ),
    "FLO0199": (
        "Pas de réponse, demandé de nouveau : &1",
        "Une console, une baie, un VIOS ou le sidecar lui-même n'a pas donné de réponse utilisable. "
        "L'exécution redemande pendant un quart d'heure au plus ; chaque appel lit l'état avant d'agir.",
        "Voyez ce que le texte nomme. FLENDENV termine l'exécution.",
    ),
    "FLO0200": (
        "Aucune unité nommée pour ces groupes de contrôle, peut-être sur les disques du clone : &1",
        "Le clone n'a rien mis en fonction pour eux, et aucune interface ne dit où BRMS a sauvegardé. Les"
        " fichiers de sauvegarde et les volumes d'un catalogue d'images sont sur les disques du clone et "
        "disparaissent avec sa prochaine copie, alors que BRMS ici les tient pour sauvegardés.",
        "Voyez WRKMEDIBRM. Emportez avant la prochaine exécution ce qui est à garder ; nommez dans la "
        "spécification une unité pour ce qui doit être là lors d'une reprise.",
    ),
    "FLO0201": (
        "BRMS ne compte aucun volume écrit par le clone",
        "Aucun volume ne contient plus qu'avant la nuit : ce qui a été sauvegardé est allé derrière "
        "d'anciennes sauvegardes ou sur les disques du clone (fichiers de sauvegarde, catalogue "
        "d'images), et disparaît avec sa prochaine copie.",
        "Voyez WRKMEDIBRM et la classe de support des règles des groupes de contrôle (WRKPCYBRM TYPE(*MED)).",
    ),
    "FLO0180": (
        "D'ici cela prend d'habitude &1",
        "C'est la médiane des dernières exécutions complètes de l'environnement. Elle ne décide de rien.",
        NONE,
    ),
    "FLO0161": (
        "Disparu avant toute suspension, relancé : &1",
        "Un gardien, ou le travail qui envoie la demande à la baie, s'était arrêté ou ne répondait plus. "
        "Rien n'était encore suspendu : il a été relancé et vérifié comme le premier.",
        "Voyez qui l'a arrêté, et l'historique de ce travail.",
    ),
    "FLO0160": (
        "Reprise demandée malgré tout, suspension non connue : &1",
        "La demande de suspension s'est terminée par une erreur, et l'état a pu être atteint avant. La "
        "reprise a été demandée et accordée ; elle ne change rien à un système qui n'est pas suspendu.",
        NONE,
    ),
    "FLO0122": (
        "Travail inactif ou déjà suspendu, rien de suspendu : &1",
        "C'était déjà son état avant l'exécution : rien n'a été modifié et rien ne sera défait.",
        NONE,
    ),
    "FLO0168": (
        "Le lien privé était déjà actif : &1",
        "Son interface était déjà active : rien n'a été démarré, et elle le reste.",
        NONE,
    ),
    "FLO0136": (
        "Sous-système inactif, rien d'arrêté : &1",
        "C'était déjà son état avant l'exécution : rien n'a été modifié et rien ne sera défait.",
        NONE,
    ),
    "FLO0137": (
        "Serveur inactif, rien d'arrêté : &1",
        "C'était déjà son état avant l'exécution : rien n'a été modifié et rien ne sera défait.",
        NONE,
    ),
    "FLO0139": (
        "L'unité était déjà hors fonction : &1",
        "C'était déjà son état avant l'exécution : rien n'a été modifié et rien ne sera défait.",
        NONE,
    ),
    "FLE0001": (
        "Ceci n'est pas la production (série &1, partition &2) : rien n'a été fait",
        "Ce programme n'agit que sur les partitions que la spécification nomme par IDENTITY. Celle-ci"
        " a le numéro de série &1 et l'id de partition &2. Si la partition est à blanc, elle n'a pas "
        "pu être lue dans QSYS/QPMLPMGT.",
        "Sur une copie il n'y a rien à faire. Si c'est la production après un déplacement (LPM, "
        "reprise après sinistre), ajoutez la nouvelle paire à IDENTITY dans la spécification, "
        "construisez et déployez.",
    ),
    "FLE0002": (
        "Impossible de noter comment défaire, donc rien n'est modifié : &1",
        "Le journal FLJRN ne peut pas être écrit, et une modification dont le retour n'est pas noté "
        "n'est pas faite. Cette étape n'a rien modifié.",
        "Voyez les messages précédents dans l'historique du travail, corrigez ce qui empêche d'écrire"
        " dans la table, puis relancez.",
    ),
    "FLE0003": (
        "Non défait : &1",
        "Une modification que l'exécution a faite en production n'a pas pu être défaite. Le texte "
        "nomme l'objet, son état actuel et l'id du message.",
        "Utilisez FLRCVENV OPTION(*UNDO) quand la cause a disparu. Ce qui est fait à la main se "
        "clôture par OPTION(*CLOSE). L'exécution reste ouverte jusque-là.",
    ),
    "FLE0004": (
        "Une autre exécution tient ce qu'il faut à celle de &1",
        "Clone, groupes de copie, fenêtre de suspension et état de BRMS servent à une exécution à la "
        "fois, et une autre les tient.",
        "Attendez la fin de l'autre exécution (FLDSPSTS, WRKACTJOB SBS(FLASHC)), puis relancez. "
        "WRKOBJLCK sur les zones de données FLK montre qui les tient.",
    ),
    "FLE0005": (
        "Une exécution plus ancienne a laissé verrouillé : &1",
        "Le verrou porte l'inscription d'une exécution dont le travail n'existe plus. Ce qu'elle a "
        "laissé n'a pas été examiné.",
        "Utilisez FLRCVENV pour l'environnement de cette exécution, puis relancez.",
    ),
    "FLE0006": (
        "Les gardiens ne répondent pas : &1",
        "Un travail gardien n'a pas répondu. Sans les deux gardiens rien n'est suspendu. Rien n'a été "
        "modifié.",
        "Vérifiez que les sous-systèmes FLGUARD et QUSRWRK sont actifs et que leurs files de travaux "
        "ne sont pas suspendues, puis relancez.",
    ),
    "FLE0007": (
        "Contrôle en échec : &1",
        "Un contrôle avant l'exécution a trouvé quelque chose à corriger. Rien n'a été modifié.",
        "Corrigez ce que nomme le texte. FLCHKENV fait tous les contrôles sans rien modifier ; puis "
        "relancez.",
    ),
    "FLE0008": (
        "Accès à la console : &1",
        "La console n'a pas donné de réponse utilisable.",
        "Vérifiez que la console est joignable et que sa clé est valide. docs/sidecar.md explique le "
        "code retour. Puis relancez.",
    ),
    "FLE0009": (
        "La partition clone n'est pas arrêtée : &1",
        "Les disques d'une partition en marche ne sont jamais écrasés, et la console ne dit pas Not "
        "Activated.",
        "Arrêtez la partition clone, ou cherchez sur sa console pourquoi elle ne s'arrête pas, puis "
        "relancez.",
    ),
    "FLE0010": (
        "La production a été reprise par &1",
        "Le pilote n'a pas repris la production à temps ; un gardien l'a fait et a arrêté le pilote. "
        "Aucune copie de cette nuit ne compte ; l'exécution est défaite.",
        "Voyez dans l'historique du travail pilote ce qui l'a retenu. FLRCVENV dit si quelque chose "
        "est encore ouvert.",
    ),
    "FLE0011": (
        "PEUT-ÊTRE TOUJOURS SUSPENDUE : reprise refusée : &1",
        "La reprise de *SYSBAS a été refusée : des travaux de la production attendent peut-être en ce"
        " moment.",
        "Utilisez aussitôt CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME) depuis n'importe quelle session,"
        " puis FLRCVENV.",
    ),
    "FLE0012": (
        "Un groupe exigé n'est pas dans son état : &1",
        "Un groupe que la spécification veut idle_or_copied est dans un autre état. Rien n'a été "
        "copié ; l'exécution est défaite.",
        "Attendez que le responsable de ce groupe ait fini, puis relancez.",
    ),
    "FLE0013": (
        "BRMS a refusé *STRPRC : &1",
        "INZBRM a refusé *STRPRC, ou n'est pas revenue dans sa limite (UNKNOWN). Un travail de BRMS ou sa "
        "maintenance est peut-être actif. L'exécution est défaite.",
        "Voyez l'id du message et DSPLOGBRM, attendez la fin de ce qui utilise BRMS, puis relancez.",
    ),
    "FLE0014": (
        "Le groupe n'a pas pu être arrêté : &1",
        "La baie n'a pas arrêté dans la limite le groupe de la dernière copie.",
        "Voyez les mappes du groupe sur la baie (lsfcmap) : si elles se vident encore, attendez. Puis"
        " relancez.",
    ),
    "FLE0015": (
        "Le groupe n'a pas pu être préparé : &1",
        "La baie n'a pas préparé la copie dans la limite. La copie de la dernière exécution est "
        "perdue ; la production n'est pas touchée.",
        "Voyez le groupe sur la baie, corrigez ce qu'elle signale, puis relancez.",
    ),
    "FLE0016": (
        "Plus d'un travail de ce nom : &1",
        "Plusieurs travaux actifs portent le nom que donne la spécification, et personne ne sait "
        "lequel est visé. Rien n'a été suspendu.",
        "Donnez au travail un nom à lui, ou nommez son utilisateur dans la spécification ; "
        "construisez et déployez.",
    ),
    "FLE0017": (
        "Le travail n'a pas pu être suspendu : &1",
        "HLDJOB a été refusée. L'exécution est défaite.",
        "Voyez l'id du message, corrigez sa cause, puis relancez.",
    ),
    "FLE0018": (
        "Non fait dans sa limite, ou refusé : &1",
        "La commande a été refusée, ou n'a pas fini dans sa limite ; si la limite est passée, l'état "
        "n'est pas connu. L'exécution est défaite.",
        "Examinez ce dont parle la commande. Donnez-lui plus de temps dans la spécification s'il le "
        "faut, puis relancez : si la sauvegarde est arrivée (M01), par FLSTRENV RESTART(O96), qui ne "
        "sauvegarde rien de nouveau.",
    ),
    "FLE0019": (
        "Le sidecar armé n'est pas prêt : &1",
        "Le travail qui envoie la requête à la baie n'est pas connecté et prêt. Rien n'a été suspendu"
        " ; l'exécution est défaite.",
        "Voyez l'historique du travail FLARM, la clé et la clé d'hôte de la baie (flashc trust), puis"
        " relancez.",
    ),
    "FLE0020": (
        "BRMS reste en *STRPRC : le clone peut encore écrire des bandes (&1)",
        "Il n'est pas prouvé que le clone est arrêté : il écrit peut-être encore des bandes au nom de"
        " la production ; *ENDPRC n'est donc pas donné.",
        "N'utilisez pas BRMS ici. Si le clone ne travaille plus, arrêtez-le : FLENDCLN OPTION(*IMMED) "
        "SAVING(*END), ou par sa console. Notez les volumes qu'il a écrits, puis utilisez FLRCVENV "
        "OPTION(*UNDO).",
    ),
    "FLE0021": (
        "Volumes que le clone a peut-être écrits : &1",
        "Ce que le clone a écrit n'est pas arrivé, avec BRMS son historique. BRMS de la production ne "
        "connaît pas les volumes qu'il a écrits.",
        "Comparez les volumes de la bandothèque avec BRMS (WRKMEDBRM) et retirez ceux qui ont été "
        "écrits avant que BRMS n'écrive par-dessus.",
    ),
    "FLE0022": (
        "Un gardien ne peut pas vider la mémoire sur disque : &1",
        "Un gardien écrit lui-même la mémoire sur disque avant la suspension, pour prouver qu'il le "
        "peut. Cela a été refusé ; rien n'a été suspendu et l'exécution est défaite.",
        "Le profil du produit a besoin de *JOBCTL ; voyez l'historique du travail gardien, puis relancez.",
    ),
    "FLE0023": (
        "*SYSBAS n'a pas pu être suspendue ; secondes d'essai : &1",
        "Les modifications de *SYSBAS n'ont pas pu être suspendues dans la limite : de longues "
        "transactions n'ont pas atteint une limite de validation. La production a repris ; "
        "l'exécution est défaite.",
        "Voyez par WRKCMTDFN les transactions restées ouvertes. Donnez plus de temps par QUIESCE "
        "WITHIN dans la spécification, ou choisissez une autre heure.",
    ),
    "FLE0024": (
        "Pas de bonne réponse à la requête de flash : &1",
        "La baie n'a pas bien répondu à la requête avant la reprise de la production. On ne sait pas "
        "si la copie a été prise ; elle ne compte donc pas. Le groupe a été arrêté et le clone n'est "
        "pas démarré.",
        "Voyez la baie et son historique, puis relancez.",
    ),
    "FLE0025": (
        "Le flash n'est pas prouvé : &1",
        "Les mappes du groupe n'ont pas toutes une nouvelle heure de début : la copie est peut-être "
        "ancienne. Le clone n'est pas démarré.",
        "Voyez les mappes du groupe sur la baie, puis relancez.",
    ),
    "FLE0026": (
        "Le lien privé ne peut pas être démarré : &1",
        "L'interface de la liaison privée n'est pas devenue active. Le clone ne pourrait rien livrer.",
        "Voyez la ligne et l'interface (NETSTAT OPTION(*IFC)), corrigez-les, puis relancez.",
    ),
    "FLE0027": (
        "Le clone n'a pas pu être démarré : &1",
        "La console a refusé de démarrer la partition clone.",
        "Voyez la console : profil, mémoire, adaptateurs utilisés ailleurs. Puis relancez.",
    ),
    "FLE0028": (
        "Le démarrage du clone a échoué : &1",
        "Le code de référence du clone montre que son démarrage a échoué.",
        "Cherchez le code de référence et voyez la console du clone. La prochaine exécution l'arrête "
        "et le copie de nouveau.",
    ),
    "FLE0029": (
        "Le clone est arrêté et n'a rien livré : &1",
        "La partition clone est arrêtée et n'a rien livré. L'exécution s'occupe de BRMS de la "
        "production ; FLE0021 nomme les volumes que le clone a peut-être écrits.",
        "Voyez sur la console pourquoi elle s'est arrêtée ; son historique est sur ses disques "
        "jusqu'à la prochaine copie.",
    ),
    "FLE0030": (
        "Le clone n'est pas monté dans sa limite : &1",
        "Le clone n'était pas démarré dans la limite de la spécification.",
        "Voyez son code de référence sur la console. S'il lui faut seulement plus de temps, donnez-le"
        " dans la spécification.",
    ),
    "FLE0031": (
        "La sauvegarde n'est pas finie dans sa limite : &1",
        "La sauvegarde n'était pas finie dans la limite de la spécification. Le clone écrit peut-être"
        " encore.",
        "Examinez d'abord le clone et la bandothèque. Puis utilisez FLRCVENV : OPTION(*CONTINUE) "
        "attend de nouveau, OPTION(*UNDO) abandonne la sauvegarde.",
    ),
    "FLE0032": (
        "La livraison n'est pas valide : &1",
        "Un fichier de la livraison manque ou ne correspond pas à son empreinte. Rien n'en a été utilisé.",
        "Si le clone est encore en marche, FLRCVENV OPTION(*CONTINUE) la reçoit de nouveau.",
    ),
    "FLE0033": (
        "Le travail du clone n'est pas complet : &1",
        "Le clone a livré, mais tout son travail n'a pas réussi.",
        "Voyez C36 et les notes précédentes, puis les listes et historiques de travaux dans la boîte "
        "de l'exécution.",
    ),
    "FLE0034": (
        "QUSRBRM n'a pas pu être reçue : &1",
        "QUSRBRM du clone n'est pas arrivée ou ne peut pas être lue. La production reste en *STRPRC.",
        "Corrigez la cause, puis utilisez FLRCVENV OPTION(*CONTINUE).",
    ),
    "FLE0035": (
        "QUSRBRM de la production n'a pas pu être sauvegardée : &1",
        "Une restauration n'est faite que si la QUSRBRM de la production est sauvegardée, et cela a "
        "échoué. Rien n'a été restauré ; la production reste en *STRPRC.",
        "Voyez l'id du message (espace, verrous sur QUSRBRM), puis utilisez FLRCVENV OPTION(*CONTINUE).",
    ),
    "FLE0036": (
        "QUSRBRM n'a pas pu être restaurée : &1",
        "La restauration de QUSRBRM du clone a échoué, n'est pas complète ou n'a pas fini dans sa limite "
        "(UNKNOWN). Ce qu'elle avait remplacé a été remis ; la production reste en *STRPRC.",
        "Terminez ce qui verrouille QUSRBRM (WRKOBJLCK), puis utilisez FLRCVENV OPTION(*CONTINUE). "
        "OPTION(*UNDO) abandonne l'historique du clone.",
    ),
    "FLE0037": (
        "*ENDPRC a échoué : &1",
        "INZBRM a refusé *ENDPRC, ou n'est pas revenue dans sa limite (UNKNOWN). Elle est redemandée à la "
        "clôture de l'exécution ; tant qu'elle n'est pas accordée la production reste en *STRPRC.",
        "Voyez l'id du message et DSPLOGBRM, puis utilisez FLRCVENV OPTION(*CONTINUE).",
    ),
    "FLE0038": (
        "Arrêtée par FLENDENV : &1",
        "Un opérateur a terminé l'exécution par FLENDENV. Tout ce qu'elle a modifié est défait.",
        "Aucune action n'est requise. Relancez l'environnement quand vous le souhaitez.",
    ),
    "FLE0039": (
        "Courrier non envoyé : &1",
        "Le relais de messagerie n'a pas pris le courriel. Cela ne décide de rien dans l'exécution.",
        "Voyez l'adresse du relais et son certificat ; le journal contient ce que le courriel aurait dit.",
    ),
    "FLE0040": (
        "Inattendu : &1",
        "Une erreur que rien ici n'attend. L'exécution est défaite, la commande se termine.",
        "Voyez l'historique du travail (pour une exécution, le pilote) et signalez-la avec ce qui précède.",
    ),
    "FLE0041": (
        "Écrit en retard : &1",
        "Le journal n'a pas pu être écrit à son heure ; la ligne est restée dans la file de messages "
        "FLMSGQ et a été écrite plus tard.",
        "Aucune action n'est requise. Voyez pourquoi la table n'était pas disponible à cette heure.",
    ),
    "FLE0042": (
        "Commencé, et on ne sait pas si c'est fait : &1",
        "L'exécution s'est terminée entre le début et la fin de cette étape. On ne sait pas si "
        "l'étape a été faite.",
        "Examinez le système dont parle l'étape. FLRCVENV défait ce que l'exécution a modifié.",
    ),
    "FLE0043": (
        "*SYSBAS est reprise ; par qui et quand au juste n'est pas connu (&1)",
        "L'exécution s'est terminée dans la fenêtre ou juste après. *SYSBAS a maintenant repris. "
        "Aucune copie de cette nuit ne compte.",
        "Voyez les historiques des travaux gardiens et du pilote. Aucune autre action n'est requise.",
    ),
    "FLE0045": (
        "BRMS reste en *STRPRC : QUSRBRM du clone n'a pas pu être restaurée (&1)",
        "L'historique de BRMS du clone est ici et n'a pas pu être restauré. Avec *ENDPRC ses bandes "
        "seraient inconnues.",
        "Corrigez la cause et utilisez FLRCVENV OPTION(*CONTINUE). OPTION(*UNDO) abandonne "
        "l'historique, et les bandes qu'il connaît.",
    ),
    "FLE0046": (
        "Pas demandé à la baie, car rien n'était suspendu : &1",
        "La suspension n'a pas été atteinte ; aucune copie n'a donc été demandée à la baie.",
        "Voyez le message sur O50.",
    ),
    "FLE0047": (
        "QUSRBRM n'est ni celle du clone ni celle de la production : &1",
        "La restauration de QUSRBRM du clone a échoué ou a été interrompue, et celle de la production n'a "
        "pas pu être remise non plus. La production reste en *STRPRC.",
        "N'utilisez pas BRMS ici. Terminez ce qui verrouille QUSRBRM (WRKOBJLCK). RESTART(O86) restaure à "
        "nouveau celle du clone ; clone éteint, FLRCVENV OPTION(*UNDO) remet celle de la production.",
    ),
    "FLE0048": (
        "QUSRBRM n'est pas tel que le clone l'a compté : &1",
        "Le fichier de sauvegarde reçu contient un autre nombre d'objets que ce que le clone a sauvegardé. "
        "Il n'est pas restauré ; la production reste en *STRPRC.",
        "Voyez la boîte de l'exécution, puis FLRCVENV OPTION(*CONTINUE). OPTION(*UNDO) renonce à "
        "l'historique du clone.",
    ),
    "FLE0049": (
        "Il n'y a pas d'environnement &1",
        "La spécification dont cette bibliothèque a été construite n'a pas un tel environnement.",
        "FLDSPENV montre les environnements présents ; ou invitez la commande par F4.",
    ),
    "FLE0050": (
        "QSTRUPPGM n'est pas le gardien de démarrage : &1",
        "La valeur système QSTRUPPGM nomme un autre programme : un clone démarrerait comme la production.",
        "Le responsable de la sécurité entre le CHGSYSVAL qu'affiche flashc deploy. Le gardien conserve"
        " et appelle le programme qui s'y trouve maintenant.",
    ),
    "FLE0051": (
        "L'exécution &2 de &1 est encore ouverte, dans la phase &3",
        "L'exécution &2 de l'environnement &1 travaille, ou s'est terminée dans la phase &3 sans être "
        "fermée. Une nouvelle exécution ne peut pas toucher à ce qu'elle a.",
        "Voyez FLDSPSTS et attendez tant qu'elle travaille. Sinon utilisez FLRCVENV pour l'environnement "
        "(pour *ENDCLN et semblables, tout environnement du clone) : il dit ce qui est ouvert et le ferme.",
    ),
    "FLE0052": (
        "Le gardien n'a pas encore été vu au travail sous QPGMR : &1",
        "Avant la première exécution, le gardien de démarrage doit avoir été vu fonctionner sous QPGMR "
        "en production, et il n'en a laissé aucun rapport.",
        "Soumettez CALL FLBOOT PARM('*REPORT') sous QPGMR, comme l'affiche flashc deploy.",
    ),
    "FLE0053": (
        "Exécution &2 de &1 soumise",
        "Le pilote de l'exécution &2 a été soumis.",
        "FLDSPSTS et WRKACTJOB SBS(FLASHC) le montrent.",
    ),
    "FLE0054": (
        "Aucune exécution de &1 n'est ouverte",
        "Aucune exécution de cet environnement n'est ouverte.",
        "Il n'y a rien à terminer.",
    ),
    "FLE0055": (
        "Il a été demandé à l'exécution &2 de &1 de se terminer",
        "Le pilote de l'exécution &2 agit à sa prochaine attente, c'est-à-dire aussitôt, et défait "
        "d'abord tout. Dans la fenêtre il finit la fenêtre.",
        "FLDSPSTS montre quand il a fini.",
    ),
    "FLE0056": (
        "Rien n'est ouvert pour &1",
        "Aucune exécution de cet environnement n'est ouverte, et rien n'en reste en production.",
        "La prochaine exécution peut démarrer.",
    ),
    "FLE0057": (
        "Ouvert : &1",
        "Une exécution de cet environnement n'a pas été fermée. Le texte dit ce qui est ouvert.",
        "OPTION(*CONTINUE) continue là où c'est possible ; OPTION(*UNDO) reprend, défait et ferme.",
    ),
    "FLE0058": (
        "Le programme principal de &1 est vivant",
        "Le travail pilote est actif et fait son travail, ou un autre travail s'occupe de la "
        "rétablir (le gardien A le fait de lui-même).",
        "Utilisez FLENDENV pour terminer l'exécution dans l'ordre. WRKOBJLCK des zones de données"
        " FLK montre quel travail c'est : laissez finir un rétablissement. S'il reste bloqué, "
        "arrêtez-le (ENDJOB) et reprenez FLRCVENV.",
    ),
    "FLE0059": (
        "Quelque chose n'a pas pu être défait dans l'exécution &1",
        "Quelque chose que l'exécution a modifié n'est pas défait ; elle reste donc ouverte.",
        "Corrigez d'abord ce que le texte nomme (tout est dans les notes avec FLE0003), puis utilisez "
        "FLRCVENV : OPTION(*CHECK) dit comment continuer.",
    ),
    "FLE0231": (
        "Clôturée bien que quelque chose ne soit pas défait : &1",
        "FLRCVENV OPTION(*CLOSE) a été utilisée : quelqu'un a fait à la main ce que nomment les "
        "notes avec FLE0003, ou y renonce.",
        "Vérifiez que ce qu'elles nomment est comme il doit être.",
    ),
    "FLE0232": (
        "Rien ne montre un système restauré : &1",
        "L'exécution est ouverte et FLRCVENV OPTION(*RESTORED) a été utilisée ; mais son "
        "enregistrement ou la description de travail QGPL/QDFTJOBD n'a pas été restauré depuis son "
        "début. Elle peut donc être de ce système même, avec des changements à défaire.",
        "OPTION(*CHECK) dit ce qui est ouvert, OPTION(*UNDO) le défait. OPTION(*RSTSURE) seulement "
        "si les disques sont revenus autrement, par exemple en copie par la baie.",
    ),
    "FLE0060": (
        "Unité : &1",
        "L'unité n'est pas prête sur le clone.",
        "Voyez son état, son affectation à la partition clone et la bandothèque.",
    ),
    "FLE0061": (
        "BRMS a refusé *STRBKU sur le clone : &1",
        "INZBRM a refusé *STRBKU sur le clone. Rien n'a été sauvegardé.",
        "Voyez l'id du message ; l'historique de BRMS du clone est dans la boîte de l'exécution.",
    ),
    "FLE0062": (
        "Groupe de contrôle non sauvegardé : &1",
        "BRMS n'a pas sauvegardé le groupe de contrôle. Les groupes suivants n'ont pas été lancés.",
        "Voyez l'historique de BRMS et celui de son travail dans la boîte de l'exécution, corrigez la"
        " cause, puis relancez l'environnement.",
    ),
    "FLE0063": (
        "L'historique de BRMS n'a pas pu être lu : &1",
        "L'historique de BRMS n'a pas pu être lu ; personne ne sait donc ce que vaut la sauvegarde. "
        "Elle compte comme échouée.",
        "Voyez DSPLOGBRM et les listes de la sauvegarde, et décidez si les bandes sont gardées.",
    ),
    "FLE0064": (
        "BRMS a refusé *ENDBKU sur le clone : &1",
        "INZBRM a refusé *ENDBKU sur le clone. Son historique n'est peut-être pas complet.",
        "Voyez l'id du message ; comparez les volumes écrits avec BRMS avant de les utiliser.",
    ),
    "FLE0066": (
        "Valeur système non modifiée sur le clone : &1",
        "La valeur système de la spécification n'a pas été modifiée sur le clone. La sauvegarde continue.",
        "Le profil n'a peut-être pas le droit requis ; voyez docs/first-night.md.",
    ),
    "FLE0070": (
        "Les disques du clone n'ont pas pu être retirés de ses VIOS : &1",
        "Aucune copie n'a été prise. Ce qui avait déjà été retiré est remis.",
        "Examinez chaque VIOS que nomme le texte : sa connexion RMC et ses mappages (lsmap). Puis relancez.",
    ),
    "FLE0071": (
        "Les disques du clone ne sont pas revenus sur ses VIOS : &1",
        "La copie est prise, mais les disques du clone ne sont pas tous sur leurs VIOS ; le clone n'a"
        " donc pas été démarré.",
        "Corrigez le VIOS, puis mappez les disques : flashrt.pyz vios map, ou mkvdev sur chaque VIOS "
        "selon runs/vios.CLONE.json.",
    ),
    "FLE0080": (
        "Une commande avant l'exécution a échoué : &1",
        "Une commande de la spécification pour avant l'exécution a échoué ; l'exécution est donc "
        "refusée. Elle-même n'a rien modifié, mais les commandes du site jusqu'à celle-ci ont été "
        "exécutées et ne se défont pas.",
        "Voyez l'historique du travail de la commande, défaites à la main ce qu'il faut, puis relancez.",
    ),
    "FLE0081": (
        "Une commande du site a échoué : &1",
        "Une commande de la spécification a échoué, ou sa limite est passée ; on ne sait alors pas ce"
        " qu'elle a fait. Elle ne se défait pas.",
        "Voyez l'historique du travail de la commande et faites à la main ce qui manque.",
    ),
    "FLE0082": (
        "Plus d'un poste de planification de ce nom : &1",
        "Plusieurs postes de planification portent le nom que donne la spécification, et personne ne "
        "sait lequel est visé. Rien n'a été suspendu.",
        "Donnez au poste un nom à lui, construisez et déployez.",
    ),
    "FLE0083": (
        "Non exécuté pendant que son poste de planification était suspendu : &1",
        "Le poste était dû pendant qu'il était suspendu. Un poste libéré n'est pas exécuté plus tard.",
        "Soumettez sa commande à la main si elle est nécessaire aujourd'hui.",
    ),
    "FLE0084": (
        "Pas dans un état où il peut être suspendu, arrêté ou mis hors fonction : &1",
        "Il n'existe pas, s'arrête, ou son état ne peut pas être lu ; il n'a donc pas été touché. "
        "L'exécution est défaite.",
        "Voyez l'objet que nomme le texte, ou retirez-le de la spécification, puis relancez.",
    ),
    "FLE0085": (
        "Une commande avertie de l'exécution a échoué : &1",
        "La commande a échoué, ou sa limite est passée ; on ne sait alors pas ce qu'elle a fait. Elle ne "
        "décide de rien.",
        "Voyez l'historique de la commande : travail FLCMD à cette heure.",
    ),
    "FLE0110": (
        "Le travail de sauvegarde n'a pas commencé : &1",
        "Le travail de sauvegarde n'est pas sorti de sa file de travaux sur le clone dans la limite. "
        "Rien n'a été sauvegardé.",
        "L'étape C18 nomme la file de travaux. Voyez si elle est libérée et si elle est du sous-système "
        "de contrôle (DSPSBSD, option 6) ; puis relancez l'environnement.",
    ),
    "FLE0111": (
        "Sauvegardé avec des exceptions : &1",
        "Tout a été essayé, et certains objets n'ont pas été sauvegardés.",
        "La liste et l'historique du travail de sauvegarde, dans la boîte de l'exécution, nomment ce "
        "qui manque. Sauvegardez-le autrement si c'est important.",
    ),
    "FLE0112": (
        "Non sauvegardé : &1",
        "Une commande de sauvegarde a échoué. Les sauvegardes suivantes n'ont pas été essayées.",
        "Voyez l'historique du travail de sauvegarde dans la boîte de l'exécution, corrigez la cause,"
        " puis relancez l'environnement.",
    ),
    "FLE0113": (
        "Postes de planification non suspendus sur le clone : &1",
        "Un poste de planification de la production n'a pas pu être suspendu sur le clone ; aucune "
        "commande n'y a donc été exécutée.",
        "Voyez la note précédente ; puis relancez l'environnement.",
    ),
    "FLE0114": (
        "Une commande a échoué sur le clone : &1",
        "Une commande de la spécification a échoué sur le clone, ou sa limite est passée.",
        "Voyez l'historique de son travail dans la boîte de l'exécution.",
    ),
    "FLE0115": (
        "Fichier non rapporté : &1",
        "Un fichier que demande la spécification manquait ou était trop grand. Les autres sont "
        "arrivés quand même ; le travail compte comme échoué.",
        "Voyez sur le clone la commande qui fait le fichier, et la limite de la spécification.",
    ),
    "FLE0240": (
        "BRMS n'a pas pris l'heure du flash : &1",
        "Les sauvegardes incrémentielles compteraient à partir de celle du clone et omettraient ce que "
        "la production a changé depuis le flash. Rien n'a été sauvegardé.",
        "Q1AOLD demande l'Advanced Feature de BRMS et ses PTF (docs/after-a-save.md) ; ou retirez "
        "incremental from flash de la spécification et ne sauvegardez qu'avec *FULL.",
    ),
    "FLE0241": (
        "BRMS n'a pas rendu l'heure du flash : &1",
        "L'historique peut rapporter l'heure en production, dont les sauvegardes seraient notées avec elle.",
        "À la fin de l'exécution, entrez en production : CALL QBRM/Q1AOLD PARM('FLASHTIME ' '*DISABLE  ' "
        "'*ALL CLEAR ').",
    ),
    "FLE0242": (
        "ASP indépendant non disponible sur le clone : &1",
        "On a tenté de le mettre en fonction pendant cinq minutes au moins. Sans lui, la sauvegarde "
        "omettrait ce qu'il contient : rien n'a été sauvegardé.",
        "Voyez l'historique du travail sur le clone ; mettez-le en fonction à la main une fois.",
    ),
    "FLE0065": (
        "QUSRBRM n'a pas pu être sauvegardée sur le clone : &1",
        "QUSRBRM n'a pas pu être sauvegardée sur le clone ; son historique n'arrive donc pas.",
        "Nommez à BRMS à la main les bandes que le clone a écrites, ou retirez-les (WRKMEDBRM).",
    ),
    "FLE0090": (
        "Le clone est remis : &1",
        "Le clone est à ses utilisateurs jusqu'à l'heure que nomme le texte. Aucune exécution ne "
        "l'arrête avant. Rien n'a été modifié.",
        "Son responsable le rend par FLRCVENV OPTION(*GIVENBACK) ; ou attendez la fin de son délai.",
    ),
    "FLE0091": (
        "Planifications non suspendues sur le clone : &1",
        "Un poste de planification de la production s'exécuterait sur le clone.",
        SAFE,
    ),
    "FLE0092": (
        "Un planificateur n'est pas suspendu sur le clone : &1",
        "La commande de la spécification qui suspend un planificateur a échoué, ou sa preuve.",
        SAFE,
    ),
    "FLE0093": (
        "Files de travaux encore actives sur le clone : &1",
        "Une file de travaux de la production pourrait démarrer des travaux sur le clone.",
        SAFE,
    ),
    "FLE0094": (
        "Ce qui ne doit jamais démarrer n'est pas empêché : &1",
        "Quelque chose que la spécification interdit sur le clone pourrait y démarrer.",
        SAFE,
    ),
    "FLE0095": (
        "Le nom de système n'est pas changé : &1",
        "CHGNETA a été refusée ou n'a pas pris effet.",
        SAFE,
    ),
    "FLE0096": (
        "Hôte et domaine ne sont pas changés : &1",
        "CHGTCPDMN a été refusée ou n'a pas pris effet.",
        SAFE,
    ),
    "FLE0097": (
        "Il reste quelque chose du réseau de la production : &1",
        "Une adresse ou une route de la production n'a pas pu être retirée.",
        SAFE,
    ),
    "FLE0098": (
        "Le réseau propre au clone manque : &1",
        "Une adresse ou une route propre au clone n'a pas pu être ajoutée.",
        SAFE,
    ),
    "FLE0099": (
        "La fin du clone n'est pas planifiée : &1",
        "Le poste de planification qui arrête le clone n'a pas pu être ajouté.",
        SAFE,
    ),
    "FLE0100": (
        "Le clone ne devient pas &1",
        "Ce qu'il n'a pas pu faire de lui-même est en C51 à C59. Il est en mode sûr et la prochaine "
        "exécution l'arrête.",
        "Corrigez ce que nomment ces étapes, construisez, déployez, puis relancez l'environnement.",
    ),
    "FLE0101": (
        "Il s'est arrêté en devenant un autre système : &1",
        "Le clone s'est arrêté ou a été arrêté pendant qu'il devenait un autre système : rien de lui "
        "n'est prouvé.",
        SAFE,
    ),
    "FLE0102": (
        "Le profil du produit ne peut pas utiliser une commande : &1",
        "IBM livre la commande fermée au public ; l'exécution, ou son clone, serait refusée en plein milieu. "
        "Rien n'a été modifié.",
        "Le responsable de la sécurité entre le GRTOBJAUT qu'affiche flashc plan, puis relancez.",
    ),
    "FLE0103": (
        "Clone rendu : &1",
        "Ses utilisateurs ont rendu le clone.",
        "Aucune action n'est requise. La prochaine exécution peut l'arrêter.",
    ),
    "FLE0120": (
        "La reprise de &1 a échoué",
        "Le gardien A a appelé FLRCVENV parce que le pilote n'était plus là, et FLRCVENV a échoué.",
        "Utilisez vous-même FLRCVENV pour l'environnement. L'historique du travail FLGRDA dit "
        "pourquoi il a échoué.",
    ),
    "FLE0121": (
        "Pas de BRMS sur ce système avant la fin de l'exécution &1",
        "L'historique de BRMS est écrit par le clone à la place de la production. Ce que BRMS ferait "
        "ici entre-temps serait perdu.",
        "N'utilisez pas BRMS avant la fin de l'exécution : ni sauvegarde, ni maintenance, ni "
        "mouvement de bandes.",
    ),
    "FLE0122": (
        "Exécution non terminée : &1",
        "L'exécution s'est terminée avec le résultat et pour la raison que nomme le texte.",
        "Voyez l'exécution par FLDSPLOG. Si le résultat est NEEDSYOU utilisez FLRCVENV, qui dit ce "
        "qui est ouvert.",
    ),
    "FLE0123": (
        "La livraison a échoué, l'exécution &1 attend",
        "Toute la livraison est sur le clone et n'est pas arrivée en production. Le clone reste en marche.",
        "Corrigez la liaison. En production utilisez FLRCVENV OPTION(*CONTINUE), qui active son bout, puis "
        "envoyez ici par flashrt.pyz deliver send ; docs/when-it-failed.md explique les deux.",
    ),
    "FLE0124": (
        "Ce clone vit désormais comme &1 ; rien d'interdit n'était actif",
        "Il a démarré, il est prouvé qu'il est un système à part, et rien de ce qu'interdit la "
        "spécification n'était actif.",
        "Aucune action n'est requise.",
    ),
    "FLE0125": (
        "Arrêté sur ce clone : &1",
        "La spécification dit qu'il ne démarre jamais sur ce clone. Il était actif et a été arrêté en"
        " moins d'une minute.",
        "Cherchez ce qui l'a démarré et suspendez-le sur le clone.",
    ),
    "FLE0126": (
        "Le terme de ce clone est passé, il est arrêté : &1",
        "Le délai que donne la spécification par EXPIRES AFTER est terminé.",
        "Aucune action n'est requise. Une nouvelle exécution fait un nouveau clone.",
    ),
    "FLE0127": (
        "Ce clone ne peut pas vivre à part : &1",
        "Il n'est pas prouvé que le clone soit un autre système que la production : le texte nomme ce"
        " qui diffère. Il reste en mode sûr.",
        "Examinez-le par sa console. La prochaine exécution de son environnement fait un nouveau clone.",
    ),
    "FLE0128": (
        "Mode sûr. Si ceci est la production : CALL &1",
        "Le gardien de démarrage n'a trouvé ni la production ni un clone avec un ticket valide. TCP/IP "
        "reste arrêté et la console reste utilisable.",
        "Si c'est la production, entrez à la console le CALL que nomme le texte : le mode sûr se termine et "
        "le programme de démarrage, que le texte nomme aussi, est appelé une minute plus tard. Puis"
        " ajoutez cette série et cette partition à IDENTITY dans la spécification. Si c'est une "
        "copie, laissez-la ainsi ou arrêtez-la.",
    ),
    "FLE0130": (
        "Ouvert, et la production est peut-être suspendue : &1",
        "Une exécution n'a pas été fermée, et la production est peut-être suspendue.",
        "Utilisez maintenant FLRCVENV OPTION(*UNDO) : il reprend d'abord la production, puis défait "
        "et ferme.",
    ),
    "FLE0129": (
        "Le terme de ce clone est passé, mode sûr : &1",
        "Le délai que donne la spécification par EXPIRES AFTER est terminé et le clone a été "
        "redémarré. Il reste en mode sûr.",
        "Aucune action n'est requise. La prochaine exécution l'arrête.",
    ),
    "FLE0133": (
        "Programme de démarrage introuvable, QSYS/QSTRUP est appelé : &1",
        "La zone de données FLPRVSTR de la bibliothèque du gardien nomme un programme de démarrage qui "
        "n'existe pas ou que QPGMR ne peut pas utiliser. Le gardien a appelé celui du système.",
        "Démarrez ce qui manque. Mettez programme et bibliothèque, dix caractères chacun, dans FLPRVSTR.",
    ),
    "FLE0134": (
        "Un ticket sur la production, voyez FLRCVENV OPTION(*CHECK) : &1",
        "La production n'a un ticket que pendant qu'une exécution prend sa copie : elle s'est arrêtée alors, "
        "ou ce système a été restauré de la bande d'un clone. Le ticket est ignoré, la production a démarré "
        "comme toujours.",
        "Utilisez FLRCVENV OPTION(*RESTORED) si elle a été restaurée de la bande d'un clone ; sinon FLRCVENV "
        "OPTION(*CHECK), et ce qu'elle propose.",
    ),
    "FLE0131": (
        "Ceci n'est pas le clone du ticket &1",
        "Le gardien de démarrage a pris ce système pour le clone du ticket &1, et un second regard dit "
        "autre chose. Rien n'est démarré.",
        "Le mode sûr suit. Voyez FLE0128.",
    ),
    "FLE0132": (
        "Le ticket &1 est de l'environnement &2, inconnu ici",
        "Le ticket nomme un environnement que la bibliothèque de cette copie n'a pas. Rien n'est démarré.",
        "Le mode sûr suit. Construisez et déployez en production, puis relancez l'environnement.",
    ),
    "FLE0140": (
        "Il manque au profil de l'exécution des droits spéciaux : &1",
        "Ni le profil du produit ni un de ses groupes ne les a, et le système refuserait l'exécution en "
        "cours de route. Rien n'a été modifié.",
        "Le responsable de la sécurité les accorde : CHGUSRPRF USRPRF(profil) SPCAUT(...). "
        "docs/security.md dit à quoi sert chacun.",
    ),
    "FLE0150": (
        "Pas de tel point de reprise: &1",
        "L'environnement n'a pas de point de reprise de ce code d'étape. RESTART() nomme ceux "
        "qui sont possibles maintenant.",
        "Utilisez l'un d'eux; avec *NONE lancez une nouvelle exécution. flashc explain liste "
        "les points de reprise d'un environnement.",
    ),
    "FLE0151": (
        "Pas de reprise, le flash n'est pas prouvé: &1",
        "Jusqu'à la preuve du flash il n'y a pas de point de reprise: ce que l'exécution "
        "avait fait est annulé.",
        "Lancez une nouvelle exécution par FLSTRENV.",
    ),
    "FLE0152": (
        "Pas de reprise, le clone n'a pas été démarré sur ce flash: &1",
        "Ce point de reprise suppose un clone au travail, et l'exécution ne l'a pas mis sous tension.",
        "Utilisez RESTART(O70) si RESTART() le nomme, sinon lancez une nouvelle exécution.",
    ),
    "FLE0153": (
        "Pas de reprise, BRMS n'est pas ici dans l'état voulu: &1",
        "Jusqu'à l'arrivée de l'historique du clone BRMS doit être encore en *STRPRC, sinon "
        "ce qu'il a fait depuis serait perdu. Après, *ENDPRC doit être fait.",
        "Utilisez ce que nomme RESTART(); avec *NONE lancez une nouvelle exécution.",
    ),
    "FLE0154": (
        "Pas de reprise, le ticket de la copie est trop ancien: &1",
        "Le clone n'agirait pas selon le ticket que contient la copie et démarrerait en mode sûr.",
        "Lancez une nouvelle exécution par FLSTRENV.",
    ),
    "FLE0155": (
        "Pas de reprise, aucune livraison vérifiée: &1",
        "Ce point de reprise suppose une livraison vérifiée, et il n'y en a pas.",
        "Utilisez RESTART(O80), qui l'attend, si RESTART() le nomme.",
    ),
    "FLE0156": (
        "Rien à reprendre: &1",
        "La dernière exécution sur ce clone est complète, ou d'un autre environnement.",
        "Lancez une nouvelle exécution par FLSTRENV.",
    ),
    "FLE0157": (
        "La prochaine exécution planifiée est omise: &1",
        "Elle ne fera que le dire. Une exécution lancée à la main n'est pas concernée.",
        "Aucune action n'est requise. SKIP(*CANCEL) l'annule.",
    ),
    "FLE0158": (
        "La prochaine exécution planifiée n'est pas omise: &1",
        "Elle démarre comme planifié.",
        NONE,
    ),
    "FLE0159": (
        "Exécution complète: &1",
        "L'exécution est complète et ses travaux ont rendu ce qu'ils retenaient.",
        NONE,
    ),
    "FLE0160": (
        "On ne sait pas comment elle a fini et personne ne s'en occupe: &1",
        "L'exécution n'a pas de résultat, son pilote a disparu et le gardien A ne l'a pas "
        "fermée en une demi-heure.",
        "Utilisez FLRCVENV, qui dit ce qui est ouvert, puis FLRCVENV OPTION(*UNDO) ou FLSTRENV RESTART.",
    ),
    "FLE0161": (
        "Pas terminée dans sa limite: &1",
        "Les limites de toutes les étapes ensemble sont passées et l'exécution continue. On "
        "ne sait pas comment elle finira.",
        "Voyez WRKACTJOB SBS(FLASHC) et le journal. FLENDENV met fin à l'exécution dans l'ordre.",
    ),
    "FLE0162": (
        "Ces paramètres s'excluent l'un l'autre",
        "SKIP ne lance rien, si bien que RESTART, WAIT et SCHEDULED ne disent rien à côté; un "
        "lancement planifié n'est pas une reprise.",
        "Entrez une commande pour chacun.",
    ),
    "FLE0163": (
        "Personne pour mettre fin à l'exécution &1",
        "L'exécution est ouverte et son pilote a disparu. Le gardien A s'en occupe en quelques minutes.",
        "Utilisez FLRCVENV si elle reste ouverte.",
    ),
    "FLE0190": (
        "L'environnement &2 n'a pas le point de reprise &3",
        "RESTART nomme une étape à laquelle aucune exécution de cet environnement ne continue.",
        "En choisir un que flashc explain énumère. *NO lance une nouvelle exécution.",
    ),
    "O09": (
        "À la main : &1",
        "Commande d'un opérateur sur un clone : quoi, sur quel clone, qui et pourquoi. Les verrous "
        "d'une exécution sont pris.",
        NONE,
    ),
    "FLO0117": (
        "Le clone était déjà arrêté : &1",
        "Il n'y avait rien à arrêter et rien n'a été modifié.",
        NONE,
    ),
    "FLE0200": (
        "Il n'y a pas de clone &1",
        "La spécification ne déclare aucun clone de ce nom qu'un environnement utilise.",
        "Demandez l'invite de la commande par F4, qui liste les clones, ou voyez la spécification.",
    ),
    "FLE0201": (
        "Le clone sauvegarde peut-être : &1",
        "Son travail a commencé à l'heure indiquée et sa fin n'est pas connue ; pendant les minutes "
        "indiquées il compte comme sauvegardant.",
        "Attendez la fin de son travail. Pour l'arrêter quand même et perdre sa sauvegarde : FLENDCLN"
        " OPTION(*IMMED) SAVING(*END).",
    ),
    "FLE0202": (
        "La partition clone n'est pas dans un état qui le permet : &1",
        "Un arrêt en ordre demande un système d'exploitation actif, et un démarrage une partition Not"
        " Activated.",
        "Voyez l'état de la partition. FLENDCLN OPTION(*IMMED) l'arrête dans tout état.",
    ),
    "FLE0203": (
        "Un ticket dans la copie peut encore agir : &1",
        "La copie a été prise pour un travail sur le clone. Démarrée dans les minutes indiquées à "
        "partir de l'heure indiquée, elle reprendrait ce travail.",
        "Attendez la fin de ce délai, ou prenez une nouvelle copie.",
    ),
    "FLE0204": (
        "Le réseau du clone n'est pas déclaré isolé : &1",
        "Un clone démarré à la main ne l'est que là où il est prouvé qu'il n'atteint aucun réseau de "
        "production.",
        "Utilisez un profil sans VLAN de production et dites NETWORK ISOLATED dans la spécification ;"
        " sinon, que celui qui répond de son réseau démarre le clone sur sa console.",
    ),
    "FLE0205": (
        "De quelle copie &1 démarrerait n'est pas prouvé",
        "Le clone a des générations de sa copie. Celle que voit sa partition dépend d'un mappage "
        "d'hôte de la baie que ce produit ne modifie pas.",
        "Mappez sur la baie les volumes de la génération voulue vers le clone, et démarrez la "
        "partition sur sa console en mode manuel.",
    ),
    "FLE0206": (
        "La copie n'est pas prouvée : &1",
        "Ce que contiennent les disques du clone n'est pas, ou pas de façon prouvable, la dernière "
        "copie qu'une exécution a prise et prouvée.",
        "Voyez le groupe sur la baie. Une nouvelle exécution d'un instantané de sécurité donne une "
        "copie prouvée.",
    ),
    "FLE0207": (
        "Demande sur le clone &1 soumise",
        "Elle s'exécute dans le sous-système FLASHC sous le profil du produit. Sa fin vous est "
        "annoncée par un message.",
        NONE,
    ),
    "FLE0208": (
        "Fait : &1",
        "Ce qui a été demandé sur le clone est fait, et l'état a été lu ensuite.",
        NONE,
    ),
    "FLE0209": (
        "Non fait : &1",
        "Ce qui a été demandé sur le clone a été refusé ou a échoué. REFUSED : rien n'a été modifié. "
        "FAILED : quelque chose l'a été, et le journal l'a.",
        "Voyez la raison dans le message et les lignes de la demande dans le journal. Où il dit "
        "NEEDSYOU, ou si un travail est mort, appelez FLRCVENV pour un environnement du clone.",
    ),
    "FLE0210": (
        "Le clone n'a pas de groupe &1",
        "COPY nomme un groupe de cohérence que la spécification ne déclare pas pour ce clone.",
        "Donnez *OLDEST, *ALL ou le nom d'un de ses groupes comme dans la spécification.",
    ),
    "FLE0211": (
        "SAVING(*END) n'est permis qu'avec OPTION(*IMMED)",
        "Un clone qui sauvegarde peut-être est arrêté tout de suite ou pas du tout.",
        "Donnez aussi OPTION(*IMMED), ou omettez SAVING.",
    ),
    "FLE0212": (
        "Ou LIB avec TOLIB, ou STMF avec TOSTMF",
        "Une bibliothèque ou un objet revient dans une nouvelle bibliothèque, un fichier STREAM sous un "
        "nouveau chemin. Un chemin n'a pas d'apostrophe.",
        "Entrez la commande avec l'une des deux paires. F4 l'invite.",
    ),
    "FLE0213": (
        "Le clone &1 ne rend rien",
        "Aucun environnement de la spécification ne laisse ce clone en marche avec un lien privé : rien "
        "n'y cherche de demandes.",
        "Dites LEAVE CLONE RUNNING dans la spécification ; cela vaut dès la prochaine exécution. Sinon, "
        "restaurez ce que le clone a sauvegardé.",
    ),
    "FLE0214": (
        "Le clone n'est pas en marche : &1",
        "On ne peut demander quelque chose qu'à un clone dont le système d'exploitation est actif.",
        "Démarrez le clone, ou prenez ce qu'il faut de sa sauvegarde.",
    ),
    "FLE0215": (
        "Cela ne peut être rapporté : &1",
        "Le nouveau nom est pris, ou ce qui est demandé est au système ou au produit, ou la place manque.",
        "Voyez le message. Choisissez un autre nom, ou libérez de la place.",
    ),
    "FLE0216": (
        "Le clone n'a pas répondu : &1",
        "Rien de complet n'est venu en deux heures. On ne sait pas si le clone a ce qui était demandé.",
        "Voyez sur le clone si le travail FLGIVE est actif et son lien en marche. La commande peut être "
        "entrée à nouveau.",
    ),
    "FLE0217": (
        "Le clone ne l'a pas sauvegardé : &1",
        "La sauvegarde sur le clone a échoué, ou dépasse la place de la production. Le texte a le "
        "message de la sauvegarde.",
        "Voyez le message, et l'historique du clone dans la boîte de réception de la demande (FLDSPLOG).",
    ),
    "FLE0218": (
        "Pas restauré : &1",
        "La restauration a échoué. Une bibliothèque créée pour elle est supprimée ; ce qui était là est "
        "intact.",
        "Voyez l'historique de la demande. La commande peut être entrée à nouveau.",
    ),
    "FLE0219": (
        "Le clone a la copie de l'exécution &1",
        "RUN nomme une autre exécution que celle dont le clone a démarré la copie.",
        "Utilisez RUN(*LAST), ou restaurez ce que l'autre exécution a sauvegardé.",
    ),
    "FLE0170": (
        "En ordre: &1",
        "Ce qui a été regardé et ce qui a été trouvé. C'est comme une exécution le veut.",
        NONE,
    ),
    "FLE0171": (
        "À surveiller: &1",
        "Cela n'empêche aucune exécution de démarrer et quelqu'un devrait le savoir; ou cela "
        "n'a pas pu être regardé.",
        "Voyez ce que nomme le texte, si ce n'était pas attendu.",
    ),
    "FLE0172": (
        "Refusé: &1",
        "Une exécution serait refusée pour cela. Les autres points ont été regardés tout de même.",
        "Corrigez ce que dit le texte, puis entrez FLCHKENV à nouveau.",
    ),
    "FLE0174": (
        "Suspendu, inactif ou illisible: &1",
        "Une exécution le veut dans un autre état. UNKNOWN est suivi de l'id du message qui "
        "dit pourquoi il ne se lit pas.",
        "Libérez-le, démarrez-le ou corrigez-le, puis recommencez.",
    ),
    "FLE0175": (
        "Aucune exécution ne pourrait démarrer (refusé / attention): &1",
        "Les messages précédents disent de chaque point ce qui a été trouvé. Le premier qui "
        "refuse une exécution est répété ici.",
        "Corrigez ce qui est refusé, puis entrez FLCHKENV à nouveau.",
    ),
    "FLE0176": (
        "Une exécution pourrait démarrer (refusé / attention): &1",
        "Les messages précédents disent de chaque point ce qui a été trouvé.",
        NONE,
    ),
    "FLE0220": (
        "Cette exécution n'existe pas : &1",
        "Le journal n'a aucune exécution de cet identifiant, ou n'en a pas encore de cet environnement.",
        "Voyez par FLDSPHST les exécutions qui existent.",
    ),
    "FLE0221": (
        "La liste n'a pas pu être montrée : &1",
        "La liste n'a pas pu être affichée, imprimée ou écrite ; le texte nomme le message du système.",
        "Pour *STMF, vérifiez que le dossier existe et que vous pouvez y écrire, puis relancez la commande.",
    ),
    "FLE0222": (
        "Liste écrite : &1",
        "Le fichier est en UTF-8, ses lignes se terminent par un saut de ligne.",
        "Aucune action n'est nécessaire.",
    ),
    "FLE0223": (
        "Non livré, ou sans droit de lecture : &1",
        "Le fichier n'est pas dans la boîte de l'exécution, ou vous n'avez pas le droit de le lire. Les "
        "droits adoptés n'atteignent pas les fichiers STREAM : ils se lisent avec les vôtres.",
        "Voir par FLDSPLOG SECTION(*FILES) ce qui a été livré. Le propriétaire du produit peut vous accorder "
        "*RX aux dossiers et *R au fichier.",
    ),
    "FLE0224": (
        "La production est retenue ou peut l'être ; la liste vient quand elle reprend",
        "Une exécution est dans sa fenêtre entre suspension et reprise. Rien ne peut être listé pendant.",
        "Cela dure des secondes. Sinon, utilisez CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME) depuis n'importe "
        "quelle session, puis FLRCVENV.",
    ),
    "FLE0225": (
        "TOSTMF va avec OUTPUT(*STMF), et celui-ci avec TOSTMF",
        "OUTPUT(*STMF) a été entré sans TOSTMF, ou TOSTMF avec une autre sortie.",
        "Entrez les deux, ou aucun.",
    ),
    "FLE0226": (
        "FILE va avec SECTION(*FILE), et celle-ci avec FILE",
        "SECTION(*FILE) a été entré sans FILE, ou FILE avec une autre section.",
        "Entrez les deux, ou aucun. SECTION(*FILES) montre les noms.",
    ),
    "FLE0227": (
        "Le clone &1 ne peut être arrêté que tout de suite : OPTION(*IMMED)",
        "La console qui met ce clone sous tension ne demande pas au système d'une partition de s'arrêter. "
        "Rien ne lui a été demandé.",
        "Arrêtez son système là-bas par PWRDWNSYS, ou entrez la commande avec OPTION(*IMMED).",
    ),
    "FLE0230": (
        "La copie ne peut pas être mise sur les disques du clone : &1",
        "La baie a pris l'instant, mais les volumes du clone ne le montrent pas, ou pas tous. Le clone n'est "
        "pas démarré ; la production continue.",
        "Voyez le texte, corrigez sur la baie, puis relancez.",
    ),
    "FLE0233": (
        "Un gardien ne dit pas qu'il veille : &1",
        "Les deux gardiens doivent répondre avant toute suspension ; l'un ne l'a pas fait en deux minutes, "
        "ou a dit autre chose. Rien n'a été suspendu ; l'exécution est défaite.",
        "Voyez les historiques des travaux FLGRDA et FLGRDB de cette exécution, puis relancez.",
    ),
    "FLE0234": (
        "Un gardien n'a pas dit qu'il a laissé la production en paix : &1",
        "La baie a bien répondu, mais un gardien a pu reprendre avant, ou a été arrêté. On ne sait pas si la "
        "production était immobile pour la copie : elle ne compte pas. Le clone n'est pas démarré.",
        "Voyez qui a arrêté le gardien et les historiques de FLGRDA et FLGRDB de cette exécution ; puis "
        "relancez.",
    ),
    "FLE0235": (
        "BRMS refuse *STRPRC : il est peut-être en vigueur (&1)",
        "Rien ne permet de lire l'état. Ou INZBRM a échoué après son effet, et il est de cette exécution, "
        "ou un autre l'a commencé et son clone écrit peut-être des bandes. Il n'est donc pas terminé. Si "
        "un travail est nommé, il est actif dans BRMS depuis des minutes, et c'est peut-être la seule "
        "raison.",
        "Si un travail est nommé : FLRCVENV OPTION(*UNDO) quand il a pris fin. Sinon voyez DSPLOGBRM. Si "
        "personne d'autre ne l'a commencé : INZBRM OPTION(*FLASHCOPY) STATE(*ENDPRC), puis OPTION(*UNDO). "
        "S'il est à un autre : OPTION(*CLOSE) le laisse tel quel.",
    ),
    "FLE0236": (
        "Le sous-système ne démarre pas : &1",
        "Il a été attendu cinq minutes. Un sous-système que quelqu'un a arrêté et dont les travaux "
        "prennent leur temps est encore en cours d'arrêt : un travail soumis entre-temps attendrait dans "
        "sa file, et personne ne le lancerait.",
        "Voyez WRKSBS. Quand il est arrêté, entrez de nouveau la commande.",
    ),
    "FLE0237": (
        "Le profil de l'exécution est désactivé : &1",
        "Le clone se connecte par lui à la production quand son travail est fait, et ne le pourrait pas : "
        "rien ne serait livré, et avec BRMS la production attendrait quelqu'un. Les travaux d'un profil "
        "désactivé continuent, et l'exécution ne le remarquerait pas avant. Rien n'a été modifié.",
        "Cherchez ce qui l'a désactivé (une date d'expiration, ANZPRFACT, des essais de connexion) : "
        "DSPUSRPRF, DSPLOG. Ensuite CHGUSRPRF USRPRF(profil) STATUS(*ENABLED).",
    ),
    "FLE0249": (
        "D'abord CHGJOB CCSID(37) : les minuscules sont ailleurs dans le CCSID &1",
        "Dans les pages de codes katakana les minuscules latines ont d'autres codes : les chemins, les "
        "appels du sidecar et les instructions de cette commande auraient un autre sens dans ce travail. Ce"
        " qui était suspendu a été repris ; rien d'autre n'a été fait.",
        "CHGJOB CCSID(37), entrez de nouveau la commande, puis CHGJOB avec le CCSID d'avant. CHGUSRPRF "
        "CCSID(37) le fait pour de bon.",
    ),
    "FLE0250": (
        "QUSRBRM est utilisée ; rien n'en a été remplacé : &1",
        "Ce travail a des fichiers de QUSRBRM alloués, ne serait-ce que pour lire, depuis cinq minutes. À "
        "côté de lui une partie serait sauvegardée ou restaurée, une autre non.",
        "Terminez ce que ce travail fait avec BRMS (WRKOBJLCK montre les fichiers), puis utilisez FLRCVENV "
        "OPTION(*CONTINUE).",
    ),
    "FLE0251": (
        "Une commande de cette exécution travaille encore : &1",
        "Un travail lancé par une exécution pour ce qui peut se bloquer a été terminé passé sa limite et "
        "n'est pas parti. Rien n'est fait à côté de lui.",
        "WRKOBJLCK OBJ(FLKHIST) OBJTYPE(*DTAARA), ou le travail nommé. Quand il est parti (ENDJOB, "
        "ENDJOBABN), utilisez de nouveau FLRCVENV.",
    ),
    "FLE0252": (
        "Moins d'objets de QUSRBRM restaurés que sauvegardés : &1",
        "La restauration a bien fini et a compté moins d'objets que le clone. Elle n'est pas prise pour "
        "entière.",
        "Voyez l'historique du travail FLCMD et la boîte de l'exécution.",
    ),
}
