"""The demo's platform: components in the customers' cloud regions, two incidents that are over and one that goes on, planned maintenance."""

from dataclasses import dataclass
from datetime import timedelta

from escalations.actions.incidents import IncidentFacts, close_incident, declare_incident, publish_update, raise_candidate
from escalations.actions.restoration import restore_incident
from escalations.actions.subscriptions import confirm_subscription, subscribe
from escalations.models import Component, Incident, IncidentComponent, Maintenance, Region, StatusSubscriber

State, Impact = Incident.State, IncidentComponent.Impact
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DAYS = 24 * 60  # minutes

REGIONS = {
    "eu-west-3": {"en": "Europe (Paris)", "fr": "Europe (Paris)", "ja": "欧州（パリ）", "ru": "Европа (Париж)"},
    "eu-central-1": {
        "en": "Europe (Frankfurt)",
        "fr": "Europe (Francfort)",
        "ja": "欧州（フランクフルト）",
        "ru": "Европа (Франкфурт)",
    },
    "us-east-1": {
        "en": "US East (Virginia)",
        "fr": "Est des États-Unis (Virginie)",
        "ja": "米国東部（バージニア）",
        "ru": "Восток США (Виргиния)",
    },
    "us-gov-west-1": {"en": "US Government", "fr": "Administration américaine", "ja": "米国政府", "ru": "Госсектор США"},
    "ap-northeast-1": {
        "en": "Asia-Pacific (Tokyo)",
        "fr": "Asie-Pacifique (Tokyo)",
        "ja": "アジア太平洋（東京）",
        "ru": "Азия и Океания (Токио)",
    },
}
COMPONENTS = {
    "voice": {"en": "Voice", "fr": "Voix", "ja": "音声通話", "ru": "Голосовая связь"},
    "messaging": {"en": "Messaging", "fr": "Messagerie", "ja": "メッセージング", "ru": "Сообщения"},
    "reporting": {"en": "Reports", "fr": "Rapports", "ja": "レポート", "ru": "Отчёты"},
    "api": {"en": "Public API", "fr": "API publique", "ja": "公開API", "ru": "Публичный API"},
}


@dataclass(frozen=True)
class Told:
    """An update: so many minutes after the start; the next one promised so many minutes later."""

    after: int
    state: str
    words: dict
    next_in: int | None = None


@dataclass(frozen=True)
class Trouble:
    """An incident; moments in minutes: `started` before now, the others after the start."""

    title: dict
    severity_rank: int
    started: int
    affected: tuple
    updates: tuple[Told, ...]
    restored: int | None = None
    restored_words: dict | None = None
    summary: dict | None = None


TROUBLES = [
    Trouble(
        title={
            "en": "Public API answers with errors",
            "fr": "L’API publique répond par des erreurs",
            "ja": "公開APIがエラーを返す",
            "ru": "Публичный API отвечает ошибками",
        },
        severity_rank=2,
        started=41 * DAYS,
        affected=(("api", "us-east-1", Impact.OUTAGE), ("api", "us-gov-west-1", Impact.PARTIAL)),
        updates=(
            Told(
                15,
                State.INVESTIGATING,
                {
                    "en": "The public API answers many requests with errors. We are looking for the cause.",
                    "fr": "L’API publique répond à de nombreuses requêtes par des erreurs. Nous cherchons la cause.",
                    "ja": "公開APIへのリクエストの多くがエラーになっています。原因を調査しています。",
                    "ru": "Публичный API отвечает ошибками на многие запросы. Выясняем причину.",
                },
                60,
            ),
        ),
        restored=95,
        restored_words={
            "en": "The API answers as usual again.",
            "fr": "L’API répond de nouveau normalement.",
            "ja": "APIは通常どおり応答しています。",
            "ru": "API снова работает в обычном режиме.",
        },
        summary={
            "en": "A certificate was renewed too late.",
            "fr": "Un certificat a été renouvelé trop tard.",
            "ja": "証明書の更新が遅れたことが原因です。",
            "ru": "Сертификат был обновлён слишком поздно.",
        },
    ),
    Trouble(
        title={
            "en": "Calls are set up slowly",
            "fr": "Les appels mettent longtemps à s’établir",
            "ja": "通話の接続に時間がかかる",
            "ru": "Вызовы долго устанавливаются",
        },
        severity_rank=3,
        started=12 * DAYS,
        affected=(("voice", "eu-west-3", Impact.DEGRADED),),
        updates=(
            Told(
                20,
                State.MONITORING,
                {
                    "en": "We have moved calls to other servers and are watching the result.",
                    "fr": "Nous avons basculé les appels vers d’autres serveurs et surveillons le résultat.",
                },
            ),
        ),
        restored=50,
        restored_words={"en": "Calls are set up at once again.", "fr": "Les appels s’établissent de nouveau sans délai."},
        summary={
            "en": "A server had too little memory.",
            "fr": "Un serveur manquait de mémoire.",
            "ja": "サーバーのメモリ不足が原因です。",
            "ru": "Серверу не хватило памяти.",
        },
    ),
    Trouble(
        title={
            "en": "Reports come late",
            "fr": "Les rapports arrivent en retard",
            "ja": "レポートの遅延",
            "ru": "Отчёты приходят с опозданием",
        },
        severity_rank=3,
        started=100,
        affected=(("reporting", "ap-northeast-1", Impact.PARTIAL), ("reporting", "us-east-1", Impact.DEGRADED)),
        updates=(
            Told(
                10,
                State.INVESTIGATING,
                {
                    "en": "Reports come up to two hours late. We are looking for the cause.",
                    "fr": "Les rapports arrivent avec jusqu’à deux heures de retard. Nous cherchons la cause.",
                    "ja": "レポートに最大2時間の遅れが出ています。原因を調査しています。",
                    "ru": "Отчёты приходят с опозданием до двух часов. Выясняем причину.",
                },
                60,
            ),
            Told(
                70,
                State.IDENTIFIED,
                {
                    "en": "A queue of jobs does not get shorter. We are adding servers.\n\nNo data is lost.",
                    "fr": "Une file de tâches ne se résorbe pas. Nous ajoutons des serveurs.\n\nAucune donnée n’est perdue.",
                },
                90,
            ),
        ),
    ),
]


def make_platform(people, *, now):
    """Make it with the real actions, as seen from `now`; what only the admin writes is written as rows."""
    regions = {code: _row(Region, code, name, place) for place, (code, name) in enumerate(REGIONS.items())}
    components = {code: _row(Component, code, name, place) for place, (code, name) in enumerate(COMPONENTS.items())}
    for component in components.values():
        component.regions.add(*regions.values())
    _subscribe_a_reader(now - 60 * DAY)
    for trouble in TROUBLES:
        _happen(trouble, components, regions, by=people["admin"], now=now)
    _plan_maintenance(components, regions, now=now)


def _row(model, code, name, place):
    return model.objects.create(code=code, name=name, position=place)


def _subscribe_a_reader(moment):
    subscribe("ops@status-reader.example", language="fr", time_zone="Europe/Paris", now=moment)
    confirm_subscription(StatusSubscriber.objects.get(), language="fr", now=moment)


def _happen(trouble, components, regions, *, by, now):
    start = now - trouble.started * MINUTE
    affected = [(components[component], regions[region], impact) for component, region, impact in trouble.affected]
    facts = IncidentFacts(trouble.title, trouble.severity_rank, start, affected)
    incident = raise_candidate(facts, by=by, now=start + 3 * MINUTE)
    incident = declare_incident(incident, by=by, now=start + 6 * MINUTE)
    for told in trouble.updates:
        moment = start + told.after * MINUTE
        promised = told.next_in and moment + told.next_in * MINUTE
        publish_update(incident, by=by, state=told.state, words=told.words, next_update_at=promised, now=moment)
    if trouble.restored:
        end = start + trouble.restored * MINUTE
        restore_incident(
            incident, by=by, restored_at=end, words=trouble.restored_words, summary=trouble.summary, now=end + 5 * MINUTE
        )
        close_incident(incident, by=by, now=end + DAY)


def _plan_maintenance(components, regions, *, now):
    start = (now + 3 * DAY).replace(hour=22, minute=0, second=0, microsecond=0)
    planned = Maintenance.objects.create(
        title={
            "en": "New database servers",
            "fr": "Nouveaux serveurs de base de données",
            "ja": "データベースサーバーの入れ替え",
            "ru": "Замена серверов баз данных",
        },
        words={
            "en": "Reports may be missing for up to ten minutes.",
            "fr": "Les rapports peuvent être indisponibles pendant dix minutes au plus.",
            "ja": "最大10分間、レポートを表示できないことがあります。",
            "ru": "Отчёты могут быть недоступны до десяти минут.",
        },
        starts_at=start,
        ends_at=start + 120 * MINUTE,
    )
    planned.components.add(components["reporting"])
    planned.regions.add(regions["eu-west-3"], regions["eu-central-1"])
