"""The records of escalations that managers keep in the admin. Whatever has a rule is changed on pages of the care desk."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .language_fields import TextsField
from .models import Component, Maintenance, OnCallPerson, Region


@admin.register(OnCallPerson)
class OnCallPersonAdmin(admin.ModelAdmin):
    """Who is woken for severity 1, in this order."""

    list_display = ["user", "position", "is_on_call", "webhook_url"]
    list_select_related = ["user"]
    raw_id_fields = ["user"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    show_full_result_count = False
    actions = None


class PlatformAdmin(admin.ModelAdmin):
    """What the status page shows; nothing is deleted, since incidents and their history name it."""

    formfield_overrides = {models.JSONField: {"form_class": TextsField}}
    show_full_result_count = False
    actions = None

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Region)
class RegionAdmin(PlatformAdmin):
    list_display = ["code", "__str__", "position"]

    def get_readonly_fields(self, request, obj=None):
        """Organizations name a region by its code."""
        return ["code"] if obj else []


@admin.register(Component)
class ComponentAdmin(PlatformAdmin):
    list_display = ["code", "__str__", "position", "is_active"]
    formfield_overrides = {**PlatformAdmin.formfield_overrides, models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}


class MaintenanceForm(forms.ModelForm):
    words = TextsField(
        label=capfirst(Maintenance._meta.get_field("words").verbose_name), required=False, input_class=forms.Textarea
    )

    class Meta:
        model = Maintenance
        fields = ["title", "words", "starts_at", "ends_at", "components", "regions", "cancelled_at"]

    def clean(self):
        asked = super().clean()
        starts_at, ends_at = asked.get("starts_at"), asked.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", ValidationError(_("The maintenance has to end after it starts.")))
        return asked


@admin.register(Maintenance)
class MaintenanceAdmin(PlatformAdmin):
    """Planned work. Without components it concerns all of them, without regions it takes place everywhere."""

    form = MaintenanceForm
    list_display = ["__str__", "starts_at", "ends_at", "cancelled_at"]
    ordering = ["-starts_at"]
    formfield_overrides = {**PlatformAdmin.formfield_overrides, models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
