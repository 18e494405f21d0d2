"""The table of predictions: original units, both parts, the class of the largest output."""

import csv
import io

import numpy as np
import pandas as pd
import pytest

from ann_dashboard import Dataset, Network, Training, train
from ann_dashboard.analysis.prediction_table import csv_text, defused, predicted
from ann_dashboard.data.columns import Column

IMPEDANCE = Column("impedance", least=2.0, most=6.0, scale=(-1.0, 1.0))
POROSITY = Column("porosity", least=0.1, most=0.3, scale=(0.0, 1.0))


@pytest.fixture(scope="module")
def history():
    test = Dataset(x=[[0.25]], y=[[0.5]], predictors=[IMPEDANCE], responses=[POROSITY])
    data = Dataset(
        x=[[-1.0], [0.0], [1.0]],
        y=[[1.0], [0.5], [0.0]],
        predictors=[IMPEDANCE],
        responses=[POROSITY],
        test=test,
    )
    return train(Network((1, 2, 1)), data, Training(epochs=20))


def test_all_samples_stand_in_original_units_with_their_part(history):
    table = predicted(history, 0)
    assert list(table) == ["part", "impedance", "porosity", "predicted porosity"]
    assert list(table["part"]) == ["train", "train", "train", "test"]
    np.testing.assert_allclose(table["impedance"], [2.0, 4.0, 6.0, 4.5])
    np.testing.assert_allclose(table["porosity"], [0.3, 0.2, 0.1, 0.2])


@pytest.mark.parametrize("epoch", [0, 7, 20])
def test_a_prediction_is_the_output_of_its_pass_transformed_back(history, epoch):
    outputs = [history.at(epoch, sample)["O4"] for sample in range(3)]
    np.testing.assert_allclose(
        predicted(history, epoch)["predicted porosity"][:3], 0.1 + 0.2 * np.array(outputs), rtol=1e-12
    )


def test_the_predicted_class_is_that_of_the_largest_output():
    data = Dataset(x=[[0.0], [1.0]], y=[[1.0, 0.0], [0.0, 1.0]], classes=["sand", "shale"])
    start = {"lambda_1_2": -10.0, "lambda_1_3": 10.0, "b_2": 5.0, "b_3": -5.0}
    history = train(
        Network((1, 2), output="softmax"), data, Training(loss="cross_entropy", epochs=1, start=start)
    )
    assert list(predicted(history, 0)["predicted class"]) == ["sand", "shale"]


def test_an_epoch_that_is_not_recorded_is_named(history):
    with pytest.raises(LookupError, match="epoch 21 is not recorded"):
        predicted(history, 21)


def test_names_that_are_taken_already_get_a_number():
    data = Dataset(x=[[0.0, 1.0]], y=[[1.0]], predictors=["part", "a"], responses=["a"])
    table = predicted(train(Network((2, 1)), data, Training(epochs=1)), 0)
    assert list(table) == ["part", "part (2)", "a", "a (2)", "predicted a"]
    assert (table["part"][0], table["part (2)"][0], table["a (2)"][0]) == ("train", 0.0, 1.0)


def test_a_prediction_that_is_no_number_is_no_class():
    data = Dataset(x=[[1e200], [1.0]], y=[[1.0, 0.0], [0.0, 1.0]], classes=["sand", "shale"])
    history = train(
        Network((1, 2), output="softmax"), data, Training(loss="cross_entropy", eta=1e200, epochs=3)
    )
    assert set(predicted(history, 3)["predicted class"]) == {""}


@pytest.mark.parametrize(
    ("output", "loss", "told"),
    [("softmax", "cross_entropy", True), ("identity", "half_squared_error", False)],
)
def test_one_hot_truths_have_a_predicted_class_where_the_outputs_are_classes(
    output: str, loss: str, told: bool
):
    data = Dataset(x=[[0.0], [1.0]], y=[[1.0, 0.0], [0.0, 1.0]], responses=["no", "yes"])
    start = {"lambda_1_2": -10.0, "lambda_1_3": 10.0, "b_2": 5.0, "b_3": -5.0}
    table = predicted(
        train(Network((1, 2), output=output), data, Training(loss=loss, epochs=1, start=start)), 0
    )
    assert list(table.get("predicted class", [])) == (["no", "yes"] if told else [])


@pytest.mark.parametrize(
    "text",
    [
        "=1+2",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+2",
        "-",
        "+",
        "=",
        "-1e5x",
        '=HYPERLINK("http://a","b")',
    ],
)
def test_a_text_that_a_spreadsheet_would_calculate_gets_an_apostrophe(text):
    """OWASP, "CSV Injection"."""
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["-0.5", "+1", "-1e-05", "-.5", "1.", "", "sand", "a=b", "1-2", "'=1", "−3", " =1"]
)
def test_a_number_and_a_plain_text_stay_as_they_are(text):
    assert defused(text) == text


def test_names_and_classes_of_the_csv_are_defused_and_numbers_are_read_back():
    data = Dataset(
        x=[[-0.5], [1.0]],
        y=[[1.0, 0.0], [0.0, 1.0]],
        classes=["=1+1", "-1"],
        predictors=["@depth"],
        responses=["-sand", "+2"],
    )
    start = {"lambda_1_2": -10.0, "lambda_1_3": 10.0, "b_2": 5.0, "b_3": -5.0}
    history = train(
        Network((1, 2), output="softmax"), data, Training(loss="cross_entropy", epochs=1, start=start)
    )
    head, first, second = csv.reader(io.StringIO(csv_text(history, 0)))
    assert head == ["part", "'@depth", "'-sand", "+2", "predicted -sand", "predicted +2", "predicted class"]
    assert (first[:2], first[-1], second[-1]) == (["train", "-0.5"], "'=1+1", "-1")
    read = pd.read_csv(io.StringIO(csv_text(history, 0)))
    np.testing.assert_array_equal(read.iloc[:, 1:-1], predicted(history, 0).iloc[:, 1:-1])
    assert list(predicted(history, 0)) == [
        "part",
        "@depth",
        "-sand",
        "+2",
        "predicted -sand",
        "predicted +2",
        "predicted class",
    ]
