"""The `kbsearch` command: its group, its help, and the one place where errors end."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import kbsearch
from kbsearch.cli import (
    bundles,
    bursts,
    demo,
    documents,
    duplicates,
    explaining,
    feedback,
    forgetting,
    health,
    importing,
    judging,
    labels,
    promoting,
    publishing,
    ranking,
    reading,
    rebuilding,
    replaying,
    sharing,
    training,
    tuning,
    voices,
)
from kbsearch.cli.exits import MEANINGS, ExitCode, InterruptedWorkError, exit_code
from kbsearch.cli.options import AS_JSON
from kbsearch.cli.screen import Screen
from kbsearch.errors import KbSearchError

_NOTHING_CHANGED = "Interrupted. Nothing was changed; run the command again."

_EPILOG = "\n".join(
    [
        "[bold]See it work[/]: kbsearch demo",
        "[bold]The desk[/] is named by --desk, or once for all by the variable KBSEARCH_DESK.",
        "",
        "[bold]Exit codes[/]",
        *(f"{code.value:>5}  {meaning}" for code, meaning in MEANINGS.items()),
    ]
)


class _Commands(TyperGroup):
    """Runs a command and turns what it raises into a line and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            failure: Exception = InterruptedWorkError(_NOTHING_CHANGED)
        except (KbSearchError, InterruptedWorkError) as error:
            failure = error
        raise typer.Exit(_report(failure, as_json=bool(ctx.meta.get(AS_JSON))))


def _report(error: Exception, *, as_json: bool) -> ExitCode:
    code = exit_code(error)
    screen = Screen(as_json=as_json)
    if as_json:
        name = type(error).__name__
        screen.answer({"error": {"type": name, "message": str(error), "exit_code": code.value}})
    screen.complain(str(error))
    return code


app = typer.Typer(
    cls=_Commands,
    name="kbsearch",
    help="Find the resolved ticket and the article that answer a question: "
    "one answer for staff, another for customers.",
    epilog=_EPILOG,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,  # a plain traceback shows no local variables
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        Screen().out.print(f"kbsearch {kbsearch.__version__}")
        raise typer.Exit


@app.callback()
def _main(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Hold the options of the command as a whole."""


def _example(*lines: str) -> str:
    return "\n".join(f"[bold]Example[/]: {line}" for line in lines)


app.command(
    epilog=_example(
        "kbsearch init support.kb",
        "kbsearch init support.kb --embedder static --model ./potion-base-8M",
    )
)(documents.init)
app.command(
    epilog=_example(
        "kbsearch add articles.jsonl tickets.jsonl --into support.kb",
        "export-tickets | kbsearch add - --into support.kb",
    )
)(documents.add)
app.command(
    name="import",
    epilog=_example(
        "kbsearch import --list",
        "kbsearch import zendesk ./export --into support.kb --dry-run",
        "kbsearch import jira issues.json --into support.kb -o service-desk-projects=IT,HR",
    ),
)(importing.import_)
app.command(epilog=_example("kbsearch sync zendesk ./export --into support.kb --delete-at-most 5"))(
    importing.sync
)
app.command(
    epilog=_example(
        "kbsearch rebuild --desk support.kb",
        "kbsearch rebuild --desk support.kb --gate --json",
    )
)(rebuilding.rebuild)
app.command(
    epilog=_example(
        'kbsearch search "vpn drops after sleep" --desk support.kb --audience external',
        'kbsearch search "refund" -d support.kb -a internal --kind ticket --resolved -k 3',
    )
)(reading.search)
app.command(
    epilog=_example(
        "kbsearch similar desk:1058 --desk support.kb --audience internal",
        'kbsearch similar --text "The printer eats my jobs." -d support.kb -a internal',
    )
)(reading.similar)
app.command(
    epilog=_example(
        'kbsearch explain "vpn drops after sleep" kb:vpn --desk support.kb --audience internal',
        'kbsearch explain "refund" desk:1058 -d support.kb -a internal --kind ticket --json',
    )
)(ranking.explain)
app.command(
    epilog=_example(
        "kbsearch duplicates --desk support.kb --audience internal --precision 0.95",
        'kbsearch duplicates --text "The printer eats my jobs." -d support.kb -a internal',
    )
)(duplicates.duplicates)
app.command(
    epilog=_example(
        "kbsearch bursts --desk support.kb --audience internal",
        "kbsearch bursts -d support.kb -a internal --since 2026-03-01 --now 2026-03-08 --json",
    )
)(bursts.bursts)
app.command(epilog=_example("kbsearch show desk:1058 --desk support.kb --audience internal"))(
    reading.show
)
app.command(name="why-visible", epilog=_example("kbsearch why-visible zendesk:4711 -d support.kb"))(
    explaining.why_visible
)
app.command(epilog=_example("kbsearch boilerplate --desk support.kb --audience internal"))(
    explaining.boilerplate
)
app.command(
    epilog=_example(
        "kbsearch forget zendesk:4711 --desk support.kb --dry-run",
        "kbsearch forget --email mira@brightwater.example -d support.kb --by privacy --yes",
    )
)(forgetting.forget)
app.command(
    epilog=_example(
        "kbsearch promote --desk support.kb --since 2026-03-01",
        "kbsearch promote --desk support.kb --questions unanswered.txt --json",
    )
)(promoting.promote)
app.command(
    epilog=_example(
        "kbsearch publish kb:9 --desk support.kb --by 'Mira Okafor' --reason 'asked 12 times'"
    )
)(publishing.publish)
app.command(epilog=_example("kbsearch withdraw kb:9 --desk support.kb --reason outdated"))(
    publishing.withdraw
)
app.command(
    epilog=_example(
        "kbsearch audit --desk support.kb --since 2026-03-01 --action published",
        "kbsearch audit --desk support.kb --id kb:9 --csv",
    )
)(publishing.audit)
app.command(
    name="check-voice",
    epilog=_example(
        "kbsearch check-voice --desk support.kb",
        "kbsearch check-voice draft.md --desk support.kb",
    ),
)(voices.check_voice)
app.command(
    epilog=_example(
        "kbsearch twins --desk support.kb",
        "kbsearch twins --desk support.kb --in-step kb:vpn-staff kb:vpn --by mira",
    )
)(voices.twins)
app.command(
    name="check-outgoing",
    epilog=_example(
        "kbsearch check-outgoing reply.txt --desk support.kb --ticket desk:1058",
        "kbsearch check-outgoing article.md -d support.kb --format markdown",
    ),
)(sharing.check_outgoing)
app.command(
    epilog=_example(
        "kbsearch labels --desk support.kb --audience internal",
        "kbsearch labels -d support.kb -a internal --imitate --trec ./labels",
    )
)(labels.labels)
app.command(
    epilog=_example(
        "kbsearch judge questions.txt --desk support.kb --audience internal --by anna",
        "kbsearch judge --agreement questions.anna.jsonl questions.bert.jsonl",
    )
)(judging.judge)
app.command(
    epilog=_example(
        "kbsearch tune --desk support.kb --audience internal --dry-run",
        "kbsearch tune -d support.kb -a external --judged judged.jsonl --trials 1000 --json",
    )
)(tuning.tune)
app.command(
    epilog=_example(
        'kbsearch feedback "vpn drops after sleep" kb:vpn -d support.kb -a external --by 4711',
        'kbsearch feedback "refund" desk:1058 -d support.kb -a internal --not-helpful',
        "kbsearch feedback --list --desk support.kb --audience internal",
    )
)(feedback.feedback)
app.command(
    epilog=_example(
        "kbsearch replay --desk support.kb --audience internal",
        "kbsearch replay -d support.kb -a internal --since 2026-01-01 --run past.run --json",
    )
)(replaying.replay)
app.command(
    epilog=_example(
        "kbsearch train --desk support.kb --audience external --minutes 10",
        "kbsearch train -d support.kb -a external --lora --use",
    )
)(training.train)
app.command(epilog=_example("kbsearch stats --desk support.kb --audience internal"))(health.stats)
app.command(
    epilog=_example(
        "kbsearch check --desk support.kb --audience internal",
        "kbsearch check --desk support.kb --audience internal --repair",
        "kbsearch check --desk support.kb --audience internal --bundle ./public.kb",
    )
)(health.check)
app.command(epilog=_example("kbsearch snapshots --desk support.kb --audience internal"))(
    health.snapshots
)
app.command(epilog=_example("kbsearch rollback --desk support.kb --shelf internal"))(
    health.rollback
)
app.command(
    name="export-shelf",
    epilog=_example(
        "kbsearch export-shelf external ./public.kb --desk support.kb",
        "kbsearch export-shelf external ./public.kb --desk support.kb --replace",
    ),
)(bundles.export_shelf)
app.command(epilog=_example("kbsearch demo", "kbsearch demo ./demo.kb --embedder hashing"))(
    demo.demo
)
