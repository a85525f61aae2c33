"""What people write around what they mean: greetings, thanks, contact forms, closing words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbsearch.text.sentences import sentences

COURTESIES = (
    r"(?:hello|hi|hey|dear|good (?:morning|day|afternoon|evening)|greetings|(?:many |kind )?thanks"
    r"|thank you|(?:(?:kind|best|warm) )?(?:regards|wishes)|cheers|sincerely|yours|hallo|guten"
    r"|moin|servus|liebe[rs]?|sehr geehrte[rs]?|(?:vielen )?danke?|mit freundlichen|gr\u00fcsse"
    r"|bonjour|bonsoir|merci|cordialement|hola|buen[oa]s|gracias|saludos|ciao|buongiorno|grazie"
    r"|cordiali|ol\u00e1|bom dia|obrigad[oa]|atenciosamente|beste|goede\w*|bedankt|groeten)\b"
)
"""Words, case folded, that a greeting or thanks begins with."""

_GREETING = re.compile(rf"\s*{COURTESIES}(?: [^\s,]++){{0,4}}+ ?,\s*")
_BEGINS = re.compile(rf"\s*{COURTESIES}")
_AFTER = re.compile(r"[^\s,.!]+")
_POLITE = frozenset(
    "a again all and any anyone assistance been day desk dear everybody everyone for folks "
    "from guys have help helpdesk here i in advance it kindly lot madam morning much nice of "
    "our please quick reply service sir so support team thank thanks that the there this time to "
    "us very weekend with you your yours faithfully sincerely truly geehrte damen herren tag "
    "morgen voraus im für die hilfe freundlichen grüßen grüsse team zusammen".split()
)
_CONTACT = re.compile(
    r"\s*[*_#-]*(?:(?:(?:first|last|full|your|user) ?)?name|(?:your )?e-?mail(?: address)?"
    r"|phone number|tel(?:ephone)?|fax|company|department|dept|(?:customer|ticket) (?:id|no|number)"
    r"|priority|urgency|submitted (?:by|on|via)|vorname|nachname|telefon|firma|abteilung"
    r"|priorit\u00e4t|kundennummer)[*_]*\s*:.*"
)
_REPLY_TO = re.compile(
    r"\s*(?:(?:re|aw|wg|fwd?|sv|vs|antw|tr|rv|rif)(?:\[\d{1,3}\])?:|\[[^\]]{0,30}\d\])\s*",
    re.IGNORECASE,
)
_NAME = re.compile(r"\s*(?:[A-Z][^\W\d_]*[a-z.](?:[ -]|\s*$)){1,3}")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")

_TICKET_ID = re.compile(r"\b[\w.-]{1,40}[:#-]\d+")

_CLOSING_WORDS = frozenset(
    # that it works, or is done
    "able all already also am are be been being confirm confirmed confirming confirms "
    "complete completed completely did do done everything fine fix fixed fixes good great "
    "happy has have having is it its it's now ok okay perfect resolve resolved resolves "
    "resolving right running so solve solved solves sorted successful successfully that "
    "that's was were well work worked working works "
    # that the conversation ends
    "after again any anything archive archived archiving as assist assistance assistant at "
    "auto automatic automatically because between by can case close closed closes closing "
    "contact customer days day did duplicate duplicated else feedback feel follow free from "
    "further future glad got had hear heard hearing help helped helpful helping hesitate "
    "hour hours i if into inactive inactivity in issue issues just know let lack longer "
    "marked marking mark me meantime merged merging matter merge more moment need needed "
    "needs new no nor not of on one open opened or other our out please pleased pleasure "
    "problem problems question questions reach received reopen reply request requester "
    "requests respond response responses see should since some soon status still supporting "
    "than thank thanks the then there this ticket tickets time to today until up us user "
    "via want we week weeks weekend welcome were what when will wish with within would you "
    "you're your "
    # the same in German
    "alles anfrage auf bei bitte bitteschön danke das den der die diese dieser ein erledigt "
    "erneut es fall fragen für gelöst gern gerne geschehen geschlossen gut haben ich ist "
    "jetzt kein keine melden mehr mit noch nochmal nun problem rückmeldung schließe "
    "schließen sich sie sind super ticket und uns vielen vorgang weitere wenn wieder wir "
    "wird wünsche zu".split()
)


def without_courtesies(text: str) -> str:
    """
    A text without greetings, thanks and lines that say who writes, in time linear in it.

    Of a line that begins with a greeting and a comma the rest stays. A text that is
    nothing else stays as it is.
    """
    kept = "\n".join(_told_lines(text)).strip()
    return kept if _WORD.search(kept) else text


def _told_lines(text: str) -> Iterator[str]:
    lines = text.rstrip().split("\n")
    is_after_courtesy = False
    for number, line in enumerate(lines, start=1):
        folded = line.casefold()
        greeting = _GREETING.match(folded) if len(folded) == len(line) else None
        is_courtesy = _is_courtesy(folded)
        rest = line[greeting.end() :] if greeting else line
        is_name = number == len(lines) and (greeting or is_after_courtesy) and _NAME.fullmatch(rest)
        if line.strip():
            is_after_courtesy = is_courtesy
        if not (is_courtesy or is_name or _CONTACT.fullmatch(folded)):
            yield rest


def _is_courtesy(folded: str) -> bool:
    begins = _BEGINS.match(folded)
    if begins is None:
        return False
    return all(match[0] in _POLITE for match in _AFTER.finditer(folded, begins.end()))


def bare_subject(subject: str) -> str:
    """A subject without "Re:", "Fwd:" and ticket numbers in brackets before it."""
    start = 0
    while found := _REPLY_TO.match(subject, start):
        start = found.end()
    return subject[start:] if _WORD.search(subject, start) else subject


def tells_something(text: str) -> bool:
    """
    Whether an answer holds a word beyond courtesies, questions and closing words.

    "You're welcome, closing this ticket" tells nothing of what was done; neither
    does a question whether it works now. Only English and German closing words are
    known: in other languages such an answer passes.
    """
    told = _TICKET_ID.sub(" ", "\n".join(_told_lines(text)))
    return any(
        match[0].casefold().replace("\u2019", "'") not in _CLOSING_WORDS
        for sentence in sentences(told)
        if not sentence.text.endswith("?")
        for match in _WORD.finditer(sentence.text)
    )
