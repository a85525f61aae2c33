"""HTML rewritten so that a parser reads it in linear time, whatever stands in it."""

from __future__ import annotations

import re

MAX_NESTING = 256
"""Tags nested deeper than in any real page are dropped; the text in them is kept."""

MAX_TAGS = 150_000
"""A page of a megabyte has a fifth of them; further ones are blanks, and the text is kept."""

PREFIX = "x-"
"""Stands before the name of every tag that HTML5 gives no place on the page."""

_BLOCKS = frozenset(
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup li main menu nav ol p pre section summary "
    "table ul".split()
)
_ROWS = frozenset("caption tbody td tfoot th thead tr".split())
_STRUCTURE = _BLOCKS | _ROWS | {"option", "optgroup"}
_EMPTY = frozenset({"br", "hr", "img"})
_DROPPED = frozenset(
    "area base basefont bgsound body col colgroup embed frame frameset head html input keygen link "
    "meta param source track wbr".split()
)
_HIDES_RAW_TEXT = frozenset("iframe noembed noframes script style title".split())
_SHOWS_RAW_TEXT = frozenset({"plaintext", "textarea", "xmp"})
_READ_AS = {"listing": "pre", "plaintext": "pre", "xmp": "pre"}
_DRAWINGS = ("svg", "math")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

_CELL_SCOPE = ("table", "td", "th", "caption")
_LIST_SCOPE = ("ul", "ol", "menu", "dir", "dl", *_CELL_SCOPE)
_PAGE_SCOPE = ("foreignobject", "desc", "annotation-xml")
_TR_ENDS = ("tr", "td", "th", "caption")
_IMPLIED_ENDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    **dict.fromkeys(_BLOCKS, (("p", *_DRAWINGS), (*_CELL_SCOPE, *_PAGE_SCOPE))),
    **dict.fromkeys(_EMPTY, (_DRAWINGS, _PAGE_SCOPE)),
    "li": (("li", *_DRAWINGS), (*_LIST_SCOPE, *_PAGE_SCOPE)),
    "dt": (("dt", "dd", *_DRAWINGS), (*_LIST_SCOPE, *_PAGE_SCOPE)),
    "dd": (("dt", "dd", *_DRAWINGS), (*_LIST_SCOPE, *_PAGE_SCOPE)),
    "td": (("td", "th", "caption"), ("table",)),
    "th": (("td", "th", "caption"), ("table",)),
    "tr": (_TR_ENDS, ("table",)),
    **dict.fromkeys(
        ("tbody", "thead", "tfoot", "caption"), (("tbody", "thead", "tfoot", *_TR_ENDS), ("table",))
    ),
    "option": (("option",), ("select",)),
    "optgroup": (("option", "optgroup"), ("select",)),
}
"""What a start tag ends although nobody wrote the end tag, and what it cannot reach beyond."""

_KEPT_ATTRIBUTES = frozenset("alt class href id name start style type".split())
_BLANK = r" \t\n\r\f"
_ATTRIBUTE = (  # possessive throughout: linear
    rf"[^{_BLANK}/>][^{_BLANK}/>=]*+(?:[{_BLANK}]*+=[{_BLANK}]*+"
    rf"(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^{_BLANK}\"'>][^{_BLANK}>]*+)?+)?+"
)
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_ATTRIBUTE_NAME = re.compile(rf"[^{_BLANK}=]++")
_MARKUP = re.compile(
    r"<(?:!--(?:-?>|.*?(?:--!?>|\Z))"  # a comment
    r"|(?:[!?]|/[^A-Za-z])[^>]*+(?:>|\Z)"  # what HTML5 reads as a comment
    rf"|(/?)([A-Za-z][^{_BLANK}/>]*+)((?:[{_BLANK}/]++|{_ATTRIBUTE})*+)(>|\Z))",
    re.DOTALL,
)


def simple_markup(markup: str) -> str:
    """
    Rewrite HTML as tags that are well nested, at most `MAX_NESTING` deep, with few attributes.

    A parser builds the same page from it, but is spared what costs it quadratic
    time: thousands of attributes, open tags that are repeated in every later
    paragraph, depth. What a reader never sees (comments, scripts, styles) is
    dropped; raw text is escaped. Linear in the length of `markup`.

    Args:
        markup: HTML as it arrived.

    Returns:
        HTML; tags without a place on the page carry `PREFIX` in their names.

    Source:
        WHATWG HTML, 13.2.5 Tokenization and 13.2.6 Tree construction.
    """
    open_tags = _OpenTags()
    parts: list[str] = []
    position = n_tags = 0
    while token := _MARKUP.search(markup, position):
        parts.append(markup[position : token.start()])
        position = token.end()
        slash, name, attributes, end = token.groups()
        if not name or not end:  # a comment, or a tag that never ends
            continue
        name = name.lower()
        n_tags += 1
        if n_tags > MAX_TAGS and name not in _HIDES_RAW_TEXT | _SHOWS_RAW_TEXT:
            parts.append(open_tags.end_all() or " ")
            continue
        if slash:
            parts.append(open_tags.end(_READ_AS.get(name, name)))
            continue
        if name in _HIDES_RAW_TEXT and not open_tags.is_in_drawing():
            position = _end_of_raw_text(markup, position, name)
            continue
        parts.append(open_tags.start(_READ_AS.get(name, name), attributes))
        if name in _SHOWS_RAW_TEXT:
            start, position = position, _end_of_raw_text(markup, position, name)
            parts.append(_escaped(markup[start:position], name))
    parts.append(markup[position:])
    return "".join(parts)


class _OpenTags:
    """Which tags are open, outermost first, and how deep the innermost of each name is."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._next_outer: list[int] = []  # for each, the depth of the next of its name outwards
        self._innermost: dict[str, int] = {}
        self._structure_depths = [-1]

    def is_in_drawing(self) -> bool:
        """Whether names have the meaning that SVG and MathML give them."""
        return self._depth_of(_DRAWINGS) >= 0

    def start(self, name: str, attributes: str) -> str:
        """The start tag as it is kept, after the end tags that it implies."""
        if name in _DROPPED or (name in _ROWS and self._depth_of(("table",)) < 0):
            return ""
        if attributes.endswith("/") and (name in _DRAWINGS or self.is_in_drawing()):
            return ""
        ends = self._implied_ends(name) if name in _IMPLIED_ENDS else ""
        if name in _EMPTY:
            return f"{ends}<{name}{_kept(attributes)}>"
        if len(self._names) == MAX_NESTING:
            return ends
        self._push(name)
        prefix = "" if name in _STRUCTURE else PREFIX
        return f"{ends}<{prefix}{name}{_kept(attributes)}>"

    def end(self, name: str) -> str:
        """The end tags down to the one that is meant; nothing if it is out of reach."""
        if name == "br":
            return "<br>"
        depth = self._depth_of(_HEADINGS if name in _HEADINGS else (name,))
        if depth >= 0 and depth > self._limit_of_end(name):
            return self._pop_down_to(depth)
        return "<p></p>" if name == "p" else ""

    def end_all(self) -> str:
        """The end tags of all that is open."""
        return self._pop_down_to(0)

    def _implied_ends(self, name: str) -> str:
        ended, scope = _IMPLIED_ENDS[name]
        depth = self._depth_of(ended)
        if depth < 0:
            return ""
        limit = self._depth_of(scope)
        ends = ""
        while depth > limit:
            ends += self._pop_down_to(depth)
            depth = self._depth_of(ended)
        return ends

    def _limit_of_end(self, name: str) -> int:
        if name not in _STRUCTURE:
            return self._structure_depths[-1]
        if name == "table":
            return -1
        if name in _ROWS:
            return self._depth_of(("table",))
        return self._depth_of(_LIST_SCOPE if name == "li" else _CELL_SCOPE)

    def _depth_of(self, names: tuple[str, ...]) -> int:
        """The depth of the innermost open tag with one of these names; -1 if none is open."""
        innermost = self._innermost
        deepest = -1
        for name in names:
            if name in innermost and innermost[name] > deepest:
                deepest = innermost[name]
        return deepest

    def _push(self, name: str) -> None:
        depth = len(self._names)
        self._names.append(name)
        self._next_outer.append(self._innermost.get(name, -1))
        self._innermost[name] = depth
        if name in _STRUCTURE:
            self._structure_depths.append(depth)

    def _pop_down_to(self, depth: int) -> str:
        ends = ""
        while len(self._names) > depth:
            name = self._names.pop()
            outer = self._next_outer.pop()
            if outer >= 0:
                self._innermost[name] = outer
            else:
                del self._innermost[name]
            if name in _STRUCTURE:
                self._structure_depths.pop()
                ends += f"</{name}>"
            else:
                ends += f"</{PREFIX}{name}>"
        return ends


def _kept(attributes: str) -> str:
    if not attributes:
        return ""
    kept: dict[str, str] = {}
    for attribute in _ATTRIBUTES.findall(attributes):
        written = _ATTRIBUTE_NAME.match(attribute)
        name = written[0].lower() if written else ""
        if name in _KEPT_ATTRIBUTES:
            kept.setdefault(name, f" {attribute}")
    return "".join(kept.values())


def _end_of_raw_text(markup: str, position: int, name: str) -> int:
    if name == "plaintext":
        return len(markup)
    end = re.compile(rf"</{name}(?=[{_BLANK}/>])", re.IGNORECASE).search(markup, position)
    return end.start() if end else len(markup)


def _escaped(raw_text: str, name: str) -> str:
    if name != "textarea":  # the only one of them in which character references count
        raw_text = raw_text.replace("&", "&amp;")
    return raw_text.replace("<", "&lt;")
