"""
Tickets with what people and what machines wrote in them, all invented.

Each line is marked in its first column: `|` a machine wrote it, `.` a person.
`LOG_TICKETS` were there when the patterns were written.
"""

from __future__ import annotations

from typing import NamedTuple


class MarkedTicket(NamedTuple):
    """A ticket's text, and for each of its lines whether a machine wrote it."""

    text: str
    is_machine: tuple[bool, ...]


def marked_tickets(tickets: str) -> tuple[MarkedTicket, ...]:
    """Read tickets that are parted by lines of `====`; the first two columns are marks."""
    parts = [part.strip("\n").split("\n") for part in tickets.split("\n====\n")]
    return tuple(
        MarkedTicket(
            "\n".join(line[2:] for line in lines), tuple(line.startswith("|") for line in lines)
        )
        for lines in parts
    )


LOG_TICKETS = marked_tickets(
    r"""
. The shop crashed when I paid. Here is what the console says:
|
| java.lang.IllegalStateException: till is closed
| 	at com.example.shop.Till.open(Till.java:42)
| 	at com.example.shop.Shop.pay(Shop.java:107)
| 	... 12 more
| Caused by: java.io.IOException: drawer jammed
| 	at com.example.shop.Drawer.push(Drawer.java:7)
.
. What can I do?
====
. Our nightly job fails since Sunday.
| Traceback (most recent call last):
|   File "/srv/jobs/nightly.py", line 31, in <module>
|     main()
|   File "/srv/jobs/nightly.py", line 12, in main
|     orders = load(path)
| OrderError: no orders for this day
. We changed nothing at all.
====
. After the login I see this in a window:
| System.NullReferenceException: Object reference not set to an instance of an object.
|    at Example.Shop.Basket.Add(Item item) in C:\build\Basket.cs:line 18
|    at Example.Shop.Page.OnClick(Object sender, EventArgs e)
|    --- End of inner exception stack trace ---
|    at Example.Shop.Page.Run()
. Best regards, Anna
====
. The page stays white. The browser console shows
| Uncaught TypeError: Cannot read properties of undefined (reading 'price')
|     at total (basket.js:10:3)
|     at Array.map (<anonymous>)
|     at async render (https://shop.example.com/js/basket.js:44:17)
. in every browser we tried.
====
. Our agent stops every hour:
| panic: runtime error: index out of range [3] with length 3
|
| goroutine 1 [running]:
| main.pick(0xc000012345, 0x3)
| 	/srv/agent/pick.go:17 +0x1d
| main.main()
| 	/srv/agent/main.go:9 +0x25
| exit status 2
. Thanks for any hint!
====
. From the web server of the intranet:
| app/models/order.rb:12:in `total': undefined method `price' for nil (NoMethodError)
| 	from app/models/order.rb:8:in `each'
| 	from bin/report:3:in `<main>'
. It worked last week.
====
. The forum shows an error page and the host sent me this:
| PHP Fatal error:  Uncaught RuntimeException: no theme in /var/www/forum/theme.php:12
| Stack trace:
| #0 /var/www/forum/index.php(33): Theme->load()
| #1 {main}
|   thrown in /var/www/forum/theme.php on line 12
. Can you restore the theme?
====
. The measuring program dies, I ran it in the debugger for you.
| Program received signal SIGSEGV, Segmentation fault.
| 0x0000555555555131 in read_sensor (id=4) at sensor.c:21
| #0  0x0000555555555131 in read_sensor (id=4) at sensor.c:21
| #1  0x0000555555555190 in main () at main.c:9
. The sensor itself is fine.
====
. Blue screen again this morning, my colleague copied this from the dump:
| SYSTEM_SERVICE_EXCEPTION (3b)
| Arg1: 00000000c0000005, Exception code that caused the bugcheck
| Arg2: fffff80012345678, Address of the instruction
| PROCESS_NAME:  till.exe
| MODULE_NAME: exampledrv
| nt!KeBugCheckEx
| exampledrv+0x1f3a
. I was only typing an e-mail.
====
. From the event viewer of the till:
| Log Name:      Application
| Source:        Application Error
| Event ID:      1000
| Faulting application name: till.exe, version: 3.1.0.7
| Faulting module name: exampledrv.dll, version: 1.0.0.2
| Exception code: 0xc0000005
| Fault offset: 0x0000000000001f3a
. This is the third till with it.
====
. The mail server says:
| Mar  3 10:22:33 mx1 postfix/smtp[1234]: 4F2A: to=<a@example.com>, status=deferred
| Mar  3 10:22:35 mx1 postfix/qmgr[1200]: 4F2A: removed
| Mar  3 10:23:01 mx1 dovecot: imap-login: Disconnected
. Mails arrive hours later.
====
. Here is the log of the importer from last night:
| 2024-03-03 01:00:00,120 INFO  [main] c.e.Importer - started
| 2024-03-03 01:00:04,981 WARN  [main] c.e.Importer - 3 rows without a price
| 2024-03-03 01:00:05,002 ERROR [main] c.e.Importer - cannot write
| java.io.IOException: disk full
| 	at com.example.Importer.write(Importer.java:88)
| 2024-03-03 01:00:05,003 INFO  [main] c.e.Importer - stopped
. The disk has plenty of room, though.
====
. The app log on my phone:
| 03-03 10:22:33.456  1234  1250 E ExampleApp: cannot open camera
| 03-03 10:22:33.460  1234  1250 W ExampleApp: retrying
| 03-03 10:22:34.001  1234  1250 E ExampleApp: giving up
. The camera works in other apps.
====
. What the board prints when it starts:
| [    0.000000] Booting Linux on physical CPU 0x0
| [    1.234567] usb 1-1: device descriptor read/64, error -71
| [    1.300000] usb usb1-port1: unable to enumerate USB device
. Then nothing happens for ever.
====
. Requests of the last minute:
| 198.51.100.7 - - [03/Mar/2024:10:22:33 +0000] "GET /basket HTTP/1.1" 500 312
| 198.51.100.9 - anna [03/Mar/2024:10:22:34 +0000] "POST /pay HTTP/1.1" 502 0
. All of them failed.
====
. I recorded what the scanner sends:
| 00000000  1b 40 48 65 6c 6c 6f 20  77 6f 72 6c 64 0a 00 00  |.@Hello world...|
| 00000010  ff fe 00 00 12 34 56 78  9a bc de f0 00 00 00 00  |.....4Vx........|
| 00000020  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
. The second line looks odd to me.
====
. This is the answer of your interface:
| {
|   "status": "failed",
|   "items": [
|     "paper",
|     "ink"
|   ],
|   "total": 12.5
| }
. There should be three items.
====
. My settings are these:
| [printer]
| name = "front desk"
| tray_size=250
| duplex_mode=off
|
| [network]
| dhcp_enabled=true
. Is one of them wrong?
====
. We deploy with this file:
| apiVersion: apps/v1
| kind: Deployment
| metadata:
|   name: shop
|   labels:
|     app: shop
| spec:
|   replicas: 2
. The second copy never starts.
====
. The export looks like this and cannot be read:
| <?xml version="1.0"?>
| <orders day="3">
|   <order id="7">
|     <total>12.50</total>
|   </order>
| </orders>
. Please have a look.
====
. The build of our plug-in fails:
| src/till.c:12:5: error: expected ';' before 'return'
| src/till.c:30:1: warning: control reaches end of non-void function
| npm ERR! code ELIFECYCLE
| npm ERR! errno 2
. It built yesterday.
====
. Our web server logs this the whole night:
| 2024/03/03 10:22:33 [error] 4321#0: *17 connect() failed (111: Connection refused)
| 2024/03/03 10:22:34 [warn] 4321#0: *18 an upstream response is buffered
. What does it mean?
====
. From the start of the service:
| WARNING:root:no settings found
| ERROR:till.core:cannot open drawer
| Traceback (most recent call last):
|   File "till/core.py", line 88, in open_drawer
|     port.write(PULSE)
|     ~~~~~~~~~~^^^^^^^
| serial.serialutil.PortError: port is closed
. It is the same on both tills.
====
. The containers say
| till_1     | 2024-03-03T10:22:33.123Z info listening on 8080
| till_1     | 2024-03-03T10:22:35.001Z error drawer not found
| printer_1  | 2024-03-03T10:22:36.441Z info ready
. and then they stop.
====
. Our native agent crashed:
| thread 'main' panicked at src/main.rs:12:5:
| called `Option::unwrap()` on a `None` value
| stack backtrace:
|    0: rust_begin_unwind
|    1: core::panicking::panic_fmt
|    2: agent::pick
|              at ./src/main.rs:12:5
| note: run with `RUST_BACKTRACE=full` for a verbose backtrace
. I hope it helps.
====
. Thread dump of the hanging till:
| "till-worker-1" #12 prio=5 os_prio=0 tid=0x00007f01 nid=0x1a waiting on condition
|    java.lang.Thread.State: TIMED_WAITING (sleeping)
| 	at java.lang.Thread.sleep(Native Method)
| 	at com.example.till.Worker.run(Worker.java:31)
. It has been like this for an hour.
====
. On my phone:
| FATAL EXCEPTION: main
| Process: com.example.till, PID: 4321
| java.lang.RuntimeException: Unable to start activity
| 	at android.app.ActivityThread.performLaunchActivity(ActivityThread.java:3449)
| Caused by: java.lang.NullPointerException
| 	at com.example.till.MainActivity.onCreate(MainActivity.kt:19)
. It is a new phone.
====
. The server says this in its window:
| node:internal/modules/cjs/loader:1078
|   throw err;
|   ^
|
| Error: Cannot find module './drawer'
| Require stack:
| - /srv/till/index.js
|     at Module._resolveFilename (node:internal/modules/cjs/loader:1075:15)
|     at Module._load (node:internal/modules/cjs/loader:920:27) {
|   code: 'MODULE_NOT_FOUND',
| }
|
| Node.js v18.16.0
. I did not move any file.
====
. Here is what ipconfig prints:
| Ethernet adapter Front desk:
|
|    Connection-specific DNS Suffix  . : example.lan
|    IPv4 Address. . . . . . . . . . . : 198.51.100.7
|    Default Gateway . . . . . . . . . : 198.51.100.1
. Is the gateway right?
====
. I changed the registry with this file:
| Windows Registry Editor Version 5.00
|
| [HKEY_LOCAL_MACHINE\SOFTWARE\Example\Till]
| "Drawer"=dword:00000001
| "Port"="COM3"
. It did not help.
====
. Our proxy is set up like this:
| server {
|     listen 80;
|     server_name till.example.com;
|     location / {
|         proxy_pass http://127.0.0.1:8080;
|     }
| }
. Every page gives an error.
====
. The environment of the job:
| TILL_HOME=/srv/till
| TILL_PORT=8080
| export JAVA_OPTS="-Xmx512m"
. Which one is too small?
====
. The service of the scale:
| Mar 03 10:22:33 till-7 systemd[1]: scale.service: Main process exited, code=exited, status=1
| Mar 03 10:22:33 till-7 systemd[1]: scale.service: Failed with result 'exit-code'.
. It stops after each restart.
====
. The scan program died on the Mac:
| Process:               Scanner [4321]
| Exception Type:        EXC_BAD_ACCESS (SIGSEGV)
| Exception Codes:       KERN_INVALID_ADDRESS at 0x0000000000000010
|
| Thread 0 Crashed:
| 0   com.example.Scanner           0x000000010a2b3c4d read_page + 45
| 1   com.example.Scanner           0x000000010a2b3d00 main + 112
. Two of three Macs do this.
====
. Compiler output of our plug-in:
| Till.cs(12,5): error CS0103: The name 'drawer' does not exist in the current context
| Till.cs(40,9): warning CS0168: The variable 'e' is declared but never used
. It compiled with the old version.
====
. Answers of the interface, one per line:
| {"time":"2024-03-03T10:22:33Z","level":"error","msg":"drawer not found"}
| {"time":"2024-03-03T10:22:34Z","level":"info","msg":"retry"}
| {"time":"2024-03-03T10:22:36Z","level":"error","msg":"drawer not found"}
. The drawer is there!
====
. Crash of the daemon, with addresses:
| *** Error in `tilld': double free or corruption (fasttop): 0x0000000001b2c010 ***
| ======= Backtrace: =========
| /lib/libc.so.6(+0x777f5)[0x7f0123456789]
| ./tilld(close_drawer+0x2b)[0x400a1b]
| 00400000-00401000 r-xp 00000000 08:01 1234  /usr/bin/tilld
. I can send the core file.
====
. The query monitor shows:
| Msg 208, Level 16, State 1, Line 1
| Invalid object name 'orders'.
| 2024-03-03 10:22:33.45 spid51      Error: 18456, Severity: 14, State: 8.
| 2024-03-03 10:22:33.45 spid51      Login failed for user 'till'.
. The password is right.
====
. My compose file:
| services:
|   till:
|     image: example/till:3
|     ports:
|       - "8080:8080"
|     environment:
|       TILL_MODE: demo
. Why is demo mode off?
====
. Sent by the card reader (hex):
| 0000: 02 31 30 30 1c 30 30 30 03 5a
| 0010: 02 39 39 39 1c 31 32 33 03 11
| 0020: 06 15 04 04 00 00 00 00 00 00
. The second answer is new.
====
. Restarted today, the log starts with
| [INFO ] 10:22:33.120 [main] Till - starting
| [INFO ] 10:22:34.456 [main] Till - drawer found
| [ERROR] 10:22:35.789 [paper] Printer - no paper
| [ERROR] 10:22:36.001 [paper] Printer - no paper
. but there is paper.
"""
)
