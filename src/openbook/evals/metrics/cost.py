"""Cost: what the answers cost together, and one of them on average.

    mean = sum / questions, in micro USD (millionths of a dollar)

As counted at the model's price list while answering; nothing else of what a desk costs is known here.
"""

from dataclasses import dataclass

from openbook.evals.metrics.inputs import Numbers, amounts
from openbook.evals.metrics.mean import mean
from openbook.types import Record


@dataclass(frozen=True, slots=True)
class Cost(Record):
    """Money in micro USD, and for how many questions."""

    total_micro_usd: float
    mean_micro_usd: float
    cases: int


def cost(micro_usd: Numbers) -> Cost:
    """Sum and mean of what each question cost; 0 and not a number without questions.

    Raises:
        UserError: A cost is negative or no finite number.
    """
    spent = amounts(micro_usd, "cost in micro USD")
    return Cost(float(spent.sum()), mean(spent), len(spent))
