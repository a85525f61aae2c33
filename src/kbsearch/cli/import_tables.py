"""How importers and the reports of imports look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from kbsearch.cli.screen import one_line
from kbsearch.cli.tables import CUSTOMERS, STAFF, plain_table
from kbsearch.importers import COMMON_OPTIONS, IMPORTERS, Importer, Option
from kbsearch.intake import ImportReport
from kbsearch.models import Audience

_SHELVES = {
    Audience.INTERNAL.value: ("internal", STAFF),
    Audience.EXTERNAL.value: ("external", CUSTOMERS),
    "both": ("internal, public face external", CUSTOMERS),
}


def importers_view() -> Iterator[RenderableType]:
    """Every importer, what it reads, and its options."""
    table = plain_table("source", "product", "reads", "options", leading=1)
    for importer in IMPORTERS:
        options = _option_lines(importer.OPTIONS)
        table.add_row(Text(importer.name, "bold"), importer.title, importer.reads, options)
    yield table
    yield Text.assemble(("options of every source\n", "dim"), _option_lines(COMMON_OPTIONS))


def _option_lines(options: Sequence[Option]) -> Text:
    return Text("\n").join(Text(f"{option.name}: {option.help}") for option in options)


def detected_table(found: Sequence[tuple[type[Importer], float]]) -> Table:
    """The importers that an export looks like, the likeliest first."""
    table = plain_table("source", "product", "likeness")
    for importer, share in found:
        table.add_row(Text(importer.name, "bold"), importer.title, f"{share:.0%}")
    return table


def report_view(report: ImportReport) -> Iterator[RenderableType]:
    """Where everything went and why, then what became of it on the desk."""
    if report.destinations:
        table = plain_table("documents", "kind", "to", "because")
        table.columns[0].justify = "right"
        for each in report.destinations:
            shelf, style = _SHELVES.get(each.shelf, (f"{each.shelf} alone", STAFF))
            why = Text(one_line(each.why))
            table.add_row(f"{each.n:,}", each.kind, Text(shelf, style), why)
        yield table
    yield from _brake_lines(report)
    for where, n in sorted(report.n_redacted.items()):
        shelf, _, kind = where.partition(" ")
        yield Text(f"replaced on the {shelf} shelf: {n:,} {kind}", style="dim")
    for kind, n in report.n_notes.items():
        yield Text(f"{kind}: {n:,}", style="dim")
    counts = (
        f"{report.n_added:,} added, {report.n_changed:,} changed, "
        f"{report.n_unchanged:,} unchanged, {report.n_deleted:,} deleted"
    )
    if report.is_dry_run:
        yield Text(f"A dry run, nothing was written; it would be: {counts}.", style="bold")
    else:
        yield Text(f"{counts}.", style="bold")


def _brake_lines(report: ImportReport) -> Iterator[Text]:
    n, limit = len(report.newly_external), report.publish_limit
    if n:
        would = "would newly come" if report.is_dry_run else "newly came"
        yield Text(f"{n:,} documents {would} to customers", style=CUSTOMERS)
    if report.is_dry_run and n > limit:
        for document_id in report.newly_external:
            yield Text(f"  {one_line(document_id)}", style="dim")
        yield Text(f"more than {limit}: needs --publish-at-most {n}", style="red")
    n, limit = len(report.to_delete), report.delete_limit
    if report.is_dry_run and n:
        for document_id in report.to_delete:
            yield Text(f"  would be deleted: {one_line(document_id)}", style="dim")
        if n > limit:
            yield Text(f"more than {limit}: needs --delete-at-most {n}", style="red")
