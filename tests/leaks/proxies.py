"""Real shared caches before the server: nginx and Varnish, as their manuals say, each with a folder and a port of its own.

They keep what may be kept and honour Vary and Cache-Control; and they look for cookies' sake nowhere else: only what the answers
themselves say keeps one reader's page from another.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.serving import end, wait_for
from tests.sink import free_port

# https://nginx.org/en/docs/http/ngx_http_proxy_module.html. One process: it stays whoever runs the tests.
NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  proxy_cache_path {folder}/cache levels=1:2 keys_zone=pages:4m;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{upstream};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_cache pages;
      proxy_cache_key $request_uri;
      add_header X-Cache $upstream_cache_status always;
    }}
  }}
}}
"""

# As Debian installs it, with where the server is and nothing else: what Varnish does by itself (https://varnish-cache.org/docs/7.1/users-guide/vcl-built-in-subs.html).
STOCK_VARNISH = """
vcl 4.1;
backend default {{ .host = "127.0.0.1"; .port = "{upstream}"; }}
"""

# As docs/run.md shows it, without HTTPS.
BALANCER = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream backnumber {{ {servers} }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://backnumber;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Request-ID $request_id;
    }}
  }}
}}
"""

# Varnish by itself keeps away from whatever comes with a cookie. Here it looks into its cache all the same.
VARNISH = """
vcl 4.1;
backend default {{ .host = "127.0.0.1"; .port = "{upstream}"; }}
sub vcl_recv {{
  if (req.method == "GET" || req.method == "HEAD") {{ return (hash); }}
}}
sub vcl_deliver {{
  if (obj.hits > 0) {{ set resp.http.X-Cache = "HIT"; }} else {{ set resp.http.X-Cache = "MISS"; }}
}}
"""


@contextmanager
def nginx(folder: Path, upstream: int) -> Iterator[int]:
    """Promise: the port at which nginx answers for the server at `upstream`, while the block lasts."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "nginx.conf"
    configuration.write_text(NGINX.format(folder=folder, port=port, upstream=upstream))
    command = [program("nginx"), "-p", str(folder), "-c", str(configuration), "-e", str(folder / "error.log")]
    with _running(command, folder, port):
        yield port


@contextmanager
def stock_varnish(folder: Path, upstream: int) -> Iterator[int]:
    """Promise: the same with Varnish as it comes."""
    with varnish(folder, upstream, STOCK_VARNISH) as port:
        yield port


@contextmanager
def balancer(folder: Path, port: int, upstreams: list[int]) -> Iterator[int]:
    """Promise: nginx answers at the port for the servers, one after the other, while the block lasts."""
    folder.mkdir(parents=True, exist_ok=True)
    servers = " ".join(f"server 127.0.0.1:{upstream};" for upstream in upstreams)
    configuration = folder / "nginx.conf"
    configuration.write_text(BALANCER.format(folder=folder, port=port, servers=servers))
    command = [program("nginx"), "-p", str(folder), "-c", str(configuration), "-e", str(folder / "error.log")]
    with _running(command, folder, port):
        yield port


@contextmanager
def varnish(folder: Path, upstream: int, vcl: str = VARNISH) -> Iterator[int]:
    """Promise: the port at which Varnish answers for the server at `upstream`, while the block lasts."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "site.vcl"
    configuration.write_text(vcl.format(upstream=upstream))
    where = ["-n", str(folder / "work"), "-a", f"127.0.0.1:{port}", "-f", str(configuration)]
    with _running([program("varnishd"), "-F", "-j", "none", *where, "-s", "malloc,32m"], folder, port):
        yield port


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    log = folder / "log"
    with log.open("wb") as written:
        process = subprocess.Popen(command, stdout=written, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        wait_for(port, process, log)
        yield
    finally:
        end(process)


def program(name: str) -> str:
    """Promise: where the program is. Skips with a word where it is not installed, but not where CI says that it must be."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None and os.environ.get("CI"):
        pytest.fail(f"{name} is not installed, and CI is to have it: see .ci/run")
    if found is None:
        pytest.skip(f"{name} is not installed; apt-get install {name.removesuffix('d')} to run this")
    return found
