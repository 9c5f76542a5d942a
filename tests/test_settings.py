import tomllib

import pytest

from openbook.errors import SettingsError
from openbook.settings import FILE_NAME, Settings, describe, file_template, load_settings, setting_names

EVERY = list(setting_names())


def load(folder, *, file="", environment=None, arguments=None):
    if file:
        (folder / FILE_NAME).write_text(file, "utf-8")
    return load_settings(folder, environment=environment or {}, arguments=arguments)


def test_without_a_file_every_setting_has_its_default(tmp_path):
    loaded = load(tmp_path)
    assert loaded.values == Settings()
    assert {view.origin for view in loaded.views()} == {"default"}
    assert [view.name for view in loaded.views()] == EVERY


def test_arguments_win_over_the_environment_and_the_environment_over_the_file(tmp_path):
    file = "threshold = 0.1\nlocales = ['de']\n[search]\nlimit = 3\n"
    environment = {"OPENBOOK_THRESHOLD": "0.2", "OPENBOOK_SEARCH__LIMIT": "4", "UNRELATED": "1"}
    loaded = load(tmp_path, file=file, environment=environment, arguments={"search.limit": 5})
    assert (loaded.values.locales, loaded.values.threshold, loaded.values.search.limit) == (("de",), 0.2, 5)
    origins = {view.name: view.origin for view in loaded.views()}
    assert origins["locales"] == str(tmp_path / FILE_NAME)
    assert origins["threshold"] == "variable OPENBOOK_THRESHOLD"
    assert origins["search.limit"] == "argument"
    assert origins["server.port"] == "default"


def test_the_process_s_own_variables_are_read_by_default(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENBOOK_SERVER__PORT", "9090")
    assert load_settings(tmp_path).values.server.port == 9090


def test_several_languages_in_a_variable_are_parted_by_commas(tmp_path):
    assert load(tmp_path, environment={"OPENBOOK_LOCALES": "en, de,fr"}).values.locales == ("en", "de", "fr")


def test_variables_that_name_folders_are_no_settings(tmp_path):
    assert load(tmp_path, environment={"OPENBOOK_DESK": "here", "OPENBOOK_DATA": "there"}).values == Settings()


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("treshold", "threshold"), ("search.limits", "search.limit"), ("encoder.thread", "encoder.threads")],
)
def test_an_unknown_setting_is_refused_with_the_nearest_name(tmp_path, wrong, near):
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, arguments={wrong: 1})
    assert caught.value.message == f"There is no setting {wrong!r} (from argument)."
    assert caught.value.fix == f"Did you mean `{near}`? `openbook doctor` lists every setting."


def test_an_unknown_setting_that_resembles_none_is_to_be_removed(tmp_path):
    with pytest.raises(SettingsError, match=r"'zzz' \(from variable OPENBOOK_ZZZ\)(.|\n)*Fix: Remove it"):
        load(tmp_path, environment={"OPENBOOK_ZZZ": "1"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("threshold", "high"),
        ("threshold", 1.5),
        ("search.limit", 0),
        ("server.port", 70_000),
        ("encoder.precision", "int4"),
        ("encoder.threads", -1),
        ("writer", "poet"),
        ("locales", 7),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_its_origin_and_what_the_setting_is(tmp_path, name, value):
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, arguments={name: value})
    assert caught.value.message.startswith(f"The setting {name} cannot be {value!r} (from argument): ")
    assert describe(name) in caught.value.fix


def test_a_wrong_item_of_a_list_is_refused_with_the_setting_s_origin(tmp_path):
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, file='locales = ["en", 7]\n')
    assert caught.value.message.startswith(f"The setting locales cannot be 7 (from {tmp_path / FILE_NAME}): ")
    assert describe("locales") in caught.value.fix


@pytest.mark.parametrize(("file", "name"), [("search = 3\n", "search"), ("[threshold]\nhigh = 1\n", "threshold.high")])
def test_a_section_and_a_setting_that_are_mistaken_for_each_other_are_unknown(tmp_path, file, name):
    with pytest.raises(SettingsError, match=f"There is no setting '{name}'"):
        load(tmp_path, file=file)


def test_an_empty_section_sets_nothing(tmp_path):
    assert load(tmp_path, file="[search]\n").values == Settings()


@pytest.mark.parametrize("file", [b"threshold = \n", b"threshold = 0.1\nthreshold = 0.2\n", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_named_with_its_fault(tmp_path, file):
    (tmp_path / FILE_NAME).write_bytes(file)
    with pytest.raises(SettingsError, match=r"The settings file .*openbook\.toml cannot be read: "):
        load(tmp_path)


def test_a_folder_in_place_of_the_file_is_named_too(tmp_path):
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path)


def test_the_template_is_toml_that_sets_nothing(tmp_path):
    assert load(tmp_path, file=file_template()).origins == {}


def test_the_template_without_its_marks_is_every_default(tmp_path):
    lines = file_template().splitlines()
    uncommented = [line.removeprefix("# ") for line in lines if " = " in line or line.startswith("[")]
    loaded = load(tmp_path, file="\n".join(uncommented))
    assert loaded.values == Settings()
    assert sorted(loaded.origins) == sorted(EVERY)
    assert tomllib.loads("\n".join(uncommented))


@pytest.mark.parametrize("name", EVERY)
def test_every_setting_is_described_by_a_sentence(name):
    assert describe(name).endswith(".")
    assert describe(name) in file_template()


def test_settings_cannot_be_changed_once_read():
    with pytest.raises(ValueError, match="frozen"):
        Settings().threshold = 0.9
