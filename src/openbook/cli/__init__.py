"""Turns a command line into calls on `Desk`, and results into text or JSON."""

from openbook.cli.commands import main

__all__ = ["main"]
