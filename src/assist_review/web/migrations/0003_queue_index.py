"""One index in the order of the queue, with all that it filters and counts by, in place of four narrow ones."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """After the first tables."""

    dependencies = [("web", "0002_append_only")]
    operations = [
        migrations.AlterField("filingrecord", "due", models.DateField(null=True)),
        migrations.AlterField("filingrecord", "grade", models.CharField(blank=True, max_length=12)),
        migrations.AlterField("filingrecord", "province", models.CharField(blank=True, max_length=30)),
        migrations.AlterField("filingrecord", "state", models.CharField(default="S0", max_length=4)),
        migrations.AddIndex(
            "filingrecord",
            models.Index(
                condition=models.Q(("submitted_at__isnull", False)),
                fields=[
                    "finished_at",
                    "due",
                    "id",
                    "submitted_at",
                    "state",
                    "state_since",
                    "grade",
                    "route",
                    "province",
                    "sector",
                    "assignee",
                    "second_reader",
                    "organisation",
                    "number",
                    "name",
                ],
                name="filings_in_queue",
            ),
        ),
    ]
