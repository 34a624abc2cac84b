from django.db import models
from django.utils.translation import gettext_lazy as _


class SupportPolicy(models.Model):
    """A vendor's published support policy. Its rules live in versions; a case keeps the version it was opened under (SPEC 5)."""

    code = models.SlugField(_("code"), unique=True)
    name = models.JSONField(_("name"), default=dict)
    is_default = models.BooleanField(
        _("default policy"), default=False, help_text=_("Counts, with a visible flag, where no agreement is in force.")
    )

    class Meta:
        verbose_name = _("support policy")
        verbose_name_plural = _("support policies")
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=models.Q(is_default=True), name="one_default_policy"),
        ]

    def __str__(self):
        return self.code


class PolicyVersion(models.Model):
    """A frozen state of a policy: the pack as it was written (`source`) and as checked data (`rules`). Published versions are never changed."""

    policy = models.ForeignKey(SupportPolicy, on_delete=models.PROTECT, related_name="versions", verbose_name=_("support policy"))
    number = models.PositiveIntegerField(_("number"))
    source = models.TextField(_("pack file"))
    rules = models.JSONField(_("rules"))
    digest = models.CharField(_("digest"), max_length=64)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        permissions = [("publish_policyversion", "Can publish policies and calendars, and simulate them")]
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once")]

    def __str__(self):
        return f"{self.policy.code} {self.number}"
