"""The records of the back office: each care user sees and changes only what their regions and rights allow."""

from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from cases.models import Agreement, Membership, Organization, OrganizationPhone, OutboxMessage, User
from escalations.models import StatusSubscriber
from tests.factories import MembershipFactory, OrganizationFactory, OutboxMessageFactory, StatusSubscriberFactory, UserFactory
from tests.stories import open_case

CHANGELISTS = [
    "cases_organization",
    "cases_user",
    "cases_case",
    "cases_outboxmessage",
    "escalations_statussubscriber",
    "admin_logentry",
    "auth_group",
]


def organization_post(organization, **changes):
    """What the browser sends for an organization's unchanged page, and the changes."""
    memberships = list(organization.memberships.order_by("pk"))
    post = {
        "name": organization.name,
        "country": organization.country,
        "time_zone": organization.time_zone,
        "language": organization.language,
        "support_region": organization.support_region,
        "phone_region": organization.phone_region,
        "tam": "",
        "phones-TOTAL_FORMS": 0,
        "phones-INITIAL_FORMS": 0,
        "memberships-TOTAL_FORMS": len(memberships),
        "memberships-INITIAL_FORMS": len(memberships),
        "agreements-TOTAL_FORMS": 0,
        "agreements-INITIAL_FORMS": 0,
    }
    for index, membership in enumerate(memberships):
        post |= {
            f"memberships-{index}-id": membership.pk,
            f"memberships-{index}-organization": organization.pk,
            f"memberships-{index}-user": membership.user_id,
            f"memberships-{index}-role": membership.role,
            f"memberships-{index}-is_active": "on" if membership.is_active else "",
        }
    return post | changes


@pytest.mark.parametrize("name", CHANGELISTS)
def test_changelist_opens_for_an_administrator(name, signed_in, administrator, contact):
    assert signed_in(administrator).get(reverse(f"admin:{name}_changelist"), {"q": "acme"}).status_code == 200


@pytest.mark.parametrize("name", ["index", "cases_organization_changelist", "cases_user_add", "app_list"])
def test_admin_does_not_exist_for_a_customer(name, signed_in, contact):
    url = reverse(f"admin:{name}", args=["cases"] if name == "app_list" else [])
    assert signed_in(contact).get(url).status_code == 404


def test_signed_out_visitor_is_led_to_the_portals_sign_in(client, db):
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_second_factor_is_asked_for_where_the_site_requires_it(settings, signed_in, administrator):
    settings.REQUIRE_SECOND_FACTOR = True
    client = signed_in(administrator)
    assert client.get(reverse("admin:index")).url == reverse("mfa_index")


def test_tables_of_libraries_are_not_in_the_admin(signed_in, administrator):
    page = signed_in(administrator).get(reverse("admin:index")).content.decode()
    assert "/admin/cases/organization/" in page
    assert [app for app in ("django_q", "account", "socialaccount", "mfa") if f"/admin/{app}/" in page] == []


# --- regions -----------------------------------------------------------------------------------------------------------
def test_changelists_hold_nothing_of_regions_without_clearance(signed_in, manager, organization, contact, us_only_contact):
    manager.support_regions = ["global"]
    manager.save()
    client = signed_in(manager)
    organizations = client.get(reverse("admin:cases_organization_changelist")).content.decode()
    people = client.get(reverse("admin:cases_user_changelist")).content.decode()
    assert "Acme" in organizations and "claire@acme.example" in people
    assert "Federal" not in organizations and "sam@federal.example" not in people


def test_change_page_of_another_region_is_missing(signed_in, manager, us_only_organization):
    url = reverse("admin:cases_organization_change", args=[us_only_organization.pk])
    assert signed_in(manager).get(url).status_code == 200
    manager.support_regions = ["global"]
    manager.save()
    assert signed_in(manager).get(url, follow=True).redirect_chain[0][0] == reverse("admin:index")


def test_autocomplete_offers_nobody_of_another_region(signed_in, manager, contact, us_only_contact):
    manager.support_regions = ["global"]
    manager.save()
    asked = {"app_label": "cases", "model_name": "membership", "field_name": "user", "term": "example"}
    names = [row["text"] for row in signed_in(manager).get(reverse("admin:autocomplete"), asked).json()["results"]]
    assert "Claire Martin" in names and "Sam Brown" not in names


def test_member_of_another_region_is_refused_when_posted(signed_in, manager, organization, contact, us_only_contact):
    manager.support_regions = ["global"]
    manager.save()
    url = reverse("admin:cases_organization_change", args=[organization.pk])
    answer = signed_in(manager).post(url, organization_post(organization, **{"memberships-0-user": us_only_contact.pk}))
    assert answer.status_code == 200
    assert not organization.memberships.filter(user=us_only_contact).exists()


def test_organization_is_not_moved_into_a_region_without_clearance(signed_in, manager, organization):
    manager.support_regions = ["global"]
    manager.save()
    url = reverse("admin:cases_organization_change", args=[organization.pk])
    signed_in(manager).post(url, organization_post(organization, support_region="us_only"))
    organization.refresh_from_db()
    assert organization.support_region == "global"


def test_partner_of_two_regions_is_seen_without_the_other_membership(signed_in, manager, organization, us_only_contact):
    MembershipFactory(user=us_only_contact, organization=organization, role=Membership.Role.READER)
    manager.support_regions = ["global"]
    manager.save()
    page = signed_in(manager).get(reverse("admin:cases_user_change", args=[us_only_contact.pk])).content.decode()
    assert "Acme" in page and "Federal" not in page


def test_trail_of_others_is_only_for_who_is_cleared_for_all(signed_in, administrator, organization):
    LogEntry.objects.log_actions(administrator.pk, [organization], 2, change_message="Looked at Acme", single_object=True)
    other = User.objects.create_superuser("eve@care.example", "a long test password", name="Eve")
    assert "Looked at Acme" in signed_in(other).get(reverse("admin:admin_logentry_changelist")).content.decode()
    other.support_regions = ["global"]
    other.save()
    assert "Looked at Acme" not in signed_in(other).get(reverse("admin:admin_logentry_changelist")).content.decode()


# --- rights ------------------------------------------------------------------------------------------------------------
def test_analyst_looks_but_changes_nothing(signed_in, agent, organization):
    url = reverse("admin:cases_organization_change", args=[organization.pk])
    client = signed_in(agent)
    assert client.get(url).status_code == 200
    assert client.post(url, organization_post(organization, name="Changed")).status_code == 403


def test_manager_cannot_give_rights(signed_in, manager, contact):
    url = reverse("admin:cases_user_change", args=[contact.pk])
    post = {
        "email": contact.email,
        "name": "Claire M.",
        "language": "fr",
        "time_zone": "Europe/Paris",
        "theme": "system",
        "is_active": "on",
        "is_staff": "on",
        "is_superuser": "on",
        "support_regions": ["us_only"],
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 1,
        "memberships-0-id": contact.memberships.get().pk,
        "memberships-0-user": contact.pk,
    }
    assert signed_in(manager).post(url, post).status_code == 302
    contact.refresh_from_db()
    assert (contact.name, contact.is_staff, contact.is_superuser, contact.support_regions) == ("Claire M.", False, False, [])


def test_manager_cannot_change_an_account_of_the_care_team(signed_in, manager, agent):
    url = reverse("admin:cases_user_change", args=[agent.pk])
    assert signed_in(manager).post(url, {"email": "mine@care.example"}).status_code == 403


def test_nothing_is_deleted(signed_in, administrator, contact, organization):
    client = signed_in(administrator)
    for name, pk in [("cases_user", contact.pk), ("cases_organization", organization.pk)]:
        assert client.post(reverse(f"admin:{name}_delete", args=[pk]), {"post": "yes"}).status_code == 403


# --- people and organizations ------------------------------------------------------------------------------------------
def test_new_person_signs_in_by_a_link_alone(signed_in, administrator):
    post = {
        "email": "New@Acme.example",
        "name": "New",
        "language": "en",
        "time_zone": "UTC",
        "theme": "system",
        "is_active": "on",
    }
    assert signed_in(administrator).post(reverse("admin:cases_user_add"), post).status_code == 302
    person = User.objects.get(email="new@acme.example")
    assert not person.has_usable_password()


def test_short_name_and_id_are_never_changed(signed_in, manager, organization):
    before = organization.short_name, organization.organization_id
    url = reverse("admin:cases_organization_change", args=[organization.pk])
    post = organization_post(
        organization, name="Acme SA", short_name="other", organization_id="8a2f1c3e-5b7d-4e90-a1b2-000000000000"
    )
    assert signed_in(manager).post(url, post).status_code == 302
    organization.refresh_from_db()
    assert (organization.name, organization.short_name, organization.organization_id) == ("Acme SA", *before)


def test_two_contacts_swap_their_roles(signed_in, manager, organization, contact, colleague):
    url = reverse("admin:cases_organization_change", args=[organization.pk])
    swapped = {"memberships-0-role": "BACKUP", "memberships-1-role": "PRIMARY"}
    assert signed_in(manager).post(url, organization_post(organization, **swapped)).status_code == 302
    back = {"memberships-0-role": "PRIMARY", "memberships-1-role": "BACKUP"}
    assert signed_in(manager).post(url, organization_post(organization, **back)).status_code == 302
    assert organization.memberships.get(role="PRIMARY").user == contact


def test_two_primary_contacts_are_refused_with_a_sentence(signed_in, manager, organization, contact, colleague):
    url = reverse("admin:cases_organization_change", args=[organization.pk])
    answer = signed_in(manager).post(url, organization_post(organization, **{"memberships-1-role": "PRIMARY"}))
    assert answer.status_code == 200
    assert "An organization has exactly one primary contact." in answer.content.decode()


def test_agreement_can_only_be_ended(signed_in, manager, organization, policies):
    agreement = Agreement.objects.get(organization=organization)
    url = reverse("admin:cases_organization_change", args=[organization.pk])
    post = organization_post(
        organization,
        **{
            "agreements-TOTAL_FORMS": 1,
            "agreements-INITIAL_FORMS": 1,
            "agreements-0-id": agreement.pk,
            "agreements-0-organization": organization.pk,
            "agreements-0-policy": policies["360dialog"].pk,
            "agreements-0-plan": "basic",
            "agreements-0-starts_on": "2021-01-01",
            "agreements-0-ends_on": "2026-06-01",
        },
    )
    assert signed_in(manager).post(url, post).status_code == 302
    agreement.refresh_from_db()
    assert (agreement.policy.code, agreement.plan, agreement.starts_on) == ("genesys-cloud", "", date(2020, 1, 1))
    assert agreement.ends_on == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("policy", "plan", "status"), [("360dialog", "premium", 302), ("360dialog", "gold", 200), ("genesys-cloud", "x", 200)]
)
def test_new_agreement_takes_a_plan_that_its_policy_knows(policy, plan, status, signed_in, manager, organization, policies):
    url = reverse("admin:cases_organization_change", args=[organization.pk])
    new = {
        "agreements-TOTAL_FORMS": 1,
        "agreements-INITIAL_FORMS": 0,
        "agreements-0-policy": policies[policy].pk,
        "agreements-0-plan": plan,
        "agreements-0-starts_on": "2026-01-01",
    }
    answer = signed_in(manager).post(url, organization_post(organization, **new))
    assert answer.status_code == status
    assert organization.agreements.filter(plan=plan).exists() == (status == 302)


def test_tam_is_of_the_care_team(signed_in, manager, agent, organization, contact):
    url = reverse("admin:cases_organization_change", args=[organization.pk])
    client = signed_in(manager)
    assert (
        "Choose somebody of the care team." in client.post(url, organization_post(organization, tam=contact.pk)).content.decode()
    )
    assert client.post(url, organization_post(organization, tam=agent.pk)).status_code == 302
    organization.refresh_from_db()
    assert organization.tam == agent


def test_history_says_before_and_after(signed_in, manager, organization):
    url = reverse("admin:cases_organization_change", args=[organization.pk])
    signed_in(manager).post(url, organization_post(organization, time_zone="Asia/Tokyo"))
    assert "Time zone: Europe/Paris → Asia/Tokyo" in LogEntry.objects.get().get_change_message()


def test_organizations_that_lack_a_contact_are_found(signed_in, manager, organization, contact):
    client = signed_in(manager)
    url = reverse("admin:cases_organization_changelist")
    assert "Acme" in client.get(url, {"lacks": "backup"}).content.decode()
    assert "Acme" not in client.get(url, {"lacks": "primary"}).content.decode()


@pytest.mark.parametrize("name", ["cases_organization", "cases_user"])
def test_changelist_costs_the_same_for_three_rows_as_for_one(
    name, signed_in, manager, django_assert_max_num_queries, django_assert_num_queries, db
):
    def add():
        organization = OrganizationFactory()
        OrganizationPhone.objects.create(organization=organization, number="+33 1 23 45 67 89")
        MembershipFactory(user=UserFactory(), organization=organization)

    client = signed_in(manager)
    add()
    with django_assert_max_num_queries(8) as one:
        client.get(reverse(f"admin:{name}_changelist"))
    add()
    add()
    with django_assert_num_queries(len(one)):
        client.get(reverse(f"admin:{name}_changelist"))
    assert Organization.objects.count() == 3


# --- small exports -----------------------------------------------------------------------------------------------------
def test_people_and_organizations_are_exported_within_ones_regions(signed_in, manager, organization, contact, us_only_contact):
    manager.support_regions = ["global"]
    manager.save()
    contact.name = "=1+1"
    contact.save()
    client = signed_in(manager)
    assert reverse("admin:cases_user_export") in client.get(reverse("admin:cases_user_changelist")).content.decode()
    people = client.get(reverse("admin:cases_user_export")).content.decode()
    organizations = client.get(reverse("admin:cases_organization_export"), {"q": "acme"}).content.decode()
    assert people.startswith("\ufeffemail,name,phone,")
    assert "claire@acme.example,'=1+1," in people and "sam@federal.example" not in people
    assert organizations.splitlines()[1].startswith("Acme,acme,8a2f1c3e-5b7d-4e90-a1b2-c3d4e5f60718,")
    assert "None" not in organizations and "Federal" not in organizations
    assert [entry.content_type.model for entry in LogEntry.objects.order_by("pk")] == ["user", "organization"]


@pytest.mark.parametrize("name", ["cases_user", "cases_organization"])
def test_export_needs_its_permission(name, signed_in, agent):
    client = signed_in(agent)
    assert client.get(reverse(f"admin:{name}_export")).status_code == 403
    assert reverse(f"admin:{name}_export") not in client.get(reverse(f"admin:{name}_changelist")).content.decode()
    assert not LogEntry.objects.exists()


def test_stuck_mails_are_sent_again_by_who_sees_them(signed_in, manager, contact, organization, now):
    case = open_case(contact, now=now)
    stuck, sent = OutboxMessageFactory(state="PARKED", case=case, attempts=10), OutboxMessageFactory(state="SENT", case=case)
    post = {"action": "send_again", "_selected_action": [stuck.pk, sent.pk]}
    page = signed_in(manager).post(reverse("admin:cases_outboxmessage_changelist"), post, follow=True).content.decode()
    assert "1 mail will be sent again." in page
    assert list(OutboxMessage.objects.order_by("pk").values_list("state", "attempts").filter(pk__in=[stuck.pk, sent.pk])) == [
        ("QUEUED", 0),
        ("SENT", 0),
    ]


@pytest.mark.parametrize("lookup", ["password__startswith", "password", "password__gt"])
def test_list_of_people_answers_no_guess_at_a_password(lookup, signed_in, manager, administrator):
    """A hash could be read character by character from which rows a filter of the address leaves."""
    answer = signed_in(manager).get(reverse("admin:cases_user_changelist"), {lookup: administrator.password})
    assert answer.status_code == 400


def test_subscriptions_to_the_status_page_are_ended_by_who_keeps_them(signed_in, manager, agent, now):
    ended, kept = StatusSubscriberFactory(), StatusSubscriberFactory()
    post = {"action": "end", "_selected_action": [ended.pk]}
    url = reverse("admin:escalations_statussubscriber_changelist")
    assert signed_in(agent).post(url, post).status_code == 403
    assert "1 subscription was ended." in signed_in(manager).post(url, post, follow=True).text
    assert [each.pk for each in StatusSubscriber.objects.standing()] == [kept.pk]
