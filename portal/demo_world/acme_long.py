"""Acme's long case: six weeks of a fault that comes and goes, with more than fifty activities."""

from .files import console_log
from .story import (
    At,
    Story,
    ask,
    call,
    not_adequate,
    note,
    promise,
    redact_latest,
    reply,
    resume,
    scope,
    severity,
    take,
    third_party,
    third_party_replied,
)

PROBES = [
    (27, "Lille", "0,8 %", "14 ms"),
    (26, "Lille", "1,1 %", "19 ms"),
    (25, "Nantes", "0,2 %", "9 ms"),
    (24, "Lille", "2,4 %", "31 ms"),
    (23, "Lille", "2,9 %", "35 ms"),
    (22, "Paris", "0,1 %", "7 ms"),
    (21, "Lille", "3,2 %", "38 ms"),
]
NIGHTS = [
    (14, "12 appels sur 410"),
    (13, "9 appels sur 395"),
    (12, "15 appels sur 402"),
    (11, "3 appels sur 388"),
    (10, "1 appel sur 420"),
]


def _probes():
    """Each day Marc sends the figures of his probe, and the care team notes what they say."""
    for weekdays, site, loss, jitter in PROBES:
        yield reply(
            At(weekdays, "17:40"),
            "marc",
            f"Sonde du jour, site de {site} : perte {loss}, gigue {jitter}, mesurées entre 14 h et 15 h.",
        )
        yield note(
            At(weekdays, "17:55"),
            "agent",
            f"Probe {site}: loss {loss}, jitter {jitter}. Added to the sheet for the network team.",
        )


def _nights():
    """After the change, both sides count the bad calls of each night shift."""
    for weekdays, count in NIGHTS:
        yield reply(At(weekdays, "08:35"), "marc", f"Nuit dernière : {count} avec un son haché.")
        yield reply(At(weekdays, "10:15"), "agent", f"Merci Marc, c’est noté : {count}. Nous comparons avec nos propres mesures.")


LONG_STORY = Story(
    "acme",
    "marc",
    At(29, "09:25"),
    "medium",
    "Son haché par moments sur les appels du site de Lille",
    "Plusieurs fois par jour, pendant dix à vingt minutes, les conseillers de Lille et leurs clients s’entendent par bribes. Paris et Nantes "
    "ne sont presque pas touchés. Le prestataire réseau ne voit rien de son côté.",
    [
        take(At(29, "09:50"), "agent"),
        reply(
            At(29, "10:20"),
            "agent",
            "Bonjour Marc,\n\nmerci pour la description. Pour savoir où le son se perd, il nous faut des mesures aux moments touchés.",
        ),
        ask(
            At(29, "10:40"), "agent", "Pouvez-vous lancer notre sonde à Lille une heure par jour et nous envoyer perte et gigue ?"
        ),
        reply(At(28, "16:50"), "marc", "Oui, je la lance dès demain entre 14 h et 15 h."),
        call(
            At(28, "17:30"),
            "agent",
            "Appel avec Marc Delcourt : installation de la sonde sur deux postes de Lille. Il a donné le numéro privé de l’installateur.",
            started=At(28, "17:05"),
        ),
        redact_latest(At(28, "17:45"), "manager", "Données personnelles d’un tiers"),
        *_probes(),
        severity(At(21, "18:05"), "agent", 2, "Les mesures se dégradent : plus de 3 % de pertes à Lille."),
        third_party(
            At(20, "09:30"),
            "agent",
            "Développement, équipe média",
            "MEDIA-2214",
            "https://tracker.care.example/MEDIA-2214",
        ),
        note(
            At(19, "14:10"),
            "agent2",
            "Edge 3 of the region drops RTP when its CPU passes 85 %. Capacity change planned with the media team.",
        ),
        third_party_replied(At(17, "11:20"), "agent"),
        reply(
            At(17, "11:45"),
            "agent",
            "Bonjour Marc,\n\nla cause est trouvée : un serveur média de votre région perd des paquets quand sa charge est haute. "
            "Un second serveur prend le relais dès ce soir.",
        ),
        promise(At(17, "11:46"), "agent", hours=24),
        scope(At(17, "11:50"), "agent", "PLATFORM"),
        reply(At(16, "09:05"), "marc", "Merci. Nous comptons les appels touchés pendant les prochaines nuits."),
        severity(At(15, "16:00"), "agent", 3, "Le second serveur est en service ; seuls quelques appels restent touchés."),
        *_nights(),
        ask(At(9, "15:30"), "agent", "Pouvez-vous nous envoyer le journal de la sonde de la nuit dernière ?"),
        reply(At(8, "09:10"), "marc", "Je demande à l’équipe."),
        not_adequate(At(8, "09:20"), "agent"),
        reply(
            At(7, "10:45"),
            "marc",
            "Voici le journal.",
            files=(
                console_log(
                    "sonde-lille.log",
                    "INFO probe started site=lille",
                    "INFO loss=0.1% jitter=6ms",
                    "WARN loss=1.9% jitter=28ms",
                    "INFO loss=0.0% jitter=5ms",
                ),
            ),
        ),
        note(At(7, "11:30"), "agent", "One burst of 40 s, matches a failover test of the edge. Nothing else in 10 hours."),
        third_party(At(6, "10:00"), "agent", "Opérations cloud", "CLOUDOPS-871"),
        resume(At(5, "14:00"), "agent"),
        reply(
            At(5, "14:30"),
            "agent",
            "Bonjour Marc,\n\nla seule coupure du journal vient d’un essai de bascule, terminé depuis. Nous observons encore "
            "quelques jours avant de proposer une résolution.",
        ),
        third_party(At(2, "09:40"), "agent", "Opérations cloud", "CLOUDOPS-902"),
    ],
    intake={
        "product_area": "voice",
        "workability": "DEGRADED",
        "workaround": "NO",
        "users_affected": "45 conseillers à Lille",
        "frequency": "Plusieurs fois par jour, dix à vingt minutes",
        "environment_changes": "Nouveau lien de secours installé il y a deux mois.",
        "troubleshooting": "Casques et postes échangés, Wi-Fi coupé, QoS vérifiée.",
    },
)
STORIES = [LONG_STORY]
