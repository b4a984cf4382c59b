"""The admin as most projects would set it up, with import and export."""

from django.contrib import admin
from import_export import fields, resources, widgets
from import_export.admin import ImportExportModelAdmin

from benchmarks.baseline.models import Agency, Innovation


class InnovationResource(resources.ModelResource):
    """The columns of the foreign sheet."""

    title = fields.Field("title", "Nama Inovasi")
    dimension = fields.Field("dimension", "Dimensi")
    agency = fields.Field("agency", "Perangkat Daerah", widget=widgets.ForeignKeyWidget(Agency, "name"))
    is_it = fields.Field("is_it", "Jenis (IT/Non IT)", widget=widgets.BooleanWidget())
    summary = fields.Field("summary", "Ringkasan")
    goal = fields.Field("goal", "Tujuan")
    benefit = fields.Field("benefit", "Manfaat")
    start_year = fields.Field("start_year", "Tahun", widget=widgets.IntegerWidget())

    class Meta:
        model = Innovation
        import_id_fields = ("title",)
        fields = ("title", "dimension", "agency", "is_it", "summary", "goal", "benefit", "start_year")


@admin.register(Innovation)
class InnovationAdmin(ImportExportModelAdmin):
    """List with filters, 50 a page."""

    resource_classes = [InnovationResource]
    list_display = ("title", "agency", "dimension", "state", "is_it")
    list_filter = ("dimension", "state", "is_it")
    list_select_related = ("agency",)
    list_per_page = 50
    raw_id_fields = ("agency",)
