"""Everything persistent: SQL tables and the vector index."""

from openbook.stores.database import Database, open_engine
from openbook.stores.edge_index import EdgeIndex
from openbook.stores.folder import Folder
from openbook.stores.index import VectorIndex
from openbook.stores.memory_index import MemoryIndex

__all__ = ["Database", "EdgeIndex", "Folder", "MemoryIndex", "VectorIndex", "open_engine"]
