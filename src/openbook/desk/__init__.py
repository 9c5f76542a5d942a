"""The facade and the only builder of parts."""

from openbook.desk.desk import DATA_FOLDER, Desk, find_folder

__all__ = ["DATA_FOLDER", "Desk", "find_folder"]
