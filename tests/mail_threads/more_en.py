"""English mails that the first rules had not seen."""

from __future__ import annotations

from tests.mail_threads.thread import thread

MORE_ENGLISH = (
    thread(
        "en-top-with-title",
        """
b|Morning,
b|
b|The loading bay gate opens on its own at night. Reset at the panel helps for a day,
b|then it starts again.
b|
b|Any idea what to check first?
b|
s|Many thanks and best wishes
s|Fiona McAllister
s|Facilities Lead, North Site
s|Glenview Distillers Limited
s|Mobile 07700 900 482
b|
q|On 19 Sept 2024, at 07:58, Gate Support <gates@doorworks.example.co.uk> wrote:
q|
q|> Dear Fiona
q|>
q|> Has the panel been reset since the power cut?
q|> It should show a green light afterwards.
""",
    ),
    thread(
        "en-outlook-mac",
        """
b|Thanks Jo, the driver installed but the tablet pen has no pressure now.
b|Tried two pens.
b|
s|Cheers
s|Ben
b|
q|From: Jo Whitfield <jo@artsupport.example.com>
q|Date: Monday, 2 December 2024 at 14:36
q|To: Ben Akande <ben.akande@studio.example.com>
q|Subject: Re: Pen tablet
q|
q|Hi Ben,
q|
q|Driver attached. Let me know how it goes.
q|
q|Jo
""",
    ),
    thread(
        "en-list-footer",
        """
b|Confirmed on 6.1 as well. The import stops at the first line that has an umlaut.
b|
s|Regards,
s|Ilya
s|
s|--
s|You received this message because you are subscribed to the "ledger-users" list.
s|To leave it, send a mail to ledger-users-leave@lists.example.org.
""",
    ),
    thread(
        "en-long-legal",
        """
b|Please unlock account MW-2231. The driver is waiting at the pump and the card reader
b|says "limit reached", which cannot be right on the first of the month.
b|
s|Yours sincerely,
b|
s|M. Whitlock (Mrs)
s|Fleet Office
b|
d|The information contained in this email is privileged and confidential. It is intended
d|only for the addressee. Any unauthorised use, disclosure or copying is prohibited. If you
d|received it in error, please delete it.
b|
d|Whitlock Transport accepts no liability for viruses. Please consider the environment
d|before printing this email.
""",
    ),
    thread(
        "en-yahoo-interleaved",
        """
b|Answers below.
b|
q|On Tuesday, August 13, 2024 at 05:20:09 PM EDT, Ticket Office <tickets@theatre.example.com>
q|wrote:
q|
q|> Which seats did the page show?
b|
b|Row F, 12 and 13.
b|
q|> Were you charged?
b|
b|Yes, twice, one minute apart.
b|
s|Kindest regards,
s|Rosalind
""",
    ),
    thread(
        "en-forward-outlook",
        """
b|FYI, can someone pick this up today?
b|
s|Regards,
s|Hal
b|
h|From: Reception <reception@surgery.example.com>
h|Sent: 05 November 2024 08:14
h|To: Hal Brook <hal.brook@itpartner.example.com>
h|Subject: Label printer
b|
b|Hello Hal, the label printer prints everything mirrored since the storm.
b|We need it for the blood samples.
""",
    ),
    thread(
        "en-school-office",
        """
b|Hi Marek
b|
b|Laptop 31 came back from repair and still shuts down at 40 % battery. It is on the
b|newest firmware.
b|
b|Shall I send it in again?
b|
s|With kind regards
s|Beatrice Owusu
s|School Business Manager
s|Hillcrest Primary School, Elm Road, Norwich NR1 0XX
s|01603 555 014
s|office@hillcrest.example.sch.uk
b|
q|From: Marek Dvorak <marek@repairs.example.co.uk>
q|Sent: 30 January 2025 15:22
q|To: Office <office@hillcrest.example.sch.uk>
q|Subject: RE: Laptop 31 - collected
q|
q|Hi Beatrice, laptop 31 is ready.
q|
q|Marek
""",
    ),
    thread(
        "en-gmail-inline-name",
        """
b|That fixed the invoices but now the credit notes have the wrong date (1970).
b|
s|Thanks again, Lou
b|
q|On Mon, 20 Jan 2025, 09:14 Accounts Helpline, <help@accounts.example.com> wrote:
b|
q|> Hello Lou,
q|>
q|> Please set the region to "Ireland" and print the invoices again.
""",
    ),
    thread(
        "en-thunderbird-forward",
        """
b|Over to you, I am on leave from tomorrow.
b|
h|-------- Forwarded Message --------
h|Subject: 	Turnstile beeps
h|Date: 	Sat, 11 Jan 2025 19:30:44 +0000
h|From: 	Duty Manager <duty@pool.example.co.uk>
h|To: 	maintenance@pool.example.co.uk
b|
b|Turnstile 2 beeps all evening and the counter is stuck at 118.
b|Turning it off and on makes it count backwards.
b|
s|Duty Manager
""",
    ),
    thread(
        "en-mobile-chain",
        """
b|Yes please, Tuesday is fine. The smell is gone since I unplugged it.
b|
s|Sent from my Galaxy
b|
q|-------- Original message --------
q|From: Appliance Care <care@appliances.example.com>
q|Date: 02/02/2025 17:05 (GMT+00:00)
q|To: D. Farrow <dfarrow@home.example.com>
q|Subject: Visit for your dishwasher
q|
q|May we come on Tuesday?
""",
    ),
    thread(
        "en-inline-with-sig-top",
        """
b|Hello Sam, see my comments between the lines.
b|
s|Best wishes,
s|Prudence
b|
q|On 05/12/2024 16:40, Sam (Archive) wrote:
q|> The scans are dark. Did you clean the glass?
b|Twice, with the cloth that came with it.
q|> Which profile do you use for parchment?
b|"Old paper". There is none called parchment.
""",
    ),
)
