"""Finds the loud inputs of the encoder's products: the few that reach far beyond all others.

Which they are is a trait of the weights and shows with almost any text, so a handful of short
ones is enough. Runs the float32 graph once over them. Knows no tokeniser.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from openbook.models.graph import Array, GraphBuilder
from openbook.models.session import open_session
from openbook.models.weights import BertShape

SAMPLES = (
    "How can I change the delivery date of my order?",
    "",
    "ok!",
    "Orders above 50.00 are delivered free of charge. Below that amount delivery costs 4.95 and takes two "
    "to four working days; the courier sends a message with the hour.",
    "| Part | Price |\n|---|---|\n| Pump | 12.50 |",
    "for name in names: print(name)",
    "Bitte schicken Sie mir die Rechnung noch einmal.",
    "订单什么时候到？",
    "\N{SLIGHTLY SMILING FACE} great, thank you!!!",
    "1 2 3, 45.6 % - (7/8)",
)
"""Texts to listen to: prose, a table, code, other languages, next to nothing."""

_LOUD = 4
_QUIET_PRODUCT = "attention.output.dense"


def find_loud_inputs(weights: Mapping[str, Array], shape: BertShape, samples: Iterable[Array]) -> dict[str, Array]:
    """The loudest inputs of each product, in ascending order, by the product's name.

    Products of the attention's output have none: their inputs are all alike.

    Args:
        weights: The model's tensors by their published names.
        shape: The network's dimensions.
        samples: Word pieces of some texts, each of shape `(1, pieces)`.

    Raises:
        KeyError: The weights lack a tensor.
    """
    plan = GraphBuilder(weights, shape, precision="fp32")
    plan.build()
    products = {name: x for name, x in plan.products.items() if not name.endswith(_QUIET_PRODUCT)}
    inputs = list(products.values())
    model = GraphBuilder(weights, shape, precision="fp32").build(also=inputs)
    session = open_session(model.SerializeToString())
    loudness = {name: np.zeros(1, np.float32) for name in inputs}
    for ids in samples:
        for name, values in zip(inputs, session.run(inputs, {"ids": ids}), strict=True):
            loudness[name] = np.maximum(loudness[name], np.abs(values[0]).max(axis=0))
    return {product: np.sort(np.argsort(loudness[x])[-_LOUD:]) for product, x in products.items()}
