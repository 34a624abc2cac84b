"""The records of the back office: people and organizations to be kept, cases and mails to be looked at (SPEC 11).

The pages in which cases are worked on are the care desk's own, in `portal.care`.
"""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases import outbox
from cases.models import (
    Activity,
    Agreement,
    Case,
    Membership,
    Organization,
    OrganizationPhone,
    OutboxMessage,
    SupportRegion,
    User,
)
from cases.models.cases import key_of
from sla.models import Clock

from .care import subscribers  # noqa: F401 (importing registers it)
from .care.attention import without_agreement, without_role
from .care.record_forms import AgreementForm, MembershipForm, MembershipFormSet, OrganizationForm, UserForm
from .care.records import LabeledFormSet, ReadOnly, RecordAdmin, RegionScope
from .care.resources import OrganizationResource, PeopleResource, RecordExport


# --- organizations -----------------------------------------------------------------------------------------------------
class PhoneInline(RegionScope, admin.TabularInline):
    model = OrganizationPhone
    formset = LabeledFormSet
    extra = 0

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)


class MembershipInline(RegionScope, admin.TabularInline):
    """Contacts and colleagues. Who leaves is deactivated, never deleted (SPEC 1)."""

    model = Membership
    form = MembershipForm
    formset = MembershipFormSet
    extra = 0
    raw_id_fields = ["user"]  # the admin's autocomplete writes style attributes, which our content security policy refuses


class AgreementInline(RegionScope, admin.StackedInline):
    """An agreement is made once and can be ended; a change of plan is a new one."""

    model = Agreement
    form = AgreementForm
    extra = 0


class LacksFilter(admin.SimpleListFilter):
    """Organizations that lack something they should have; the admin's home leads here."""

    title = _("what is missing")
    parameter_name = "lacks"

    def lookups(self, request, model_admin):
        return [
            ("primary", _("Primary contact")),
            ("backup", _("Backup contact")),
            ("agreement", _("Agreement in force")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "agreement":
            return without_agreement(queryset, timezone.now().date())
        roles = {"primary": Membership.Role.PRIMARY, "backup": Membership.Role.BACKUP}
        return without_role(queryset, roles[self.value()]) if self.value() in roles else queryset


@admin.register(Organization)
class OrganizationAdmin(RecordExport, RecordAdmin):
    resource_classes = [OrganizationResource]
    form = OrganizationForm
    list_display = ["name", "short_name", "cloud_region", "country", "support_region", "tam"]
    list_filter = [LacksFilter, "support_region", "cloud_region"]
    search_fields = ["name", "short_name"]
    ordering = ["name"]
    raw_id_fields = ["tam"]
    inlines = [PhoneInline, MembershipInline, AgreementInline]

    def get_readonly_fields(self, request, obj=None):
        """Short name and ID are what customers and systems know it by: never changed once set (SPEC 1)."""
        return ["short_name", "cloud_region", "organization_id"] if obj else []

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        """Nobody moves an organization into a support region that they are not cleared for themselves."""
        if db_field.name == "support_region":
            kwargs["choices"] = [choice for choice in SupportRegion.choices if choice[0] in request.user.support_regions]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


# --- people ------------------------------------------------------------------------------------------------------------
class OwnMembershipInline(RegionScope, ReadOnly, admin.TabularInline):
    """Where the person belongs; roles are kept on the organization's page."""

    model = Membership
    extra = 0


@admin.register(User)
class UserAdmin(RecordExport, RecordAdmin):
    """People sign in by e-mail and set their password by a link: nobody types somebody else's password here."""

    resource_classes = [PeopleResource]
    form = UserForm
    list_display = ["email", "name", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    readonly_fields = ["last_login", "date_joined"]
    inlines = [OwnMembershipInline]
    rights = ["is_staff", "is_superuser", "groups", "support_regions"]
    fieldsets = [
        (None, {"fields": ["email", "name", "phone", "is_active", "last_login", "date_joined"]}),
        (_("Preferences"), {"fields": ["language", "time_zone", "theme", "live_updates"]}),
        (_("Rights"), {"fields": rights}),
    ]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def lookup_allowed(self, lookup, value, request):
        """No filter by the password's hash, which could be read character by character from the rows that are left."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def get_readonly_fields(self, request, obj=None):
        """Only an administrator gives rights, so that nobody can give them to themselves."""
        return [*self.readonly_fields, *(() if request.user.is_superuser else self.rights)]

    def has_change_permission(self, request, obj=None):
        """Accounts of the care team are the administrators'."""
        is_allowed = super().has_change_permission(request, obj)
        return is_allowed and (obj is None or not obj.is_staff or request.user.is_superuser)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


# --- cases, mails, the trail: to be looked at --------------------------------------------------------------------------
class ActivityInline(ReadOnly, admin.TabularInline):
    model = Activity
    fields = ["kind", "actor", "channel", "visibility", "recorded_at", "occurred_at", "data"]
    extra = 0
    ordering = ["pk"]


class ClockInline(ReadOnly, admin.StackedInline):
    model = Clock
    fields = ["kind", "target_code", "state", "started_at", "due_at", "met_at", "breached_at", "paused_at"]
    extra = 0


@admin.register(Case)
class CaseAdmin(ReadOnly, RecordAdmin):
    """The raw record. Cases are worked on in the care desk, to which each one links."""

    list_display = ["case_number", "title", "organization", "status", "urgency", "owner", "opened_at"]
    list_filter = ["status", "case_type", "channel"]
    list_select_related = ["organization", "owner"]
    search_fields = ["organization__short_name"]
    search_help_text = _("Case number or organization short name")
    ordering = ["-pk"]
    inlines = [ClockInline, ActivityInline]

    def get_search_results(self, request, queryset, search_term):
        """By case number or short name: both are indexed, subjects are searched in the list of all cases."""
        if key_of(search_term):
            return queryset.numbered(search_term), False
        return queryset.filter(organization__short_name=search_term.strip().lower()) if search_term else queryset, False

    @admin.display(description=_("Case number"), ordering="pk")
    def case_number(self, obj):
        return obj.number

    @admin.display(description=_("Subject"), ordering="subject")
    def title(self, obj):
        return obj.title

    @admin.display(description=_("Urgency"), ordering="urgency_rank")
    def urgency(self, obj):
        return obj.urgency_rank

    def view_on_site(self, obj):
        return reverse("admin:care_case", args=[obj.number])


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnly, RecordAdmin):
    """Mails that were promised; the stuck ones are what the admin's home points at (SPEC 10)."""

    list_display = ["template", "address", "case", "state", "attempts", "created_at", "sent_at", "error"]
    list_filter = ["state"]
    list_select_related = ["case"]
    search_fields = ["address"]
    ordering = ["-pk"]
    actions = ["send_again"]

    @admin.action(description=_("Send stuck mails again"), permissions=["view"])
    def send_again(self, request, queryset):
        count = outbox.release(queryset, now=timezone.now())
        words = ngettext("%(count)s mail will be sent again.", "%(count)s mails will be sent again.", count)
        self.message_user(request, words % {"count": count})


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnly, admin.ModelAdmin):
    """Who changed or exported what. Others' entries name records of any region: only for who is cleared for all."""

    list_display = ["action_time", "user", "content_type", "object_repr", "get_change_message"]
    list_select_related = ["user", "content_type"]
    search_fields = ["user__email"]
    ordering = ["-pk"]
    show_full_result_count = False

    def get_queryset(self, request):
        entries = super().get_queryset(request)
        return entries if set(SupportRegion.values) <= set(request.user.support_regions) else entries.filter(user=request.user)
