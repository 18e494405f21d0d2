"""Dataset: the samples a network learns from, scaled, with the names and units of their columns."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from ann_dashboard import checks
from ann_dashboard.data import advice, csv_files, encoding
from ann_dashboard.data.columns import Column, described, same_units
from ann_dashboard.words import counted

if TYPE_CHECKING:
    import pandas as pd

MISSING_ROWS = ("refuse", "drop", "fill")
"""What is done with rows in which a value is missing."""


@dataclass(frozen=True, eq=False, init=False)
class Dataset:
    """Predictors ``x`` (n, p) and responses ``y`` (n, k) of n samples.

    Scaled, no unit; stored as read-only copies.
    ``predictors``, ``responses``: a Column for each column of x and y; names may be given instead, default
    x1, x2, ... and y1, y2, ...
    ``classes``: where y is one-hot, the name of the class that each of its columns stands for; else None.
    ``test``: held-out samples with the same columns, or None. ``notes``: what was done to the table they come
    from, and what in it may be meant otherwise, a sentence each.
    Raises TypeError or ValueError for what is no table of finite numbers, when x and y differ in their number
    of samples, and for names, classes or a test part that do not fit x and y.
    """

    x: np.ndarray = field(repr=False)
    y: np.ndarray = field(repr=False)
    predictors: tuple[Column, ...]
    responses: tuple[Column, ...]
    classes: tuple[str, ...] | None
    test: "Dataset | None" = field(repr=False)
    notes: tuple[str, ...] = field(repr=False)

    def __init__(
        self,
        x: ArrayLike,
        y: ArrayLike,
        *,
        predictors: Sequence[Column | str] | None = None,
        responses: Sequence[Column | str] | None = None,
        classes: Sequence[str] | None = None,
        test: "Dataset | None" = None,
        notes: Sequence[str] = (),
    ) -> None:
        object.__setattr__(self, "x", _table("x", x, "predictors"))
        object.__setattr__(self, "y", _table("y", y, "responses"))
        if len(self.x) != len(self.y):
            raise ValueError(
                f"x has {counted(len(self.x), 'sample')} but y has {len(self.y)}: "
                "give one row of responses for each row of predictors"
            )
        object.__setattr__(self, "predictors", _columns("predictors", "x", self.x, predictors))
        object.__setattr__(self, "responses", _columns("responses", "y", self.y, responses))
        object.__setattr__(self, "classes", None if classes is None else _classes(classes, self.y))
        if test is not None:
            self._check_test(test)
        object.__setattr__(self, "test", test)
        object.__setattr__(self, "notes", _notes(notes))

    @classmethod
    def from_frame(
        cls,
        frame: "pd.DataFrame",
        *,
        predictors: Iterable[Hashable],
        responses: Iterable[Hashable],
        categories: Iterable[Hashable] = (),
        missing_rows: str = "refuse",
        scale: tuple[float, float] | None = (-1, 1),
        response_scale: tuple[float, float] | None = None,
        test_fraction: float = 0.2,
        seed: int = 3,
    ) -> "Dataset":
        """The samples of a table: scaled, one-hot encoded, and split into a training and a test part.

        Each row of ``frame`` is a sample.
        ``predictors``, ``responses``: names of columns. ``scale``: the range that the numbers of the training
        part are min/max scaled to, None leaves them as they are; ``response_scale``: the same for the
        responses where they need another range.
        Columns of text, bool or pandas category, and columns of numbers named in ``categories``, become one
        column of 0 and 1 a category; one such response alone gives ``classes``.
        ``missing_rows``: "refuse" rows with a missing value, "drop" them, or "fill" the missing predictors
        with the mean of the training part, categories with the most frequent, and drop the rows without a
        response. ``notes`` of the data tell what was done.
        ``test_fraction`` of the rows, drawn with ``seed`` and at least one, are the test part; 0 keeps all to
        train. The rows keep their order.
        Raises TypeError or ValueError that names the column, the value and the cure.
        Source: lecture deck, "Train with 80% of well data", "Normalize the variables to range from -1 to 1".
        """
        inputs, outputs, coded = encoding.chosen(
            frame, predictors=predictors, responses=responses, categories=categories
        )
        scale = scale if scale is None else checks.span("scale", scale)
        response_scale = scale if response_scale is None else checks.span("response_scale", response_scale)
        checks.choice("missing_rows", missing_rows, MISSING_ROWS)
        whole, dropped = encoding.without_gaps(
            frame, predictors=inputs, responses=outputs, missing_rows=missing_rows
        )
        train, test = _split(len(whole), test_fraction, seed)
        input_columns, x, filled = encoding.encode(whole, inputs, train, scale, coded)
        if len(input_columns) > encoding.MOST_COLUMNS:
            raise ValueError(
                f"the predictors take {len(input_columns)} input nodes, one for each number and each "
                f"category, the most is {encoding.MOST_COLUMNS}: choose fewer predictors"
            )
        output_columns, y, _ = encoding.encode(whole, outputs, train, response_scale, coded)
        names = [column.category for column in output_columns if column.category is not None]
        classes = names if len(outputs) == 1 and names else None
        found = {place: advice.finding(frame.iloc[:, place]) for place in (*inputs, *outputs)}
        odd = advice.odd(
            [found[at] for at in inputs],
            [found[at] for at in outputs],
            [found[at] for at in coded if at in found],
        )
        told = (*csv_files.notes_of(frame), *dropped, *filled, *odd)

        def part(rows: np.ndarray, test: "Dataset | None", notes: tuple[str, ...] = ()) -> "Dataset":
            return cls(
                x[rows],
                y[rows],
                predictors=input_columns,
                responses=output_columns,
                classes=classes,
                test=test,
                notes=notes,
            )

        return part(train, part(test, None) if len(test) else None, told)

    @classmethod
    def from_csv(
        cls,
        source: csv_files.Source,
        *,
        predictors: Iterable[Hashable],
        responses: Iterable[Hashable],
        header: bool | None = None,
        skip: int | None = None,
        decimal: str | None = None,
        missing: Iterable[str] = csv_files.MISSING,
        categories: Iterable[Hashable] = (),
        missing_rows: str = "refuse",
        scale: tuple[float, float] | None = (-1, 1),
        response_scale: tuple[float, float] | None = None,
        test_fraction: float = 0.2,
        seed: int = 3,
    ) -> "Dataset":
        """The samples of a CSV file, given by its path, open, or as bytes.

        ``header``, ``skip``, ``decimal``, ``missing``: how the file is read, see ``tables.read_table``; the
        others: see ``from_frame``.
        """
        return cls.from_frame(
            csv_files.read_table(source, header=header, skip=skip, decimal=decimal, missing=missing),
            predictors=predictors,
            responses=responses,
            categories=categories,
            missing_rows=missing_rows,
            scale=scale,
            response_scale=response_scale,
            test_fraction=test_fraction,
            seed=seed,
        )

    def __len__(self) -> int:
        return len(self.x)

    def x_original(self) -> np.ndarray:
        """The predictors (n, p) in original units; a one-hot column stays 0 and 1."""
        return _back(self.predictors, self.x)

    def y_original(self) -> np.ndarray:
        """The responses (n, k) in original units; a one-hot column stays 0 and 1."""
        return _back(self.responses, self.y)

    def original(self, predictions: ArrayLike) -> np.ndarray:
        """Predictions (..., k) of a network, in the original units of the k responses.

        Raises TypeError or ValueError for any other shape.
        """
        try:
            values = np.asarray(predictions, dtype=float)
        except (TypeError, ValueError, OverflowError):
            raise TypeError(
                f"predictions is {checks.told(predictions)}, not a table of numbers: give an array of shape "
                f"(..., {len(self.responses)})"
            ) from None
        if values.ndim == 0 or values.shape[-1] != len(self.responses):
            names = ", ".join(column.label for column in self.responses)
            raise ValueError(
                f"predictions have shape {values.shape}: give {len(self.responses)} a sample ({names}), as "
                f"(..., {len(self.responses)})"
            )
        return _back(self.responses, values)

    @property
    def description(self) -> tuple[str, ...]:
        """What was scaled and encoded, one line for each predictor and response.

        The last line is the number of samples.
        """
        unseen = [name for name, of in zip(self.classes or (), self.y.T, strict=False) if not of.any()]
        none = f" (none is {' or '.join(unseen)}: only the test part has it)" if unseen else ""
        samples = (
            f"{len(self)} sample{'s' if len(self) != 1 else ''} to train{none}, "
            f"{len(self.test) if self.test else 'none'} to test"
        )
        return (
            *described(self.predictors, lambda number: f"I{number}"),
            *described(self.responses, lambda number: f"output {number}"),
            samples,
        )

    def _check_test(self, test: "Dataset") -> None:
        if not isinstance(test, Dataset):
            raise TypeError(f"test is a {type(test).__name__}: give a Dataset with the same columns, or None")
        if test.test is not None:
            raise ValueError("test has a test part of its own: give the held-out samples without one")
        for role, ours, theirs in (
            ("predictors", self.predictors, test.predictors),
            ("responses", self.responses, test.responses),
        ):
            if not same_units(ours, theirs):
                names, other = (", ".join(column.label for column in columns) for columns in (ours, theirs))
                raise ValueError(
                    f"test has the {role} {other}, the training part {names}: give both the same columns, "
                    "scaled the same way"
                )
        if test.classes != self.classes:
            raise ValueError(
                f"test has the classes {test.classes}, the training part {self.classes}: give both the same"
            )


def _split(samples: int, fraction: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers of the training and of the test part, each rising."""
    fraction, seed = checks.number("test_fraction", fraction), checks.whole("seed", seed, least=0)
    if not 0 <= fraction < 1:
        cure = "give a part of the samples, from 0 (all to train) to less than 1, e.g. 0.2"
        raise checks.InputError("test_fraction", fraction, cure, f"is {fraction:g}")
    held_out = max(1, round(samples * fraction)) if fraction else 0
    if held_out >= samples:
        found = f"{fraction:g} of {counted(samples, 'sample')} leaves none to train"
        cure = "give more samples, a smaller fraction, or 0"
        raise checks.InputError("test_fraction", fraction, cure, found)
    order = np.random.default_rng(seed).permutation(samples)
    return np.sort(order[held_out:]), np.sort(order[:held_out])


def _back(columns: Sequence[Column], values: np.ndarray) -> np.ndarray:
    return np.stack([column.original(values[..., place]) for place, column in enumerate(columns)], axis=-1)


def _columns(
    role: str, letter: str, table: np.ndarray, given: Sequence[Column | str] | None
) -> tuple[Column, ...]:
    """The columns of x or y: as given, or unscaled ones with the given names, or x1, x2, ..."""
    width = table.shape[1]
    if given is None:
        given = [f"{letter}{number}" for number in range(1, width + 1)]
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise TypeError(f"{role} is {given!r}, not a list of names: give one for each column of {letter}")
    if len(given) != width:
        raise ValueError(
            f"{role} has {len(given)} names but {letter} has {width} column{'s' if width > 1 else ''}: "
            "give one name for each column"
        )
    columns = tuple(
        column
        if isinstance(column, Column)
        else Column(column, least=float(values.min()), most=float(values.max()))
        for column, values in zip(given, table.T, strict=True)
    )
    labels = [column.label for column in columns]
    if twice := [label for place, label in enumerate(labels) if label in labels[:place]]:
        raise ValueError(f"{role} names {twice[0]!r} twice: give each column of {letter} a name of its own")
    return columns


def _classes(given: Sequence[str], y: np.ndarray) -> tuple[str, ...]:
    if (
        isinstance(given, str)
        or not isinstance(given, Sequence)
        or not all(isinstance(name, str) for name in given)
    ):
        raise TypeError(f"classes is {given!r}, not a list of names: give one for each column of y")
    if len(given) != y.shape[1]:
        raise ValueError(
            f"classes has {len(given)} names but y has {y.shape[1]} column{'s' if y.shape[1] > 1 else ''}: "
            "give one name for each column"
        )
    if twice := [name for place, name in enumerate(given) if name in given[:place]]:
        raise ValueError(f"classes names {twice[0]!r} twice: give each class a name of its own")
    wrong = ~(np.isin(y, (0.0, 1.0)).all(axis=1) & (y.sum(axis=1) == 1.0))
    if wrong.any():
        sample = int(wrong.argmax())
        raise ValueError(
            f"y of sample {sample} is {y[sample].tolist()}: with classes, each row holds one 1 and "
            "otherwise 0"
        )
    return tuple(given)


def _notes(notes: Any) -> tuple[str, ...]:
    found = tuple(notes) if isinstance(notes, Iterable) and not isinstance(notes, str) else (None,)
    if not all(isinstance(note, str) for note in found):
        raise TypeError(
            f"notes is {checks.told(notes)}, not a list of sentences: give e.g. ['2 rows left out']"
        )
    return found


def _table(name: str, values: Any, content: str) -> np.ndarray:
    try:
        table = np.array(values, dtype=float)
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(
            f"{name} is not a table of numbers ({error}): give one row a sample, e.g. [[0.5, 0.2, 0.7]]"
        ) from None
    if table.ndim != 2:
        raise ValueError(
            f"{name} has shape {table.shape}: give one row a sample and one column for each of the "
            f"{content}, e.g. [[0.5, 0.2, 0.7]]"
        )
    if table.size == 0:
        raise ValueError(f"{name} has shape {table.shape}, it holds no values: give at least one sample")
    bad = np.argwhere(~np.isfinite(table))
    if len(bad):
        sample, column = bad[0].tolist()
        raise ValueError(
            f"{name} of sample {sample}, column {column} is {table[sample, column]}: give a finite number, "
            "or leave the sample out"
        )
    table.setflags(write=False)
    return table
