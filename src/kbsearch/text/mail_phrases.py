"""
What mail programs and people write around a message, in the languages of a service desk.

The phrases are those of mail-parser-reply (13 languages) and those that it lacks.
All of them are matched against one line, or a few joined, of bounded length, with
straight apostrophes and ordinary blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from itertools import product
from typing import NamedTuple

from kbsearch.errors import MissingExtraError

RULE_CHARACTERS = tuple("-_=*~#\u2014\u2500")
RULE = re.compile(rf"[{''.join(RULE_CHARACTERS)}]{{3,}}+")
"""A line that only parts what is above it from what is below."""

PUNCTUATION = " ,.;:!*_~-–—，。！、"  # noqa: RUF001
"""What may stand around a phrase that has a line of its own."""


class HeaderKind(StrEnum):
    """What a line such as `Sent: Friday` says of a mail."""

    FROM = "from"
    SENT = "sent"
    TO = "to"
    SUBJECT = "subject"
    OTHER = "other"
    INTERNET = "internet"


class Phrases(NamedTuple):
    """
    What the library and this module know together.

    Attributes:
        regards: Ends a letter: `kind regards`, `mit freundlichen grüssen`, `thanks`; case folded.
        first_words: The words with which one of them begins.
        regards_pattern: The same, for what the library has as patterns.
        sent_from: Begins `Sent from my phone`.
        notice: Begins a notice of confidentiality and its like.
        attributions: `On Friday, Anna wrote:`, in one line.
        headers: Kinds by name, as `header_key` writes it.
    """

    regards: frozenset[str]
    first_words: frozenset[str]
    regards_pattern: re.Pattern[str]
    sent_from: re.Pattern[str]
    notice: re.Pattern[str]
    attributions: tuple[re.Pattern[str], ...]
    headers: dict[str, HeaderKind]


# A line of these is one phrase per choice of its words; "~" is no word at all.
_REGARDS = """
with/~ my/our/~ very/~ best/kind/kindest/warm/warmest/friendly regards
with/~ best/kind/warm wishes
regards/rgds/br/kr/best/cheers/sincerely/cordially/respectfully
yours/very sincerely/faithfully/truly/respectfully
sincerely yours
all the best
best always
yours/warmly
take care
have a nice/good/great/lovely day/week/weekend/evening
mit/~ freundlichem/bestem/liebem/herzlichem/schönem gruss
mit/~ den/~ freundlichen/besten/vielen/lieben/herzlichen/schönen grüssen/gruessen/grussen
mit/~ sonnigen/kollegialen grüssen/gruessen
freundliche/beste/viele/liebe/herzliche/schöne/sonnige/kollegiale grüsse/gruesse/grusse
freundlicher/bester/lieber/schöner/besten/schönen/lieben gruss
grüsse/gruss/gruesse/mfg/lg/vg/bg/hg/hochachtungsvoll
dein/deine/euer/eure/ihr/ihre
einen/~ schönen tag/abend/feierabend noch/~
schönes wochenende
herzlich/herzlichst/tschüss/servus
es/~ grüsst
bis bald
beste/mit_besten wünsche/wünschen
bien/très/~ cordialement
cordialement vôtre
bien à vous/toi
mes/nos/~ sincères/meilleures/respectueuses/cordiales/~ salutations distinguées/~
amicalement/sincèrement/respectueusement/cdt/cdlt/crdt
bonne journée/soirée/réception/continuation/fin_de_journée
bon week-end
à bientôt
avec mes remerciements
un/reciba_un/reciban_un/~ cordial/afectuoso/~ saludo
saludos cordiales/~
cordiales saludos
muy/~ atentamente
le/les/~ saluda/saludamos atentamente
cordialmente/atte/slds
un/~ abrazo
hasta luego/pronto
porgo/porgiamo/~ cordiali/distinti/tanti/cari/i_migliori/con_i_migliori/~ saluti
cordialità/ciao
un/~ cordiale/caro/~ saluto
buona giornata/serata
buon lavoro
a presto
met/~ zeer/~ vriendelijke/hartelijke/beste/warme groet/groeten
groet/groeten/groetjes/mvg/gr/hoogachtend
fijne/prettige dag/avond nog/~
tot ziens/snel
atenciosamente/att/abraço/abraços/saudações
com_os/~ melhores/~ cumprimentos
z poważaniem/pozdrowieniami
serdecznie/~ pozdrawiam
pozdrowienia
med/~ vänlig/vänliga/bästa hälsning/hälsningar
hälsningar/mvh/hilsen
med/~ venlig/vennlig hilsen
ystävällisin/~ terveisin
с уважением
敬具/此致/敬礼/祝好/顺祝商祺
"""  # noqa: RUF001
_THANKS = """
with/many/warm/~ thanks again/in_advance/a_lot/so_much/very_much/~
thank you again/kindly/very_much/so_much/in_advance/~
thx/thanx/tnx/ty/ta
vielen/besten/herzlichen/lieben/schönen/~ dank im_voraus/vorab/~
mit bestem/vielem/herzlichem/~ dank
danke im_voraus/vorab/schon_mal/sehr/dir/ihnen/schön/~
dankeschön
un_grand/~ merci beaucoup/bien/~ d'avance/par_avance/~
muchas/mil/~ gracias de_antemano/por_adelantado/~
mille/molte/~ grazie mille/in_anticipo/~
alvast/hartelijk/erg/~ bedankt alvast/~
hartelijk/~ dank u/je/~ wel/~
met dank
muito/~ obrigado/obrigada
dziękuję/takk/kiitos
med/~ tack på_förhand/~
på_forhånd/mange/~ tak
谢谢/谢谢您/ありがとうございます/よろしくお願いします/よろしくお願いいたします/감사합니다
"""
_SENT_FROM = r"""
sent (from|via|with|using) (my|mail|the|outlook|gmail|yahoo|proton|samsung|aol|spark|mobile)\b
(get|download|von|holen sie sich|téléchargez|télécharger|obtenez) outlook\b
(obtenir|obtén|obtener|ottieni|scarica) outlook\b
outlook (für|voor) (ios|android)\b|gesendet (mit|über|aus)\b
(von meine[mr]|vom|von|mit)( \S{1,20}){1,4} gesendet[.]?$|mobil gesendet
diese (nachricht|e-?mail|mail) wurde (vom?|mit) [^.]{1,60} gesendet[.]?$
envoyé (de|depuis|à partir d|avec|via)\b|enviado (desde|com|do|a partir)\b
inviato (da|dal|con|tramite)\b|(verzonden|verstuurd) (vanaf|met|via|vanuit)\b|skickat från\b
sendt fra\b|lähetetty\b|iphone ?(から|で)送信|发自我的|从我的
"""
_NOTICE = r"""
(this|the) (e-?mail|message|communication|information|contents?|transmission)\b
diese (e-?mail|nachricht|mail)\b|der inhalt dieser|die information(en)? in dieser
ce (message|courriel|courrier|mail)\b|cet e-?mail\b|les informations contenues
(este|esta) (mensaje|correo|e-?mail|mensagem)\b|la información contenida|las informaciones
(il presente|questo|questa) (messaggio|e-?mail|comunicazione)\b|le informazioni contenute
(dit|deze) (bericht|e-?mail|mail)\b|de informatie in (dit|deze)|(ta|niniejsza) wiadomość
aan (dit bericht|deze e-?mail|de inhoud)|de inhoud van (dit|deze)
(detta|denna) (meddelande|e-post)\b|if you (are not|have received|received)\b
any (views|opinions|unauthori[sz]ed)\b|privileged|important:|notice:|attention:
(wenn|sollten|falls) sie nicht der|si vous n'êtes pas|si (usted )?no es (usted )?el
se non (siete|è|sei)\b|(indien|als) u niet\b|(strictly )?(private and )?confidential
(note|clause|nota|cláusula|clausola|aviso|avviso) (de|di|sulla) (la )?(confiden|riserv|privacy)
vertraulich|confidencial|riservat|vertrouwelijk|(wichtiger )?hinweis\b|avis\b|aviso\b|avviso\b
avertissement\b|protección de datos|en cumplimiento|de conformidad con|conformément
(legal |e-?mail )?(notice|disclaimer)\b|rechtlicher hinweis|mentions légales|ai sensi d
please (consider|think of) the environment|bitte (denken|prüfen) sie|pensez à l'environnement
n'imprimez|(antes de|avant d') ?imprim|prima di stampare|denk aan het milieu|think before
virus-?free|virenfrei|sans virus|libre de virus|privo di virus|virusvrij
"""
_HEADERS = {
    HeaderKind.FROM: "from von de da van od från fra lähettäjä от gönderen 差出人 发件人 absender "
    "expéditeur remitente mittente afzender",
    HeaderKind.SENT: "sent date gesendet datum envoyé envoyéle enviado enviadoel enviadoem fecha "
    "inviato data verzonden verzondenop wysłano skickat sendt dato 送信日時 日付 日期 发送时间",
    HeaderKind.TO: "to an à a pour para aan do till til 宛先 收件人 кому destinataire destinatario",
    HeaderKind.SUBJECT: "subject betreff betr objet sujet asunto assunto oggetto onderwerp temat "
    "ämne emne 件名 主题 тема aihe",
    HeaderKind.OTHER: "cc bcc kopie copie copia kopia kopi ccn cci dw replyto antwortan importance "
    "wichtigkeit priorität priority attachments anlagen anhänge adjuntos allegati bijlagen 抄送",
    HeaderKind.INTERNET: "received returnpath messageid mimeversion contenttype deliveredto "
    "contenttransferencoding dkimsignature authenticationresults arcseal receivedspf",
}

FORWARD_LINE = re.compile(
    r"[-*_ ]*+(?:(?:begin )?(?:forwarded|doorgestuurd) (?:message|bericht)"
    r"|(?:anfang der )?weitergeleiteten? (?:nachricht|e-mail|mail)"
    r"|(?:début du )?message (?:transféré|réexpédié)|(?:inicio del )?mensaje reenviado"
    r"|(?:inizio (?:del )?)?messaggio inoltrato|(?:início da )?mensagem (?:re)?encaminhada"
    r"|(?:przekazana|przesłana dalej) wiadomość|vidarebefordrat (?:meddelande|brev)"
    r"|videresendt (?:meddelelse|melding)|転送されたメッセージ|转发的邮件|转发邮件信息"
    r"|(?:forwarded|weitergeleitet|transmis|reenviado|inoltrato|doorgestuurd) "
    r"(?:by|von|par|por|da|door) .{1,80}?)[-:* _]*+",
    re.IGNORECASE,
)
"""The line above a message that somebody passed on; for `fullmatch`."""

ORIGINAL_LINE = re.compile(
    r"[-_]{2,}+ ?(?:original (?:message|mail|appointment)|ursprünglicher? (?:nachricht|mail|termin)"
    r"|original-?nachricht|message d'origine|(?:message|mail|mensaje|correo) original"
    r"|messaggio originale|oorspronkelijke? (?:bericht|mail)|mensagem original|oryginalna wiadomość"
    r"|wiadomość oryginalna|ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding"
    r"|původní zpráva|原始邮件|元のメッセージ) ?[-_]{2,}+"
    r"|(?:##- ?)?(?:please (?:type|write) your reply above this line"
    r"|bitte (?:geben sie ihre antwort|antworten sie) (?:oberhalb|über) dieser zeile.{0,30}?"
    r"|veuillez (?:saisir|écrire) votre réponse au-dessus de cette ligne"
    r"|(?:por favor,? )?escriba su respuesta (?:encima de|sobre) esta línea"
    r"|scriv[ai] la (?:sua )?risposta sopra questa riga|typ uw antwoord boven deze regel)"
    r"[ .]*+(?:-##)?",
    re.IGNORECASE,
)
"""The line between an answer and the mail that it answers; for `fullmatch`."""

OTHER_MAIL_WORDS = (
    *("forwarded", "doorgestuurd", "weitergeleitet", "transféré", "transmis", "réexpédié"),
    *("reenviado", "inoltrato", "encaminhada", "przekazana", "przesłana", "vidarebefordrat"),
    *("videresendt", "転送", "转发", "original", "ursprünglich", "d'origine", "oorspronkelijk"),
    *("oryginalna", "ursprungligt", "oprindelig", "opprinnelig", "původní", "原始邮件"),
    *("元のメッセージ", "reply above", "dieser zeile", "cette ligne", "esta línea", "questa riga"),
    "deze regel",
)
"""One of them, case folded, stands in every line that the two above match."""

WROTE = re.compile(
    r"\b(?:wrote|writes|schrieb|schreibt|geschrieben|a écrit|ha scritto|escribió|escribio|schreef"
    r"|geschreven|escreveu|skrev|kirjoitti|napsal|napisała?|nadesłał|написал)\b|写道|님이 작성",
    re.IGNORECASE,
)
"""The verb of `On Friday, Anna wrote:`."""

POINTER = re.compile(
    r"\b(?:fyi|see below|mail below|siehe unten|s\. ?u\.|zur info(?:rmation)?|zur kenntnis"
    r"|z\. ?k\.|voir ci-dessous|pour info(?:rmation)?|ver (?:más )?abajo|para su información"
    r"|vedi sotto|per conoscenza|zie (?:onder|hieronder)|ter info(?:rmatie)?|veja abaixo)(?!\w)",
    re.IGNORECASE,
)
"""Words of somebody who passes a mail on: the problem is what follows."""

LETTER_END = re.compile(
    r"(?:veuillez (?:agréer|recevoir|croire)|je vous prie d'agréer|sin otro particular"
    r"|nel ringraziar|ringraziando (?:per|anticipatamente)).{0,150}",
    re.IGNORECASE,
)
"""Ends a letter in a sentence of its own; for `fullmatch`."""


def words_of(line: str) -> list[str]:
    """The words of a line without the punctuation around them; signs between words are none."""
    words = [word.strip(PUNCTUATION) for word in line.replace("/", " ").split()]
    return [word for word in words if word.isalnum() or any(map(str.isalnum, word))]


def header_key(name: str) -> str:
    """A header's name as `Phrases.headers` holds it: no blanks, hyphens or capitals."""
    return "".join(name.split()).replace("-", "").casefold()


def _spelled_out(choices: str) -> Iterator[str]:
    for line in choices.strip().splitlines():
        for words in product(*(word.split("/") for word in line.split())):
            yield " ".join(word for word in words if word != "~").replace("_", " ")


THANKS = frozenset(_spelled_out(_THANKS))
"""Ends a letter, but stands within one as well: `thanks`, `vielen dank`; case folded."""

REGARDS = frozenset(
    "regards wishes grüsse grüssen gruss gruesse gruessen cordialement salutations saludo saludos "
    "atentamente abrazo saluti saluto groet groeten groetjes cumprimentos hälsningar hilsen".split()
)
"""Words that end a letter, whatever stands beside them; case folded."""


@cache
def phrases() -> Phrases:
    """
    The phrases of the library together with those written here.

    Raises:
        MissingExtraError: If mail-parser-reply is not installed.
    """
    try:
        from mailparser_reply.constants import MAIL_LANGUAGES
    except ImportError:
        raise MissingExtraError(
            "Removing quoted replies and signatures", "mail-parser-reply", "markup"
        ) from None
    languages = list(MAIL_LANGUAGES.values())
    # Swedish has `/Anna` as a signature, which is a path elsewhere.
    signatures = [
        _with_characters(pattern).strip(PUNCTUATION)
        for language in languages
        for pattern in language.get("signatures", ())
        if not pattern.startswith("/")
    ]
    plain = {
        " ".join(words_of(phrase.casefold())) for phrase in signatures if not _SYNTAX.search(phrase)
    }
    regards = plain.union(_spelled_out(_REGARDS), THANKS)
    patterns = [phrase for phrase in signatures if _SYNTAX.search(phrase)]
    sent_from = [language.get("sent_from", "") for language in languages]
    notices = [pattern for language in languages for pattern in language.get("disclaimers", ())]
    return Phrases(
        regards=frozenset(regards),
        first_words=frozenset(phrase.split()[0] for phrase in regards),
        regards_pattern=re.compile(f"(?:{'|'.join(patterns)})(?!\\w)", re.IGNORECASE),
        sent_from=_one_of(sent_from, _SENT_FROM),
        notice=_one_of(notices, _NOTICE),
        attributions=tuple(
            re.compile(language["wrote_header"])
            for language in languages
            if "wrote_header" in language
        ),
        headers=_header_kinds([language.get("from_header", "") for language in languages]),
    )


_SYNTAX = re.compile(r"[\\()\[\]?*+|]")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_LIBRARY_NAMES = re.compile(r"\[\* \]\*\(\?:([^()]+)\):")
_LIBRARY_ORDER = (HeaderKind.FROM, HeaderKind.SENT, HeaderKind.TO, HeaderKind.SUBJECT)


def _with_characters(pattern: str) -> str:
    return _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), pattern)


def _one_of(from_library: Iterable[str], written_here: str) -> re.Pattern[str]:
    parts = [part for part in from_library if part] + written_here.strip().splitlines()
    return re.compile("|".join(parts), re.IGNORECASE)


def _header_kinds(from_library: Iterable[str]) -> dict[str, HeaderKind]:
    """Kinds by name; the library's patterns name From, Sent, To and Subject in this order."""
    kinds: dict[str, HeaderKind] = {}
    for pattern in from_library:
        names = _LIBRARY_NAMES.search(_with_characters(pattern))
        for place, name in enumerate(names[1].split("|") if names else ()):
            plain = re.sub(r"\[(.).\]", r"\1", name).replace(r"\s?", "")
            is_known = place < len(_LIBRARY_ORDER)
            kinds[header_key(plain)] = _LIBRARY_ORDER[place] if is_known else HeaderKind.OTHER
    for kind, written_here in _HEADERS.items():
        kinds.update(dict.fromkeys(written_here.split(), kind))
    del kinds[""]  # the library's French has a name of two blanks
    return kinds
