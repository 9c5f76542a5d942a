"""What happens between a customer, the bot and an operator: the turn and its replay."""

from openbook.conversation.replay import fetch_receipt, replay
from openbook.conversation.turn import TurnParts, forget, run_turn

__all__ = ["TurnParts", "fetch_receipt", "forget", "replay", "run_turn"]
