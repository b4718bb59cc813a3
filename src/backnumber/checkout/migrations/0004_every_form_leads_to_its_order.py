from django.conf import settings
from django.db import migrations, models


def keep_tokens(apps, schema_editor):
    order, form_key = apps.get_model("checkout", "Order"), apps.get_model("checkout", "FormKey")
    kept = order.objects.filter(reader__isnull=False).exclude(token="").values_list("reader", "token", "pk")
    form_key.objects.bulk_create(
        [form_key(reader_id=reader, key=token, order_id=pk) for reader, token, pk in kept.iterator()], batch_size=1000
    )


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0003_days_and_no_end"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FormKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40, verbose_name="the form's key")),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE, related_name="form_keys", to="checkout.order"
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="formkey",
            constraint=models.UniqueConstraint(
                fields=("reader", "key", "order"), name="form_key_leads_to_order_once"
            ),
        ),
        migrations.RunPython(keep_tokens, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="order", name="one_order_per_form"),
        migrations.RemoveField(model_name="order", name="token"),
    ]
