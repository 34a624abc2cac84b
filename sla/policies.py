"""Support policies ready for questions: published versions, and their rules as `PolicyRules`, read once."""

from django.db.models import QuerySet

from sla.models import PolicyVersion, SupportPolicy
from sla.pack_files import rules_from
from sla.policy_rules import PolicyRules

_read: dict[tuple[int, str], PolicyRules] = {}


def rules_of(version: PolicyVersion) -> PolicyRules:
    """The rules of a policy version. Kept by key and digest, for a published version never changes."""
    key = (version.pk, version.digest)
    if key not in _read:
        _read[key] = rules_from(version.rules)
    return _read[key]


def current_version(policy: SupportPolicy) -> PolicyVersion:
    """The latest published version of a policy; its texts are read when asked for. Raises PolicyVersion.DoesNotExist."""
    published = policy.versions.filter(published_at__isnull=False)
    return published.select_related("policy").defer("source", "rules").latest("number")


def default_policy() -> SupportPolicy:
    """The policy that counts where no agreement is in force. Raises SupportPolicy.DoesNotExist."""
    return SupportPolicy.objects.get(is_default=True)


def published_policies() -> QuerySet[SupportPolicy]:
    """Every policy of which a version is published, by code."""
    return SupportPolicy.objects.filter(versions__published_at__isnull=False).distinct().order_by("code")
