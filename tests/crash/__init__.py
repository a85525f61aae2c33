"""Disks that lose power, fail, fill up; processes that are killed: what is left then."""
