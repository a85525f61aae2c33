"""Stories and worlds at random, and a few that are written out."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.wall.walls import Secret, Seen
from tests.wall.worlds import Step, World

_words = st.sampled_from(
    "vpn drops after sleep printer root password kettle44 gateway lid 0x80070005 KEY-44".split()
)
texts = st.lists(_words, min_size=1, max_size=8).map(" ".join)
_varieties = st.integers(0, 11)
_steps = st.builds(
    Step,
    st.sampled_from(["put", "put", "put", "withdraw", "conceal", "delete", "forget", "rebuild"]),
    st.builds(Seen, st.integers(0, 3), texts, _varieties),
)
stories = st.lists(_steps, max_size=5)
worlds = st.lists(st.builds(Secret, texts, _varieties), max_size=4).map(
    lambda secrets: World(tuple(secrets))
)

STORY = [
    Step("put", Seen(0, "vpn drops after sleep", 0)),
    Step("rebuild"),
    Step("put", Seen(1, "printer is jammed again, 0x80070005", 1)),
    Step("conceal", Seen(0, "")),
    Step("put", Seen(2, "vpn printer password", 4)),
    Step("rebuild"),
    Step("put", Seen(3, "gateway of the printer", 3)),
]
WORLD = World(
    (Secret("root password of the vpn gateway, 0x80070005", 1), Secret("printer of the board", 6))
)
OTHER_WORLD = World((Secret("vpn vpn vpn after sleep", 2),))
NO_SECRETS = World()
