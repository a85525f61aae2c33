"""How hits, counts and findings look: yellow is for staff only, cyan for customers too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from kbsearch.cli.screen import one_line, printable
from kbsearch.models import (
    Audience,
    CheckFinding,
    GateDecision,
    Hit,
    HitPassage,
    HitResolution,
    RebuildReport,
    Rewording,
    RewordingCause,
    SearchResult,
    ShelfStats,
    SnapshotInfo,
    UpsertReport,
    Votes,
)

STAFF, CUSTOMERS = "bold yellow", "bold cyan"
_EXCERPT_CHARACTERS = 260
_BEFORE_MATCH_CHARACTERS = 60
_RESOLUTION_CHARACTERS = 180
_SPACES = re.compile(r"\s+")


def hits_view(result: SearchResult) -> Iterator[RenderableType]:
    """Hits with rank, score, shelf and reason, and what fixed the tickets; then the note."""
    if result.hits:
        table = plain_table("#", "score", "shelf", "", leading=1)
        table.columns[0].justify = table.columns[1].justify = "right"
        for rank, hit in enumerate(result.hits, start=1):
            table.add_row(str(rank), f"{hit.score:.2f}", _shelf_cell(hit.shelf), _hit_cell(hit))
        yield table
    for rewording in result.rewordings:
        yield Text(rewording_line(rewording), style="dim")
    if result.note:
        yield Text(one_line(result.note), style="yellow")


def rewording_line(rewording: Rewording) -> str:
    """What was searched for beside what was typed."""
    typed, used = one_line(rewording.typed), one_line(", ".join(rewording.used))
    is_corrected = rewording.cause is RewordingCause.SPELLING
    return f"searched also for: {used} ({'instead of' if is_corrected else 'for'} {typed})"


def _hit_cell(hit: Hit) -> Text:
    lines = [Text(one_line(hit.title) or "(no title)", style="bold"), _facts_line(hit)]
    if hit.resolution is not None:
        lines.append(_resolution_line("fixed by", "green", hit.resolution))
    if hit.private_resolution is not None:
        lines.append(_resolution_line("staff only", STAFF, hit.private_resolution))
    if hit.resolution is None and hit.private_resolution is None:
        lines.append(excerpt(hit.passage))
    is_known = hit.probability is not None
    chance = f"; useful with probability {hit.probability:.2f}" if is_known else ""
    lines.append(Text(one_line(hit.reason) + chance, style="dim italic"))
    return Text("\n").join(lines)


def _facts_line(hit: Hit) -> Text:
    line = Text(style="dim")
    line.append(one_line(hit.id), style="not dim blue")
    line.append(f" · {hit.kind.value}")
    if hit.product:
        line.append(f" · {one_line(hit.product)}")
    if hit.is_resolved:
        line.append(f" · {hit.status}", style="not dim green")
    elif hit.confidence is None or hit.status != "published":
        line.append(f" · {hit.status}", style="not dim red")
    if hit.confidence is not None:
        line.append(f" · {hit.confidence.value.replace('_', ' ')}")
    if hit.is_pending:
        line.append(" · not valid yet", style="not dim red")
    if hit.is_expired:
        line.append(" · expired", style="not dim red")
    if (created := hit.created_at) is not None:
        line.append(f" · {created:%Y-%m-%d}")
    if hit.near_copies:
        line.append(f" · {len(hit.near_copies)} more that say nearly the same")
    return line


def _resolution_line(label: str, style: str, resolution: HitResolution) -> Text:
    text = one_line(resolution.text)
    if len(text) > _RESOLUTION_CHARACTERS:
        text = text[: _RESOLUTION_CHARACTERS - 1].rstrip() + "…"
    line = Text(f"{label}: ", style=style)
    line.append(text, style="default not bold")
    if resolution.message_id:
        line.append(f" ({one_line(resolution.message_id)})", style="default not bold dim")
    return line


def excerpt(passage: HitPassage) -> Text:
    """The part of a passage that holds most of the matched words, those in bold."""
    start, end = _window(passage)
    shown = Text("… " if start else "")
    position = start
    for match in passage.matches:
        if match.start < position or match.end > end:
            continue
        shown.append(_flat(passage.text[position : match.start]))
        shown.append(_flat(passage.text[match.start : match.end]), style="bold")
        position = match.end
    shown.append(_flat(passage.text[position:end]).rstrip())
    if end < len(passage.text):
        shown.append(" …")
    return shown


def _window(passage: HitPassage) -> tuple[int, int]:
    """Offsets of the part with most different words; it parts no word if it can."""
    text, size = passage.text, _EXCERPT_CHARACTERS
    if len(text) <= size:
        return 0, len(text)
    reach = size - _BEFORE_MATCH_CHARACTERS
    words = [(match.start, text[match.start : match.end].casefold()) for match in passage.matches]

    def n_words(first: int) -> int:
        return len({word for start, word in words if first <= start < first + reach})

    best = max((start for start, _ in words), key=n_words, default=0)
    start = 0
    if best > _BEFORE_MATCH_CHARACTERS:
        start = min(best - _BEFORE_MATCH_CHARACTERS, len(text) - size)
        start = text.find(" ", start, best) + 1 or start
    end = min(len(text), start + size)
    if end < len(text):
        end = max(end - size // 4, text.rfind(" ", start, end))
    return start, end


def _flat(text: str) -> str:
    return _SPACES.sub(" ", printable(text))


def held_back_lines(report: UpsertReport) -> Iterator[Text]:
    """What asked for customers and does not reach them, and what left them."""
    for document_id, reason in report.held_back.items():
        yield Text(f"held back from customers: {one_line(document_id)}, {reason}", style="dim")
    for document_id in report.withdrawn:
        yield Text(f"withdrawn from customers: {one_line(document_id)}", style="dim")


def rebuilt_table(reports: Sequence[RebuildReport]) -> Table:
    """What a rebuild published."""
    table = _numbers("shelf", "snapshot", "documents", "passages", "embedded", "tokens unseen")
    for report in reports:
        table.add_row(
            _shelf_cell(report.shelf),
            str(report.snapshot),
            f"{report.n_documents:,}",
            f"{report.n_passages:,}",
            f"{report.n_embedded:,}",
            f"{report.n_unseen_tokens:,}",
        )
    return table


def snapshots_table(found: Sequence[SnapshotInfo]) -> RenderableType:
    """A line per snapshot, the live ones marked."""
    if not found:
        return Text("No snapshots yet: searches read the records. `kbsearch rebuild` makes them.")
    table = plain_table("shelf", "snapshot", "", "documents", "passages", "MB", "gate", "made with")
    for info in found:
        table.add_row(
            _shelf_cell(info.shelf),
            str(info.number),
            Text("live", style="green") if info.is_live else "",
            str(info.n_documents),
            str(info.n_passages),
            f"{info.size_bytes / 1e6:.1f}",
            _gate_cell(info.gate),
            one_line(info.fingerprint),
        )
    return table


def _gate_cell(gate: GateDecision | None) -> Text:
    """What a gated rebuild said of it: how many questions, and whether it was forced."""
    if gate is None:
        return Text("")
    n = max((figure.n_questions for figure in gate.figures), default=0)
    if gate.is_forced:
        return Text(f"forced, {n} asked", style="yellow")
    return Text(f"passed, {n} asked", style="green")


def stats_view(shelves: Sequence[ShelfStats]) -> Iterator[RenderableType]:
    """Counts of each shelf, and what its vectors were made with."""
    table = _numbers(
        "shelf", "articles", "tickets", "resolved", "passages", "snapshot", "newer", "on disk"
    )
    for shelf in shelves:
        table.add_row(
            _shelf_cell(shelf.shelf),
            f"{shelf.n_articles:,}",
            f"{shelf.n_tickets:,}",
            f"{shelf.n_resolved_tickets:,}",
            f"{shelf.n_passages:,}",
            "none" if shelf.snapshot is None else str(shelf.snapshot),
            f"{shelf.n_changes_since_snapshot:,}",
            _size(shelf.size_bytes),
        )
    yield table
    yield Text("newer: changes since the snapshot; searched too, folded by a rebuild", style="dim")
    for fingerprint in dict.fromkeys(shelf.fingerprint for shelf in shelves if shelf.fingerprint):
        yield Text(f"embedded with {one_line(fingerprint)}", style="dim")
    for shelf in shelves:
        if shelf.votes.n_helpful or shelf.votes.n_not_helpful:
            yield Text(f"{shelf.shelf}: {votes_line(shelf.votes)}", style="dim")
    for shelf in shelves:
        if shelf.n_unseen_tokens:
            yield Text(
                f"{shelf.shelf}: {shelf.n_unseen_tokens:,} tokens are beyond the model's limit "
                "and found by their words only",
                style="yellow",
            )


def votes_line(votes: Votes) -> str:
    """What people said of what they found."""
    return f"{votes.n_helpful:,} times helpful, {votes.n_not_helpful:,} times not, as people said"


def findings_table(findings: Sequence[CheckFinding]) -> Table:
    """What was found wrong and what to do about it."""
    table = plain_table("shelf", "what is wrong", "what to do", leading=1)
    for finding in findings:
        table.add_row(
            _shelf_cell(finding.shelf),
            Text(one_line(finding.what)),
            Text(one_line(finding.remedy)),
        )
    return table


def plain_table(*columns: str, leading: int = 0) -> Table:
    """A table without lines, whose long cells are folded and never cut."""
    table = Table(
        *columns,
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 1, 0, 0),
        leading=leading,
        header_style="dim",
    )
    for column in table.columns:
        column.overflow = "fold"  # ids and paths are there to be copied
    return table


def _shelf_cell(shelf: str) -> Text:
    return Text(one_line(shelf), CUSTOMERS if shelf == Audience.EXTERNAL.value else STAFF)


def _numbers(*columns: str) -> Table:
    """A table whose columns but the first hold numbers."""
    table = plain_table(*columns)
    for column in table.columns[1:]:
        column.justify = "right"
    return table


def _size(size_bytes: int) -> str:
    size = float(size_bytes)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} GB"
