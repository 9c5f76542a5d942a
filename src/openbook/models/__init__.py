"""Everything with weights, behind small Protocols."""

from openbook.models.embedder import Embedder, HashEmbedder
from openbook.models.passage import Passage, PassageVectors

__all__ = ["Embedder", "HashEmbedder", "Passage", "PassageVectors"]
