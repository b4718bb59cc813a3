from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='HelpDesk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'permissions': [('explain_access', 'Can see why a reader may or may not read an article'), ('give_access', 'Can give a reader a right by hand, and withdraw one')],
                'managed': False,
                'default_permissions': (),
            },
        ),
    ]
