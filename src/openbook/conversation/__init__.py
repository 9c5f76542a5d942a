"""What happens between a customer, the bot and an operator: turns, their replay, hand-offs."""

from openbook.conversation.bulletin import Bulletin, Notice
from openbook.conversation.calibrations import Calibrations
from openbook.conversation.handoff import Handoffs
from openbook.conversation.handoff_rules import HandoffRules
from openbook.conversation.rehearsal import rehearse
from openbook.conversation.replay import fetch_receipt, replay
from openbook.conversation.rescue import answered_or_rescued
from openbook.conversation.turn import TurnParts, forget, run_turn, settings_under

__all__ = [
    "Bulletin",
    "Calibrations",
    "HandoffRules",
    "Handoffs",
    "Notice",
    "TurnParts",
    "answered_or_rescued",
    "fetch_receipt",
    "forget",
    "rehearse",
    "replay",
    "run_turn",
    "settings_under",
]
