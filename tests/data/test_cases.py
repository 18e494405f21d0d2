"""Files as strangers have them, and what comes of each.

In Python and in the dashboard's editor, in the words that a person sees.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ann_dashboard import Dataset
from ann_dashboard.dashboard.data_editor import DataEditor
from ann_dashboard.data.csv_files import read_table

FILES = Path(__file__).parents[1] / "cases"


@dataclass(frozen=True)
class Case:
    """What comes of a file.

    ``refused``: what Python says until ``settings`` are given; ``values``: its columns then, None where a
    value is missing, or {} for no table.
    ``notes``: what was done to the file. ``chosen``: the columns that the editor chooses first; ``page``:
    what stands beside them before anything is trained; ``pressed``: what is said when it should train on
    them, "" where it trains.
    """

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    refused: str = ""
    values: Mapping[str, list[Any]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    chosen: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    page: str = ""
    pressed: str = ""


CASES = [
    Case(
        "big_range.csv",
        values={"perm": [0.001, 0.01, 1, 100, 10000], "por": [2, 4, 9, 15, 22]},
        chosen=(("perm",), ("por",)),
    ),
    Case(
        "bom.csv",
        values={"x": [1, 2, 3], "y": [2, 3, 5]},
        chosen=(("x",), ("y",)),
        page=(
            "Column 'x' counts the rows (1, 2, 3, …): a row's number says nothing about a new sample, and "
            "where the rows are sorted by 'y' it gives the answer away; leave it out unless it was "
            "measured."
        ),
    ),
    Case(
        "case_space_categories.csv",
        values={"x": [1, 2, 3, 4, 5, 6], "rock": ["Sand", "sand", "shale", "Shale", "sand", "shale"]},
        chosen=(("x",), ("rock",)),
        page=(
            "Column 'x' counts the rows (1, 2, 3, …): a row's number says nothing about a new sample, and "
            "where the rows are sorted by 'rock' it gives the answer away; leave it out unless it was "
            "measured."
        ),
    ),
    Case(
        "classes_12.csv",
        values={
            "age": [30, 62, 65, 59, 44, 39, 61],
            "nodes": [1, 3, 0, 2, 9, 0, 8],
            "status": [1, 1, 1, 2, 2, 1, 2],
        },
        chosen=(("age", "nodes"), ("status",)),
        page=(
            "Response 'status' holds whole numbers only (1, 2): if they are classes, choose classes in "
            "Responses as."
        ),
    ),
    Case(
        "classes_pm1.csv",
        values={
            "x1": [0.1, 0.4, 0.9, 0.8, 0.2, 0.7],
            "x2": [0.2, 0.1, 0.8, 0.9, 0.3, 0.8],
            "label": [-1, -1, 1, 1, -1, 1],
        },
        chosen=(("x1", "x2"), ("label",)),
        page=(
            "Response 'label' holds whole numbers only (-1, 1): if they are classes, choose classes in "
            "Responses as."
        ),
    ),
    Case(
        "coded_classes.csv",
        values={
            "por": [5.8, 5.5, 9.1, 9.4, 7.2, 7.4, 5.6, 9, 7.1, 5.9],
            "perm": [777, 741, 300, 310, 500, 520, 760, 290, 510, 790],
            "facies": [3, 3, 1, 1, 2, 2, 3, 1, 2, 3],
        },
        chosen=(("por", "perm"), ("facies",)),
        page=(
            "Response 'facies' holds whole numbers only (1, 2, 3): if they are classes, choose classes in "
            "Responses as."
        ),
    ),
    Case(
        "comment_line.csv",
        values={"well": [1, 2, 3], "por": [0.2, 0.25, 0.22], "perm": [100, 140, 120]},
        notes=("line 1 ('# exported by logger v2') is a comment and is left out",),
        chosen=(("por",), ("perm",)),
        page=(
            "Line 1 ('# exported by logger v2') is a comment and is left out. Not chosen: column 'well' "
            "counts the rows (1, 2, 3, …)."
        ),
    ),
    Case(
        "country_na.csv",
        settings={"missing": []},
        values={"country": ["NA", "US", "DE", "NA", "US", "DE"], "gdp": [4.1, 63, 46, 4.3, 64, 47]},
        chosen=(("country",), ("gdp",)),
        page=(
            "'NA' in column 'country' counts as missing (2 cells). Take a word out of Missing words where "
            "it is a category."
        ),
        pressed=(
            "Not taken: column 'country' has 2 missing values ('NA' counts as one), the first in line 2: "
            "fill in each of them, or choose in Missing values to fill them in or to leave the rows out; "
            "if that word is a category, take it out of Missing words. What was there stays."
        ),
    ),
    Case(
        "cp1252.csv",
        refused=(
            "byte 7 of the file (0xe4, in line 1) is not UTF-8 text: save it as CSV UTF-8 in your "
            "spreadsheet program"
        ),
        page=(
            "cp1252.csv was not read: byte 7 of the file (0xe4, in line 1) is not UTF-8 text: save it as "
            "CSV UTF-8 in your spreadsheet program. What was there stays."
        ),
    ),
    Case(
        "cr_only.csv",
        values={"x": [1, 2, 3, 4], "y": [2, 3, 5, 4]},
        chosen=(("x",), ("y",)),
        page=(
            "Column 'x' counts the rows (1, 2, 3, …): a row's number says nothing about a new sample, and "
            "where the rows are sorted by 'y' it gives the answer away; leave it out unless it was "
            "measured."
        ),
    ),
    Case(
        "crlf_quotes_all.csv",
        values={"Id": [1, 2, 3, 4], "a": [5, 4, 3, 5], "b": [1, 0, 1, 0]},
        chosen=(("a",), ("b",)),
        page="Not chosen: column 'Id' counts the rows (1, 2, 3, …).",
    ),
    Case(
        "currency.csv",
        values={"income": [1200, 1300, 1500, 1100], "spend": [5, 7, 9, 4]},
        notes=("column 'income' is written with the unit $: '$1200' is read as 1200",),
        chosen=(("income",), ("spend",)),
        page="Column 'income' is written with the unit $: '$1200' is read as 1200.",
    ),
    Case(
        "dash_missing.csv",
        settings={"missing": ["-"]},
        values={"x": [1, 2, 3, 4], "y": [2, None, 4, 5]},
        notes=("'-' in column 'y' counts as missing (1 cell)",),
        chosen=(("x",), ("y",)),
        page=(
            "Column 'y' holds numbers, but line 3 is '-': write a number there or leave the row out; if "
            "these are categories, give each a text. Column 'x' counts the rows (1, 2, 3, …): a row's "
            "number says nothing about a new sample, and where the rows are sorted by 'y' it gives the "
            "answer away; leave it out unless it was measured."
        ),
        pressed=(
            "Not taken: column 'y' holds numbers, but line 3 is '-': write a number there or leave the "
            "row out; if these are categories, give each a text. What was there stays."
        ),
    ),
    Case(
        "date_temp_place.csv",
        values={
            "date": ["2011-01-01", "2011-01-02", "2011-01-03", "2011-01-01", "2011-01-02", "2011-01-03"],
            "temperature": [1, -1, 0, 6, 8, 5],
            "place": ["Galway", "Galway", "Galway", "Berkeley", "Berkeley", "Berkeley"],
        },
        chosen=(("temperature",), ("place",)),
        page=(
            "Not chosen: column 'date' looks like dates (line 2 is '2011-01-01'): give numbers, e.g. the "
            "days since the first date, or leave the column out."
        ),
    ),
    Case(
        "date_text.csv",
        values={
            "Date": [
                "01-Mar-2004 00:00:00",
                "02-Mar-2004 00:00:00",
                "03-Mar-2004 00:00:00",
                "04-Mar-2004 00:00:00",
                "05-Mar-2004 00:00:00",
                "06-Mar-2004 00:00:00",
                "07-Mar-2004 00:00:00",
                "08-Mar-2004 00:00:00",
                "09-Mar-2004 00:00:00",
                "10-Mar-2004 00:00:00",
                "11-Mar-2004 00:00:00",
                "12-Mar-2004 00:00:00",
                "13-Mar-2004 00:00:00",
                "14-Mar-2004 00:00:00",
                "15-Mar-2004 00:00:00",
                "16-Mar-2004 00:00:00",
                "17-Mar-2004 00:00:00",
                "18-Mar-2004 00:00:00",
                "19-Mar-2004 00:00:00",
                "20-Mar-2004 00:00:00",
                "21-Mar-2004 00:00:00",
                "22-Mar-2004 00:00:00",
                "23-Mar-2004 00:00:00",
                "24-Mar-2004 00:00:00",
            ],
            "NO2": [
                100,
                103,
                106,
                109,
                112,
                115,
                101,
                104,
                107,
                110,
                113,
                116,
                102,
                105,
                108,
                111,
                114,
                100,
                103,
                106,
                109,
                112,
                115,
                101,
            ],
        },
        chosen=(("Date",), ("NO2",)),
        page=(
            "Column 'Date' looks like dates (line 2 is '01-Mar-2004 00:00:00'): give numbers, e.g. the "
            "days since the first date, or leave the column out."
        ),
        pressed=(
            "Not taken: column 'Date' looks like dates (line 2 is '01-Mar-2004 00:00:00'): give numbers, "
            "e.g. the days since the first date, or leave the column out. What was there stays."
        ),
    ),
    Case(
        "dollar_names.csv",
        values={"Annual Income ($)": [15, 16, 17, 18, 19, 20], "Cost ($k$)": [39, 81, 6, 77, 40, 76]},
        chosen=(("Annual Income ($)",), ("Cost ($k$)",)),
    ),
    Case(
        "euro_mixed.csv",
        values={"a": [1, 2, 3, 4], "b": [1234.56, 12.5, 999.9, 1000]},
        notes=("column 'b' has a sign between thousands: '1.234,56' is read as 1234.56",),
        chosen=(("a",), ("b",)),
        page=(
            "Column 'b' has a sign between thousands: '1.234,56' is read as 1234.56. Column 'a' counts "
            "the rows (1, 2, 3, …): a row's number says nothing about a new sample, and where the rows "
            "are sorted by 'b' it gives the answer away; leave it out unless it was measured."
        ),
    ),
    Case(
        "excel_errors.csv",
        values={"x": [1, 2, 3, 4, 5], "y": ["2", "#DIV/0!", "4", "#VALUE!", "7"]},
        chosen=(("x",), ("y",)),
        page=(
            "Column 'y' holds the error of a spreadsheet, '#DIV/0!' in line 3: write a number there, or "
            "leave the row out. Column 'x' counts the rows (1, 2, 3, …): a row's number says nothing "
            "about a new sample, and where the rows are sorted by 'y' it gives the answer away; leave it "
            "out unless it was measured."
        ),
        pressed=(
            "Not taken: column 'y' holds the error of a spreadsheet, '#DIV/0!' in line 3: write a number "
            "there, or leave the row out. What was there stays."
        ),
    ),
    Case(
        "french_space.csv",
        values={"a": [1, 2, 3], "b": [1234.5, 2345.5, 999.5]},
        notes=("column 'b' has a sign between thousands: '1 234,5' is read as 1234.5",),
        chosen=(("a",), ("b",)),
        page=(
            "Column 'b' has a sign between thousands: '1 234,5' is read as 1234.5. Column 'a' counts the "
            "rows (1, 2, 3, …): a row's number says nothing about a new sample, and where the rows are "
            "sorted by 'b' it gives the answer away; leave it out unless it was measured."
        ),
    ),
    Case(
        "headerless_class.csv",
        settings={"header": False},
        refused=(
            "line 1 ('5.1, 3.5, 1.4, 0.2, setosa') looks like a sample, not like names (numbers stand "
            "above numbers): give header=False to take it as a sample, or header=True to take it as names"
        ),
        values={
            "column 1": [5.1, 4.9, 7, 6.4, 6.3, 5.8],
            "column 2": [3.5, 3, 3.2, 3.2, 3.3, 2.7],
            "column 3": [1.4, 1.4, 4.7, 4.5, 6, 5.1],
            "column 4": [0.2, 0.2, 1.4, 1.5, 2.5, 1.9],
            "column 5": ["setosa", "setosa", "versicolor", "versicolor", "virginica", "virginica"],
        },
        chosen=(("column 1", "column 2", "column 3", "column 4"), ("column 5",)),
        page=(
            "Line 1 ('5.1, 3.5, 1.4, 0.2, setosa') looks like a sample, not like names (numbers stand "
            "above numbers): it is taken as one. Tick First line holds names if it holds names."
        ),
    ),
    Case(
        "html_names.csv",
        values={"<b>x</b> & y": [1, 2, 3, 4, 5], "CO₂ [µmol/mol] 🙂": [2, 3, 5, 4, 6]},
        chosen=(("<b>x</b> & y",), ("CO₂ [µmol/mol] 🙂",)),
        page=(
            "Column '<b>x</b> & y' counts the rows (1, 2, 3, …): a row's number says nothing about a new "
            "sample, and where the rows are sorted by 'CO₂ [µmol/mol] 🙂' it gives the answer away; leave "
            "it out unless it was measured."
        ),
    ),
    Case(
        "iris_id.csv",
        values={
            "Id": [1, 2, 3, 4, 5, 6],
            "x": [5.1, 4.9, 5.3, 6.1, 6.3, 6],
            "Species": ["a", "a", "a", "b", "b", "b"],
        },
        chosen=(("x",), ("Species",)),
        page="Not chosen: column 'Id' counts the rows (1, 2, 3, …).",
    ),
    Case(
        "missing_some.csv",
        values={"len": [39.1, 39.5, 36.7, 39.3, 38.9], "mass": [3750, 3800, 3450, None, 3625]},
        notes=("1 empty row is left out",),
        chosen=(("len",), ("mass",)),
        page="1 empty row is left out.",
        pressed=(
            "Not taken: column 'mass' has 1 missing value, in line 6: fill in each of them, or choose in "
            "Missing values to fill them in or to leave the rows out. What was there stays."
        ),
    ),
    Case(
        "names_are_years.csv",
        settings={"header": True},
        refused=(
            "line 1 ('2019, 2020, 2021') looks like a sample, not like names (numbers stand above "
            "numbers): give header=False to take it as a sample, or header=True to take it as names"
        ),
        values={"2019": [1, 2, 3, 4], "2020": [2, 3, 4, 6], "2021": [3, 5, 6, 7]},
        chosen=(("column 1", "column 2"), ("column 3",)),
        page=(
            "Line 1 ('2019, 2020, 2021') looks like a sample, not like names (numbers stand above "
            "numbers): it is taken as one. Tick First line holds names if it holds names."
        ),
    ),
    Case(
        "none_category.csv",
        settings={"missing": []},
        values={"alcohol": ["None", "low", "high", "None", "low", "high"], "score": [3, 4, 6, 2, 5, 7]},
        chosen=(("alcohol",), ("score",)),
        page=(
            "'None' in column 'alcohol' counts as missing (2 cells). Take a word out of Missing words "
            "where it is a category."
        ),
        pressed=(
            "Not taken: column 'alcohol' has 2 missing values ('None' counts as one), the first in line "
            "2: fill in each of them, or choose in Missing values to fill them in or to leave the rows "
            "out; if that word is a category, take it out of Missing words. What was there stays."
        ),
    ),
    Case(
        "percent.csv",
        values={"x": [1, 2, 3, 4], "share": [10, 20, 35, 50]},
        notes=("column 'share' is written with the unit %: '10%' is read as 10",),
        chosen=(("x",), ("share",)),
        page=(
            "Column 'share' is written with the unit %: '10%' is read as 10. Column 'x' counts the rows "
            "(1, 2, 3, …): a row's number says nothing about a new sample, and where the rows are sorted "
            "by 'share' it gives the answer away; leave it out unless it was measured."
        ),
    ),
    Case(
        "pipe_sep.csv",
        values={"x": [1, 2, 3], "y": [2, 3, 5]},
        chosen=(("x",), ("y",)),
        page=(
            "Column 'x' counts the rows (1, 2, 3, …): a row's number says nothing about a new sample, and "
            "where the rows are sorted by 'y' it gives the answer away; leave it out unless it was "
            "measured."
        ),
    ),
    Case(
        "quotes_newline.csv",
        values={
            "note": ["wet\nsand", 'dry "loose" sand', "wet\nsand", 'dry "loose" sand', "wet\nsand"],
            "x": [1, 2, 3, 4, 5],
            "y": [2, 3, 4, 6, 7],
        },
        chosen=(("note",), ("y",)),
        page="Not chosen: column 'x' counts the rows (1, 2, 3, …).",
    ),
    Case(
        "semi_header_comma.csv",
        values={"Tiefe, m": [1.5, 2.5, 3.5, 4, 5.5], "Porositaet, %": [12.25, 14.75, 13.5, 11.25, 15.5]},
        chosen=(("Tiefe, m",), ("Porositaet, %",)),
    ),
    Case(
        "semi_header_comma2.csv",
        values={"Depth, m": [1.5, 2.5, 3.5, 4.1, 5.5], "Porosity, %": [12.2, 14.7, 13.5, 11.2, 15.5]},
        chosen=(("Depth, m",), ("Porosity, %",)),
    ),
    Case(
        "semi_thousands_us.csv",
        values={"population": [1234, 999, 2500, 870], "income": [52.5, 67.4, 48.1, 61]},
        notes=("column 'population' has a sign between thousands: '1,234' is read as 1234",),
        chosen=(("population",), ("income",)),
        page="Column 'population' has a sign between thousands: '1,234' is read as 1234.",
    ),
    Case(
        "semi_trailing_all.csv",
        values={
            "CO": [2.6, 2, 2.2, 2.1, 1.6],
            "NOx": [166, 103, 131, 172, 131],
            "T": [13.6, 13.3, 11.9, 11, 11.2],
        },
        notes=("2 empty columns are left out",),
        chosen=(("CO", "NOx"), ("T",)),
        page="2 empty columns are left out.",
    ),
    Case(
        "semi_trailing_blankrows.csv",
        values={"CO": [2.6, 2, 2.2], "NOx": [166, 103, 131], "T": [13.6, 13.3, 11.9]},
        notes=("2 empty rows are left out", "2 empty columns are left out"),
        chosen=(("CO", "NOx"), ("T",)),
        page="2 empty rows are left out. 2 empty columns are left out.",
    ),
    Case(
        "semi_trailing_some.csv",
        values={"a": [1, 2, 3, 4, 5], "b": [2, 3, 4, 5, 6], "c": [3, 4, 6, 7, 9]},
        notes=("1 empty column is left out",),
        chosen=(("b",), ("c",)),
        page="1 empty column is left out. Not chosen: column 'a' counts the rows (1, 2, 3, …).",
    ),
    Case(
        "sep_line.csv",
        values={"x": [1.5, 2.5, 3.5], "y": [2, 3, 4]},
        chosen=(("x",), ("y",)),
    ),
    Case(
        "space_sep.data",
        settings={"header": False},
        refused=(
            "line 1 ('0.006, 18.0, 2.31, 24.0') looks like a sample, not like names (numbers stand above "
            "numbers): give header=False to take it as a sample, or header=True to take it as names"
        ),
        values={
            "column 1": [0.006, 0.027, 0.027],
            "column 2": [18, 0, 0],
            "column 3": [2.31, 7.07, 7.07],
            "column 4": [24, 21.6, 34.7],
        },
        chosen=(("column 1", "column 2", "column 3"), ("column 4",)),
        page=(
            "Line 1 ('0.006, 18.0, 2.31, 24.0') looks like a sample, not like names (numbers stand above "
            "numbers): it is taken as one. Tick First line holds names if it holds names."
        ),
    ),
    Case(
        "tab_thousands.tsv",
        values={
            "city": ["A", "B", "C", "D", "E"],
            "population": [1234, 999, 2500, 870, 3100],
            "income": [52543, 67462, 48100, 61020, 55000],
        },
        notes=(
            "column 'population' has a sign between thousands: '1,234' is read as 1234",
            "column 'income' has a sign between thousands: '52,543' is read as 52543",
        ),
        chosen=(("population",), ("income",)),
        page=(
            "Column 'population' has a sign between thousands: '1,234' is read as 1234. Column 'income' "
            "has a sign between thousands: '52,543' is read as 52543. Not chosen: column 'city' holds 5 "
            "different texts in 5 rows (line 2 is 'A'): it is not a category, so the network could only "
            "learn the rows by heart; leave it out, or join the texts to a few categories."
        ),
    ),
    Case(
        "title_line.csv",
        settings={"skip": 1},
        refused=(
            "line 1 ('Well report 2024') looks like a title: give skip=1 to leave it out, or skip=0 to "
            "take it as names"
        ),
        values={"well": [1, 2, 3], "por": [0.2, 0.25, 0.22], "perm": [100, 140, 120]},
        chosen=(("por",), ("perm",)),
        page=(
            "Line 1 ('Well report 2024') looks like a title: it is left out. Set Lines to skip to 0 if it "
            "holds names. Not chosen: column 'well' counts the rows (1, 2, 3, …)."
        ),
    ),
    Case(
        "unicode_minus.csv",
        values={"x": [-1.5, 0.5, 1.5, -2.5], "y": [2, 3, 4, 1]},
        chosen=(("x",), ("y",)),
    ),
    Case(
        "unique_names.csv",
        values={
            "city": ["Amarillo", "Austin", "Dallas", "Houston", "Lubbock", "Waco"],
            "km": [477, 202, 30, 239, 340, 95],
            "minutes": [17.8, 24.3, 26.1, 27.4, 16, 19.1],
        },
        chosen=(("km",), ("minutes",)),
        page=(
            "Not chosen: column 'city' holds 6 different texts in 6 rows (line 2 is 'Amarillo'): it is not "
            "a category, so the network could only learn the rows by heart; leave it out, or join the texts "
            "to a few categories."
        ),
    ),
    Case(
        "units_row.csv",
        values={"depth (m)": [1, 2, 3, 4], "por (%)": [12, 13, 15, 11]},
        notes=("line 2 ('(m), (%)') holds units: they stand behind the names now",),
        chosen=(("depth (m)",), ("por (%)",)),
        page=(
            "Line 2 ('(m), (%)') holds units: they stand behind the names now. Column 'depth (m)' counts "
            "the rows (1, 2, 3, …): a row's number says nothing about a new sample, and where the rows "
            "are sorted by 'por (%)' it gives the answer away; leave it out unless it was measured."
        ),
    ),
    Case(
        "unnamed_index.csv",
        values={
            "column 1": [1, 2, 3, 4, 5],
            "TV": [230.1, 44.5, 17.2, 151.5, 180.8],
            "sales": [22.1, 10.4, 9.3, 18.5, 12.9],
        },
        chosen=(("TV",), ("sales",)),
        page="Not chosen: column 'column 1' counts the rows (1, 2, 3, …).",
    ),
    Case(
        "uppercase_true.csv",
        values={"a": [1, 2, 3, 4, 5], "b": ["TRUE", "FALSE", "TRUE", "FALSE", "TRUE"]},
        chosen=(("a",), ("b",)),
        page=(
            "Column 'a' counts the rows (1, 2, 3, …): a row's number says nothing about a new sample, and "
            "where the rows are sorted by 'b' it gives the answer away; leave it out unless it was "
            "measured."
        ),
    ),
    Case(
        "utf16.txt",
        refused=(
            "byte 3 of the file is zero, as in a workbook, a picture or UTF-16 text: save the table as CSV "
            "UTF-8"
        ),
        page=(
            "utf16.txt was not read: byte 3 of the file is zero, as in a workbook, a picture or UTF-16 "
            "text: save the table as CSV UTF-8. What was there stays."
        ),
    ),
    Case(
        "xor_onehot.csv",
        values={"x1": [0, 0, 1, 1], "x2": [0, 1, 0, 1], "y1": [0, 1, 1, 0], "y2": [1, 0, 0, 1]},
        chosen=(("x1", "x2", "y1"), ("y2",)),
    ),
    Case(
        "year_month.csv",
        values={
            "Month": [
                "1949-01",
                "1949-02",
                "1949-03",
                "1949-04",
                "1949-05",
                "1949-06",
                "1949-07",
                "1949-08",
                "1949-09",
                "1949-10",
                "1949-11",
                "1949-12",
                "1950-01",
                "1950-02",
                "1950-03",
                "1950-04",
                "1950-05",
                "1950-06",
                "1950-07",
                "1950-08",
                "1950-09",
                "1950-10",
                "1950-11",
                "1950-12",
            ],
            "Passengers": [
                112,
                113,
                114,
                115,
                116,
                117,
                118,
                119,
                120,
                121,
                122,
                123,
                124,
                125,
                126,
                127,
                128,
                129,
                130,
                131,
                132,
                133,
                134,
                135,
            ],
        },
        chosen=(("Month",), ("Passengers",)),
        page=(
            "Column 'Month' looks like dates (line 2 is '1949-01'): give numbers, e.g. the days since the "
            "first date, or leave the column out."
        ),
        pressed=(
            "Not taken: column 'Month' looks like dates (line 2 is '1949-01'): give numbers, e.g. the "
            "days since the first date, or leave the column out. What was there stays."
        ),
    ),
    Case(
        "yesno.csv",
        values={"age": [20, 30, 40, 50, 60], "smoker": ["yes", "no", "yes", "no", "no"]},
        chosen=(("age",), ("smoker",)),
    ),
]

READ = [case for case in CASES if case.values]


def opened(name: str, content: bytes | None = None) -> tuple[DataEditor, list[Dataset]]:
    """An editor in which a file was chosen, and the data that it hands on."""
    editor, taken = DataEditor(), []

    def take(data: Dataset) -> None:
        taken.append(data)
        editor.show(data)

    editor.take = take
    content = (FILES / name).read_bytes() if content is None else content
    editor.file._handle_custom_msg({"name": name, "size": len(content)}, [content])
    return editor, taken


def words(*markup: str) -> str:
    """What a person reads."""
    return " ".join(html.unescape(re.sub(r"</?b>|<br>", "", " ".join(markup))).split())


def test_every_file_has_its_place_in_the_table() -> None:
    assert sorted(case.name for case in CASES) == sorted(path.name for path in FILES.iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_python_reads_a_file_or_says_what_to_do(case: Case) -> None:
    path = FILES / case.name
    if case.refused:
        with pytest.raises(ValueError, match=f"^{re.escape(case.refused)}$"):
            read_table(path)
    if case.values:
        frame = read_table(path, **case.settings)
        assert {
            name: [None if value != value else value for value in frame[name]] for name in frame
        } == case.values
        assert frame.attrs["notes"] == case.notes


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_editor_chooses_columns_and_says_what_is_odd_before_anything_is_trained(case: Case) -> None:
    editor, taken = opened(case.name)
    assert (editor.predictors.value, editor.responses.value) == case.chosen
    assert words(editor.notes.value, editor.advice.value, editor.message.value) == case.page
    assert taken == []


@pytest.mark.parametrize("case", READ, ids=lambda case: case.name)
def test_the_editor_trains_on_a_file_or_says_what_to_do(case: Case) -> None:
    editor, taken = opened(case.name)
    editor.use.click()
    assert words(editor.message.value) == case.pressed
    assert len(taken) == (0 if case.pressed else 1)
    assert "=" not in words(editor.notes.value, editor.advice.value, editor.message.value), (
        "a cure for Python on the page"
    )


@pytest.mark.parametrize("case", [case for case in READ if case.settings], ids=lambda case: case.name)
def test_what_a_person_says_about_a_file_reads_the_same_file_anew(case: Case) -> None:
    editor, taken = opened(case.name)
    for name, value in case.settings.items():
        getattr(editor, name).value = ", ".join(value) if name == "missing" else value
    assert words(editor.message.value) == ""
    assert editor.predictors.options == tuple(case.values)
    rows = len(next(iter(case.values.values())))
    assert f"{case.name}: {rows} rows, {len(case.values)} columns." in editor.found.value
    editor.missing_rows.value = "leave the rows out"
    editor.use.click()
    assert words(editor.message.value) == ""
    assert len(taken[0]) + len(taken[0].test) == sum(
        None not in row for row in zip(*case.values.values(), strict=True)
    )
