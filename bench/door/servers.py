"""The servers that are measured, each a process of its own with all that comes from it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from door.asking import wait_for
from door.site import VAR, BenchSite

BENCH = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers."""

    name: str
    port: int
    root: int


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def serve_command(port: int, workers: int = 1) -> list[str]:
    return [
        str(Path(sys.executable).with_name("backnumber")),
        *("serve", "--port", str(port), "--workers", str(workers)),
    ]


@contextmanager
def ours(site: BenchSite, workers: int = 1) -> Iterator[Served]:
    """`backnumber serve`, with its defaults."""
    port = free_port()
    with _running("front", serve_command(port, workers), port, site.addresses[0], site.environment) as one:
        yield one


@contextmanager
def beside(
    name: str,
    target: str,
    site: BenchSite,
    path: str,
    headers: Mapping[str, str] | None = None,
    **more: str,
) -> Iterator[Served]:
    """Another ASGI application, served exactly as `backnumber serve` serves ours."""
    port = free_port()
    command = [sys.executable, "-m", "door.other", target, str(port)]
    with _running(name, command, port, path, {**site.environment, **more}, headers) as one:
        yield one


_NGINX = """
{user}
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  sendfile on;
  tcp_nopush on;
  access_log off;
  keepalive_requests 100000000;
  default_type text/html;
  client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
  uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


@contextmanager
def nginx(page: bytes, copies: int = 0) -> Iterator[Served | None]:
    """nginx sending a file that holds the page, as `/page.html`, and so many other files of the same, as `copy` names them;
    None where there is no nginx.
    """
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        yield None
        return
    folder, port = VAR / f"nginx-{copies}", free_port()
    for address in ("/page.html", *map(copy, range(copies))):
        file = folder / "files" / address[1:]
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.stat().st_size != len(page):
            file.write_bytes(page)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_NGINX.format(user=user, folder=folder, port=port))
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    with _running("nginx", command, port, "/page.html", dict(os.environ)) as one:
        yield one


def copy(number: int) -> str:
    return f"/{number % 256}/{number}.html"


@contextmanager
def _running(
    name: str,
    command: list[str],
    port: int,
    path: str,
    environment: dict[str, str],
    headers: Mapping[str, str] | None = None,
) -> Iterator[Served]:
    with (VAR / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=BENCH)
        try:
            wait_for(port, path, headers or {})
            yield Served(name, port, process.pid)
        finally:
            stop(process)


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
