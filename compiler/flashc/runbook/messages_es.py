"""The messages in Spanish, as IBM i says it there: text, cause and recovery, by step code or message id.

The recoveries that many messages share stand first.
"""

NONE = "No se requiere ninguna acción."
# before the window: a failure undoes everything
EARLY = (
    "No se requiere ninguna acción. Si la ejecución termina aquí, todo lo que cambió está "
    "deshecho. Corrija lo que indica el mensaje siguiente y arranque de nuevo con FLSTRENV."
)
# a change to production that is undone right after the flash
AROUND = (
    "No se requiere ninguna acción; se deshace justo después del flash o cuando la ejecución "
    "termina antes. Si no, FLE0003 lo nombra: deshágalo a mano o utilice FLRCVENV OPTION(*UNDO)."
)
# the undo of such a change
BACK = (
    "No se requiere ninguna acción. Si no se pudo reponer, FLE0003 lo nombra: repóngalo a mano o "
    "utilice FLRCVENV OPTION(*UNDO)."
)
# while production waits
WINDOW = (
    "No se requiere ninguna acción. Si O60 no llega dentro de los límites de la especificación y "
    "los dos guardas callan, utilice de inmediato CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME) desde"
    " cualquier sesión y después FLRCVENV."
)
# while the clone starts and works
WATCH = "No se requiere ninguna acción. La consola del clon muestra lo mismo; FLENDENV finaliza la ejecución."
# on the way home of the delivery
HOME = (
    "No se requiere ninguna acción. Si la ejecución se detiene aquí no se pierde nada: el clon "
    "conserva su entrega y FLRCVENV OPTION(*CONTINUE) prosigue con ella."
)
# what the clone does
CLONE = (
    "No se requiere ninguna acción. No inicie sesión en el clon mientras salva; lo que hizo llega"
    " con la entrega."
)
# what a clone that lives on makes of itself
LIVES = (
    "No se requiere ninguna acción. Si falla un paso de esta clase, el clon permanece en "
    "modalidad segura y la próxima ejecución lo apaga."
)
# it could not
SAFE = (
    "El clon no se abre y permanece en modalidad segura: su consola funciona y TCP/IP sigue "
    "parado. Corrija lo que indica el mensaje en la especificación o en producción, construya y "
    "despliegue; la próxima ejecución hace un clon nuevo."
)

TEXTS: dict[str, tuple[str, str, str]] = {
    "O01": (
        "Arrancada por &1",
        "Usuario y trabajo que arrancaron la ejecución, y el motivo; SCHEDULED(*YES) si fue "
        "un planificador, RESTART si continúa la última ejecución.",
        NONE,
    ),
    "O02": (
        "Empieza la ejecución &1: bloqueos asignados, los dos guardas en espera",
        "La ejecución tiene sus bloqueos sobre clon, grupos, ventana de suspensión y estado de BRMS, "
        "y ha visto contestar a los dos trabajos guarda. Todavía no se ha cambiado nada.",
        EARLY,
    ),
    "O03": (
        "No ejecutada, según lo pedido: &1",
        "Se entró FLSTRENV SKIP(*YES) para esta ejecución planificada: entorno, cuándo, quién y por qué.",
        "No se requiere ninguna acción. La próxima ejecución planificada arranca como siempre.",
    ),
    "O05": ("Entorno &1", "El entorno de la especificación que lleva a cabo esta ejecución.", EARLY),
    "O06": (
        "Todas las comprobaciones correctas: &1",
        "Se han mirado consola, cabina, unidades de disco, PTF, BRMS y red, y están como la ejecución"
        " los necesita. No se ha cambiado nada.",
        EARLY,
    ),
    "O07": (
        "Mandato antes de la ejecución: &1",
        "Un mandato que la especificación nombra para antes de la ejecución. No se deshace; la "
        "ejecución misma no ha cambiado nada todavía.",
        EARLY,
    ),
    "O10": (
        "Determinando el estado de la LPAR clon &1",
        "Se pregunta a la consola el estado de la partición clon; no se cambia nada.",
        EARLY,
    ),
    "O15": (
        "&1",
        "El estado de la partición clon según la consola. Sólo Not Activated significa apagada.",
        EARLY,
    ),
    "O17": (
        "Apagado del clon, &1",
        "El clon estaba encendido: el de la última ejecución, o uno que debe quedar apagado y no se apagó "
        "por sí mismo con su trabajo ya aquí. Se apaga en orden, o de inmediato si lo dice la "
        "especificación.",
        "Si la ejecución no sigue después: vea la consola del clon. Los discos de un clon en marcha nunca se "
        "sobrescriben.",
    ),
    "O18": (
        "VIOS sin asignación: &1",
        "Los discos del clon se quitan de sus VIOS, para que ningún VIOS se encuentre con una copia "
        "que cambia.",
        AROUND,
    ),
    "O20": (
        "Cola de trabajos retenida: &1",
        "La cola de trabajos se retiene para el flash, como dice la especificación.",
        AROUND,
    ),
    "O21": (
        "Entrada de planificación retenida: &1",
        "La entrada de planificación se retiene para el flash, como dice la especificación.",
        AROUND,
    ),
    "O22": (
        "Trabajo retenido: &1",
        "El trabajo se retiene para el flash, como dice la especificación. Se conoce por número, "
        "usuario y nombre, para liberar sólo ese trabajo.",
        AROUND,
    ),
    "O24": (
        "Verificando el estado del grupo &1",
        "La especificación exige que este otro grupo esté idle_or_copied antes de tomar la copia.",
        EARLY,
    ),
    "O30": (
        "Estado correcto del grupo: &1",
        "El grupo está en el estado que exige la especificación. La ejecución prosigue.",
        NONE,
    ),
    "O35": (
        "Servidor Domino apagado: &1",
        "El servidor Domino se apaga para el flash, como dice la especificación.",
        AROUND,
    ),
    "O36": (
        "Subsistema finalizado: &1",
        "El subsistema se finaliza para el flash, como dice la especificación.",
        AROUND,
    ),
    "O37": (
        "Servidor TCP/IP finalizado: &1",
        "El servidor TCP/IP se finaliza para el flash, como dice la especificación.",
        AROUND,
    ),
    "O38": (
        "Mandato ejecutado: &1",
        "Se ha ejecutado un mandato de la especificación para el flash; ella nombra también el "
        "mandato que lo deshace.",
        AROUND,
    ),
    "O39": (
        "Dispositivo desactivado: &1",
        "El dispositivo se desactiva para el flash, como dice la especificación.",
        AROUND,
    ),
    "O40": (
        "Vale escrito para el clon &1",
        "El vale viaja en la copia y dice a la guarda de arranque del clon lo que puede hacer. Es "
        "para este clon y sólo para esta noche.",
        EARLY,
    ),
    "O41": (
        "Vale cerrado: &1",
        "El vale de producción está cerrado. Ningún arranque de una copia actúa ya con él.",
        NONE,
    ),
    "O42": (
        "Pedido al clon: &1",
        "Una petición está en el buzón, donde el clon mira cada tres minutos. Al final se retira.",
        NONE,
    ),
    "O43": (
        "Petición al clon retirada: &1",
        "La petición se quita del buzón: deshace O42.",
        NONE,
    ),
    "O44": (
        "Recibido del clon: &1",
        "El clon ha enviado lo pedido y se ha verificado cada suma.",
        NONE,
    ),
    "O45": (
        "Eliminado: &1",
        "Se elimina lo que estaba aquí solo para la petición: deshace O44, y O46 donde falló.",
        NONE,
    ),
    "O46": (
        "Biblioteca creada: &1",
        "Se crea una biblioteca para lo que vuelve. Es del perfil del producto y está cerrada al público.",
        NONE,
    ),
    "O47": (
        "Devuelto, y con qué nombre: &1",
        "Lo que tenía el clon se restaura con otro nombre. Los objetos conservan las autorizaciones "
        "salvadas; lo que en ellos nombra la biblioteca antigua queda como estaba.",
        "Dé autorización sobre la biblioteca nueva (GRTOBJAUT) a quien la necesite.",
    ),
    "O48": (
        "Copia abandonada: &1",
        "Se abandona en la cabina la copia de una ejecución anterior: se detiene un grupo o se borra una "
        "instantánea, según la familia.",
        EARLY,
    ),
    "O49": (
        "Copia preparada: &1",
        "La cabina prepara la copia: producción escribe sin caché hasta el flash. Nada espera por ello.",
        EARLY,
    ),
    "O50": (
        "*SYSBAS suspendida, segundos hasta lograrlo: &1",
        "Los cambios en *SYSBAS están suspendidos y la memoria está drenada a disco. Ahora las "
        "transacciones de producción esperan.",
        WINDOW,
    ),
    "O51": (
        "Copia de esta ejecución abandonada: &1",
        "El flash no se ha realizado, o no está demostrado, así que se abandona su copia: ninguna "
        "copia de esta noche vale.",
        NONE,
    ),
    "O52": (
        "Sidecar preparado en la cabina &1",
        "Un trabajo está conectado a la cabina y espera la única petición. Todavía no se ha suspendido nada.",
        EARLY,
    ),
    "O55": (
        "Flash realizado: &1",
        "La única petición a la cabina dentro de la ventana. El texto nombra lo que se envió.",
        WINDOW,
    ),
    "O60": (
        "Reanudada la actividad en *SYSBAS, segundos en suspenso: &1",
        "Se permiten de nuevo los cambios en *SYSBAS. Producción sigue; los segundos van desde la "
        "petición de suspender hasta el retorno de la reanudación.",
        NONE,
    ),
    "O61": (
        "Flash demostrado: &1",
        "Cada correspondencia del grupo tiene una hora de inicio nueva: la copia es de esta noche.",
        NONE,
    ),
    "O62": (
        "Mandato después del flash: &1",
        "Un mandato que la especificación nombra para después del flash. No se deshace; si falla, la "
        "ejecución cuenta como fallida.",
        NONE,
    ),
    "O63": (
        "Copia puesta en los discos del clon: &1",
        "La cabina tomó primero el instante; ahora lo muestran los volúmenes del clon. No afecta a "
        "producción.",
        NONE,
    ),
    "O65": (
        "BRMS en estado &1: no usar BRMS en este sistema hasta el fin",
        "El historial de BRMS lo escribe el clon en lugar de producción. Lo que BRMS haga aquí "
        "entretanto se perdería.",
        "No utilice BRMS en este sistema hasta O89: ni salvar, ni mantenimiento, ni movimiento de cintas.",
    ),
    "O67": (
        "VIOS asignado: &1",
        "Los discos del clon están de nuevo en sus VIOS, demostrado volumen a volumen. Deshace O18; "
        "sin ello no se enciende el clon.",
        BACK,
    ),
    "O68": (
        "Enlace privado activado: &1",
        "Se inicia la interfaz del enlace privado. Tras ella sólo está el clon; O95 la termina.",
        HOME,
    ),
    "O70": (
        "LPAR clon encendida: &1",
        "La partición clon se enciende con su perfil, en modalidad normal.",
        WATCH,
    ),
    "O72": ("Dispositivo activado: &1", "El dispositivo se activa: deshace O39.", BACK),
    "O73": ("Servidor TCP/IP arrancado: &1", "El servidor TCP/IP arranca: deshace O37.", BACK),
    "O74": ("Subsistema arrancado: &1", "El subsistema arranca: deshace O36.", BACK),
    "O75": ("Servidor Domino arrancado: &1", "El servidor Domino arranca: deshace O35.", BACK),
    "O76": ("Deshecho: &1", "Se ha ejecutado el mandato de la especificación que deshace O38.", BACK),
    "O77": ("Trabajo liberado: &1", "El trabajo se libera: deshace O22.", BACK),
    "O78": ("Cola de trabajos liberada: &1", "La cola de trabajos se libera: deshace O20.", BACK),
    "O79": (
        "Entrada de planificación liberada: &1",
        "La entrada de planificación se libera: deshace O21.",
        "No se requiere ninguna acción. Lo que la entrada perdió no se ejecuta más tarde: FLE0083 lo "
        "nombra, sométalo a mano si hace falta.",
    ),
    "O80": (
        "El clon &1 trabaja; en espera de lo que entregue",
        "El clon ha arrancado. La ejecución espera lo que entregue y observa su estado y su código de"
        " referencia.",
        WATCH,
    ),
    "O82": ("&1", "El código de referencia de la partición clon ha cambiado.", WATCH),
    "O83": (
        "Clon en estado restringido: &1",
        "El clon salva en estado restringido. Se esperan el código A9003C70 y la luz de atención.",
        WATCH,
    ),
    "O84": (
        "El trabajo se está ejecutando en el clon &1",
        "El clon trabaja sin estado restringido; la próxima señal suya es la entrega.",
        WATCH,
    ),
    "O85": (
        "El clon &1 ha entregado",
        "Pasos, anotaciones e historial del clon han llegado al buzón de la ejecución.",
        HOME,
    ),
    "O86": (
        "Entrega verificada: &1",
        "Cada archivo del manifiesto del clon está aquí, con su resumen criptográfico.",
        HOME,
    ),
    "O87": (
        "QUSRBRM recibida: &1",
        "El historial de BRMS ha llegado como archivo de salvar, que se conserva con la ejecución.",
        HOME,
    ),
    "O88": (
        "QUSRBRM restaurada; la propia queda en &1",
        "El historial que escribió el clon ha sustituido al de producción, del que se guarda una "
        "copia. BRMS conoce ahora las cintas del clon.",
        HOME,
    ),
    "O89": (
        "Estado de BRMS terminado con *ENDPRC. &1",
        "BRMS ha dejado el estado FlashCopy.",
        "No se requiere ninguna acción. Ya se puede utilizar BRMS.",
    ),
    "O66": (
        "El clon queda apagado: &1",
        "El trabajo del clon está aquí y su partición está apagada, como dice la especificación.",
        "No se requiere ninguna acción.",
    ),
    "O90": (
        "Lo que el clon &1 haga desde ahora no se conoce aquí",
        "La ejecución ya no observa el clon.",
        "No se requiere ninguna acción. El clon queda como dice la especificación; apáguelo desde su "
        "consola o deje que lo haga la próxima ejecución.",
    ),
    "O91": (
        "El clon sigue su vida como &1",
        "El clon arranca de nuevo por sí mismo, con su nombre y sus direcciones. La ejecución ya no "
        "lo observa.",
        "No se requiere ninguna acción. Su propio arranque dice si está demostrado; vea allí QSYSOPR.",
    ),
    "O92": (
        "Clon cedido: &1",
        "El clon es de sus usuarios hasta que termine su plazo. Ninguna ejecución lo apaga antes.",
        "No se requiere ninguna acción. Su dueño lo devuelve con FLRCVENV OPTION(*GIVENBACK).",
    ),
    "O93": (
        "Mandato al final de la ejecución: &1",
        "Un mandato que la especificación nombra para el fin de una ejecución que ha ido bien.",
        NONE,
    ),
    "O94": (
        "Mandato en caso de fallo: &1",
        "Un mandato que la especificación nombra para una ejecución fallida. Todo lo que se podía "
        "deshacer está ya deshecho.",
        NONE,
    ),
    "O71": (
        "Avisado: &1",
        "Se ejecuta un mandato que la especificación nombra para esta ocasión, con los datos de la "
        "ejecución en el entorno de su trabajo. No decide nada en la ejecución.",
        NONE,
    ),
    "O95": ("Enlace privado desactivado: &1", "La interfaz del enlace privado termina: deshace O68.", BACK),
    "O96": (
        "Mantenimiento de BRMS, movimiento de cintas: &1",
        "El mantenimiento de BRMS se ejecuta en un trabajo propio.",
        "No se requiere ninguna acción. Su resultado está en las anotaciones de BRMS (DSPLOGBRM).",
    ),
    "O97": (
        "Recuperación: &1",
        "FLRCVENV, o en su lugar el guarda A, ha mirado la ejecución y dice qué encontró y qué hizo.",
        "Vea las anotaciones siguientes. FLRCVENV sin opción dice qué sigue abierto.",
    ),
    "O99": (
        "Resultado: &1",
        "COMPLETED: salvado, entregado y verificado, con todos los pasos posteriores. FAILED: "
        "deshecho, vea por qué. REFUSED: no se empezó nada. NEEDSYOU: algo está abierto.",
        "Con NEEDSYOU utilice FLRCVENV; con FAILED corrija la causa que nombran los pasos; si no, no "
        "se requiere ninguna acción.",
    ),
    "M01": (
        "Mantenimiento de BRMS terminado, movimiento de cintas: &1",
        "El mantenimiento de BRMS ha terminado.",
        "No se requiere ninguna acción. Su resultado está en las anotaciones de BRMS (DSPLOGBRM).",
    ),
    "999": ("Fin de la ejecución: &1", "El último paso de la ejecución.", "El resultado está en O99."),
    "C00": (
        "Los pasos Cxx son del clon &1",
        "Los pasos Cxx se escribieron en el clon. Las anotaciones de producción muestran ambos "
        "relojes y la diferencia medida.",
        NONE,
    ),
    "C04": (
        "Entradas de planificación retenidas en el clon: &1",
        "Las entradas de planificación de producción están en la copia. Se retienen para que ninguna "
        "arranque un trabajo en el clon.",
        CLONE,
    ),
    "C05": (
        "Valor del sistema cambiado en el clon: &1",
        "La especificación nombra este valor del sistema. Se cambia antes de salvar, así que el valor"
        " cambiado va en la cinta.",
        "No se requiere ninguna acción. Tras restaurar desde esta cinta reponga el valor.",
    ),
    "C10": (
        "Dispositivo preparado en el clon: &1",
        "El dispositivo que utiliza la copia está activado en el clon. C46 lo devuelve.",
        CLONE,
    ),
    "C12": (
        "ASP independiente disponible en el clon: &1",
        "Una IPL deja los ASP independientes desactivados. Se activa antes de salvar nada.",
        CLONE,
    ),
    "C15": ("BRMS del clon en estado &1", "BRMS actúa en el clon en lugar de producción desde aquí.", CLONE),
    "C16": (
        "Las copias incrementales cuentan desde: &1",
        "BRMS toma esta hora, CYYMMDDhhmmss del reloj de producción, por la de la copia del clon. Es una "
        "hora anterior al ticket, para que ningún fin del horario de verano la ponga detrás del flash.",
        CLONE,
    ),
    "C18": (
        "Trabajo de salvar sometido: &1",
        "Sólo un trabajo del subsistema de control puede finalizar todos los demás, y el de salvar es"
        " uno de ellos.",
        CLONE,
    ),
    "C20": (
        "Grupo de control &1 sometido",
        "El grupo de control se entrega a BRMS. En estado restringido BRMS finaliza todos los demás "
        "trabajos del clon.",
        CLONE,
    ),
    "C21": (
        "Salvado, sistema: &1",
        "Código interno bajo licencia, QSYS, datos de seguridad y configuración están en el soporte.",
        CLONE,
    ),
    "C22": ("Salvado, bibliotecas: &1", "Todas las bibliotecas menos QSYS están en el soporte.", CLONE),
    "C23": ("Salvado, documentos: &1", "Documentos y carpetas están en el soporte.", CLONE),
    "C24": (
        "Salvado, directorios: &1",
        "Los directorios del sistema de archivos integrado están en el soporte.",
        CLONE,
    ),
    "C25": (
        "Inicio de la copia &1",
        "El trabajo de salvar anota su inicio; en estado restringido lo hace el *EXIT del grupo de control.",
        CLONE,
    ),
    "C26": (
        "Mandato en el clon: &1",
        "Un mandato de la especificación se ejecuta en el clon, en un trabajo propio.",
        CLONE,
    ),
    "C27": ("Etapa terminada: &1", "Todos los mandatos de la etapa han terminado; sigue la próxima.", CLONE),
    "C28": (
        "Archivo para enviar al origen: &1",
        "Un archivo que pide la especificación. Está en el buzón de la ejecución cuando todo ha llegado.",
        CLONE,
    ),
    "C30": ("Fin de la copia &1", "La copia ha terminado. Lo que vale lo dice el veredicto, C36.", CLONE),
    "C35": (
        "Prosigue tras la copia; fase del vale &1",
        "El clon ha vuelto del estado restringido. Espera a los subsistemas y a TCP/IP.",
        CLONE,
    ),
    "C36": (
        "Veredicto del trabajo del clon: &1",
        "El veredicto viene de las anotaciones de BRMS o de cómo terminó cada mandato, no del fin de "
        "un trabajo.",
        "Con un veredicto distinto de OK vea las anotaciones anteriores y los listados en el buzón de"
        " la ejecución.",
    ),
    "C40": ("BRMS del clon en estado &1", "El historial de BRMS del clon está completo.", CLONE),
    "C41": (
        "Hora del flash retirada: &1",
        "BRMS del clon ya no tiene ninguna hora del usuario; ninguna vuelve con el historial.",
        CLONE,
    ),
    "C45": (
        "&1 salvada para enviarla al origen",
        "La biblioteca se salva en un archivo de salvar para enviarla, sin diarios ni receptores.",
        CLONE,
    ),
    "C46": (
        "Dispositivo devuelto en el clon: &1",
        "El dispositivo se devuelve en el clon para que ninguna unidad quede reservada.",
        CLONE,
    ),
    "C47": (
        "Enlace privado del clon activado: &1",
        "TCP/IP arranca en el clon sin servidores y sólo con la dirección del enlace privado.",
        CLONE,
    ),
    "C50": (
        "Se avisa al origen: veredicto &1",
        "El clon dice a producción su veredicto; a continuación va la entrega.",
        CLONE,
    ),
    "C51": (
        "Planificaciones de producción retenidas en el clon: &1",
        "Toda entrada de planificación de producción está retenida en el clon. Está demostrado que no"
        " queda ninguna que se ejecutaría.",
        LIVES,
    ),
    "C52": (
        "Planificador retenido en el clon: &1",
        "Se ha ejecutado el mandato de la especificación que retiene un planificador propio, y el "
        "otro mandato lo ha demostrado.",
        LIVES,
    ),
    "C53": (
        "Colas de trabajos de producción en el clon: &1",
        "Las colas de trabajos de producción están retenidas o vacías en el clon. Lo que esperaba en "
        "la copia no arranca nunca.",
        LIVES,
    ),
    "C54": (
        "No arranca nunca en el clon: &1",
        "Está impedido lo que la especificación prohíbe en el clon. Se mira de nuevo en cada arranque"
        " del clon.",
        LIVES,
    ),
    "C55": (
        "Nombre de sistema del clon: &1",
        "El clon recibe su nombre de sistema en su próxima IPL.",
        LIVES,
    ),
    "C56": (
        "Sistema principal y dominio del clon: &1",
        "Nombre de sistema principal y de dominio del clon para TCP/IP.",
        LIVES,
    ),
    "C57": (
        "Eliminado en el clon: &1",
        "Las direcciones y rutas de producción se eliminan en el clon; no queda ninguna.",
        LIVES,
    ),
    "C58": ("Añadido en el clon: &1", "Direcciones y rutas propias del clon; se activan con su IPL.", LIVES),
    "C59": (
        "Fin del clon planificado: &1",
        "La única entrada de planificación sin retener: apaga el clon cuando termina su plazo.",
        LIVES,
    ),
    "C60": (
        "Envío de las anotaciones del clon &1",
        "Los pasos, las anotaciones históricas y las del trabajo del clon se envían a producción.",
        CLONE,
    ),
    "C66": (
        "El clon &1 permanece encendido",
        "El clon permanece encendido, como dice la especificación. La próxima ejecución lo apaga.",
        NONE,
    ),
    "C67": (
        "El clon arranca de nuevo como &1",
        "El clon arranca de nuevo como sistema propio. Lo dice antes de su última entrega.",
        LIVES,
    ),
    "C68": (
        "El clon &1 queda cedido",
        "El clon es de sus usuarios hasta que termine su plazo.",
        "No se requiere ninguna acción. Sus usuarios pueden trabajar cuando haya arrancado.",
    ),
    "C70": (
        "Última anotación desde el clon &1",
        "La última anotación que envía el clon. Lo que siga en él no se conoce en producción.",
        NONE,
    ),
    "C71": (
        "Salvado para producción: &1",
        "Producción lo pidió con FLGETCLN. El archivo de salvar se envía y después se borra aquí.",
        NONE,
    ),
    "FLO0120": (
        "La cola de trabajos ya estaba retenida y sigue así: &1",
        "Ya estaba en ese estado antes de la ejecución: no se ha cambiado nada y no se deshará nada.",
        NONE,
    ),
    "FLO0121": (
        "La entrada de planificación no arrancaría nada: &1",
        "Ya estaba en ese estado antes de la ejecución: no se ha cambiado nada y no se deshará nada.",
        NONE,
    ),
    "FLO0182": (
        "El clon no avanza, el mismo código desde hace más de &1",
        "Un código de referencia permanece más de lo habitual en su clase. La ejecución sigue hasta su "
        "propio límite.",
        "Mire la consola del clon. docs/safety.md tiene las clases de códigos. FLENDENV finaliza la "
        "ejecución.",
    ),
    "FLO0183": (
        "Al reloj del clon hay que sumarle &1 para tener el de producción",
        "Los dos relojes se compararon durante la entrega del clon. El diario guarda la hora propia de cada "
        "lado; las pantallas e informes muestran los pasos del clon a la hora de producción.",
        NONE,
    ),
    "FLO0184": (
        "El reloj del clon no se comparó con el de producción",
        "Su entrega no dice nada de ello. Los pasos del clon se muestran a su propia hora, que puede diferir "
        "en minutos.",
        NONE,
    ),
    "FLO0185": (
        "Volúmenes que el clon ha escrito: &1",
        "BRMS tiene aquí contenidos de estos volúmenes que no tenía antes de restaurar el historial del "
        "clon. Un volumen que ya contenía algo y se escribió a continuación no está entre ellos.",
        NONE,
    ),
    "FLO0186": (
        "Volúmenes caducados que quedan para la próxima salvación: &1",
        "Tantos volúmenes puede reescribir BRMS según su inventario, estén donde estén.",
        "Si son pocos, traiga otros antes de la próxima ejecución (ADDMEDBRM, o espere al mantenimiento).",
    ),
    "FLO0187": (
        "Volúmenes de esta salvación, salen ahora y deben volver antes de la próxima ejecución: &1",
        "La especificación nombra estos volúmenes. La próxima ejecución del entorno los reescribe.",
        "Llévelos a su sitio. Antes de la próxima ejecución deben estar de nuevo en el dispositivo, u otros "
        "inicializados con los mismos nombres.",
    ),
    "FLO0188": (
        "SAVCHGOBJ y APYJRNCHG no saben de la salvación; BRMS cuenta desde ella, no desde el flash",
        "Salvar en el clon solo cambia las descripciones de objetos del clon. En producción SAVCHGOBJ "
        "REFDATE(*SAVLIB) salva más de lo necesario y APYJRNCHG no tiene punto de partida con *LASTSAVE. Con "
        "BRMS el próximo *INCR o *CUML parte de la hora de la salvación del clon: puede omitir lo que "
        "producción cambió entre el flash y la salvación.",
        "docs/after-a-save.md dice qué usar en su lugar y cómo consultar qué se salvó.",
    ),
    "FLO0189": (
        "No se movieron soportes: PRTMOVBRM muestra cuáles deben salir o entrar",
        "La ejecución no mueve soportes. BRMS sabe por sus políticas de movimiento adónde pertenecen.",
        "PRTMOVBRM lista los movimientos, MOVMEDBRM los hace.",
    ),
    "FLO0190": (
        "El mantenimiento de esta ejecución mueve soportes; su informe dice cuáles salen o entran",
        "Sigue el mantenimiento de BRMS con movimiento. Imprime lo que mueve.",
        "Vea el informe de movimiento de volúmenes de BRMS (QP1AVMS).",
    ),
    "FLO0191": (
        "Ejecuciones eliminadas, ya no se guardan: &1",
        "La especificación guarda las ejecuciones durante un tiempo (keep runs). Lo anterior se elimina: "
        "historial, diario y lo que entregó el clon.",
        NONE,
    ),
    "FLO0192": (
        "No ejecutada, este arranque ya se produjo: &1",
        "El reloj se atrasó, como al terminar el horario de verano, y la planificación ya arrancó el entorno "
        "a esta hora: entorno, y la ejecución que arrancó. Una noche tiene un solo arranque.",
        "No se requiere ninguna acción. FLSTRENV arranca otra ejecución.",
    ),
    "FLO0193": (
        "Nada se ha cambiado aún, se comprueba otra vez: &1",
        "Un mandato fue rechazado, o algo estaba en uso, antes de que la ejecución cambiara nada. La "
        "ejecución repite sus comprobaciones, una vez.",
        "Mire el registro del trabajo de la ejecución si se repite.",
    ),
    "FLO0194": (
        "SAVCHGOBJ y APYJRNCHG en producción no saben nada de esta salvación",
        "Salvar en el clon solo cambia las descripciones de objetos del clon. En producción SAVCHGOBJ "
        "REFDATE(*SAVLIB) salva más de lo necesario y APYJRNCHG no tiene punto de partida con *LASTSAVE.",
        "docs/after-a-save.md dice qué usar en su lugar y cómo consultar qué se salvó.",
    ),
    "FLO0195": (
        "En los discos del propio clon; se pierde con su próxima copia: &1",
        "Lo que se salvó en ellos está en discos del clon. El historial de BRMS que llegó conoce volúmenes "
        "de un catálogo de imágenes por nombres que aquí pueden existir también; estos contienen otra cosa.",
        "Llévese lo que deba conservarse antes de la próxima ejecución; salve en cinta lo que haga falta "
        "para una recuperación.",
    ),
    "FLO0196": (
        "Espacio de las copias, antes de ésta: &1",
        "Lo que las copias del clon ocupan ahora en el almacenamiento, justo antes de que una de ellas se "
        "abandone, y lo que queda libre allí. Una copia crece con cada cambio en producción hasta que la "
        "siguiente ocupa su lugar.",
        "Si queda poco, amplíe la capacidad, haga copias con menos frecuencia o abandone una antes "
        "(FLRLSCLN). FREE CAPACITY de la especificación dice por debajo de cuánto se rechaza una ejecución.",
    ),
    "FLO0197": (
        "El clon trabaja, trabajos hechos: &1",
        "El clon dice él mismo que trabaja, por el enlace privado, cada 15 minutos mientras no está "
        "en estado restringido.",
        NONE,
    ),
    "FLO0198": (
        "Sin signo de vida del clon desde hace más de &1",
        "El clon ha dicho que trabaja y ya no lo dice. Puede que su enlace no esté activo o que su "
        "trabajo haya terminado. La ejecución sigue hasta su propio límite.",
        "Vea la consola del clon, y FLDSPSTS para su último signo.",
    ),
    "FLO0199": (
        "Sin respuesta, se pregunta de nuevo: &1",
        "Una consola, una cabina, un VIOS o el propio sidecar no ha dado una respuesta que sirva. La "
        "ejecución pregunta de nuevo hasta un cuarto de hora; cada llamada lee el estado antes de actuar.",
        "Mire lo que el texto nombra. FLENDENV termina la ejecución.",
    ),
    "FLO0200": (
        "Sin dispositivo nombrado para estos grupos de control, quizá en los discos del clon: &1",
        "El clon no activó nada para ellos, y ninguna interfaz dice dónde guardó BRMS. Los archivos de "
        "salvar y los volúmenes de un catálogo de imágenes están en los discos del clon y desaparecen con"
        " su próxima copia, mientras BRMS aquí los da por guardados.",
        "Vea WRKMEDIBRM. Llévese antes de la próxima ejecución lo que deba conservarse; nombre en la "
        "especificación un dispositivo para lo que deba estar ahí en una recuperación.",
    ),
    "FLO0201": (
        "BRMS no cuenta ningún volumen escrito por el clon",
        "Ningún volumen contiene más que antes de la noche: lo guardado fue detrás de salvados anteriores"
        " o a los discos del clon (archivos de salvar, catálogo de imágenes), y desaparece con su próxima"
        " copia.",
        "Vea WRKMEDIBRM y la clase de soporte de las políticas de los grupos de control (WRKPCYBRM "
        "TYPE(*MED)).",
    ),
    "FLO0180": (
        "Desde aquí suele tardar &1",
        "Es la mediana de las últimas ejecuciones completas del entorno. No decide nada.",
        NONE,
    ),
    "FLO0161": (
        "Ya no estaba antes de suspender nada, arrancado de nuevo: &1",
        "Un guarda, o el trabajo que envía la petición a la cabina, había finalizado o ya no respondía. "
        "Aún no había nada en suspenso: se arrancó de nuevo y se comprobó como el primero.",
        "Vea quién lo finalizó y las anotaciones de ese trabajo.",
    ),
    "FLO0160": (
        "Reanudada de todos modos, no se sabe si estaba en suspenso: &1",
        "La petición de suspender terminó con error, y el estado pudo alcanzarse antes. Se pidió la "
        "reanudación y se concedió; no cambia nada en un sistema que no está en suspenso.",
        NONE,
    ),
    "FLO0122": (
        "Trabajo inactivo o ya retenido, nada retenido: &1",
        "Ya estaba en ese estado antes de la ejecución: no se ha cambiado nada y no se deshará nada.",
        NONE,
    ),
    "FLO0168": (
        "El enlace privado ya estaba activo: &1",
        "Su interfaz ya estaba activa: no se ha arrancado nada, y se queda así.",
        NONE,
    ),
    "FLO0136": (
        "Subsistema inactivo, nada finalizado: &1",
        "Ya estaba en ese estado antes de la ejecución: no se ha cambiado nada y no se deshará nada.",
        NONE,
    ),
    "FLO0137": (
        "Servidor inactivo, nada finalizado: &1",
        "Ya estaba en ese estado antes de la ejecución: no se ha cambiado nada y no se deshará nada.",
        NONE,
    ),
    "FLO0139": (
        "El dispositivo ya estaba desactivado: &1",
        "Ya estaba en ese estado antes de la ejecución: no se ha cambiado nada y no se deshará nada.",
        NONE,
    ),
    "FLE0001": (
        "Esto no es producción (serie &1, partición &2): no se ha hecho nada",
        "Este programa sólo actúa en las particiones que la especificación nombra en IDENTITY. Esta "
        "tiene el número de serie &1 y el id de partición &2. Si la partición aparece en blanco, no "
        "se pudo leer de QSYS/QPMLPMGT.",
        "En una copia no hay que hacer nada. Si esto es producción tras un traslado (LPM, "
        "recuperación de desastres), añada el par nuevo a IDENTITY en la especificación, construya y "
        "despliegue.",
    ),
    "FLE0002": (
        "No se pudo anotar cómo deshacerlo; no se ha cambiado nada: &1",
        "No se puede escribir en el diario FLJRN, y no se hace un cambio que no se pueda anotar cómo "
        "deshacer. Este paso no ha cambiado nada.",
        "Vea los mensajes anteriores en las anotaciones del trabajo, corrija lo que impide escribir "
        "en la tabla y arranque de nuevo.",
    ),
    "FLE0003": (
        "Sin deshacer: &1",
        "No se ha podido deshacer un cambio que la ejecución hizo en producción. El texto nombra el "
        "objeto, su estado actual y el id de mensaje.",
        "Utilice FLRCVENV OPTION(*UNDO) cuando desaparezca la causa. Lo hecho a mano se cierra con "
        "OPTION(*CLOSE). Hasta entonces la ejecución sigue abierta.",
    ),
    "FLE0004": (
        "Otra ejecución tiene lo que necesita esta de &1",
        "Clon, grupos de copia, ventana de suspensión y estado de BRMS son de una ejecución cada vez,"
        " y los tiene otra.",
        "Espere a que termine la otra ejecución (FLDSPSTS, WRKACTJOB SBS(FLASHC)) y arranque esta de "
        "nuevo. WRKOBJLCK de las áreas de datos FLK muestra quién los tiene.",
    ),
    "FLE0005": (
        "Una ejecución anterior dejó bloqueado: &1",
        "El bloqueo tiene una entrada de una ejecución cuyo trabajo ya no existe. Nadie ha mirado lo "
        "que aquella dejó.",
        "Utilice FLRCVENV para el entorno de aquella ejecución y arranque de nuevo.",
    ),
    "FLE0006": (
        "Los guardas no contestan: &1",
        "Un trabajo guarda no ha contestado. Sin los dos guardas no se suspende nada. No se ha "
        "cambiado nada.",
        "Compruebe que los subsistemas FLGUARD y QUSRWRK están activos y sus colas de trabajos sin "
        "retener, y arranque de nuevo.",
    ),
    "FLE0007": (
        "Comprobación fallida: &1",
        "Una comprobación anterior a la ejecución ha encontrado algo que hay que corregir. No se ha "
        "cambiado nada.",
        "Corrija lo que nombra el texto. FLCHKENV hace todas las comprobaciones sin cambiar nada; "
        "después arranque de nuevo.",
    ),
    "FLE0008": (
        "Consola: &1",
        "La consola no ha dado una respuesta utilizable.",
        "Compruebe que se llega a la consola y que su clave es válida. docs/sidecar.md explica el "
        "código de salida. Después arranque de nuevo.",
    ),
    "FLE0009": (
        "La LPAR clon no está apagada: &1",
        "Nunca se sobrescriben los discos de una partición en marcha, y la consola no dice Not Activated.",
        "Apague la partición clon, o averigüe en su consola por qué no se apaga, y arranque de nuevo.",
    ),
    "FLE0010": (
        "Producción ha sido reanudada por &1",
        "El programa principal no reanudó producción a tiempo; lo hizo un guarda, que lo finalizó. "
        "Ninguna copia de esta noche vale; se deshace la ejecución.",
        "Vea en las anotaciones del trabajo principal qué lo retuvo. FLRCVENV dice si queda algo abierto.",
    ),
    "FLE0011": (
        "PUEDE SEGUIR SUSPENDIDA: la reanudación fue rechazada: &1",
        "Se rechazó reanudar *SYSBAS: puede haber trabajos de producción esperando en este momento.",
        "Utilice de inmediato CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME) desde cualquier sesión y "
        "después FLRCVENV.",
    ),
    "FLE0012": (
        "Un grupo requerido no está en su estado: &1",
        "Un grupo que la especificación quiere idle_or_copied está en otro estado. No se ha copiado "
        "nada; se deshace la ejecución.",
        "Espere a que termine el propietario de ese grupo y arranque de nuevo.",
    ),
    "FLE0013": (
        "BRMS rechazó *STRPRC: &1",
        "INZBRM rechazó *STRPRC, o no volvió dentro de su límite (UNKNOWN). Puede haber un trabajo de BRMS o "
        "su mantenimiento activos. Se deshace la ejecución.",
        "Vea el id de mensaje y DSPLOGBRM, espere a que termine lo que utiliza BRMS y arranque de nuevo.",
    ),
    "FLE0014": (
        "No se pudo detener el grupo: &1",
        "La cabina no detuvo dentro del límite el grupo de la última copia.",
        "Vea las correspondencias del grupo en la cabina (lsfcmap): si aún se limpian, espere. "
        "Después arranque de nuevo.",
    ),
    "FLE0015": (
        "No se pudo preparar el grupo: &1",
        "La cabina no preparó la copia dentro del límite. La copia de la última ejecución se ha "
        "perdido; producción no está afectada.",
        "Vea el grupo en la cabina, corrija lo que indica y arranque de nuevo.",
    ),
    "FLE0016": (
        "Más de un trabajo con este nombre: &1",
        "Más de un trabajo activo tiene el nombre que da la especificación, y no se sabe cuál es. No "
        "se ha retenido nada.",
        "Dé al trabajo un nombre único, o nombre su usuario en la especificación; construya y despliegue.",
    ),
    "FLE0017": (
        "No se pudo retener el trabajo: &1",
        "Se rechazó HLDJOB. Se deshace la ejecución.",
        "Vea el id de mensaje, corrija su causa y arranque de nuevo.",
    ),
    "FLE0018": (
        "No realizado dentro de su límite, o rechazado: &1",
        "El mandato fue rechazado o no terminó dentro de su límite; si venció el límite, el estado no"
        " se conoce. Se deshace la ejecución.",
        "Mire aquello de lo que habla el mandato. Si necesita más tiempo, déselo en la "
        "especificación, y arranque de nuevo: si la salvación ya ha llegado (M01), con FLSTRENV "
        "RESTART(O96), que no salva nada de nuevo.",
    ),
    "FLE0019": (
        "El sidecar no está preparado: &1",
        "El trabajo que envía la petición a la cabina no está conectado y preparado. No se ha "
        "suspendido nada; se deshace la ejecución.",
        "Vea las anotaciones del trabajo FLARM, la clave y la clave de sistema principal de la cabina"
        " (flashc trust), y arranque de nuevo.",
    ),
    "FLE0020": (
        "BRMS sigue en *STRPRC: el clon aún puede escribir cintas (&1)",
        "No está demostrado que el clon esté apagado: aún puede escribir cintas en nombre de "
        "producción, así que no se da *ENDPRC.",
        "No utilice BRMS aquí. Si el clon ya no trabaja, apáguelo: FLENDCLN OPTION(*IMMED) SAVING(*END), o "
        "desde su consola. Anote los volúmenes que ha escrito y utilice FLRCVENV OPTION(*UNDO).",
    ),
    "FLE0021": (
        "Volúmenes que el clon puede haber escrito: &1",
        "Lo que escribió el clon no ha llegado, con BRMS su historial. BRMS de producción no conoce los "
        "volúmenes que escribió.",
        "Compare los volúmenes de la librería con BRMS (WRKMEDBRM) y retire los que se escribieron "
        "antes de que BRMS escriba encima.",
    ),
    "FLE0022": (
        "Un guarda no puede drenar la memoria: &1",
        "Un guarda drena él mismo la memoria antes de la suspensión, para demostrar que puede. Fue "
        "rechazado; no se ha suspendido nada y se deshace la ejecución.",
        "El perfil del producto necesita *JOBCTL; vea las anotaciones del trabajo guarda y arranque "
        "de nuevo.",
    ),
    "FLE0023": (
        "No se pudo suspender *SYSBAS; segundos intentándolo: &1",
        "No se pudieron suspender los cambios en *SYSBAS dentro del límite: transacciones largas no "
        "llegaron a un límite de compromiso. Producción fue reanudada; se deshace la ejecución.",
        "Vea con WRKCMTDFN las transacciones que siguen abiertas. Dé más tiempo con QUIESCE WITHIN en"
        " la especificación, o elija otra hora.",
    ),
    "FLE0024": (
        "Sin respuesta válida a la petición de flash: &1",
        "La cabina no contestó bien a la petición antes de reanudar producción. No se sabe si la "
        "copia se tomó, así que no cuenta. Se detuvo el grupo y no se enciende el clon.",
        "Vea la cabina y sus anotaciones, y arranque de nuevo.",
    ),
    "FLE0025": (
        "El flash no está demostrado: &1",
        "No todas las correspondencias del grupo tienen una hora de inicio nueva: la copia puede ser "
        "antigua. No se enciende el clon.",
        "Vea en la cabina las correspondencias del grupo y arranque de nuevo.",
    ),
    "FLE0026": (
        "No se pudo activar el enlace privado: &1",
        "La interfaz del enlace privado no se ha activado. El clon no podría entregar nada.",
        "Vea la línea y la interfaz (NETSTAT OPTION(*IFC)), corríjalas y arranque de nuevo.",
    ),
    "FLE0027": (
        "No se pudo encender el clon: &1",
        "La consola se negó a encender la partición clon.",
        "Vea la consola: perfil, memoria, adaptadores en uso en otra parte. Después arranque de nuevo.",
    ),
    "FLE0028": (
        "El arranque del clon ha fallado: &1",
        "El código de referencia del clon muestra que su arranque ha fallado.",
        "Busque el código de referencia y vea la consola del clon. La próxima ejecución lo apaga y lo"
        " copia de nuevo.",
    ),
    "FLE0029": (
        "El clon está apagado y no ha entregado nada: &1",
        "La partición clon está apagada y no ha entregado nada. De BRMS de producción se ocupa la "
        "ejecución; FLE0021 nombra los volúmenes que el clon puede haber escrito.",
        "Vea en la consola por qué terminó; sus anotaciones están en sus discos hasta la próxima copia.",
    ),
    "FLE0030": (
        "El clon no ha arrancado dentro de su límite: &1",
        "El clon no arrancó dentro del límite de la especificación.",
        "Vea su código de referencia en la consola. Si sólo tarda más, dele más tiempo en la especificación.",
    ),
    "FLE0031": (
        "La copia no ha terminado dentro de su límite: &1",
        "La copia no terminó dentro del límite de la especificación. El clon aún puede estar escribiendo.",
        "Mire primero el clon y la librería. Después utilice FLRCVENV: OPTION(*CONTINUE) espera otra "
        "vez, OPTION(*UNDO) abandona la copia.",
    ),
    "FLE0032": (
        "La entrega no es válida: &1",
        "Un archivo de la entrega falta o no coincide con su resumen criptográfico. No se ha usado "
        "nada de ella.",
        "Si el clon sigue encendido, FLRCVENV OPTION(*CONTINUE) la recibe de nuevo.",
    ),
    "FLE0033": (
        "El trabajo del clon no está completo: &1",
        "El clon ha entregado, pero no todo su trabajo ha ido bien.",
        "Vea C36 y las anotaciones anteriores, después los listados y las anotaciones de trabajo en "
        "el buzón de la ejecución.",
    ),
    "FLE0034": (
        "No se pudo recibir QUSRBRM: &1",
        "La QUSRBRM del clon no ha llegado o no se puede leer. Producción sigue en *STRPRC.",
        "Corrija la causa y utilice FLRCVENV OPTION(*CONTINUE).",
    ),
    "FLE0035": (
        "No se pudo salvar la QUSRBRM propia: &1",
        "Sólo se restaura cuando la QUSRBRM propia está salvada, y eso ha fallado. No se ha "
        "restaurado nada; producción sigue en *STRPRC.",
        "Vea el id de mensaje (espacio, bloqueos de QUSRBRM) y utilice FLRCVENV OPTION(*CONTINUE).",
    ),
    "FLE0036": (
        "No se pudo restaurar QUSRBRM: &1",
        "Restaurar la QUSRBRM del clon ha fallado, no está completo o no terminó dentro de su límite "
        "(UNKNOWN). Lo que había sustituido se ha repuesto; producción sigue en *STRPRC.",
        "Finalice a quien bloquea QUSRBRM (WRKOBJLCK) y utilice FLRCVENV OPTION(*CONTINUE). "
        "OPTION(*UNDO) abandona el historial del clon.",
    ),
    "FLE0037": (
        "*ENDPRC ha fallado: &1",
        "INZBRM rechazó *ENDPRC, o no volvió dentro de su límite (UNKNOWN). Se pide otra vez al cerrar la "
        "ejecución; hasta que se conceda producción sigue en *STRPRC.",
        "Vea el id de mensaje y DSPLOGBRM, y utilice FLRCVENV OPTION(*CONTINUE).",
    ),
    "FLE0038": (
        "Finalizada con FLENDENV: &1",
        "Un operador finalizó la ejecución con FLENDENV. Todo lo que cambió está deshecho.",
        "No se requiere ninguna acción. Arranque el entorno de nuevo cuando lo desee.",
    ),
    "FLE0039": (
        "Correo no enviado: &1",
        "El servidor de correo no aceptó el mensaje. No decide nada en la ejecución.",
        "Vea la dirección del servidor de correo y su certificado; el diario tiene lo que el correo "
        "habría dicho.",
    ),
    "FLE0040": (
        "Inesperado: &1",
        "Un error que nada aquí espera. La ejecución se deshace, el mandato termina.",
        "Vea las anotaciones del trabajo (en una ejecución, el principal) y comuníquelo con lo anterior.",
    ),
    "FLE0041": (
        "Escrito con retraso: &1",
        "No se pudo escribir en el diario a su hora; la fila quedó en la cola de mensajes FLMSGQ y se"
        " escribió más tarde.",
        "No se requiere ninguna acción. Vea por qué la tabla no estaba disponible a esa hora.",
    ),
    "FLE0042": (
        "Empezado, y no se sabe si se hizo: &1",
        "La ejecución terminó entre el principio y el fin de este paso. No se sabe si el paso se hizo.",
        "Mire el sistema del que habla el paso. FLRCVENV deshace lo que la ejecución cambió.",
    ),
    "FLE0043": (
        "*SYSBAS reanudada; no se sabe por quién ni cuándo exactamente (&1)",
        "La ejecución terminó en la ventana o justo después. *SYSBAS está ahora reanudada. Ninguna "
        "copia de esta noche vale.",
        "Vea las anotaciones de los trabajos guarda y del principal. No se requiere otra acción.",
    ),
    "FLE0045": (
        "BRMS sigue en *STRPRC: no se pudo restaurar la QUSRBRM del clon (&1)",
        "El historial de BRMS del clon está aquí y no se pudo restaurar. Con *ENDPRC sus cintas "
        "quedarían desconocidas.",
        "Corrija la causa y utilice FLRCVENV OPTION(*CONTINUE). OPTION(*UNDO) abandona el historial, "
        "y las cintas que conoce.",
    ),
    "FLE0046": (
        "No se pidió a la cabina, pues nada estaba suspendido: &1",
        "No se llegó a la suspensión, así que no se pidió ninguna copia a la cabina.",
        "Vea el mensaje de O50.",
    ),
    "FLE0047": (
        "QUSRBRM no es ni la del clon ni la propia: &1",
        "Restaurar la QUSRBRM del clon ha fallado o se interrumpió, y tampoco se pudo reponer la propia. "
        "Producción sigue en *STRPRC.",
        "No use BRMS aquí. Finalice a quien bloquea QUSRBRM (WRKOBJLCK). RESTART(O86) restaura de nuevo "
        "la del clon; con el clon apagado FLRCVENV OPTION(*UNDO) repone la propia.",
    ),
    "FLE0048": (
        "QUSRBRM no es como lo contó el clon: &1",
        "El archivo de salvar recibido tiene otro número de objetos que los que salvó el clon. No se "
        "restaura; producción sigue en *STRPRC.",
        "Mire el buzón de la ejecución y use FLRCVENV OPTION(*CONTINUE). OPTION(*UNDO) renuncia al "
        "historial del clon.",
    ),
    "FLE0049": (
        "No existe el entorno &1",
        "La especificación con que se construyó esta biblioteca no tiene tal entorno.",
        "FLDSPENV muestra los entornos que hay; o solicite el mandato con F4.",
    ),
    "FLE0050": (
        "QSTRUPPGM no es la guarda de arranque: &1",
        "El valor del sistema QSTRUPPGM nombra otro programa: un clon arrancaría como producción.",
        "El responsable de seguridad entra el CHGSYSVAL que muestra flashc deploy. La guarda conserva"
        " y llama al programa que está allí ahora.",
    ),
    "FLE0051": (
        "La ejecución &2 de &1 sigue abierta, en la fase &3",
        "La ejecución &2 del entorno &1 está trabajando, o terminó en la fase &3 sin cerrarse. Una "
        "ejecución nueva no puede tocar lo que tiene.",
        "Vea FLDSPSTS y espere mientras trabaje. Si no, utilice FLRCVENV para el entorno (para *ENDCLN y "
        "similares, cualquier entorno del clon): dice qué está abierto y lo cierra.",
    ),
    "FLE0052": (
        "Aún no se ha visto funcionar la guarda como QPGMR: &1",
        "Antes de la primera ejecución la guarda de arranque ha de verse funcionar con QPGMR en "
        "producción, y no ha dejado informe de ello.",
        "Someta CALL FLBOOT PARM('*REPORT') con QPGMR, como muestra flashc deploy.",
    ),
    "FLE0053": (
        "Ejecución &2 de &1 sometida",
        "Se ha sometido el programa principal de la ejecución &2.",
        "La muestran FLDSPSTS y WRKACTJOB SBS(FLASHC).",
    ),
    "FLE0054": (
        "No hay ninguna ejecución abierta de &1",
        "No hay ninguna ejecución abierta de este entorno.",
        "No hay nada que finalizar.",
    ),
    "FLE0055": (
        "Se ha pedido que finalice la ejecución &2 de &1",
        "El programa principal de la ejecución &2 actúa en su próxima espera, que es de inmediato, y "
        "antes lo deshace todo. Dentro de la ventana termina la ventana.",
        "FLDSPSTS muestra cuándo ha terminado.",
    ),
    "FLE0056": (
        "Nada abierto para &1",
        "No hay ninguna ejecución abierta de este entorno, y en producción no queda nada de ninguna.",
        "La próxima ejecución puede arrancar.",
    ),
    "FLE0057": (
        "Abierto: &1",
        "Una ejecución de este entorno no se cerró. El texto dice qué está abierto.",
        "OPTION(*CONTINUE) prosigue donde se puede; OPTION(*UNDO) reanuda, deshace y cierra.",
    ),
    "FLE0058": (
        "El programa principal de &1 está vivo",
        "El trabajo principal está activo y hace su trabajo, u otro trabajo se ocupa de "
        "recuperarla (el guarda A lo hace por sí solo).",
        "Utilice FLENDENV para finalizar la ejecución en orden. WRKOBJLCK de las áreas de datos "
        "FLK muestra qué trabajo es: deje acabar una recuperación. Si se queda colgada, "
        "finalícela (ENDJOB) y repita FLRCVENV.",
    ),
    "FLE0059": (
        "Algo no se pudo deshacer en la ejecución &1",
        "Algo que la ejecución cambió no se ha repuesto, así que sigue abierta.",
        "Corrija primero lo que nombra el texto (todo consta en las anotaciones con FLE0003) y utilice "
        "FLRCVENV: OPTION(*CHECK) dice cómo seguir.",
    ),
    "FLE0231": (
        "Cerrada aunque algo no se deshizo: &1",
        "Se utilizó FLRCVENV OPTION(*CLOSE): alguien hizo a mano lo que nombran las anotaciones con"
        " FLE0003, o renuncia a ello.",
        "Compruebe que lo que nombran está como debe estar.",
    ),
    "FLE0232": (
        "No se ve que el sistema se haya restaurado: &1",
        "La ejecución está abierta y se utilizó FLRCVENV OPTION(*RESTORED); pero su registro o la "
        "descripción de trabajo QGPL/QDFTJOBD no se han restaurado desde que empezó. Puede ser una "
        "ejecución de este mismo sistema, con cambios por deshacer.",
        "OPTION(*CHECK) dice qué está abierto y OPTION(*UNDO) lo deshace. OPTION(*RSTSURE) solo si "
        "los discos volvieron de otra forma, por ejemplo como copia de la cabina.",
    ),
    "FLE0060": (
        "Dispositivo: &1",
        "El dispositivo no está preparado en el clon.",
        "Vea su estado, su asignación a la partición clon y la librería.",
    ),
    "FLE0061": (
        "BRMS rechazó *STRBKU en el clon: &1",
        "INZBRM rechazó *STRBKU en el clon. No se ha salvado nada.",
        "Vea el id de mensaje; las anotaciones de BRMS del clon están en el buzón de la ejecución.",
    ),
    "FLE0062": (
        "Grupo de control no salvado: &1",
        "BRMS no salvó el grupo de control. Los grupos siguientes no se arrancaron.",
        "Vea las anotaciones de BRMS y las de su trabajo en el buzón de la ejecución, corrija la "
        "causa y ejecute de nuevo el entorno.",
    ),
    "FLE0063": (
        "No se pudieron leer las anotaciones de BRMS: &1",
        "No se pudieron leer las anotaciones de BRMS, así que nadie sabe qué vale la copia. Cuenta "
        "como fallida.",
        "Vea DSPLOGBRM y los listados de la copia, y decida si se guardan las cintas.",
    ),
    "FLE0064": (
        "BRMS rechazó *ENDBKU en el clon: &1",
        "INZBRM rechazó *ENDBKU en el clon. Su historial puede no estar completo.",
        "Vea el id de mensaje; compare con BRMS los volúmenes escritos antes de utilizarlos.",
    ),
    "FLE0066": (
        "Valor del sistema sin cambiar en el clon: &1",
        "No se cambió en el clon el valor del sistema de la especificación. La copia prosigue.",
        "Al perfil puede faltarle la autorización; vea docs/first-night.md.",
    ),
    "FLE0070": (
        "No se pudieron quitar los discos del clon de su VIOS: &1",
        "No se ha tomado ninguna copia. Lo que ya se había quitado se repone.",
        "Mire cada VIOS que nombra el texto: su conexión RMC y sus asignaciones (lsmap). Después "
        "arranque de nuevo.",
    ),
    "FLE0071": (
        "Los discos del clon no están de nuevo en su VIOS: &1",
        "La copia está tomada, pero no todos los discos del clon están en sus VIOS, así que no se "
        "encendió el clon.",
        "Corrija el VIOS y asigne los discos: flashrt.pyz vios map, o mkvdev en cada VIOS según "
        "runs/vios.CLONE.json.",
    ),
    "FLE0080": (
        "Ha fallado un mandato antes de la ejecución: &1",
        "Falló un mandato de la especificación para antes de la ejecución, así que se rechaza. Ella "
        "no ha cambiado nada, pero los mandatos de la instalación hasta este se han ejecutado y no se"
        " deshacen.",
        "Vea las anotaciones del trabajo del mandato, deshaga a mano lo que haga falta y arranque de nuevo.",
    ),
    "FLE0081": (
        "Ha fallado un mandato de la instalación: &1",
        "Falló un mandato de la especificación, o venció su límite; entonces no se sabe qué hizo. No "
        "se deshace.",
        "Vea las anotaciones del trabajo del mandato y haga a mano lo que falte.",
    ),
    "FLE0082": (
        "Más de una entrada de planificación con este nombre: &1",
        "Más de una entrada de planificación tiene el nombre que da la especificación, y no se sabe "
        "cuál es. No se ha retenido nada.",
        "Dé a la entrada un nombre único, construya y despliegue.",
    ),
    "FLE0083": (
        "No ejecutado mientras su entrada de planificación estaba retenida: &1",
        "A la entrada le tocaba mientras estaba retenida. Una entrada liberada no se ejecuta más tarde.",
        "Someta su mandato a mano si hace falta hoy.",
    ),
    "FLE0084": (
        "No está en un estado en que se pueda retener, finalizar o desactivar: &1",
        "No existe, está terminando o no se puede leer su estado, así que no se ha tocado. Se deshace"
        " la ejecución.",
        "Vea el objeto que nombra el texto, o quítelo de la especificación, y arranque de nuevo.",
    ),
    "FLE0085": (
        "Ha fallado un mandato que se avisa de la ejecución: &1",
        "El mandato falló, o pasó su límite; entonces no se sabe qué hizo. No decide nada en la ejecución.",
        "Vea las anotaciones del mandato: trabajo FLCMD a esta hora.",
    ),
    "FLE0110": (
        "El trabajo de salvar no ha empezado: &1",
        "El trabajo de salvar no salió de su cola de trabajos en el clon dentro del límite. No se ha "
        "salvado nada.",
        "El paso C18 nombra la cola de trabajos. Vea si está liberada y es del subsistema de control "
        "(DSPSBSD, opción 6); ejecute de nuevo el entorno.",
    ),
    "FLE0111": (
        "Salvado con excepciones: &1",
        "Se intentó todo, y algunos objetos no se han salvado.",
        "El listado y las anotaciones del trabajo de salvar, en el buzón de la ejecución, nombran lo "
        "que faltó. Sálvelo de otro modo si importa.",
    ),
    "FLE0112": (
        "No salvado: &1",
        "Falló un mandato de salvar. Lo que seguía no se intentó.",
        "Vea las anotaciones del trabajo de salvar en el buzón de la ejecución, corrija la causa y "
        "ejecute de nuevo el entorno.",
    ),
    "FLE0113": (
        "Entradas de planificación sin retener en el clon: &1",
        "No se pudo retener en el clon una entrada de planificación de producción, así que no se "
        "ejecutó allí ningún mandato.",
        "Vea la anotación anterior; después ejecute de nuevo el entorno.",
    ),
    "FLE0114": (
        "Ha fallado un mandato en el clon: &1",
        "Un mandato de la especificación falló en el clon, o venció su límite.",
        "Vea las anotaciones de su trabajo en el buzón de la ejecución.",
    ),
    "FLE0115": (
        "Archivo no enviado: &1",
        "Un archivo que pide la especificación no estaba o era demasiado grande. Los demás llegaron "
        "igualmente; el trabajo cuenta como fallido.",
        "Vea en el clon el mandato que hace el archivo, y el límite de la especificación.",
    ),
    "FLE0240": (
        "BRMS no aceptó la hora del flash: &1",
        "Las copias incrementales contarían desde la copia del clon y omitirían lo que producción cambió "
        "desde el flash. No se ha copiado nada.",
        "Q1AOLD necesita la Advanced Feature de BRMS y sus PTF (docs/after-a-save.md); o quite "
        "incremental from flash de la especificación y copie sólo con *FULL.",
    ),
    "FLE0241": (
        "BRMS no retiró la hora del flash: &1",
        "El historial puede traer la hora a producción, y sus copias se anotarían con ella.",
        "Cuando termine la ejecución, teclee en producción: CALL QBRM/Q1AOLD PARM('FLASHTIME ' '*DISABLE "
        " ' '*ALL CLEAR ').",
    ),
    "FLE0242": (
        "ASP independiente no disponible en el clon: &1",
        "Se intentó activarlo durante cinco minutos al menos. Sin él la copia dejaría fuera lo que contiene: "
        "no se ha salvado nada.",
        "Vea las anotaciones de trabajo del clon; actívelo allí una vez a mano y vea qué dice.",
    ),
    "FLE0065": (
        "No se pudo salvar QUSRBRM en el clon: &1",
        "No se pudo salvar QUSRBRM en el clon, así que su historial no llega.",
        "Nombre a BRMS a mano las cintas que escribió el clon, o retírelas (WRKMEDBRM).",
    ),
    "FLE0090": (
        "El clon está cedido: &1",
        "El clon es de sus usuarios hasta la hora que nombra el texto. Ninguna ejecución lo apaga "
        "antes. No se ha cambiado nada.",
        "Su dueño lo devuelve con FLRCVENV OPTION(*GIVENBACK); o espere a que termine su plazo.",
    ),
    "FLE0091": (
        "Planificaciones sin retener en el clon: &1",
        "Una entrada de planificación de producción se ejecutaría en el clon.",
        SAFE,
    ),
    "FLE0092": (
        "Un planificador está sin retener en el clon: &1",
        "Falló el mandato de la especificación que retiene un planificador, o su prueba.",
        SAFE,
    ),
    "FLE0093": (
        "Colas de trabajos sin parar en el clon: &1",
        "Una cola de trabajos de producción podría arrancar trabajos en el clon.",
        SAFE,
    ),
    "FLE0094": (
        "No se ha impedido lo que nunca debe arrancar: &1",
        "Algo que la especificación prohíbe en el clon podría arrancar allí.",
        SAFE,
    ),
    "FLE0095": (
        "El nombre de sistema no ha cambiado: &1",
        "CHGNETA fue rechazado o no ha tenido efecto.",
        SAFE,
    ),
    "FLE0096": (
        "Sistema principal y dominio no han cambiado: &1",
        "CHGTCPDMN fue rechazado o no ha tenido efecto.",
        SAFE,
    ),
    "FLE0097": (
        "Queda algo de la red de producción: &1",
        "No se pudo eliminar una dirección o una ruta de producción.",
        SAFE,
    ),
    "FLE0098": (
        "La red propia del clon no está: &1",
        "No se pudo añadir una dirección o una ruta propia del clon.",
        SAFE,
    ),
    "FLE0099": (
        "El fin del clon no está planificado: &1",
        "No se pudo añadir la entrada de planificación que apaga el clon.",
        SAFE,
    ),
    "FLE0100": (
        "El clon no sigue su vida como &1",
        "Lo que no pudo hacer de sí mismo está en C51 a C59. Está en modalidad segura y la próxima "
        "ejecución lo apaga.",
        "Corrija lo que nombran esos pasos, construya, despliegue y ejecute de nuevo el entorno.",
    ),
    "FLE0101": (
        "Se detuvo mientras se convertía en otro sistema: &1",
        "El clon terminó o fue finalizado mientras se convertía en otro sistema: nada de él está demostrado.",
        SAFE,
    ),
    "FLE0102": (
        "El perfil del producto no puede usar un mandato: &1",
        "IBM entrega el mandato cerrado al público, y la ejecución, o su clon, sería rechazada a la mitad. "
        "No se ha cambiado nada.",
        "El responsable de seguridad entra el GRTOBJAUT que muestra flashc plan; después arranque de nuevo.",
    ),
    "FLE0103": (
        "Clon devuelto: &1",
        "Sus usuarios han devuelto el clon.",
        "No se requiere ninguna acción. La próxima ejecución puede apagarlo.",
    ),
    "FLE0120": (
        "La recuperación de &1 ha fallado",
        "El guarda A llamó a FLRCVENV porque el programa principal ya no estaba, y FLRCVENV falló.",
        "Utilice usted FLRCVENV para el entorno. Las anotaciones del trabajo FLGRDA dicen por qué falló.",
    ),
    "FLE0121": (
        "No usar BRMS en este sistema hasta el fin de la ejecución &1",
        "El historial de BRMS lo escribe el clon en lugar de producción. Lo que BRMS haga aquí "
        "entretanto se perdería.",
        "No utilice BRMS hasta que termine la ejecución: ni salvar, ni mantenimiento, ni movimiento "
        "de cintas.",
    ),
    "FLE0122": (
        "Ejecución no completada: &1",
        "La ejecución terminó con el resultado y por la razón que nombra el texto.",
        "Vea la ejecución con FLDSPLOG. Si el resultado es NEEDSYOU utilice FLRCVENV, que dice qué "
        "está abierto.",
    ),
    "FLE0123": (
        "La entrega ha fallado, la ejecución &1 espera",
        "Toda la entrega está en el clon y no ha llegado a producción. El clon permanece encendido.",
        "Corrija el enlace. En producción utilice FLRCVENV OPTION(*CONTINUE), que activa su extremo, y "
        "después envíe aquí con flashrt.pyz deliver send; docs/when-it-failed.md explica ambos.",
    ),
    "FLE0124": (
        "Este clon sigue su vida como &1; nada prohibido estaba activo",
        "Ha arrancado, está demostrado que es un sistema propio y no estaba activo nada de lo que "
        "prohíbe la especificación.",
        "No se requiere ninguna acción.",
    ),
    "FLE0125": (
        "Finalizado en este clon: &1",
        "La especificación dice que nunca arranca en este clon. Estaba activo y fue finalizado en "
        "menos de un minuto.",
        "Averigüe qué lo arrancó y reténgalo en el clon.",
    ),
    "FLE0126": (
        "El plazo de este clon ha terminado, se apaga: &1",
        "El plazo que da la especificación con EXPIRES AFTER ha terminado.",
        "No se requiere ninguna acción. Una ejecución nueva hace un clon nuevo.",
    ),
    "FLE0127": (
        "Este clon no puede seguir su vida: &1",
        "No está demostrado que el clon sea otro sistema que producción: el texto nombra lo que "
        "difiere. Permanece en modalidad segura.",
        "Mírelo desde su consola. La próxima ejecución de su entorno hace un clon nuevo.",
    ),
    "FLE0128": (
        "Modalidad segura. Si esto es producción: CALL &1",
        "La guarda de arranque no encontró ni producción ni un clon con un vale válido. TCP/IP queda "
        "parado y la consola se puede utilizar.",
        "Si esto es producción, entre en la consola el CALL que nombra el texto: la modalidad segura termina "
        "y un minuto después se llama al programa de arranque, que el texto nombra también. Después"
        " añada esta serie y partición a IDENTITY en la especificación. Si es una copia, déjela así o"
        " apáguela.",
    ),
    "FLE0130": (
        "Abierto, y producción puede estar suspendida: &1",
        "Una ejecución no se cerró, y producción puede estar suspendida.",
        "Utilice ahora FLRCVENV OPTION(*UNDO): reanuda primero producción, después deshace y cierra.",
    ),
    "FLE0129": (
        "El plazo de este clon ha terminado, modalidad segura: &1",
        "El plazo que da la especificación con EXPIRES AFTER ha terminado y el clon se arrancó de "
        "nuevo. Permanece en modalidad segura.",
        "No se requiere ninguna acción. La próxima ejecución lo apaga.",
    ),
    "FLE0133": (
        "Programa de arranque no encontrado, se ejecuta QSYS/QSTRUP: &1",
        "El área de datos FLPRVSTR de la biblioteca de la guarda nombra un programa de arranque que no "
        "existe o que QPGMR no puede usar. La guarda llamó al del sistema.",
        "Arranque lo que falta. Ponga programa y biblioteca, diez caracteres cada uno, en FLPRVSTR.",
    ),
    "FLE0134": (
        "Un vale en producción, vea FLRCVENV OPTION(*CHECK): &1",
        "Producción tiene un vale solo mientras una ejecución toma su copia: se paró entonces, o este "
        "sistema se restauró de la cinta de un clon. El vale no se tuvo en cuenta, producción arrancó como "
        "siempre.",
        "Use FLRCVENV OPTION(*RESTORED) si se restauró de la cinta de un clon; si no, FLRCVENV "
        "OPTION(*CHECK) y lo que propone.",
    ),
    "FLE0131": (
        "Este no es el clon del vale &1",
        "La guarda de arranque tomó este sistema por el clon del vale &1, y una segunda mirada dice "
        "otra cosa. No se arranca nada.",
        "Sigue la modalidad segura. Vea FLE0128.",
    ),
    "FLE0132": (
        "El vale &1 es del entorno &2, que aquí no se conoce",
        "El vale nombra un entorno que la biblioteca de esta copia no tiene. No se arranca nada.",
        "Sigue la modalidad segura. Construya y despliegue en producción y ejecute de nuevo el entorno.",
    ),
    "FLE0140": (
        "Al perfil de la ejecución le faltan autorizaciones especiales: &1",
        "Ni el perfil del producto ni un grupo suyo las tiene, y el sistema rechazaría la ejecución a "
        "medio camino. No se ha cambiado nada.",
        "El responsable de seguridad las concede: CHGUSRPRF USRPRF(perfil) SPCAUT(...). docs/security.md "
        "indica para qué sirve cada una.",
    ),
    "FLE0150": (
        "No existe tal punto de rearranque: &1",
        "El entorno no tiene ningún punto de rearranque con este código de paso. RESTART() "
        "nombra los que ahora son posibles.",
        "Utilice uno de ellos; si dice *NONE arranque una ejecución nueva. flashc explain "
        "lista los puntos de rearranque de un entorno.",
    ),
    "FLE0151": (
        "Sin rearranque, el flash no está comprobado: &1",
        "Hasta la comprobación del flash no hay punto de rearranque: lo que la ejecución "
        "había hecho está deshecho.",
        "Arranque una ejecución nueva con FLSTRENV.",
    ),
    "FLE0152": (
        "Sin rearranque, el clon no se arrancó con este flash: &1",
        "Este punto de rearranque se apoya en un clon que trabaja, y la ejecución no lo ha encendido.",
        "Utilice RESTART(O70) si RESTART() lo nombra; si no, arranque una ejecución nueva.",
    ),
    "FLE0153": (
        "Sin rearranque, BRMS no está aquí en el estado necesario: &1",
        "Hasta que llegue el historial del clon BRMS debe seguir en *STRPRC, o se perdería lo "
        "que hizo desde entonces. Después debe haberse hecho *ENDPRC.",
        "Utilice lo que nombra RESTART(); si dice *NONE arranque una ejecución nueva.",
    ),
    "FLE0154": (
        "Sin rearranque, el vale de la copia es demasiado antiguo: &1",
        "El clon no actuaría según el vale que contiene la copia y arrancaría en modalidad segura.",
        "Arranque una ejecución nueva con FLSTRENV.",
    ),
    "FLE0155": (
        "Sin rearranque, no hay entrega verificada: &1",
        "Este punto de rearranque se apoya en una entrega verificada, y no la hay.",
        "Utilice RESTART(O80), que la espera, si RESTART() lo nombra.",
    ),
    "FLE0156": (
        "No hay nada que continuar: &1",
        "La última ejecución con este clon se completó, o era de otro entorno.",
        "Arranque una ejecución nueva con FLSTRENV.",
    ),
    "FLE0157": (
        "Se omite la próxima ejecución planificada: &1",
        "No hará nada más que decirlo. No afecta a una ejecución arrancada a mano.",
        "No se requiere ninguna acción. SKIP(*CANCEL) lo anula.",
    ),
    "FLE0158": (
        "No se omite la próxima ejecución planificada: &1",
        "Arranca según lo planificado.",
        NONE,
    ),
    "FLE0159": (
        "Ejecución completada: &1",
        "La ejecución se ha completado y sus trabajos han devuelto lo que retenían.",
        NONE,
    ),
    "FLE0160": (
        "No se sabe cómo terminó y nadie se ocupa de ello: &1",
        "La ejecución no tiene resultado, su programa principal no está y el guarda A no la ha "
        "cerrado en media hora.",
        "Utilice FLRCVENV, que dice lo que está abierto, y después FLRCVENV OPTION(*UNDO) o "
        "FLSTRENV RESTART.",
    ),
    "FLE0161": (
        "No ha terminado dentro de su límite: &1",
        "Han pasado los límites de todos los pasos juntos y la ejecución sigue. No se sabe cómo terminará.",
        "Vea WRKACTJOB SBS(FLASHC) y el diario. FLENDENV finaliza la ejecución en orden.",
    ),
    "FLE0162": (
        "Estos parámetros se excluyen entre sí",
        "SKIP no arranca nada, por lo que RESTART, WAIT y SCHEDULED no dicen nada a su lado; "
        "un arranque planificado no es un rearranque.",
        "Entre un mandato para cada cosa.",
    ),
    "FLE0163": (
        "No hay nadie que termine la ejecución &1",
        "La ejecución está abierta y su programa principal no está. El guarda A se ocupa de ella en unos "
        "minutos.",
        "Utilice FLRCVENV si sigue abierta.",
    ),
    "FLE0190": (
        "El entorno &2 no tiene el punto de rearranque &3",
        "RESTART nombra un paso en el que ninguna ejecución de este entorno continúa.",
        "Utilice uno de los que flashc explain enumera. *NO inicia una ejecución nueva.",
    ),
    "O09": (
        "A mano: &1",
        "Mandato de un operador sobre un clon: qué, en qué clon, quién y por qué. Se han tomado los "
        "bloqueos de una ejecución.",
        NONE,
    ),
    "FLO0117": (
        "El clon ya estaba apagado: &1",
        "No había nada que finalizar y no se ha cambiado nada.",
        NONE,
    ),
    "FLE0200": (
        "No existe el clon &1",
        "La especificación no declara ningún clon con este nombre que use un entorno.",
        "Solicite el mandato con F4, que lista los clones, o vea la especificación.",
    ),
    "FLE0201": (
        "El clon puede estar guardando: &1",
        "Su trabajo empezó a la hora que se muestra y no se conoce su fin; durante los minutos que se"
        " muestran cuenta como guardando.",
        "Espere al fin de su trabajo. Para finalizarlo de todos modos y perder su salvado: FLENDCLN "
        "OPTION(*IMMED) SAVING(*END).",
    ),
    "FLE0202": (
        "La partición clon no está en un estado que permita esto: &1",
        "Un fin ordenado necesita un sistema operativo activo, y un arranque una partición en Not Activated.",
        "Vea el estado de la partición. FLENDCLN OPTION(*IMMED) la finaliza en cualquier estado.",
    ),
    "FLE0203": (
        "Un vale de la copia aún puede actuar: &1",
        "La copia se tomó para un trabajo en el clon. Arrancada dentro de los minutos que se muestran"
        " desde la hora que se muestra, seguiría con ese trabajo.",
        "Espere a que termine ese plazo o tome una copia nueva.",
    ),
    "FLE0204": (
        "La red del clon no está declarada aislada: &1",
        "Un clon que se arranca a mano se arranca solo donde se puede probar que no alcanza ninguna "
        "red de producción.",
        "Use un perfil sin VLAN de producción y diga NETWORK ISOLATED en la especificación; si no, "
        "que arranque el clon en su consola quien responda de su red.",
    ),
    "FLE0205": (
        "No está probado desde qué copia arrancaría &1",
        "El clon tiene generaciones de su copia. Cuál de ellas ve su partición es una correlación de "
        "host de la cabina que este producto no cambia.",
        "Correlacione en la cabina los volúmenes de la generación deseada con el clon y arranque la "
        "partición en su consola en modo manual.",
    ),
    "FLE0206": (
        "La copia no está probada: &1",
        "Lo que contienen los discos del clon no es, o no se puede probar que sea, la última copia "
        "que una ejecución tomó y probó.",
        "Vea el grupo en la cabina. Una nueva ejecución de una instantánea de seguridad da una copia "
        "probada.",
    ),
    "FLE0207": (
        "Petición sobre el clon &1 sometida",
        "Se ejecuta en el subsistema FLASHC con el perfil del producto. Su fin se le comunica por un "
        "mensaje.",
        NONE,
    ),
    "FLE0208": (
        "Hecho: &1",
        "Lo que se pidió sobre el clon está hecho, y después se leyó el estado.",
        NONE,
    ),
    "FLE0209": (
        "No hecho: &1",
        "Lo que se pidió sobre el clon se rechazó o falló. REFUSED: no se ha cambiado nada. FAILED: "
        "algo sí, y está en el diario.",
        "Vea el motivo en el mensaje y las filas de la petición en el diario. Donde diga NEEDSYOU, o "
        "si murió un trabajo, llame a FLRCVENV para un entorno del clon.",
    ),
    "FLE0210": (
        "El clon no tiene el grupo &1",
        "COPY nombra un grupo de consistencia que la especificación no declara para este clon.",
        "Indique *OLDEST, *ALL o el nombre de uno de sus grupos como está en la especificación.",
    ),
    "FLE0211": (
        "SAVING(*END) es solo para OPTION(*IMMED)",
        "Un clon que puede estar guardando se finaliza de inmediato o no se finaliza.",
        "Indique también OPTION(*IMMED), u omita SAVING.",
    ),
    "FLE0212": (
        "O LIB con TOLIB, o STMF con TOSTMF",
        "Una biblioteca o un objeto vuelve a una biblioteca nueva, un archivo continuo a una ruta "
        "nueva. Una ruta no tiene apóstrofos.",
        "Entre el mandato con una de las dos parejas. F4 la solicita.",
    ),
    "FLE0213": (
        "El clon &1 no devuelve nada",
        "Ningún entorno de la especificación deja este clon en marcha con un enlace privado: nada en él "
        "busca peticiones.",
        "Diga LEAVE CLONE RUNNING en la especificación; vale desde la próxima ejecución. Si no, "
        "restaure de lo que el clon ha salvado.",
    ),
    "FLE0214": (
        "El clon no está encendido: &1",
        "Solo a un clon cuyo sistema operativo está en marcha se le puede pedir algo.",
        "Arranque el clon, o tome lo que necesita de su salvado.",
    ),
    "FLE0215": (
        "No se puede devolver: &1",
        "El nombre nuevo existe, o lo pedido es del sistema o del producto, o no hay espacio.",
        "Vea el mensaje. Elija otro nombre, o libere espacio.",
    ),
    "FLE0216": (
        "El clon no ha respondido: &1",
        "En dos horas no ha llegado nada completo. No se sabe si el clon tiene lo pedido.",
        "Vea en el clon si el trabajo FLGIVE está activo y su enlace en marcha. El mandato puede repetirse.",
    ),
    "FLE0217": (
        "El clon no lo ha salvado: &1",
        "El salvado en el clon falló, o es mayor que el espacio de producción. El texto tiene el "
        "mensaje del salvado.",
        "Vea el mensaje, y las anotaciones del clon en el buzón de la petición (FLDSPLOG).",
    ),
    "FLE0218": (
        "No restaurado: &1",
        "La restauración falló. Una biblioteca creada para ello se borra; lo que había antes no se ha "
        "tocado.",
        "Vea las anotaciones de la petición. El mandato puede repetirse.",
    ),
    "FLE0219": (
        "El clon tiene la copia de la ejecución &1",
        "RUN nombra otra ejecución que aquella con cuya copia se arrancó el clon.",
        "Use RUN(*LAST), o restaure de lo que salvó la otra ejecución.",
    ),
    "FLE0170": (
        "Correcto: &1",
        "Qué se ha mirado y qué se ha encontrado. Está como lo necesita una ejecución.",
        NONE,
    ),
    "FLE0171": (
        "Atención: &1",
        "No impide que arranque una ejecución y alguien debería saberlo; o no se ha podido mirar.",
        "Mire lo que nombra el texto, si no se esperaba.",
    ),
    "FLE0172": (
        "Rechazado: &1",
        "Por ello se rechazaría una ejecución. Los demás puntos se han mirado igualmente.",
        "Corrija lo que dice el texto y vuelva a entrar FLCHKENV.",
    ),
    "FLE0174": (
        "Retenido, inactivo o ilegible: &1",
        "Una ejecución lo necesita en otro estado. A UNKNOWN le sigue el id de mensaje de por "
        "qué no se puede leer.",
        "Libérelo, arránquelo o corríjalo y vuelva a arrancar.",
    ),
    "FLE0175": (
        "Ahora no podría arrancar ninguna ejecución (rechazado / atención): &1",
        "Los mensajes anteriores dicen de cada punto lo que se encontró. El primero que "
        "rechaza una ejecución se repite aquí.",
        "Corrija lo rechazado y vuelva a entrar FLCHKENV.",
    ),
    "FLE0176": (
        "Ahora podría arrancar una ejecución (rechazado / atención): &1",
        "Los mensajes anteriores dicen de cada punto lo que se encontró.",
        NONE,
    ),
    "FLE0220": (
        "No existe esa ejecución: &1",
        "El diario no tiene ninguna ejecución con este identificador, o todavía ninguna de este entorno.",
        "Vea con FLDSPHST las ejecuciones que hay.",
    ),
    "FLE0221": (
        "No se pudo mostrar el listado: &1",
        "No se pudo visualizar, imprimir o escribir el listado; el texto nombra el mensaje del sistema.",
        "Con *STMF compruebe que la carpeta existe y que puede escribir en ella, y repita el mandato.",
    ),
    "FLE0222": (
        "Listado escrito: &1",
        "El archivo continuo está en UTF-8 y sus líneas acaban con salto de línea.",
        "No se requiere ninguna acción.",
    ),
    "FLE0223": (
        "No entregado, o sin autorización para leerlo: &1",
        "El archivo no está en el buzón de la ejecución, o no tiene usted autorización. La autorización "
        "adoptada no alcanza a los archivos continuos: se leen con la propia.",
        "Vea con FLDSPLOG SECTION(*FILES) lo que se entregó. El propietario del producto puede otorgarle *RX "
        "a las carpetas y *R al archivo.",
    ),
    "FLE0224": (
        "Producción está retenida o puede estarlo; el listado llega cuando continúe",
        "Una ejecución está en su ventana entre suspender y reanudar. Entretanto no se puede listar nada.",
        "Son segundos. Si no, utilice CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME) desde cualquier sesión y "
        "después FLRCVENV.",
    ),
    "FLE0225": (
        "TOSTMF va con OUTPUT(*STMF), y este con TOSTMF",
        "Se entró OUTPUT(*STMF) sin TOSTMF, o TOSTMF con otra salida.",
        "Entre los dos, o ninguno.",
    ),
    "FLE0226": (
        "FILE va con SECTION(*FILE), y este con FILE",
        "Se entró SECTION(*FILE) sin FILE, o FILE con otra sección.",
        "Entre los dos, o ninguno. SECTION(*FILES) muestra los nombres.",
    ),
    "FLE0227": (
        "El clon &1 solo puede finalizarse de inmediato: OPTION(*IMMED)",
        "La consola que enciende este clon no pide al sistema de una partición que se finalice. No se le ha "
        "pedido nada.",
        "Finalice su sistema allí con PWRDWNSYS, o entre el mandato con OPTION(*IMMED).",
    ),
    "FLE0230": (
        "No se pudo poner la copia en los discos del clon: &1",
        "La cabina tomó el instante, pero los volúmenes del clon no lo muestran, o no todos. No se enciende "
        "el clon; producción sigue.",
        "Vea el texto, corríjalo en la cabina y arranque de nuevo.",
    ),
    "FLE0233": (
        "Un guarda no dice que vigila: &1",
        "Los dos guardas deben responder antes de suspender nada; uno no lo hizo en dos minutos, o dijo "
        "otra cosa. No se ha suspendido nada; se deshace la ejecución.",
        "Vea las anotaciones de los trabajos FLGRDA y FLGRDB de esta ejecución y arranque de nuevo.",
    ),
    "FLE0234": (
        "Un guarda no dijo que dejó en paz la producción: &1",
        "La cabina respondió bien, pero un guarda pudo reanudar antes, o fue finalizado. No se sabe si la "
        "producción estaba detenida durante la copia, así que no cuenta. El clon no se arranca.",
        "Vea quién finalizó el guarda y las anotaciones de FLGRDA y FLGRDB de esta ejecución; luego arranque "
        "de nuevo.",
    ),
    "FLE0235": (
        "BRMS rechaza *STRPRC: puede estar en vigor (&1)",
        "Nada permite leer el estado. O INZBRM falló después de hacer efecto, y es de esta ejecución, o lo "
        "empezó otro y su clon puede estar escribiendo cintas. Por eso no se termina. Si se nombra un "
        "trabajo, lleva minutos trabajando en BRMS, y puede que sea solo por eso.",
        "Si se nombra un trabajo: FLRCVENV OPTION(*UNDO) cuando haya terminado. Si no, vea DSPLOGBRM. Si "
        "nadie más lo empezó: INZBRM OPTION(*FLASHCOPY) STATE(*ENDPRC) y después OPTION(*UNDO). Si es de "
        "otro: OPTION(*CLOSE) lo deja como está.",
    ),
    "FLE0236": (
        "El subsistema no arranca: &1",
        "Se esperó cinco minutos. Un subsistema que alguien finalizó y cuyos trabajos tardan sigue "
        "finalizando: un trabajo sometido mientras tanto esperaría en su cola y nadie lo arrancaría.",
        "Vea WRKSBS. Cuando haya finalizado, entre el mandato de nuevo.",
    ),
    "FLE0237": (
        "El perfil de la ejecución está inhabilitado: &1",
        "El clon inicia sesión con él en producción cuando ha terminado su trabajo, y no podría: no se "
        "entregaría nada, y con BRMS producción esperaría a una persona. Los trabajos de un perfil "
        "inhabilitado siguen, así que la ejecución no lo notaría antes. No se ha cambiado nada.",
        "Averigüe qué lo inhabilitó (una fecha de caducidad, ANZPRFACT, intentos de inicio de sesión): "
        "DSPUSRPRF, DSPLOG. Después CHGUSRPRF USRPRF(perfil) STATUS(*ENABLED).",
    ),
    "FLE0249": (
        "Antes CHGJOB CCSID(37): las minúsculas son otras en el CCSID &1",
        "En las páginas de códigos katakana las minúsculas latinas tienen otros códigos: las vías de "
        "acceso, las llamadas al sidecar y las sentencias de este mandato significarían otra cosa en este "
        "trabajo. Lo suspendido se ha reanudado; no se ha hecho nada más.",
        "CHGJOB CCSID(37), entre el mandato otra vez, después CHGJOB con el CCSID de antes. CHGUSRPRF "
        "CCSID(37) lo hace para siempre.",
    ),
    "FLE0250": (
        "QUSRBRM está en uso; no se ha sustituido nada: &1",
        "Este trabajo tiene asignados archivos de QUSRBRM, aunque sea para leer, y los tuvo cinco minutos. "
        "Junto a él se guardaría o restauraría una parte, y otra no.",
        "Termine lo que el trabajo hace con BRMS (WRKOBJLCK muestra los archivos) y utilice FLRCVENV "
        "OPTION(*CONTINUE).",
    ),
    "FLE0251": (
        "Un mandato de esta ejecución sigue trabajando: &1",
        "Un trabajo que una ejecución inició para algo que puede colgarse se finalizó pasado su límite y "
        "sigue ahí. Junto a él no se hace nada.",
        "WRKOBJLCK OBJ(FLKHIST) OBJTYPE(*DTAARA), o el trabajo nombrado. Cuando no esté (ENDJOB, ENDJOBABN), "
        "utilice FLRCVENV de nuevo.",
    ),
    "FLE0252": (
        "De QUSRBRM se restauraron menos objetos que los guardados: &1",
        "La restauración terminó bien y ha contado menos objetos que el clon. No se da por completa.",
        "Vea las anotaciones del trabajo FLCMD y el buzón de la ejecución.",
    ),
}
