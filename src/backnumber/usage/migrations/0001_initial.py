from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Use',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('investigation', 'investigation'), ('request', 'request'), ('denial', 'denial')], max_length=13)),
                ('article', models.BigIntegerField()),
                ('issue', models.BigIntegerField()),
                ('title', models.BigIntegerField()),
                ('reason', models.CharField(max_length=32)),
                ('access', models.CharField(choices=[('Controlled', 'Controlled'), ('Open', 'Open'), ('Free_To_Read', 'Free_To_Read')], max_length=12)),
                ('institution', models.BigIntegerField(null=True)),
                ('reader_key', models.BinaryField(max_length=8)),
                ('is_robot', models.BooleanField()),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='usage_use_at_db25d0_idx'), models.Index(condition=models.Q(('institution__isnull', False)), fields=['institution', 'at'], name='usage_of_institutions')],
            },
        ),
    ]
