# ruff: noqa: E501 - a case to a line
"""What an agent of the demo desk may write to anybody: nothing of it is known to staff only."""

REWORDED_FROM_PUBLIC = """
Please quit Link from the tray menu, wait a full minute, and only then start it again.
From version 4.6 on, Link notices that the computer has woken up and connects afresh.
Stopping Windows from switching off the network adapter keeps the amber light from returning.
A steady amber light means that Link was connected and has lost the line.
Grey means that nobody has paired this computer yet or that Link is switched off.
When the light is red, rest your mouse on the icon and tell us the LK code you see.
LK-130 appears when the clock of the computer is more than five minutes off.
LK-150 tells you that your record system does not answer, so please check whether it is open.
The pairing key has twelve characters and stays valid for 24 hours.
Link should be installed on one computer per location only.
On a Mac you need to allow the VPN configuration, otherwise you will see LK-110.
Link makes outgoing connections only, so you do not have to open any port from the internet.
Please exempt our three addresses from inspection, otherwise Link reports LK-140.
UDP 443 is optional, but large images load faster with it.
If Overlaps is set to Allow, anybody at the reception can place two appointments at once.
An appointment with a doctor and one in a room only collide if the service needs both.
Events from Google can take up to fifteen minutes before they block time in Calendar.
Enter absences at short notice directly in Brightwater Calendar.
Skipped means that we decided not to send the reminder, and the reason stands beside it.
Reminders are not sent if the appointment was made after the reminder time.
Ask the patient to look in the spam folder or among unknown senders.
Begin your booking page with two or three services, and press Publish when you are happy with it.
Choose a city as the time zone rather than a fixed offset, because only cities follow the clock changes.
A small globe at the top of the day view means that times are shown for your own device.
A series can have sixty visits at most.
The patient receives one message that lists all the dates of the series.
Clinical notes and images cannot be imported, they stay in your record system.
Please save the file as CSV UTF-8, the ordinary CSV choice spoils special letters.
Appointments in a period that you close are not cancelled by themselves.
New public holidays are added each October for the year to come.
Go keeps a copy of today and the next six days for work without a connection.
Devices that have not been opened for 14 days wipe their copy for safety.
You can send yourself a test notification under Me, Notifications.
On Android, set the battery use of Go to Unrestricted so that the phone does not put it to sleep.
Dotted borders mean that an appointment has not been sent yet.
The owner of the practice can refund up to 1,000 for each payment.
Weekends and bank holidays delay a payout by a working day.
A data export is requested by the owner in the account settings, never by e-mail.
Ownership is handed over in the settings if both people can still sign in.
You will receive the link for the download once the export has been approved.
"""

ORDINARY_REPLIES = """
Thank you for getting back to us so quickly.
I am sorry that this cost you the morning.
Could you tell me which version of Link you are using?
Please send us the last lines of the log, without any patient names.
I will look into this today and come back to you before five o'clock.
It would help me to know whether the same happens on the other computer.
Our colleagues are already working on it, and I will write as soon as there is news.
Have you tried another browser or a private window?
I have just tried it with your settings and it works for me.
Please let me know whether the light is green again after lunch.
If it happens once more, note the time and write to us straight away.
I have passed your wish on to our product team.
There is nothing you need to do for the moment.
We would be grateful if you could restart the terminal and try a small payment.
Does this concern one patient only, or everybody since a certain day?
I hope that your afternoon is quieter than your morning.
Shall I call you tomorrow at nine so that we go through it together?
You can reply to this message at any time, it reaches me directly.
The problem was on our side and has been solved since this morning.
As I wrote on Tuesday, the new version cures this.
Please do not send us card numbers or lists of patients by e-mail.
I have attached a short guide with pictures.
Would you mind checking whether the box is ticked for the second location as well?
We have given you a credit for this month because of the trouble.
I understand how annoying this is with a full waiting room.
Feel free to close this ticket if all is well now.
We are looking into it and will come back to you.
Your appointment data are safe, and nothing was lost.
I am glad to hear that the computer came back green on its own.
Please ask your IT person to switch on automatic time.
Could you forward this to the person who looks after your network?
We will let you know before we change anything on your account.
Sorry for the wait, we have had many questions since Monday.
The steps take about two minutes, and you can keep working meanwhile.
Which practice and which location is this about?
I have reset it for you, please try again now.
Is it possible that somebody else signed in with the same name?
Thanks for the screenshot, it shows the cause clearly.
Everything you described works as it is meant to, though I see why it is surprising.
A new version will be available for your phone in the coming days.
"""

OTHER_FACTS = """
Our servers in the edge network were updated last weekend without any interruption.
A session in Brightwater Calendar ends after twelve hours without a click.
You can reset your own password on the sign-in page at any time.
The terminal prints two receipts, one for you and one for the patient.
Your payout for Monday has been sent to the bank in the morning.
Refunds for amounts below fifty are usually visible on the card within three days.
Please wait for the result of the payment before you charge the card again.
A large image transfer may take longer when the line is slow.
We call you back on the number that you have registered with us.
The export contains all appointments from the first of January to today.
Two people at your practice can hold the role of owner at the same time.
The tunnel through your firewall has to allow TCP 443.
Your tablet and your phone can both be signed in if each has a login of its own.
We never share lists of our customers with partners.
Reminders by text cost one credit each, longer ones two.
The queue on our telephone is shortest between two and four in the afternoon.
The printer at your reception needs to be chosen once in the print dialogue.
Please take the old terminal out of the account before you send it back.
Flags that you put on a patient's card are visible to your colleagues only.
Your vote was added to the wish for coloured labels.
The report shows the number of cancelled appointments by month and by service.
Quiet hours for reminders can be set for each location.
The booking lock for new patients can be set in the settings of the booking page.
Synchronising again does not delete any of your own events.
The duplicate that you see is the private event and its blocked time.
Changes to the bank account are confirmed by letter before the next payout.
The new owner has to confirm the e-mail address before the transfer is complete.
Wi-Fi is switched on again under Settings, Network on the terminal.
The certificate of your own website has expired, please ask your host to renew it.
Your series of ten sessions ends on the fourteenth of March.
The webhooks page lists every delivery of the last seven days with its answer.
The limit of requests per minute is shown in the header of each answer.
Our staff can see the settings of your practice, but no names of patients.
A photo larger than ten megabytes is made smaller before it is sent.
The app asks for your finger or face each time that it is opened.
If you lose your phone, sign out all devices on the security page of your account.
Invoices are sent on the first working day of every month.
A half-day closure can begin at any full hour.
The second location was paired with its own key on the third of May.
Somebody at the practice accepted the terms on the day of the installation.
"""

STOCK = """
Kind regards, your team at Brightwater support.
If you have any further questions, please do not hesitate to contact us.
Thank you for your patience and for your understanding in this matter.
We are happy to help and wish you a pleasant day.
Please do not reply to this message with quoted text below it.
Best wishes from the support team, and have a good weekend.
Let us know if there is anything else that we can do for you.
This ticket will be closed automatically if we do not hear from you.
Sorry for the inconvenience that this may have caused you.
We look forward to hearing from you soon.
Thank you for contacting us about this problem.
I will keep you informed about any progress.
Thanks again for reporting this and for the details.
Please find the answers to your questions below.
We have received your request and will answer as soon as possible.
Have a nice day, and do not hesitate to write again.
Could you please confirm that it works now?
I apologise for the late answer.
Good morning, and thank you for your message of yesterday.
Please let us know whether this solves the problem.
"""
