from openbook.evals.metrics import Cost, cost


def test_cost_is_the_sum_and_the_mean_of_a_question():
    # 100 + 300 + 0 + 0 = 400; 400 / 4 = 100.
    assert cost([100, 300, 0, 0]) == Cost(400.0, 100.0, 4)
