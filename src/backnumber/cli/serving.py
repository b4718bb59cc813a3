"""Running the server. It must not know Django: only the processes it makes load the site, so that they stand the sooner."""

import os
import resource
import shutil
from typing import Annotated

import typer
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from backnumber import configuration
from backnumber.cli.respawning import Server

Port = Annotated[int, typer.Option(help="The port to listen on.")]
Host = Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 is every one.")]

STOPS_WITHIN = 10  # seconds; one that is told to stop while it begins would never hear of it

IDLE_SECONDS = 15  # for a head that does not end, and between two requests on one connection
CONNECTIONS = 4_096  # of one process; more wait until one ends
FILES_BESIDE = 256  # that a process has open beside its connections
HEAD_BUFFER_BYTES = 65_536  # a head that does not fit is refused by the server itself (431)

app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)


def open_enough_files() -> int:
    """Promise: how many connections a process may have; as many files as that may be open, if the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + FILES_BESIDE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return max(soft - FILES_BESIDE, 1)
    return CONNECTIONS


def run(host: str, port: int, workers: int, threads: int) -> None:
    """Promise: returns when told to stop. Errors: OSError when the port is taken."""
    os.environ["BACKNUMBER_THREADS"] = str(threads)
    if configuration.value("BACKNUMBER_METRICS_TOKEN"):
        _share_figures(port)
    Server(
        "backnumber.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        workers=workers,
        http=HTTPModes.http1,  # with HTTP/2 allowed, a connection that says nothing is kept for ever
        http1_settings=HTTP1Settings(
            header_read_timeout=IDLE_SECONDS * 1_000, max_buffer_size=HEAD_BUFFER_BYTES
        ),
        backlog=CONNECTIONS,
        backpressure=open_enough_files(),
        respawn_failed_workers=True,
        workers_kill_timeout=STOPS_WITHIN,
        log_access=False,
    ).serve()


def _share_figures(port: int) -> None:
    """The processes of one server count into files of one folder, which begins empty."""
    folder = configuration.var_folder() / "figures" / str(port)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


@app.command()
def serve(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="Processes; one for each core is plenty.")] = 1,
    threads: Annotated[
        int,
        typer.Option(
            envvar="BACKNUMBER_THREADS",
            help="Threads a process for what is not printed; each holds one database connection.",
        ),
    ] = 4,
) -> None:
    """Serve the site. Put a proxy that speaks HTTPS in front (docs/run.md), and run `backnumber worker` beside it."""
    if not configuration.is_production() and host not in configuration.LOCAL_HOSTS:
        raise typer.BadParameter("the demo lets anybody be anybody: it is served to this machine only")
    run(host, port, workers, threads)
