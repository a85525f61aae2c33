"""Abbreviations that a text uses and does not explain."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple

from kbsearch.sharing.voice.judged_text import JudgedText
from kbsearch.text import identifiers

KNOWN = frozenset(
    # everyday life, business, places, time
    "A4 AC AD AG AM AOB ATM B2B BC BV CAD CD CEO CET CEST CFO CHF CO CTO CV DC DIY DNA DST DVD ED"
    " EST EU EUR FAQ FAQS GB GBP GMT GMBH HQ HR ID IDS INC IOU ISBN ISO IT ITV LED LLC LP LTD MA"
    " MBA MD MEZ MS MST MWST NASA NATO NGO NHS NY OK PC PCS PDT PE PHD PIN PM PO POS PR PS PST QA"
    " SA SARL SEK SMS SOS TBA TBD TM TV TVS UHD UK UN US USA USD UTC VAT VIP VS WC WWW"
    # computers, as anybody who uses one meets them
    " 2D 3D AI AMD APP ARM ASCII BCC BIOS BMP BSOD CC CMD CMYK CPU CPUS CSS CSV CTRL DEL DLL DNS"
    " DOC DOCX DOS DPI EDGE ENTER ESC EXE F1 FTP GIF GIG GPS GPU GUI HD HDD HDMI HEIC HP HTML"
    " HTTP HTTPS IBM ICS IE IMAP INI INS IOS IP IPS IPAD IPV4 IPV6 ISP JPEG JPG JS JSON KB KBPS"
    " LAN LCD LTE MAC MAX MB MBPS MFA MIN MHZ GHZ GBPS KHZ MOV MP3 MP4 MPEG MPG NFC NTFS OCR ODF"
    " OS OSX PDF PDFS PHP PNG POP POP3 PPT PPTX PRO QR RAM RAR RGB ROM RSS RTF SD SDK SIM SMTP"
    " SQL SSD SSL SVG TAB TB TCP TIF TIFF TLS TXT UDP UI UPS URI URL URLS USB UTF VBA VGA VM VMS"
    " VPN VPNS WAV WIFI WLAN XLS XLSX XML XP YAML ZIP API APIS CLI IDE SSH SFTP HTTPD DHCP SSO"
    " 2FA OTP CRM ERP AWS SAP MSN PSD EPS EPUB NAS LF CR EOF NULL TRUE FALSE RHEL GNU NPM VIM"
    " UNIX NVIDIA RTX NT BI MSI JVM CNAME SSDS DLLS IDES ISPS UIDS OEM LTS AES RSA REST MIME PID"
    " VNC NGINX AIX HDDS CAPTCHA MSG EML MBOX DCIM DWORD QWORD CRLF STRG HKLM HKCU PT ET CT LXD"
    " GAAP OKTA SKU SKUS IMEI LAMP NULLS TOC FYI ASAP BTW IMO IMHO LOL MD5 SHA AAAA NA HUB ANSI"
    " CST MDE ADE RAW SUSE".split()
)
"""What needs no explanation, in capitals."""

_WORDS_SHOUTED = frozenset(
    # English
    "A ABOUT ADD AFTER AGAIN ALL ALSO ALT ALWAYS AN AND ANY ARE AS ASK AT BACK BE BEFORE BOTH BUT"
    " BY CALL CAN CASE CLICK CLOSE CODE COPY DATA DATE DAY DO DOES DON DONE DOWN EACH EDIT EMAIL"
    " END ERROR EVEN EVERY EXACT EXIT FILE FIRST FIX FOR FREE FROM FULL GET GO HAS HAVE HELP HERE"
    " HOME HOW I IF IN INFO INTO IS ITS JUST KEEP KEY KNOW LAST LATER LESS LIST LOG LONG LOOK"
    " MAKE MANY MAY ME MENU MORE MOST MUST MY NAME NEED NEVER NEW NEXT NO NONE NOT NOTE NOTES NOW"
    " NUMBER OF OFF OLD ON ONCE ONE ONLY OPEN OR OTHER OUR OUT OVER PAGE PER PLEASE PRESS PRINT"
    " READ READY RUN SAME SAVE SEE SELECT SEND SET SHOULD SHOW SITE SO SOME START STEP STEPS"
    " STILL STOP SURE TASK TEST TEXT THAN THAT THE THEM THEN THERE THESE THEY THIS TIME TIP TIPS"
    " TO TODAY TOO TWO TYPE UNTIL UP UPDATE USE USER USING VERY VIEW WAIT WANT WARN WAS WAY WE"
    " WEB WHAT WHEN WHERE WHICH WHO WHY WILL WITH WORK YES YET YOU YOUR BOLD SHIFT SPACE DELETE"
    " INSERT ORDER GROUP JOIN LEFT RIGHT TABLE VALUE INDEX CREATE DROP ALTER GRANT ROW ROWS KEYS"
    " NAMES"
    # German, French, Spanish
    " ABER ALLE AUCH AUF BITTE DAS DASS DEN DER DIE EIN ERST HIER IMMER IST JA KEIN KEINE MIT"
    " MUSS NEIN NICHT NIE NUR ODER OHNE SEHR SIE SIND UND VOR WENN WIE AVEC CE DANS DE DES DU"
    " ELLE EST ET IL JE LA LE LES MAIS NE NON NOUS OU OUI PAR PAS POUR QUE QUI SI SUR TOUT UN UNE"
    " VOUS CON DEL EL EN ES ESTE HAY LOS LAS MUY NI PARA PERO POR SIN SU TODO UNA Y YA POST PUT"
    " HEAD PATCH FAST MASK HEAT APPS VARS DESC PIPE LIKE LOCK MODE PLAN PLUS PORT PUSH PULL RATE"
    " ROLE ROOT RULE SIZE SORT STAR TAGS TOOL TREE TRUE UNIT USED VOID WARM WORD ZERO ZONE AUTO"
    " BASE BASIC BEST BIG BIN BODY BOOT BOX BUG BUY CHAT CORE COST DEAD DENY DIR DISK DUMP EAST"
    " WEST NORTH SOUTH ECHO FAIL FIND FORM GOOD HARD HIGH HOST HOT HOUR IDLE JOB KILL LAB LIVE"
    " LOAD LOC LOW MAIL MAIN MEAN MID MISS MOVE NEAR NODE OWN PACK PAID PART PASS PAST PATH PICK"
    " POOL RED BLUE GREEN RISK SALE SCAN SELF SHOP SHUT SIDE SIGN SKIP SLOW SOON STAY SWAP TALK"
    " TEAM TELL TERM TOP TURN VIA VOTE WALL WEEK WIDE WIN WISH YEAR VAR INT SUM AVG COUNT".split()
)
MAX_ABBREVIATIONS = 100
"""A text with more different ones is a list of codes."""

_ROMAN = re.compile(r"[IVXL]{2,6}")
_TOKEN = re.compile(
    r"(?<![\w.@#/\\$%&*\-+<:=_\u2019'])(?P<token>[A-Z][A-Z]{1,5}+|[A-Z]{1,3}[oa]{1,2}[A-Z]{1,3})"
    r"(?:['\u2019]?s)?(?![\w@/\\%=*&+_\u2019'<(]|[-.:][\w\\/]|\s?[\d#]|\.\.|,\s[A-Z]{2,5},)"
)
_WORD = re.compile(r"[^\W\d_]++")
_MEANING = re.compile(
    r"(?:\s[a-z]{1,16})?\s?"
    r"(?:\((?=[^()\n]{0,200}[^\W\d_]{2}[ \-][^()\n]{0,200}\))|[=\u2013\u2014:]\s"
    r"|,? (?:stands|is short|short|means|steht|signifie|significa)\b)"
)
_ALONE = re.compile(
    r"\((?=\s?(?:[^()\n,;]{1,20} )?[\"'\u201c\u201e*]?"
    r"(?P<token>[A-Za-z]{2,8}?)s?[\"'\u201d\u201c*]?\s?[),;])"
)
_WHOLE_WORD = re.compile(r"(?<!\w)[A-Z][A-Za-z]{1,8}+(?!\w)")
_VOWEL = re.compile("[AEIOU]")
_LENGTH_OF_WORDS = 5
_NAMES = re.compile(r"(?<=[a-z,]\s)[A-Z][a-z]++(?!\w)")
_PAIRS = re.compile(r"(?<!\w)([A-Z][a-z]{1,15}+)\s([A-Z]{2,6})(?!\w)")
_CELL = " | "
_BEFORE = re.compile(r"(?<!\w)(?P<word>[A-Z][a-z]{1,15}+)\s\Z")
_LISTED = re.compile(r"(?<!\w)(?:[A-Z]{2,8}+|\d{1,8}+)(?:,|,?\s(?:and|or|und|oder|et|ou|y|o))?\s\Z")
_LITERAL = re.compile(
    r"\s(?:files?|formats?|folders?|keys?|drives?|regions?|data type|commands?"
    r"|tab|button|menu|page|pane|field|option|box|dialog|column)\b"
)
_SUBJECT = re.compile(r"\s(?:can|is|has|will|does|runs|supports|provides|uses|lets|allows|was)\b")
_SMALL_WORD = re.compile(r"(?<!\w)[^\W\d_A-Z][^\W\d_]++")
_MIN_SMALL_WORDS = 2
_LONGEST_NAME = 24
_MOSTLY = 0.6


class Unexplained(NamedTuple):
    """An abbreviation, where it stands first, and how often it is used."""

    text: str
    start: int
    end: int
    n: int


def unexplained(
    judged: JudgedText, *, known: Collection[str], names: str = ""
) -> Iterator[Unexplained]:
    """
    Abbreviations of two to six letters that are neither known nor explained, each once.

    A text explains one by "single sign-on (SSO)", "SSO (single sign-on)", "SSO stands for",
    or by words in one sentence that begin with its letters. Codes, versions, file names,
    labels of a screen, quotations and shouted words are none.

    Args:
        judged: The text.
        known: Further ones that need no explanation, in any case of letters.
        names: Names that are none, as that of the product.
    """
    text = judged.text
    known_here = {word.upper() for word in known} | {w.upper() for w in _WORD.findall(names)}
    words = set(_WORD.findall(text))
    taken = bytearray(len(text))
    for one in identifiers(text):
        taken[one.start : one.end] = b"\1" * (one.end - one.start)
    found: dict[str, list[tuple[int, int]]] = {}
    names_said, parts_of_names = _Names(text), set()
    for start, end in _statements(judged):
        for match in _TOKEN.finditer(text, start, end):
            token, span = match["token"], match.span("token")
            before = text[max(start, span[0] - _LONGEST_NAME) : span[0]]
            word = _BEFORE.search(before)
            is_name = word is not None and (
                (word["word"], token) in names_said or _SUBJECT.match(text, match.end())
            )
            is_listed = _LISTED.search(before) or _LITERAL.match(text, match.end())
            if is_name or is_listed or taken[span[0]]:
                parts_of_names.add(token)
            elif judged.is_set_apart(*span) or not _is_abbreviation(token, words):
                continue
            elif token.upper() not in KNOWN and token.upper() not in known_here:
                found.setdefault(token, []).append(span)
    named = dict(islice(found.items(), MAX_ABBREVIATIONS))
    explained = _explained(named, text, judged)
    for token, spans in named.items():
        if token not in parts_of_names and token not in explained:
            yield Unexplained(token, *spans[0], n=len(spans))


class _Names:
    """Pairs as "Power BI": the word before is written large within a sentence too, or again."""

    def __init__(self, text: str) -> None:
        self._large: set[str] = {match[0] for match in _NAMES.finditer(text)}
        counts: Counter[tuple[str, str]] = Counter(
            (match[1], match[2]) for match in _PAIRS.finditer(text)
        )
        self._repeated: set[tuple[str, str]] = {pair for pair, n in counts.items() if n > 1}

    def __contains__(self, pair: tuple[str, str]) -> bool:
        return pair[0] in self._large or pair in self._repeated


def _statements(judged: JudgedText) -> Iterator[tuple[int, int]]:
    """Where sentences stand, and cells of tables, that say something."""
    for sentence in judged.sentences:
        start = sentence.start
        for cell in sentence.text.split(_CELL):
            if not _is_no_prose(cell):
                yield start, start + len(cell)
            start += len(cell) + len(_CELL)


def _is_abbreviation(token: str, words: Collection[str]) -> bool:
    is_emphasis = token.lower() in words or token.capitalize() in words
    if is_emphasis or token in _WORDS_SHOUTED or _ROMAN.fullmatch(token):
        return False
    n_vowels = len(_VOWEL.findall(token))
    return len(token) < _LENGTH_OF_WORDS or not n_vowels  # a longer one with vowels is a word


def _is_no_prose(sentence: str) -> bool:
    """Whether a sentence is hardly one: a heading or a cry in capitals, a name by itself."""
    if len(_SMALL_WORD.findall(sentence)) < _MIN_SMALL_WORDS:
        return True
    words = [match[0] for match in _WORD.finditer(sentence) if len(match[0]) > 1]
    n_shouted = sum(1 for word in words if word.isupper())
    return n_shouted > _MOSTLY * len(words)


def _initials(sentence: str) -> str:
    return "".join(word[0] for word in _WORD.findall(sentence) if not word.isupper()).lower()


def _explained(tokens: Collection[str], text: str, judged: JudgedText) -> set[str]:
    """Those that stand alone in brackets, with their meaning behind them, or behind it."""
    found = {match["token"] for match in _ALONE.finditer(text)}
    for match in _WHOLE_WORD.finditer(text):
        token = next((t for t in (match[0], match[0].removesuffix("s")) if t in tokens), None)
        if token is not None and token not in found and _MEANING.match(text, match.end()):
            found.add(token)
    initials = "\n".join(_initials(sentence.text) for sentence in judged.sentences)
    found.update(token for token in tokens if len(token) > 2 and token.lower() in initials)
    return found
