"""
Tickets written after the patterns that find logs, and tickets that hold no log.

How much is found in them tells what a desk may expect; marks are those of `log_samples`.
"""

from __future__ import annotations

from tests.log_samples import marked_tickets

LATER_LOG_TICKETS = marked_tickets(
    r"""
. The import stopped. Console:
| 10:22:33.123 [main] DEBUG c.e.till.Importer - reading rows
| 10:22:33.456 [main] WARN  c.e.till.Importer - row 17 has no price
| 10:22:33.460 [main] ERROR c.e.till.Importer - stopped
. Row 17 is fine, I think.
====
. What our Tomcat wrote:
| 03-Mar-2024 10:22:33.123 SEVERE [http-nio-8080-exec-3] org.example.Filter.run Failed
| 	java.lang.OutOfMemoryError: Java heap space
| 		at java.util.Arrays.copyOf(Arrays.java:3236)
| 		at org.example.Filter.run(Filter.java:71)
. We gave it 4 GB already.
====
. A warning in the notebook:
| /srv/lab/fit.py:31: RuntimeWarning: divide by zero encountered in log
|   return np.log(x)
| Traceback (most recent call last):
|   File "/srv/lab/fit.py", line 40, in <module>
|     plot(fit(values))
| ValueError: array must not contain infs or NaNs
|
| The above exception was the direct cause of the following exception:
|
| Traceback (most recent call last):
|   File "/srv/lab/run.py", line 9, in <module>
|     run()
| LabError: fit failed
. The values are from Monday.
====
. The windows service writes this into its file:
| Unhandled exception. System.IO.FileNotFoundException: Could not find file 'D:\till\prices.csv'.
| File name: 'D:\till\prices.csv'
|    at System.IO.FileStream.ValidateFileHandle(SafeFileHandle handle)
|    at Till.Prices.Load(String path) in D:\build\Prices.cs:line 12
. The file is there, I can open it.
====
. In the app of our web shop:
| TypeError: basket is null
|     total@https://shop.example.com/js/basket.js:10:3
|     onclick@https://shop.example.com/js/page.js:88:12
. in Firefox only.
====
. The Go service again:
| fatal error: all goroutines are asleep - deadlock!
|
| goroutine 1 [chan receive]:
| main.wait(...)
| 	/srv/agent/wait.go:33
| main.main()
| 	/srv/agent/main.go:12 +0x65
. That is all.
====
. From the job queue:
| NoMethodError: undefined method `total' for nil:NilClass
|   app/jobs/bill_job.rb:7:in `perform'
|   lib/queue/worker.rb:44:in `block in run'
. Every tenth job fails so.
====
. The wiki shows this instead of the page:
| Warning: Undefined variable $page in /var/www/wiki/show.php on line 12
| Fatal error: Uncaught TypeError: show(): Argument #1 must be of type string, null given
| #0 /var/www/wiki/index.php(9): show(NULL)
| #1 {main}
. Only on the start page.
====
. Core dump of the meter:
| (gdb) bt
| #0  __memcpy_avx () at ../sysdeps/memmove.S:222
| #1  0x0000555555555190 in copy_frame (to=0x0, n=64) at frame.c:31
| #2  0x00005555555551ff in main (argc=1, argv=0x7ffe) at main.c:9
. Frame 31 is ours.
====
. The blue screen had this text:
| *** STOP: 0x0000007B (0xF78D2524, 0xC0000034, 0x00000000, 0x00000000)
| INACCESSIBLE_BOOT_DEVICE
| BUGCHECK_CODE:  7b
| FAILURE_BUCKET_ID:  0x7B_disk
. After I swapped the disk.
====
. Windows says:
| Problem signature:
|   Problem Event Name:	APPCRASH
|   Application Name:	till.exe
|   Fault Module Name:	exampledrv.dll
|   Exception Code:	c0000005
|   Exception Offset:	00001f3a
. each time I close it.
====
. The firewall noted:
| Mar  3 10:22:33 fw1 kernel: DROP IN=eth0 OUT= SRC=198.51.100.7 DST=203.0.113.9 PROTO=TCP
| Mar  3 10:22:34 fw1 kernel: DROP IN=eth0 OUT= SRC=198.51.100.7 DST=203.0.113.9 PROTO=TCP
. Our partner's address is the first one.
====
. IIS has these entries:
| #Fields: date time s-ip cs-method cs-uri-stem s-port c-ip sc-status
| 2024-03-03 10:22:33 198.51.100.1 GET /till 80 198.51.100.7 500
| 2024-03-03 10:22:34 198.51.100.1 POST /till/pay 80 198.51.100.7 200
. The first one is me.
====
. Capture of the serial line:
| 1B 40 1D 21 00 48 65 6C 6C 6F 0A
| 1D 56 41 03 00 00 00 00 00 00 00
| 10 04 01 16 12 00 00 00 00 00 00
. The cut command seems to be missing.
====
. Answer of the API:
| HTTP/1.1 422 Unprocessable Entity
| Content-Type: application/json
| X-Request-Id: 7f3a
|
| {"errors": [{"field": "price", "code": "missing"}]}
. But the price is there.
====
. The toml file:
| [till]
| port = 8080
| hosts = ["till-1", "till-2"]
|
| [till.drawer]
| pulse_ms = 120
. Is the pulse too long?
====
. The rule of our alert:
| groups:
| - name: till
|   rules:
|   - alert: TillDown
|     expr: up{job="till"} == 0
|     for: 5m
|     labels:
|       severity: page
. It never fires.
====
. web.config, the part that I changed:
| <system.web>
|   <compilation debug="true" targetFramework="4.8" />
|   <customErrors mode="Off" />
| </system.web>
. Since then nothing starts.
====
. properties of the broker:
| broker.id=1
| log.dirs=/srv/broker
| # how long to keep
| log.retention.hours=72
| listeners=PLAINTEXT://:9092
. The disk is full each Friday.
====
. The database told me
| ERROR:  duplicate key value violates unique constraint "orders_pkey"
| DETAIL:  Key (id)=(17) already exists.
| STATEMENT:  INSERT INTO orders (id) VALUES (17)
. when I imported the list.
====
. Build of the app:
| > Task :app:compileDebugKotlin FAILED
| e: /srv/app/Till.kt: (12, 5): Unresolved reference: drawer
|
| FAILURE: Build failed with an exception.
|
| * What went wrong:
| Execution failed for task ':app:compileDebugKotlin'.
. I use the newest tools.
====
. The tablet prints in its debug view
| I/Till    ( 4321): onCreate
| E/Till    ( 4321): drawer not found
| W/Till    ( 4321): retry in 5 s
. and waits.
====
. The stock service, started by hand:
| 2024-03-03 10:22:33,120 - stock.reader - INFO - reading prices
| 2024-03-03 10:22:33,900 - stock.reader - ERROR - no prices
| Traceback (most recent call last):
|   File "reader.py", line 5, in read
|     return prices[0]
|            ~~~~~~^^^
| IndexError: list index out of range
. There are prices in the folder.
====
. At every start:
|   .   ____          _
| 2024-03-03T10:22:33.456+01:00  INFO 4321 --- [           main] c.e.stock.Application : Starting
| 2024-03-03T10:22:35.001+01:00 ERROR 4321 --- [           main] o.e.boot.Application : Failed
| org.example.BeanCreationException: Error creating bean 'stock'
| 	at org.example.Factory.create(Factory.java:1786) ~[factory-6.0.jar:6.0]
| 	... 26 common frames omitted
. Since the update to version 6.
====
. In the console of the new server:
| info: Stock.Worker[0]
|       Worker running at: 03/03/2024 10:22:33 +01:00
| fail: Stock.Worker[0]
|       Cannot read prices
|       System.IO.IOException: The network path was not found.
|          at Stock.Worker.Read(String path) in /src/Worker.cs:line 33
. The path works in the explorer.
====
. npm start prints:
| ERROR in ./src/basket.js 10:3
| Module not found: Error: Can't resolve './price' in '/srv/shop/src'
|  @ ./src/index.js 3:0-31
| webpack 5.90.0 compiled with 1 error in 1234 ms
. The file is there.
====
. Our reader, written in Go:
| 2024/03/03 10:22:33 reader started
| 2024/03/03 10:22:34 cannot read: open prices.csv: no such file or directory
| exit status 1
. The file lies beside it.
====
. log/production.log
| Started GET "/orders/17" for 198.51.100.7 at 2024-03-03 10:22:33 +0100
| Processing by OrdersController#show as HTML
|   Parameters: {"id"=>"17"}
| Completed 500 Internal Server Error in 12ms (ActiveRecord: 1.2ms)
|
| NoMethodError (undefined method `name' for nil:NilClass):
|
| app/views/orders/show.html.erb:3:in `block in _app_views_orders_show'
. Order 16 is fine.
====
. From the log of the wiki:
| [2024-03-03 10:22:33] local.ERROR: Undefined index: page {"exception":"[object] (ErrorException
| [stacktrace]
| #0 /var/www/wiki/app/Page.php(33): handleError(8, 'Undefined index')
| #1 /var/www/wiki/index.php(9): Page->show()
. Just the start page.
====
. The tester ran it with a checker:
| =================================================================
| ==4321==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010 at pc 0x401234
| READ of size 4 at 0x602000000010 thread T0
|     #0 0x401233 in copy_frame /src/frame.c:31
|     #1 0x4012ff in main /src/main.c:9
. It happens with long frames.
====
. The debugger says of the dump:
| KERNEL_SECURITY_CHECK_FAILURE (139)
| Arguments:
| Arg1: 0000000000000003, A LIST_ENTRY has been corrupted
| Arg2: ffffd000`12345678, Address of the trap frame
| STACK_TEXT:
| ffffd000`12345600 fffff801`23456789 : 00000000`00000139 nt!KeBugCheckEx
| ffffd000`12345608 fffff801`2345abcd : ffffd000`12345678 exampledrv+0x1f3a
. Twice on Monday.
====
. xxd of the label file:
| 00000000: 5e58 415e 464f 3530 2c35 305e 4144 4e2c  ^XA^FO50,50^ADN,
| 00000010: 3336 2c32 305e 4644 7465 7374 5e46 535e  36,20^FDtest^FS^
| 00000020: 585a 0a00 0000 0000 0000 0000 0000 0000  XZ..............
. It prints an empty label.
====
. package.json of our plug-in:
| {
|   "name": "till-plugin",
|   "version": "1.2.0",
|   "scripts": {
|     "build": "tsc"
|   }
| }
. Which line is wrong?
====
. php.ini, as far as I changed it:
| memory_limit = 256M
| upload_max_filesize = 64M
| ; for the big price lists
| post_max_size = 64M
. Uploads still fail at 8 MB.
====
. Event of this morning, as XML:
| <Event xmlns="http://schemas.example.com/event">
|   <System>
|     <EventID>7031</EventID>
|     <Level>2</Level>
|   </System>
| </Event>
. The spooler again.
"""
)
