"""
Forgetting, in steps that can each be repeated.

First the request is written to FORGETTING: from then on it is finished by
whoever opens the desk next, whatever interrupts it. Then documents are removed,
external shelf first, and others that name them are rewritten; indexes are
made anew, older ones and the log of changes removed, the database is written anew.
At last every byte is read to see that nothing is left, and the request goes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from kbsearch import files
from kbsearch.errors import (
    ConfigError,
    DamagedRecordError,
    EmbedderError,
    SnapshotError,
    StillThereError,
)
from kbsearch.forgetting.blank import words_of_an_empty_desk
from kbsearch.forgetting.request import Request, fulfil, promise, promised
from kbsearch.forgetting.survey import Survey, asked_by, survey
from kbsearch.forgetting.traces import MIN_WORD, TraceFinder, Traces, find_traces, words_in
from kbsearch.indexing import (
    Occasion,
    ShelfRebuild,
    ShelfWriter,
    Trail,
    drop_explanations,
    forget_feedback,
    staff_writers,
)
from kbsearch.indexing.forgotten import Forgotten, ForgottenMark, KnownValues
from kbsearch.indexing.twin_notes import drop_twins_of
from kbsearch.layout import DeskLayout
from kbsearch.making import groups_of
from kbsearch.models import Audience, AuditAction, Document, ForgetReceipt, Person
from kbsearch.progress import Progress, silent
from kbsearch.snapshots import list_manifests, remove_all
from kbsearch.store import BOILERPLATE
from kbsearch.text import rests_on

Writers = Mapping[str, ShelfWriter]

_log = logging.getLogger(__name__)


def forget(
    writers: Writers,
    layout: DeskLayout,
    ids: Iterable[str],
    person: Person | None,
    *,
    mark: ForgottenMark,
    dry_run: bool = False,
    progress: Progress = silent,
) -> ForgetReceipt:
    """
    Remove documents, and what a person asked and is named in, from every file of a desk.

    Args:
        writers: Of all shelves, external first.
        layout: Of the desk.
        ids: Documents; those that do not stand here are not taken later either.
        person: Tickets they asked are removed; other documents no longer name them.
        mark: When, and at whose word.
        dry_run: Only say what it would come to.
        progress: Told how far it is.

    Raises:
        ConfigError: If the person has nothing to be known by.
        LockedError: If another process is writing.
        StillThereError: If traces are left; the request stays open.
        StoreError: If a shelf cannot be written; the request stays open.
    """
    internal = writers[Audience.INTERNAL]
    if not dry_run:
        internal.lock()
        if promised(layout) is not None:
            go_on_forgetting(writers, layout)
    wanted = list(dict.fromkeys(ids))
    names = _names_of(person)
    _require_another(mark.by, names)
    forgotten = Forgotten.load(internal.records).with_more(wanted, person, mark)
    if person is not None:
        wanted = list(dict.fromkeys([*wanted, *asked_by(writers, forgotten, progress)]))
        forgotten = forgotten.with_more(wanted, None, mark)
    found = survey(writers, forgotten, wanted, KnownValues(wanted, names), progress)
    traces = Traces(
        words=frozenset(found.words),
        ids=frozenset(wanted),
        names=frozenset(name.casefold() for name in names),
        vectors=found.vectors,
    )
    request = Request(
        at=mark.at,
        by=mark.by,
        ids=tuple(wanted),
        shelves=_shelves(writers, wanted, found),
        notes=forgotten.notes(),
        traces=traces,
    )
    if dry_run:
        return _receipt(request, found, layout).model_copy(update={"is_dry_run": True})
    promise(layout, request)
    return _carry_out(writers, layout, request, found, progress)


def _names_of(person: Person | None) -> list[str]:
    """What a person is looked for by in texts and files."""
    if person is None:
        return []
    number = (person.id or "").strip()
    known = [person.email, person.name, number if len(number) >= MIN_WORD else None]
    return [value.strip() for value in known if value]


def _require_another(by: str | None, names: list[str]) -> None:
    if by and any(name.casefold() in by.casefold() for name in names):
        raise ConfigError(
            "Who asks for it is kept with the receipt, and here that names the person who is to be "
            "forgotten. Give a role or a case number instead; nothing was forgotten."
        )


def _shelves(writers: Writers, ids: list[str], found: Survey) -> tuple[str, ...]:
    """The staff's shelf; every other one if what stands or stood there is concerned."""
    standing = {shelf: set(w.records.keys_by_id(ids)) for shelf, w in writers.items()}
    read = {face.id for faces in found.leaving.values() for face in faces}
    is_everywhere = read.union(*standing.values()).issuperset(ids)
    return tuple(
        shelf
        for shelf, writer in writers.items()
        if shelf == Audience.INTERNAL.value
        or standing[shelf]
        or found.rewritten[shelf]
        or (not is_everywhere and _holds_what_was_dropped(writer))
    )


def _holds_what_was_dropped(writer: ShelfWriter) -> bool:
    """Whether a snapshot was made before the newest document left the shelf."""
    there = list_manifests(writer.layout, writer.shelf, chain_at=None)
    return any(manifest.sequence < writer.records.last_drop() for manifest in there)


def go_on_forgetting(writers: Writers, layout: DeskLayout) -> ForgetReceipt | None:
    """
    Finish a request that was interrupted; None if there is none.

    Raises:
        LockedError: If another process is writing, perhaps just this.
        StillThereError: If traces are left; the request stays open.
        StoreError: If a shelf cannot be written; the request stays open.
    """
    writers[Audience.INTERNAL].lock()
    request = promised(layout)
    if request is None:
        return None
    known = KnownValues(request.ids, request.traces.names)
    found = survey(writers, Forgotten.from_notes(request.notes), request.ids, known)
    return _carry_out(writers, layout, request, found, silent)


def _carry_out(
    writers: Writers, layout: DeskLayout, request: Request, found: Survey, progress: Progress
) -> ForgetReceipt:
    internal = writers[Audience.INTERNAL]
    with internal.records.writing():
        internal.records.note(request.notes)
    trail = _trail(writers, request)
    for shelf in request.shelves:
        writers[shelf].lock()
        _remove(writers[shelf], request.ids, found.leaving[shelf])
        if shelf == Audience.EXTERNAL.value:
            trail.note(AuditAction.CHANGED, found.rewritten[shelf])
        _rewrite(writers[shelf], found.rewritten[shelf])
    for writer in staff_writers(writers):
        drop_explanations(writer, request.ids)
    drop_twins_of(internal, {*request.ids, *found.rewritten_ids}, request.traces.names)
    finder = TraceFinder(request.traces)
    for writer in writers.values():
        forget_feedback(writer, request.ids, lambda text: any(finder.kinds_in_text(text)))
    known = KnownValues(request.ids, request.traces.names)
    trail.forget(request.ids, Forgotten.from_notes(request.notes), known)
    trail.catch_up()
    n_snapshots = sum(_write_anew(writers[shelf], progress) for shelf in request.shelves)
    left = _still_to_be_found(writers, layout, request.traces)
    files.remove_tree(layout.unfinished_training)
    others = [layout.forgetting, layout.forgetting_draft, *files.files_below(layout.models)]
    found_in, n_files, n_bytes = find_traces(layout.root, left, but=others, progress=progress)
    places = [f"{kind} in {file}" for file, kind in found_in] + _in_rows(writers, left)
    if places:
        raise StillThereError(list(dict.fromkeys(places)))
    receipt = _receipt(request, found, layout).model_copy(
        update={
            "n_snapshots_removed": n_snapshots,
            "n_traces": left.count(),
            "n_files": n_files,
            "n_bytes": n_bytes,
        }
    )
    _note(internal, receipt, Forgotten.from_notes(request.notes))
    trail.settle()
    fulfil(layout)
    return receipt


def _trail(writers: Writers, request: Request) -> Trail:
    """Takes part in all that is written; what was asked for is noted with its own time."""
    external, internal = writers[Audience.EXTERNAL], writers[Audience.INTERNAL]
    occasion = Occasion.of("forget", request.at, request.by)
    external.trail = Trail(external.records, internal.records, internal.locked, occasion)
    return external.trail


def _still_to_be_found(writers: Writers, layout: DeskLayout, traces: Traces) -> Traces:
    """The traces without what other things on the desk say too."""
    internal = writers[Audience.INTERNAL]
    own = words_of_an_empty_desk(layout, internal)
    own |= words_in(" ".join(groups_of(layout)))
    for prefix in ("forgotten", "receipt:", "why:", "twin:"):
        for writer in staff_writers(writers):
            for name, value in writer.records.notes_from(prefix).items():
                own |= words_in(name) | words_in(value)
    for value in internal.records.audit_values():
        own |= words_in(value)
    in_use = {
        input_hash
        for writer in writers.values()
        for input_hash in writer.records.inputs_in_use(traces.vectors)
    }
    heads = {i: head for i, head in traces.vectors.items() if i not in in_use}
    n_bytes = max((len(head) // 2 for head in heads.values()), default=0)
    of_others = {  # a model that ignores the order of words gives other texts the same vector
        head.hex()
        for writer in writers.values()
        for head in writer.records.vector_heads_in_use(n_bytes)
    }
    vectors = {i: head for i, head in heads.items() if head not in of_others}
    return traces.model_copy(update={"words": traces.words - own, "vectors": vectors})


def _in_rows(writers: Writers, traces: Traces) -> list[str]:
    """Where rows still say it: in a file's bytes a word may be stuck to the value before it."""
    finder = TraceFinder(traces)
    return [
        f"{kind} in {writer.shelf}/{writer.layout.records.name}"
        for writer in writers.values()
        for text in writer.records.every_text()
        for kind in finder.kinds_in_text(text)
    ]


def _receipt(request: Request, found: Survey, layout: DeskLayout) -> ForgetReceipt:
    return ForgetReceipt(
        at=request.at,
        by=request.by,
        document_ids=request.ids,
        rewritten_ids=found.rewritten_ids,
        shelves=request.shelves,
        n_unreadable=found.n_unreadable,
        models=tuple(one.relative_to(layout.root).as_posix() for one in layout.adapted_models()),
    )


def _remove(writer: ShelfWriter, ids: Iterable[str], faces: list[Document]) -> None:
    """Drop documents, and what was learned with them if too few others taught it too."""
    learned = writer.records.boilerplate()
    if learned.lines and rests_on(learned, map(writer.cleaner.learnable, faces)):
        with writer.records.writing():
            writer.records.drop_notes([BOILERPLATE])
        writer.forget_cleaner()
    writer.drop(ids)


def _rewrite(writer: ShelfWriter, faces: Mapping[str, Document]) -> None:
    """Put documents anew; what is derived of them follows, or with the next rebuild."""
    if faces:
        with writer.records.writing():
            writer.records.drop(faces)
            for face in faces.values():
                writer.records.put_pending(face)


def _write_anew(writer: ShelfWriter, progress: Progress) -> int:
    """
    Leave nothing on a shelf but what stands in its records now.

    Returns:
        Number of older snapshots that were removed.
    """
    records = writer.records
    before = writer.layout.snapshots()
    _derive_missing(writer, progress)
    fingerprint = records.fingerprint()
    if fingerprint is None or fingerprint.analyzer != writer.analyzer.fingerprint:
        remove_all(writer.layout)  # the settings' words would not be those that it names
    else:
        try:
            writer.publish_under(
                fingerprint, keep=1, oldest_sequence=records.sequence(), progress=progress
            )
        except (DamagedRecordError, SnapshotError):  # forgetting goes before speed
            remove_all(writer.layout)
    with records.writing():
        records.trim_changes()
    records.vacuum()
    return len(set(before) - set(writer.layout.snapshots()))


def _derive_missing(writer: ShelfWriter, progress: Progress) -> None:
    """Embed what was rewritten, if the embedder is at hand and that of the records."""
    records = writer.records
    key, embedder_key = records.fingerprint_key(), records.embedder_key()
    if key is None or embedder_key is None or not records.incomplete_keys(key, embedder_key):
        return
    try:
        if writer.fingerprint.key == key:
            ShelfRebuild(writer).derive_missing(progress)
    except EmbedderError as error:
        _log.warning("Rewritten documents are found after the next rebuild: %s", error)


def _note(internal: ShelfWriter, receipt: ForgetReceipt, forgotten: Forgotten) -> None:
    """Keep the receipt on the staff's shelf, with hashes in the place of ids."""
    kept = receipt.model_copy(
        update={
            "document_ids": tuple(map(forgotten.key_of, receipt.document_ids)),
            "rewritten_ids": (),
        }
    )
    with internal.records.writing():
        internal.records.note({f"receipt:{receipt.at.isoformat()}": kept.model_dump_json()})
