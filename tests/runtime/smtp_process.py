"""An SMTP server in a process of its own: one connection, STARTTLS when it has a certificate.

Arguments: certificate and key file, or nothing.  The first line of its output is its port; then every line
that it was sent, those behind STARTTLS with `TLS ` before them.
"""

from __future__ import annotations

import socket
import ssl
import sys

WAIT_S = 60


def serve(files: list[str]) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(WAIT_S)
    print(listener.getsockname()[1], flush=True)
    sock, _ = listener.accept()
    sock.settimeout(WAIT_S)
    sock.sendall(b"220 relay.example.net ESMTP\r\n")
    lines, mark = sock.makefile("rb"), ""
    while True:
        line = lines.readline(2000).decode("ascii").strip()
        print(f"{mark}{line}", flush=True)
        word = line.upper().split(" ")[0]
        if word == "EHLO":
            offer = b"250-STARTTLS\r\n" if files and not mark else b""
            sock.sendall(b"250-relay.example.net\r\n" + offer + b"250 8BITMIME\r\n")
        elif word == "STARTTLS" and files and not mark:
            sock.sendall(b"220 go ahead\r\n")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*files)
            sock = context.wrap_socket(sock, server_side=True)
            lines, mark = sock.makefile("rb"), "TLS "
        elif word == "DATA":
            sock.sendall(b"354 go on\r\n")
            while (text := lines.readline(2000).decode("ascii").rstrip("\r\n")) != ".":
                print(f"{mark}{text}", flush=True)
            sock.sendall(b"250 taken\r\n")
        elif word in ("QUIT", ""):
            sock.sendall(b"221 bye\r\n" if word else b"")
            return
        else:
            sock.sendall(b"250 ok\r\n")


if __name__ == "__main__":
    serve(sys.argv[1:])
