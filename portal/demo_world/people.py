"""The people, organizations and agreements of the demo, as the issue names them. Everybody's password is `demo`."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from cases import care_groups
from cases.models import Agreement, Membership, Organization, OrganizationPhone, SupportRegion, User
from sla.models import SupportPolicy

PASSWORD = "demo"
AGREED_ON = date(2024, 1, 1)
ALL_REGIONS = tuple(SupportRegion.values)


@dataclass(frozen=True)
class Customer:
    """An organization with its agreement."""

    key: str  # also the short name
    name: str
    organization_id: str
    policy: str
    country: str
    time_zone: str
    language: str
    cloud_region: str
    phone_region: str
    phones: tuple[str, ...]
    plan: str = ""
    license: str = ""
    support_region: str = SupportRegion.GLOBAL


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in: a customer's colleague (`role`), an applicant (neither) or care staff (`group`)."""

    email: str
    name: str
    language: str
    time_zone: str
    phone: str = ""
    role: str = ""
    group: str = ""
    regions: tuple[str, ...] = field(default=())
    what: str = ""  # told when the demo starts

    @property
    def key(self):
        """The name by which stories call them: "claire", "agent2"."""
        return self.email.partition("@")[0]

    @property
    def organization(self):
        return self.email.partition("@")[2].removesuffix(".example")


CUSTOMERS = [
    Customer(
        "acme",
        "Acme",
        "8a2f1c3e-5b7d-4e90-a1b2-c3d4e5f60718",
        "genesys-cloud",
        "FR",
        "Europe/Paris",
        "fr",
        "eu-west-3",
        "emea",
        ("+33 1 86 26 41 10", "+33 1 86 26 41 99"),
        license="genesys-cloud-2",
    ),
    Customer(
        "sakura",
        "Sakura",
        "c04b7a91-2d58-4f3e-9a6b-71e5d20c8f34",
        "purecloud",
        "JP",
        "Asia/Tokyo",
        "ja",
        "ap-northeast-1",
        "japan",
        ("+81 3 4560 0172",),
        license="purecloud-2",
    ),
    Customer(
        "volga",
        "Volga",
        "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
        "360dialog",
        "RU",
        "Europe/Moscow",
        "ru",
        "eu-central-1",
        "emea",
        ("+7 495 015 24 60",),
        plan="premium",
    ),
    Customer(
        "initech",
        "Initech",
        "5e6d0f27-93ab-4c18-8b70-2f9a41c7d6e3",
        "dynamics-gold",
        "US",
        "America/New_York",
        "en",
        "us-east-1",
        "americas",
        ("+1 212 555 0148",),
        plan="gold",
    ),
    Customer(
        "lumiere",
        "Lumière",
        "72c1e8d4-0a35-4bd9-bf62-e90713ac5d18",
        "genesys-cloud-cx",
        "FR",
        "Europe/Paris",
        "fr",
        "eu-west-3",
        "emea",
        ("+33 4 81 68 05 20",),
        license="genesys-cloud-cx-3",
        support_region=SupportRegion.EEA_ONLY,
    ),
    Customer(
        "federal",
        "Federal",
        "f3a90b56-6e2c-47d1-8c4f-15b8de72a069",
        "genesys-cloud-cx",
        "US",
        "America/Denver",
        "en",
        "us-gov-west-1",
        "americas",
        ("+1 303 555 0117",),
        license="genesys-cloud-cx-2",
        support_region=SupportRegion.US_ONLY,
    ),
]

PRIMARY, BACKUP, READER = Membership.Role.PRIMARY, Membership.Role.BACKUP, Membership.Role.READER
GLOBAL = (SupportRegion.GLOBAL,)

PEOPLE = [
    Person(
        "claire@acme.example",
        "Claire Martin",
        "fr",
        "Europe/Paris",
        "+33 6 39 98 12 40",
        PRIMARY,
        what="primary contact, Acme, Paris",
    ),
    Person("marc@acme.example", "Marc Delcourt", "fr", "Europe/Paris", "+33 6 39 98 12 57", BACKUP, what="backup contact, Acme"),
    Person("reader@acme.example", "Inès Rousseau", "fr", "Europe/Paris", role=READER, what="read-only colleague, Acme"),
    Person("kenji@sakura.example", "佐藤 健二", "ja", "Asia/Tokyo", "+81 90 1234 0172", PRIMARY, what="Sakura, Tokyo"),
    Person("olga@volga.example", "Ольга Смирнова", "ru", "Europe/Moscow", "+7 916 015 24 61", PRIMARY, what="Volga, Moscow"),
    Person("boris@volga.example", "Борис Кузнецов", "ru", "Europe/Moscow", what="Volga, has applied, not yet a contact"),
    Person(
        "dana@initech.example", "Dana Whitfield", "en", "America/New_York", "+1 212 555 0149", PRIMARY, what="Initech, New York"
    ),
    Person("lea@lumiere.example", "Léa Fontaine", "fr", "Europe/Paris", "+33 6 39 98 77 03", PRIMARY, what="Lumière, Lyon, EEA"),
    Person(
        "sam@federal.example", "Sam Ortega", "en", "America/Denver", "+1 303 555 0118", PRIMARY, what="Federal, Denver, US only"
    ),
    Person(
        "agent@care.example",
        "Anna Weber",
        "en",
        "Europe/Berlin",
        group=care_groups.ANALYST,
        regions=GLOBAL,
        what="analyst, global region",
    ),
    Person(
        "agent2@care.example",
        "Ben Novak",
        "en",
        "Europe/Prague",
        group=care_groups.ANALYST,
        regions=ALL_REGIONS,
        what="analyst, all regions",
    ),
    Person(
        "manager@care.example",
        "Mia Lindqvist",
        "en",
        "Europe/Stockholm",
        group=care_groups.CARE_MANAGER,
        regions=ALL_REGIONS,
        what="care manager",
    ),
    Person(
        "admin@care.example",
        "Tom Okafor",
        "en",
        "Europe/London",
        group=care_groups.ADMINISTRATOR,
        regions=ALL_REGIONS,
        what="administrator",
    ),
]


def load_people():
    """Make everybody. Returns users and organizations by key ("claire", "acme")."""
    organizations = {customer.key: _organization(customer) for customer in CUSTOMERS}
    password = make_password(PASSWORD)
    users = {person.key: _user(person, password, organizations) for person in PEOPLE}
    return users, organizations


def _organization(customer):
    organization = Organization.objects.create(
        name=customer.name,
        short_name=customer.key,
        organization_id=UUID(customer.organization_id),
        cloud_region=customer.cloud_region,
        country=customer.country,
        time_zone=customer.time_zone,
        language=customer.language,
        support_region=customer.support_region,
        phone_region=customer.phone_region,
    )
    for number in customer.phones:
        OrganizationPhone.objects.create(organization=organization, number=number)
    Agreement.objects.create(
        organization=organization,
        policy=SupportPolicy.objects.get(code=customer.policy),
        plan=customer.plan,
        license=customer.license,
        starts_on=AGREED_ON,
    )
    return organization


def _user(person, password, organizations):
    user = User.objects.create(
        email=person.email,
        name=person.name,
        password=password,
        language=person.language,
        time_zone=person.time_zone,
        phone=person.phone,
        is_staff=bool(person.group),
        is_superuser=person.group == care_groups.ADMINISTRATOR,
        support_regions=list(person.regions),
    )
    if person.role:
        Membership.objects.create(user=user, organization=organizations[person.organization], role=person.role)
    if person.group:
        user.groups.add(Group.objects.get(name=person.group))
    return user
