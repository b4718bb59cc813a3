import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('archive', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('html-issues', 'One HTML file an issue'), ('wxr', 'WordPress export'), ('month', 'Month of a WordPress export')], max_length=16)),
                ('key', models.CharField(max_length=300)),
                ('file', models.CharField(max_length=300)),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('values', models.JSONField(default=dict, help_text='A digest of each field of the issue as it was last brought in.')),
                ('findings', models.JSONField(default=list, help_text='What the report said of this file, so that it can say it again.')),
                ('issue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sources', to='archive.issue')),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='archive.title')),
            ],
        ),
        migrations.CreateModel(
            name='Piece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=300)),
                ('line', models.PositiveIntegerField(default=0)),
                ('values', models.JSONField(default=dict, help_text='A digest of each field as it was last brought in.')),
                ('gone', models.BooleanField(default=False, help_text='No longer in the source; the article stays.')),
                ('article', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='origins', to='archive.article')),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='archive.title')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='intake.source')),
            ],
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.UniqueConstraint(fields=('title', 'kind', 'key'), name='one_source_per_identity'),
        ),
        migrations.AddConstraint(
            model_name='piece',
            constraint=models.UniqueConstraint(fields=('title', 'key'), name='one_piece_per_identity'),
        ),
    ]
