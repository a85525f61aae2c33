"""Identifiers: what a reader would search for literally, and one value for all its spellings."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbsearch.text.identifiers import Identifier, IdentifierKind, identifiers
from tests.prose_lines import PROSE_LINES

ERROR_CODE = IdentifierKind.ERROR_CODE
FRAME = IdentifierKind.STACK_FRAME
HEX = IdentifierKind.HEX
HOSTNAME = IdentifierKind.HOSTNAME
PATH = IdentifierKind.PATH
SKU = IdentifierKind.SKU
TICKET_KEY = IdentifierKind.TICKET_KEY
UUID = IdentifierKind.UUID
VERSION = IdentifierKind.VERSION

repeatable = settings(derandomize=True, database=None, deadline=None, max_examples=300)


def found_in(text: str) -> list[tuple[IdentifierKind, str]]:
    return [(one.kind, one.value) for one in identifiers(text)]


@pytest.mark.parametrize(
    ("spellings", "kind", "value"),
    [
        (["0x80070005", "0X80070005", "80070005h", "0x080070005"], HEX, "0x80070005"),
        (["error -2147024891", "HRESULT: 2147942405", "Fehlercode: -2147024891", "error 80070005"],
         HEX, "0x80070005"),
        (["0xC0000005", "c0000005", "exception code -1073741819"], HEX, "0xc0000005"),
        (["0x0000007B", "0x7b"], HEX, "0x7b"),
        (["ORA-00942", "ORA-942", "ora-00942", "ORA00942"], ERROR_CODE, "ORA942"),
        (["E1234", "E-1234"], ERROR_CODE, "E1234"),
        (["error 1603", "Error code: 1603", "err=1603", "erreur 1603", "exit code 1603",
          "Fehler 1603", "error no. 1603", "(error #1603)"], ERROR_CODE, "1603"),
        (["HTTP 503", "HTTP/1.1 503", "http error 503", "status code 503", "HTTP-503"],
         ERROR_CODE, "HTTP 503"),
        (["SQLSTATE[42S02]", "SQLSTATE 42s02", "sqlstate=42S02"], ERROR_CODE, "SQLSTATE 42S02"),
        (["ERR_CONNECTION_RESET", "net::ERR_CONNECTION_RESET"], ERROR_CODE, "ERR_CONNECTION_RESET"),
        (["com.example.shop.StockException", "StockException"], ERROR_CODE, "STOCKEXCEPTION"),
        (["ECONNREFUSED", "econnrefused", "read econnrefused 10.0.0.1"],
         ERROR_CODE, "ECONNREFUSED"),
        (["ENOENT", "enoent", "Enoent", "(enoent)"], ERROR_CODE, "ENOENT"),
        (["MSI_0x643", "MSI_0X643", "failed: MSI_0x643."], ERROR_CODE, "MSI_0X643"),
        (["SETUP_UI_0x1F", "SETUP_UI_0x1f"], ERROR_CODE, "SETUP_UI_0X1F"),
        (["error F0251", "Fault code F0251"], ERROR_CODE, "F0251"),
        (["ABC-123", "(ABC-123)"], TICKET_KEY, "ABC-123"),
        (["#4711", "ticket 4711", "Ticket no. 4711", "case #4711", "bug: 4711"],
         TICKET_KEY, "#4711"),
        (["INC0012345", "inc0012345"], TICKET_KEY, "INC0012345"),
        (["KB5034441", "kb5034441", "KB 5034441"], TICKET_KEY, "KB5034441"),
        (["CVE-2024-1234", "cve-2024-1234"], TICKET_KEY, "CVE-2024-1234"),
        (["v2.1.0", "2.1.0", "V2.1.0", "Version 2.1.0"], VERSION, "2.1.0"),
        (["Firefox 2.1", "v2.1", "version: 2.1", "release 2.1"], VERSION, "2.1"),
        (["7.4.2-rc1", "7.4.2rc1", "7.4.2.RC1", "v7.4.2-RC.1"], VERSION, "7.4.2-rc1"),
        (["10.0.19041.1"], VERSION, "10.0.19041.1"),
        (["v7", "version 7", "Release 7", "build #7"], VERSION, "7"),
        (["1.8.0_281"], VERSION, "1.8.0_281"),
        (["Windows 10 22H2", "22h2"], VERSION, "22h2"),
        (["HP-LJ-M404dn", "hp-lj-m404dn", "HP-LJM404dn"], SKU, "HPLJM404DN"),
        (["XPS13-9310", "xps13-9310"], SKU, "XPS139310"),
        (["M404dn", "m404dn", "M404DN"], SKU, "M404DN"),
        (["RT-AC68U", "RTAC68U"], SKU, "RTAC68U"),
        (["123e4567-e89b-12d3-a456-426614174000", "{123E4567-E89B-12D3-A456-426614174000}"],
         UUID, "123e4567-e89b-12d3-a456-426614174000"),
        (["C:\\Program Files\\Acme\\app.exe", "c:/program files/acme/APP.exe",
          "C:\\\\Program Files\\\\Acme\\\\app.exe"], PATH, "c:/program files/acme/app.exe"),
        (["\\\\srv01\\Share\\plan", "\\\\SRV01\\share\\plan\\"], PATH, "//srv01/share/plan"),
        (["HKLM\\Software\\Acme", "HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme", "HKLM:\\Software\\Acme",
          "Computer\\HKEY_LOCAL_MACHINE\\Software\\Acme"], PATH, "hklm/software/acme"),
        (["%AppData%\\Acme\\log", "%APPDATA%/Acme/log"], PATH, "%appdata%/acme/log"),
        (["/var/log/mail", "/var//log/mail/"], PATH, "/var/log/mail"),
        (["~/notes/to-do", "$HOME/notes/to-do", "${HOME}/notes/to-do"], PATH, "~/notes/to-do"),
        (["srv01.example.com", "SRV01.EXAMPLE.COM", "Srv01.Example.com", "srv01.example.com."],
         HOSTNAME, "srv01.example.com"),
        (["www.example.com", "https://example.com/stock?n=1"], HOSTNAME, "example.com"),
    ],
)  # fmt: skip
def test_all_spellings_of_one_thing_have_one_value(
    spellings: list[str], kind: IdentifierKind, value: str
) -> None:
    """The user copies it from a screen, the agent types it, the manual prints it in capitals."""
    assert {spelling: found_in(spelling) for spelling in spellings} == {
        spelling: [(kind, value)] for spelling in spellings
    }


@pytest.mark.parametrize(
    ("frame", "name"),
    [
        ("at com.example.Shop.pay(Shop.java:42)", "com.example.Shop.pay"),
        ("at java.base/com.example.Shop.pay(Shop.java:7)", "com.example.Shop.pay"),
        ("at com.example.Shop$1.lambda$pay$0(Shop.java:1)", "com.example.Shop.lambda$pay"),
        ("at Main.main(Main.java:5)", "Main.main"),
        ("at com.example.Shop.pay(Native Method)", "com.example.Shop.pay"),
        ("at Example.Shop.Till.Pay(String sum, Int32 n)", "Example.Shop.Till.Pay"),
        ('File "/srv/shop.py", line 3, in pay', "shop.py:pay"),
        ('File "C:\\srv\\shop.py", line 99, in pay', "shop.py:pay"),
        ('File "shop.py", line 3, in <module>', "shop.py:<module>"),
        ("at pay (/srv/shop.js:10:3)", "shop.js:pay"),
        ("at async Till.pay (file:///srv/shop.js:1:2)", "shop.js:Till.pay"),
        ("at Object.<anonymous> (shop.js:1:2)", "shop.js:Object.<anonymous>"),
        ("at /srv/shop.js:10:3", "shop.js"),
        ("/srv/shop.rb:12:in `pay'", "shop.rb:pay"),
        ("#0 /srv/shop.php(12): Shop\\Till->pay()", "Shop\\Till->pay"),
        ("#3  0x00007f01 in pay (sum=1) at shop.c:42", "pay"),
        ("#1  pay (sum=1) at shop.c:42", "pay"),
        ("main.pay(0xc000, 0x1)\n\t/srv/shop.go:12", "main.pay"),
        ("kernel32.dll!BaseThreadInitThunk+0x14", "kernel32.dll!BaseThreadInitThunk"),
    ],
)
def test_a_stack_frame_is_named_by_what_was_called(frame: str, name: str) -> None:
    """Line numbers change with each release; the method is the same bug."""
    assert (FRAME, name) in found_in(frame)


def test_a_label_decides_what_a_bare_number_is() -> None:
    """Nobody can tell from its shape, so without a label it is nothing."""
    text = "error 1603, case 1603, build 1603, HTTP 404, KB 1603000, #160, 1603"

    assert found_in(text) == [
        (ERROR_CODE, "1603"),
        (TICKET_KEY, "#1603"),
        (VERSION, "1603"),
        (ERROR_CODE, "HTTP 404"),
        (TICKET_KEY, "KB1603000"),
        (TICKET_KEY, "#160"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "12.03.2024", "2024.03.12", "2024-03-12T10:22:33Z", "10.30.59", "12MAR2024",
        "10.0.0.1", "255.255.255.0", "1.234.567", "555.123.4567", "Total 12.50", "CHF 3.90",
        "Bandwidth 2.5 Gbit", "Section 2.1", "3.2.1 Installing the driver", "After 2.5 hours",
        "done.Then", "it works.so what", "node.js", "ASP.NET", "report.docx", "com.example.shop",
        "anna@example.com", "e.g.", "U.S.", "mp3", "ipv6", "24h", "1080p", "16GB", "2nd", "B2B",
        "win10", "UTF-8", "SHA-256", "COVID-19", "RS-232", "H264", "WD-40", "FY2024",
        "and/or", "24/7", "TCP/IP", "</div>", "/s", "error 3 times", "5 errors", "in case 12 users",
        "enough", "every expert", "exist", "epic", "Event", "enoentry", "eaccess", "enoent_list",
        "err_list", "item_0x12", "_0x12", "MSI_0xyz",
        "rgb #000000", "&#8217;", "#1", "C++11", "ERROR", "EMAIL", "Exception", "x" * 200 + "1",
    ],
)  # fmt: skip
def test_what_only_looks_like_an_identifier_is_none(text: str) -> None:
    """Dates, times, amounts, quantities, standards, files, and sentences that touch."""
    assert found_in(text) == []


def test_prose_holds_no_identifiers() -> None:
    """A false identifier matches documents that have nothing in common."""
    assert len(PROSE_LINES) >= 200
    assert [line for line in PROSE_LINES if identifiers(line)] == []


def test_the_longest_reading_wins() -> None:
    """The path holds a version, a host and a model number; the reader sees one path."""
    path = "C:\\Acme\\v2.1.0\\srv.example.com\\M404dn"

    assert identifiers(f"see {path}.") == (
        Identifier(PATH, "c:/acme/v2.1.0/srv.example.com/m404dn", 4, 4 + len(path)),
    )


def test_of_two_readings_of_one_span_the_first_kind_wins() -> None:
    """`ORA-01555` has the form of a ticket key, too; its leading zero says what it is."""
    assert found_in("ORA-01555 and ABC-1555") == [(ERROR_CODE, "ORA1555"), (TICKET_KEY, "ABC-1555")]


def test_offsets_point_at_the_identifier_and_not_at_its_label() -> None:
    """Highlighting marks what was matched, without the punctuation around it."""
    text = "Fehler: -2147024891! (v2.1.0), siehe \u201e/etc/hosts\u201d."

    assert [text[one.start : one.end] for one in identifiers(text)] == [
        "-2147024891",
        "v2.1.0",
        "/etc/hosts",
    ]


def test_text_without_blanks_may_touch_an_identifier() -> None:
    """Chinese and Japanese are written without blanks."""
    assert found_in("错误0x80070005在M404dn上") == [(HEX, "0x80070005"), (SKU, "M404DN")]


@pytest.mark.parametrize("text", ["", " ", "\n", ".", "-", "#", "\\", "/", "0x", "v", "é"])
def test_next_to_nothing_holds_nothing(text: str) -> None:
    """Empty documents and lone signs are valid input."""
    assert identifiers(text) == ()


# --- any generated identifier is found in any prose, whatever its spelling ---

_words = st.sampled_from("the printer shows this when we start it and then nothing works".split())
_capitals = st.text(st.sampled_from("ABCDEFGHKLMNPQRSTUWYZ"), min_size=2, max_size=5)
_numbers = st.integers(min_value=100, max_value=99_999)
_names = st.lists(st.text(st.sampled_from("abcdefghij"), min_size=3, max_size=8), min_size=2)
_cases = st.sampled_from([str, str.upper, str.lower])
_Spelled = tuple[str, IdentifierKind, str]

_HEX_FORMS = ["0x{0:08x}", "0X{0:08X}", "{0:08x}h", "error {1}", "HRESULT = {1}"]
_ERROR_FORMS = ["error {}", "Error code: {}", "exit code {}", "err={}", "Fehler Nr. {}"]
_VERSION_FORMS = ["{}", "v{}", "V{}", "version {}", "Release: {}"]
_PATH_FORMS = ["c:/{}", "C:\\{}", "C:\\\\{}"]

_any_identifier: st.SearchStrategy[_Spelled] = st.one_of(
    st.builds(
        lambda form, code: (form.format(code, code - 2**32), HEX, f"0x{code:x}"),
        st.sampled_from(_HEX_FORMS),
        st.integers(min_value=0x80000000, max_value=0x9FFFFFFF),
    ),
    st.builds(
        lambda form, number: (form.format(number), ERROR_CODE, str(number)),
        st.sampled_from(_ERROR_FORMS),
        _numbers,
    ),
    st.builds(
        lambda project, number: (f"Z{project}-{number}", TICKET_KEY, f"Z{project}-{number}"),
        _capitals,
        _numbers,
    ),
    st.builds(
        lambda form, n, m: (form.format(f"7.{n}.{m}"), VERSION, f"7.{n}.{m}"),
        st.sampled_from(_VERSION_FORMS),
        st.integers(min_value=0, max_value=99),
        _numbers,
    ),
    st.builds(
        lambda case, names: (
            case(".".join([*names[:4], "example.com"])),
            HOSTNAME,
            ".".join([*names[:4], "example.com"]),
        ),
        _cases,
        _names,
    ),
    st.builds(
        lambda case, form, names: (
            case(form.format(form[2:-2].join(names))),
            PATH,
            "/".join(["c:", *names]),
        ),
        _cases,
        st.sampled_from(_PATH_FORMS),
        _names,
    ),
    st.builds(
        lambda names, line: (
            f"at {'.'.join(names)}.run(A.java:{line})",
            FRAME,
            ".".join(names) + ".run",
        ),
        _names,
        _numbers,
    ),
    st.builds(lambda case, uuid: (case(str(uuid)), UUID, str(uuid)), _cases, st.uuids()),
    st.builds(
        lambda dash, series, number: (f"Q{dash}{series}{number}T", SKU, f"Q{series}{number}T"),
        st.sampled_from(["", "-"]),
        st.sampled_from(["A", "XP", "RTX"]),
        _numbers,
    ),
)


@repeatable
@given(st.lists(_words, max_size=8), _any_identifier, st.lists(_words, max_size=8))
def test_any_identifier_in_any_prose_is_found(
    before: list[str], spelled: _Spelled, after: list[str]
) -> None:
    """With its kind, its one value, and nothing found beside it."""
    spelling, kind, value = spelled
    text = " ".join([*before, spelling]) + ", " + " ".join(after)

    assert found_in(text) == [(kind, value)]


@repeatable
@given(st.text(st.sampled_from("ab1 .-_/\\:#x0v@(\"'\n\u00e9中") | st.characters(), max_size=80))
def test_identifiers_are_in_order_apart_and_inside_the_text(text: str) -> None:
    """Whoever slices the text by them must not check."""
    found = identifiers(text)

    ends = [0, *(one.end for one in found)]
    assert all(end <= one.start < one.end for end, one in zip(ends, found, strict=False))
    assert all(one.end <= len(text) and one.value for one in found)


@pytest.mark.parametrize(
    "part",
    [
        "a", "1", "_", ".", "a.", "a-", "1.", "a@", "A_", "aError", "at ", "at a(", "at a/",
        'File "', "#", "#1 a(", "a!+0x", "a(\n\t.go:1", "a.rb:1:in `", "\\", "C:\\", "C:\\a ",
        "/", "/a", "%a%\\", "error code ", "A123-", "2.1 ", "\n", " ", "日", "(",
    ],
)  # fmt: skip
def test_a_megabyte_of_anything_takes_linear_time(part: str) -> None:
    """A guard against hanging, not a measurement: quadratic patterns would take minutes."""
    text = part * (1_000_000 // len(part))

    started = time.monotonic()
    identifiers(text)

    assert time.monotonic() - started < 10
