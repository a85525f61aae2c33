"""Text as it arrives to text as it is searched. Knows nothing of indexes or models."""

from kbsearch.text.boilerplate import Boilerplate, BoilerplateLearner, BoilerplateLine, rests_on
from kbsearch.text.clean import CLEANER_VERSION, first_line, to_plain_text
from kbsearch.text.cleaner import Cleaner
from kbsearch.text.courtesies import bare_subject, tells_something, without_courtesies
from kbsearch.text.html import html_to_text
from kbsearch.text.identifiers import Identifier, IdentifierKind, identifiers
from kbsearch.text.logs import log_blocks
from kbsearch.text.markdown import markdown_to_html, markdown_to_text
from kbsearch.text.passages import (
    CleanDocument,
    Passage,
    Section,
    passage_input,
    split_document,
    title_context,
)
from kbsearch.text.sentences import Sentence, sentences
from kbsearch.text.words import ANALYZER_VERSION, Analyzer

__all__ = [
    "ANALYZER_VERSION",
    "CLEANER_VERSION",
    "Analyzer",
    "Boilerplate",
    "BoilerplateLearner",
    "BoilerplateLine",
    "CleanDocument",
    "Cleaner",
    "Identifier",
    "IdentifierKind",
    "Passage",
    "Section",
    "Sentence",
    "bare_subject",
    "first_line",
    "html_to_text",
    "identifiers",
    "log_blocks",
    "markdown_to_html",
    "markdown_to_text",
    "passage_input",
    "rests_on",
    "sentences",
    "split_document",
    "tells_something",
    "title_context",
    "to_plain_text",
    "without_courtesies",
]
