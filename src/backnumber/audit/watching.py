"""Which tables are watched. Every table of ours is, and the account's of others', but those named here; triggers are made anew
after each migration, so that a new room's tables are watched without anybody's thinking of it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connections
from django.db.models import Model

# What the machine writes for itself, and what is kept elsewhere as it is: none of it is a change that staff make.
NOT_WATCHED = {
    "audit": "the log itself",
    "meter": "reads counted",
    "usage": "uses counted",
    "passes": "passes issued",
    "edge": "stored pages",
    "search": "the ledger of changes the index follows",
    "till": "the demo's payment provider",
    "monitoring": "the machine's own state",
    "intake": "imports, which have reports of their own",
    "circulation.claimattempt": "tries counted, for two days",
    "copies.label": "labels of a frozen run, which the database keeps as they are",
    "copies.copy": "copies of a frozen run, kept in the same way",
    "copies.sentfile": "files as they were made, kept in the same way",
    "copies.skipped": "what a freeze left out",
    "copies.toldline": "what a house was told last",
    "readers.device": "sessions",
    "readers.endeddevice": "sessions",
    "checkout.formkey": "forms sent",
    "mail.mail": "outgoing mail; what staff send again is an act",
    "payments.webhookevent": "what the provider tells",
    "staff.formeraddress": "which the database writes itself",
    "archive.appearance": "where pictures stand, counted by the machine",
    "invoices.counter": "the last number of invoices",
    "longread.formertoken": "links in old mails",
    "editorial.bulkrow": "what a change of many articles did to each; the change and the articles are watched",
    "longread.send": "the weekly mail to each recipient",
    "longread.consent": "what readers said of the weekly mail, which is itself a record",
    "longread.suppression": "digests of addresses that mails came back from",
    "longread.mailevent": "what mail providers tell",
    "renewals.notice": "mails that were sent",
}
OF_OTHERS = {
    "auth.group",
    "auth.group_permissions",
    "account.emailaddress",
    "mfa.authenticator",
    "wagtailcore.workflow",
    "wagtailcore.task",
    "wagtailcore.groupcollectionpermission",
}
# Columns of which only is said that they changed: secrets, files, and the text of articles, which leaves the archive by the gate alone.
UNTOLD = {
    "readers.reader": {"password", "last_login"},
    "mfa.authenticator": {"data"},
    "archive.article": {"body", "standfirst"},
    "circulation.bureaufile": {"content"},
    "gifts.giftlink": {"token_digest"},
    "presents.present": {"code_digest", "message"},
    "renewals.subscription": {"mandate_key", "card_asked"},
    "payments.payment": {"mandate_key", "charged", "address"},
}


@dataclass(frozen=True, slots=True)
class Watched:
    """`what` is the model's label; `key` its column."""

    table: str
    what: str
    key: str
    untold: tuple[str, ...]

    @property
    def trigger(self) -> str:
        said = repr((self.what, self.key, self.untold))
        return f"audit_{hashlib.sha256(said.encode()).hexdigest()[:10]}"


def watched() -> Iterator[Watched]:
    """Promise: every table that is watched, once."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and is_watched(model):
            label = model._meta.label_lower
            yield Watched(
                model._meta.db_table,
                label,
                str(model._meta.pk.column),
                tuple(sorted(UNTOLD.get(label, set()))),
            )


def is_watched(model: type[Model]) -> bool:
    label, app = model._meta.label_lower, model._meta.app_label
    if label in OF_OTHERS:
        return True
    config = apps.get_app_config(app)
    return config.name.startswith("backnumber.") and not {label, app} & NOT_WATCHED.keys()


_THERE = """
SELECT c.relname, t.tgname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND p.proname = 'audit_change' AND c.relnamespace = 'public'::regnamespace
"""
_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
_ACTS = """
CREATE OR REPLACE TRIGGER audit_act AFTER INSERT ON wagtailcore_modellogentry
FOR EACH ROW WHEN (NEW.user_id IS NOT NULL) EXECUTE FUNCTION audit_act()
"""


def watch(using: str = "default") -> None:
    """Promise: the watched tables, and no others, have the trigger; where nothing is missing, three queries that change nothing."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regproc('audit_change') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
        cursor.execute(_THERE)
        there = set(cursor.fetchall())
        cursor.execute(_TABLES)
        tables = {name for (name,) in cursor.fetchall()}
        wanted = {(one.table, one.trigger): one for one in watched() if one.table in tables}
        for table, trigger in there - wanted.keys():
            cursor.execute(f'DROP TRIGGER "{trigger}" ON "{table}"')
        for (table, trigger), one in wanted.items():
            if (table, trigger) not in there:
                cursor.execute(
                    f'CREATE TRIGGER "{trigger}" AFTER INSERT OR UPDATE OR DELETE ON "{table}" FOR EACH ROW '
                    "WHEN (current_setting('backnumber.actor', true) <> '') EXECUTE FUNCTION audit_change(%s, %s, %s)",
                    [one.what, one.key, "{" + ",".join(one.untold) + "}"],
                )
        cursor.execute("SELECT to_regclass('wagtailcore_modellogentry') IS NOT NULL")
        if cursor.fetchone()[0]:
            cursor.execute("SELECT 1 FROM pg_trigger WHERE tgname = 'audit_act'")
            if cursor.fetchone() is None:
                cursor.execute(_ACTS)
