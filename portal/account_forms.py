"""allauth's forms in the glossary's words: labels above the fields, nothing hidden in placeholders."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.utils.translation import gettext_lazy as _


class PlainLabels:
    """Puts `labels` on the fields and takes placeholders away."""

    labels = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class LoginForm(PlainLabels, account.LoginForm):
    labels = {"login": _("Email address"), "password": _("Password")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # the page has its own link for a forgotten password


class ResetPasswordForm(PlainLabels, account.ResetPasswordForm):
    labels = {"email": _("Email address")}


class ResetPasswordKeyForm(PlainLabels, account.ResetPasswordKeyForm):
    labels = {"password1": _("New password"), "password2": _("New password again")}


class ChangePasswordForm(PlainLabels, account.ChangePasswordForm):
    labels = {"oldpassword": _("Current password"), "password1": _("New password"), "password2": _("New password again")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""


class SetPasswordForm(PlainLabels, account.SetPasswordForm):
    labels = {"password1": _("New password"), "password2": _("New password again")}


class ReauthenticateForm(PlainLabels, account.ReauthenticateForm):
    labels = {"password": _("Password")}


class AuthenticateForm(PlainLabels, mfa.AuthenticateForm):
    labels = {"code": _("Verification code")}


class ReauthenticateCodeForm(PlainLabels, mfa.ReauthenticateForm):
    labels = {"code": _("Verification code")}


class ActivateTOTPForm(PlainLabels, totp.ActivateTOTPForm):
    labels = {"code": _("Verification code")}


class AddKeyForm(PlainLabels, webauthn.AddWebAuthnForm):
    labels = {"name": _("Name of the key")}


class EditKeyForm(PlainLabels, webauthn.EditWebAuthnForm):
    labels = {"name": _("Name of the key")}
