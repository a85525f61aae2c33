"""The knowledge base of one helpdesk: what an application opens."""

from kbsearch.desk.knowledge_base import KnowledgeBase

__all__ = ["KnowledgeBase"]
