from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0006_plausible_dates"),
    ]

    operations = [
        migrations.AddField(
            "contributor", "filed_by_hand", models.BooleanField(default=False, editable=False)
        ),
        migrations.AlterField(
            "contributor",
            "sort_name",
            models.CharField(
                blank=True,
                help_text="As in an index: surname, forename. Empty: filed by its surname.",
                max_length=200,
            ),
        ),
    ]
