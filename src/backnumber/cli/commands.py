"""Every command, with the help that teaches it."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from backnumber import configuration
from backnumber.backups.commands import backup, restore
from backnumber.checkout.commands import announce_price, compare_payments
from backnumber.circulation.bureau import UnreadableFile
from backnumber.circulation.importing import import_bureau_file
from backnumber.cli import chronology, running, serving, setting_up, working
from backnumber.cli.diagnosis import diagnose, missing_information
from backnumber.demo import given, loading
from backnumber.demo import people as demo_people
from backnumber.demo import views as demo_views
from backnumber.edge.render.commands import render
from backnumber.editorial.roles import make_roles
from backnumber.intake.commands import app as importing
from backnumber.longread import bounces, editions
from backnumber.longread.composing import NothingToSend
from backnumber.longread.importing import UnreadableList, import_list
from backnumber.longread.sending import MailServerAway
from backnumber.past import bulk as past
from backnumber.past.commands import app as reading_the_past
from backnumber.prove.commands import prove_gate
from backnumber.search import service as search
from backnumber.tax.service import load_first_rates

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="""Backnumber: the platform of a history magazine's paid archive.

    Start with `backnumber demo` to see a whole magazine, and with `backnumber doctor` to learn what an
    installation of your own still lacks.""",
)

app.add_typer(importing, name="import")
app.add_typer(chronology.app, name="chronology")
app.add_typer(reading_the_past, name="past")
app.command()(render)
app.command()(backup)
app.command()(restore)
app.command("prove-gate")(prove_gate)
app.command("announce-price")(announce_price)
app.command("compare-payments")(compare_payments)


def _still_called(old: str, command: Callable[..., None], now: str) -> None:
    """What was renamed goes on under its old name, which is listed nowhere, and says how it is called now."""

    @wraps(command)
    def with_notice(*args: Any, **options: Any) -> None:
        typer.echo(f"`backnumber {old}` is called `backnumber {now}` now.", err=True)
        command(*args, **options)

    app.command(old, hidden=True)(with_notice)


_still_called("press", render, "render")


@app.command()
def demo(port: serving.Port = 8000) -> None:
    """Set up and serve the demo magazine, with its worker. Run again, it goes on with what is there."""
    _refuse_in_production("the demo")
    settings.ADDRESS = os.environ["BACKNUMBER_ADDRESS"] = _demo_at(port)  # the children read it
    with setting_up.alone(typer.echo):
        _set_up()
        now = timezone.now()
        articles, people = loading.load(now, typer.echo), demo_people.load(now)
        loading.choose_long_reads(now)
        given.load(now)
        past.follow()
        loading.take_sides()
    typer.echo(
        f"{articles} articles and {people} people were added.\n\n{demo_people.list_of_people(settings.ADDRESS)}\n"
    )
    typer.secho(f"The magazine is at {settings.ADDRESS}/ (stop it with Ctrl-C).", bold=True)
    with running.worker_beside():
        connections.close_all()  # the process it makes must not share one
        serving.run("127.0.0.1", port, workers=1, threads=4)


@app.command()
def sign_in_as(
    who: Annotated[str, typer.Argument(help="ada, ben, cleo, percy, flora, dan, edith, hugo or sue.")],
    port: serving.Port = 8000,
) -> None:
    """Print an address that signs in as one of the demo's people, for ten minutes."""
    _refuse_in_production("signing in as somebody else")
    try:
        typer.echo(demo_views.sign_in_address(who, _demo_at(port)))
    except KeyError:
        raise typer.BadParameter(
            f"there is no {who} in the demo; see `backnumber sign-in-as --help`"
        ) from None


def _demo_at(port: int) -> str:
    return os.environ.get("BACKNUMBER_ADDRESS", "").rstrip("/") or f"http://localhost:{port}"


def _refuse_in_production(what: str) -> None:
    if configuration.is_production():
        raise typer.BadParameter(f"{what} is for the demo: unset BACKNUMBER_MODE to run it")


@app.command()
def setup() -> None:
    """Make the database and the static files ready. Run it after each upgrade; run again, it changes nothing."""
    with setting_up.alone(typer.echo):
        _set_up()
    typer.echo("The database and the static files are ready.")
    if configuration.is_production() and (missing := missing_information()):
        typer.echo(f"{missing} Write them in the admin, under Information.")


def _set_up() -> None:
    if setting_up.has_tables_of_old_names():
        typer.echo(setting_up.OLD_NAMES, err=True)
        raise typer.Exit(1)
    call_command("migrate", interactive=False, verbosity=0)
    running.build_static()
    make_roles()
    load_first_rates()


app.command()(serving.serve)


@app.command()
def worker() -> None:
    """Do the work for later: mails, scheduled publishing, payments to reconcile, the search index."""
    working.work()


@app.command()
def doctor() -> None:
    """Say what is configured, what is missing, and what to do. Exit code 1 when something must be done."""
    must_be_done = False
    for finding in diagnose(timezone.now()):
        must_be_done = must_be_done or finding.state == "wrong"
        mark = {"ok": "✓", "note": "·", "wrong": "✗"}[finding.state]
        colour = {"ok": typer.colors.GREEN, "note": typer.colors.YELLOW, "wrong": typer.colors.RED}[
            finding.state
        ]
        typer.secho(f"{mark} {finding.what}", fg=colour)
        if finding.do:
            typer.echo(f"    {finding.do}")
    raise typer.Exit(1 if must_be_done else 0)


@app.command("settings")
def settings_() -> None:
    """List every setting: its name, what it is for, and whether it is set."""
    for setting in configuration.SETTINGS.values():
        shown = "(secret)" if setting.secret and setting.read() else setting.read() or "(unset)"
        typer.secho(f"{setting.name}={shown}", bold=True)
        typer.echo(f"    {setting.help}")


@app.command()
def staff(
    email: Annotated[str, typer.Argument(help="The e-mail address to sign in with.")],
    forget_second_factor: Annotated[
        bool, typer.Option(help="For who has lost theirs: a new one is set up at the next sign-in.")
    ] = False,
) -> None:
    """Make somebody an administrator of the site; asks for a password if the account is new."""
    try:
        if forget_second_factor:
            running.forget_second_factor(email)
            typer.echo(f"{email} sets up a new second factor at the next sign-in as staff.")
            return
        running.make_administrator(
            email, lambda: typer.prompt("A password", hide_input=True, confirmation_prompt=True)
        )
    except running.NotDone as why:
        typer.secho(str(why), fg="red", err=True)
        raise typer.Exit(1) from why
    typer.echo(f"{email} may now sign in at {configuration.value('BACKNUMBER_ADDRESS')}/admin/.")


@app.command()
def bureau(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="The CSV file of print subscribers.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Report what would change, and change nothing.")
    ] = False,
) -> None:
    """Take in the fulfilment house's file of print subscribers. The report names every line that was refused, and why."""
    try:
        report = import_bureau_file(file, timezone.now(), dry_run=dry_run)
    except UnreadableFile as unreadable:
        typer.echo(f"{file}: {unreadable}")
        raise typer.Exit(1) from None
    typer.echo(report.as_text())


@app.command()
def weekly(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go out, and send nothing.")
    ] = False,
) -> None:
    """Send this week's long read to everyone who asked for it. Stopped half-way and run again, it goes on where it stopped."""
    try:
        report = editions.send_this_week(timezone.now, dry_run=dry_run, progress=_counting("sent"))
    except NothingToSend as nothing:
        typer.echo(f"Nothing was sent: {nothing}.")
        raise typer.Exit(1) from None
    except MailServerAway as away:
        typer.echo(f"The mail server broke off: {away}. Run the command again to go on where it stopped.")
        raise typer.Exit(1) from None
    typer.echo(_told(report))
    raise typer.Exit(0 if report.reached_everybody else 1)


@app.command()
def weekly_import(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV: email, consented, evidence.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Report what would change, and change nothing.")
    ] = False,
) -> None:
    """Take over a list of readers who consented to the weekly mail elsewhere. Every line that is refused is named, with why."""
    try:
        report = import_list(file, timezone.now(), dry_run=dry_run)
    except UnreadableList as unreadable:
        typer.echo(f"{file}: {unreadable}")
        raise typer.Exit(1) from None
    would = "would be " if dry_run else ""
    typer.echo(f"{report.added} {would}added, {report.known} known already, {len(report.refused)} refused.")
    for number, why in report.refused:
        typer.echo(f"line {number}: {why}")


@app.command()
def weekly_bounces(
    mailbox: Annotated[
        Path, typer.Argument(help="A mail, or a file of mails (mbox); - reads one that is piped in.")
    ],
) -> None:
    """Read weekly mails that came back, and complaints, and send nothing more to those addresses."""
    raw = sys.stdin.buffer.read() if str(mailbox) == "-" else mailbox.read_bytes()
    told = [bounces.told_by(mail) for mail in bounces.mails_in(raw)]
    noted = sum(bounces.note(one, timezone.now()) for one in told if one)
    typer.echo(f"{noted} of {len(told)} mails tell of weekly mails that came back.")


def _told(report: editions.SendReport) -> str:
    """No address: what a command says may end in a log."""
    told = "would go to" if report.is_dry_run else "went to"
    count = report.owed - report.refused if report.is_dry_run else report.handed_over
    lines = [f"“{report.subject}” {told} {count} addresses; {report.excluded} left before it went out."]
    if report.refused:
        which = (
            "would be refused" if report.is_dry_run else "were refused: the admin says why, under Recipients"
        )
        lines.append(f"{report.refused} {which}.")
    if report.waiting:
        lines.append(
            f"{report.waiting} wait: the mail server asked for patience. Run the command again later."
        )
    if report.in_doubt:
        lines.append(
            f"{report.in_doubt} may have come twice: a worker or a connection ended before the answer was recorded."
        )
    return "\n".join(lines)


@app.command()
def index() -> None:
    """Make the search index of this machine anew from the database."""
    search.rebuild(_counting("indexed"))


def _counting(what: str) -> Callable[[int, int], None]:
    def show(done: int, of: int) -> None:
        if done == of or done % 100 == 0:
            typer.echo(f"\r{done} of {of} {what}", nl=done == of)

    return show


@app.command()
def shell() -> None:
    """A Python shell with the site's models; for those who know what they do."""
    call_command("shell")
