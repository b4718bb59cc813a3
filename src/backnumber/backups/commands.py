"""`backnumber backup` and `backnumber restore`."""

from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from backnumber.backups import programs, service

Target = Annotated[Path, typer.Argument(dir_okay=False, help="The file to write, such as backup.tar.")]
Source = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="A file that `backnumber backup` made.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Check the backup, say what would happen, and change nothing.")
]
Replace = Annotated[bool, typer.Option("--replace", help="Put the backup in the place of what is there.")]


def backup(file: Target) -> None:
    """Write the database and the pictures into one file. The site may go on running."""
    try:
        made = service.make(file, timezone.now(), typer.echo)
    except (service.Refused, programs.NoProgram, OSError) as error:
        raise _ended(error) from None
    typer.echo(f"{file} holds {_told(made)}.")
    if not made.has_pictures:
        typer.echo("The pictures are not in it: they are in S3, which keeps and versions its own.")
    typer.echo(
        "The secret key is not in it: keep BACKNUMBER_SECRET_KEY elsewhere, or every reader must sign in anew."
    )


def restore(file: Source, dry_run: DryRun = False, replace: Replace = False) -> None:
    """Put a backup into an empty installation, or with --replace in the place of what is there: all of it, or nothing."""
    try:
        found = service.read(file)
        typer.echo(
            f"{file}, made on {found.made_at:%d %B %Y at %H:%M} UTC by {found.made_by}, holds {_told(found)}."
        )
        if dry_run:
            service.refuse_what_is_there(found, replace=replace)
            typer.echo("It is whole, and could be restored.")
            return
        service.restore(file, found, typer.echo, replace=replace)
    except (service.Refused, programs.NoProgram, OSError) as error:
        raise _ended(error) from None
    typer.echo(
        "Restored, and every table holds what it held. Now run `backnumber setup`, and `backnumber doctor`."
    )
    if waiting := service.waiting_jobs():
        typer.secho(
            f"{waiting} jobs wait in the queue. What was done after the backup was made is done again once a worker runs: mail too.",
            fg=typer.colors.YELLOW,
        )


def _told(backup: service.Backup) -> str:
    rows = sum(one.rows for one in backup.tables)
    pictures = sum(name.startswith(service.PICTURES) for name in backup.files)
    return f"{len(backup.tables)} tables with {rows:,} rows and {pictures:,} files of pictures"


def _ended(error: Exception) -> typer.Exit:
    typer.secho(str(error), err=True, fg=typer.colors.RED)
    return typer.Exit(1)
