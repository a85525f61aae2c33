"""
Proving a bundle from its desk, where it is known what stands with the staff alone.

Looked for in every byte: every word of eight letters or more that staff's documents have
and customers' ones have not, every id of such a document, and the beginnings of vectors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from kbsearch.errors import KbSearchError
from kbsearch.files import read_bytes
from kbsearch.forgetting.blank import words_of_an_empty_desk
from kbsearch.forgetting.survey import faces_of
from kbsearch.forgetting.traces import (
    TraceFinder,
    Traces,
    find_traces,
    head_of,
    words_in,
)
from kbsearch.indexing import ShelfWriter
from kbsearch.layout import DeskLayout
from kbsearch.lexical.synonyms_file import read_synonyms, synonyms_to_give_away
from kbsearch.models import Audience, BundleCheck, CheckFinding
from kbsearch.progress import Progress
from kbsearch.sharing.bundles.checking import check_bundle_here, finding_of, manifest_of
from kbsearch.sharing.bundles.manifest import serving_settings
from kbsearch.sharing.bundles.records import choose
from kbsearch.store import RecordReader, content_hash, to_raw
from kbsearch.text import Analyzer

_DOCUMENTS_PER_READ = 256
_WORDS_PER_TEXT = 10_000
_MIN_DIGITS = 10  # shorter numbers are sizes of files and digits of averages by chance
_COUNTED = {"0123456789", "abcdefghijklmnopqrstuvwxyz", "0000000001"}  # as bytes of an index
MAX_VECTORS = 20_000
"""Of more vectors, evenly many are looked for: a copied shelf has them all, or thousands."""

_Writers = Mapping[str, ShelfWriter]


class _Secrets(NamedTuple):
    """What stands with the staff alone, and how many vectors do."""

    traces: Traces
    n_vectors: int


class _Differences(NamedTuple):
    """Ids by what became of the documents since the export."""

    withdrawn: list[str]
    changed: list[str]
    added: list[str]


def prove_bundle(
    writers: _Writers, bundle: DeskLayout, *, now: datetime, progress: Progress
) -> BundleCheck:
    """
    Compare a bundle with the desk that it was exported from; see `KnowledgeBase.check_bundle`.

    Raises:
        StoreError: If a shelf of the desk cannot be read.
    """
    here = check_bundle_here(bundle)
    external = writers[Audience.EXTERNAL]
    differences = _differences(external.records, bundle, now)
    secrets = _secrets(writers, progress)
    found, n_files, n_bytes = find_traces(bundle.root, secrets.traces, but=(), progress=progress)
    places = [f"{kind} that stands with the staff alone is in {file}" for file, kind in found]
    places += _in_rows(bundle, secrets.traces)
    findings = [*here.findings, *map(finding_of, dict.fromkeys(places))]
    findings += _findings_of(differences, bundle, external)
    return BundleCheck(
        findings=tuple(findings),
        withdrawn_ids=tuple(differences.withdrawn),
        changed_ids=tuple(differences.changed),
        added_ids=tuple(differences.added),
        n_documents=here.n_documents,
        n_words=len(secrets.traces.words),
        n_ids=len(secrets.traces.ids),
        n_vectors=len(secrets.traces.vectors),
        n_vectors_of_staff=secrets.n_vectors,
        n_files=n_files,
        n_bytes=n_bytes,
    )


def _differences(external: RecordReader, bundle: DeskLayout, now: datetime) -> _Differences:
    """The documents of the bundle beside those that would be exported now."""
    manifest = manifest_of(bundle)
    chosen = choose(
        external, now=now, includes_pending=manifest is not None and manifest.includes_pending
    )
    standing = {row.document_id: row.document_key for row in chosen.rows}
    given = _given(bundle)
    both = sorted(given.keys() & standing.keys())
    return _Differences(
        withdrawn=sorted(given.keys() - standing.keys()),
        changed=_changed(external, given, {each: standing[each] for each in both}),
        added=sorted(standing.keys() - given.keys()),
    )


def _given(bundle: DeskLayout) -> dict[str, str]:
    """Id and content hash of the documents in a bundle; none if its records cannot be read."""
    try:
        records = RecordReader(bundle.shelf(Audience.EXTERNAL).records, Audience.EXTERNAL.value)
    except KbSearchError:
        return {}
    try:
        found = records.keys_by_id(list(records.ids()))
        return {document_id: content for document_id, (_, content) in found.items()}
    except KbSearchError:
        return {}
    finally:
        records.close()


def _changed(external: RecordReader, given: Mapping[str, str], keys: dict[str, int]) -> list[str]:
    """Ids of those that read otherwise; an older kbsearch may have written the same otherwise."""
    hashes = external.keys_by_id(keys)
    other = {keys[i]: i for i, (_, content) in hashes.items() if content != given[i]}
    documents = external.documents(other)
    return sorted(
        i
        for key, i in other.items()
        if key not in documents or content_hash(to_raw(documents[key])) != given[i]
    )


def _findings_of(
    differences: _Differences, bundle: DeskLayout, external: ShelfWriter
) -> Iterator[CheckFinding]:
    for document_id in differences.withdrawn:
        yield finding_of(f"{document_id!r} is in it, and is not for customers (any more)")
    for document_id in differences.changed:
        yield finding_of(f"{document_id!r} is in it as it read before it was changed")
    try:
        is_same = read_bytes(bundle.settings) == serving_settings(external.settings)
    except KbSearchError:
        return  # found before
    if not is_same:
        yield finding_of(f"{bundle.settings.name} is not what this desk's settings give")
    ours, theirs = external.layout.synonyms, bundle.shelf(Audience.EXTERNAL).synonyms
    if read_synonyms(theirs) != synonyms_to_give_away(read_synonyms(ours), ours):
        yield finding_of(f"{theirs.name} is not what this desk's file gives")


def _secrets(writers: _Writers, progress: Progress) -> _Secrets:
    """What staff's documents say and customers' ones do not."""
    words, ids, inputs = set[str](), set[str](), set[str]()
    vectors: dict[str, str] = {}
    external = writers[Audience.EXTERNAL]
    public_inputs = external.records.inputs_of(external.records.keys())
    for shelf, writer in writers.items():
        if shelf == Audience.EXTERNAL:
            continue
        for face, key in faces_of(writer.records, f"read {shelf}", progress):
            text = writer.records.unverified_text(key) if face is None else to_raw(face)
            words |= words_in(text)
            ids |= {face.id} if face is not None else set()
        own = writer.records.inputs_of(writer.records.keys()) - public_inputs
        vectors |= _some_vectors(writer.records, own)
        inputs |= own
    blank = words_of_an_empty_desk(DeskLayout(external.layout.root.parent), external) | _COUNTED
    words -= blank  # first, or the stems of the names of fields would be left
    words |= _stems(words, external.analyzer)
    words = {word for word in words if not (word.isdigit() and len(word) < _MIN_DIGITS)} - blank
    ids -= set(external.records.ids())
    traces = _not_public(external, words, ids, vectors, progress)
    return _Secrets(traces, len(inputs))


def _stems(words: set[str], analyzer: Analyzer) -> set[str]:
    """As words stand in an index."""
    listed = sorted(words)
    found: set[str] = set()
    for start in range(0, len(listed), _WORDS_PER_TEXT):
        found |= words_in(
            " ".join(analyzer.terms(" ".join(listed[start : start + _WORDS_PER_TEXT])))
        )
    return found


def _some_vectors(records: RecordReader, inputs: set[str]) -> dict[str, str]:
    """By the hash of their input, how vectors begin: all, or evenly many of them."""
    listed = sorted(inputs)
    some = listed[:: max(1, -(-len(listed) // MAX_VECTORS))]
    found = records.vectors(some, records.embedder_key() or "")
    return {input_hash: head_of(vector) for input_hash, vector in found.items()}


def _not_public(
    external: ShelfWriter,
    words: set[str],
    ids: set[str],
    vectors: dict[str, str],
    progress: Progress,
) -> Traces:
    """What is left without that which customers' documents, as they stand on the desk, hold too."""
    records, analyzer = external.records, external.analyzer
    finder = TraceFinder(_traces(set(), ids, vectors))
    fingerprint, embedder_key = records.fingerprint_key() or "", records.embedder_key() or ""
    words, ids, shared = set(words), set(ids), set[str]()
    synonyms = read_synonyms(external.layout.synonyms).decode("utf-8", errors="ignore")
    words -= words_in(synonyms) | words_in(" ".join(analyzer.terms(synonyms)))
    language_of = {row.document_key: row.language for row in records.attributes()}
    keys = list(language_of)
    for start in range(0, len(keys), _DOCUMENTS_PER_READ):
        progress("read external", start, len(keys))
        piece = keys[start : start + _DOCUMENTS_PER_READ]
        for face in records.documents(piece).values():
            words -= words_in(to_raw(face))
            ids -= set(finder.ids_in(to_raw(face)))
        for key, text in records.cleaned(piece, fingerprint).items():
            whole = f"{text.title}\n{text.text}"
            terms = analyzer.in_language(language_of[key]).terms(whole)
            words -= words_in(whole) | words_in(" ".join(terms))
        own = records.vectors(records.inputs_of(piece), embedder_key)
        shared |= finder.inputs_in(b"".join(vector.tobytes() for vector in own.values()))
    progress("read external", len(keys), len(keys))
    return _traces(words, ids, {each: head for each, head in vectors.items() if each not in shared})


def _traces(words: set[str], ids: set[str], vectors: Mapping[str, str]) -> Traces:
    """Not validated: there may be a million, and all come from here."""
    return Traces.model_construct(
        words=frozenset(words), ids=frozenset(ids), names=frozenset(), vectors=dict(vectors)
    )


def _in_rows(bundle: DeskLayout, traces: Traces) -> list[str]:
    """Where rows say it: in a file's bytes a word may be stuck to the value before it."""
    finder = TraceFinder(traces)
    try:
        records = RecordReader(bundle.shelf(Audience.EXTERNAL).records, Audience.EXTERNAL.value)
    except KbSearchError:
        return []  # found before
    try:
        kinds = {kind for text in records.every_text() for kind in finder.kinds_in_text(text)}
    except KbSearchError:
        return []
    finally:
        records.close()
    return [
        f"{kind} that stands with the staff alone is in external/{records.path.name}"
        for kind in sorted(kinds)
    ]
