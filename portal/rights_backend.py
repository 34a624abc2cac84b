"""The one sign-in of customers and care team (allauth's), which learns all of a person's rights in one statement (SPEED G3)."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission


class RightsBackend(AuthenticationBackend):
    """Django asks for one's own rights and for those of one's groups one after the other, on every page of the care desk."""

    def get_all_permissions(self, user_obj, obj=None):
        is_known = hasattr(user_obj, "_perm_cache")  # where Django's backend keeps them, and looks for them below
        if user_obj.is_authenticated and user_obj.is_active and not user_obj.is_superuser and obj is None and not is_known:
            rights = Permission.objects.order_by().values_list("content_type__app_label", "codename")
            both = rights.filter(user=user_obj).union(rights.filter(group__user=user_obj))
            user_obj._perm_cache = {f"{app}.{codename}" for app, codename in both}
        return super().get_all_permissions(user_obj, obj)
