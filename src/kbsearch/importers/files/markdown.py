"""Articles from a folder of markdown files, as documentation and handbooks are kept in git."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial
from hashlib import sha256
from posixpath import dirname, join, normpath
from typing import NamedTuple
from urllib.parse import quote

from kbsearch.errors import ConfigError
from kbsearch.importers.base import Importer, ImportItem, Option
from kbsearch.importers.building import Imported, make_article
from kbsearch.importers.fields import Fields
from kbsearch.importers.files.audience_fences import FencedText, read_fences
from kbsearch.importers.files.front_matter import split_front_matter
from kbsearch.importers.files.markdown_keys import (
    AUDIENCES,
    KeyReader,
    key_markers,
    unreadable_marker,
)
from kbsearch.importers.files.markdown_lines import first_heading, name_as_title, without_noise
from kbsearch.importers.places import ImportProblem, Place, RecordError, Skipped
from kbsearch.importers.reading.encodings import UNDECODED, text_of, undecoded_reason
from kbsearch.importers.reading.source import Source, SourceFile
from kbsearch.models import Audience, TextFormat, clean_characters
from kbsearch.visibility import Marker, decide, marker_from

_SUFFIXES = (".markdown", ".mdx", ".md")
_MAX_CHARACTERS = 4_000_000
_MAX_ID_CHARACTERS = 200
_FULL_ID = re.compile(r"[A-Za-z0-9_.-]{1,100}:[!-~]{1,150}")
_INTERNAL_FACE = "#internal"


class _File(NamedTuple):
    """A file read: its path, its id, its keys, its body, the markers of all that contains it."""

    path: str
    document_id: str
    keys: Fields
    body: str
    fenced: FencedText
    markers: tuple[Marker, ...]
    warnings: tuple[str, ...]


class _Face(NamedTuple):
    """What a file gives for one audience; the suffix parts its id from its twin's."""

    body: str
    markers: tuple[Marker, ...]
    suffix: str = ""


class MarkdownImporter(Importer):
    """
    Articles from markdown files with front matter.

    The key `audience`, the folders and the option `audience` are markers, and
    one that closes outweighs all that open. The part of a file for customers
    that stands in `<!-- audience: internal -->` is left out of it; an internal
    article with the whole text then stands beside it as its twin. Front matter
    that cannot be read makes a file internal: a key in it might have said so.
    """

    name = "markdown"
    title = "Markdown files with front matter"
    reads = "*.md, *.markdown and *.mdx in a folder or an archive"
    verified = (
        "audience, fences, supersedes and twin are kbsearch's own; title, tags, date, draft "
        "(Hugo) and published (Jekyll) are from general knowledge"
    )
    OPTIONS = (
        Option("audience", "external or internal: marks the whole tree"),
        Option("external", "folders for customers, as patterns parted by commas: docs,*/public"),
        Option("internal", "folders for staff, in the same way"),
    )

    def __init__(
        self, options: Mapping[str, str] | None = None, *, encoding: str = "utf-8"
    ) -> None:
        super().__init__(options, encoding=encoding)
        audience = self.options["audience"]
        if audience not in ("", *AUDIENCES):
            raise ConfigError(
                f"The option audience={audience!r} is neither 'external' nor 'internal'."
            )
        self._tree = (_marker("tree", "audience", audience),) if audience else ()

    @classmethod
    def likeness(
        cls,
        outline: Mapping[str, frozenset[str]],  # noqa: ARG003 - files are known by their names
        names: Sequence[str],
    ) -> float:
        """The share of markdown files among all."""
        n_ours = sum(name.lower().endswith(_SUFFIXES) for name in names)
        return n_ours / len(names) if names else 0.0

    def _read(self, source: Source) -> Iterator[ImportItem]:
        files = source.files(*(f"*{suffix}" for suffix in _SUFFIXES))
        patterns = self._patterns([file.name for file in files])
        ids = _Ids()
        for file in files:
            try:
                found = self._file(file, patterns, ids)
            except RecordError as error:
                yield ImportProblem(error.place, error.reason)
                continue
            for face in _faces(found):
                yield from self._each([found.keys], partial(self._article, found, face))

    def _patterns(self, names: Sequence[str]) -> list[tuple[str, str]]:
        """Pattern and audience of the options; a misspelt pattern must not leave a folder open."""
        found = [
            (pattern, audience)
            for audience in AUDIENCES
            for pattern in filter(None, map(str.strip, self.options[audience].split(",")))
        ]
        paths = {path for name in names for path in _paths_down_to(name)}
        for pattern, _ in found:
            if not any(fnmatchcase(path, pattern) for path in paths):
                raise ConfigError(
                    f"No markdown file lies in a folder like {pattern!r}. Patterns are compared "
                    "with whole paths from the top of the export, upper and lower case apart."
                )
        return found

    def _file(self, file: SourceFile, patterns: Sequence[tuple[str, str]], ids: _Ids) -> _File:
        text = clean_characters(_text_of(file, self._encoding))
        front = split_front_matter(text)
        keys = Fields(Place(file.name), front.keys)
        fenced = read_fences(front.body)
        markers = [*self._tree, *_folder_markers(file.name, patterns)]
        markers += key_markers(keys, markers)
        block = text[: len(text) - len(front.body)]
        has_fence = read_fences(block).outside != block
        fault = front.fault or ("its front matter holds an audience fence" if has_fence else "")
        if fault:
            markers.append(unreadable_marker())
        if not fenced.is_balanced:
            markers.append(_marker("fence", "/audience", "without a beginning"))
        path = file.unpacked_name
        document_id = self._own_id(KeyReader(keys).text("id") or path)
        if "id" not in keys and ids.has(document_id):
            document_id = self._own_id(f"{path}.md")  # vpn.mdx beside vpn.md
        warnings = filter(None, (fault, *fenced.warnings, ids.claim(document_id, keys.place)))
        return _File(path, document_id, keys, front.body, fenced, tuple(markers), tuple(warnings))

    def _article(self, file: _File, face: _Face, keys: Fields) -> Imported | Skipped:
        read = KeyReader(keys)
        body = without_noise(face.body, is_mdx=file.path.lower().endswith(".mdx"))
        if not body.strip() and not read.text("title"):
            return Skipped(keys.place, "it has no text", file.document_id)
        twin = read.text("twin")
        twin_id = self._linked_id(twin, file.path) if twin else None
        made = make_article(
            keys.place,
            markers=face.markers,
            id=file.document_id + face.suffix,
            title=read.text("title") or first_heading(body) or name_as_title(file.path),
            body=body,
            format=TextFormat.MARKDOWN,
            supersedes=tuple(self._linked_id(each, file.path) for each in read.texts("supersedes")),
            twin_id=file.document_id if face.suffix else twin_id,
            **read.fields(),
        )
        return made._replace(warnings=(*file.warnings, *read.warnings))

    def _own_id(self, name: str) -> str:
        """An id from front matter, or a path: always one of this source."""
        path = unicodedata.normalize("NFC", _without_suffix(name.removeprefix(self.id_prefix)))
        safe = quote(path, safe="/:")
        if len(safe) > _MAX_ID_CHARACTERS:
            safe = f"{safe[: _MAX_ID_CHARACTERS - 17]}-{sha256(path.encode()).hexdigest()[:16]}"
        return f"{self.id_prefix}{safe}"

    def _linked_id(self, link: str, file: str) -> str:
        """A link to an article: a full id with its colon, an id of this tree, or a path."""
        if _FULL_ID.fullmatch(link):
            return link
        is_relative = link.startswith(("./", "../"))
        return self._own_id(normpath(join(dirname(file), link)) if is_relative else link)


class _Ids:
    """The ids of one export, each the id of one file."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._folded: dict[str, str] = {}

    def has(self, document_id: str) -> bool:
        """Whether a file has it."""
        return document_id in self._files

    def claim(self, document_id: str, place: Place) -> str:
        """
        Take an id; what there is to say of it, or "".

        Raises:
            RecordError: If another file has it.
        """
        if document_id in self._files:
            raise RecordError(place, f"its id is that of {self._files[document_id]}")
        self._files[document_id] = place.file
        first = self._folded.setdefault(document_id.casefold(), place.file)
        if first != place.file:
            return f"its id differs from that of {first} in upper and lower case alone"
        return ""


def _faces(file: _File) -> Iterator[_Face]:
    """The article, or, where fences part a text for customers, theirs and the whole one."""
    fences = tuple(_marker("fence", "audience", value) for value in file.fenced.closing)
    is_open = decide(file.markers).audience is Audience.EXTERNAL
    if fences and is_open and without_noise(file.fenced.outside).strip():
        yield _Face(file.fenced.outside, file.markers)
        yield _Face(file.body, (*file.markers, *fences), suffix=_INTERNAL_FACE)
    else:
        yield _Face(file.body, (*file.markers, *fences))


def _folder_markers(name: str, patterns: Sequence[tuple[str, str]]) -> Iterator[Marker]:
    paths = _paths_down_to(name)
    for path in paths[:-1]:
        folder = path.rpartition("/")[2]
        if folder.casefold() in AUDIENCES:  # but only the exact name opens
            yield _marker(f"folder {path}", "name", folder)
    for pattern, audience in patterns:
        if any(fnmatchcase(path, pattern) for path in paths):
            yield _marker(f"folder {pattern}", "option", audience)


def _marker(level: str, field: str, value: str) -> Marker:
    return marker_from(level, field, value, says=AUDIENCES)


def _paths_down_to(name: str) -> list[str]:
    """`a`, `a/b` and `a/b/c.md` for the last of them."""
    steps = name.split("/")
    return ["/".join(steps[: n + 1]) for n in range(len(steps))]


def _text_of(file: SourceFile, encoding: str) -> str:
    place = Place(file.name)
    with file.open() as opened, text_of(opened, encoding) as decoded:
        text = decoded.read(_MAX_CHARACTERS + 1)
        if UNDECODED in text:
            raise RecordError(place, undecoded_reason(decoded))
    if len(text) > _MAX_CHARACTERS:
        raise RecordError(place, f"it is longer than {_MAX_CHARACTERS:,} characters")
    return text


def _without_suffix(name: str) -> str:
    suffix = next((suffix for suffix in _SUFFIXES if name.lower().endswith(suffix)), "")
    return name[: len(name) - len(suffix)]
