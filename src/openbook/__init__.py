"""Openbook."""
