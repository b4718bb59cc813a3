"""An edition and each of its sends have a state; what had been sent, refused or excluded before keeps its own."""

import django.db.models.deletion
from django.db import migrations, models

TO_STATES = """
UPDATE longread_edition SET state = CASE WHEN finished_at IS NULL THEN 'paused' ELSE 'finished' END;
UPDATE longread_send SET
    state = CASE WHEN handed_over_at IS NOT NULL THEN 'handed over' WHEN refused_at IS NOT NULL THEN 'refused'
                 WHEN excluded_because <> '' THEN 'excluded' ELSE 'prepared' END,
    reason = CASE WHEN excluded_because <> '' THEN excluded_because ELSE last_error END,
    settled_at = COALESCE(handed_over_at, refused_at),
    due_at = longread_edition.frozen_at
    FROM longread_edition WHERE longread_edition.id = edition_id;
ALTER TABLE longread_send ALTER due_at SET NOT NULL;
"""
FROM_STATES = """
ALTER TABLE longread_send ALTER due_at DROP NOT NULL;
UPDATE longread_send SET
    handed_over_at = CASE WHEN state IN ('handed over', 'bounced', 'complained') THEN settled_at END,
    refused_at = CASE WHEN state = 'refused' THEN settled_at END,
    excluded_because = CASE WHEN state = 'excluded' THEN left(reason, 100) ELSE '' END,
    last_error = CASE WHEN state = 'excluded' THEN '' ELSE reason END;
"""
STATES = [('prepared', 'prepared'), ('excluded', 'excluded'), ('handed over', 'handed over'), ('refused', 'refused'), ('bounced', 'bounced'), ('complained', 'complained')]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('longread', '0001_initial'),
    ]

    operations = [
        migrations.AddField('edition', 'state', models.CharField(choices=[('frozen', 'frozen'), ('sending', 'sending'), ('paused', 'paused'), ('finished', 'finished')], default='frozen', max_length=8)),
        migrations.AddField('send', 'state', models.CharField(choices=STATES, default='prepared', max_length=11)),
        migrations.AddField('send', 'reason', models.TextField(blank=True, default=''), preserve_default=False),
        migrations.AddField('send', 'due_at', models.DateTimeField(null=True)),
        migrations.AddField('send', 'settled_at', models.DateTimeField(blank=True, null=True, verbose_name='in this state since')),
        migrations.AddField('send', 'claimed_by', models.PositiveIntegerField(blank=True, null=True)),
        migrations.AddField('send', 'in_doubt', models.BooleanField(default=False)),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TO_STATES, FROM_STATES)],
            state_operations=[migrations.AlterField('send', 'due_at', models.DateTimeField())],
        ),
        migrations.RemoveIndex('send', 'longread_se_edition_f2ec13_idx'),
        migrations.RemoveField('send', 'handed_over_at'),
        migrations.RemoveField('send', 'excluded_because'),
        migrations.RemoveField('send', 'refused_at'),
        migrations.RemoveField('send', 'last_error'),
        migrations.AlterField('send', 'recipient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sends', to='longread.recipient')),
        migrations.AddIndex('send', models.Index(condition=models.Q(('state', 'prepared')), fields=['edition', 'due_at', 'id'], name='send_next')),
        migrations.AddIndex('send', models.Index(condition=models.Q(('state', 'prepared')), fields=['claimed_by'], name='send_claimed')),
    ]
