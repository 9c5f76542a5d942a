"""Turns a question and hits into an answer: draft, citations, confidence, decision."""

from openbook.answer.draft import Draft, draft
from openbook.answer.proposal import Proposal, propose

__all__ = ["Draft", "Proposal", "draft", "propose"]
