"""From mappings (a JSON line, a row) to documents, with errors that repeat no text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from kbsearch.errors import InvalidDocumentError
from kbsearch.models.article import Article
from kbsearch.models.ticket import Ticket

Document = Article | Ticket

_DOCUMENT: TypeAdapter[Document] = TypeAdapter(
    Annotated[Article | Ticket, Field(discriminator="kind")]
)


def parse_document(fields: Mapping[str, object] | str | bytes) -> Document:
    """
    Read one article or ticket from a mapping or from JSON text.

    Args:
        fields: The fields with `kind` "article" or "ticket", or JSON of them.

    Raises:
        InvalidDocumentError: Naming each wrong field, never its content.
    """
    try:
        if isinstance(fields, str | bytes):
            return _DOCUMENT.validate_json(fields)
        return _DOCUMENT.validate_python(dict(fields))
    except ValidationError as error:
        document_id = fields.get("id") if isinstance(fields, Mapping) else None
        shown = document_id[:300] if isinstance(document_id, str) else "(no id)"
        raise InvalidDocumentError(shown, describe_validation(error)) from None


def describe_validation(error: ValidationError) -> str:
    """Field and fault of each finding, without the values that were sent."""
    found = error.errors(include_input=False, include_context=False, include_url=False)
    parts = []
    for fault in found:
        place = ".".join(str(step) for step in fault["loc"] if step not in ("article", "ticket"))
        wrong_tag = fault["type"] == "union_tag_invalid"  # pydantic's text repeats the value
        what = "Its kind is neither 'article' nor 'ticket'" if wrong_tag else fault["msg"]
        parts.append(f"{place or 'document'}: {what}")
    return "; ".join(parts[:5]) + (f"; and {len(parts) - 5} more" if len(parts) > 5 else "") + "."
