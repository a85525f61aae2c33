"""Tickets that all carry one form, and few words of their own: near copies that are none."""

from __future__ import annotations

import random

from kbsearch import Ticket
from tests.builders import ticket

PROBLEMS = (
    "The badge reader at the east gate blinks red and lets nobody in.",
    "My second monitor stays black after the docking station was swapped.",
    "Payroll export stops at page three and writes an empty file.",
    "The wireless headset crackles in every call since Tuesday.",
    "I cannot open the shared calendar of the maintenance crew.",
    "The label printer feeds two labels at once and prints on the second.",
    "A customer's order shows twice in the warehouse list.",
    "My phone no longer receives mails while I am at the harbour.",
    "The meeting room screen asks for a code that nobody knows.",
    "Spell checking is gone from the report editor.",
    "The time clock books my breaks on the wrong day.",
    "Video in the training course freezes after ten seconds.",
    "The scanner sends pages upside down to my folder.",
    "I need the drawing software on the new workstation.",
    "The parking permit page rejects my number plate.",
    "Search in the contract archive finds nothing older than May.",
    "The tablet in van six will not charge any more.",
    "Invoices to Norway leave without the customs number.",
    "My account locks itself every morning at eight.",
    "The temperature chart of cold store two is flat since the weekend.",
    "A macro in the budget sheet deletes the last column.",
    "The intercom at the loading dock hums too loudly to speak.",
    "Fonts look blurred on the wall display in the lobby.",
    "The backup job of the design server ends with code nine.",
    "I was moved to another team and see the wrong tickets.",
    "The coffee card terminal charges twice for one cup.",
    "Translations are missing in the Polish order form.",
    "The fax gateway answers but delivers nothing.",
    "Maps do not load in the route planner for tomorrow.",
    "The keyboard types capital letters only after the update.",
    "My password manager forgot the entries of the whole group.",
    "The alarm panel shows a sensor that was removed last year.",
    "Photos from the inspection app arrive without their dates.",
    "The stock figures of aisle nine are negative.",
    "The visitor list prints without the names of the hosts.",
    "A signature pad at the front desk draws mirrored lines.",
    "The conference line drops callers from the Lisbon office.",
    "I get an old version of the safety handbook from the portal.",
    "The wind gauge feed stopped at the pier station.",
    "Colours of the weekly chart changed and nobody can read it.",
)
DEPARTMENTS = ("Harbour", "Payroll", "Design", "Sales", "Cold store", "Safety")
FORM = """Dear service team,
I have read the notes on the use of this form and agree that my data is processed to answer it.
Requested for: myself
Department: {department}
Building and room: {building} / {room}
Asset tag: BW-{asset}
Device type: [{a}] laptop [{b}] phone [{c}] printer [ ] something else
Have you restarted the device before you fill in this form? yes
Did a colleague look at it already? no
Urgency as defined in the service catalogue (low, medium, high): {urgency}
Please describe your problem below this line in as few words as you can:
{problem}
Please attach a screenshot if there is one; files larger than 10 MB are removed.
I know that tickets without an asset tag are handled last and that answers go to my mailbox.
This form was sent from the service portal of Brightwater, page revision 14.
Thank you for helping us to keep the service catalogue up to date."""


def form_tickets(n_tickets: int, *, seed: int = 11) -> list[Ticket]:
    """Tickets whose problems take turns; ticket n has problem n modulo their number."""
    rng = random.Random(seed)
    return [
        ticket(
            str(number),
            FORM.format(
                department=rng.choice(DEPARTMENTS),
                building=rng.choice("ABCDEF"),
                room=rng.randint(100, 499),
                asset=rng.randint(10_000, 99_999),
                a=rng.choice(" x"),
                b=rng.choice(" x"),
                c=rng.choice(" x"),
                urgency=rng.choice(("low", "medium", "high")),
                problem=PROBLEMS[number % len(PROBLEMS)],
            ),
            subject="Request from the service portal",
        )
        for number in range(n_tickets)
    ]
