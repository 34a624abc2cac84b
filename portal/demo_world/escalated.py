"""Cases that were escalated: one waits for its decision, one is led by somebody, one is resolved. Volga's escalates by itself."""

from datetime import timedelta

from cases import actions
from escalations.actions import escalation_requests as escalating

from .story import Ago, Step, Story, note, reply, take

HOUR, DAY = 60, 24 * 60  # minutes


def read(when, who):
    """The contact opens the case page and reads what there is."""

    def do(scene):
        latest = scene.case.activities.filter(visibility="CUSTOMER").order_by("pk").last()
        actions.mark_read(scene.case, by=scene.people[who], key=latest.pk, now=scene.now)

    return Step(when, do)


def escalate(when, who, description, impact, urgency):
    def do(scene):
        said = escalating.RequestWords(description, impact, urgency)
        escalating.request_escalation(scene.latest(), by=scene.people[who], request=said, now=scene.now)

    return Step(when, do)


def take_up(when, who, leader, hours):
    """`leader` leads it and promises the next update in so many hours."""

    def do(scene):
        people, promised_at = scene.people, scene.now + timedelta(hours=hours)
        escalation = scene.case.escalations.active().get()
        escalating.take_up_escalation(escalation, by=people[who], owner=people[leader], promised_at=promised_at, now=scene.now)

    return Step(when, do)


def resolve(when, who, result):
    def do(scene):
        escalation = scene.case.escalations.active().get()
        escalating.resolve_escalation(escalation, by=scene.people[who], result=result, now=scene.now)

    return Step(when, do)


STORIES = [
    Story(
        "acme",
        "claire",
        Ago(2 * DAY + 3 * HOUR),
        "high",
        "Les appels entrants de Lille restent en attente",
        "Depuis la bascule du trunk, un appel sur trois reste en file sans être proposé à un agent, alors que des agents sont disponibles.",
        [
            take(Ago(2 * DAY + 175), "agent"),
            reply(
                Ago(2 * DAY + 160),
                "agent",
                "Bonjour Claire, je vois les appels bloqués dans la file Lille. Nous analysons le routage et revenons vers vous.",
            ),
            note(
                Ago(DAY + 5 * HOUR),
                "agent",
                "ACD traces pulled for queue Lille; waiting for routing team to confirm the skill mismatch.",
            ),
            escalate(
                Ago(45),
                "claire",
                "Un appel sur trois reste en file à Lille alors que des agents sont disponibles.",
                "60 agents, environ 900 appels par jour ; le taux d’abandon est passé de 4 à 19 %.",
                "La campagne de fin de mois commence demain matin et doublera le volume.",
            ),
        ],
        intake={
            "product_area": "voice",
            "workability": "DEGRADED",
            "workaround": "NO",
            "users_affected": "60 agents à Lille",
            "is_impact_significant": True,
        },
    ),
    Story(
        "sakura",
        "kenji",
        Ago(2 * DAY + 6 * HOUR),
        "high",
        "録音ファイルを再生できない",
        "昨日から、通話録音の再生画面が読み込み中のまま進みません。品質評価の業務が止まっています。",
        [
            take(Ago(2 * DAY + 355), "agent"),
            reply(Ago(2 * DAY + 340), "agent", "佐藤様、再生できない録音を確認しました。保存先の障害かどうか調査しています。"),
            escalate(
                Ago(5 * HOUR),
                "kenji",
                "通話録音がすべて再生できません。",
                "品質評価とコンプライアンス確認を行えません。対象は1日約400件です。",
                "金曜日の監査で録音の提示が必要です。",
            ),
            take_up(Ago(4 * HOUR), "manager", "agent2", 9),
            note(Ago(3 * HOUR), "agent2", "Storage team found stale credentials for the recording bucket; rotation under way."),
        ],
        intake={
            "product_area": "recording",
            "workability": "NO",
            "workaround": "NO",
            "users_affected": "品質管理チーム12名",
            "is_impact_significant": True,
        },
    ),
    Story(
        "lumiere",
        "lea",
        Ago(4 * DAY),
        "high",
        "La synthèse vocale répond en anglais",
        "Le menu d’accueil français est lu par une voix anglaise depuis la mise à jour du flux.",
        [
            take(Ago(4 * DAY - 20), "agent2"),
            reply(
                Ago(4 * DAY - 40), "agent2", "Bonjour Léa, la langue du flux a été réinitialisée. Nous cherchons à quel moment."
            ),
            read(Ago(3 * DAY), "lea"),
            escalate(
                Ago(2 * DAY),
                "lea",
                "Le menu d’accueil est lu avec une voix anglaise.",
                "Nos clients raccrochent avant de choisir : 40 % d’appels en moins depuis dimanche.",
                "Les réservations de la saison ouvrent samedi.",
            ),
            take_up(Ago(2 * DAY - 30), "manager", "agent2", 4),
            reply(
                Ago(2 * DAY - 150),
                "agent2",
                "La version du flux du 12 a remplacé la langue par défaut. Nous l’avons remise au français et publié le flux.",
            ),
            resolve(
                Ago(DAY), "manager", "Flux corrigé et publié ; une alerte prévient désormais si la langue par défaut change."
            ),
        ],
        intake={
            "product_area": "routing",
            "workability": "DEGRADED",
            "workaround": "NO",
            "users_affected": "Tous les appelants du numéro d’accueil",
            "is_impact_significant": True,
        },
    ),
]
