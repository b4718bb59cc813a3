import django.core.validators
from django.db import migrations, models


def drop_prices_of_nothing(apps, schema_editor):
    """They could never be paid: no provider takes a payment of nothing. The product is then not sold in that region."""
    apps.get_model("newsstand", "Price").objects.filter(minor=0).delete()


class Migration(migrations.Migration):
    dependencies = [("newsstand", "0002_every_scope_in_months_or_days")]

    operations = [
        migrations.RunPython(drop_prices_of_nothing, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="price",
            name="minor",
            field=models.PositiveIntegerField(
                validators=[django.core.validators.MinValueValidator(1)], verbose_name="amount in minor units"
            ),
        ),
        migrations.AlterField(
            model_name="price", name="currency", field=models.CharField(default="GBP", max_length=3)
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(
                condition=models.Q(("minor__gt", 0)), name="price_is_more_than_nothing"
            ),
        ),
    ]
