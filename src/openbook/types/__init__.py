"""The nouns that cross floors: frozen values, no behaviour beyond their own arithmetic.

Offsets count code points of a version's source text; times are UTC; money is in micro-units
(millionths of a dollar); a score is an uncalibrated rank value, higher is better; a confidence
is a probability in [0, 1]. This module knows no storage, no model and no floor above it.
"""

from openbook.types.answer import Answer, Citation, Claim, Decision, Handoff, Support, Tokens
from openbook.types.behaviour import USUAL_BEHAVIOUR, Behaviour, Ruling, Signals
from openbook.types.calibration import Calibration, ConfidenceModel, Review
from openbook.types.conversation import Author, Conversation, Message
from openbook.types.document import (
    NOT_SERVED,
    UNSAID,
    USUAL,
    Block,
    BlockKind,
    BrokenPart,
    Chunk,
    Document,
    Extract,
    Metadata,
    Part,
    Sentence,
    Source,
    SourceOptions,
    Span,
    Version,
)
from openbook.types.handoff import (
    HandoffDetail,
    HandoffEvent,
    HandoffState,
    HandoffStep,
    Packet,
    SuggestedReply,
    TriedSource,
)
from openbook.types.health import Check, Health, SettingView
from openbook.types.preview import Compared, Dispute, Preview, Stale, Statement
from openbook.types.record import INTERNAL, MAIN_TENANT, PUBLIC, Record, to_plain, utc_now
from openbook.types.rehearsal import Rehearsal
from openbook.types.search import Hit, Query, SearchResult
from openbook.types.sync import DeletionReceipt, FileOutcome, Outcome, Progress, ProgressListener, SyncReport
from openbook.types.ticket import Ticket, TicketCount, TicketMessage
from openbook.types.turn import AskRequest, Event, Receipt, Replay, SearchReplay

__all__ = [
    "INTERNAL",
    "MAIN_TENANT",
    "NOT_SERVED",
    "PUBLIC",
    "UNSAID",
    "USUAL",
    "USUAL_BEHAVIOUR",
    "Answer",
    "AskRequest",
    "Author",
    "Behaviour",
    "Block",
    "BlockKind",
    "BrokenPart",
    "Calibration",
    "Check",
    "Chunk",
    "Citation",
    "Claim",
    "Compared",
    "ConfidenceModel",
    "Conversation",
    "Decision",
    "DeletionReceipt",
    "Dispute",
    "Document",
    "Event",
    "Extract",
    "FileOutcome",
    "Handoff",
    "HandoffDetail",
    "HandoffEvent",
    "HandoffState",
    "HandoffStep",
    "Health",
    "Hit",
    "Message",
    "Metadata",
    "Outcome",
    "Packet",
    "Part",
    "Preview",
    "Progress",
    "ProgressListener",
    "Query",
    "Receipt",
    "Record",
    "Rehearsal",
    "Replay",
    "Review",
    "Ruling",
    "SearchReplay",
    "SearchResult",
    "Sentence",
    "SettingView",
    "Signals",
    "Source",
    "SourceOptions",
    "Span",
    "Stale",
    "Statement",
    "SuggestedReply",
    "Support",
    "SyncReport",
    "Ticket",
    "TicketCount",
    "TicketMessage",
    "Tokens",
    "TriedSource",
    "Version",
    "to_plain",
    "utc_now",
]
