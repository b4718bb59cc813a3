"""Running the server. It must not know Django: only the processes it makes load the site, so that they stand the sooner."""

import os
from typing import Annotated

import typer
from granian.constants import Interfaces

from backnumber import configuration
from backnumber.cli.respawning import Server

Port = Annotated[int, typer.Option(help="The port to listen on.")]
Host = Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 is every one.")]

STOPS_WITHIN = 10  # seconds; one that is told to stop while it begins would never hear of it

app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)


def run(host: str, port: int, workers: int, threads: int) -> None:
    """Promise: returns when told to stop. Errors: OSError when the port is taken."""
    os.environ["BACKNUMBER_THREADS"] = str(threads)
    Server(
        "backnumber.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        workers=workers,
        backpressure=1024,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPS_WITHIN,
        log_access=False,
    ).serve()


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
