"""The state as text: short, there and back again, and from any text the nearest state that is right."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_trainings import OPTIMISERS

from ann_dashboard import AdaGrad, Dataset, Network, RMSProp, lessons, state, train
from ann_dashboard.engine.activations import ACTIVATIONS
from ann_dashboard.engine.batches import SAMPLINGS
from ann_dashboard.engine.initialisers import INITIALISERS
from ann_dashboard.engine.losses import LOSSES
from ann_dashboard.engine.optimisers import Momentum
from ann_dashboard.film.panels import PANELS
from ann_dashboard.state import State

LECTURE = State.of_lesson("lecture")
SMALL = st.floats(0.0, 0.9).map(lambda value: round(value, 6))


def test_a_lesson_as_it_opens_is_its_name_alone():
    assert LECTURE.query == "lesson=lecture"
    assert state.read("lesson=lecture") == (LECTURE, ())


@pytest.mark.parametrize("query", ["", "?"])
def test_a_page_without_a_link_opens_the_lecture(query):
    assert state.read(query) == (LECTURE, ())
    assert not state.is_one(query)


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"epoch": 12, "layers": ("weights",)}, "lesson=lecture&epoch=12&show=weights"),
        ({"training": replace(LECTURE.training, eta=0.25, seed=13)}, "lesson=lecture&eta=0.25&seed=13"),
        (
            {"derivative_of": "P", "decimals": 4, "epoch_axis": "linear"},
            "lesson=lecture&derivatives=P&decimals=4&axis=linear",
        ),
        (
            {"stepping": True, "lock": ("eta", "seed"), "hide": ("settings",)},
            "lesson=lecture&steps=yes&lock=eta,seed&hide=settings",
        ),
        ({"threshold": 0.75}, "lesson=lecture&threshold=0.75"),
        (
            {"network": Network((3, 4, 1), hidden=("tanh",))},
            "lesson=lecture&network=3-4-1&hidden=tanh&output=identity",
        ),
        (
            {"training": replace(LECTURE.training, optimiser=Momentum(0.5))},
            "lesson=lecture&optimiser=momentum:0.5",
        ),
        (
            {"training": replace(LECTURE.training, optimiser=RMSProp())},
            "lesson=lecture&optimiser=rmsprop:0.9:1e-08",
        ),
        (
            {"training": replace(LECTURE.training, optimiser=AdaGrad())},
            "lesson=lecture&optimiser=adagrad:1e-08",
        ),
        ({"training": replace(LECTURE.training, start={"b_4": 0.5})}, "lesson=lecture&start=b_4:0.5"),
        (
            {"training": replace(LECTURE.training, batch_size=1, stop_below=0.01)},
            "lesson=lecture&batch_size=1&stop_below=0.01",
        ),
    ],
)
def test_the_text_names_what_differs_from_the_lesson(changed, text):
    changed = replace(LECTURE, **changed)
    assert changed.query == text
    assert state.read(text) == (changed, ())
    assert state.is_one(text)


def test_a_small_table_of_ones_own_stands_in_the_link():
    data = Dataset(x=[[0.1, 0.2, 0.3], [0.4, -0.5, 0.6]], y=[[1.0], [0.25]])
    found, ignored = state.read(replace(LECTURE, data=data).query)
    assert (found.data.x.tolist(), found.data.y.tolist(), ignored) == (data.x.tolist(), data.y.tolist(), ())


@pytest.mark.parametrize("value", [1e20, 1e-20, -1.5e300])
def test_large_and_small_numbers_come_back_from_a_link(value):
    data = Dataset(x=[[value, 0.2, 0.3]], y=[[1.0]])
    found, ignored = state.read(
        replace(LECTURE, data=data, training=replace(LECTURE.training, decay=abs(value))).query
    )
    assert (found.data.x.tolist(), found.training.decay, ignored) == (data.x.tolist(), abs(value), ())


def test_the_start_values_of_a_lesson_stay_with_another_activation():
    mazur = State.of_lesson("mazur")
    other = replace(mazur, network=replace(mazur.network, hidden="tanh"))
    assert state.read(other.query) == (other, ())


def test_a_picture_that_there_is_not_is_named():
    assert tuple(PANELS) == state.PICTURES
    found, ignored = state.read("lesson=xor&pictures=region,portrait")
    assert (found.panels, ignored) == (
        ("region",),
        (f"pictures='region,portrait' (there is no 'portrait': choose of {', '.join(PANELS)})",),
    )


def test_a_link_that_takes_all_pictures_away_says_so():
    assert replace(State.of_lesson("xor"), panels=()).query == "lesson=xor&pictures="
    assert state.read("lesson=xor&pictures=")[0].panels == ()


def test_more_hidden_layers_than_the_editor_has_are_named():
    found, ignored = state.read("network=3-2-2-2-2-2-1")
    assert (found.network, ignored) == (LECTURE.network, ("the network (5 hidden layers: give at most 4)",))


def test_a_long_table_does_not():
    data = Dataset(x=[[0.123456789, 0.2, 0.3]] * 100, y=[[1.0]] * 100)
    assert replace(LECTURE, data=data).query == "lesson=lecture"


@st.composite
def states(draw):
    hidden = tuple(draw(st.lists(st.integers(1, 6), max_size=3)))
    names = [name for name in ACTIVATIONS if name != "softmax"]
    network = Network(
        (3, *hidden, 1),
        hidden=tuple(draw(st.sampled_from(names)) for _ in hidden),
        output=draw(st.sampled_from(names)),
    )
    training = replace(
        LECTURE.training,
        eta=draw(st.floats(0.001, 3.0)),
        epochs=draw(st.integers(1, 100_000)),
        seed=draw(st.integers(0, 2**32 - 1)),
        loss=draw(st.sampled_from([name for name, loss in LOSSES.items() if loss.output is None])),
        batch_size=draw(st.none() | st.integers(1, 50)),
        sampling=draw(st.sampled_from(SAMPLINGS)),
        optimiser=draw(OPTIMISERS),
        initialiser=draw(st.sampled_from(list(INITIALISERS))),
        start=draw(
            st.none()
            | st.dictionaries(st.sampled_from(network.parameters), st.floats(-10, 10), min_size=1, max_size=3)
        ),
        decay=draw(SMALL),
        l1=draw(SMALL),
        l2=draw(SMALL),
        dropout=draw(SMALL),
        patience=draw(st.none() | st.integers(1, 99)),
        stop_below=draw(st.none() | st.floats(-1, 1)),
        train_biases=draw(st.booleans()),
        record_every=draw(st.integers(1, 1000)),
    )
    return State(
        lesson="lecture",
        network=network,
        data=LECTURE.data,
        training=training,
        epoch=draw(st.integers(0, training.epochs)),
        layers=draw(st.sampled_from([(), ("weights",), ("forward", "backward"), state.LAYERS])),
        decimals=draw(st.integers(1, 6)),
        frames=draw(st.sampled_from(["epochs", "updates"])),
        panels=draw(st.sampled_from([None, (), ("fit",), ("fit", "losses")])),
        lock=draw(st.sampled_from([(), ("eta",), state.CONTROLS])),
    )


@given(shown=states())
def test_any_state_comes_back_from_its_text(shown):
    assert state.read(shown.query) == (shown, ())


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("eta=9", "eta='9' (give a number from 0.001 to 3)"),
        ("eta=nan", "eta='nan' (give a number from 0.001 to 3)"),
        ("eta=", "eta='' (give a number)"),
        ("eta=0.1&eta=0.2", "'eta' again"),
        ("colour=red&epoch=1", "'colour', which no link has"),
        ("lesson=gauss", "lesson 'gauss', of which there is none: lecture"),
        ("epoch=5000", "epoch=5000 (the last is 1000)"),
        ("sample=4", "sample=4 (the last is 0)"),
        ("seed=-1", "seed='-1' (give a whole number from 0)"),
        ("network=2-2", "the network (x has 3 values a sample but the network has 2 inputs"),
        ("network=3-x-1", "the network (give a whole number from 1 to 30)"),
        ("loss=cross_entropy", "the network and the loss, which do not fit"),
        ("start=lambda_9_9:1", "which is not a parameter of the network"),
        ("start=b_4", "(write lambda_1_4:0.25,b_4:0)"),
        ("optimiser=adam", "write gradient_descent, momentum:0.9"),
        ("x=1,2,3", "the table x, y ("),
        ("x=1;2&y=1;2", "the network"),
        ("show=everything", "there is no 'everything': choose of weights, forward, backward"),
        ("batch_size=0", "batch_size is 0: give a whole number of 1 or more"),
    ],
)
def test_what_is_wrong_in_a_link_is_left_out_and_named(query, told):
    found, ignored = state.read(query)
    assert [text for text in ignored if told in text], ignored
    train(found.network, found.data, replace(found.training, epochs=1))


ANY_KEY = st.sampled_from(sorted(state.KNOWN)) | st.text(max_size=8)
ANY_VALUE = st.text(max_size=30) | st.sampled_from(
    ["-1", "1e999", "nan", "3-2-1", "1,2;3", "softmax", "adam:1:2:3", "yes", "٣"]
)


@settings(max_examples=400, deadline=None)
@given(pairs=st.lists(st.tuples(ANY_KEY, ANY_VALUE), max_size=12))
def test_from_any_text_a_state_is_read_that_can_be_trained(pairs):
    found, _ = state.read("&".join(f"{key}={value}" for key, value in pairs))
    assert found.lesson in lessons.ALL
    found.network.check_fits(found.data)
    found.training.check_fits(found.network, found.data)
    assert 0 <= found.sample < len(found.data)
    assert 0 <= found.epoch <= found.training.epochs
    assert state.read(found.query)[0].network == found.network
