"""Initech, New York, under `dynamics-gold`: no severities, the priority ranks the case."""

from .files import screenshot
from .story import Ago, At, Story, accept, ask, call, note, priority, propose, reject, reply, take

STORIES = [
    Story(
        "initech",
        "dana",
        At(1, "09:50"),
        "high",
        "Case queue does not refresh for the night shift",
        "Since the weekend the queue view stays empty until an agent signs out and in again. Night shift only, about 15 people.",
        [
            take(At(1, "09:55"), "agent"),
            reply(
                At(1, "10:02"),
                "agent",
                "Hello Dana,\n\nthanks for the report. The night shift uses a view that was copied in March; I am comparing the two now.",
            ),
            note(
                At(1, "11:20"),
                "agent",
                "The copied view filters on a team that was renamed. Needs a change by their administrator.",
            ),
        ],
        intake={
            "product_area": "service",
            "workability": "DEGRADED",
            "workaround": "YES",
            "users_affected": "15 agents, night shift",
            "frequency": "Every sign-in",
        },
    ),
    Story(
        "initech",
        "dana",
        Ago(4),
        "normal",
        "Knowledge articles open in the wrong language",
        "Articles open in Spanish for two of our new agents although their profile says English.",
        intake={"product_area": "service", "workability": "YES", "users_affected": "2 agents"},
    ),
    Story(
        "initech",
        "dana",
        At(2, "16:35"),
        "low",
        "Add a column for the customer's time zone to the queue",
        "We would like to see the customer's time zone in the queue view, next to the name.",
        case_type="REQUEST",
        intake={"product_area": "service", "workability": "YES"},
    ),
    Story(
        "initech",
        "dana",
        At(7, "13:10"),
        "normal",
        "Record creation rule makes two cases from one email",
        "Each email to our support address creates two cases, one of them without a customer.",
        [
            take(At(7, "13:18"), "agent"),
            reply(
                At(7, "13:22"),
                "agent",
                "Hello Dana, I can see the doubles. Two rules listen to the same mailbox; I am checking which is older.",
            ),
            propose(At(6, "10:00"), "agent", "The older of the two rules was switched off. One email now makes one case."),
            reject(At(6, "14:45"), "dana", "It still happens for emails with an attachment."),
            reply(
                At(6, "15:05"),
                "agent",
                "You are right, the attachment rule is a third one. Switched off as well; please try again.",
            ),
            propose(At(5, "09:30"), "agent", "Both old rules are off; emails with and without attachments make one case each."),
            accept(At(5, "11:12"), "dana"),
        ],
        files=(screenshot("two-cases.png", "Support queue", "Two cases from one email", "Rule: mailbox-import (2)"),),
        intake={"product_area": "service", "workability": "DEGRADED", "workaround": "YES"},
    ),
    Story(
        "initech",
        "dana",
        At(3, "11:25"),
        "high",
        "Agents cannot resolve cases with an open phone activity",
        'Resolving fails with "close related activities first", but the phone call is already completed.',
        [
            take(At(3, "11:30"), "agent"),
            call(
                At(3, "12:00"),
                "agent",
                "Call with Dana Whitfield: the activity was completed on the phone app, which did not sync.",
                started=At(3, "11:38"),
            ),
            priority(At(3, "12:10"), "agent", "normal", "Completing the activity in the browser lets the case be resolved."),
            ask(At(2, "10:15"), "agent", "Could you send us the version of the phone app that the agents use?"),
        ],
        intake={"product_area": "service", "workability": "DEGRADED", "workaround": "YES", "users_affected": "30 agents"},
    ),
    Story(
        "initech",
        "dana",
        At(4, "15:00"),
        "normal",
        "Monthly entitlement report counts a case twice",
        "Our entitlement shows 13 cases left, but we count 14. Case CS-1000012 seems to be counted twice.",
        [
            take(At(4, "15:08"), "agent"),
            reply(At(4, "15:14"), "agent", "Hello Dana, I am checking the ledger of your entitlement."),
            propose(At(1, "09:40"), "agent", "The duplicate was taken out of the ledger: 14 of 15 cases are left."),
        ],
        case_type="QUESTION",
        intake={"product_area": "billing", "workability": "YES"},
    ),
]
