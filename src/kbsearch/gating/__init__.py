"""Keeping new indexes that answer worse from going live."""

from kbsearch.gating.gate import Gate, GateRefusedError
from kbsearch.gating.rebuild import Desk, GatedRebuild

__all__ = ["Desk", "Gate", "GateRefusedError", "GatedRebuild"]
