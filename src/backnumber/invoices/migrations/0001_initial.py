"""What was issued is never changed nor deleted, and its number is the next of its series: the database itself holds both.

TRUNCATE is left to whoever owns the tables: it empties them as a whole, which cannot pass for an edit.
"""

import backnumber.invoices.models
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

KEEP = """
CREATE FUNCTION invoices_never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'what was issued is never changed or deleted: % of %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION invoices_next_number() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM invoices_counter WHERE series = NEW.series AND year = NEW.year AND last = NEW.sequence
    ) THEN
        RAISE EXCEPTION '%-%-% is not the number that was given last', NEW.series, NEW.year, NEW.sequence
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION invoices_one_on() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a counter is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.series, NEW.year, NEW.last) IS DISTINCT FROM (OLD.series, OLD.year, OLD.last + 1) THEN
        RAISE EXCEPTION 'a counter moves by one' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER invoices_never BEFORE UPDATE OR DELETE ON invoices_invoice
    FOR EACH ROW EXECUTE FUNCTION invoices_never();
CREATE TRIGGER invoices_never BEFORE UPDATE OR DELETE ON invoices_creditnote
    FOR EACH ROW EXECUTE FUNCTION invoices_never();
CREATE TRIGGER invoices_next_number BEFORE INSERT ON invoices_invoice
    FOR EACH ROW EXECUTE FUNCTION invoices_next_number();
CREATE TRIGGER invoices_next_number BEFORE INSERT ON invoices_creditnote
    FOR EACH ROW EXECUTE FUNCTION invoices_next_number();
CREATE TRIGGER invoices_one_on BEFORE UPDATE OR DELETE ON invoices_counter
    FOR EACH ROW EXECUTE FUNCTION invoices_one_on();
"""
KEEP_NO_MORE = """
DROP TRIGGER invoices_one_on ON invoices_counter;
DROP TRIGGER invoices_next_number ON invoices_creditnote;
DROP TRIGGER invoices_next_number ON invoices_invoice;
DROP TRIGGER invoices_never ON invoices_creditnote;
DROP TRIGGER invoices_never ON invoices_invoice;
DROP FUNCTION invoices_one_on();
DROP FUNCTION invoices_next_number();
DROP FUNCTION invoices_never();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.CharField(max_length=12)),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('series', 'year'), name='one_counter_a_year')],
            },
        ),
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=backnumber.invoices.models.new_key, editable=False, max_length=40, unique=True)),
                ('reference', models.CharField(max_length=200, unique=True)),
                ('series', models.CharField(max_length=12)),
                ('year', models.PositiveSmallIntegerField()),
                ('sequence', models.PositiveIntegerField()),
                ('issued_at', models.DateTimeField()),
                ('currency', models.CharField(max_length=3)),
                ('minor', models.PositiveBigIntegerField(verbose_name='amount in minor units, tax included')),
                ('facts', models.JSONField()),
                ('owner_key', models.CharField(blank=True, db_index=True, max_length=200)),
            ],
            options={
                'ordering': ('-issued_at', '-id'),
                'constraints': [models.UniqueConstraint(fields=('series', 'year', 'sequence'), name='invoice_number_is_given_once')],
            },
        ),
        migrations.CreateModel(
            name='Seller',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(help_text='The company or person who sells, as registered.', max_length=200)),
                ('address', models.TextField(help_text='As on an envelope, without the country.')),
                ('country', models.CharField(default='GB', help_text='Two letters: GB, IE.', max_length=2, validators=[django.core.validators.RegexValidator('\\A[A-Z]{2}\\Z', 'Give the country by its two letters, as in GB or IE.')])),
                ('company_number', models.CharField(blank=True, max_length=40)),
                ('vat_number', models.CharField(blank=True, help_text='With its letters: GB…, IE…. Empty: you are not registered, and no VAT is charged on anything.', max_length=20, verbose_name='VAT number')),
                ('email', models.EmailField(help_text='For questions about invoices.', max_length=254, verbose_name='e-mail')),
                ('prefix', models.CharField(default='INV', help_text='HG makes HG-2026-00001. Other letters begin a new series, at 1.', max_length=8, validators=[django.core.validators.RegexValidator('\\A[A-Z0-9]{1,8}\\Z', 'One to eight capitals or figures.')], verbose_name='letters before the number')),
            ],
            options={
                'verbose_name': 'seller',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_row_of_seller')],
            },
        ),
        migrations.CreateModel(
            name='CreditNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=backnumber.invoices.models.new_key, editable=False, max_length=40, unique=True)),
                ('reference', models.CharField(max_length=200, unique=True)),
                ('series', models.CharField(max_length=12)),
                ('year', models.PositiveSmallIntegerField()),
                ('sequence', models.PositiveIntegerField()),
                ('issued_at', models.DateTimeField()),
                ('currency', models.CharField(max_length=3)),
                ('minor', models.PositiveBigIntegerField(verbose_name='amount in minor units, tax included')),
                ('facts', models.JSONField()),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='invoices.invoice')),
            ],
            options={
                'ordering': ('-issued_at', '-id'),
                'constraints': [models.UniqueConstraint(fields=('series', 'year', 'sequence'), name='credit_number_is_given_once'), models.CheckConstraint(condition=models.Q(('minor__gt', 0)), name='credit_is_more_than_nothing')],
            },
        ),
        migrations.RunSQL(KEEP, KEEP_NO_MORE),
    ]
