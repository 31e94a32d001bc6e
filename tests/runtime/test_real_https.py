"""The HTTPS client against nginx: the other tests' server and the twin's send what this project wrote.

Nobody but nginx decides here how a reply looks, when a connection ends, and what is no request.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from flashrt.http1 import basic, path_of
from flashrt.status import AUTH, NOTFOUND, SYSTEM, SidecarError

from .nginx_server import NginxServer

pytestmark = pytest.mark.systems

LOCATIONS = """
ssl_protocols TLSv1.2 TLSv1.3;
keepalive_requests 3;
default_type application/json;
location /token { return 200 '{"token": "$http_x_auth_token", "way": "$ssl_protocol $request_method"}'; }
location /echo { return 200 '{"target": "$request_uri"}'; }
location /empty { return 204; }
location /busy { limit_req zone=one; limit_req_status 429; try_files /large.json =404; }
location /moved { return 302 https://127.0.0.1:1/elsewhere; }
location /once { keepalive_timeout 0; return 200 '{}'; }
location /door { auth_basic "array"; auth_basic_user_file users; try_files /large.json =404; }
location /zipped { gzip on; gzip_proxied any; gzip_types application/json; try_files /large.json =404; }
location /dead { proxy_pass http://127.0.0.1:1; }
"""

LARGE = {"volumes": [{"name": f"PROD_{number}", "text": "für €" * 20} for number in range(5000)]}


def soon(limit_s: float = 10.0) -> float:
    return time.time() + limit_s


@pytest.fixture(scope="module")
def server() -> Iterator[NginxServer]:
    """One server for all tests."""
    with NginxServer(LOCATIONS) as made:
        (made.folder / "large.json").write_text(json.dumps(LARGE, ensure_ascii=False), encoding="utf-8")
        (made.folder / "users").write_text("flashc:{PLAIN}s3cret\n")
        yield made


def test_requests_with_a_token_and_a_body_are_understood(server: NginxServer) -> None:
    session = server.connect()
    session.headers["X-Auth-Token"] = "t0k3n"
    reply = session.call("POST", "/token", soon(), body={"prep": True})
    assert reply.json() == {"token": "t0k3n", "way": "TLSv1.3 POST"}
    odd = path_of("echo", "G 1/ü", "a+b")
    assert session.call("GET", odd, soon(), query={"q": "x y&z"}).json() == {
        "target": "/echo/G%201%2F%C3%BC/a%2Bb?q=x%20y%26z"
    }
    session.close()


def test_a_large_reply_comes_whole(server: NginxServer) -> None:
    session = server.connect()
    assert session.call("GET", "/large.json", soon()).json() == LARGE
    session.close()


def test_what_we_do_not_take_is_not_sent(server: NginxServer) -> None:
    """Compressed replies are not asked for, so a server that compresses sends them plain."""
    session = server.connect()
    reply = session.call("GET", "/zipped", soon())
    assert (reply.header("content-encoding"), reply.json()) == ("", LARGE)
    session.close()


def test_a_reply_without_a_body(server: NginxServer) -> None:
    session = server.connect()
    assert session.call("DELETE", "/empty", soon()).status == 204
    assert session.call("GET", "/token", soon()).status == 200
    session.close()


def test_a_server_that_ends_connections_after_some_requests_is_asked_on_others(server: NginxServer) -> None:
    session = server.connect()
    for number in range(10):
        assert session.call("GET", path_of("echo", str(number)), soon()).json() == {
            "target": f"/echo/{number}"
        }
    assert session.call("GET", "/once", soon()).status == 200
    assert session.call("GET", "/token", soon()).status == 200
    session.close()


def test_a_request_that_waits_for_its_moment_is_sent_once(server: NginxServer) -> None:
    session = server.connect()
    opened = session.open_request("POST", "/echo/armed", soon(), body={"start": 1})
    before = len([line for line in server.asked if "/echo/armed" in line])
    opened.probe()
    opened.send()
    assert opened.poll(10)
    assert opened.reply().status == 0
    opened.close()
    assert len([line for line in server.asked if "/echo/armed" in line]) == before + 1


def test_a_password_opens_the_door(server: NginxServer) -> None:
    session = server.connect()
    with pytest.raises(SidecarError) as caught:
        session.ask("GET", "/door", soon())
    assert caught.value.status == AUTH
    session.headers["Authorization"] = basic("flashc", "s3cret")
    assert session.ask("GET", "/door", soon()).json() == LARGE
    session.close()


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/moved", SYSTEM, "answered 302 to GET /moved: 302 Found"),
        ("/dead", SYSTEM, "answered 502 to GET /dead: 502 Bad Gateway"),
        ("/none", NOTFOUND, "answered 404 to GET /none: 404 Not Found"),
    ],
)
def test_what_a_server_refuses_is_told_without_its_markup(
    server: NginxServer, path: str, status: int, said: str
) -> None:
    session = server.connect()
    with pytest.raises(SidecarError) as caught:
        session.ask("GET", path, soon(1.5))
    assert caught.value.status == status
    assert said in caught.value.text
    assert "<" not in caught.value.text
    session.close()


def test_a_server_that_is_asked_too_often_is_given_time_up_to_the_limit(server: NginxServer) -> None:
    session = server.connect()
    assert session.call("GET", "/busy", soon()).status == 200
    assert session.call("GET", "/busy", soon(1.5)).status == 429
    session.close()
