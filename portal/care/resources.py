"""Small exports of the back office: people and organizations as CSV, by named columns (STACK 2.2). Cases have `cases.exports`, which streams."""

from import_export.admin import ExportMixin
from import_export.fields import Field
from import_export.formats.base_formats import CSV
from import_export.resources import ModelResource

from cases.csv_text import BYTE_ORDER_MARK, safe_text
from cases.models import Organization, User

from .trail import log_export

MOST_ROWS = 10_000  # the package builds the whole file in memory
ORGANIZATION_COLUMNS = {
    "name": "name",
    "short_name": "short_name",
    "organization_id": "organization_id",
    "cloud_region": "cloud_region",
    "country": "country",
    "time_zone": "time_zone",
    "language": "language",
    "support_region": "support_region",
    "phone_region": "phone_region",
    "tam": "tam__email",
}
PEOPLE_COLUMNS = {
    "email": "email",
    "name": "name",
    "phone": "phone",
    "language": "language",
    "time_zone": "time_zone",
    "is_staff": "is_staff",
    "is_active": "is_active",
}


class SafeResource(ModelResource):
    """Cells that no spreadsheet takes for a formula."""

    def export_field(self, field, instance, **options):
        return safe_text(str(super().export_field(field, instance, **options)))


def resource_of(rows_model, columns):
    """The resource with these columns (name -> attribute) and no others."""

    class Meta:
        model = rows_model
        fields = list(columns)
        export_order = list(columns)

    named = {name: Field(attribute=attribute, column_name=name) for name, attribute in columns.items()}
    return type(f"{rows_model.__name__}Resource", (SafeResource,), {**named, "Meta": Meta})


OrganizationResource = resource_of(Organization, ORGANIZATION_COLUMNS)
PeopleResource = resource_of(User, PEOPLE_COLUMNS)


class SpreadsheetCSV(CSV):
    """CSV that a spreadsheet opens with every letter intact."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def export_data(self, dataset, **options):
        return BYTE_ORDER_MARK + super().export_data(dataset, **options)


class RecordExport(ExportMixin):
    """An export of the list with its filter: by permission, within one's regions, with an entry in the trail."""

    formats = [SpreadsheetCSV]
    skip_export_form = True

    def has_export_permission(self, request):
        return request.user.has_perm(f"{self.opts.app_label}.export_{self.opts.model_name}")

    def get_export_queryset(self, request):
        return super().get_export_queryset(request)[:MOST_ROWS]

    def export_action(self, request):
        answer = super().export_action(request)
        log_export(request.user, self.model, request.GET.urlencode())
        return answer
