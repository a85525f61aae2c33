"""What stands at the end of a mail: signatures, "sent from", notices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from kbsearch.text.mail_notices import notice_start
from kbsearch.text.mail_phrases import (
    LETTER_END,
    REGARDS,
    RULE,
    THANKS,
    phrases,
    words_of,
)


class Endings(NamedTuple):
    """Half-open ranges of line numbers, in no order."""

    signatures: list[tuple[int, int]]
    notices: list[tuple[int, int]]


_MAX_SIGNATURE_LINES = 20
_MAX_DELIMITED_LINES = 25
_MAX_LINES_SEEN = 60  # blank ones included
_MAX_PARTS = 6
_MAX_PHRASE = 80
_MAX_PHRASE_WORDS = 8
_MAX_BARE_REGARDS = 4
_MAX_SIGNATURE_LINE = 160
_MAX_SIGNATURE_WORDS = 9
_MAX_SLOGANS = 3
_MAX_POST_WORDS = 4
_MAX_SLOGAN = 400

_DASHES = ("--", "\u2014", "\u2013")
_POSTSCRIPT = re.compile(r"(?:PPS|P\. ?S|PS|P\. ?D|PD|N\. ?B|NB)(?:[.:,]| ?[:\u2013-])")
_POSTSCRIPT_LETTERS = ("P", "N")
_LIST_ITEM = re.compile(r"[-*\u2022+] |\d{1,3}[.)] ")
_LOG = re.compile(
    r"\d\d:\d\d:\d\d|\b(?:error|exception|warning|failed|fatal|traceback|fehler|erreur|errore)\b"
    r"|\bat [\w.$]+\(|0x[0-9a-f]",
    re.IGNORECASE,
)
_CODE = re.compile(r"[{};=\\`]|::|\(\)")
_ADDRESS = re.compile(r"[^\s@]@[^\s@]|https?:|www\.")
_NUMBER = re.compile(r"(?:\d[ ()/.+-]{0,3}){6}")
_NAMED_VALUE = re.compile(r"([^\W\d_][\w ./&-]{0,24}):(?!//)")
_CONTACT_NAMES = frozenset(
    "t tel tél telefon telephone téléphone teléfono telefono telefoon phone ph fon f fax telefax m "
    "mob mobil mobile móvil cell cellulare gsm mobiel portable handy d direct direkt durchwahl e "
    "email e-mail mail correo courriel w web website internet site skype teams linkedin office "
    "büro address adresse anschrift indirizzo dirección adres hrb vat ust-idnr siret kvk btw cif "
    "nif p.iva piva geschäftsführer vorstand sitz registergericht amtsgericht handelsregister "
    "öffnungszeiten sprechzeiten bürozeiten horaires horario orari openingstijden ceo".split()
)
_SENTENCE_WORDS = frozenset(
    "is are was were does do don't has have had can can't cannot not please this when if we you "
    "also still only ist sind war hat haben kann nicht bitte wenn ich wir sie auch noch est sont "
    "pas peut nous vous je aussi está están puede tiene no también è sono non può anche niet kan "
    "heeft zijn wordt ik wij ook works work wird werden kein keine".split()
)
_IN_EXCUSES = frozenset({"please", "bitte"})  # "Sent from my phone, please excuse my typing"
_CONNECTING = frozenset(
    "and und et y e en aus von vom from de da du des der dem den die das desde uit van vanuit an "
    "to at à a im in the la le el il i.a i.v ppa all everyone everybody team guys folks zusammen "
    "alle allen tous todos tutti".split()
)
_ALSO_IN_SENTENCES = frozenset(
    "best yours sincerely warmly ta ty br kr att ihr ihre dein deine euer eure".split()
)
_SHORT_REGARDS = frozenset("lg vg bg hg mfg br kr gr cdt slds mvg mvh rgds".split())
_THANKS_FOR = frozenset("for für pour por per voor de d'avoir di".split())
_ABBREVIATED = re.compile(r"(?:\w{1,3}\.){2,4}|[A-Z][a-z]{0,4}\.|(?:str|tel|ext|no|nr)\.")


class _Words(NamedTuple):
    """The words of a line as written, and case folded."""

    written: tuple[str, ...]
    folded: tuple[str, ...]


def endings(lines: Sequence[str], start: int, end: int) -> Endings:
    """
    Find the signature and the notices at the end of a piece of mail.

    Args:
        lines: Stripped lines of a mail.
        start: The first line of the piece.
        end: The line after its last one: the mail's end, or where another mail begins.

    Returns:
        Ranges within the piece. A postscript under a signature is in none of them.
    """
    found = Endings([], [])
    end = _end_of_text(lines, start, end)
    for _ in range(_MAX_PARTS):
        notice = notice_start(lines, start, end)
        if notice < end:
            found.notices.append((notice, end))
            end = _end_of_text(lines, start, notice)
        elif end > start and _is_sent_from(lines, start, end - 1):
            found.signatures.append((end - 1, end))
            end = _end_of_text(lines, start, end - 1)
        else:
            break
    postscripts = [
        place
        for place in range(max(start, end - 20), end)
        if lines[place].startswith(_POSTSCRIPT_LETTERS) and _POSTSCRIPT.match(lines[place])
    ]
    first = _signature_start(lines, start, end)
    if postscripts and first == end:
        end = postscripts[0]
        first = _signature_start(lines, start, end)
    if first < end:
        end = next((place for place in postscripts if place > first), end)
        found.signatures.append((first, end))
    return found


def _words_in(line: str) -> _Words:
    return _words_in_short(line) if len(line) <= _MAX_SLOGAN else _words_in_any(line)


def _words_in_any(line: str) -> _Words:
    written = tuple(words_of(line))
    return _Words(written, tuple([word.casefold() for word in written]))


_words_in_short = lru_cache(maxsize=512)(_words_in_any)  # each line is asked several questions


def _has_address(line: str) -> bool:
    may_have = "@" in line or ":" in line or "www." in line
    return may_have and _ADDRESS.search(line) is not None


def _end_of_text(lines: Sequence[str], start: int, end: int) -> int:
    while end > start and (not lines[end - 1] or RULE.fullmatch(lines[end - 1])):
        end -= 1
    return end


def _is_sent_from(lines: Sequence[str], start: int, place: int) -> bool:
    line = lines[place]
    if len(line) > _MAX_SIGNATURE_LINE or not phrases().sent_from.match(line):
        return False
    words = set(_words_in(line).folded)
    stands_alone = place == start or not lines[place - 1]
    return words.isdisjoint(_SENTENCE_WORDS - _IN_EXCUSES) and (stands_alone or len(words) <= 7)


def _signature_start(lines: Sequence[str], start: int, end: int) -> int:
    """The line with which the signature begins that ends the piece; `end` if there is none."""
    end = _delimiter(lines, start, end)
    places = _places_of_signature(lines, start, _end_of_text(lines, start, end))
    for n, place in enumerate(places, start=1):
        above = lines[place - 1] if place > start else ""
        below = [lines[number] for number in places[n:]]
        if _begins_a_signature(lines[place], above, below) and _is_signature(below):
            return place
    return end


def _places_of_signature(lines: Sequence[str], start: int, end: int) -> list[int]:
    """The last lines with text, up to one with more sentences below it than a signature has."""
    places: list[int] = []
    n_sentences = 0
    for place in range(end - 1, max(start, end - _MAX_LINES_SEEN) - 1, -1):
        if n_sentences > _MAX_SLOGANS or len(places) == _MAX_SIGNATURE_LINES:
            break
        line = lines[place]
        if line:
            places.append(place)
            n_sentences += not _has_address(line) and _is_sentence(line, _words_in(line).written)
    return places[::-1]


def _begins_a_signature(line: str, above: str, below: Sequence[str]) -> bool:
    words = _words_in(line).folded
    if words and words[0] in _ALSO_IN_SENTENCES and above[-1:].isalnum():
        return False
    if _ends_a_letter(line):
        return True
    return _names_regards(words, line) and (bool(below) or len(words) <= _MAX_BARE_REGARDS)


def _delimiter(lines: Sequence[str], start: int, end: int) -> int:
    """The line "--" above a signature, or another rule above an address; `end` for none."""
    seen = range(max(start, end - _MAX_LINES_SEEN), end)
    places = [place for place in seen if lines[place]][-_MAX_DELIMITED_LINES:]
    for n, place in enumerate(places, start=1):
        if lines[place] not in _DASHES and not RULE.fullmatch(lines[place]):
            continue
        above = lines[places[n - 2]] if n > 1 else ""
        below = [lines[number] for number in places[n:]]
        is_standard = lines[place] == "--"
        if _is_delimited(above, below) if is_standard else _is_name_and_address(below):
            return place
    return end


def _is_name_and_address(lines: Sequence[str]) -> bool:
    if not lines or _has_address(lines[0]):
        return False
    return any(map(_has_address, lines)) and _is_signature(lines)


def _is_delimited(above: str, below: Sequence[str]) -> bool:
    """Whether "--" stands above a signature, not among comments or above a log."""
    if not below:
        return True
    if above.startswith("--") or below[0].startswith("--"):
        return False
    is_code = [bool(_LOG.search(line)) or _is_code(line) for line in below]
    is_asked = any(line.endswith("?") for line in below)
    return not is_code[0] and 2 * sum(is_code) < len(below) and not is_asked


def _ends_a_letter(line: str) -> bool:
    """Whether a line is a phrase such as "Kind regards", alone or with a name."""
    if line[-1] == "?" or len(line) > _MAX_PHRASE:
        return bool(LETTER_END.fullmatch(line))
    return _is_phrase(line)


@lru_cache(maxsize=512)
def _is_phrase(line: str) -> bool:
    written, words = _words_in(line)
    n_words = _phrase_length(words)
    if not n_words:
        return bool(LETTER_END.fullmatch(line))
    if len(words) == 2 and words[0] in _SHORT_REGARDS:
        return True
    if line[-1] == "," and _thanks_for_something(words, n_words):
        return True
    while n_words < len(words):
        more = _phrase_length(words[n_words:])
        if not more and not written[n_words][0].isupper() and words[n_words] not in _CONNECTING:
            return False
        n_words += more or 1
    return True


def _thanks_for_something(words: Sequence[str], n_words: int) -> bool:
    """Whether the first `n_words` are thanks, and "for" follows: "Thanks for your help,"."""
    following = words[n_words : n_words + 1]
    return " ".join(words[:n_words]) in THANKS and not _THANKS_FOR.isdisjoint(following)


def _names_regards(words: Sequence[str], line: str) -> bool:
    """Whether a few words that make no sentence send regards, in whatever phrase."""
    if len(words) > _MAX_PHRASE_WORDS or REGARDS.isdisjoint(words):
        return False
    return ":" not in line[:-1] and line[-1] != "?" and _SENTENCE_WORDS.isdisjoint(words)


def _phrase_length(words: Sequence[str]) -> int:
    """How many of the first words, case folded, are one phrase; the longest counts."""
    known = phrases()
    if not words:
        return 0
    if words[0] in known.first_words:
        for n_words in range(min(len(words), _MAX_PHRASE_WORDS), 0, -1):
            if " ".join(words[:n_words]) in known.regards:
                return n_words
    match = known.regards_pattern.match(" ".join(words[:_MAX_PHRASE_WORDS]))
    return len(match[0].split()) if match else 0


def _is_signature(lines: Sequence[str]) -> bool:
    """Whether nothing but a name, a place of work and how to reach it follows the last phrase."""
    n_slogans = 0
    can_be_reached = False
    for n, line in enumerate(lines):
        if len(line) > _MAX_SLOGAN or _LOG.search(line) or _is_code(line):
            return False
        if len(line) <= _MAX_SIGNATURE_LINE and _has_address(line):
            can_be_reached = True
        elif _is_name_or_place(line, n):
            can_be_reached = can_be_reached or bool(_NUMBER.search(line))
        else:
            n_slogans += 1
            if not can_be_reached or n_slogans > _MAX_SLOGANS:
                return False
    return True


def _is_code(line: str) -> bool:
    return bool(_CODE.search(line)) and not _has_address(line)


def _is_name_or_place(line: str, n_above: int) -> bool:
    """Whether a line names a person, a post or a place; `n_above` lines of a signature above."""
    written, words = _words_in(line)
    if not written or _ends_a_letter(line) or _names_regards(words, line):
        return True
    first_word = words[0]
    if _NAMED_VALUE.match(line):
        return first_word in _CONTACT_NAMES
    if _LIST_ITEM.match(line) or _is_sentence(line, words):
        return False
    if not line[0].islower() or first_word in _CONTACT_NAMES:
        return True
    is_titled = "." in line.split(maxsplit=1)[0] or first_word in _CONNECTING
    is_post = 0 < n_above <= 2 and len(written) <= _MAX_POST_WORDS
    is_name = n_above == 0 and len(written) == 1
    return is_name or is_post or (is_titled and any(word[0].isupper() for word in written))


def _is_sentence(line: str, words: Sequence[str]) -> bool:
    end = line.rsplit(maxsplit=1)[-1]
    if end[-1] in "?!:;" or (end[-1] == "." and not _ABBREVIATED.fullmatch(end)):
        return True
    if sum(map(str.isalpha, words)) > _MAX_SIGNATURE_WORDS:
        return True
    return not _SENTENCE_WORDS.isdisjoint(words)
