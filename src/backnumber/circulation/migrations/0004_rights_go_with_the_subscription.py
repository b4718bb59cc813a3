"""A print subscription that is deleted, however it is deleted, ends the online right that was claimed with it; one whose number is
put right takes its rights along.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION circulation_subscription_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE subscriptions_grant
    SET revoked_at = now(), revoked_because = 'the print subscription was removed'
    WHERE evidence = 'print-subscription' AND starts_with(evidence_key, OLD.number || ':')
    AND revoked_at IS NULL AND (until IS NULL OR until > now());
    RETURN NULL;
END $$;

CREATE FUNCTION circulation_subscription_renumbered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE subscriptions_grant
    SET evidence_key = NEW.number || substr(evidence_key, length(OLD.number) + 1)
    WHERE evidence = 'print-subscription' AND starts_with(evidence_key, OLD.number || ':');
    RETURN NULL;
END $$;

CREATE TRIGGER circulation_subscription_gone AFTER DELETE ON circulation_printsubscription
    FOR EACH ROW EXECUTE FUNCTION circulation_subscription_gone();

CREATE TRIGGER circulation_subscription_renumbered AFTER UPDATE OF number ON circulation_printsubscription
    FOR EACH ROW WHEN (OLD.number <> NEW.number) EXECUTE FUNCTION circulation_subscription_renumbered();
"""
BACKWARDS = """
DROP TRIGGER circulation_subscription_renumbered ON circulation_printsubscription;
DROP TRIGGER circulation_subscription_gone ON circulation_printsubscription;
DROP FUNCTION circulation_subscription_renumbered();
DROP FUNCTION circulation_subscription_gone();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("circulation", "0003_one_spelling_of_a_mailbox"),
        ("subscriptions", "0002_years_and_kept_issues"),
    ]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
