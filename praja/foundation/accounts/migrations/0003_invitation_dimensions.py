from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_roles_for_a_time_and_by_dimension'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='dimensions',
            field=models.JSONField(blank=True, default=list),
        ),
    ]
