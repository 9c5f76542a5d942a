"""API descriptions: operations, parameters, answers, keys."""
