"""The command that shows what kbsearch is for, on a desk of its own."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.exits import InterruptedWorkError
from kbsearch.cli.fixes_view import similar_view
from kbsearch.cli.options import JsonOption
from kbsearch.cli.screen import Screen
from kbsearch.config import EmbedderKind, EmbedderSettings, Settings
from kbsearch.embed import make_embedder
from kbsearch.layout import demo_desk
from kbsearch.models import Audience, Document, SearchResult, Ticket, parse_document

_QUESTION = "May the owner refund a large amount?"
_NEW_TICKET = (
    "Our reception computer goes to sleep over lunch. "
    "When it wakes up, Link stays red until we restart."
)
_K_AGENT, _K_CUSTOMER = 4, 2


def demo(
    directory: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Where to build it; left out, a temporary one."),
    ] = None,
    embedder: Annotated[
        EmbedderKind, typer.Option("--embedder", help="hashing is instant, and sees words only.")
    ] = EmbedderKind.SENTENCE_TRANSFORMERS,
    as_json: JsonOption = False,
) -> None:
    """Build the desk of a small company and show three searches on it."""
    screen = Screen(as_json=as_json)
    chosen = EmbedderSettings(kind=embedder)
    found = make_embedder(chosen)
    path = directory or Path(tempfile.mkdtemp(prefix="kbsearch-")) / "brightwater.kb"
    documents = _documents()
    with KnowledgeBase.create(path, settings=Settings(embedder=chosen), embedder=found) as kb:
        _build(kb, documents, screen)
        agents, customers = kb.searcher(Audience.INTERNAL), kb.searcher(Audience.EXTERNAL)
        asked = agents.search(_QUESTION, k=_K_AGENT)
        answered = customers.search(_QUESTION, k=_K_CUSTOMER)
        alike = agents.similar(Ticket.draft(_NEW_TICKET), k=_K_AGENT)
    screen.answer(
        {
            "desk": str(path),
            "agent": asked.model_dump(mode="json"),
            "customer": answered.model_dump(mode="json"),
            "similar": alike.model_dump(mode="json"),
        },
        Text(f"The desk of Brightwater, software for small clinics: {len(documents)} documents."),
        *_scene("1  An agent asks", _QUESTION, asked),
        *_scene("2  A customer asks the same", _QUESTION, answered),
        "",
        Text(_difference(asked), style="green"),
        *_scene("3  A new ticket comes in: what fixed the ones like it?", _NEW_TICKET, alike),
        *_going_on(path),
    )


def _build(kb: KnowledgeBase, documents: list[Document], screen: Screen) -> None:
    with screen.bars() as bars:
        try:
            kb.upsert(documents, progress=bars)
            kb.rebuild(progress=bars)
        except KeyboardInterrupt:
            raise InterruptedWorkError(
                f"Interrupted. An unfinished desk was left in {kb.path}: delete it."
            ) from None


def _documents() -> list[Document]:
    return [
        parse_document(line)
        for name in ("articles.jsonl", "tickets.jsonl")
        for line in (demo_desk() / name).read_bytes().splitlines()
    ]


def _scene(title: str, words: str, result: SearchResult) -> list[RenderableType]:
    return [
        "",
        Rule(Text(title, style="bold"), align="left", style="dim"),
        Padding(Text(f"“{words}”", style="italic"), (0, 2, 1, 2)),
        *similar_view(result),
    ]


def _difference(asked: SearchResult) -> str:
    n_internal = sum(hit.shelf == Audience.INTERNAL.value for hit in asked)
    return (
        f"{n_internal} of the agent's {len(asked)} hits stand on the internal shelf, "
        "a directory that the customer's search never opened."
    )


def _going_on(path: Path) -> list[RenderableType]:
    lines = [
        f"export KBSEARCH_DESK={shlex.quote(str(path))}",
        'kbsearch search "payout is late" --audience internal',
        'kbsearch search "payout is late" --audience external',
        "kbsearch show kb:refund-override-above-limit --audience internal",
        "kbsearch similar desk:1058 --audience internal",
        "kbsearch promote --show 3",
        'echo "The edge should reap a silent session after 90 s." | kbsearch check-outgoing',
        "kbsearch twins",
    ]
    return [
        "",
        Rule(Text("Go on with this desk", style="bold"), align="left", style="dim"),
        *(Padding(Text(line, style="cyan"), (0, 2)) for line in lines),
    ]
