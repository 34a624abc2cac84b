"""Policies and calendars for care managers: to be read as tables, drafted, published; never changed once they are (SPEC 5, 11)."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .calendar_form import CalendarForm, CalendarVersionForm, coming_years, initial_of
from .calendar_preview import countries_of, preview
from .models import Calendar, CalendarVersion, PolicyVersion, SupportPolicy
from .pack_files import PackError, read_pack
from .policies import rules_of
from .policy_words import target_tables
from .publishing import keep_draft
from .record_history import TellsChanges
from .texts import in_language

COUNTED = 1000  # rows; how many more use a policy makes no difference


def used_by(thing):
    """What refers to a row, by kind: [("agreements", "12"), ("cases", "1000+")]; counting stops at `COUNTED`."""
    for relation in thing._meta.related_objects:
        if relation.related_model._meta.app_label != thing._meta.app_label:
            rows = relation.related_model._default_manager.filter(**{relation.field.name: thing})
            count = rows.order_by()[: COUNTED + 1].count()
            yield relation.related_model._meta.verbose_name_plural, f"{COUNTED}+" if count > COUNTED else str(count)


class ReadableAdmin(admin.ModelAdmin):
    """A record that is published and then stays as it is: nobody deletes it, nobody changes it here."""

    show_full_result_count = False
    actions = None

    def has_delete_permission(self, request, obj=None):
        return False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description=pgettext_lazy("record", "used by"))
    def used(self, obj):
        return format_html_join(", ", "{}: {}", used_by(obj)) or "–"

    @admin.display(description=_("name"))
    def words(self, obj):
        return in_language(obj.name)


class DraftAdmin(TellsChanges, ReadableAdmin):
    """Versions: drafts can be made and changed, what is published cannot. Publishing is a page of the care desk, which knows the cases."""

    def has_add_permission(self, request):
        return admin.ModelAdmin.has_add_permission(self, request)

    def has_change_permission(self, request, obj=None):
        return (obj is None or obj.published_at is None) and admin.ModelAdmin.has_change_permission(self, request, obj)

    def get_changeform_initial_data(self, request):
        """A new draft begins with the version that it is copied from, or else with the latest one of its kind."""
        copied, latest_of = request.GET.get("copy", ""), request.GET.get(self.of_what, "")
        rows = (
            self.model.objects.filter(pk=copied)
            if copied.isdecimal()
            else self.model.objects.filter(**{f"{self.of_what}__code": latest_of if latest_of.isprintable() else ""})
        )
        row = rows.order_by("-number").first()
        return self.initial_from(row) if row else self.initial_of_none()

    def initial_of_none(self):
        return {}


class VersionInline(admin.TabularInline):
    """The history of a policy or calendar: each version, when it was published, and the way to it."""

    extra = 0
    fields = readonly_fields = ["number", "published_at"]
    show_change_link = True
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).defer("definition" if self.model is CalendarVersion else "rules").order_by("-number")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class PolicyVersionInline(VersionInline):
    model = PolicyVersion


class CalendarVersionInline(VersionInline):
    model = CalendarVersion


@admin.register(SupportPolicy)
class SupportPolicyAdmin(ReadableAdmin):
    list_display = ["code", "words", "is_default", "published_number", "used"]
    fields = readonly_fields = ["code", "words", "is_default", "used"]
    ordering = ["code"]
    inlines = [PolicyVersionInline]

    def get_queryset(self, request):
        published = Max("versions__number", filter=Q(versions__published_at__isnull=False))
        return super().get_queryset(request).annotate(published=published)

    @admin.display(description=_("published version"))
    def published_number(self, obj):
        return obj.published


class PolicyVersionForm(forms.ModelForm):
    """A pack file is the form of a policy: what is wrong in it is told line by line, and nothing typed is lost."""

    source = forms.CharField(
        label=_("pack file"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 40, "cols": 120, "spellcheck": "false"}),
        help_text=_("Start from the text of the latest version and raise its number. Every text is needed in four languages."),
    )

    class Meta:
        model = PolicyVersion
        fields = ["source"]

    def clean_source(self):
        source = self.cleaned_data["source"].replace("\r\n", "\n")
        try:
            published = Calendar.objects.filter(versions__published_at__isnull=False)
            self.pack = read_pack(source, calendars=set(published.values_list("code", flat=True)))
        except PackError as error:
            raise ValidationError([str(mistake) for mistake in error.mistakes]) from error
        self._refuse_other_version()
        return source

    def _refuse_other_version(self):
        """A draft stays the draft of its policy and number; another number is a draft of its own."""
        code, number = self.pack.rules.code, self.pack.rules.version
        taken = PolicyVersion.objects.filter(policy__code=code, number=number).exclude(pk=self.instance.pk)
        if taken.exists():
            raise ValidationError(_("Version %(number)s exists already. Raise the version.") % {"number": number})
        if self.instance.pk and self.instance.policy.code != code:
            raise ValidationError(_("This draft belongs to another policy. Make a new draft."))


@admin.register(PolicyVersion)
class PolicyVersionAdmin(DraftAdmin):
    form = PolicyVersionForm
    list_display = ["policy", "number", "published_at", "used"]
    list_filter = ["policy"]
    list_select_related = ["policy"]
    ordering = ["policy__code", "-number"]
    of_what = "policy"

    def get_fields(self, request, obj=None):
        return [*self.get_readonly_fields(request, obj), *(["source"] if self.has_change_permission(request, obj) else [])]

    def get_readonly_fields(self, request, obj=None):
        return ["policy", "number", "published_at", "used"] if obj else []

    def save_model(self, request, obj, form, change):
        saved = keep_draft(form.pack, source=form.cleaned_data["source"], draft=obj if change else None)
        obj.__dict__.update(saved.__dict__)

    def initial_from(self, row):
        return {"source": row.source}

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            rules = rules_of(obj)
            context |= {"rules": rules, "tables": target_tables(rules), "can_publish": self.has_change_permission(request, obj)}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


@admin.register(Calendar)
class CalendarAdmin(ReadableAdmin):
    form = CalendarForm
    list_display = ["code", "words", "used"]
    ordering = ["code"]
    inlines = [CalendarVersionInline]

    def has_add_permission(self, request):
        return admin.ModelAdmin.has_add_permission(self, request)

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def get_fields(self, request, obj=None):
        return ["code", "words", "used"] if obj else ["code", "name_en", "name_fr", "name_ja", "name_ru"]

    def get_readonly_fields(self, request, obj=None):
        return ["code", "words", "used"] if obj else []


@admin.register(CalendarVersion)
class CalendarVersionAdmin(DraftAdmin):
    form = CalendarVersionForm
    list_display = ["calendar", "number", "published_at", "used"]
    list_filter = ["calendar"]
    list_select_related = ["calendar"]
    ordering = ["calendar__code", "-number"]
    of_what = "calendar"

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows if request.resolver_match.url_name.endswith("_change") else rows.defer("definition")

    def get_fields(self, request, obj=None):
        edited = [name for name in CalendarVersionForm.base_fields if name != "calendar"]
        shown = self.get_readonly_fields(request, obj)
        return [*shown, *edited] if self.has_change_permission(request, obj) and obj else shown or ["calendar", *edited]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        return [
            "calendar",
            "number",
            "published_at",
            *([] if self.has_change_permission(request, obj) else ["time_zone"]),
            "used",
        ]

    @admin.display(description=_("time zone"))
    def time_zone(self, obj):
        return obj.definition.get("tz") or _("Customer local time")

    def initial_from(self, row):
        return {"calendar": row.calendar_id, **initial_of(row.definition)}

    def initial_of_none(self):
        return coming_years()

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            countries = countries_of(obj)
            asked = request.GET.get("country", "")
            country = asked if asked in countries else next(iter(countries), "")
            weeks = preview(obj, country=country, first=timezone.localdate())
            context |= {"weeks": weeks, "countries": countries, "country": country}
            context["can_publish"] = self.has_change_permission(request, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)
