"""The command by which somebody judges results, document by document, by single keys."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from kbsearch import KnowledgeBase
from kbsearch.cli.exits import InterruptedWorkError
from kbsearch.cli.options import GroupOption, JsonOption, who
from kbsearch.cli.screen import Screen, one_line, printable
from kbsearch.errors import ConfigError
from kbsearch.evaluation import (
    GRADES,
    Agreement,
    Judgement,
    Judging,
    Shown,
    compare_judges,
    read_judgements,
    read_questions,
)
from kbsearch.models import Audience

_SHOWN_CHARACTERS = 1500
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_KEYS = {
    **{str(grade): meaning for grade, meaning in GRADES.items()},
    "s": "skip",
    "u": "undo",
    "f": "full text",
    "q": "stop",
}
_END = "q"
_INDENT = (0, 0, 1, 2)


QuestionsArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="[QUESTIONS]",
        exists=True,
        dir_okay=False,
        help="A file with a question on each line, or JSON lines with `text` or `ticket_id`.",
    ),
]
DeskJudgedOption = Annotated[
    Path | None,
    typer.Option(
        "--desk", "-d", envvar="KBSEARCH_DESK", metavar="DESK", help="The desk's directory."
    ),
]
ReadersOption = Annotated[
    Audience | None,
    typer.Option("--audience", "-a", help="Who will read the answer: you judge what they see."),
]
JudgeOption = Annotated[
    str | None,
    typer.Option(
        "--by", metavar="WHO", help="Who judges.", show_default="the name of the system's user"
    ),
]
FileOption = Annotated[
    Path | None,
    typer.Option(
        "--file",
        metavar="FILE",
        dir_okay=False,
        help="Where judgements are kept; it will hold the questions' words.",
        show_default="QUESTIONS.WHO.jsonl",
    ),
]
DepthOption = Annotated[
    int, typer.Option("-k", "--k", metavar="K", min=1, max=100, help="How deep to look.")
]
SeedOption = Annotated[
    int, typer.Option("--seed", metavar="N", help="Of the order; for two judges the same.")
]
AgreementOption = Annotated[
    tuple[Path, Path] | None,
    typer.Option(
        "--agreement",
        metavar="FILE_A FILE_B",
        help="Instead of judging: how far two judges agree (Cohen's kappa).",
    ),
]


def judge(
    questions: QuestionsArgument = None,
    *,
    desk: DeskJudgedOption = None,
    audience: ReadersOption = None,
    group: GroupOption = None,
    by: JudgeOption = None,
    file: FileOption = None,
    k: DepthOption = 10,
    seed: SeedOption = 0,
    agreement: AgreementOption = None,
    as_json: JsonOption = False,
) -> None:
    """
    Judge what a desk finds, document by document, by single keys.

    Shown are the best of several rankings, shuffled, without ranks and scores. Each grade
    is kept at once: stop whenever you like, and run the command again to go on. Without a
    terminal, keys are read from standard input, one a line.
    """
    screen = Screen(as_json=as_json)
    if agreement is not None:
        found = compare_judges(*map(_read, agreement))
        screen.answer(found.model_dump(mode="json"), *_agreement_view(found))
        return
    if questions is None or desk is None or audience is None:
        raise typer.BadParameter("give QUESTIONS, --desk and --audience, or --agreement.")
    judge_name = who(by) or ""
    kept = file or _beside(questions, judge_name)
    with KnowledgeBase.open(desk) as kb:
        with screen.bars() as bars:
            work = kb.judging(
                kept,
                read_questions(questions, audience),
                audience=audience,
                by=judge_name,
                groups=group or (),
                k=k,
                seed=seed,
                progress=bars,
            )
        if not len(work):
            screen.warn("There is nothing to judge: no question finds anything.")
        try:
            _work_through(work, screen)
        except KeyboardInterrupt:
            raise InterruptedWorkError(
                f"Interrupted. {work.n_done} of {len(work)} are judged and kept in {kept}; run "
                "the command again to go on."
            ) from None
    fields = {"done": work.n_done, "left": work.n_left, "file": str(kept), "by": work.by}
    told = f"{work.n_done} of {len(work)} are judged by {one_line(work.by)}"
    screen.answer(fields, Text(f"{told}; kept in {one_line(str(kept))}.", style="bold"))


def _work_through(work: Judging, screen: Screen) -> None:
    """Show, read a key, do it; what is shown goes to stderr, as the answer is the summary."""
    next_key = _key_reader(screen)
    question = None
    while (shown := work.current) is not None:
        if shown.question != question:
            question = shown.question
            screen.err.print(Text(f"\n{printable(question)}", style="bold magenta"))
        for view in _shown_view(shown, work, is_full=False):
            screen.err.print(view)
        while (key := next_key()) == "f":
            for view in _shown_view(shown, work, is_full=True):
                screen.err.print(view)
        if key == _END:
            return
        _do(key, work, screen)


def _do(key: str, work: Judging, screen: Screen) -> None:
    if key == "u":
        try:
            work.undo()
        except ConfigError as error:
            screen.warn(str(error))
    elif key == "s":
        work.skip()
    else:
        work.grade(int(key))


def _key_reader(screen: Screen) -> Callable[[], str]:
    """Single keys of a terminal, or lines; at the end of input `q`. Other keys are passed over."""
    choices = "  ".join(f"[{key}] {meaning}" for key, meaning in _KEYS.items())
    is_terminal = sys.stdin.isatty()

    def next_key() -> str:
        screen.err.print(Text(choices, style="dim"))
        while True:
            key = typer.getchar() if is_terminal else sys.stdin.readline()
            if not key or key == "\x04":  # Ctrl-D
                return _END
            key = key.strip().lower()
            if key in _KEYS:
                return key
            if key:
                screen.warn(f"{key[:20]!r} is none of {', '.join(_KEYS)}.")

    return next_key


def _shown_view(shown: Shown, work: Judging, *, is_full: bool) -> Iterator[RenderableType]:
    yield Text.assemble(
        (f"{work.n_done + 1} of {len(work)}  ", "dim"),
        (one_line(shown.title) or "(no title)", "bold"),
        (f"  {one_line(shown.document_id)}", "blue"),
    )
    text = printable(shown.text)
    if len(text) > _SHOWN_CHARACTERS and not is_full:
        text = f"{text[:_SHOWN_CHARACTERS].rsplit(None, 1)[0]} …"
    yield Padding(Text(text), _INDENT)


def _agreement_view(found: Agreement) -> Iterator[RenderableType]:
    yield Text(
        f"{found.n_both} documents were graded by both, {found.n_equal} alike.", style="bold"
    )
    for name, kappa in (("kappa", found.kappa), ("weighted kappa", found.weighted_kappa)):
        value = "unknown: both gave one grade throughout" if kappa is None else f"{kappa:.2f}"
        yield Text(f"{name}: {value}")


def _read(path: Path) -> list[Judgement]:
    if not path.exists():
        raise typer.BadParameter(f"{str(path)!r} is not there.", param_hint="--agreement")
    return read_judgements(path)


def _beside(questions: Path, by: str) -> Path:
    if not _PLAIN_NAME.fullmatch(by):
        raise typer.BadParameter(
            f"{by[:80]!r} cannot be part of a file's name; say with --file where to keep "
            "judgements.",
            param_hint="--by",
        )
    return questions.with_name(f"{questions.stem}.{by}.jsonl")
