"""Ordinary lines of support tickets that hold no identifier and are no log: invented here."""

from __future__ import annotations

PROSE_LINES = tuple(
    """\
My laptop does not wake up after I close the lid.
The printer on the second floor prints blank pages since Monday.
I cannot log in to the portal; it says my password is wrong.
Could you please reset my password? Thank you very much!
Since the update yesterday, Outlook asks for my password every 5 minutes.
We have 3 users who cannot open shared calendars.
The meeting is at 10:30 on 12.03.2024 in room B.
Please call me back before 5pm, I leave at 17:45.
My phone number is still the old one in the address book.
The invoice over 1.299,00 EUR was paid on 03/04/2024.
It costs $12.50 per month, or 2.5 times as much as before.
The file is 2.1 GB and the upload stops at 99.5 %.
I waited 24h and then another 48h, but nobody answered.
The error appeared 3 times today and 12 times last week.
There was an error 2 days ago, but it went away.
He is done.Then he went home and tried again.
It works again.Thanks a lot for the quick help
I tried turning it off and on again, e.g. with the power button.
We work from 9.00 to 17.30, Monday to Friday.
The room is on floor 4, next to the kitchen (door 12).
Please see section 2.1 and figure 3.4 of the manual.
The contract runs from 2023-01-01 until 2024-12-31.
About 2.5 hours later the connection dropped again.
My colleague in building 7 has the same problem.
The mp3 player and the usb stick are not recognised.
We use wifi and bluetooth, and both are slow today.
The screen flickers at 60 Hz but not at 144 Hz.
I have 16GB of memory and a 1TB disk.
The video stops after 10s, then it plays for 20s.
This is the 2nd time this month and the 5th this year.
Is it possible to get a 3d printer for the workshop?
The b2b team moved to the new office in the 1990s style house.
We need a win-win solution, not a 50/50 one.
The form has a yes/no question and an and/or field.
I work 24/7 and need my account back asap.
The application and/or the server is down.
Please send the report.docx to me when it is ready.
I lost the file budget.xlsx; can you restore it from the backup?
The attached screenshot.png shows what I see.
The a.m. shift has no access, the p.m. shift has.
The U.S. team starts later than we do.
Dr. Keller asked for a bigger monitor.
Mrs. Holm and Mr. Dahl cannot see the folder.
The temperature in the server room is 31.5 degrees.
Version control would have helped us here.
The new release is much slower than the old one.
Which version do you use? Mine is quite old.
We are number 1 in our region and have 250 customers.
I am customer since 2009 and never had such trouble.
The price is 19.99 instead of 24.99, see the web shop.
The password must have 12 characters, 2 digits and 1 symbol.
Her extension is 204, mine is 317.
I was on hold for 45 minutes and then the line was cut.
The 1st of May is a holiday, so nobody was here.
From 1.5.2024 on, we will work in the new building.
The address 10.0.0.1 does not answer, nor does 192.168.178.1.
I can reach 8.8.8.8 but no web page opens.
Step 1: open the settings. Step 2: click on Advanced.
Chapter 12.3 explains how the scanner is cleaned.
Table 4.2 lists all colours.
Only 0.5 of the pages are printed.
Our office is open again, see you on Thursday!
The scanner makes a strange noise when it starts.
The cover of the toner is broken.
After the restart everything was fine for an hour.
The keyboard types the wrong letters; it seems to be English now.
My mailbox is full although I deleted a lot of mails.
I get too many mails from people I do not know.
Is this mail dangerous? I did not click on anything.
The link in your mail leads nowhere.
The web shop shows an empty page at the last step.
My order never arrived although it was sent last week.
I want to return the shoes because they are too small.
The refund has not reached my bank account yet.
Can I change the delivery address of my order?
The coupon is not accepted at the checkout.
Why was my credit card charged twice?
I need an invoice with our tax number on it.
Please cancel my subscription at the end of the month.
How do I invite a new member to our team?
The calendar shows all meetings one hour too late.
The video conference has no sound on my side.
My camera is upside down in every meeting.
The others hear an echo when I speak.
The projector in the big meeting room stays dark.
The remote desktop closes after a few seconds.
The connection at home is fine, only the VPN is slow.
I forgot to bring my token; how can I work today?
My badge does not open the door to the garage any more.
The coffee machine in the kitchen is broken again.
Our new colleague Anna starts on Monday and needs a laptop.
Please give Ben access to the folder of the sales team.
The shared drive disappeared from my desktop.
I saved the document, but it is the old one again.
Excel is very slow with the big list.
The macro button does nothing since last week.
The formula shows a wrong result in the last column.
My changes are gone; did somebody overwrite them?
The print job stays in the queue for ever.
It prints in black only, although it is a colour printer.
The paper jams each time I print on both sides.
The label printer in the warehouse cuts the labels too early.
The hand scanner beeps but nothing is entered.
The cash desk froze in the middle of a payment.
The app closes right after I open it on my phone.
The app wants an update, but the store says there is none.
The battery lasts for two hours at best.
The charger gets very hot; is that normal?
My mouse pointer jumps around by itself.
One of the two screens stays black after lunch.
The fan is so loud that I cannot hear my own words.
Windows asks me to activate it.
The clock on my computer is wrong by ten minutes.
The taskbar moved to the left side of the screen.
I accidentally deleted an important folder.
Can you restore yesterday's backup, please?
The backup ran through, but it took the whole night.
The server room smells of smoke, please hurry!
The light of the switch in our corridor is red.
There is no network in the whole building.
The guest network asks for a code that I do not have.
The signal in the last office is weak.
Our website is very slow this morning.
The contact form on our website sends nothing.
Some customers see the page of another customer.
The search finds nothing although the article exists.
The newsletter was sent twice to everybody.
The pictures on the start page are missing.
I cannot upload pictures that are larger than a few megabytes.
The page looks strange in my browser, everything is on the left.
Please clear the cache and try again.
I cleared the cache, but nothing changed.
Then I tried another browser, with the same result.
It works on my phone, but not on my computer.
It happens only when two people edit at the same time.
Nobody else in our team has this problem.
It started after the holidays, I think.
I already asked last week, but got no answer.
This is urgent, we cannot work at all!
There is no hurry, any time this week is fine.
Thank you for your patience.
Best regards from the accounting department
Hello everybody,
Good morning, I hope you had a nice weekend.
Let me know if you need anything else.
I am looking forward to hearing from you.
Please find attached the signed form.
The form asks for a cost centre; which one is mine?
Who approves my request while my manager is on holiday?
I have a new surname, please change my mail address.
My old phone was stolen; please lock it.
The two-factor app is on my old phone.
I get a message that my account is locked.
My account expires tomorrow, please extend it.
The training starts next week, and I have no access yet.
The course says I have not finished, but I did everything.
The certificate shows the wrong name.
We moved offices and the phones do not ring any more.
Calls are cut after a minute or so.
The voice mail says that the box is full.
I hear music while I wait, but nobody picks up.
The fax (yes, we still have one) sends empty pages.
How can I scan to mail without typing my address each time?
Can the meeting room screen be used without a cable?
The cable is too short, do you have a longer one?
I need an adapter for the new screen.
Please order two headsets for our team.
The headset is only heard in the left ear.
The touchpad stopped working after I spilled some water.
The docking station is not recognised in the morning.
I have to plug it in three or four times.
When I unplug it, the whole computer freezes.
The blue screen came up again during a presentation.
The installation stops near the end without a message.
The licence was bought last year, but it says trial.
My trial ended although I paid for the full product.
I would like to have my data deleted.
What data do you keep about me?
Is my data stored inside the European Union?
Please explain the last position on my bill.
The discount we agreed on is missing.
We were promised an answer within two working days.
The technician came, but he had no spare part with him.
The machine stopped with a loud bang.
The machine is 8 years old and was serviced in March.
The pump leaks a little oil, about a spoon per day.
The door of the washing machine does not open.
The fridge is too warm although it is set to the lowest step.
The alarm goes off every night at about three.
The sensor in the hall shows 80 percent humidity.
The heating in my office cannot be turned off.
The light flickers when the lift starts.
A window on the ground floor does not close.
The delivery of 12 chairs arrived with 11 chairs.
Two of the 40 boxes were wet.
The driver could not find our address.
The parcel was left with a neighbour that I do not know.
I ordered the blue one and got the green one.
The size chart on the page seems to be wrong.
The gift card has no code on its back.
My points from the last purchase are missing.
I cannot find the button that you describe.
In my menu there is no such entry.
The manual describes an older product.
Is there a manual in French?
The translation of the start page is hard to understand.
The German text says the opposite of the English one.
The text is so small that I cannot read it.
Please make the button bigger, I have bad eyes.
The colours are hard to tell apart for me.
The new design is nice, but I do not find anything any more.
I really liked the old one better.
Keep up the good work!""".splitlines()
)
"""Two hundred and more lines; some hold dates, times, amounts, addresses or file names."""
