"""C18, how we support you: whose policy is shown, and what of it."""

import re

import pytest
from django.core.management import call_command
from django.utils import translation

from cases.models import Membership, Organization
from sla.models import PolicyVersion
from sla.shipped_packs import shipped_codes
from tests.factories import MembershipFactory, UserFactory

URL = "/support-policy/"


def page(client, **query):
    response = client.get(URL, query)
    assert response.status_code == 200
    return response.content.decode()


def test_customer_sees_the_policy_of_the_own_organization(signed_in, contact, stranger):
    assert "Genesys Cloud Customer Care" in page(signed_in(contact))
    assert "360dialog technical support" not in page(signed_in(contact))
    volga = page(signed_in(stranger))
    assert "Техническая поддержка 360dialog" in volga and "Premium" in volga


def test_page_tells_what_the_policy_promises(signed_in, contact):
    text = page(signed_in(contact))
    for words in (
        "1 – Critical",
        "2 business hours",
        "5 business days",
        "Restoration targets apply only to platform-level issues.",
        "Phone support",
        "within 14 days",
        "Our assumption: the guide names no business hours.",
    ):
        assert words in text


def test_own_region_is_first_and_marked(signed_in, contact, organization):
    Organization.objects.filter(pk=organization.pk).update(phone_region="japan")
    text = page(signed_in(contact))
    own, *_rest = text[text.index('id="phones"') :].partition("</dl>")
    numbers = re.findall(r'href="tel:([^"]+)"', own)
    assert numbers[0].startswith("+81") and len(numbers) == 5
    assert text.count("Your region") == 1


def test_documents_of_japan_are_for_japan(signed_in, contact, organization):
    assert "Customer Care in Japan" not in page(signed_in(contact))
    Organization.objects.filter(pk=organization.pk).update(country="JP")
    assert "Customer Care in Japan" in page(signed_in(contact))


def test_example_address_of_a_status_page_is_the_portals_own(signed_in, contact, stranger):
    assert 'href="/status/">Страница статуса' in page(signed_in(stranger))
    own = page(signed_in(contact))
    assert 'href="https://status.mypurecloud.com">' in own and 'href="/status/">Status page' not in own


def test_regional_support_is_shown_to_its_customers_alone(signed_in, us_only_contact):
    text = page(signed_in(us_only_contact))
    assert "US-only support" in text and "EEA-only support" not in text


def test_without_an_agreement_the_default_policy_is_flagged(signed_in, contact, organization):
    organization.agreements.all().delete()
    text = page(signed_in(contact))
    assert "The default policy counts" in text and "Genesys Cloud Customer Care" in text


def test_who_belongs_nowhere_sees_the_default_policy(signed_in, policies):
    assert "Genesys Cloud Customer Care" in page(signed_in(UserFactory()))


def test_several_organizations_are_chosen_from(signed_in, contact, other_organization, us_only_organization):
    MembershipFactory(user=contact, organization=other_organization, role=Membership.Role.READER)
    client = signed_in(contact)
    assert "Volga" in page(client)
    assert "360dialog technical support" in page(client, organization=other_organization.organization_id)


@pytest.mark.parametrize("asked", ["no-uuid", "6f1c1f6e-7a0b-4c8e-9a55-0d2f6d1b3c4a", "\0"])
def test_what_is_not_ones_own_does_not_exist(signed_in, contact, us_only_organization, asked):
    client = signed_in(contact)
    assert client.get(URL, {"organization": asked}).status_code == 404
    assert client.get(URL, {"organization": us_only_organization.organization_id}).status_code == 404


def test_staff_read_any_policy(signed_in, agent, policies):
    client = signed_in(agent)
    assert "Genesys Cloud Customer Care" in page(client)
    for code in shipped_codes():
        assert f'<option value="{code}" selected>' in page(client, policy=code)
    assert client.get(URL, {"policy": "nothing"}).status_code == 404


def test_customers_cannot_choose_a_policy(signed_in, contact, policies):
    assert "360dialog technical support" not in page(signed_in(contact), policy="360dialog")


@pytest.mark.parametrize("code", ["purecloud", "genesys-cloud", "genesys-cloud-cx", "360dialog", "dynamics-gold"])
@pytest.mark.parametrize("reader_language", ["en", "fr", "ja", "ru"])
def test_page_renders_in_every_language_without_a_fallback(signed_in, agent, policies, code, reader_language):
    type(agent).objects.filter(pk=agent.pk).update(language=reader_language)
    text = page(signed_in(agent), policy=code)
    name = PolicyVersion.objects.get(policy__code=code).rules["name"][reader_language]
    assert f'<html lang="{reader_language}"' in text and name in text
    main = text[text.index("<main") : text.index("</main>")]
    assert 'lang="en"' not in main


def test_text_without_translation_is_shown_in_english_and_marked(signed_in, agent, policies, tmp_path):
    version = policies["dynamics-gold"].versions.get()
    path = tmp_path / "english.yaml"
    path.write_text(version.source.replace("  fr: Support Gold Dynamics 365\n", "").replace("version: 1", "version: 2", 1))
    call_command("load_policies", str(path), languages="en", verbosity=0)
    type(agent).objects.filter(pk=agent.pk).update(language="fr")
    text = page(signed_in(agent), policy="dynamics-gold")
    assert '<span lang="en">Dynamics 365 Gold support</span>' in text
    with translation.override("fr"):
        assert translation.gettext("Some texts have no translation yet and are shown in English.") in text


def test_signed_out_visitor_is_asked_to_sign_in(client, policies):
    assert client.get(URL).status_code == 302


def test_page_costs_few_queries(signed_in, contact, django_assert_max_num_queries):
    client = signed_in(contact)
    page(client)
    with django_assert_max_num_queries(8):
        page(client)
