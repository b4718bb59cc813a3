"""Jobs that have sent their mail held the whole of it, sign-in codes too: they go. Those that wait are carried over by their task."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("post", "0001_outgoing_mail"), ("procrastinate", "0041_post_retry_failed_job")]

    operations = [
        migrations.RunSQL(
            "DELETE FROM procrastinate_jobs"
            " WHERE task_name = 'backnumber.post.tasks.deliver' AND status NOT IN ('todo', 'doing')",
            migrations.RunSQL.noop,
        ),
    ]
