import copy
import pickle

import pytest

from openbook import errors
from openbook.errors import ERRORS, OpenbookError, SystemFault, UserError

EVERY = sorted(ERRORS.values(), key=lambda kind: kind.__name__)


def test_the_register_names_every_class_of_the_tree():
    defined = {name for name, kind in vars(errors).items() if isinstance(kind, type)}
    assert set(ERRORS) == defined
    assert all(issubclass(kind, OpenbookError) for kind in EVERY)


@pytest.mark.parametrize("kind", EVERY)
def test_an_error_says_what_happened_and_what_mends_it(kind):
    error = kind("The shelf 'A7' is empty.", fix="Fill it.")
    assert str(error) == "The shelf 'A7' is empty.\nFix: Fill it."
    assert (error.message, error.fix) == ("The shelf 'A7' is empty.", "Fill it.")


@pytest.mark.parametrize("kind", EVERY)
def test_an_error_without_a_mend_cannot_be_made(kind):
    with pytest.raises(TypeError, match="fix"):
        kind("The shelf 'A7' is empty.")


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("again", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy])
def test_an_error_survives_being_pickled_and_copied(kind, again):
    error = again(kind("What.", fix="How."))
    assert type(error) is kind
    assert (error.message, error.fix) == ("What.", "How.")


@pytest.mark.parametrize("kind", EVERY)
def test_a_code_and_both_statuses_say_whose_mistake_it_was(kind):
    assert kind.code == kind.code.lower().replace(" ", "_") != ""
    users = issubclass(kind, UserError)
    assert users == (400 <= kind.status < 500)
    assert kind.exit_code == (2 if users else 1)


def test_no_two_errors_share_a_code():
    assert len({kind.code for kind in EVERY}) == len(EVERY)


def test_every_error_is_the_user_s_or_ours():
    assert all(issubclass(kind, UserError | SystemFault) for kind in EVERY if kind is not OpenbookError)
