"""Acme, Paris, under `genesys-cloud`: Claire and Marc write in French, and so does the care team to them."""

from uuid import UUID

from .files import console_log, screenshot
from .story import (
    Ago,
    At,
    Story,
    accept,
    ask,
    call,
    close,
    impact,
    keep_open,
    note,
    promise,
    propose,
    reopen,
    reply,
    restored,
    scope,
    severity,
    take,
)

STORIES = [
    Story(
        "acme",
        "claire",
        Ago(48),
        "critical",
        "Aucun appel entrant n’aboutit sur nos trois sites",
        "Depuis ce matin, tous les appels entrants de Paris, Lille et Nantes tombent sur une tonalité d’occupation. Les appels sortants "
        "fonctionnent. Aucun changement de notre côté depuis vendredi.",
        [
            take(Ago(45), "agent"),
            call(
                Ago(38),
                "agent",
                "Appel avec Claire Martin : les trois numéros d’accueil sont touchés, le débordement vers les mobiles est actif. "
                "Nous vérifions les lignes et revenons vers elle dans l’heure.",
                started=Ago(42),
            ),
            impact(Ago(37), "agent", is_significant=True),
            scope(Ago(36), "agent", "PLATFORM"),
            note(
                Ago(36),
                "agent",
                "SIP trunks answer 486 to every INVITE since 06:38 UTC. Asked the voice team for the carrier trace.",
            ),
            reply(
                Ago(20),
                "agent",
                "Bonjour Claire,\n\nla trace montre que les appels sont refusés par la passerelle de votre région. Nous basculons les "
                "trois numéros sur la passerelle de secours. Prochaine information dans une heure au plus tard.\n\nAnna",
            ),
            promise(Ago(20), "agent", hours=1),
        ],
        intake={
            "product_area": "voice",
            "workability": "NO",
            "workaround": "YES",
            "users_affected": "140 conseillers, Paris, Lille et Nantes",
            "business_impact": "Nos clients ne peuvent plus nous joindre ; environ 600 appels perdus par heure.",
            "frequency": "Chaque appel",
            "reachable_name": "Claire Martin",
            "reachable_phone": "+33 6 39 98 12 40",
            "is_impact_significant": True,
            "checklist": ("troubleshooting", "status_page"),
        },
    ),
    Story(
        "acme",
        "claire",
        At(2, "10:24"),
        "high",
        "Les enregistrements d’écran ne se chargent plus pour l’équipe de Lille",
        "Quand un superviseur ouvre une évaluation, l’enregistrement audio démarre mais la vidéo reste noire, puis le message "
        "« 403 Recording not available » apparaît. Cela concerne toute l’équipe de Lille depuis hier soir ; Paris n’est pas touché.",
        [
            take(At(2, "10:31"), "agent"),
            reply(
                At(2, "10:52"),
                "agent",
                "Bonjour Claire,\n\nmerci pour les captures. Les deux conversations que vous citez ont bien un enregistrement d’écran ; "
                "c’est la lecture qui est refusée. Je regarde les droits de la division de Lille.",
            ),
            scope(At(2, "11:35"), "agent", "PLATFORM"),
            note(
                At(2, "11:40"),
                "agent",
                "Recording ACL lost division 'Lille' after Tuesday's role import. Reproduced with a test user.",
            ),
            ask(
                At(1, "15:10"),
                "agent",
                "Bonjour Claire,\n\nnous avons reproduit l’erreur : le rôle « Superviseur Lille » n’a plus accès à sa division.\n\n"
                "1. Avez-vous importé des rôles mardi soir ?\n2. Pouvez-vous nous envoyer le fichier d’import ?",
            ),
        ],
        files=(
            screenshot(
                "ecran-evaluation.png", "Quality evaluation", "403 Recording not available", "Conversation 6f1c0a9e", "Lille"
            ),
            console_log(
                "console-superviseur.log",
                "INFO player loading recording 6f1c0a9e-52d7-4b83-9e0a-7d4416c2b5f1",
                "WARN screen channel missing in manifest",
                "ERROR GET /api/v2/recordings/screen 403 Recording not available",
                "ERROR player stopped",
            ),
        ),
        intake={
            "product_area": "recording",
            "workability": "DEGRADED",
            "workaround": "NO",
            "users_affected": "6 superviseurs à Lille",
            "frequency": "Toujours",
            "conversation_ids": (UUID("6f1c0a9e-52d7-4b83-9e0a-7d4416c2b5f1"), UUID("d0e47b12-8c3f-4a65-b7f9-30c1e852aa46")),
            "steps": "1. Ouvrir une évaluation.\n2. Lancer la lecture.\n3. Attendre dix secondes.",
            "troubleshooting": "Autre navigateur, autre poste, cache vidé : même résultat.",
        },
    ),
    Story(
        "acme",
        "marc",
        At(4, "14:05"),
        "medium",
        "Les rapports planifiés arrivent deux fois",
        "Chaque matin, le rapport « Activité par file » arrive en double dans ma boîte, à 07:00 et à 07:02, avec des chiffres identiques.",
        [
            take(At(4, "14:20"), "agent"),
            reply(At(4, "14:48"), "agent", "Bonjour Marc, je vois bien deux envois par jour. Je cherche d’où vient le second."),
            propose(
                At(1, "16:30"),
                "agent",
                "Une ancienne planification, créée avant votre changement de fuseau horaire, envoyait encore le rapport. Elle est "
                "supprimée ; depuis hier, un seul envoi part à 07:00.",
            ),
        ],
        intake={"product_area": "reporting", "workability": "YES", "frequency": "Chaque jour"},
    ),
    Story(
        "acme",
        "claire",
        At(9, "11:15"),
        "low",
        "Comment ajouter un jour férié propre à notre entreprise ?",
        "Nous fermons le lundi qui suit notre fête annuelle. Où l’ajouter pour que le message d’accueil change tout seul ?",
        [
            take(At(9, "11:30"), "agent"),
            reply(
                At(9, "12:05"),
                "agent",
                "Bonjour Claire,\n\ndans « Administration », « Plannings », créez un planning d’un jour et ajoutez-le au groupe de plannings "
                "de votre accueil, comme planning de fermeture. Il l’emporte sur les heures d’ouverture.",
            ),
            reply(At(8, "09:12"), "claire", "Parfait, cela fonctionne. Merci !"),
            propose(At(8, "09:40"), "agent", "Jour de fermeture ajouté comme planning d’un jour dans le groupe de l’accueil."),
            accept(At(8, "10:02"), "claire"),
        ],
        case_type="QUESTION",
        intake={"product_area": "administration", "workability": "YES"},
    ),
    Story(
        "acme",
        "marc",
        Ago(22),
        "high",
        "Les conseillers sont déconnectés après un transfert",
        "Depuis une heure, un conseiller sur cinq est déconnecté au moment où il transfère un appel. Il doit se reconnecter à la main.",
        intake={
            "product_area": "voice",
            "workability": "DEGRADED",
            "workaround": "UNKNOWN",
            "users_affected": "Environ 30 conseillers à Paris",
            "conversation_ids": (UUID("a81f3d60-4e9b-4c27-8d05-b6e2f7c91304"),),
        },
    ),
    Story(
        "acme",
        "claire",
        At(4, "09:35"),
        "medium",
        "Le libellé d’une file n’est pas traduit dans le portail agent",
        "La file « Réclamations » s’affiche en anglais (« Claims ») pour les nouveaux conseillers, alors que leur langue est le français.",
        intake={"product_area": "administration", "workability": "YES", "workaround": "YES"},
    ),
    Story(
        "acme",
        "claire",
        At(12, "10:10"),
        "high",
        "Les statistiques en temps réel restent figées",
        "Le tableau de bord des superviseurs n’avance plus depuis 09:50. Il faut recharger la page pour voir de nouveaux chiffres.",
        [
            take(At(12, "10:25"), "agent"),
            reply(At(12, "10:41"), "agent", "Bonjour Claire, nous voyons la même chose chez nous et cherchons la cause."),
            scope(At(12, "10:50"), "agent", "PLATFORM"),
            restored(At(7, "11:00"), "agent", at=At(7, "10:45")),
            close(
                At(7, "15:00"),
                "agent",
                "Le service de notification a été redémarré ; les tableaux de bord avancent de nouveau sans rechargement.",
            ),
            reopen(At(3, "09:20"), "claire", "Le tableau se fige de nouveau depuis ce matin, comme la première fois."),
            reply(
                At(3, "09:45"), "agent", "Bonjour Claire, je reprends votre dossier : le même service a perdu ses abonnements."
            ),
            severity(At(3, "10:05"), "agent", 3, "Le rechargement de la page suffit et seuls les superviseurs sont concernés."),
        ],
        intake={"product_area": "reporting", "workability": "DEGRADED", "workaround": "YES", "users_affected": "12 superviseurs"},
    ),
    Story(
        "acme",
        "marc",
        At(30, "15:20"),
        "low",
        "Demande d’un modèle d’e-mail de bienvenue",
        "Existe-t-il un modèle d’e-mail pour accueillir les nouveaux conseillers ?",
        [
            take(At(30, "15:40"), "agent"),
            reply(At(30, "16:00"), "agent", "Bonjour Marc, oui, nous en avons un : le voici."),
            propose(At(30, "16:02"), "agent", "Modèle d’e-mail envoyé à Marc, à adapter à ses équipes."),
            keep_open(At(28, "09:10"), "marc"),
            close(At(24, "11:00"), "agent", "Modèle transmis et adapté avec Marc."),
        ],
        case_type="REQUEST",
        intake={"product_area": "other", "workability": "YES"},
    ),
]
