"""
Desks at random, on which identifiers stand where nothing else would find them.

Every document that holds one is about something else than the question is; dozens of
others have the question's very words, and hold an identifier that differs in one digit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hypothesis import strategies as st

from kbsearch import Audience, Filters, Kind
from kbsearch.models import Document
from tests.builders import agent_says, article, customer_says, ticket
from tests.library import EXTERNAL, INTERNAL

N_DISTRACTORS = 12
"""More than any k here, so that meaning and words alone leave no place."""

QUESTIONS = (
    "setup stops halfway and shows {}",
    "why does the laptop tell us {} after an update of the driver",
    "{}",
    "Hello, since Monday our people in the warehouse cannot print delivery notes any more. They"
    " tried another cable, another socket and another user, and restarted everything twice, but"
    " the queue only says {} and then it goes on with the next one as if nothing had happened."
    " We have a truck waiting in the yard, so please tell us what to do about the printer now.",
)
_SURROUNDINGS = (
    "The kettle in the kitchen is cold.\n\nOn its lid stands {}\nNobody knows why.",
    "Wir haben {} gesehen, danach war der Flur dunkel.",
    "| lamp | {} |\n| door | shut |",
    "{}",
    "A garden needs water. " * 150 + "Somebody wrote {} on the shed. " + "Roses like shade. " * 60,
)


class Spelled(NamedTuple):
    """One identifier: its kind, how the document and how the question spells it."""

    kind: str
    in_document: str
    in_question: str


class Case(NamedTuple):
    """
    One identifier that is put on a desk, and asked for.

    `field` says where it stands, `home` on which documents, `n_holders` on how many;
    `is_recent` in the delta, not in the snapshot.
    """

    spelled: Callable[[int], Spelled]
    field: str
    home: str
    n_holders: int
    surroundings: str
    question: str
    is_recent: bool
    is_filtered: bool
    k: int


def _forms(
    kind: str, in_document: tuple[str, ...], in_question: tuple[str, ...]
) -> st.SearchStrategy[Callable[[int], Spelled]]:
    def spelling(one: str, other: str) -> Callable[[int], Spelled]:
        def spelled(n: int) -> Spelled:
            numbers = {"n": n, "hex": 0x80070000 + n, "int": 0x80070000 + n - 2**32}
            return Spelled(kind, one.format(**numbers), other.format(**numbers))

        return spelled

    return st.builds(spelling, st.sampled_from(in_document), st.sampled_from(in_question))


_ERROR = ("error {n}", "Error code: {n}", "exit code {n}", "Fehler Nr. {n}", "(error #{n})")
_HEX = ("0x{hex:08x}", "0X{hex:08X}", "{hex:08x}h", "error {hex:08x}", "HRESULT: {int}")
_KEY = ("PUMP-{n}", "(PUMP-{n})")
_NUMBER = ("#{n}", "ticket {n}", "case no. {n}", "Ticket #{n}")
_VERSION = ("7.{n}.0", "v7.{n}.0", "version 7.{n}", "Release 7.{n}.0.0")
_SKU = ("ZX{n}dn", "ZX{n}DN", "zx{n}dn")
_WINDOWS = ("C:\\Pump\\Log\\f{n}.ini", "c:/pump/log/F{n}.INI", "C:\\\\Pump\\\\Log\\\\f{n}.ini")
_POSIX = ("/opt/pump/f{n}.conf", "/opt//pump/f{n}.conf")
_HOST = ("srv{n}.pump.example", "SRV{n}.PUMP.EXAMPLE", "https://srv{n}.pump.example/start")
_UUID = ("123e4567-e89b-12d3-a456-42661417{n}", "{{123E4567-E89B-12D3-A456-42661417{n}}}")
_JAVA = ("at com.pump.Task{n}.run(Task.java:42)", "at base/com.pump.Task{n}.run(Task.java:7)")
_PYTHON = ('File "/srv/task{n}.py", line 3, in run', 'File "C:\\task{n}.py", line 99, in run')

_spelled = st.one_of(
    _forms("error_code", _ERROR, _ERROR),
    _forms("error_code", ("ERR_PUMP_{n}",), ("ERR_PUMP_{n}", "net::ERR_PUMP_{n}", "err_pump_{n}")),
    _forms("hex", _HEX, _HEX),
    _forms("ticket_key", _KEY, (*_KEY, "pump-{n}")),
    _forms("ticket_key", _NUMBER, _NUMBER),
    _forms("version", _VERSION, _VERSION),
    _forms("sku", _SKU, _SKU),
    _forms("path", _WINDOWS, _WINDOWS),
    _forms("path", _POSIX, _POSIX),
    _forms("hostname", _HOST, _HOST),
    _forms("uuid", _UUID, _UUID),
    _forms("stack_frame", _JAVA, _JAVA),
    _forms("stack_frame", _PYTHON, _PYTHON),
)
cases = st.lists(
    st.builds(
        Case,
        spelled=_spelled,
        field=st.sampled_from(["text", "text", "title", "log", "tag", "product"]),
        home=st.sampled_from(["article", "internal article", "published ticket", "note"]),
        n_holders=st.integers(1, 3),
        surroundings=st.sampled_from(_SURROUNDINGS),
        question=st.sampled_from(QUESTIONS),
        is_recent=st.booleans(),
        is_filtered=st.booleans(),
        k=st.integers(1, 10),
    ),
    min_size=25,
    max_size=25,
)


def holders(case: Case, place: int) -> list[Document]:
    """The documents of a case that hold its identifier; `place` makes it the desk's only one."""
    spelled = case.spelled(number_of(place))
    return [_holder(case, spelled, f"{place}-of-{n}") for n in range(case.n_holders)]


def _holder(case: Case, spelled: Spelled, external_id: str) -> Document:
    text = "The kettle is cold."
    if case.field == "text":
        text = case.surroundings.format(spelled.in_document)
    elif case.field == "log":
        lines = ("2024-05-17 12:00:00 INFO start", "2024-05-17 12:00:01 ERROR stop")
        text = "\n".join((f"{text}\n", *lines, f"  {spelled.in_document}"))
    fields = {
        "tags": (spelled.in_document,) if case.field == "tag" else (),
        "product": spelled.in_document if case.field == "product" else "Kettle",
    }
    title = spelled.in_document if case.field == "title" else "Kitchen"
    if "article" in case.home:
        audience = INTERNAL if case.home == "internal article" else EXTERNAL
        return article(external_id, text, audience, title=title, **fields)
    messages = (customer_says("Good morning."), agent_says(text, public=case.home != "note"))
    return ticket(external_id, "", subject=title, public_subject=title, messages=messages,
                  published=True, **fields)  # fmt: skip


def distractors(cases_of_desk: list[Case]) -> list[Document]:
    """The question's own words, with nothing asked for in them, or nearly what is asked for."""
    near = [
        case.spelled(number_of(place) + 1).in_document for place, case in enumerate(cases_of_desk)
    ]
    return [
        article(f"like-{place}-{n}", question.format(near[n % len(near)] if n % 2 else "this"),
                EXTERNAL, title="Setup", product="Kettle")
        for place, question in enumerate(QUESTIONS)
        for n in range(2 * N_DISTRACTORS)
    ]  # fmt: skip


def number_of(place: int) -> int:
    """Four digits, 16 apart, so that the next one is nobody's."""
    return 4096 + 16 * place


def audiences(case: Case) -> list[Audience]:
    """Who may see the holders of a case, by what they hold it in."""
    is_public = case.home == "article" or (
        case.home == "published ticket" and case.field != "tag"  # staff's tags stay with them
    )
    return [EXTERNAL, INTERNAL] if is_public else [INTERNAL]


def filters_of(case: Case) -> Filters:
    """A filter that the holders pass."""
    if not case.is_filtered:
        return Filters()
    if case.field == "product":
        return Filters(kind=Kind.ARTICLE if "article" in case.home else Kind.TICKET)
    return Filters(product=("Kettle",))
