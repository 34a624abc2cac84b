"""The demo's RCA documents: one published and delivered to Acme and Sakura, one in review; actions in each state."""

from dataclasses import dataclass
from datetime import timedelta

from cases import actions
from cases.intake import IntakeData
from escalations.actions import rca_actions, rca_documents
from escalations.actions.incident_links import link_cases
from escalations.actions.incidents import IncidentFacts, declare_incident, publish_update, raise_candidate
from escalations.actions.restoration import finish_restorations, restore_incident
from escalations.models import CaseLink, Component, Incident, IncidentComponent, RcaAction, Region
from escalations.rca_delivery import deliver_documents

State = Incident.State
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Caller:
    """Whose call began a case, and what it is about, in their language."""

    key: str
    organization: str
    subject: str
    description: str
    answer: str  # the care team's first response


@dataclass(frozen=True)
class Outage:
    """An incident from its first call to its analysis; texts by language."""

    title: dict
    place: tuple[str, str]  # component, region
    callers: tuple[Caller, ...]
    found: dict
    restored: dict
    summary: dict
    sections: dict
    minutes: int


CALLS = Outage(
    title={
        "en": "Inbound calls are not distributed",
        "fr": "Les appels entrants ne sont pas distribués",
        "ja": "着信が振り分けられない",
        "ru": "Входящие вызовы не распределяются",
    },
    place=("voice", "eu-west-3"),
    callers=(
        Caller(
            "claire",
            "acme",
            "Aucun appel entrant n’arrive",
            "Depuis quelques minutes, aucun agent ne reçoit d’appel entrant.",
            "Nous voyons la même chose et cherchons la cause.",
        ),
        Caller(
            "kenji",
            "sakura",
            "着信がエージェントに届かない",
            "数分前から、どのエージェントにも着信が届きません。",
            "当方でも同じ現象を確認し、原因を調査しております。",
        ),
    ),
    found={
        "en": "A disk of the routing service is full. We are freeing space.",
        "fr": "Un disque du service de routage est plein. Nous libérons de l’espace.",
        "ja": "振り分けサービスのディスクに空きがないことが原因です。空き容量を確保しています。",
        "ru": "Диск службы маршрутизации заполнен. Освобождаем место.",
    },
    restored={
        "en": "Inbound calls are distributed again.",
        "fr": "Les appels entrants sont de nouveau distribués.",
        "ja": "着信の振り分けは復旧しました。",
        "ru": "Входящие вызовы снова распределяются.",
    },
    summary={
        "en": "For 47 minutes inbound calls did not reach agents, because a disk of the routing service was full.",
        "fr": "Pendant 47 minutes, les appels entrants n’ont pas atteint les agents, car un disque du service de routage était plein.",
        "ja": "振り分けサービスのディスクの空き容量不足により、47分間、着信がエージェントに届きませんでした。",
        "ru": "В течение 47 минут входящие вызовы не доходили до агентов: диск службы маршрутизации был заполнен.",
    },
    sections={
        "IMPACT": {
            "en": "Inbound calls ended with a busy tone. Outbound calls, chat and recordings worked as usual.",
            "fr": "Les appels entrants se terminaient par une tonalité d’occupation. Les appels sortants, le chat et les enregistrements fonctionnaient normalement.",
            "ja": "着信はすべて話中音で切断されました。発信、チャット、録音に影響はありませんでした。",
            "ru": "Входящие вызовы обрывались с сигналом «занято». Исходящие вызовы, чат и записи работали как обычно.",
        },
        "ROOT_CAUSE": {
            "en": "A log was no longer rotated after the update of the night before, and filled the disk. The alarm for free space was set on the old disk.",
            "fr": "Après la mise à jour de la nuit précédente, un journal n’était plus archivé et a rempli le disque. L’alarme d’espace libre surveillait encore l’ancien disque.",
            "ja": "前夜の更新後、ログのローテーションが行われなくなり、ディスクの空き容量がなくなりました。空き容量の監視は、古いディスクに設定されたままでした。",
            "ru": "После ночного обновления один из журналов перестал архивироваться и заполнил диск. Сигнализация о свободном месте была настроена на старый диск.",
        },
        "RESTORATION": {
            "en": "- We deleted the log and restarted the routing service.\n- We checked every queue with test calls.",
            "fr": "- Nous avons supprimé le journal et redémarré le service de routage.\n- Nous avons vérifié chaque file par des appels d’essai.",
            "ja": "- ログを削除し、振り分けサービスを再起動しました。\n- すべてのキューでテスト通話を行い、正常であることを確認しました。",
            "ru": "- Мы удалили журнал и перезапустили службу маршрутизации.\n- Мы проверили каждую очередь тестовыми вызовами.",
        },
    },
    minutes=47,
)
CHAT = Outage(
    title={
        "en": "Chats are not opened",
        "fr": "Les conversations de chat ne s’ouvrent pas",
        "ja": "チャットを開始できない",
        "ru": "Чаты не открываются",
    },
    place=("messaging", "eu-west-3"),
    callers=(
        Caller(
            "claire",
            "acme",
            "Le chat ne s’ouvre plus sur notre site",
            "Le bouton du chat ne réagit plus, sur toutes les pages.",
            "Nous avons reproduit le problème et cherchons la cause.",
        ),
    ),
    found={
        "en": "A certificate of the chat service has expired.",
        "fr": "Un certificat du service de chat a expiré.",
        "ja": "チャットサービスの証明書が期限切れであることが判明しました。",
        "ru": "Истёк срок действия сертификата службы чата.",
    },
    restored={
        "en": "Chats open again.",
        "fr": "Le chat s’ouvre de nouveau.",
        "ja": "チャットは復旧しました。",
        "ru": "Чаты снова открываются.",
    },
    summary={
        "en": "For 25 minutes no new chats could be opened, because a certificate had expired.",
        "fr": "Pendant 25 minutes, aucune nouvelle conversation n’a pu être ouverte, car un certificat avait expiré.",
        "ja": "証明書の期限切れにより、25分間、新しいチャットを開始できませんでした。",
        "ru": "В течение 25 минут нельзя было открыть новые чаты: истёк срок действия сертификата.",
    },
    sections={
        "IMPACT": {
            "en": "New chats did not open. Running ones went on.",
            "fr": "Les nouvelles conversations ne s’ouvraient pas. Celles en cours se poursuivaient.",
            "ja": "新しいチャットを開始できませんでした。進行中のチャットに影響はありませんでした。",
            "ru": "Новые чаты не открывались. Начатые продолжались.",
        },
        "ROOT_CAUSE": {
            "en": "The renewal of the certificate had failed for two weeks, and nobody was told.",
            "fr": "Le renouvellement du certificat échouait depuis deux semaines sans que personne ne soit averti.",
            "ja": "証明書の自動更新が2週間前から失敗していましたが、通知されていませんでした。",
            "ru": "Обновление сертификата не удавалось две недели, и никто не получал уведомлений.",
        },
        "RESTORATION": {
            "en": "We renewed the certificate by hand.",
            "fr": "Nous avons renouvelé le certificat manuellement.",
            "ja": "証明書を手動で更新しました。",
            "ru": "Мы обновили сертификат вручную.",
        },
    },
    minutes=25,
)
ACTIONS = (  # kind, state, days until it is due, words
    (
        "CORRECTIVE",
        "DONE",
        -2,
        {
            "en": "Rotate the log every hour",
            "fr": "Archiver le journal toutes les heures",
            "ja": "ログを1時間ごとにローテーションする",
            "ru": "Архивировать журнал каждый час",
        },
    ),
    (
        "PREVENTIVE",
        "IN_PROGRESS",
        -1,
        {
            "en": "Set the alarm for free space on every disk",
            "fr": "Installer l’alarme d’espace libre sur tous les disques",
            "ja": "すべてのディスクで空き容量を監視する",
            "ru": "Настроить сигнализацию о свободном месте на всех дисках",
        },
    ),
    (
        "PREVENTIVE",
        "OPEN",
        20,
        {
            "en": "Test each update with a full disk",
            "fr": "Tester chaque mise à jour avec un disque plein",
            "ja": "更新のたびに、空き容量のないディスクでテストする",
            "ru": "Проверять каждое обновление при заполненном диске",
        },
    ),
)

RENEWAL = {
    "en": "Tell the people on call when a certificate is not renewed",
    "fr": "Avertir l’astreinte lorsqu’un certificat n’est pas renouvelé",
    "ja": "証明書の更新に失敗した場合、オンコール担当者に通知する",
    "ru": "Сообщать дежурным, если сертификат не обновлён",
}


def write_analyses(people, organizations, *, now):
    """Play both outages with the real actions; the first document is published and delivered, the second waits for its reviewer."""
    writer, second = people["agent2"], people["manager"]
    version = _drafted(_over(CALLS, people, organizations, now=now - 9 * DAY), CALLS, by=writer, now=now - 7 * DAY)
    rows = [_add(version.document, kind, days, words, by=writer, now=now) for kind, _state, days, words in ACTIONS]
    rca_documents.submit_for_review(version, by=writer, now=now - 7 * DAY)
    rca_documents.approve(version, by=second, now=now - 6 * DAY)
    rca_documents.publish(version, by=second, now=now - 6 * DAY)
    deliver_documents(now=now - 6 * DAY)
    for row, (_kind, state, _days, _words) in zip(rows, ACTIONS, strict=True):
        rca_actions.follow_action(row, by=writer, state=state, owner=row.owner, due_on=row.due_on, now=now - DAY)
    version = _drafted(_over(CHAT, people, organizations, now=now - 3 * DAY), CHAT, by=writer, now=now - 2 * DAY)
    _add(version.document, "PREVENTIVE", 10, RENEWAL, by=writer, now=now)
    rca_documents.submit_for_review(version, by=writer, now=now - DAY)


def _over(outage, people, organizations, *, now):
    """The incident, from the first call at `now` to its restoration."""
    agent, manager = people["agent2"], people["admin"]
    cases = [
        _called(caller, people, organizations, by=agent, now=now + place * MINUTE) for place, caller in enumerate(outage.callers)
    ]
    component, region = outage.place
    affected = ((Component.objects.get(code=component), Region.objects.get(code=region), IncidentComponent.Impact.OUTAGE),)
    facts = IncidentFacts(title=outage.title, severity_rank=1, started_at=now, affected=affected)
    incident = raise_candidate(facts, by=agent, now=now + 3 * MINUTE)
    incident = declare_incident(incident, by=manager, now=now + 5 * MINUTE)
    link_cases(incident, cases, by=agent, way=CaseLink.Way.BULK, now=now + 6 * MINUTE)
    found_at = now + 15 * MINUTE
    publish_update(incident, by=manager, state=State.IDENTIFIED, words=outage.found, next_update_at=found_at + HOUR, now=found_at)
    over_at = now + outage.minutes * MINUTE
    incident.refresh_from_db()
    restore_incident(
        incident, by=manager, restored_at=over_at, words=outage.restored, summary=outage.summary, now=over_at + 2 * MINUTE
    )
    finish_restorations(now=over_at + 3 * MINUTE)
    for case in cases:
        case.refresh_from_db()
        actions.accept_resolution(case, by=case.opened_by, now=over_at + HOUR)
    incident.refresh_from_db()
    return incident


def _called(caller, people, organizations, *, by, now):
    contact = people[caller.key]
    intake = IntakeData(
        case_type="PROBLEM",
        subject=caller.subject,
        description=caller.description,
        priority_code="critical",
        language=contact.language,
        product_area="voice",
    )
    organization = organizations[caller.organization]
    case = actions.open_case(organization, by=by, contact=contact, intake=intake, channel="PHONE", now=now)
    actions.assign(case, by=by, owner=by, now=now)
    case.refresh_from_db()
    actions.reply(case, by=by, text=caller.answer, now=now + MINUTE)
    return case


def _drafted(incident, outage, *, by, now):
    version = rca_documents.draft_document(incident, by=by, now=now)
    sections = {"SUMMARY": outage.summary, **outage.sections}
    return rca_documents.save_draft(version, by=by, sections=sections, timeline=version.timeline)


def _add(document, kind, days, words, *, by, now):
    due_on = (now + timedelta(days=days)).date()
    return rca_actions.add_action(document, by=by, kind=RcaAction.Kind(kind), words=words, owner=by, due_on=due_on)
