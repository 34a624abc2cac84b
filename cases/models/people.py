import uuid
import zoneinfo
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Permission, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .visibility import seen_organization

APPLICANT = "APPLICANT"  # in `User.belongings`: not a role, the row is an application
LANGUAGES = [("en", "English"), ("fr", "Français"), ("ja", "日本語"), ("ru", "Русский")]


class SupportRegion(models.TextChoices):
    """From where a customer may be served (SPEC 1). A care user sees only organizations of regions they are cleared for."""

    GLOBAL = "global", _("Global")
    US_ONLY = "us_only", _("US only")
    EEA_ONLY = "eea_only", _("EEA only")


def digits_of(number):
    """The digits of a phone number, the latest 20: how a caller is found, whatever stands between them."""
    return "".join(character for character in number if character.isdecimal())[-20:]


def validate_time_zone(value):
    """Raise ValidationError unless `value` is an IANA time zone."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone from the list."), code="time_zone")


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For care staff: the care team, people without an organization, and members of organizations they are cleared for. Nobody for customers."""
        if not user.is_authenticated or not user.is_active or not user.is_staff:
            return self.none()
        own = Membership.objects.filter(user=OuterRef("pk"))
        seen = own.filter(seen_organization(user, "organization"))
        return self.filter(Q(is_staff=True) | ~Exists(own) | Exists(seen))

    def possible_owners(self, organization):
        """Who may own cases of this organization: who may answer."""
        return self.cleared_for(organization, permission="cases.reply_case")

    def cleared_for(self, organization, *, permission):
        """Active care staff with this permission ("app.codename"), cleared for the organization's support region; by name."""
        return [person for person in self.with_right(permission) if organization.support_region in person.support_regions]

    def with_right(self, permission):
        """Active care staff with this permission ("app.codename"), by name."""
        app, _dot, codename = permission.partition(".")
        wanted = Permission.objects.filter(codename=codename, content_type__app_label=app)
        may = Q(is_superuser=True) | Q(groups__permissions__in=wanted) | Q(user_permissions__in=wanted)
        return self.filter(may, is_staff=True, is_active=True).distinct().order_by("name", "pk")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email, password=None, **fields):
        """Make a user who signs in by e-mail; without a password, sign-in is impossible until one is set."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """Make an administrator cleared for every support region."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, support_regions=SupportRegion.values, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


@dataclass(frozen=True, slots=True)
class Belongings:
    """To what a customer belongs: the role in each organization, by its key, and the keys of one's own applications to become a contact."""

    roles: dict[int, str]
    applications: list[int]

    @property
    def is_contact(self):
        """Is the person a designated contact of any organization?"""
        return any(role in Membership.CONTACT_ROLES for role in self.roles.values())


class User(AbstractBaseUser, PermissionsMixin):
    """A person: a customer's colleague (through memberships) or care staff (`is_staff`, through groups). Never deleted, only deactivated."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=150)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    phone_digits = models.CharField(max_length=20, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    theme = models.CharField(_("theme"), max_length=6, choices=Theme, default=Theme.SYSTEM)
    live_updates = models.BooleanField(_("live updates"), default=True)
    support_regions = models.JSONField(
        _("support regions"),
        default=list,
        blank=True,
        help_text=_("Care staff only: the support regions this person is cleared for."),
    )
    is_staff = models.BooleanField(_("care staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined at"), default=timezone.now)

    objects = UserManager()
    kept_belongings = None  # of the user of a request: what `belongings` said at its start

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        permissions = [("export_user", "Can export people")]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self):
        return self.name or self.email

    def save(self, *args, **kwargs):
        self.phone_digits = digits_of(self.phone)
        if kwargs.get("update_fields") and "phone" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "phone_digits"}
        super().save(*args, **kwargs)

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @property
    def belongings(self):
        """To what the person belongs, as a customer: one question, or what `keep_belongings` has kept."""
        return self.kept_belongings or self._belongings()

    def keep_belongings(self):
        """Ask for the belongings once for all that follows. For the user of a request, never for one who lives longer."""
        self.kept_belongings = self._belongings()

    def _belongings(self):
        active = self.memberships.filter(is_active=True).values_list("organization_id", "role")
        applied = self.opened_cases.filter(case_type="ACCESS").values_list("pk", Value(APPLICANT))
        rows = list(active.union(applied, all=True))
        roles = {key: role for key, role in rows if role != APPLICANT}
        return Belongings(roles, [key for key, role in rows if role == APPLICANT])


class OrganizationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Organizations that the user may see."""
        return self.filter(seen_organization(user))

    def of_contact(self, user):
        """Organizations for which the user is a designated contact: may open, update, close, reopen and escalate."""
        return self.filter(
            pk__in=Membership.objects.filter(user=user, is_active=True, role__in=Membership.CONTACT_ROLES).values(
                "organization_id"
            )
        )


class Organization(models.Model):
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(
        _("organization short name"), max_length=63, validators=[RegexValidator(r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z")]
    )  # never changed once set
    organization_id = models.UUIDField(_("organization ID"), default=uuid.uuid4, unique=True)
    cloud_region = models.CharField(_("cloud region"), max_length=32, default="eu-central-1")
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO code of two letters; its public holidays count."))
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="en")
    support_region = models.CharField(_("support region"), max_length=8, choices=SupportRegion, default=SupportRegion.GLOBAL)
    phone_region = models.CharField(_("phone region"), max_length=16, default="emea")
    tam = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name=_("Technical Account Manager (TAM)"),
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        permissions = [("export_organization", "Can export organizations")]
        constraints = [models.UniqueConstraint(fields=["cloud_region", "short_name"], name="short_name_once_in_region")]

    def __str__(self):
        return self.name


class OfOrganizationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rows of organizations that the user may see."""
        return self.filter(seen_organization(user, "organization"))


class OrganizationPhone(models.Model):
    """A phone number from which an organization calls; staff find the caller by its digits."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="phones", verbose_name=_("organization")
    )
    number = models.CharField(_("phone"), max_length=40)
    digits = models.CharField(max_length=20, db_index=True, editable=False)

    objects = OfOrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("phone number")
        verbose_name_plural = _("phone numbers")

    def __str__(self):
        return self.number

    def save(self, *args, **kwargs):
        self.digits = digits_of(self.number)
        super().save(*args, **kwargs)


class Membership(models.Model):
    """A user's role in an organization. A contact who leaves is deactivated, never deleted (SPEC 1)."""

    class Role(models.TextChoices):
        PRIMARY = "PRIMARY", _("Primary contact")
        BACKUP = "BACKUP", _("Backup contact")
        READER = "READER", _("Read-only colleague")

    CONTACT_ROLES = (Role.PRIMARY, Role.BACKUP)

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("user"))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("organization")
    )
    role = models.CharField(_("role"), max_length=8, choices=Role)
    is_active = models.BooleanField(_("active"), default=True)

    objects = OfOrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "organization"], name="one_membership_each"),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(role="PRIMARY", is_active=True), name="one_primary_contact"
            ),
        ]

    def __str__(self):
        return f"{self.user} – {self.organization}"


class AgreementQuerySet(OfOrganizationQuerySet):
    def in_force(self, on_date):
        """Agreements that hold on this date (half-open: the end date no longer counts)."""
        return self.filter(starts_on__lte=on_date).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on_date))


class Agreement(models.Model):
    """Which policy, plan, license and calendar an organization has, from when to when (HOUSE, "Decided for the data model")."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="agreements", verbose_name=_("organization")
    )
    policy = models.ForeignKey("sla.SupportPolicy", on_delete=models.PROTECT, verbose_name=_("support policy"))
    plan = models.CharField(_("support plan"), max_length=32, blank=True)
    license = models.CharField(pgettext_lazy("product", "license"), max_length=64, blank=True)
    calendar = models.ForeignKey(
        "sla.Calendar",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("calendar"),
        help_text=_("Empty: the policy's own."),
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends before"), null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=models.F("starts_on")),
                name="agreement_ends_after_start",
            )
        ]

    def __str__(self):
        return f"{self.organization} – {self.policy}"
