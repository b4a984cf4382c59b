"""The joint commitment, its lists and obligations, addenda, and offices that change hands."""

import django.db.models.deletion
import django.utils.timezone
import praja.foundation.accounts.reach
import uuid6
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0005_identities"),
        ("accounts", "__first__"),
        ("documents", "0001_initial"),
        ("plans", "0004_indicators_of_targets"),
    ]

    operations = [
        migrations.CreateModel(
            name="Commitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid6.uuid7, editable=False, unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "organisation_path",
                    praja.foundation.accounts.reach.PathField(db_index=True, editable=False, max_length=120),
                ),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("number", models.CharField(blank=True, max_length=80, verbose_name="number")),
                ("considerations", models.TextField(blank=True, verbose_name="considerations")),
                ("legal_bases", models.TextField(blank=True, verbose_name="legal bases")),
                ("points", models.TextField(blank=True, verbose_name="what is promised together")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="day of the signing")),
                (
                    "settle_until",
                    models.DateField(blank=True, null=True, verbose_name="agencies settle their lists until"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Being drawn up"), ("settling", "With the agencies"), ("frozen", "Frozen")],
                        default="draft",
                        max_length=8,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.edition"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="documents.edition",
                        verbose_name="edition of the masterplan",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="commitments", to="plans.plan"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("edition",),
                        name="one_commitment_for_each_edition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("document__isnull", False), ("state", "frozen")),
                            models.Q(models.Q(("state", "frozen"), _negated=True), ("document__isnull", True)),
                            _connector="OR",
                        ),
                        name="frozen_commitment_has_its_document",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Addendum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid6.uuid7, editable=False, unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "organisation_path",
                    praja.foundation.accounts.reach.PathField(db_index=True, editable=False, max_length=120),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("settling", "With the agency"), ("frozen", "Frozen")],
                        default="settling",
                        max_length=8,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.edition"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="addenda", to="documents.edition"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="addenda", to="accounts.organisation"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="addenda", to="commitment.commitment"
                    ),
                ),
            ],
            options={
                "ordering": ("commitment", "organisation", "number"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "settling"), ("withdrawn_at", None)),
                        fields=("commitment", "organisation"),
                        name="one_open_addendum_for_each_agency",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("commitment", "organisation", "number"),
                        name="number_of_an_addendum_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("document__isnull", False), ("state", "frozen")),
                            models.Q(models.Q(("state", "frozen"), _negated=True), ("document__isnull", True)),
                            _connector="OR",
                        ),
                        name="frozen_addendum_has_its_document",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgencyList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid6.uuid7, editable=False, unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "organisation_path",
                    praja.foundation.accounts.reach.PathField(db_index=True, editable=False, max_length=120),
                ),
                ("accepted_at", models.DateTimeField(null=True)),
                ("accepted_name", models.CharField(blank=True, max_length=200)),
                ("accepted_office", models.CharField(blank=True, max_length=220)),
                ("accepted_decree", models.CharField(blank=True, max_length=300)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("reminded_at", models.DateTimeField(null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "addendum",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="list",
                        to="commitment.addendum",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitment_lists",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lists", to="commitment.commitment"
                    ),
                ),
            ],
            options={
                "ordering": ("organisation__name", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                            models.Q(("accepted_at__isnull", True), ("accepted_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="agency_list_accepted_by_and_at",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("addendum", None), ("withdrawn_at", None)),
                        fields=("commitment", "organisation"),
                        name="one_list_for_each_agency",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Obligation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid6.uuid7, editable=False, unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "organisation_path",
                    praja.foundation.accounts.reach.PathField(db_index=True, editable=False, max_length=120),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("programme", "Programme"),
                            ("innovation", "Innovation"),
                            ("action", "Action"),
                            ("quick_win", "Quick win"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("source_uid", models.UUIDField()),
                ("title", models.CharField(max_length=400, verbose_name="title")),
                ("facts", models.JSONField(default=dict)),
                ("before", models.JSONField(null=True)),
                (
                    "change",
                    models.CharField(
                        blank=True,
                        choices=[("added", "Added"), ("changed", "Changed"), ("removed", "Taken out")],
                        max_length=7,
                    ),
                ),
                ("year_from", models.PositiveSmallIntegerField(null=True, verbose_name="first year")),
                ("year_to", models.PositiveSmallIntegerField(null=True, verbose_name="last year")),
                ("money_rupiah", models.BigIntegerField(default=0, verbose_name="money")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waits for the agency"),
                            ("accepted", "Accepted"),
                            ("contested", "Contested"),
                            ("dropped", "Dropped"),
                        ],
                        default="proposed",
                        max_length=9,
                    ),
                ),
                ("contest_reason", models.TextField(blank=True, verbose_name="why it is contested")),
                ("answer", models.TextField(blank=True, verbose_name="answer of the secretariat")),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="obligations",
                        to="commitment.agencylist",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("list", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("list", "kind", "source_uid"), name="obligation_once_in_a_list"),
                    models.UniqueConstraint(fields=("list", "number"), name="number_of_an_obligation_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "contested"), _negated=True),
                            models.Q(("contest_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="obligation_contested_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "dropped"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="obligation_dropped_with_an_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("money_rupiah__gte", 0), ("money_rupiah__lte", 100000000000000000)),
                        name="obligation_is_whole_rupiah_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PositionHandover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid6.uuid7, editable=False, unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "organisation_path",
                    praja.foundation.accounts.reach.PathField(db_index=True, editable=False, max_length=120),
                ),
                ("obligations", models.PositiveSmallIntegerField()),
                ("money_rupiah", models.BigIntegerField(default=0)),
                ("sheet", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("accepted_at", models.DateTimeField(null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "leaver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="position_handovers",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="position_handovers", to="plans.plan"
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                            models.Q(("accepted_at__isnull", True), ("accepted_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="position_handover_accepted_by_and_at",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                        fields=("organisation",),
                        name="an_office_is_handed_over_once_at_a_time",
                    ),
                ],
            },
        ),
    ]
