from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('remarks', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='remark',
            name='answer',
            field=models.TextField(blank=True, default=''),
            preserve_default=False,
        ),
    ]
