"""Federal, Denver, under `genesys-cloud-cx`, served from the US only."""

from .files import screenshot
from .story import Ago, At, Story, accept, hand_over, note, propose, reply, restored, take, third_party

STORIES = [
    Story(
        "federal",
        "sam",
        Ago(110),
        "high",
        "Callers hear silence after choosing an option",
        "After choosing option 2 in the main menu, callers hear nothing for about 40 seconds before the queue announcement starts.",
        [
            take(Ago(100), "agent2"),
            reply(
                Ago(85),
                "agent2",
                "Hello Sam,\n\nwe can hear the gap on a test call. The announcement of that branch points to a prompt that no longer exists.",
            ),
            hand_over(Ago(40), "agent2", "manager"),
        ],
        intake={
            "product_area": "routing",
            "workability": "DEGRADED",
            "workaround": "YES",
            "users_affected": "All callers of option 2",
            "frequency": "Every call",
        },
    ),
    Story(
        "federal",
        "sam",
        At(6, "10:45"),
        "medium",
        "Single sign-on asks for the password twice",
        "Agents are sent back to our identity provider once after signing in, and it works the second time.",
        [
            take(At(6, "11:10"), "agent2"),
            reply(
                At(6, "11:30"),
                "agent2",
                "Hello Sam, the first answer of your identity provider arrives without an audience. We are on it.",
            ),
            note(
                At(5, "09:30"),
                "agent2",
                "Their IdP rotates metadata nightly; our copy is refreshed weekly. Development has a fix.",
            ),
            third_party(At(5, "09:45"), "agent2", "Development", "AUTH-3310"),
        ],
        files=(screenshot("sign-in.png", "Single sign-on", "Sign-in failed", "audience is missing in the response"),),
        intake={"product_area": "administration", "workability": "YES", "workaround": "YES"},
    ),
    Story(
        "federal",
        "sam",
        At(22, "08:20"),
        "high",
        "Outbound campaign stopped dialing",
        "The renewal campaign stopped at 08:05 and does not start again. Inbound calls are fine.",
        [
            take(At(22, "08:40"), "agent2"),
            reply(
                At(22, "09:05"),
                "agent2",
                "Hello Sam, the campaign waits for a contact list that was replaced last night. Looking into it.",
            ),
            restored(At(22, "10:30"), "agent2", at=At(22, "10:12")),
            propose(At(22, "11:00"), "agent2", "The campaign uses the new contact list and has been dialing since 10:12."),
            accept(At(21, "08:15"), "sam"),
        ],
        intake={"product_area": "voice", "workability": "DEGRADED", "workaround": "NO", "is_impact_significant": True},
    ),
]
