"""English mails."""

from __future__ import annotations

from tests.mail_threads.thread import thread

ENGLISH = (
    thread(
        "en-gmail-top",
        """
b|Hi Tom,
b|
b|it still does not print after the restart. The queue shows three jobs that
b|never finish, and the display says "Check tray 2".
b|
s|Best regards,
s|Anna Berg
s|Office Manager | Northwind Harbour Ltd.
s|+44 20 5550 0142
b|
q|On Fri, May 3, 2024 at 10:21 AM Tom Reed <tom.reed@helpdesk.example.com>
q|wrote:
b|
q|> Hi Anna,
q|>
q|> please restart the printer and tell me what the queue shows.
q|>
q|> Tom
q|>
q|> On Thu, May 2, 2024 at 4:02 PM Anna Berg <anna.berg@northwind.example.com> wrote:
q|>
q|>> The printer on the third floor does not print.
""",
    ),
    thread(
        "en-outlook-desktop",
        """
d|CAUTION: This email originated from outside of the organization. Do not click links
d|or open attachments unless you recognize the sender.
b|
b|Hello,
b|
b|we have tried the new certificate, and the VPN client now stops with error 691.
b|Could you check whether our account is locked?
b|
b|Thanks in advance for your help.
b|
s|Kind regards
b|
s|Paul Mason
s|Network Administrator
s|Brightwater Mills plc
s|12 Canal Street, Leeds LS1 4XX
s|T: +44 113 555 0100  M: +44 7700 900123
s|www.brightwater.example.com
b|
q|From: Service Desk <desk@vendor.example.com>
q|Sent: Tuesday, March 12, 2024 4:47 PM
q|To: Paul Mason <paul.mason@brightwater.example.com>
q|Cc: Network Team <network@brightwater.example.com>
q|Subject: RE: [Case 48813] VPN certificate
q|
q|Dear Paul,
q|
q|please install the certificate that you find in the portal.
q|
q|Regards,
q|Service Desk
q|
q|This e-mail and any attachments are confidential and intended solely for the addressee.
""",
    ),
    thread(
        "en-thunderbird-interleaved",
        """
q|On 14/11/2023 09:12, Service Desk wrote:
q|> Hello Ruth,
q|>
q|> which version of the client do you use?
b|
b|It says 4.2.17 in the About window.
b|
q|> Does the error appear in the office network, too?
b|
b|Only at home. In the office everything works, even with the same cable.
b|
q|> Could you send us the log?
b|
b|Attached.
b|
s|--
s|Ruth Calder
s|Calder & Sons, Aberdeen
""",
    ),
    thread(
        "en-apple-mobile",
        """
b|Yes, that did it. The calendar is back on both devices.
b|
s|Sent from my iPhone
b|
q|> On 7 Feb 2024, at 18:40, Help Centre <help@centre.example.org> wrote:
q|>
q|> Hi Maya,
q|> please remove the account in Settings and add it again.
q|>
q|> Kind regards
q|> Help Centre
""",
    ),
    thread(
        "en-gmail-forward",
        """
b|Can you look into this? The customer waits since Monday.
b|
h|---------- Forwarded message ---------
h|From: Lena Ortiz <lena@bakery.example.net>
h|Date: Mon, Apr 8, 2024 at 7:55 AM
h|Subject: Cash register does not start
h|To: <support@shopware.example.com>
b|
b|
b|Good morning,
b|
b|since the update last night our cash register stops with "Drawer not found" (E-204).
b|We open at eight and cannot sell anything.
b|
s|Best wishes
s|Lena
""",
    ),
    thread(
        "en-outlook-web-ps",
        """
b|Dear support team,
b|
b|the export to Excel has lost its date column since version 8.3.
b|
s|Many thanks,
s|Oliver
b|
b|P.S.: The CSV export still has it, so this is not urgent.
b|
q|________________________________
q|From: Support <support@ledger.example.com>
q|Sent: 21 June 2024 11:05
q|To: Oliver Grant <o.grant@orchard.example.com>
q|Subject: Your ticket 5512
q|
q|Dear customer,
q|
q|your ticket was received.
""",
    ),
    thread(
        "en-lotus-notes",
        """
b|Hello,
b|
b|the plotter in the drawing office skips every second line. Cleaning the heads did not
b|change anything.
b|
s|Thanks & Regards,
s|Deepa Nair
s|CAD Coordinator, Building 4
s|Extension 5504
b|
q|-----Help Desk/Plant/ACME wrote: -----
q|To: Deepa Nair/Plant/ACME@ACME
q|From: Help Desk/Plant/ACME
q|Date: 02/13/2024 03:15PM
q|Subject: Re: Plotter
q|
q|Did you clean the print heads?
""",
    ),
    thread(
        "en-proton",
        """
b|The two-factor code is accepted now, but the page then says "Session not found".
b|Private window, same result.
b|
s|Sent with Proton Mail secure email.
b|
q|On Saturday, 6 January 2024 at 22:14, Account Team <account@vault.example.com> wrote:
b|
q|> Please check the clock of your phone.
q|>
q|> Account Team
""",
    ),
    thread(
        "en-outlook-bold-headers",
        """
b|Good afternoon all,
b|
b|Following the move to the new tenant, shared calendars show as "busy" only.
b|Permissions look right in the admin centre.
b|
b|Please advise.
b|
s|Warm regards,
b|
s|[cid:image001.png@01DA8B2C.5E3F1A20]
s|Gareth Pugh | IT Manager
s|Valley Timber Co. Ltd.
s|Unit 9, Mill Lane, Swansea SA1 9ZZ
s|Direct: +44 1792 555 017
s|gareth.pugh@valleytimber.example.com
s|Growing with you since 1952.
b|
q|*From:* Cloud Support <cloud@provider.example.com>
q|*Sent:* 11 April 2024 08:31
q|*To:* Gareth Pugh <gareth.pugh@valleytimber.example.com>
q|*Cc:* Amy Lowe <amy.lowe@valleytimber.example.com>; Projects
q|<projects@valleytimber.example.com>
q|*Subject:* RE: Tenant move - phase 2
q|
q|Gareth, phase 2 has been completed.
""",
    ),
    thread(
        "en-helpdesk-reply-line",
        """
b|No luck, the second code was refused as well. I bought both at the same shop.
b|
q|##- Please type your reply above this line -##
q|
q|Your request (40551) has been updated.
q|
q|Kim (Game Support)
q|Please try the second code.
""",
    ),
    thread(
        "en-bottom-posting",
        """
q|On Wed, Oct 4, 2023 at 2:20 PM, Facilities <facilities@campus.example.edu> wrote:
q|> Hello Professor,
q|>
q|> is it the projector or the screen that makes the noise? If you do not know,
q|> somebody from
q|> our team will come over before your next lecture.
q|>
q|> Facilities
b|
b|It is the projector in room B12. It starts after about twenty minutes, when the
b|fan speeds up.
b|
s|Best,
s|Noor
s|--
s|Dr. Noor Haddad
s|Department of Linguistics
""",
    ),
    thread(
        "en-android-legal",
        """
d|[EXTERNAL]
b|
b|Route planner crashes when I add a third stop. Phone was updated last night.
b|
s|Get Outlook for Android<https://aka.example.com/o2>
q|________________________________
q|From: Fleet App Support <support@fleet.example.com>
q|Sent: Thursday, July 11, 2024 6:02:44 PM
q|To: Marcus Bell <m.bell@haulage.example.com>
q|Subject: Re: planner
q|
q|Which phone do you use?
q|
q|Disclaimer: This e-mail is confidential and intended for the addressee.
""",
    ),
)
