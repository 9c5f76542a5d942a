"""What happens between a customer, the bot and an operator: the turn, its rehearsal and its replay."""

from openbook.conversation.calibrations import Calibrations
from openbook.conversation.rehearsal import rehearse
from openbook.conversation.replay import fetch_receipt, replay
from openbook.conversation.turn import TurnParts, forget, run_turn, settings_under

__all__ = ["Calibrations", "TurnParts", "fetch_receipt", "forget", "rehearse", "replay", "run_turn", "settings_under"]
