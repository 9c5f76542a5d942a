"""Everything with weights, behind small Protocols."""

from openbook.models.embedder import Embedder, HashEmbedder

__all__ = ["Embedder", "HashEmbedder"]
