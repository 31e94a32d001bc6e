"""The messages in Spanish, as IBM i says it there: text and help, by step code or message id."""

CERRADO = "No se abre y permanece en modalidad segura."

TEXTS: dict[str, tuple[str, str]] = {
    "O02": (
        "Empieza la ejecución &1: bloqueos asignados, los dos guardas en espera",
        "Todavía no se ha cambiado nada.",
    ),
    "O05": ("Entorno &1", "Lo que ha de hacer esta ejecución."),
    "O06": (
        "Todas las comprobaciones correctas: &1",
        "Consola, cabina, unidades de disco, PTF y red están como deben.",
    ),
    "O07": (
        "Mandato antes de la ejecución: &1",
        "No se deshace; la ejecución no ha cambiado nada todavía.",
    ),
    "O10": ("Determinando el estado de la LPAR clon &1", "Se pregunta a la consola; no se cambia nada."),
    "O15": ("&1", "El estado que da la consola. Sólo Not Activated significa apagada."),
    "O17": ("Apagado del clon de la ejecución anterior, &1", "Se abandona la copia con la que funcionaba."),
    "O18": (
        "VIOS sin asignación: &1",
        "Los discos del clon, para que ningún VIOS se encuentre con la copia. Lo deshace O67.",
    ),
    "O20": (
        "Cola de trabajos retenida: &1",
        "O78 la libera justo después del flash.",
    ),
    "O21": (
        "Entrada de planificación retenida: &1",
        "O79 la libera justo después del flash.",
    ),
    "O22": ("Trabajo retenido: &1", "O77 lo libera justo después del flash."),
    "O24": (
        "Verificando el estado del grupo &1",
        "Otro grupo de consistencia, que la especificación quiere idle_or_copied.",
    ),
    "O30": ("Estado correcto del grupo: &1", "La ejecución prosigue."),
    "O35": ("Servidor Domino apagado: &1", "O75 lo arranca justo después del flash."),
    "O36": (
        "Subsistema finalizado: &1",
        "O74 lo arranca justo después del flash.",
    ),
    "O37": (
        "Servidor TCP/IP finalizado: &1",
        "O73 lo arranca justo después del flash.",
    ),
    "O38": ("Mandato ejecutado: &1", "O76 lo deshace justo después del flash."),
    "O39": (
        "Dispositivo desactivado: &1",
        "O72 lo activa justo después del flash.",
    ),
    "O40": (
        "Vale escrito para el clon &1",
        "Lo que el clon puede hacer; vale para este clon y para esta noche.",
    ),
    "O41": ("Vale cerrado: &1", "Ningún arranque de una copia actúa ya con él."),
    "O48": ("Grupo de consistencia detenido: &1", "Se abandona la copia de la ejecución anterior."),
    "O49": (
        "Grupo de consistencia preparado: &1",
        "Producción escribe directamente en disco hasta el flash.",
    ),
    "O50": (
        "*SYSBAS suspendida, segundos hasta lograrlo: &1",
        "La memoria está drenada a disco; producción espera.",
    ),
    "O51": (
        "Grupo de consistencia detenido otra vez: &1",
        "El flash no se ha realizado, o no está demostrado.",
    ),
    "O52": ("Sidecar preparado en la cabina &1", "Está conectado y espera la única petición."),
    "O55": ("Flash realizado: &1", "La única petición a la cabina dentro de la ventana."),
    "O60": (
        "Reanudada la actividad en *SYSBAS, segundos en suspenso: &1",
        "Se permiten de nuevo las escrituras; producción sigue.",
    ),
    "O61": ("Flash demostrado: &1", "Cada correspondencia tiene una hora de inicio nueva."),
    "O62": (
        "Mandato después del flash: &1",
        "No se deshace. Si falla, la ejecución cuenta como fallida.",
    ),
    "O65": (
        "BRMS en estado &1: no usar BRMS en este sistema hasta el fin",
        "El historial de BRMS lo escribe el clon.",
    ),
    "O67": (
        "VIOS asignado: &1",
        "Deshace O18, demostrado volumen a volumen; sin ello no se enciende el clon.",
    ),
    "O68": ("Enlace privado activado: &1", "O95 lo desactiva."),
    "O70": ("LPAR clon encendida: &1", "Con su perfil, en modalidad normal."),
    "O72": (
        "Dispositivo activado: &1",
        "Deshace O39.",
    ),
    "O73": (
        "Servidor TCP/IP arrancado: &1",
        "Deshace O37.",
    ),
    "O74": (
        "Subsistema arrancado: &1",
        "Deshace O36.",
    ),
    "O75": ("Servidor Domino arrancado: &1", "Deshace O35."),
    "O76": ("Deshecho: &1", "Deshace O38."),
    "O77": ("Trabajo liberado: &1", "Deshace O22."),
    "O78": (
        "Cola de trabajos liberada: &1",
        "Deshace O20.",
    ),
    "O79": (
        "Entrada de planificación liberada: &1",
        "Deshace O21. Lo que perdió no se ejecuta más tarde: vea FLE0083.",
    ),
    "O80": (
        "El clon &1 trabaja; en espera de lo que entregue",
        "Se observan su estado y su código de referencia.",
    ),
    "O82": ("&1", "El código de referencia de la partición clon."),
    "O83": ("Clon en estado restringido: &1", "A9003C70 es lo esperado mientras salva."),
    "O84": (
        "El trabajo se está ejecutando en el clon &1",
        "La próxima señal es la entrega.",
    ),
    "O85": ("El clon &1 ha entregado", "Pasos, anotaciones e historial están aquí."),
    "O86": ("Entrega verificada: &1", "Cada archivo del manifiesto, con su resumen criptográfico."),
    "O87": ("QUSRBRM recibida: &1", "Como archivo de salvar; se conserva."),
    "O88": ("QUSRBRM restaurada; la propia queda en &1", "BRMS conoce ahora las cintas del clon."),
    "O89": ("Estado de BRMS terminado con *ENDPRC. &1", "Ya se puede usar BRMS de nuevo."),
    "O90": ("Lo que el clon &1 haga desde ahora no se conoce aquí", "Nadie lo supervisa ya."),
    "O91": (
        "El clon sigue su vida como &1",
        "Arranca de nuevo por sí mismo, con su nombre y sus direcciones. Nadie lo supervisa ya.",
    ),
    "O92": (
        "Clon cedido: &1",
        "Ninguna ejecución lo apaga antes de su plazo. FLRCVENV OPTION(*GIVENBACK) lo devuelve.",
    ),
    "O93": (
        "Mandato al final de la ejecución: &1",
        "Hasta aquí la ejecución ha ido bien.",
    ),
    "O94": (
        "Mandato en caso de fallo: &1",
        "Todo lo que se podía deshacer está deshecho.",
    ),
    "O95": ("Enlace privado desactivado: &1", "Deshace O68."),
    "O96": ("Mantenimiento de BRMS, movimiento de cintas: &1", "Se ejecuta en un trabajo propio."),
    "O97": ("Recuperación: &1", "FLRCVENV ha examinado la ejecución."),
    "O99": ("Resultado: &1", "El veredicto de la ejecución."),
    "M01": (
        "Mantenimiento de BRMS terminado, movimiento de cintas: &1",
        "Consulte las anotaciones de BRMS.",
    ),
    "999": ("Fin de la ejecución: &1", "Consulte los pasos anteriores."),
    "C00": ("Los pasos Cxx son del clon &1, con su reloj", "Las anotaciones del origen tienen ambos."),
    "C04": (
        "Entradas de planificación retenidas en el clon: &1",
        "Ninguna arranca allí un trabajo.",
    ),
    "C05": ("Valor del sistema cambiado en el clon: &1", "Lo nombra la especificación; va en la cinta."),
    "C10": (
        "Dispositivo preparado en el clon: &1",
        "C46 lo devuelve.",
    ),
    "C15": ("BRMS del clon en estado &1", "Desde aquí actúa en lugar de producción."),
    "C18": (
        "Trabajo de salvar sometido: &1",
        "Sólo un trabajo del subsistema de control puede finalizar todos los demás.",
    ),
    "C20": (
        "Grupo de control &1 sometido",
        "En estado restringido BRMS finaliza todos los demás trabajos.",
    ),
    "C21": (
        "Salvado, sistema: &1",
        "Código interno bajo licencia, QSYS, seguridad y configuración.",
    ),
    "C22": (
        "Salvado, bibliotecas: &1",
        "Todas las bibliotecas menos QSYS.",
    ),
    "C23": (
        "Salvado, documentos: &1",
        "Documentos y carpetas.",
    ),
    "C24": (
        "Salvado, directorios: &1",
        "El sistema de archivos integrado.",
    ),
    "C25": (
        "Inicio de la copia &1",
        "Lo anota su trabajo; en estado restringido el *EXIT del grupo de control.",
    ),
    "C26": (
        "Mandato en el clon: &1",
        "Se ejecuta en un trabajo propio.",
    ),
    "C27": (
        "Etapa terminada: &1",
        "Todos sus mandatos han terminado; sigue la próxima etapa.",
    ),
    "C28": (
        "Archivo para enviar al origen: &1",
        "Está en el buzón de la ejecución cuando todo ha llegado.",
    ),
    "C30": (
        "Fin de la copia &1",
        "Lo que BRMS dice de ella es C36.",
    ),
    "C35": (
        "Prosigue tras la copia; fase del vale &1",
        "Los subsistemas y TCP/IP se inician de nuevo.",
    ),
    "C36": (
        "Veredicto del trabajo del clon: &1",
        "Según las anotaciones de BRMS, o según cómo terminó cada mandato.",
    ),
    "C40": ("BRMS del clon en estado &1", "Su historial está completo."),
    "C45": ("&1 salvada para enviarla al origen", "Sin diarios ni receptores."),
    "C46": (
        "Dispositivo devuelto en el clon: &1",
        "Ninguna unidad queda reservada.",
    ),
    "C47": ("Enlace privado del clon activado: &1", "TCP/IP sin servidores y sólo esta dirección."),
    "C50": ("Se avisa al origen: veredicto &1", "A continuación va la entrega."),
    "C51": (
        "Planificaciones de producción retenidas en el clon: &1",
        "Demostrado: no queda ninguna entrada que se ejecutaría.",
    ),
    "C52": (
        "Planificador retenido en el clon: &1",
        "Con el mandato de la especificación, y demostrado con el otro.",
    ),
    "C53": (
        "Colas de trabajos de producción en el clon: &1",
        "Lo que esperaba en la copia no arranca nunca.",
    ),
    "C54": ("No arranca nunca en el clon: &1", "Se comprueba de nuevo en cada arranque del clon."),
    "C55": ("Nombre de sistema del clon: &1", "Pendiente hasta su IPL."),
    "C56": ("Sistema principal y dominio del clon: &1", "Para TCP/IP."),
    "C57": ("Eliminado en el clon: &1", "No queda ninguna dirección ni ruta de producción."),
    "C58": ("Añadido en el clon: &1", "Se activan con su IPL."),
    "C59": ("Fin del clon planificado: &1", "La única entrada de planificación que no está retenida."),
    "C60": (
        "Envío de las anotaciones del clon &1",
        "Pasos, anotaciones históricas y anotaciones de trabajo.",
    ),
    "C66": ("El clon &1 permanece encendido", "La próxima ejecución lo apaga."),
    "C67": ("El clon arranca de nuevo como &1", "Anunciado antes de la última entrega."),
    "C68": ("El clon &1 queda cedido", "Sus usuarios pueden trabajar cuando haya arrancado."),
    "C70": ("Última anotación desde el clon &1", "Lo que siga en él no se conoce aquí."),
    "FLE0001": (
        "Esto no es producción (serie, partición &1): no se ha hecho nada",
        "Los programas del origen sólo actúan en las particiones que la especificación nombra en "
        "IDENTITY. Tras "
        "un traslado (LPM, DR) añada el par nuevo, construya y despliegue. Si la partición aparece en blanco "
        "no se pudo leer: vea QSYS/QPMLPMGT.",
    ),
    "FLE0002": (
        "No se pudo anotar cómo deshacerlo; no se ha cambiado nada: &1",
        "No se puede escribir en el diario FLJRNL. Vea los mensajes anteriores y vuelva a arrancar.",
    ),
    "FLE0003": (
        "Sin deshacer: &1",
        "Hágalo a mano, o llame a FLRCVENV OPTION(*UNDO) cuando desaparezca la causa.",
    ),
    "FLE0004": (
        "Otra ejecución tiene lo que necesita esta de &1",
        "Clon, ventana de suspensión y estado de BRMS son de una ejecución cada vez. Vea WRKOBJLCK de las "
        "áreas de datos FLK; arranque más tarde.",
    ),
    "FLE0005": (
        "Una ejecución anterior dejó bloqueado: &1",
        "Murió. Llame a FLRCVENV para su entorno y vuelva a arrancar.",
    ),
    "FLE0006": (
        "Los guardas no contestan: &1",
        "Compruebe que los subsistemas FLGUARD y QUSRWRK están activos y sus colas de trabajos sin "
        "retener, y "
        "vuelva a arrancar. No se ha cambiado nada.",
    ),
    "FLE0007": (
        "Comprobación fallida: &1",
        "No se ha cambiado nada. Corríjalo, use FLCHKENV y vuelva a arrancar.",
    ),
    "FLE0008": ("Consola: &1", "Vea el estado de la consola y en el manual el código de salida del sidecar."),
    "FLE0009": (
        "La LPAR clon no está apagada: &1",
        "Nunca se sobrescriben los discos de una partición en marcha. Apáguela, o averigüe por qué "
        "no se apaga.",
    ),
    "FLE0010": (
        "Producción ha sido reanudada por &1",
        "El programa principal no lo hizo a tiempo. Ninguna copia de esta noche vale; se deshace la "
        "ejecución. "
        "Vea las anotaciones de su trabajo.",
    ),
    "FLE0011": (
        "PUEDE SEGUIR SUSPENDIDA: la reanudación fue rechazada: &1",
        "Use CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME) de inmediato desde cualquier sesión y después llame a "
        "FLRCVENV.",
    ),
    "FLE0012": (
        "Un grupo requerido no está en su estado: &1",
        "Espere a que su propietario termine y vuelva a arrancar.",
    ),
    "FLE0013": (
        "BRMS rechazó *STRPRC: &1",
        "Puede haber un trabajo de BRMS o el mantenimiento activos. Se deshace la ejecución.",
    ),
    "FLE0014": (
        "No se pudo detener el grupo: &1",
        "Vea con lsfcmap las correspondencias que aún se limpian; arranque más tarde.",
    ),
    "FLE0015": (
        "No se pudo preparar el grupo: &1",
        "La copia anterior se ha perdido; producción no está afectada.",
    ),
    "FLE0016": (
        "Más de un trabajo con este nombre: &1",
        "Dé al trabajo un nombre único; no se sabe cuál es.",
    ),
    "FLE0017": ("No se pudo retener el trabajo: &1", "Se deshace la ejecución."),
    "FLE0018": (
        "No realizado dentro de su límite, o rechazado: &1",
        "Si venció el límite, el estado no se conoce. Se deshace la ejecución.",
    ),
    "FLE0019": (
        "El sidecar no está preparado: &1",
        "No se ha suspendido nada. Vea el trabajo FLARM y las claves.",
    ),
    "FLE0020": (
        "BRMS sigue en *STRPRC: el clon aún puede escribir cintas (&1)",
        "Apague el clon, vea sus cintas y llame a FLRCVENV OPTION(*UNDO). No use BRMS aquí hasta entonces.",
    ),
    "FLE0021": (
        "Volúmenes que el clon puede haber escrito: &1",
        "Compare los volúmenes de la librería con BRMS.",
    ),
    "FLE0022": (
        "Un guarda no puede drenar la memoria: &1",
        "Sin los dos guardas no se suspende nada. El trabajo del guarda necesita *JOBCTL; vea sus "
        "anotaciones.",
    ),
    "FLE0023": (
        "No se pudo suspender *SYSBAS; segundos intentándolo: &1",
        "Transacciones largas impiden llegar a un límite de compromiso. Vea WRKCMTDFN; dé más tiempo o elija "
        "otra hora.",
    ),
    "FLE0024": (
        "Sin respuesta válida a la petición de flash: &1",
        "No se sabe si se realizó, así que no cuenta. Se detiene el grupo y no se enciende el clon.",
    ),
    "FLE0025": (
        "El flash no está demostrado: &1",
        "El clon no se enciende. Vea en la cabina las correspondencias del grupo.",
    ),
    "FLE0026": ("No se pudo activar el enlace privado: &1", "Vea la línea y la interfaz."),
    "FLE0027": ("No se pudo encender el clon: &1", "Vea la consola."),
    "FLE0028": ("El arranque del clon ha fallado: &1", "Vea en la consola el código de referencia."),
    "FLE0029": (
        "El clon está apagado y no ha entregado nada: &1",
        "De BRMS se ocupa la ejecución; los volúmenes que pueda haber escrito se nombran o hay que "
        "buscarlos.",
    ),
    "FLE0030": (
        "El clon no ha arrancado dentro de su límite: &1",
        "Vea en la consola su código de referencia.",
    ),
    "FLE0031": (
        "La copia no ha terminado dentro de su límite: &1",
        "El clon puede estar escribiendo aún. Mírelo primero.",
    ),
    "FLE0032": ("La entrega no es válida: &1", "No se ha usado nada de ella."),
    "FLE0033": (
        "El trabajo del clon no está completo: &1",
        "Lo que hizo está aquí. Vea C36, y de BRMS sus anotaciones.",
    ),
    "FLE0034": ("No se pudo recibir QUSRBRM: &1", "Producción sigue en *STRPRC."),
    "FLE0035": ("No se pudo salvar la QUSRBRM propia: &1", "No se ha restaurado nada."),
    "FLE0036": (
        "No se pudo restaurar QUSRBRM: &1",
        "Se ha repuesto la de producción, que sigue en *STRPRC.",
    ),
    "FLE0037": ("*ENDPRC ha fallado: &1", "Producción sigue en *STRPRC."),
    "FLE0038": ("Finalizada con FLENDENV: &1", "Se deshace todo."),
    "FLE0039": ("Correo no enviado: &1", "No decide nada."),
    "FLE0040": ("Inesperado: &1", "Un error que ningún paso espera. Se deshace la ejecución."),
    "FLE0041": ("Escrito con retraso: &1", "No se pudo escribir en el diario a su hora."),
    "FLE0042": (
        "Empezado, y no se sabe si se hizo: &1",
        "La ejecución murió ahí. Lo que cambió se deshace; mire el sistema del que habla el paso.",
    ),
    "FLE0043": (
        "*SYSBAS reanudada; no se sabe por quién ni cuándo exactamente (&1)",
        "La ejecución murió en la ventana o justo después. Ninguna copia de esta noche vale.",
    ),
    "FLE0045": (
        "BRMS sigue en *STRPRC: no se pudo restaurar la QUSRBRM del clon (&1)",
        "Llame a FLRCVENV OPTION(*CONTINUE) cuando desaparezca la causa; *UNDO la abandona, y las cintas que "
        "conoce.",
    ),
    "FLE0046": (
        "No se pidió a la cabina, pues nada estaba suspendido: &1",
        "No se ha tomado ninguna copia. Vea el mensaje de O50.",
    ),
    "FLE0049": ("No existe el entorno &1", "Vea la especificación, o solicite el mandato con F4."),
    "FLE0050": (
        "QSTRUPPGM no es la guarda de arranque: &1",
        "El responsable de seguridad entra el CHGSYSVAL que muestra el despliegue. Sin la guarda un clon "
        "podría arrancar como producción.",
    ),
    "FLE0051": (
        "Hay una ejecución abierta: &1",
        "Llame a FLRCVENV; dice qué está abierto y lo cierra.",
    ),
    "FLE0052": (
        "Aún no se ha visto funcionar la guarda como QPGMR: &1",
        "Someta CALL FLBOOT PARM('*REPORT') con QPGMR como muestra el despliegue.",
    ),
    "FLE0053": ("Ejecución sometida: &1", "Vea WRKACTJOB SBS(FLASHC)."),
    "FLE0054": ("No hay ninguna ejecución abierta de &1", "Nada que finalizar."),
    "FLE0055": ("Se ha pedido que finalice: &1", "Antes lo deshace todo."),
    "FLE0056": ("Nada abierto para &1", "La próxima ejecución puede arrancar."),
    "FLE0057": ("Abierto: &1", "OPTION(*UNDO) reanuda, deshace y cierra."),
    "FLE0058": ("El programa principal de &1 está vivo", "Utilice FLENDENV."),
    "FLE0059": ("Algo no se pudo deshacer en la ejecución &1", "Vea las anotaciones con FLE0003 y FLE0020."),
    "FLE0060": (
        "Dispositivo: &1",
        "Vea su estado en el clon.",
    ),
    "FLE0061": ("BRMS rechazó *STRBKU en el clon: &1", "No se ha salvado nada."),
    "FLE0062": (
        "Grupo de control no salvado: &1",
        "Vea las anotaciones de BRMS en el clon y las de su trabajo.",
    ),
    "FLE0063": (
        "No se pudieron leer las anotaciones de BRMS: &1",
        "La copia cuenta como fallida hasta que alguien la mire.",
    ),
    "FLE0064": ("BRMS rechazó *ENDBKU en el clon: &1", "Su historial puede no estar completo."),
    "FLE0065": (
        "No se pudo salvar QUSRBRM en el clon: &1",
        "Hay que nombrar a mano las cintas que escribió.",
    ),
    "FLE0066": (
        "Valor del sistema sin cambiar en el clon: &1",
        "La copia prosigue. Al perfil puede faltarle la autorización; vea docs/first-night.md.",
    ),
    "FLE0070": (
        "No se pudieron quitar los discos del clon de su VIOS: &1",
        "No se ha tomado ninguna copia. Mire cada VIOS, su conexión RMC y su asignación. Lo quitado "
        "se repone.",
    ),
    "FLE0071": (
        "Los discos del clon no están de nuevo en su VIOS: &1",
        "El clon no se ha encendido. Corríjalo y asígnelos: flashrt.pyz vios map, o mkvdev en cada "
        "VIOS según "
        "runs/vios.CLONE.json.",
    ),
    "FLE0080": (
        "Ha fallado un mandato antes de la ejecución: &1",
        "Se rechaza la ejecución. Ella no ha cambiado nada, pero los mandatos de la instalación "
        "hasta este se han ejecutado y no se deshacen.",
    ),
    "FLE0081": (
        "Ha fallado un mandato de la instalación: &1",
        "No se deshace. Si venció su límite, no se sabe qué hizo.",
    ),
    "FLE0082": (
        "Más de una entrada de planificación con este nombre: &1",
        "Dé a la entrada un nombre único; no se sabe cuál es.",
    ),
    "FLE0083": (
        "No ejecutado mientras su entrada de planificación estaba retenida: &1",
        "Tocaba entretanto; una entrada liberada no se ejecuta más tarde. Sométalo a mano si hace falta.",
    ),
    "FLE0084": (
        "No está en un estado en que se pueda retener, finalizar o desactivar: &1",
        "No existe, está terminando, o no se puede leer su estado. Se deshace la ejecución.",
    ),
    "FLE0090": (
        "El clon está cedido: &1",
        "Ninguna ejecución lo apaga antes de su plazo. Su dueño lo devuelve con FLRCVENV OPTION(*GIVENBACK). "
        "No se ha cambiado nada.",
    ),
    "FLE0091": ("Planificaciones sin retener en el clon: &1", CERRADO),
    "FLE0092": ("Un planificador está sin retener en el clon: &1", CERRADO),
    "FLE0093": ("Colas de trabajos sin parar en el clon: &1", CERRADO),
    "FLE0094": ("No se ha impedido lo que nunca debe arrancar: &1", CERRADO),
    "FLE0095": ("El nombre de sistema no ha cambiado: &1", CERRADO),
    "FLE0096": ("Sistema principal y dominio no han cambiado: &1", CERRADO),
    "FLE0097": ("Queda algo de la red de producción: &1", CERRADO),
    "FLE0098": ("La red propia del clon no está: &1", CERRADO),
    "FLE0099": ("El fin del clon no está planificado: &1", CERRADO),
    "FLE0100": (
        "El clon no sigue su vida como &1",
        "Lo que no pudo hacer de sí mismo está en C51 a C59. Está en modalidad segura y la próxima ejecución "
        "lo apaga.",
    ),
    "FLE0101": ("Se detuvo mientras se convertía en otro sistema: &1", CERRADO),
    "FLE0102": (
        "El perfil del producto no puede usar CHGNETA: &1",
        "La copia no recibiría su nombre propio. El responsable de seguridad entra lo que muestra "
        "flashc plan.",
    ),
    "FLE0103": ("Clon devuelto: &1", "La próxima ejecución puede apagarlo."),
    "FLE0110": (
        "El trabajo de salvar no ha empezado: &1",
        "Vea en el clon la cola de trabajos del subsistema de control.",
    ),
    "FLE0111": (
        "Salvado con excepciones: &1",
        "Lo que faltó está en el listado y en las anotaciones del trabajo de salvar.",
    ),
    "FLE0112": (
        "No salvado: &1",
        "Lo que seguía no se intentó. Vea las anotaciones del trabajo de salvar.",
    ),
    "FLE0113": (
        "Entradas de planificación sin retener en el clon: &1",
        "No se ha ejecutado ningún mandato.",
    ),
    "FLE0114": (
        "Ha fallado un mandato en el clon: &1",
        "Vea las anotaciones de su trabajo en el buzón de la ejecución.",
    ),
    "FLE0115": (
        "Archivo no enviado: &1",
        "El trabajo cuenta como fallido; los demás archivos llegan igualmente.",
    ),
    "FLE0120": (
        "La recuperación de &1 ha fallado",
        "Llame a FLRCVENV. Las anotaciones del trabajo FLGRDA dicen por qué.",
    ),
    "FLE0121": (
        "No usar BRMS en este sistema hasta el fin de la ejecución &1",
        "El historial de BRMS lo escribe el clon.",
    ),
    "FLE0122": (
        "Ejecución no completada: &1",
        "Vea sus anotaciones en el diario; si dice NEEDSYOU, llame a FLRCVENV.",
    ),
    "FLE0123": (
        "La entrega ha fallado, la ejecución &1 espera",
        "Todo está en el clon; vea when-it-failed.md.",
    ),
    "FLE0124": (
        "Este clon sigue su vida como &1; nada prohibido estaba activo",
        "Ahora es un sistema propio.",
    ),
    "FLE0125": (
        "Finalizado en este clon: &1",
        "La especificación dice que nunca arranca aquí.",
    ),
    "FLE0126": (
        "El plazo de este clon ha terminado, se apaga: &1",
        "Lo dice la especificación con expires after.",
    ),
    "FLE0127": (
        "Este clon no puede seguir su vida: &1",
        "No está demostrado que sea otro sistema: modalidad segura.",
    ),
    "FLE0128": (
        "Modalidad segura. Si esto es producción: CALL &1",
        "La guarda de arranque no encontró ni producción ni un clon con un vale válido. TCP/IP queda parado.",
    ),
    "FLE0129": (
        "El plazo de este clon ha terminado, modalidad segura: &1",
        "La próxima ejecución lo apaga.",
    ),
    "FLE0130": (
        "Abierto, y producción puede estar suspendida: &1",
        "OPTION(*UNDO) reanuda primero producción, después deshace y cierra.",
    ),
    "FLO0120": (
        "La cola de trabajos ya estaba retenida y sigue así: &1",
        "No se ha cambiado nada y no se deshace nada.",
    ),
    "FLO0121": (
        "La entrada de planificación no arrancaría nada: &1",
        "No se ha cambiado nada y no se deshace nada.",
    ),
    "FLO0122": (
        "Trabajo inactivo, nada retenido: &1",
        "No se ha cambiado nada y no se deshace nada.",
    ),
    "FLO0136": (
        "Subsistema inactivo, nada finalizado: &1",
        "No se ha cambiado nada y no se deshace nada.",
    ),
    "FLO0137": (
        "Servidor inactivo, nada finalizado: &1",
        "No se ha cambiado nada y no se deshace nada.",
    ),
    "FLO0139": (
        "El dispositivo ya estaba desactivado: &1",
        "No se ha cambiado nada y no se deshace nada.",
    ),
}
