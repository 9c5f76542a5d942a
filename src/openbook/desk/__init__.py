"""The facade and the only builder of parts."""

from openbook.desk.desk import Desk, find_folder

__all__ = ["Desk", "find_folder"]
