"""The prompts and help panels of the native commands in Spanish, in the terms of IBM i in that language."""

from flashc.runbook.command_texts import CommandText, CommandWords, PanelText, ParameterText

PANEL = PanelText(
    help_title="{of} - Ayuda",
    restrictions="Restricciones:",
    production_only="Sólo funciona en producción; en cualquier otra partición termina con un error.",
    for_operators="Pueden utilizarlo los miembros de la lista de autorizaciones {library}; lo que actúa se "
    "somete y se ejecuta con el perfil de usuario {user}.",
    for_the_user="Sólo puede utilizarlo el perfil de usuario {user}, o uno con *ALLOBJ.",
    required="Es un parámetro necesario.",
    up_to="Puede especificar un máximo de {count} valores.",
    examples_title="Ejemplos de {command}",
    example="Ejemplo {number}",
    messages_title="Mensajes de error de {command}",
    escapes="Mensajes *ESCAPE",
    environment="{work} en el clon {clone}.",
    work={
        "none": "instantánea de seguridad",
        "save21": "sistema completo",
        "user": "mandatos de la instalación",
    },
    partition="Partición {label}.",
)

# parameters that several commands have
ENV = ParameterText("Entorno", ("El entorno, como lo nombra la especificación.",))
SOME_ENV = ParameterText("Entorno", ENV.help, {"*ALL": "Todos los entornos de esta partición."})
REASON = ParameterText(
    "Motivo",
    ("Por qué, con sus propias palabras. Queda en el diario.",),
    other=("valor-carácter", "Lo que se escriba."),
)
OUTPUT = ParameterText(
    "Salida",
    ("Adónde va el listado. Tiene 80 columnas de ancho; los archivos entregados se muestran tal como son.",),
    {
        "*": "Se muestra en la pantalla; en un trabajo por lotes se imprime.",
        "*PRINT": "Se imprime con la salida en spool del trabajo, con el nombre del mandato.",
        "*STMF": "Se escribe en el archivo continuo de TOSTMF, con su propia autorización.",
    },
)
TOSTMF = ParameterText(
    "Archivo continuo de destino",
    (
        "Ruta del archivo continuo; si existe se sustituye. Está en UTF-8 y sus líneas acaban con salto de "
        "línea.",
    ),
    choice="Ruta",
)
LISTING = {"OUTPUT": OUTPUT, "TOSTMF": TOSTMF}
CLONE = ParameterText(
    "Clon", ("El clon, como lo declara la especificación. Nunca se toca ninguna otra partición.",)
)
REQUEST = {
    "WAIT": ParameterText(
        "Esperar el fin",
        ("Indica si el mandato termina cuando está hecho lo que se pidió.",),
        {
            "*NO": "Termina cuando la petición está sometida.",
            "*YES": "Termina con la petición; con un mensaje de escape si no se ha hecho.",
        },
    ),
    "REASON": ParameterText(
        "Motivo",
        ("Por qué, con sus propias palabras. Queda en el diario, con quien entró el mandato.",),
        {"*NONE": "No se da ningún motivo."},
        choice="Valor de tipo carácter",
    ),
}

COMMANDS = {
    "FLSTRENV": CommandText(
        "Arrancar entorno (flashc)",
        (
            "Arranca una ejecución: comprueba, prepara el flash, retiene producción durante el instante del "
            "flash, arranca el clon sobre la copia, le hace realizar su trabajo y trae los resultados.",
            "La ejecución se somete al subsistema FLASHC, que el mandato arranca si está parado, y el "
            "mandato vuelve de inmediato. Cada paso de la ejecución queda en el diario, la tabla FLJRN.",
        ),
        {
            "ENV": ENV,
            "RESTART": ParameterText(
                "Punto de rearranque",
                (
                    "Dónde continúa la última ejecución del entorno cuando la causa de su fallo está "
                    "corregida. Un punto de rearranque es un paso posterior a la comprobación del flash; "
                    "vuelve a comprobar aquello en lo que se apoya.",
                ),
                {
                    "*NO": "Una ejecución nueva.",
                    "O70": "Se enciende el clon: el flash es bueno y el clon está apagado.",
                    "O80": "Se sigue observando el clon y se recibe su entrega cuando llegue.",
                    "O86": "La entrega está aquí: se recibe, y con ella el historial de BRMS.",
                    "O93": "Los mandatos finales de la instalación, desde el primero que no esté hecho.",
                    "O96": "El mantenimiento de BRMS y los mandatos finales de la instalación, desde el "
                    "primero que no esté hecho.",
                },
            ),
            "SKIP": ParameterText(
                "Omitir próxima planificada",
                (
                    "Indica si se omite la próxima ejecución planificada del entorno. No se arranca nada; "
                    "una ejecución que se arranca a mano no queda afectada.",
                ),
                {
                    "*NO": "No se omite nada.",
                    "*YES": "La próxima ejecución planificada sólo dice que se omite; la siguiente se "
                    "ejecuta.",
                    "*CANCEL": "Anula un *YES anterior.",
                },
            ),
            "REASON": REASON,
            "WAIT": ParameterText(
                "Esperar fin de la ejecución",
                ("Indica si el mandato termina con la ejecución, como lo quieren otros planificadores.",),
                {
                    "*NO": "Termina cuando la ejecución está sometida.",
                    "*YES": "Termina con un mensaje de terminación si la ejecución se ha completado; si no, "
                    "con el mensaje de escape del programa principal, o con uno que dice que no se sabe cómo "
                    "terminó.",
                },
            ),
            "SCHEDULED": ParameterText(
                "Llamado por un planificador",
                (
                    "Indica si es un arranque planificado. Las entradas de planificación del producto "
                    "indican *YES.",
                ),
                {
                    "*NO": "Lo arranca alguien: no se mira SKIP.",
                    "*YES": "Lo arranca un planificador: si se pidió SKIP(*YES), no hace nada.",
                },
            ),
        },
        (
            "Arranca una ejecución del entorno.",
            "La última ejecución sigue esperando lo que entregue su clon.",
            "Se omite la próxima ejecución planificada.",
            "Lo que entra otro planificador: termina como termine la ejecución.",
        ),
        reasons=("enlace reparado", "fin de mes"),
    ),
    "FLENDENV": CommandText(
        "Finalizar entorno (flashc)",
        (
            "Finaliza una ejecución en orden: lo que cambió en producción se deshace en orden inverso y la "
            "ejecución se cierra. El programa principal actúa en su próxima espera, que es de inmediato; "
            "producción nunca queda retenida.",
            "Una ventana termina antes. Lo que el clon ya ha entregado se recibe antes; lo que seguiría se "
            "omite. El clon mismo queda como está: mientras pueda escribir cintas, BRMS sigue aquí en "
            "*STRPRC, y FLSTRENV RESTART(O80) continúa observándolo.",
        ),
        {
            "ENV": ENV,
            "REASON": REASON,
            "WAIT": ParameterText(
                "Esperar hasta deshacer todo",
                ("Indica si el mandato termina cuando la ejecución ha terminado.",),
                {
                    "*NO": "Termina cuando se ha avisado al programa principal.",
                    "*YES": "Termina con la ejecución; con un mensaje de escape si algo no se pudo deshacer.",
                },
            ),
        },
        ("Finaliza la ejecución que está abierta.", "El mandato termina cuando todo está deshecho."),
        reasons=("quejas de usuarios",),
    ),
    "FLCHKENV": CommandText(
        "Comprobar entorno (flashc)",
        (
            "Pregunta todo lo que pregunta una ejecución antes de tocar nada, y no cambia nada: ni aquí, ni "
            "en la HMC, ni en la cabina.",
            "Para cada punto un mensaje dice qué se ha mirado y qué se ha encontrado: correcto, atención, o "
            "rechazado y qué hacer. Se miran todos los puntos, se encuentre lo que se encuentre. Termina con "
            "un mensaje de terminación si ahora podría arrancar una ejecución; si no, con un mensaje de "
            "escape; ambos cuentan lo rechazado y lo que requiere atención. Una ejecución empieza con las "
            "mismas comprobaciones; están en las anotaciones de su trabajo.",
            "Otra ejecución que tenga los bloqueos de esta se nombra con su trabajo, y también una que murió "
            "y los dejó. Para ello no se asigna ningún bloqueo, así que ninguna ejecución se rechaza porque "
            "alguien compruebe.",
        ),
        {
            "ENV": ENV,
            "OUTPUT": ParameterText(
                OUTPUT.prompt,
                OUTPUT.help,
                {
                    "*MSG": "Sólo mensajes. Todos los demás valores dan los mensajes y un listado de ellos.",
                    **OUTPUT.values,
                },
            ),
            "TOSTMF": TOSTMF,
        },
        ("Dice si ahora podría arrancar una ejecución.", "Lo mismo, y lo imprime."),
    ),
    "FLRCVENV": CommandText(
        "Recuperar entorno (flashc)",
        (
            "Mira una ejecución que murió o quedó abierta, dice qué de ella sigue abierto, y la continúa, la "
            "deshace o la cierra.",
        ),
        {
            "ENV": ENV,
            "OPTION": ParameterText(
                "Qué hacer",
                (
                    "Qué se hace con la ejecución que está abierta. Cada opción puede repetirse: dos veces "
                    "valen lo mismo que una.",
                ),
                {
                    "*CHECK": "Dice qué está abierto, y no cambia nada.",
                    "*UNDO": "Reanuda ante todo producción, deshace lo que la ejecución cambió y la cierra.",
                    "*CLOSE": "Como *UNDO, y cierra la ejecución aunque algo no se pudo deshacer: se hizo a "
                    "mano, o se renuncia a ello. Nunca mientras producción pueda estar suspendida o BRMS "
                    "tenga que seguir en *STRPRC.",
                    "*CONTINUE": "Sigue observando el clon de un flash bueno.",
                    "*UNATTEND": "Hace lo que el guarda A hace por sí mismo: continúa donde es seguro, o "
                    "deshace.",
                    "*RESTORED": "Este sistema se restauró de la cinta de un clon: borra el vale y cierra la "
                    "ejecución, sin deshacer nada. Se rechaza si sus objetos no se restauraron desde que "
                    "empezó la ejecución.",
                    "*RSTSURE": "Como *RESTORED, donde los objetos no lo muestran: los discos volvieron de "
                    "otra forma, y usted está seguro de que la ejecución nunca actuó aquí.",
                    "*GIVENBACK": "Vuelve un clon que estaba cedido: la próxima ejecución puede apagarlo.",
                },
            ),
        },
        ("Dice qué está abierto; no se cambia nada.", "Reanuda, deshace y cierra."),
    ),
    "FLENDCLN": CommandText(
        "Finalizar clon (flashc)",
        (
            "Finaliza la partición de un clon declarado: {how}, y se espera hasta que la consola indica Not "
            "Activated. A la fuerza sólo donde se pida.",
            "Un clon que puede estar salvando no se finaliza, salvo con OPTION(*IMMED) y SAVING(*END); "
            "entonces el diario nombra los dispositivos en que puede haber escrito. Un clon cedido lo "
            "finaliza su dueño.",
            "Lo que actúa se somete; el mandato vuelve de inmediato. Asigna los bloqueos de una ejecución, "
            "para que entretanto no empiece ninguna, y se rechaza mientras haya una abierta. Tras una "
            "ejecución que necesita a alguien (NEEDSYOU) sí actúa, y la deja abierta para FLRCVENV.",
        ),
        {
            "CLONE": CLONE,
            "OPTION": ParameterText(
                "Cómo finalizar",
                ("Cómo se finaliza la partición.",),
                {
                    "*CNTRLD": "En orden: el sistema operativo se finaliza él mismo.",
                    "*IMMED": "De inmediato, como con el apagado forzado desde el panel.",
                },
            ),
            "DELAY": ParameterText(
                "Segundos de espera",
                ("Cuánto puede tardar un fin en orden.",),
                choice="{least}-{most} segundos",
            ),
            "FORCE": ParameterText(
                "Apagar tras la espera",
                ("Qué se hace cuando ha pasado la espera y la partición no está apagada.",),
                {
                    "*NO": "Nada: la petición falla y la partición queda como está.",
                    "*YES": "Se finaliza con el apagado forzado desde el panel.",
                },
            ),
            "SAVING": ParameterText(
                "Clon que puede estar salvando",
                ("Qué se hace con un clon del que no se conoce el fin de su trabajo.",),
                {
                    "*REFUSE": "Se deja como está.",
                    "*END": "Se finaliza de todos modos, con OPTION(*IMMED); lo que salva se pierde.",
                },
            ),
            **REQUEST,
        },
        (
            "Finaliza el clon en orden.",
            "Finaliza el clon de inmediato.",
            "Finaliza un clon que se ha quedado colgado al salvar.",
        ),
        reasons=("falla la cinta",),
        phrases={
            "in order": "se pide a su sistema operativo que se finalice",
            "at once": "su consola la finaliza de inmediato",
            "hard only": "La consola de {clones} no pide a ningún sistema que se finalice: sólo *IMMED.",
        },
    ),
    "FLSTRCLN": CommandText(
        "Arrancar clon (flashc)",
        (
            "Arranca a mano la partición de un clon declarado, sobre la copia que contienen sus discos: una "
            "instantánea de seguridad que hace falta, o un clon que se finalizó.",
            "Se rechaza salvo que la partición esté apagada, en su perfil no haya ninguna red de producción, "
            "sus discos sean los de los grupos y de nadie más, la copia sea la que una ejecución ha "
            "demostrado, y ningún vale de la copia pueda actuar ya. Lo que arranca pregunta a la guarda de "
            "arranque quién es: sin vale queda en modalidad segura.",
        ),
        {
            "CLONE": CLONE,
            "MODE": ParameterText(
                "Modalidad de la IPL",
                ("La posición de la llave del panel.",),
                {
                    "*MANUAL": "La IPL espera a alguien en la consola del sistema del clon.",
                    "*NORMAL": "Sigue por sí misma; decide la guarda de arranque.",
                },
            ),
            **REQUEST,
        },
        ("Arranca el clon; alguien sigue en su consola.", "Lo arranca sin operador, en modalidad segura."),
    ),
    "FLRLSCLN": CommandText(
        "Liberar copia clon (flashc)",
        (
            "Libera la copia de un clon: se detiene su grupo de consistencia, para que en la cabina nada "
            "dependa ya de ella, y donde sus discos llegan a través de VIOS antes se quitan de allí. La "
            "copia se pierde.",
            "Se rechaza salvo que el clon esté Not Activated, cada copia sea una que una ejecución ha "
            "demostrado y que nadie ha tomado de nuevo desde entonces, y la especificación no la conserve.",
        ),
        {
            "CLONE": CLONE,
            "COPY": ParameterText(
                "Copia que se libera",
                ("Qué copia, donde el clon tiene generaciones.",),
                {"*OLDEST": "La que usaría la próxima ejecución.", "*ALL": "Todas."},
                choice="Nombre grupo de consistencia",
            ),
            "KEEP": ParameterText(
                "Copias que se conservan",
                (
                    "Qué se hace con una copia más reciente de lo que dice KEEP SNAPSHOT en la "
                    "especificación.",
                ),
                {
                    "*KEEP": "Se conserva: se rechaza la petición.",
                    "*RELEASE": "Se libera de todos modos.",
                },
            ),
            **REQUEST,
        },
        ("Libera la copia que usaría la próxima ejecución.", "Libera todas las copias."),
    ),
    "FLGETCLN": CommandText(
        "Obtener de un clon (flashc)",
        (
            "Devuelve una biblioteca, un objeto o un archivo continuo desde un clon que sigue encendido, "
            "como era cuando se tomó la copia y con otro nombre. En producción no se sustituye nada.",
            "Se pide al clon por el buzón, donde mira cada tres minutos mientras el extremo del enlace en "
            "producción está activo. Lo que salva se envía con sus resúmenes criptográficos, se verifica y "
            "se restaura: los objetos en una biblioteca que se crea para ellos, que es del perfil del "
            "producto y está cerrada al público; un archivo continuo con el propietario y la autorización "
            "pública que tenía. Las autorizaciones privadas no vuelven.",
            "Se rechaza salvo que el clon esté encendido y sus discos contengan la copia que una ejecución "
            "ha demostrado, y también para lo que es del sistema o del producto. La especificación ha de "
            "dejar el clon en marcha. Lo que actúa se somete; asigna los bloqueos de una ejecución, para que "
            "entretanto no empiece ninguna.",
        ),
        {
            "CLONE": CLONE,
            "LIB": ParameterText("Biblioteca", ("La biblioteca que se quiere, o la del objeto.",)),
            "OBJ": ParameterText(
                "Objeto", ("El objeto de la biblioteca.",), {"*ALL": "Todos los objetos de la biblioteca."}
            ),
            "OBJTYPE": ParameterText(
                "Tipo de objeto",
                ("El tipo del objeto, por ejemplo *FILE.",),
                {"*ALL": "Todos los tipos."},
                choice="*ALL, *FILE, *PGM...",
            ),
            "TOLIB": ParameterText(
                "Biblioteca nueva",
                ("La biblioteca que se crea para lo que vuelve. No debe existir ninguna con ese nombre.",),
            ),
            "STMF": ParameterText(
                "Archivo continuo",
                (
                    "Ruta del archivo continuo en el clon, desde la raíz: letras, dígitos y . _ @ # $ - en "
                    "los nombres de sus carpetas y en el suyo.",
                ),
                choice="Ruta",
            ),
            "TOSTMF": ParameterText(
                "Archivo continuo nuevo",
                ("Ruta con la que vuelve. Su carpeta debe existir, el archivo no.",),
                choice="Ruta",
            ),
            "RUN": ParameterText(
                "Ejecución de la copia",
                ("La ejecución que tomó la copia, como la muestra FLDSPHST.",),
                {"*LAST": "La copia que tiene el clon, sea cual sea."},
                choice="*LAST, AAAAMMDDhhmmss",
            ),
            **REQUEST,
        },
        (
            "Devuelve la biblioteca PAYROLL como PAYROLLOLD.",
            "Devuelve un solo archivo en una biblioteca propia, y lo espera.",
            "Devuelve un archivo continuo con otro nombre.",
        ),
    ),
    "FLDSPENV": CommandText(
        "Visualizar entornos (flashc)",
        (
            "Muestra los entornos: cuándo se ejecutan, en qué clon, qué hace el clon, la próxima ejecución "
            "según el planificador de trabajos, la última ejecución con su resultado, y el estado.",
        ),
        {"ENV": SOME_ENV, **LISTING},
        ("Muestra todos los entornos.", "Imprime uno, como archivo en spool FLDSPENV."),
    ),
    "FLDSPHST": CommandText(
        "Visualizar historial (flashc)",
        (
            "Muestra las ejecuciones que tiene el diario, la más reciente primero: inicio, fin, resultado, "
            "cuánto tiempo estuvo retenida producción (repartido en parada, retención y reanudación), y los "
            "veredictos.",
        ),
        {
            "ENV": ParameterText(
                SOME_ENV.prompt,
                SOME_ENV.help,
                {
                    **SOME_ENV.values,
                    "*BYHAND": "Peticiones con FLENDCLN, FLSTRCLN, FLRLSCLN y FLGETCLN; no son de ningún "
                    "entorno.",
                },
            ),
            "FROMDATE": ParameterText(
                "Desde la fecha",
                ("Ejecuciones que empezaron en esta fecha o después.",),
                {"*AVAIL": "Todas las ejecuciones que tiene el diario."},
                choice="Fecha, *AVAIL",
            ),
            "RESULT": ParameterText(
                "Resultado",
                ("Sólo ejecuciones con este resultado.",),
                {
                    "*ALL": "Ejecuciones con cualquier resultado.",
                    "COMPLETED": "El salvado y su entrega están verificados.",
                    "FAILED": "Lo que se cambió está deshecho.",
                    "REFUSED": "No se cambió nada.",
                    "NEEDSYOU": "Queda algo que sólo puede hacer usted: vea FLRCVENV.",
                    "OPEN": "Todavía no tiene resultado.",
                },
            ),
            **LISTING,
        },
        (
            "Muestra todas las ejecuciones.",
            "Muestra las de un entorno que fallaron.",
            "Muestra lo que se pidió a mano de los clones.",
        ),
    ),
    "FLDSPLOG": CommandText(
        "Visualizar registro (flashc)",
        (
            "Muestra el registro de una ejecución: los pasos de las dos particiones por su hora, o un "
            "archivo que entregó el clon. Los archivos entregados se leen con su propia autorización a la "
            "carpeta del producto.",
        ),
        {
            "RUN": ParameterText(
                "Ejecución",
                ("La ejecución cuyo registro se muestra.",),
                {"*LAST": "La ejecución que arrancó la última."},
                choice="14 dígitos, *LAST",
            ),
            "ENV": SOME_ENV,
            "SIDE": ParameterText(
                "Lado",
                ("De quién son los pasos que se muestran.",),
                {
                    "*BOTH": "De las dos particiones por su hora, cada una en su propia columna.",
                    "*SOURCE": "De producción.",
                    "*CLONE": "Del clon, en la medida en que se entregaron.",
                },
            ),
            "SECTION": ParameterText(
                "Sección",
                ("Qué parte del registro se muestra.",),
                {
                    "*STEPS": "Los pasos, con código y texto.",
                    "*FILES": "Lo que entregó el clon: los nombres y tamaños de sus archivos.",
                    "*QHST": "Las anotaciones históricas del clon.",
                    "*JOBLOG": "Las anotaciones de trabajo del último programa del clon.",
                    "*FILE": "El archivo entregado que nombra FILE.",
                },
            ),
            "FILE": ParameterText(
                "Archivo entregado",
                (
                    "Un archivo que nombra SECTION(*FILES): las anotaciones de un trabajo, el listado de un "
                    "salvado.",
                ),
                choice="Nombre",
            ),
            **LISTING,
        },
        (
            "Muestra los pasos de la última ejecución.",
            "Muestra lo que entregó la última ejecución.",
            "Escribe los pasos de esta ejecución en un archivo continuo.",
        ),
    ),
    "FLDSPSTS": CommandText(
        "Visualizar estado (flashc)",
        (
            "Muestra lo que ocurre ahora: si producción puede estar suspendida, las ejecuciones abiertas con "
            "su fase, su último y su próximo paso y si su programa principal está vivo, el estado de BRMS, "
            "qué se vio por última vez del clon, y quién tiene qué bloqueo.",
            "No pregunta ni a la consola ni a la cabina: muestra lo que la ejecución ha anotado.",
        ),
        {"ENV": SOME_ENV, **LISTING},
        ("Muestra lo que ocurre ahora.",),
    ),
}

WORDS = CommandWords(COMMANDS, PANEL)
