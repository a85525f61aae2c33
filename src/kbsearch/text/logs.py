"""Runs of lines that a machine wrote: logs, stack traces, hex dumps, configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LEVEL = r"(?:TRACE|DEBUG|VERBOSE|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE)"
_DAY = r"(?:\d{4}[-/.]\d\d[-/.]\d\d|\d\d?[-/.]\d\d?[-/.]\d{2,4}|\d\d[-/][A-Z][a-z]{2}[-/]\d{4})"
_TIME = r"\d\d?:\d\d:\d\d"
_WEEKDAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_SPEAKER = r"[\])]?[ ,-]{1,3}[A-Z][\w'-]{1,30}(?: [A-Z][\w.'-]{0,30}){0,2}(?: \([^()\n]{1,30}\))?: "

_LOG_LINE = (
    rf"[\[(]?{_DAY}[T ,:_]{{1,2}}(?:{_TIME}(?!{_SPEAKER})|\d\d?:\d\d[\])]? \[?{_LEVEL}\b)",
    rf"[\[(]?{_TIME}(?:[.,]\d{{1,9}}|[\])]? +[\[(<]|[\])]? +{_LEVEL}\b)(?!{_SPEAKER})",
    rf"[^\n]{{0,60}}\d{{4}}-\d\d-\d\dT{_TIME}",
    rf"[A-Z][a-z]{{2}} [ \d]\d {_TIME} \S+ \S+:",  # syslog
    rf"\[?{_WEEKDAY},? (?:[A-Z][a-z]{{2}} [ \d]\d|\d\d [A-Z][a-z]{{2}} \d{{4}}) {_TIME}",
    rf"\S{{3,60}} \S{{1,40}} \S{{1,40}} \[{_DAY}:",  # web servers
    rf"[\[<(]?{_LEVEL}(?: {{0,3}}[\])>]|[ \t]*[:|-]|[ \t]+[\[(\w])",
    r"\[ *\d{1,7}\.\d{3,6}\] ",  # kernels
    r"[IWEF]\d{4} \d\d:\d\d|[VDIWEF]/[\w.$-]{1,60} *\( *\d+\)|\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} ",
    r"[^\n=]{0,80}\w=[\w\"][^\n=]{0,80}\w=[\w\"]",
    r"(?:npm|gyp|yarn) (?:ERR!|WARN|error|warn)",
    r"[^\s:]{1,200}\.\w{1,5}:\d+:(?:\d+:)? ",  # compilers
    r"[^\s(]{1,200}\(\d+(?:,\d+)?\) ?: (?:fatal error|error|warning) ",
)
_TRACE_LINE = (
    r"at (?:async |new )?[^\s()]{1,300}\.[^\s()]{1,300}(?: \[as \w+\])? ?\(",
    r"at [^\n]{1,300}:\d+\)?$",
    r"(?=\S*[./])\S{3,200}:\d{1,6}(?::\d{1,6})?:?$",  # a place in a file
    r"[^\n]{0,200}\b0x[0-9a-f]{9,16}\b",  # an address in memory
    r"\.\.\. \d+ (?:more|common frames)|(?:Caused by|Suppressed):(?: |$)",
    r'Traceback \(most recent|File "[^"\n]{1,300}", line \d|\^[~^]*+$|~+\^',
    r"During handling of the above|The above exception was the direct cause",
    r"(?:Unhandled exception\.? |Uncaught )?(?:[\w$]{1,60}[.:\\]{1,2}){0,12}[A-Z]\w{1,80}"
    r"(?:Exception|Error)(?:$|:| \()",
    r"(?:FATAL EXCEPTION|Exception in thread |[Uu]nhandled [Ee]xception|Uncaught )",
    r"(?:[Ss]tack ?trace|(?:=+ |\[)?(?:[Ss]tack )?[Bb]acktrace\]?):|--- End of |---> ",
    r"PHP (?:Fatal|Warning|Notice|Parse|Stack|Deprecated|\d)|(?:[Ff]atal|Parse) error: ",
    r"(?:Warning|Notice|Deprecated): [^\n]{1,300} on line \d",
    r"#\d{1,4} {1,8}(?:\{main\}|0x|\S{1,300}\(\d+\):|[\w:~<>*]{1,200} \(|<signal)|thrown in ",
    r"panic: |goroutine \d+ \[|created by [\w./*()]|exit status \d",
    r"\S{1,300}\.go:\d+|[\w./*()-]{1,200}\((?:0x|\.\.\.\))",
    r"thread '[^'\n]{1,60}' panicked|\d{1,4}: +(?:0x[0-9a-f]+ - )?[\w<>]{1,80}::",
    r"(?:from )?\S{1,300}\.(?:rb|erb):\d+:in ",
    r"(?:Program|Thread \d+\b[^\n]{0,80}) (?:received signal|[Cc]rashed)|Segmentation fault",
    r"\*{3} (?:Error in|STOP:|stack smashing) |\S{1,200}\([^()\n]{0,100}\) ?\[0x",
    r"0x[0-9a-f]{4,16}: ",
    r"[0-9a-f]{8,16}-[0-9a-f]{8,16} [r-][w-][x-]|(?:[a-z]{1,3}\d{0,2}=[0-9a-f]{8,16}[ ,]*){2}",
    r"(?:[0-9a-f`]{8,17} ){2,}[^\n]{0,80}!|[\w.]{1,60}![\w:]{1,200}(?:\+0x|$)",
    r"Arg\d: +[0-9a-f`]{4}|[A-Z][A-Z0-9]{1,30}_[A-Z0-9_]{2,60}(?: \([0-9a-f]{1,8}\)$|: |:$)",
    r"(?:Log Name|Source|Date|Event ID|Task Category|Level|Keywords|User|Computer|Description)"
    r":(?: {3}|$)",
    r"Faulting [a-z]|(?:Exception (?:[Cc]odes?|Type|Offset)|Fault [Oo]ffset|Report Id"
    r"|Fault Module \w{1,20}|Problem (?:signature|Event Name)|Fault bucket|Bug ?[Cc]heck \w{1,20})"
    r" {0,2}:",
    r"Msg \d+, Level \d+|[A-Z]{2,4}-\d{4,5}: |(?:DETAIL|HINT|STATEMENT|CONTEXT): ",
    r"HTTP/\d(?:\.\d)? \d{3}|(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S{1,500} HTTP/",
)
_DUMP_LINE = (
    r"(?:0x)?[0-9A-Fa-f]{4,16}[:h]?[ \t]{1,4}(?:[0-9A-Fa-f]{2,8}[ \t-]{1,3}){4}",
    r"(?:[0-9A-Fa-f]{2}[ :]){8}",
    r'"[^"\n]{1,200}"[ \t]*[:=]|[{\[]"|"[^"\n]{0,200}",?$|-?\d{1,20}(?:\.\d{1,20})?,$|@="',
    r"<[/?!]?[A-Za-z][^\n]{0,2000}>$",
    r"\[[\w .:/\\-]{1,200}\]$|Windows Registry Editor|Error: ",
    r"[^\n]{0,300}\{$|[A-Z]\w*(?:-[A-Z]\w*)+: ",
    r"(?:\(gdb\)|\$|>>>|(?:PS )?[A-Z]:\\[^\n>]{0,200}>) ?[a-z]",  # prompts
    r"[\w.-]{1,60}@[\w.-]{1,60}:[^\n$#]{0,80}[$#] ",
    r"(?:export |set )?[A-Za-z_][\w.\[\]-]{1,100}=",
    r"[a-z_][\w.\[\]-]{1,100}[ \t]{1,20}= ?[\w\"'\[{/$-]",
    r"[a-z]\w{0,60}(?:[_.-]|(?<=[a-z])[A-Z])[\w./-]{1,60}:(?: |$)|[a-z]\w{1,60}:$",
    r"(?<=[ \t][ \t])(?:- )?[a-z_][\w./-]{1,60}:(?: |$)",
    r"[A-Z][^\n:.]{1,50}\.?(?: \.)+[ .]{0,60}:|[A-Z][\w .()/-]{1,50}[ \t]{2,40}: ",
)
# All of the above need one of these, and plain prose has none: it is read in a tenth of the time.
_HINT = (
    r"[^\n\d:=({<>\"\[@$^!*#]*+(?:[\d:=({<>\"\[@$^!*#]|(?<=Exception)$|(?<=Error)$)"
    rf"|{_LEVEL}|npm|gyp|yarn|During h|The above e|Exception|[Uu]n(?:handled|caught)|Uncaught|---"
    r"|PHP |created by|thread '|Program|Segmentation|Faulting|Windows R"
    r"|[A-Z]++ \S++ HTTP/|[0-9A-Fa-f]{2,16}[h \t-]"
)
_WROTE, _DUMPED = "|".join(_LOG_LINE + _TRACE_LINE), "|".join(_DUMP_LINE)
_EVIDENCE = re.compile(
    rf"^[ \t]*+(?=[^\n]{{5}})(?={_HINT})(?:(?P<wrote>{_WROTE})|(?P<dumped>{_DUMPED}))", re.MULTILINE
)
_PLAIN_WORD = re.compile(
    r"(?<!\S)[(\"'*_\u201c]*[^\W\d_]+(?:['\u2019-][^\W\d_]+)*+[)\"'*_\u201d.,;:!?]*(?!\S)"
)
_INDENTED = re.compile(r" {2}|\t")
_SETTING = re.compile(r"[#;]|(?:- )?[a-z]\w{1,60}: \S+$")
_SENTENCE = re.compile(r"[A-Z].*[.!?:]|(?:\S+\s+){8}.*")
_MAX_GAP_LINES, _MAX_GAP = 8, 2_000
_MAX_GROWTH_LINES = 3


def is_log_line(line: str) -> bool:
    """Whether one line by itself reads like a line of a log or a stack trace."""
    evidence = _EVIDENCE.match(line)
    return evidence is not None and evidence["wrote"] is not None


def log_blocks(text: str) -> tuple[tuple[int, int], ...]:
    """
    Find the runs of whole lines that a machine wrote, in time linear in the text.

    Two lines of a log or a trace make a block, or three of a dump: hex, JSON,
    XML, settings. Lines between and beside them belong to it if they are blank
    or indented (source code, wrapped messages), or less than half of them is
    plain words. What people write line by line is none: lists, steps, tables,
    addresses, forms, chats, agendas.

    Args:
        text: Plain text with `\\n` line ends.

    Returns:
        Half-open character offsets, ascending; each run starts at the start of
        a line and ends at the end of one, before its line end.
    """
    return tuple(_blocks(text))


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    start = end = -1
    n_wrote, was_wrote = 0, False
    for evidence in _EVIDENCE.finditer(text):
        is_wrote = evidence["wrote"] is not None
        is_joined = end >= 0 and _is_joined(
            text, end, evidence.start(), n_odd_lines=int(was_wrote and is_wrote)
        )
        if not is_joined:
            if end >= 0:
                yield from _grown(text, start, end, n_wrote)
            start, n_wrote = evidence.start(), 0
        line_end = text.find("\n", evidence.end())
        end = len(text) if line_end < 0 else line_end
        n_wrote, was_wrote = n_wrote + is_wrote, is_wrote
    if end >= 0:
        yield from _grown(text, start, end, n_wrote)


def _is_joined(text: str, end: int, start: int, *, n_odd_lines: int) -> bool:
    """Whether two lines of machines belong together: at most `n_odd_lines` read like words."""
    if start - end > _MAX_GAP:
        return False
    lines = text[end + 1 : start].split("\n")[:-1]
    prose = [line for line in lines if _is_prose(line)]
    is_told = any(_SENTENCE.fullmatch(line) for line in prose)
    return len(lines) <= _MAX_GAP_LINES and len(prose) <= n_odd_lines and not is_told


def _is_prose(line: str) -> bool:
    """Whether half of a line is plain words; more of them if it is indented, as source is."""
    n_words, n_plain = len(line.split()), len(_PLAIN_WORD.findall(line))
    if _INDENTED.match(line):
        return n_plain > 5 and n_plain >= 0.8 * n_words
    return n_plain >= 0.5 * n_words > 0 and not _SETTING.match(line)


def _grown(text: str, start: int, end: int, n_wrote: int) -> Iterator[tuple[int, int]]:
    """The block with the lines that touch it and are no prose; nothing if it is too short."""
    for _ in range(_MAX_GROWTH_LINES):
        line_start = text.rfind("\n", 0, max(start - 1, 0)) + 1
        if not start or not _is_touching(text[line_start : start - 1]):
            break
        start = line_start
    for _ in range(_MAX_GROWTH_LINES):
        line_end = text.find("\n", end + 1)
        line_end = len(text) if line_end < 0 else line_end
        if not _is_touching(text[end + 1 : line_end]):
            break
        end = line_end
    n_lines = sum(1 for line in text[start:end].split("\n") if line.strip())
    if n_wrote > 1 or n_lines > 2:
        yield start, end


def _is_touching(line: str) -> bool:
    return bool(line.strip()) and not _is_prose(line)
