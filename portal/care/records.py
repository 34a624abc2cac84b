"""How records are shown in the admin: only those of one's support regions, without counting whole tables, never deleted (HOUSE "Admin")."""

from django.contrib import admin
from django.core.paginator import Paginator
from django.forms.models import BaseInlineFormSet
from django.utils.functional import cached_property

from sla.record_history import TellsChanges

COUNTED = 1000  # rows; a list says how many there are up to here


class CappedPaginator(Paginator):
    """Counts up to `COUNTED` rows: a table of a million cases costs what one of a thousand does."""

    @cached_property
    def count(self):
        return self.object_list[:COUNTED].count()


class RegionScope:
    """For model admins and inlines: rows, and the choices of their fields, are what the care user may see (SAFETY 1)."""

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        choices = db_field.remote_field.model._default_manager.all()
        if hasattr(choices, "visible_to"):
            kwargs["queryset"] = choices.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None):
        return False


class RecordAdmin(TellsChanges, RegionScope, admin.ModelAdmin):
    """A record that managers keep."""

    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50
    list_max_show_all = 50
    actions = None
    list_select_related = True


class LabeledFormSet(BaseInlineFormSet):
    """Rows of a table in the admin whose fields say what they are: the heads of the columns are no labels (WCAG 1.3.1)."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            if not field.widget.is_hidden:
                getattr(field.widget, "widget", field.widget).attrs["aria-label"] = field.label


class ReadOnly:
    """What changes through actions alone, or not at all: to be looked at."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
