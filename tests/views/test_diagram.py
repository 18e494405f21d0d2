import cProfile
import io
import itertools
import pstats
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Circle
from matplotlib.text import Text

from ann_dashboard import lessons, notation
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.run import train
from ann_dashboard.engine.training import Training
from ann_dashboard.views import diagram, numbers, palette, placement

DISPLAYED, LEAST_SIZE = 900, 10
SVG = "{http://www.w3.org/2000/svg}"
COMBINATIONS = [layers for count in range(4) for layers in itertools.combinations(diagram.LAYERS, count)]
SETTINGS = list(itertools.product((1, 3, 13), (0.1, 3.0)))
SMALL = [(1, 1), (2, 1), (3, 2, 1), (1, 3, 1), (2, 2, 2), (3, 3, 1), (2, 2, 3, 2), (2, 3, 3, 1)]
ACROSS = [(2, 4, 3), (3, 4, 1), (3, 4, 2), (3, 3, 3, 1), (2, 2, 3, 2, 2), (3, 2, 2, 2, 2, 1)]
IN_TURNS = [
    (5, 5),
    (6, 6),
    (1, 8, 1),
    (2, 3, 3, 3, 1),
    (1, 6, 6, 1),
    (6, 1, 6, 6),
    (4, 6, 6, 4),
    (6, 6, 6, 6),
]
BEYOND = [(10, 20, 3), (3, 30, 1), (4, 64, 1), (8, 8, 8), (2, 2, 2, 2, 2, 2, 2, 2), (24, 24, 1)]
TOO_LARGE = [(1, 65, 1), (64, 64, 64, 8), (2,) * 40]


def trained(widths, seed=3, eta=0.1):
    data = lessons.LECTURE.data
    if widths != (3, 2, 1):
        data = Dataset(x=[[0.05, 0.1, 0.7, 0.2][: widths[0]]], y=[[0.01, 0.99, 0.5, 0.3][: widths[-1]]])
    return train(Network(widths), data, Training(eta=eta, epochs=1000, seed=seed))


def trained_once(widths):
    return train(Network(widths), Dataset(x=[[0.5] * widths[0]], y=[[0.5] * widths[-1]]), Training(epochs=1))


def drawn(history, epoch, **options):
    figure, ax = diagram.figure(history.network)
    FigureCanvasAgg(figure)
    diagram.draw_network(ax, history, epoch, **options)
    return figure


def artists(figure):
    return {artist.get_gid(): artist for artist in figure.findobj(lambda artist: artist.get_gid())}


def text_of(figure, gid):
    return artists(figure)[gid].get_text()


@pytest.fixture(scope="module")
def lecture():
    return lessons.LECTURE.train()


def legibility_faults(figure, shown=DISPLAYED):
    """Every text of a picture that cannot be read.

    It is cut, too small, too pale, or stands on another text or on a node that is not its own. ``shown``: the
    width in pixels at which the picture is displayed.
    """
    renderer = figure.canvas.get_renderer()
    width, height = figure.bbox.width, figure.bbox.height
    texts = [text for text in figure.findobj(Text) if text.get_gid() and text.get_text()]
    boxes = np.array([text.get_window_extent(renderer).extents for text in texts]).reshape(-1, 4)
    nodes = [artist.get_gid() for artist in figure.findobj(Circle)]
    circles = np.array([artist.get_window_extent(renderer).extents for artist in figure.findobj(Circle)])
    inside = (boxes[:, :2] >= 0).all(1) & (boxes[:, 2] <= width) & (boxes[:, 3] <= height)
    yield from (f"{texts[i].get_gid()} is cut" for i in np.flatnonzero(~inside))
    for one, other in np.argwhere(np.triu(placement.overlapping(boxes, boxes, 0), 1)):
        yield f"{texts[one].get_gid()} stands on {texts[other].get_gid()}"
    for one, other in np.argwhere(placement.overlapping(boxes, circles, 0)):
        if texts[one].get_gid().removeprefix("name:") != nodes[other].removeprefix("node:"):
            yield f"{texts[one].get_gid()} stands on {nodes[other]}"
    for text in texts:
        if text.get_fontsize() * shown / (72 * figure.get_figwidth()) < LEAST_SIZE:
            yield f"{text.get_gid()} is small"
        if palette.contrast(text.get_color(), palette.PAPER) < 4.5:
            yield f"{text.get_gid()} is pale"


@pytest.mark.parametrize(("seed", "eta"), SETTINGS)
@pytest.mark.parametrize("widths", [(3, 2, 1), (2, 2, 2), (2, 2, 3, 2), (1, 3, 1)], ids=str)
def test_every_number_can_be_read_at_any_epoch(widths, seed, eta):
    history = trained(widths, seed, eta)
    figure = drawn(history, 0)
    shown = artists(figure)
    for epoch in (0, 1, 10, 100, 1000):
        for label in diagram.labels(history.network):
            value = diagram.values(history.at(epoch), history.network, label.symbol)
            shown[label.symbol].set_text(numbers.text(value, 2))
        assert not list(legibility_faults(figure))


@pytest.mark.parametrize("widths", SMALL, ids=str)
def test_the_widest_numbers_can_be_read_in_every_small_network_with_all_its_labels(widths):
    history = trained(widths)
    figure = drawn(history, 0)
    for label in diagram.labels(history.network):
        artists(figure)[label.symbol].set_text(numbers.width(2))
    assert not list(legibility_faults(figure))
    assert diagram.left_out(history.network) == ()


def faults_as_shown(widths):
    """The legibility faults of all the pictures of a network.

    With the widest numbers, at the width at which a film shows them.
    """
    history = trained_once(widths)
    showing = diagram.showing(history.network)
    for layers in (
        [diagram.LAYERS] if showing["layers"] == "together" else [[layer] for layer in diagram.LAYERS]
    ):
        figure = drawn(history, 0, layers=layers, derivative_of="P")
        for symbol in itertools.chain(*(diagram.layers(history.network)[layer] for layer in layers)):
            artists(figure)[symbol].set_text(numbers.width(2))
        yield from legibility_faults(figure, showing["width"])


def shows_all(network):
    """Whether no number of a network is left out of its picture."""
    shown = set(itertools.chain(*diagram.layers(network).values()))
    return diagram.left_out(network) == () and shown == {label.symbol for label in diagram.labels(network)}


@pytest.mark.parametrize("widths", ACROSS, ids=str)
def test_layers_that_do_not_fit_beside_the_curves_are_shown_together_across_the_page(widths):
    assert not list(faults_as_shown(widths))
    network = Network(widths)
    assert (diagram.showing(network)["layers"], diagram.showing(network)["place"]) == ("together", "across")
    assert shows_all(network)


@pytest.mark.parametrize("widths", IN_TURNS, ids=str)
def test_layers_that_do_not_fit_together_take_turns_and_each_has_all_its_numbers(widths):
    assert not list(faults_as_shown(widths))
    network = Network(widths)
    assert diagram.showing(network)["layers"] == "in turns"
    assert shows_all(network)


@settings(max_examples=8, deadline=None, derandomize=True)
@given(widths=st.lists(st.integers(1, 6), min_size=2, max_size=4).map(tuple))
def test_every_network_of_up_to_four_layers_with_up_to_six_nodes_shows_all_its_numbers(widths):
    assert not list(faults_as_shown(widths))
    assert shows_all(Network(widths))


@pytest.mark.parametrize("widths", BEYOND, ids=str)
def test_a_larger_network_leaves_out_kinds_of_numbers_instead_of_covering_any(widths):
    assert not list(faults_as_shown(widths))
    network = Network(widths)
    left_out = diagram.left_out(network)
    assert left_out
    assert diagram.showing(network)["hint"].endswith(f"for want of room: {', '.join(left_out)}.")
    shown = {symbol for symbols in diagram.layers(network).values() for symbol in symbols}
    assert {label.kind for label in diagram.labels(network) if label.symbol not in shown} == set(left_out)


@pytest.mark.parametrize("widths", TOO_LARGE, ids=lambda widths: f"{len(widths)} layers")
def test_a_network_too_large_for_a_picture_has_a_sentence_instead(widths):
    figure = drawn(trained_once(widths), 0)
    (text,) = figure.findobj(lambda artist: isinstance(artist, Text) and artist.get_text())
    assert "is too large to be drawn legibly" in text.get_text()
    assert not list(legibility_faults(figure))
    assert not any(diagram.layers(Network(widths)).values())


def test_the_search_for_a_layout_groups_the_labels_twice_and_places_few_of_its_arrangements():
    """1-12-12-1 tries 27 of them, and refuses most before the labels are placed."""
    network = Network((1, 12, 12, 1), hidden="tanh")
    diagram._first_layout.cache_clear()
    with cProfile.Profile() as profile:
        diagram.layout(network, 3)
    calls = {name: entry[1] for (_, _, name), entry in pstats.Stats(profile).stats.items()}
    assert calls["arrange"] > 20
    assert calls["_groups"] == 2
    assert calls["_boxes_at_nodes"] <= 3


def test_of_layers_that_take_turns_the_first_that_is_asked_for_is_drawn():
    history = trained_once((4, 6, 6, 4))
    shown = artists(drawn(history, 0, layers=["backward", "forward"]))
    of = diagram.layers(history.network)
    assert set(of["forward"]) <= set(shown)
    assert not set(shown) & {*of["weights"], *of["backward"]}


def test_what_takes_turns_stands_at_one_place():
    """A connection's label is in the middle of one place in each layer, a node's rows begin at its node."""
    network = Network((4, 6, 6, 4))
    rows = diagram.layout(network).rows
    for source, target in network.connections:
        weight = notation.weight(source, target)
        places = [
            rows[symbol]
            for symbol in (
                weight,
                notation.derivative(weight),
                notation.term(network.nodes[source - 1], target),
            )
        ]
        assert len({baseline for _, baseline, _ in places}) == 1
        lefts, rights = zip(*((box.left, box.right) for _, _, box in places), strict=True)
        assert max(rights) - min(rights) <= max(lefts) - min(lefts) + 1e-9
    for node in network.layers[1]:
        _, y = diagram.layout(network).arrangement.nodes[node]
        nearest = [
            min(abs(baseline - y) for _, baseline, _ in map(rows.get, some))
            for some in rows_by_layer(network, node)
        ]
        assert max(nearest) - min(nearest) < 1e-9


def rows_by_layer(network, node):
    """A node's symbols in each layer."""
    of_node = diagram.readouts(network)[f"node:{node}"]
    return [
        [symbol for symbol in symbols if symbol in of_node] for symbols in diagram.layers(network).values()
    ]


@pytest.mark.parametrize("widths", [(3, 2, 1), (2, 2, 3, 2), (10, 20, 3)], ids=str)
def test_every_number_can_be_read_on_choosing_its_node_or_connection(widths):
    network = Network(widths)
    readouts = diagram.readouts(network)
    assert set(readouts) == {f"node:{node}" for node in (*network.nodes, "L")} | {
        f"connection:{weight}" for weight in network.weights
    }
    told = [symbol for symbols in readouts.values() for symbol in symbols]
    unshown = {notation.derivative(notation.pre_activation(node)) for node in network.layers[0]} | {
        notation.ETA
    }
    assert sorted(told) == sorted({*network.columns, *network.terms} - unshown)


@pytest.mark.parametrize("layers", COMBINATIONS, ids="+".join)
def test_a_combination_of_layers_shows_exactly_its_symbols_at_the_same_places(lecture, layers):
    everything, some = artists(drawn(lecture, 10)), artists(drawn(lecture, 10, layers=layers))
    symbols = {label.symbol for label in diagram.labels(lecture.network)}
    wanted = {symbol for layer in layers for symbol in diagram.layers(lecture.network)[layer]}
    assert set(some) & symbols == wanted
    for gid, artist in some.items():
        if isinstance(artist, Text):
            assert artist.get_position() == everything[gid].get_position()
            assert artist.get_text() == everything[gid].get_text()
    assert {gid for gid in everything if gid.startswith(("node:", "connection:", "arrow:", "name:"))} <= set(
        some
    )


@pytest.mark.parametrize("epoch", [0, 1, 10, 100, 1000])
def test_a_text_is_the_historys_number_in_the_one_format(lecture, epoch):
    figure, row = drawn(lecture, epoch), lecture.at(epoch)
    shown = {symbol: artist.get_text() for symbol, artist in artists(figure).items() if symbol in row}
    assert shown == {symbol: numbers.text(row[symbol], 2) for symbol in shown}
    unshown = {notation.pre_activation(f"I{i}") for i in (1, 2, 3)}
    assert set(lecture.network.columns) - set(shown) == {
        notation.derivative(symbol) for symbol in unshown
    } | {notation.ETA}


def test_a_term_is_the_weight_times_the_signal(lecture):
    row = lecture.at(0)
    assert (
        text_of(drawn(lecture, 0), notation.term("H4", 6))
        == numbers.text(row["lambda_4_6"] * row["H4"], 2)
        == "−0.22"
    )


def test_values_of_a_table_are_the_values_of_its_rows(lecture):
    for label in diagram.labels(lecture.network):
        column = diagram.values(lecture.table, lecture.network, label.symbol, derivative_of="P")
        assert column[10] == diagram.values(lecture.at(10), lecture.network, label.symbol, derivative_of="P")


def test_the_lectures_convention_turns_the_sign_of_every_derivative_and_of_nothing_else(lecture):
    figure = drawn(lecture, 0, derivative_of="P")
    row = lecture.at(0)
    for label in diagram.labels(lecture.network):
        if label.layer == "backward":
            assert text_of(figure, label.symbol) == numbers.text(-row[label.symbol], 2)
            assert r"\partial P/" in text_of(figure, f"label:{label.symbol}")
        elif label.symbol in row:
            assert text_of(figure, label.symbol) == numbers.text(row[label.symbol], 2)


@pytest.mark.parametrize("widths", [(3, 2, 1), (2, 2, 3, 2)], ids=str)
def test_the_lectures_convention_is_as_legible(widths):
    assert not list(legibility_faults(drawn(trained(widths), 0, derivative_of="P")))


@pytest.mark.parametrize("widths", [(3, 2, 1), (2, 2, 3, 2), (1, 1)], ids=str)
def test_no_gid_occurs_twice(widths):
    gids = [artist.get_gid() for artist in drawn(trained(widths), 0).findobj(lambda artist: artist.get_gid())]
    assert len(gids) == len(set(gids))


def test_numbers_are_text_in_svg_and_formulas_are_paths(lecture):
    figure, buffer = drawn(lecture, 10), io.StringIO()
    figure.savefig(buffer, format="svg")
    groups = {group.get("id"): group for group in ET.fromstring(buffer.getvalue()).iter(f"{SVG}g")}
    for label in diagram.labels(lecture.network):
        assert [text.text for text in groups[label.symbol].iter(f"{SVG}text")] == [
            text_of(figure, label.symbol)
        ]
        assert not list(groups[f"label:{label.symbol}"].iter(f"{SVG}text"))


def test_a_connection_is_as_wide_as_its_weight_is_large_and_dashed_if_negative(lecture):
    figure, row = drawn(lecture, 0), lecture.at(0)
    for weight in lecture.network.weights:
        line = artists(figure)[f"connection:{weight}"]
        assert line.get_linewidth() == diagram.line_widths(np.array([row[weight]]))[0]
        assert line.is_dashed() == (diagram.dashes(np.array([row[weight]])) != ["none"]) == (row[weight] < 0)


def test_widths_grow_with_the_weight_and_stay_between_one_and_six():
    sizes = np.array([0.0, 1e-300, 0.01, 0.5, 1.0, 3.0, 1e3, 1e308, np.inf])
    widths = diagram.line_widths(sizes)
    assert (np.diff(widths) >= 0).all()
    assert (widths[0], widths[4], widths[-1]) == (1.0, 3.5, 6.0)
    assert diagram.line_widths(-sizes).tolist() == widths.tolist()
    assert diagram.line_widths(np.array([np.nan])).tolist() == [1.0]
    assert diagram.dashes(np.array([-1.0, 0.0, 1.0, np.nan, -np.inf])) == [
        "9,5",
        "none",
        "none",
        "none",
        "9,5",
    ]


@pytest.mark.parametrize("widths", [*SMALL, *IN_TURNS, (10, 20, 3)], ids=str)
def test_text_and_lines_contrast_with_the_paper_and_with_what_shines_through(widths):
    network = Network(widths)
    for colour in (
        *palette.connection_colours(network).values(),
        *(palette.node_colour(network, node) for node in network.nodes),
    ):
        assert palette.contrast(colour, palette.PAPER) >= 5
        assert palette.contrast(colour, palette.mixed(colour, 0.1)) >= 4.5


def test_colour_families_are_the_lectures():
    network = lessons.LECTURE.network
    assert [palette.family(network, node).name for node in ("I1", "H4", "H5", "O6")] == [
        "greys",
        "reds",
        "blues",
        "oranges",
    ]
    assert len(set(palette.connection_colours(network).values())) == network.weight_count


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#767676", "#ffffff", 4.54)],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert palette.contrast(one, other) == pytest.approx(ratio, abs=0.005)


def test_an_unknown_layer_is_refused_with_the_cure(lecture):
    with pytest.raises(ValueError, match="give any of weights, forward, backward"):
        drawn(lecture, 0, layers=("weight",))


def test_a_line_that_becomes_dashed_has_gaps_also_when_it_is_wide(lecture):
    """A square cap is half as long as the line is wide, and would fill the gaps of a wide line."""
    lines = [artist for gid, artist in artists(drawn(lecture, 0)).items() if gid.startswith("connection:")]
    assert {(line.get_solid_capstyle(), line.get_dash_capstyle()) for line in lines} == {("butt", "butt")}


def test_a_name_is_no_larger_than_its_node():
    """The L of the loss is narrow: it has to fit in height too."""
    figure = drawn(trained((1, 8, 8, 1)), 0)
    shown = artists(figure)
    names = [gid for gid in shown if gid.startswith("name:")]
    heights = {gid: shown[gid].get_window_extent(figure.canvas.get_renderer()).height for gid in names}
    rooms = {
        gid: shown[gid.replace("name:", "node:")].get_window_extent(figure.canvas.get_renderer()).height
        for gid in names
    }
    assert [gid for gid in names if heights[gid] > rooms[gid]] == []
    assert "name:L" not in artists(drawn(trained((1, 12, 12, 1)), 0))
