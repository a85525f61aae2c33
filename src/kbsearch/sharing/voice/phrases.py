"""Phrases that blame a reader, or that belong among colleagues; few, and sure of their meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from kbsearch.models import FindingKind

_FAILED = (
    "read|known|checked|noticed|told|asked|saved|backed up|contacted|followed|listened|thought|"
    "realised|realized|remembered|tested|looked|paid attention|mentioned|informed|warned"
)
_BLAME = {
    "en": (
        rf"you should(?: have|'ve|n't have| not have) (?:\w+ )?(?:{_FAILED})",
        rf"you could (?:at least )?have (?:at least )?(?:{_FAILED})",
        r"as (?:i|we)(?:'ve| have)? already (?:told|said|explained|mentioned|written|wrote)",
        r"as (?:i|we)(?:'ve| have)? (?:told|explained to) you",
        r"(?:i|we)(?:'ve| have)? already (?:told|explained to|asked) you",
        r"like i (?:already )?(?:said|told you)",
        r"how (?:many times|often) do (?:i|we) have to",
        r"(?<!if )(?<!when )(?<!case )(?<!unless )you(?:'ve| have)? (?:failed|neglected) to",
        r"your (?:failure|neglect|refusal) to",
        r"your (?:own )?(?:fault|carelessness|negligence|mistake|ignorance)",
        r"(?:user|operator|customer)(?:'s)? (?:fault|stupidity|mistake)",
        r"(?:a |is |was |just |by |typical )user error(?! (?:message|code|report|log|page))",
        r"(?:pebkac|pebcak|id10t|rtfm|layer[ -](?:8|eight) (?:problem|issue|error))",
        r"you (?:did not|didn't) (?:even |bother to |bother )?(?:listen|pay attention|bother)",
        r"you never (?:told|said|mentioned|read|tried|checked|asked)",
        r"you (?:didn't|did not) even (?:tell|say|mention|read|try|check|ask)",
        r"you (?:have )?(?:ignored|disregarded) (?:our|my|the) (?:advice|instruction|warning|mail)",
        r"you must have (?:deleted|broken|changed|forgotten|misread|mistyped|ignored|messed)",
        r"you(?:'re| are) (?:clearly |obviously |simply |just )?(?:mistaken|at fault|to blame)",
        r"contrary to (?:what you (?:say|claim|said|claimed)|your claim)",
        r"(?:you claim|your claim) that",
        r"(?:anyone|anybody|everyone|everybody|even a child) (?:should|would|ought to) know",
        r"as (?:you|everyone|everybody) (?:should|ought to) know",
        r"(?:it|this|that) (?:should|ought to) (?:have been|be) obvious",
        r"(?:not|isn't) (?:our|my) (?:fault|problem)",
        r"next time,? (?:please )?(?:read|be more careful|pay attention|think|listen)",
        r"(?:stupid|idiotic|idiots?|morons?|clueless|ignorant)",
    ),
    "de": (
        r"(?:sie|du) hätte(?:n|st) (?:[\w-]+,? ){0,8}(?:müssen|sollen)",
        r"wie (?:ich|wir) (?:ihnen|dir|euch) (?:bereits|schon)",
        r"wie (?:ihnen|dir|euch) (?:bereits|schon) (?:\w+ )?(?:gesagt|erklärt|mitgeteilt)",
        r"(?:ihre?|deine?) eigener? (?:fehler|schuld)",
        r"(?:ist|war) (?:ihre?|deine?) (?:fehler|schuld)",
        r"selbst schuld",
        r"(?:bedienungs|benutzer|anwender)fehler (?:ihrerseits|von ihnen)",
        r"(?:ein|einen|einem|als|klarer|typischer) (?:bedienungs|benutzer|anwender)fehler",
        r"(?:sie haben|du hast) (?:es )?versäumt",
        r"(?:haben sie|sie haben) (?:offensichtlich|offenbar|anscheinend) (?:nicht|den|die)",
        r"das (?:sollten sie|solltest du|müssten sie) (?:eigentlich )?wissen",
        r"(?:dumm|dämlich|blöd|idiotisch)(?:e|er|es|en)?",
    ),
    "fr": (
        r"vous auriez dû",
        r"tu aurais dû",
        r"comme je (?:vous|te) l['\u2019]ai (?:déjà )?(?:dit|expliqué|indiqué)",
        r"comme nous vous l['\u2019]avons (?:déjà )?(?:dit|expliqué|indiqué)",
        r"(?:c['\u2019]est|est) (?:de )?(?:votre|ta) faute",
        r"(?:une|d['\u2019]une) erreur de l['\u2019]utilisateur",
        r"vous n['\u2019]avez (?:même )?pas (?:pris la peine|daigné|fait attention|écouté)",
        r"vous avez (?:négligé|omis) de",
        r"(?:stupide|idiot|idiote|crétin)s?",
    ),
    "es": (
        r"deber[íi]as? haber (?:leído|sabido|comprobado|avisado|guardado|revisado|preguntado)",
        r"como ya (?:le|te|les) (?:he dicho|dije|expliqué|he explicado|hemos dicho|comenté)",
        r"(?:es|por|fue) (?:su|tu) (?:propia )?culpa",
        r"(?:es|fue|por) (?:un )?error (?:del|de) usuario",
        r"(?:usted )?no se (?:molestó|ha molestado)",
        r"(?:est[úu]pid|idiot|imb[ée]cil)(?:o|a|os|as|es)?",
    ),
}
_OBVIOUS = {
    "en": (r"obviously", r"needless to say", r"it goes without saying"),
    "de": (r"selbstredend", r"logischerweise"),
    "fr": (r"évidemment", r"il va de soi"),
    "es": (r"obviamente", r"huelga decir"),
}
_INFORMAL = {
    "en": (
        r"(?:gonna|wanna|gotta|kinda|sorta|dunno|lemme|ain't(?! markup)|y'all)",
        r"(?:coulda|shoulda|woulda)",
        r"(?:yeah|yep|yup|nope|nah|heya|howdy|oops(?!!)|whoops|ouch|yikes|meh|ugh|duh)",
        r"(?:lol|lmao|omg|wtf|btw|imho|imo|afaik|tbh|idk|thx|pls|plz|fyi|fwiw|iirc)",
        r"(?<!\()asap(?! task)",
        r"(?:hi|hey|hello) (?:guys|folks|dude)",
        r"you guys",
        r"hey(?=[,!])",
        r"(?:no (?:worries|biggie|brainer)|my bad|piece of cake|fingers crossed|hang tight)",
        r"(?:crap|crappy|sucks|damn|damned|shit|shitty|bullshit|fuck\w*|freaking|pissed)",
        r"(?:screw(?:ed|s)?|mess(?:ed|es)?|fuck(?:ed)?) (?:it |this |things )?up",
        r"(?:borked|janky|wonky|hosed|buggered|knackered|awesome sauce|no-brainer)",
        r"(?:tons|loads|a ton) of",
        r"(?:shoot|ping|drop|hit) (?:me|us) (?:an?|up)? ?(?:mail|e-mail|email|message|note|up)",
        r"(?:super|dead|stupidly) (?:easy|simple)",
        r"and stuff",
        r"dudes?",
    ),
    "de": (
        r"(?:asap|lol|omg|wtf|btw|sry|thx|vlt|lg)",
        r"(?:nö|nee|jep|jo|tja|ups|hoppla|krass|geil|nix|huhu|hallöchen)",
        r"(?:scheiße?|scheiss\w*|verdammt\w*|mist|kacke|beschissen\w*)",
        r"(?:ich|wir|du) (?:hab|mach|schau|guck|denk|glaub)(?:s|'s)?(?= )",
        r"(?:rumspielen|rumprobieren|rumgespielt|rumprobiert|kaputtgemacht|abgeschmiert)",
        r"(?:mal eben|so'n|so'ne|(?<=[ ])'nen?|aufm|ausm|übern daumen)",
        r"(?:super|total) (?:einfach|easy)",
    ),
    "fr": (
        r"(?:asap|lol|mdr|ptdr|stp|dsl|bjr|slt|tkt)",
        r"(?:ouais|bah|bof|oups|beurk|nickel)",
        r"(?:merde|merdique|putain|chiant|foutu|foiré|bordel|galère|bidule)s?",
        r"(?:y['\u2019]a|t['\u2019]inquiète|pas de souci)",
    ),
    "es": (
        r"(?:asap|lol|xd|jaja\w*|jeje\w*|porfa|porfi|pls|tkm)",
        r"(?:guay|chulo|mola|flipante|curro|currar|chungo|ostras)",
        r"(?:mierda|joder|jodido|coño|puñetero)s?",
        r"(?:ni idea|vale tío|oye tío)",
    ),
}
_SIGNS = {
    r"(?<=[\w)\"'\u201d\u2019])!{2,5}(?!\S)": "several exclamation marks",
    r"(?:\?!|(?<=\w)\?{2,4})(?!\S)": "marks of impatience",
    r"(?<!\S)(?:[:;]-?[)(DPp]|:'\(|<3|[xX]D)(?=[\s.,!?]|$)": "an emoticon",
    r"[\U0001f600-\U0001f64f\U0001f923-\U0001f92a\U0001f970-\U0001f97a\U0001f44d\U0001f44e]": (
        "an emoticon"
    ),
}
_WORDS_OF = {
    "en": "the and is are you your with this that for not can when from will have",
    "de": "der die das und ist sind sie nicht mit ein eine auf wenn für den dem werden",
    "fr": "le la les et est sont vous votre avec une des pour dans que pas sur nous",
    "es": "el los las y es son usted con una para que por del en se su como más",
    "it": "il gli e è sono con una per che non della nel di si come alla questo",
    "nl": "de het en is zijn u uw met een voor niet van dat deze op als wordt",
    "pt": "o os as e é são você com uma para que não do da em se seu mais",
}
_WORD = re.compile(r"[^\W\d_]++")
_SAMPLE = 5_000


class Phrase(NamedTuple):
    """Something that was said, by its kind, with what it does, and where it stands."""

    kind: FindingKind
    text: str
    why: str
    start: int
    end: int


def phrases(text: str, language: str) -> Iterator[Phrase]:
    """
    Phrases that blame the reader, and wording for colleagues, in time linear in the text.

    Args:
        text: Plain text.
        language: "en", "de", "fr" or "es"; in others only signs as "!!" are known.
    """
    for match in _matches(_BLAME, language, text):
        yield _phrase(FindingKind.BLAME, match, "it sounds as if the reader were to blame")
    for match in _matches(_OBVIOUS, language, text):
        yield _phrase(FindingKind.BLAME, match, "who did not know it is told that he should")
    for match in _matches(_INFORMAL, language, text):
        yield _phrase(FindingKind.INFORMAL, match, "it is wording for colleagues")
    for rule, name in _SIGNS.items():
        for match in re.finditer(rule, text):
            yield _phrase(FindingKind.INFORMAL, match, f"{name}, as among colleagues")


def _phrase(kind: FindingKind, match: re.Match[str], why: str) -> Phrase:
    return Phrase(kind, match[0], why, match.start(), match.end())


def _matches(
    lists: dict[str, tuple[str, ...]], language: str, text: str
) -> Iterable[re.Match[str]]:
    written = text.replace("\u2019", "'") if language == "en" else text
    return _compiled(lists[language]).finditer(written) if language in lists else ()


@cache
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w@#/.-])(?:{'|'.join(patterns)})(?![\w@/]|-\w)", re.IGNORECASE)


def language_of(text: str) -> str:
    """The language whose little words are most frequent; English if there are too few."""
    words = _WORD.findall(text[:_SAMPLE].lower())
    counts = {
        language: sum(word in common for word in words) for language, common in _common().items()
    }
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] >= 2 else "en"


@cache
def _common() -> dict[str, frozenset[str]]:
    return {language: frozenset(words.split()) for language, words in _WORDS_OF.items()}
