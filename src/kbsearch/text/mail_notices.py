"""What mail systems and lawyers add to a mail: warnings above it, notices below."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbsearch.text.mail_phrases import PUNCTUATION, RULE, phrases

_MAX_NOTICE = 800
_MAX_NOTICE_LINES = 60
_MAX_BANNERS = 2
_MAX_BANNER_LINES = 5

# What notices say, case folded: first what problems hardly ever do.
_LEGAL = (
    *("confiden", "privileged", "unauthorised", "unauthorized", "intended solely", "intended only"),
    *("intended for", "intended recipient", "liability", "liable", "consider the environment"),
    *("think of the environment", "print this", "printing this", "before printing", "virus-free"),
    *("virus free", "avast", "avg.com", "vertraulich", "unbefugt", "irrtümlich", "haftung"),
    *("schweigepflicht", "umwelt", "virenfrei", "non autoris", "l'environnement", "sans virus"),
    *("no autorizad", "responsabilidad", "protección de datos", "medio ambiente", "libre de virus"),
    *("riservat", "non autorizzat", "all'ambiente", "privo di virus", "vertrouwelijk"),
    *(
        "onbevoegd",
        "ten onrechte",
        "rechten worden",
        "het milieu",
        "virusvrij",
        "poufn",
        "konfident",
    ),
)
_ALSO_LEGAL = (
    *("addressee", "recipient", "delete", "destroy", "by mistake", "in error", "before you print"),
    *("viruses", "disclaimer", "empfänger", "adressat", "löschen", "vernicht", "ausdruck"),
    *("destinata", "destinatá", "destiné", "détrui", "supprimer", "par erreur", "imprim"),
    *("eliminar", "elimine", "destruir", "por error", "distrugg", "cancell", "per errore"),
    *("stampare", "geadresseerde", "bestemd", "verwijder", "voordat u", "odbiorc", "mottagare"),
)
_WARNING = re.compile(
    r"\W*(?:(?:external|externe[rs]?|externo|esterno) (?:e-?mail|message|sender|mail|absender)\b"
    r"|(?:caution|warning|attention|alert|important|notice|external|achtung|warnung|vorsicht|hinweis"
    r"|extern|externe|avertissement|prudence|precaución|atención|aviso|advertencia|externo"
    r"|attenzione|avviso|esterno|esterna|let op|waarschuwing|pas op) ?[]:!\u2013-]"
    r"|(?:this|the|diese[rs]?|cet?|este|quest[ao]|il presente|dit|deze) (?:external )?"
    r"(?:e-?mail|message|sender|nachricht|mail|absender|courriel|expéditeur|correo|mensaje"
    r"|remitente|messaggio|mittente|bericht|afzender)\b)",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(
    r"\b(?:external|outside|extern\w*|außerhalb|ausserhalb|extérieure?|fuera de|estern[aoi]"
    r"|buiten)\b",
    re.IGNORECASE,
)
_A_MAIL = re.compile(
    r"\b(?:e-?mail|message|nachricht|absender|courriel|expéditeur|correo|remitente|mensaje"
    r"|messaggio|mittente|bericht|afzender|sender)",
    re.IGNORECASE,
)
_CAME = re.compile(
    r"\b(?:originat\w+|c[ao]mes? from|sent from|stammt|kommt|gesendet|provien\w+|vient|viene"
    r"|proced\w+|arriva|afkomstig|verzonden|komt|émis|envoyé|enviado|inviat[oa]"
    r"|(?:do not|don't|never) (?:click|open)|unless you|be (?:careful|cautious)|think before"
    r"|klicken|öffnen sie|ne cliquez|soyez|no haga|no abra|non cliccare|non aprire|klik niet"
    r"|open geen|wees voorzichtig)\b",
    re.IGNORECASE,
)
_CARE = re.compile(
    r"\b(?:links?|attachments?|anhänge|anlagen|liens?|pièces jointes|enlaces|adjuntos|allegati"
    r"|bijlagen|organi[sz]\w+|company|unternehmen\w*|firma|entreprise|société|empresa|azienda"
    r"|bedrijf|trust|sender|content)\b",
    re.IGNORECASE,
)
_BANNER_LINE = re.compile(
    r"\[ ?(?:external|extern|externe|externo|esterno)(?: e-?mail| mail| sender)? ?\]"
    r"|(?:you don't often get|sie erhalten nicht (?:oft|häufig)|vous n'obtenez pas souvent"
    r"|no suele recibir|non si ricevono spesso|u ontvangt niet vaak) .{1,200}",
    re.IGNORECASE,
)


def _is_banner(paragraph: str) -> bool:
    """Whether a mail system wrote these lines above a mail from outside."""
    if _BANNER_LINE.fullmatch(paragraph):
        return True
    if not _WARNING.match(paragraph):
        return False
    return all(pattern.search(paragraph) for pattern in (_OUTSIDE, _A_MAIL, _CAME, _CARE))


def banner_end(lines: Sequence[str]) -> int:
    """The line after what a mail system wrote on top of a mail from outside; 0 for nothing."""
    end = 0
    for _ in range(_MAX_BANNERS):
        first = end
        while first < len(lines) and (not lines[first] or RULE.fullmatch(lines[first])):
            first += 1
        last = first
        while last < min(len(lines), first + _MAX_BANNER_LINES) and lines[last]:
            last += 1
        paragraph = " ".join(lines[first:last])[:_MAX_NOTICE]
        if not (_WARNING.match(paragraph) or _BANNER_LINE.match(paragraph)):
            break
        banners = (
            place
            for place in range(first + 1, last + 1)
            if _is_banner(" ".join(lines[first:place])[:_MAX_NOTICE])
        )
        after = next(banners, end)
        if after == end:
            break
        end = after
        while end < last and (lines[end][0].islower() or lines[end - 1][-1] not in ".!]>"):
            end += 1
        while end < last and RULE.fullmatch(lines[end]):
            end += 1
    return end


def notice_start(lines: Sequence[str], start: int, end: int) -> int:
    """The line with which a notice begins that ends the piece; `end` if there is none."""
    first = end
    while first > max(start, end - _MAX_NOTICE_LINES) and lines[first - 1]:
        first -= 1
    if not _said(_LEGAL, " ".join(lines[first:end]).casefold()):
        return end
    for place in range(first, end):
        opens = bool(phrases().notice.match(lines[place].strip(PUNCTUATION)))
        if (opens or place == first) and _is_legal(lines[place:end], n_said=2 if opens else 3):
            has_rule = place > start and RULE.fullmatch(lines[place - 1])
            return place - 1 if has_rule else place
    return end


def _is_legal(lines: Sequence[str], *, n_said: int) -> bool:
    """Whether lines say as many different things that notices say, one of them unmistakable."""
    text = " ".join(lines)[:_MAX_NOTICE].casefold()
    n_legal = _said(_LEGAL, text)
    if not n_legal or "?" in text:
        return False
    return n_legal + _said(_ALSO_LEGAL, text) >= n_said


def _said(phrases_of_notices: Sequence[str], text: str) -> int:
    """How many of the phrases a text has."""
    return len([phrase for phrase in phrases_of_notices if phrase in text])
