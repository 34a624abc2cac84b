"""The records of escalations that managers keep in the admin. Whatever has a rule is changed on pages of the care desk."""

from django.contrib import admin
from django.db import models

from .models import OnCallPerson


@admin.register(OnCallPerson)
class OnCallPersonAdmin(admin.ModelAdmin):
    """Who is woken for severity 1, in this order."""

    list_display = ["user", "position", "is_on_call", "webhook_url"]
    list_select_related = ["user"]
    raw_id_fields = ["user"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    show_full_result_count = False
    actions = None
