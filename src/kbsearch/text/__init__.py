"""Text as it arrives to text as it is searched. Knows nothing of indexes or models."""

from kbsearch.text.boilerplate import Boilerplate, BoilerplateLearner, BoilerplateLine, rests_on
from kbsearch.text.clean import CLEANER_VERSION, first_line, to_plain_text
from kbsearch.text.cleaner import Cleaner
from kbsearch.text.courtesies import bare_subject, tells_something, without_courtesies
from kbsearch.text.exact import Asked, Named, Question, asked_in, document_keys, named_in
from kbsearch.text.fields import FieldTerms, field_terms
from kbsearch.text.html import html_to_text
from kbsearch.text.identifiers import Identifier, IdentifierKind, identifiers
from kbsearch.text.languages import LanguageDetector
from kbsearch.text.logs import log_blocks
from kbsearch.text.markdown import markdown_to_html, markdown_to_text
from kbsearch.text.passages import (
    CleanDocument,
    Passage,
    Section,
    passage_input,
    split_document,
    title_context,
    title_passage,
)
from kbsearch.text.sentences import Sentence, sentences
from kbsearch.text.words import ANALYZER_VERSION, AUTO, Analyzer

__all__ = [
    "ANALYZER_VERSION",
    "AUTO",
    "CLEANER_VERSION",
    "Analyzer",
    "Asked",
    "Boilerplate",
    "BoilerplateLearner",
    "BoilerplateLine",
    "CleanDocument",
    "Cleaner",
    "FieldTerms",
    "Identifier",
    "IdentifierKind",
    "LanguageDetector",
    "Named",
    "Passage",
    "Question",
    "Section",
    "Sentence",
    "asked_in",
    "bare_subject",
    "document_keys",
    "field_terms",
    "first_line",
    "html_to_text",
    "identifiers",
    "log_blocks",
    "markdown_to_html",
    "markdown_to_text",
    "named_in",
    "passage_input",
    "rests_on",
    "sentences",
    "split_document",
    "tells_something",
    "title_context",
    "title_passage",
    "to_plain_text",
    "without_courtesies",
]
