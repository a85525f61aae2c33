"""Tickets that hold no line of a log: lists, forms, tables, chats and the like, all invented."""

from __future__ import annotations

from tests.log_samples import marked_tickets

PEOPLE_TICKETS = marked_tickets(
    r"""
. Hello team,
.
. I tried these steps:
. 1. Open the settings.
. 2. Click on Printers: all of them are listed.
. 3. Choose the front desk.
. 4. Print a test page.
.
. Thanks!
====
. What we found out so far:
. - The first floor works.
. - The second floor does not.
. - Error: the third floor has no light either.
. * Anna asks for a new cable
====
. Name: Anna Keller
. Department: Accounting
. Room: 204
. Phone: 317
. Problem: The screen stays black.
====
. | Device  | Floor | State  |
. |---------|-------|--------|
. | Printer | 1     | broken |
. | Scanner | 2     | fine   |
====
. Keller Tools Ltd.
. 12 Harbour Road
. 20457 Newtown
. Tel. 555 0100
====
. [10:22:33] Anna: are you there?
. [10:22:40] Ben: yes, what is it?
. [10:23:01] Anna: the till is stuck again
. 10:23:30 Ben Holm: restart it, please
====
. Agenda
. 09:00 Welcome and coffee
. 09:30 New tills (Ben)
. 10:45 Break
. 12.03.2024 14:00 Visit of the warehouse
====
. Monday: the till froze twice.
. Tuesday: it froze once, at 10:30.
. Wednesday: nothing happened.
. Then: again on Thursday.
====
. Dear support,
. ERROR messages all over the place, it is annoying.
. At first (last week) I thought it was the cable.
. At home it works.
. Note: I am away on Friday.
====
. Costs:
. Paper = 12 EUR
. Ink = 30 EUR
. That is too much!
====
. Q: Does it print?
. A: Yes, but only in black.
. Q: Since when?
. A: Since the update from 2024-03-03.
====
. First I looked at it myself
.     and then I asked Ben,
.     who knows tills well.
. He had no idea, either.
====
. > You wrote that the till is fine.
. > Is it still fine today?
. No, it is not.
====
. name: anna keller
. room: 204
. phone: 317
. when: this morning
====
. From: Anna Keller
. Sent: Monday, 4 March 2024 10:22
. To: Support
. Subject: the till again
.
. See below, please.
====
. Shifts this week
. 08:00:00 - 16:00:00 Anna
. 16:00:00 - 23:00:00 Ben
. Monday 08:00 - 12:00 closed
====
. What I need:
. 2 x headset
. 1 x screen (27 inch)
. 3 x mouse: black, small, cheap
. yes = I have approval
====
. Protocol of our call, 12.03.2024 10:22
. 10:22 Anna explained the problem.
. 10:30 Ben looked at the till.
. 10:45 we agreed to swap it.
====
. The message says "Error: no paper" and the second one "Error: no ink".
. Error: no paper
. That is what it shows, word for word.
====
. Dear all,
.
.     please note that the till is closed on Friday.
.     It opens again on Saturday.
.
.     Kind regards
====
. Item        Price   Pieces
. Paper       12.00   3
. Ink         30.50   1
. Sum         42.50   4
====
. Step 1: unplug it.
. Step 2: wait ten seconds.
. Step 3: plug it in again.
. Result: no change.
====
. Files that are missing:
. report.docx
. budget.xlsx
. C:\Users\anna\old plan.pdf
. All of them were there on Friday.
====
. (1) Does it happen to others? No.
. (2) Did it ever work? Yes.
. (3) Which floor? #2
====
. At Keller (our branch) nothing works: no phones, no tills.
. From Monday on: one till only.
. INFO desk is closed, too.
====
. <Anna> hello?
. <Ben> yes?
. <Anna> the till, again...
====
. The contract (No. 17/2024): please extend.
. Duration: 12 months
. Start date: 01.04.2024
. Price per month: 12.50
====
. Room A | Monday | 10:00
. Room B | Tuesday | 11:00
. Room C | Friday | 09:30
====
. Order of Monday
. 3 chairs, blue
. 2 tables, white: one with a drawer
. 1 lamp
====
. Hi all,
. ERROR 17 is back.
. It was gone since the update.
. INFO: I am at my desk until 16:00.
====
. Company: Keller Tools
. Street: Harbour Road 12
. City: Newtown
. E-Mail: anna@example.com
. Message: Please call me.
====
. 2024-03-03: first call
. 2024-03-04: technician came
. 2024-03-05: till works
. 2024-03-06: till is broken again
====
. Anna, 10:22: the till is stuck
. Ben, 10:23: restart it
. Anna, 10:30: done, thanks
====
. What works:
.   a) printing
.   b) scanning
. What does not work:
.   a) faxing (who needs it...)
====
. I sent the files (3 of 5):
. - prices.csv
. - orders_2024.csv: the big one
. - C:\plans\till.txt
====
. user: anna
. device: scanner
. since: monday
. urgent: yes
====
. The total is wrong: 12.50 + 3.00 = 15.50, not 16.50.
. Also: 2 x 3.00 = 6.00, not 9.00.
. And 1.00 + 1.00 = 2.00, of course!
====
. **Summary**
. The till is slow.
. **Impact**
. Customers wait.
. **Since**
. Last Friday (03.03.2024), about 10:22:33.
====
. "Please wait" it says.
. "Please wait" again.
. "No paper" at last.
====
. Keller Tools Ltd. | Harbour Road 12 | 20457 Newtown
. Managing director: Anna Keller
. Register: Newtown, No. 1234
. www.example.com
====
. #1 is fine
. #2 (the old one) is slow
. #3 (upstairs) is broken
====
. Monday    08:00-16:00   Anna
. Tuesday   08:00-16:00   Ben
. Wednesday 10:00-18:00   Anna
====
. [Anna] Where is the key?
. [Ben] In the drawer.
. [Anna] Which drawer?
====
. see https://example.com/manual?page=3&part=2
. and https://example.com/faq
. I read both, no luck.
====
. Dear team,
. first: the till is slow;
. second: the printer is loud;
. third: the scanner is blind.
====
. Anna Keller <anna@example.com>
. Ben Holm <ben@example.com>
. Both need access: read only.
====
. 1) Log in
. 2) Open Orders > New
. 3) Press F5
. -> the page stays empty
====
. Timeline (all times local)
. 10:22 first call
. 10:40 second call - no answer
. 11:05 till works again
====
. Which one is right?
. a = paper first
. b = ink first
====
. Our order no. 17:
. Chair (blue)     3 x 49.00
. Table (white)    2 x 199.00
. Total: 545.00
====
. Problem: no sound
. Error: none
. Tried: everything
. Wanted: sound!
====
. At Newtown (main office) it works.
. At Harbour Road (branch) it does not.
. At home (VPN) it does not, either.
====
. Mon: fine
. Tue: slow
. Wed: broken
"""
)
