"""The facade and the only builder of parts."""

from openbook.desk.desk import DATA_FOLDER, Desk, find_folder
from openbook.desk.previewing import QUESTIONS

__all__ = ["DATA_FOLDER", "QUESTIONS", "Desk", "find_folder"]
