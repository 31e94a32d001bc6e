"""The messages in French, as IBM i says it there: text and help, by step code or message id."""

FERME = "Il n'est pas ouvert et reste en mode sûr."

TEXTS: dict[str, tuple[str, str]] = {
    "O02": (
        "L'exécution &1 commence : verrous posés, les deux gardiens en attente",
        "Rien n'a encore été modifié.",
    ),
    "O05": ("Environnement &1", "Ce que cette exécution doit faire."),
    "O06": (
        "Tous les contrôles sont bons : &1",
        "Console, baie, unités de disque, PTF et réseau sont comme il faut.",
    ),
    "O07": (
        "Commande avant l'exécution : &1",
        "Elle n'est pas défaite ; l'exécution n'a encore rien modifié.",
    ),
    "O10": (
        "Recherche de l'état de la partition clone &1",
        "La console est interrogée ; rien n'est modifié.",
    ),
    "O15": ("&1", "L'état que donne la console. Seul Not Activated veut dire arrêtée."),
    "O17": (
        "Arrêt du clone de la dernière exécution, &1",
        "La copie sur laquelle il tournait est abandonnée.",
    ),
    "O18": (
        "VIOS démappé : &1",
        "Les disques du clone, pour qu'aucun VIOS ne rencontre la copie. Défait par O67.",
    ),
    "O20": (
        "File de travaux suspendue : &1",
        "O78 la libère juste après le flash.",
    ),
    "O21": (
        "Poste de planification suspendu : &1",
        "O79 le libère juste après le flash.",
    ),
    "O22": ("Travail suspendu : &1", "O77 le libère juste après le flash."),
    "O24": (
        "Contrôle de l'état du groupe &1",
        "Un autre groupe de cohérence, que la spécification veut idle_or_copied.",
    ),
    "O30": ("État correct du groupe : &1", "L'exécution continue."),
    "O35": ("Serveur Domino arrêté : &1", "O75 le démarre juste après le flash."),
    "O36": (
        "Sous-système arrêté : &1",
        "O74 le démarre juste après le flash.",
    ),
    "O37": (
        "Serveur TCP/IP arrêté : &1",
        "O73 le démarre juste après le flash.",
    ),
    "O38": ("Commande exécutée : &1", "O76 la défait juste après le flash."),
    "O39": (
        "Unité mise hors fonction : &1",
        "O72 la met en fonction juste après le flash.",
    ),
    "O40": (
        "Ticket écrit pour le clone &1",
        "Ce que le clone a le droit de faire ; pour ce clone et cette nuit seulement.",
    ),
    "O41": ("Ticket fermé : &1", "Plus aucun démarrage d'une copie n'agit avec lui."),
    "O48": ("Groupe de cohérence arrêté : &1", "La copie de la dernière exécution est abandonnée."),
    "O49": (
        "Groupe de cohérence préparé : &1",
        "La production écrit directement sur disque jusqu'au flash.",
    ),
    "O50": (
        "*SYSBAS suspendue, secondes pour y arriver : &1",
        "La mémoire est écrite sur disque ; la production attend.",
    ),
    "O51": ("Groupe de cohérence arrêté de nouveau : &1", "Le flash n'a pas été pris, ou n'est pas prouvé."),
    "O52": ("Sidecar armé sur la baie &1", "Il est connecté et attend l'unique requête."),
    "O55": ("Flash pris : &1", "L'unique requête à la baie dans la fenêtre."),
    "O60": ("Activité reprise sur *SYSBAS, secondes de suspension : &1", "La production continue."),
    "O61": ("Flash prouvé : &1", "Chaque mappe a une nouvelle heure de début."),
    "O62": (
        "Commande après le flash : &1",
        "Elle n'est pas défaite. Si elle échoue, l'exécution compte comme échouée.",
    ),
    "O65": (
        "BRMS à l'état &1 : pas de BRMS sur ce système jusqu'à la fin",
        "C'est le clone qui écrit l'historique de BRMS.",
    ),
    "O67": (
        "VIOS mappé : &1",
        "Défait O18, prouvé volume par volume ; sans cela le clone n'est pas démarré.",
    ),
    "O68": ("Lien privé actif : &1", "O95 l'arrête."),
    "O70": ("Partition clone démarrée : &1", "Par son profil, en mode normal."),
    "O72": (
        "Unité mise en fonction : &1",
        "Défait O39.",
    ),
    "O73": (
        "Serveur TCP/IP démarré : &1",
        "Défait O37.",
    ),
    "O74": (
        "Sous-système démarré : &1",
        "Défait O36.",
    ),
    "O75": ("Serveur Domino démarré : &1", "Défait O35."),
    "O76": ("Défait : &1", "Défait O38."),
    "O77": ("Travail libéré : &1", "Défait O22."),
    "O78": (
        "File de travaux libérée : &1",
        "Défait O20.",
    ),
    "O79": (
        "Poste de planification libéré : &1",
        "Défait O21. Ce qu'il a manqué n'est pas rattrapé : voir FLE0083.",
    ),
    "O80": (
        "Le clone &1 travaille ; en attente de ce qu'il livre",
        "Son état et son code de référence sont surveillés.",
    ),
    "O82": ("&1", "Le code de référence de la partition clone."),
    "O83": ("Clone en état restreint : &1", "A9003C70 est attendu pendant la sauvegarde."),
    "O84": (
        "Le travail s'exécute sur le clone &1",
        "Le prochain signe est la livraison.",
    ),
    "O85": ("Le clone &1 a livré", "Étapes, journaux et historique sont ici."),
    "O86": ("Livraison vérifiée : &1", "Chaque fichier du manifeste, avec son empreinte."),
    "O87": ("QUSRBRM reçue : &1", "Dans un fichier de sauvegarde, qui est gardé."),
    "O88": (
        "QUSRBRM restaurée ; celle de la production gardée dans &1",
        "BRMS connaît maintenant les bandes du clone.",
    ),
    "O89": ("État de BRMS terminé par *ENDPRC. &1", "BRMS peut de nouveau être utilisé."),
    "O90": ("Ce que fait le clone &1 à partir d'ici n'est pas connu", "Personne ne le surveille plus."),
    "O91": (
        "Le clone vit désormais comme &1",
        "Il redémarre de lui-même, avec son nom et ses adresses. Personne ne le surveille plus.",
    ),
    "O92": (
        "Clone remis : &1",
        "Aucune exécution ne l'arrête avant son terme. FLRCVENV OPTION(*GIVENBACK) le rend.",
    ),
    "O93": (
        "Commande à la fin de l'exécution : &1",
        "Jusqu'ici l'exécution s'est bien passée.",
    ),
    "O94": (
        "Commande en cas d'échec : &1",
        "Tout ce qui pouvait être défait l'est.",
    ),
    "O95": ("Lien privé arrêté : &1", "Défait O68."),
    "O96": ("Maintenance de BRMS, mouvement des supports : &1", "S'exécute dans un travail à part."),
    "O97": ("Reprise : &1", "FLRCVENV a examiné l'exécution."),
    "O99": ("Résultat : &1", "Le verdict de l'exécution."),
    "M01": (
        "Maintenance de BRMS terminée, mouvement des supports : &1",
        "Voir l'historique de BRMS.",
    ),
    "999": ("Fin de l'exécution : &1", "Voir les étapes ci-dessus."),
    "C00": ("Les étapes Cxx sont celles du clone &1, à son heure", "Le journal de la source a les deux."),
    "C04": (
        "Postes de planification suspendus sur le clone : &1",
        "Aucun n'y démarre de travail.",
    ),
    "C05": (
        "Valeur système modifiée sur le clone : &1",
        "Nommée dans la spécification ; elle est sur la bande.",
    ),
    "C10": (
        "Unité prête sur le clone : &1",
        "C46 la rend.",
    ),
    "C15": ("BRMS du clone à l'état &1", "À partir d'ici il agit pour la production."),
    "C18": (
        "Travail de sauvegarde soumis : &1",
        "Seul un travail du sous-système de contrôle peut arrêter tous les autres.",
    ),
    "C20": ("Groupe de contrôle &1 soumis", "En état restreint BRMS arrête tous les autres travaux."),
    "C21": (
        "Sauvegardé, système : &1",
        "Microcode sous licence, QSYS, sécurité et configuration.",
    ),
    "C22": (
        "Sauvegardé, bibliothèques : &1",
        "Toutes les bibliothèques sauf QSYS.",
    ),
    "C23": (
        "Sauvegardé, documents : &1",
        "Documents et dossiers.",
    ),
    "C24": (
        "Sauvegardé, répertoires : &1",
        "Le système de fichiers intégré.",
    ),
    "C25": (
        "Début de la sauvegarde &1",
        "Noté par son travail ; en état restreint par le *EXIT du groupe de contrôle.",
    ),
    "C26": (
        "Commande sur le clone : &1",
        "Elle s'exécute dans un travail à part.",
    ),
    "C27": (
        "Étape terminée : &1",
        "Toutes ses commandes ont fini ; l'étape suivante commence.",
    ),
    "C28": (
        "Fichier pour le retour : &1",
        "Il est dans la boîte de réception de l'exécution quand tout est arrivé.",
    ),
    "C30": (
        "Fin de la sauvegarde &1",
        "Ce qu'en dit BRMS est C36.",
    ),
    "C35": (
        "Suite après la sauvegarde ; stade du ticket &1",
        "Les sous-systèmes et TCP/IP redémarrent.",
    ),
    "C36": (
        "Verdict du travail du clone : &1",
        "D'après l'historique de BRMS, ou la fin de chaque commande.",
    ),
    "C40": ("BRMS du clone à l'état &1", "Son historique est complet."),
    "C45": ("&1 sauvegardée pour le retour", "Sans journaux ni récepteurs."),
    "C46": (
        "Unité rendue sur le clone : &1",
        "Aucun lecteur ne reste réservé.",
    ),
    "C47": ("Lien privé du clone actif : &1", "TCP/IP sans serveurs, cette adresse seulement."),
    "C50": ("La source est prévenue : verdict &1", "La livraison suit."),
    "C51": (
        "Planifications de la production suspendues sur le clone : &1",
        "Prouvé : il ne reste aucune entrée qui s'exécuterait.",
    ),
    "C52": (
        "Planificateur suspendu sur le clone : &1",
        "Par la commande de la spécification, et prouvé par l'autre.",
    ),
    "C53": (
        "Files de travaux de la production sur le clone : &1",
        "Ce qui attendait dans la copie ne démarre jamais.",
    ),
    "C54": ("Ne démarre jamais sur le clone : &1", "Contrôlé de nouveau à chaque démarrage du clone."),
    "C55": ("Nom de système du clone : &1", "En attente jusqu'à son IPL."),
    "C56": ("Hôte et domaine du clone : &1", "Pour TCP/IP."),
    "C57": ("Retiré du clone : &1", "Il ne reste aucune adresse ni route de la production."),
    "C58": ("Ajouté au clone : &1", "Actif avec son IPL."),
    "C59": ("Fin du clone planifiée : &1", "La seule entrée de planification qui n'est pas suspendue."),
    "C60": ("Envoi du journal du clone &1", "Étapes, journal système et historique du travail."),
    "C66": ("Le clone &1 reste allumé", "La prochaine exécution l'arrête."),
    "C67": ("Le clone redémarre comme &1", "Annoncé avant la dernière livraison."),
    "C68": ("Le clone &1 est remis", "Ses utilisateurs peuvent travailler dès qu'il est monté."),
    "C70": ("Dernière note du clone &1", "Ce qui suit sur lui n'est pas connu ici."),
    "FLE0001": (
        "Ceci n'est pas la production (série, partition &1) : rien n'a été fait",
        "Les programmes de la source n'agissent que sur les partitions que la spécification nomme dans "
        "IDENTITY. Après un déplacement (LPM, DR) y ajouter la nouvelle paire, construire et déployer. Une "
        "partition en blanc n'a pas pu être lue : voir QSYS/QPMLPMGT.",
    ),
    "FLE0002": (
        "Impossible de noter comment défaire, donc rien n'est modifié : &1",
        "Le journal FLJRNL ne peut pas être écrit. Voir les messages précédents, puis relancer.",
    ),
    "FLE0003": (
        "Non défait : &1",
        "Le faire à la main, ou appeler FLRCVENV OPTION(*UNDO) quand la cause a disparu.",
    ),
    "FLE0004": (
        "Une autre exécution tient ce qu'il faut à celle de &1",
        "Clone, fenêtre de suspension et état de BRMS servent à une exécution à la fois. Voir WRKOBJLCK des "
        "zones de données FLK ; relancer plus tard.",
    ),
    "FLE0005": (
        "Une exécution plus ancienne a laissé verrouillé : &1",
        "Elle est morte. Appeler FLRCVENV pour son environnement, puis relancer.",
    ),
    "FLE0006": (
        "Les gardiens ne répondent pas : &1",
        "Voir si les sous-systèmes FLGUARD et QUSRWRK sont actifs et les files de travaux libres, puis "
        "relancer. Rien n'a été modifié.",
    ),
    "FLE0007": (
        "Contrôle en échec : &1",
        "Rien n'a été modifié. Corriger, passer FLCHKENV, puis relancer.",
    ),
    "FLE0008": (
        "Accès à la console : &1",
        "Voir l'état de la console et, dans le manuel, le code retour du sidecar.",
    ),
    "FLE0009": (
        "La partition clone n'est pas arrêtée : &1",
        "Les disques d'une partition active ne sont jamais écrasés. L'arrêter, ou chercher pourquoi elle ne "
        "s'arrête pas.",
    ),
    "FLE0010": (
        "La production a été reprise par &1",
        "Le programme principal ne l'a pas fait à temps. Aucune copie de cette nuit ne compte ; l'exécution "
        "est défaite. Voir l'historique de son travail.",
    ),
    "FLE0011": (
        "PEUT-ÊTRE TOUJOURS SUSPENDUE : reprise refusée : &1",
        "Passer aussitôt CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME) depuis n'importe quelle session, puis "
        "appeler FLRCVENV.",
    ),
    "FLE0012": (
        "Un groupe exigé n'est pas dans son état : &1",
        "Attendre que son propriétaire ait fini, puis relancer.",
    ),
    "FLE0013": (
        "BRMS a refusé *STRPRC : &1",
        "Un travail de BRMS ou sa maintenance est peut-être actif. L'exécution est défaite.",
    ),
    "FLE0014": (
        "Le groupe n'a pas pu être arrêté : &1",
        "Voir avec lsfcmap les mappes encore en nettoyage ; relancer plus tard.",
    ),
    "FLE0015": (
        "Le groupe n'a pas pu être préparé : &1",
        "L'ancienne copie est perdue ; la production n'est pas touchée.",
    ),
    "FLE0016": (
        "Plus d'un travail de ce nom : &1",
        "Donner au travail un nom à lui ; on ne sait pas lequel est visé.",
    ),
    "FLE0017": ("Le travail n'a pas pu être suspendu : &1", "L'exécution est défaite."),
    "FLE0018": (
        "Non fait dans sa limite, ou refusé : &1",
        "Limite dépassée : l'état n'est pas connu. L'exécution est défaite.",
    ),
    "FLE0019": (
        "Le sidecar armé n'est pas prêt : &1",
        "Rien n'a été suspendu. Voir le travail FLARM et les clés.",
    ),
    "FLE0020": (
        "BRMS reste en *STRPRC : le clone peut encore écrire des bandes (&1)",
        "Arrêter le clone, voir ses bandes, puis appeler FLRCVENV OPTION(*UNDO). D'ici là pas de BRMS ici.",
    ),
    "FLE0021": (
        "Volumes que le clone a peut-être écrits : &1",
        "Comparer les volumes de la bandothèque avec BRMS.",
    ),
    "FLE0022": (
        "Un gardien ne peut pas vider la mémoire sur disque : &1",
        "Sans les deux gardiens rien n'est suspendu. Le travail du gardien a besoin de *JOBCTL ; voir son "
        "historique.",
    ),
    "FLE0023": (
        "*SYSBAS n'a pas pu être suspendue ; secondes d'essai : &1",
        "De longues transactions empêchent d'atteindre une limite de validation. Voir WRKCMTDFN ; "
        "donner plus "
        "de temps ou choisir une autre heure.",
    ),
    "FLE0024": (
        "Pas de bonne réponse à la requête de flash : &1",
        "On ne sait pas s'il a été pris, donc il ne compte pas. Le groupe est arrêté et le clone n'est pas "
        "démarré.",
    ),
    "FLE0025": (
        "Le flash n'est pas prouvé : &1",
        "Le clone n'est pas démarré. Voir sur la baie les mappes du groupe.",
    ),
    "FLE0026": ("Le lien privé ne peut pas être démarré : &1", "Voir la ligne et l'interface."),
    "FLE0027": ("Le clone n'a pas pu être démarré : &1", "Voir la console."),
    "FLE0028": ("Le démarrage du clone a échoué : &1", "Voir le code de référence sur la console."),
    "FLE0029": (
        "Le clone est arrêté et n'a rien livré : &1",
        "BRMS est pris en charge ; les volumes qu'il a peut-être écrits sont nommés ou sont à rechercher.",
    ),
    "FLE0030": (
        "Le clone n'est pas monté dans sa limite : &1",
        "Voir son code de référence sur la console.",
    ),
    "FLE0031": (
        "La sauvegarde n'est pas finie dans sa limite : &1",
        "Le clone écrit peut-être encore. Le regarder d'abord.",
    ),
    "FLE0032": ("La livraison n'est pas valide : &1", "Rien n'en a été utilisé."),
    "FLE0033": (
        "Le travail du clone n'est pas complet : &1",
        "Ce qu'il a fait est ici. Voir C36, et l'historique de BRMS.",
    ),
    "FLE0034": ("QUSRBRM n'a pas pu être reçue : &1", "La production reste en *STRPRC."),
    "FLE0035": ("QUSRBRM de la production n'a pas pu être sauvegardée : &1", "Rien n'a été restauré."),
    "FLE0036": (
        "QUSRBRM n'a pas pu être restaurée : &1",
        "Celle de la production a été remise ; elle reste en *STRPRC.",
    ),
    "FLE0037": ("*ENDPRC a échoué : &1", "La production reste en *STRPRC."),
    "FLE0038": ("Arrêtée par FLENDENV : &1", "Tout est défait."),
    "FLE0039": ("Courrier non envoyé : &1", "Il ne décide de rien."),
    "FLE0040": ("Inattendu : &1", "Une erreur qu'aucune étape n'attend. L'exécution est défaite."),
    "FLE0041": ("Écrit en retard : &1", "Le journal n'a pas pu être écrit à l'heure."),
    "FLE0042": (
        "Commencé, et on ne sait pas si c'est fait : &1",
        "L'exécution est morte là. Ce qu'elle a modifié est défait ; regarder le système dont parle l'étape.",
    ),
    "FLE0043": (
        "*SYSBAS est reprise ; par qui et quand au juste n'est pas connu (&1)",
        "L'exécution est morte dans la fenêtre ou juste après. Aucune copie de cette nuit ne compte.",
    ),
    "FLE0045": (
        "BRMS reste en *STRPRC : QUSRBRM du clone n'a pas pu être restaurée (&1)",
        "Appeler FLRCVENV OPTION(*CONTINUE) quand la cause a disparu ; *UNDO y renonce, et aux "
        "bandes qu'elle "
        "connaît.",
    ),
    "FLE0046": (
        "Pas demandé à la baie, car rien n'était suspendu : &1",
        "Aucune copie n'a été prise. Voir le message sur O50.",
    ),
    "FLE0049": ("Il n'y a pas d'environnement &1", "Voir la spécification, ou l'invite de la commande (F4)."),
    "FLE0050": (
        "QSTRUPPGM n'est pas le gardien de démarrage : &1",
        "L'officier de sécurité passe le CHGSYSVAL que le déploiement affiche. Sans le gardien un clone "
        "pourrait démarrer comme production.",
    ),
    "FLE0051": (
        "Une exécution est encore ouverte : &1",
        "Appeler FLRCVENV, qui dit ce qui l'est et la ferme.",
    ),
    "FLE0052": (
        "Le gardien n'a pas encore été vu au travail sous QPGMR : &1",
        "Soumettre CALL FLBOOT PARM('*REPORT') sous QPGMR comme le déploiement l'affiche.",
    ),
    "FLE0053": ("Exécution soumise : &1", "Voir WRKACTJOB SBS(FLASHC)."),
    "FLE0054": ("Aucune exécution de &1 n'est ouverte", "Il n'y a rien à arrêter."),
    "FLE0055": ("Arrêt demandé : &1", "Tout est défait auparavant."),
    "FLE0056": ("Rien n'est ouvert pour &1", "La prochaine exécution peut démarrer."),
    "FLE0057": ("Ouvert : &1", "OPTION(*UNDO) reprend l'activité, défait et ferme."),
    "FLE0058": ("Le programme principal de &1 est vivant", "Utiliser FLENDENV."),
    "FLE0059": (
        "Quelque chose n'a pas pu être défait dans l'exécution &1",
        "Voir les notes avec FLE0003 et FLE0020.",
    ),
    "FLE0060": (
        "Unité : &1",
        "Voir son état sur le clone.",
    ),
    "FLE0061": ("BRMS a refusé *STRBKU sur le clone : &1", "Rien n'a été sauvegardé."),
    "FLE0062": (
        "Groupe de contrôle non sauvegardé : &1",
        "Voir l'historique de BRMS sur le clone et celui de son travail.",
    ),
    "FLE0063": (
        "L'historique de BRMS n'a pas pu être lu : &1",
        "La sauvegarde compte comme échouée jusqu'à ce qu'on la regarde.",
    ),
    "FLE0064": ("BRMS a refusé *ENDBKU sur le clone : &1", "Son historique n'est peut-être pas complet."),
    "FLE0065": (
        "QUSRBRM n'a pas pu être sauvegardée sur le clone : &1",
        "Les bandes qu'il a écrites sont à nommer à la main.",
    ),
    "FLE0066": (
        "Valeur système non modifiée sur le clone : &1",
        "La sauvegarde continue. Le profil n'en a peut-être pas le droit ; voir docs/first-night.md.",
    ),
    "FLE0070": (
        "Les disques du clone n'ont pas pu être retirés de ses VIOS : &1",
        "Aucune copie n'a été prise. Regarder chaque VIOS, sa connexion RMC et son mappage. Ce qui était "
        "démappé est remis.",
    ),
    "FLE0071": (
        "Les disques du clone ne sont pas revenus sur ses VIOS : &1",
        "Le clone n'a pas été démarré. Corriger, puis les mapper : flashrt.pyz vios map, ou mkvdev "
        "sur chaque "
        "VIOS selon runs/vios.CLONE.json.",
    ),
    "FLE0080": (
        "Une commande avant l'exécution a échoué : &1",
        "L'exécution est refusée. Elle n'a rien modifié elle-même, mais les commandes du site "
        "jusqu'à celle-ci ont été exécutées et ne sont pas défaites.",
    ),
    "FLE0081": (
        "Une commande du site a échoué : &1",
        "Elle n'est pas défaite. Si sa limite est dépassée, on ne sait pas ce qu'elle a fait.",
    ),
    "FLE0082": (
        "Plus d'un poste de planification de ce nom : &1",
        "Donner au poste un nom à lui ; on ne sait pas lequel est visé.",
    ),
    "FLE0083": (
        "Non exécuté pendant que son poste de planification était suspendu : &1",
        "Son heure est passée entre-temps ; un poste libéré n'est pas rattrapé. Le soumettre à la "
        "main si besoin.",
    ),
    "FLE0084": (
        "Pas dans un état où il peut être suspendu, arrêté ou mis hors fonction : &1",
        "Il n'existe pas, il s'arrête, ou son état est illisible. L'exécution est défaite.",
    ),
    "FLE0090": (
        "Le clone est remis : &1",
        "Aucune exécution ne l'arrête avant son terme. Son responsable le rend par FLRCVENV "
        "OPTION(*GIVENBACK). Rien n'a été modifié.",
    ),
    "FLE0091": ("Planifications non suspendues sur le clone : &1", FERME),
    "FLE0092": ("Un planificateur n'est pas suspendu sur le clone : &1", FERME),
    "FLE0093": ("Files de travaux encore actives sur le clone : &1", FERME),
    "FLE0094": ("Ce qui ne doit jamais démarrer n'est pas empêché : &1", FERME),
    "FLE0095": ("Le nom de système n'est pas changé : &1", FERME),
    "FLE0096": ("Hôte et domaine ne sont pas changés : &1", FERME),
    "FLE0097": ("Il reste quelque chose du réseau de la production : &1", FERME),
    "FLE0098": ("Le réseau propre au clone manque : &1", FERME),
    "FLE0099": ("La fin du clone n'est pas planifiée : &1", FERME),
    "FLE0100": (
        "Le clone ne devient pas &1",
        "Ce qu'il n'a pas pu faire de lui-même est sous C51 à C59. Il est en mode sûr et la prochaine "
        "exécution l'arrête.",
    ),
    "FLE0101": ("Il s'est arrêté en devenant un autre système : &1", FERME),
    "FLE0102": (
        "Le profil du produit ne peut pas utiliser CHGNETA : &1",
        "La copie n'aurait pas son propre nom. L'officier de sécurité passe ce que montre flashc plan.",
    ),
    "FLE0103": ("Clone rendu : &1", "La prochaine exécution peut l'arrêter."),
    "FLE0110": (
        "Le travail de sauvegarde n'a pas commencé : &1",
        "Voir sur le clone la file de travaux du sous-système de contrôle.",
    ),
    "FLE0111": (
        "Sauvegardé avec des exceptions : &1",
        "Ce qui manque est dans la liste et dans l'historique du travail de sauvegarde.",
    ),
    "FLE0112": (
        "Non sauvegardé : &1",
        "Les sauvegardes suivantes n'ont pas été tentées. Voir l'historique du travail de sauvegarde.",
    ),
    "FLE0113": (
        "Postes de planification non suspendus sur le clone : &1",
        "Aucune commande n'a été exécutée.",
    ),
    "FLE0114": (
        "Une commande a échoué sur le clone : &1",
        "Voir l'historique de son travail dans la boîte de réception de l'exécution.",
    ),
    "FLE0115": (
        "Fichier non rapporté : &1",
        "Le travail compte comme échoué ; les autres fichiers viennent quand même.",
    ),
    "FLE0120": (
        "La reprise de &1 a échoué",
        "Appeler FLRCVENV. L'historique du travail FLGRDA dit pourquoi.",
    ),
    "FLE0121": (
        "Pas de BRMS sur ce système avant la fin de l'exécution &1",
        "C'est le clone qui écrit l'historique de BRMS.",
    ),
    "FLE0122": (
        "Exécution non terminée : &1",
        "Voir ses notes dans le journal ; si elle dit NEEDSYOU, appeler FLRCVENV.",
    ),
    "FLE0123": (
        "La livraison a échoué, l'exécution &1 attend",
        "Tout est sur le clone ; voir when-it-failed.md.",
    ),
    "FLE0124": (
        "Ce clone vit désormais comme &1 ; rien d'interdit n'était actif",
        "C'est maintenant un système à part.",
    ),
    "FLE0125": (
        "Arrêté sur ce clone : &1",
        "La spécification dit qu'il ne démarre jamais ici.",
    ),
    "FLE0126": (
        "Le terme de ce clone est passé, il est arrêté : &1",
        "La spécification le dit par expires after.",
    ),
    "FLE0127": (
        "Ce clone ne peut pas vivre à part : &1",
        "Il n'est pas prouvé qu'il soit un autre système : mode sûr.",
    ),
    "FLE0128": (
        "Mode sûr. Si ceci est la production : CALL &1",
        "Le gardien de démarrage n'a trouvé ni la production ni un clone avec un ticket valable. "
        "TCP/IP reste arrêté.",
    ),
    "FLE0129": (
        "Le terme de ce clone est passé, mode sûr : &1",
        "La prochaine exécution l'arrête.",
    ),
    "FLE0130": (
        "Ouvert, et la production est peut-être suspendue : &1",
        "OPTION(*UNDO) reprend d'abord la production, puis défait et ferme.",
    ),
    "FLO0120": (
        "La file de travaux était déjà suspendue et le reste : &1",
        "Rien n'a été modifié, rien n'est à défaire.",
    ),
    "FLO0121": (
        "Le poste de planification ne démarrerait rien : &1",
        "Rien n'a été modifié, rien n'est à défaire.",
    ),
    "FLO0122": (
        "Travail inactif, rien de suspendu : &1",
        "Rien n'a été modifié, rien n'est à défaire.",
    ),
    "FLO0136": (
        "Sous-système inactif, rien d'arrêté : &1",
        "Rien n'a été modifié, rien n'est à défaire.",
    ),
    "FLO0137": (
        "Serveur inactif, rien d'arrêté : &1",
        "Rien n'a été modifié, rien n'est à défaire.",
    ),
    "FLO0139": (
        "L'unité était déjà hors fonction : &1",
        "Rien n'a été modifié, rien n'est à défaire.",
    ),
}
