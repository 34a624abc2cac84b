from datetime import date

import factory

from cases.models import Agreement, Membership, Organization, SupportRegion, User

PASSWORD = "a long test password"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person{number}@example.com")
    name = factory.Sequence(lambda number: f"Person {number}")
    time_zone = "Europe/Paris"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(*args, password=kwargs.pop("password", PASSWORD), **kwargs)


class StaffFactory(UserFactory):
    is_staff = True
    support_regions = factory.LazyFunction(lambda: [SupportRegion.GLOBAL])


class OrganizationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda number: f"Company {number}")
    short_name = factory.Sequence(lambda number: f"company-{number}")
    country = "FR"
    time_zone = "Europe/Paris"


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory(OrganizationFactory)
    role = Membership.Role.PRIMARY


class AgreementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Agreement

    organization = factory.SubFactory(OrganizationFactory)
    policy = factory.SubFactory("tests.factories.policies.SupportPolicyFactory")
    starts_on = date(2020, 1, 1)
