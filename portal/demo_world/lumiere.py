"""Lumière, Lyon, under `genesys-cloud-cx`, served from the EEA only: critical cases by phone. Léa writes in French."""

from uuid import UUID

from .files import console_log
from .story import (
    Ago,
    At,
    Story,
    accept,
    ask,
    case_summary,
    note,
    promise,
    propose,
    reject,
    reply,
    restored,
    scope,
    severity,
    take,
    third_party,
)

REFUSED_CODE = "KRT4WM"  # Léa's critical draft, which she is about to read out on the phone
REFUSED = {
    "case_type": "PROBLEM",
    "subject": "Plus aucun conseiller ne peut se connecter",
    "description": "Depuis 20 minutes, la page de connexion tourne sans fin pour tous les conseillers de Lyon et de Grenoble.",
    "workability": "NO",
    "workaround": "NO",
    "users_affected": "85 conseillers, Lyon et Grenoble",
    "business_impact": "Le service client est à l’arrêt ; nous renvoyons les appels vers un répondeur.",
    "reachable_name": "Léa Fontaine",
    "reachable_phone": "+33 6 39 98 77 03",
}

STORIES = [
    Story(
        "lumiere",
        "lea",
        Ago(285),
        "critical",
        "Coupure de son générale sur tous les appels",
        "Léa Fontaine appelle : depuis 15 minutes, plus personne ne s’entend, ni en entrée ni en sortie, sur les deux sites.",
        [
            take(Ago(280), "agent2"),
            reply(
                Ago(277),
                "agent2",
                "Bonjour Léa,\n\nl’équipe média et moi sommes sur votre dossier. Le serveur média de Lyon ne transmet plus le son ; nous le "
                "retirons du service.",
            ),
            promise(Ago(277), "agent2", hours=2),
            note(
                Ago(240), "agent2", "Customer's own edge appliance, firmware 3 versions behind. Isolated, not on the status page."
            ),
            scope(Ago(238), "agent2", "ISOLATED"),
            reply(
                Ago(160),
                "agent2",
                "Le son est revenu à Grenoble. À Lyon, l’équipement doit être remplacé ; un technicien est en route.",
            ),
        ],
        channel="PHONE",
        logged_by="agent2",
        logged_after=4,
        intake={
            "product_area": "voice",
            "workability": "NO",
            "workaround": "NO",
            "users_affected": "85 conseillers, Lyon et Grenoble",
            "business_impact": "Aucun appel n’est possible.",
            "reachable_name": "Léa Fontaine",
            "reachable_phone": "+33 6 39 98 77 03",
            "is_impact_significant": True,
        },
    ),
    Story(
        "lumiere",
        "lea",
        At(7, "14:10"),
        "critical",
        "Aucun appel entrant à Grenoble",
        "Léa Fontaine appelle : depuis 14 h, aucun appel n’arrive plus à Grenoble. Les appels sortants passent.",
        [
            take(At(7, "14:14"), "agent2"),
            reply(At(7, "14:17"), "agent2", "Bonjour Léa,\n\nnous examinons la liaison avec votre opérateur."),
            scope(At(7, "14:40"), "agent2", "ISOLATED", "Seule la liaison de votre opérateur à Grenoble est concernée."),
            restored(At(7, "15:30"), "agent2", at=At(7, "15:22")),
            case_summary(
                At(7, "16:10"),
                "agent2",
                "De 14 h à 15 h 22, les appels entrants n’arrivaient plus à Grenoble. Les appels sortants n’étaient pas concernés.",
                "Votre opérateur avait remplacé un équipement sans reprendre la liste des adresses autorisées.",
                "L’opérateur a rétabli la liste à 15 h 22. Il nous préviendra avant toute intervention sur cette liaison.",
            ),
            propose(At(7, "16:15"), "agent2", "La liaison de votre opérateur fonctionne de nouveau depuis 15 h 22."),
            accept(At(7, "16:40"), "lea"),
        ],
        channel="PHONE",
        logged_by="agent2",
        logged_after=3,
        intake={
            "product_area": "voice",
            "workability": "DEGRADED",
            "workaround": "NO",
            "users_affected": "30 conseillers, Grenoble",
            "business_impact": "Nos clients de Grenoble n’arrivent plus à nous joindre.",
            "reachable_name": "Léa Fontaine",
            "reachable_phone": "+33 6 39 98 77 03",
            "is_impact_significant": True,
        },
    ),
    Story(
        "lumiere",
        "lea",
        At(3, "10:05"),
        "high",
        "Les SMS de confirmation partent avec une heure de retard",
        "Nos clients reçoivent le SMS de confirmation une heure après leur appel, parfois deux. Rien n’a changé dans nos flux.",
        [
            take(At(3, "10:20"), "agent2"),
            reply(
                At(3, "10:58"),
                "agent2",
                "Bonjour Léa, les SMS attendent chez l’opérateur. Nous avons ouvert une demande auprès de lui.",
            ),
            third_party(At(3, "11:05"), "agent2", "Opérateur SMS", "SMS-77310"),
        ],
        intake={
            "product_area": "digital",
            "workability": "DEGRADED",
            "workaround": "NO",
            "conversation_ids": (UUID("b4d81f0c-7a26-4e95-93c8-5f60e2d1a7b3"),),
            "environment_changes": "Aucun.",
        },
    ),
    Story(
        "lumiere",
        "lea",
        At(2, "14:30"),
        "medium",
        "Une file d’attente ignore la musique choisie",
        "La file « Commandes » joue la musique par défaut. Toutes les autres jouent la nôtre.",
        [
            take(At(2, "14:50"), "agent2"),
            reply(At(2, "15:05"), "agent2", "Bonjour Léa, j’entends la même musique par défaut sur un appel d’essai."),
            ask(
                At(1, "11:30"),
                "agent2",
                "Bonjour Léa, pouvez-vous nous dire dans quel format le fichier de cette file a été déposé ?",
            ),
        ],
        intake={"product_area": "routing", "workability": "YES"},
    ),
    Story(
        "lumiere",
        "lea",
        At(11, "09:00"),
        "medium",
        "Le script d’accueil n’affiche pas le nom du client",
        "Le champ « nom » reste vide dans le script, alors que le numéro est reconnu.",
        [
            take(At(11, "09:20"), "agent2"),
            reply(
                At(11, "09:45"), "agent2", "Bonjour Léa, le script lit un champ renommé en janvier. Je prépare une correction."
            ),
            propose(At(10, "10:30"), "agent2", "Le script lit maintenant le bon champ."),
            reject(At(10, "14:15"), "lea", "Le nom s’affiche pour les appels, mais pas pour les rappels."),
            severity(At(10, "14:30"), "agent2", 4, "Seuls les rappels sont encore concernés."),
            propose(At(9, "16:00"), "agent2", "Le script des rappels est corrigé de la même façon."),
            accept(At(8, "08:45"), "lea"),
        ],
        files=(
            console_log("script.log", "INFO script loaded", "WARN variable Contact.Nom is undefined", "INFO callback started"),
        ),
        intake={"product_area": "routing", "workability": "YES", "workaround": "YES"},
    ),
]
