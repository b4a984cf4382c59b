from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("masterplan", "0002_outline_narratives_opinions_enactment"),
    ]

    operations = [
        migrations.AlterField(
            model_name="bookfile",
            name="kind",
            field=models.CharField(choices=[("pdf", "PDF"), ("word", "Word"), ("pptx", "PowerPoint")], max_length=6),
        ),
    ]
