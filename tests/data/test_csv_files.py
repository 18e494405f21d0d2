"""Tables: CSV files as people save them are read.

Bad ones are refused with the line and the cure, and never with anything else.
"""

import io
import re
from contextlib import suppress
from pathlib import PurePosixPath

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ann_dashboard.data.csv_files import MOST_BYTES, MOST_ROWS, MOST_TABLE_COLUMNS, read_table

EXPECTED = pd.DataFrame(
    {"depth": [1.5, 2.5], "rock": ["sand", "shale, grey"]}, index=pd.Index([2, 3], name="line")
)


@pytest.mark.parametrize(
    "content",
    [
        b'depth,rock\n1.5,sand\n2.5,"shale, grey"\n',
        b'depth,rock\r\n1.5,sand\r\n2.5,"shale, grey"',
        b'depth,rock\r1.5,sand\r2.5,"shale, grey"\r',
        b'\xef\xbb\xbfdepth,rock\n1.5,sand\n2.5,"shale, grey"\n',
        b"depth;rock\n1.5;sand\n2.5;shale, grey\n",
        b"depth;rock\n1,5;sand\n2,5;shale, grey\n",
        b"depth\trock\n1,5\tsand\n2,5\tshale, grey\n",
        b' depth , rock \n 1.5 , sand \n2.5,"shale, grey "\n,\n\n',
    ],
    ids=[
        "unix",
        "windows",
        "old mac",
        "byte order mark",
        "semicolon",
        "decimal comma",
        "tab",
        "blanks and empty rows",
    ],
)
def test_a_file_is_read_as_spreadsheet_programs_save_it(content):
    pd.testing.assert_frame_equal(read_table(content), EXPECTED)


def test_a_table_is_read_from_a_path_an_open_file_and_bytes(tmp_path):
    text = "größe,b\n1,2\n"
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    sources = [
        path,
        str(path),
        io.StringIO(text),
        io.BytesIO(text.encode()),
        text.encode(),
        bytearray(text.encode()),
        memoryview(text.encode()),
    ]
    assert [read_table(source).to_dict("list") for source in sources] == [{"größe": [1.0], "b": [2.0]}] * len(
        sources
    )


def test_missing_values_are_spelled_as_pandas_reads_them():
    table = read_table(b"a,b\n1,NA\n,x\nNaN,null\n4,y\n")
    assert table.isna().to_numpy().tolist() == [[False, True], [True, False], [True, True], [False, False]]
    assert table["a"].dtype == float


def test_the_index_counts_the_lines_of_the_file():
    assert read_table(b'a,b\n\n1,"two\nlines"\n3,4\n,\n5,6\n').index.tolist() == [3, 5, 7]


def test_a_column_without_a_name_gets_one_as_pandas_saves_its_index_so():
    assert read_table(pd.DataFrame({"a": [1.0]}).to_csv().encode()).to_dict("list") == {
        "column 1": [0.0],
        "a": [1.0],
    }


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=10))
def test_numbers_are_read_back_to_the_same_floats(values):
    assert (
        read_table(pd.DataFrame({"a": values, "b": values}).to_csv(index=False).encode())["a"].tolist()
        == values
    )


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8).map("<{}>".format)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5), st.sampled_from([",", ";", "\t"]))
@example([('<">', "<\r>"), ("<\n>", "<a;b\tc,d>")], ",")
def test_quoted_texts_are_read_back_whatever_they_hold(rows, separator):
    quoted = [
        separator.join('"' + cell.replace('"', '""') + '"' for cell in row)
        for row in [("first", "second"), *rows]
    ]
    assert list(read_table("\n".join(quoted).encode()).itertuples(index=False, name=None)) == rows


BAD_FILES = [
    (b"", "the file is empty: give a line of column names and one line a sample"),
    (b" \n\n", "the file is empty"),
    (b",,\n", "the file has no column names"),
    (b"\xef\xbb\xbf", "the file has no column names"),
    (b"a,b\n", "the file has column names ('a, b') but no rows: give one line a sample below them"),
    (b"a,b\n1,2\n1,2,3\n", "line 3 has 3 cells but line 1 names 2 columns: give each row one cell a column"),
    (
        b"a,b\n1,1.5,2\n2,2.5,3\n",
        "line 2 has 3 cells but line 1 names 2 columns: "
        "give each row one cell a column, and name the column of row names "
        "in line 1, if there is one; where a comma stands before decimals, separate the cells by semicolons",
    ),
    (
        b"a,b\nr,1.5,2\nr,2.5,3\n",
        "line 2 has 3 cells but line 1 names 2 columns: "
        "give each row one cell a column, and put a text that holds the "
        "separator in quotes, and name the column of row names in line 1, if there is one",
    ),
    (
        b"a;b\n1,5;2;5\n2,5;3;5\n",
        "line 2 has 3 cells but line 1 names 2 columns: "
        "give each row one cell a column, and name the column of row names "
        "in line 1, if there is one",
    ),
    (
        b"a,b\n1,5,2,5\n2,5,3,5\n",
        "line 2 has 4 cells but line 1 names 2 columns: "
        "give each row one cell a column; where a comma stands before decimals, "
        "separate the cells by semicolons",
    ),
    (b"a,b\n1,2\n\n1\n", "line 4 has 1 cell but line 1 names 2 columns"),
    (b"a,b, a\n1,2,3\n", "columns 1 and 3 have the same name 'a': rename them"),
    (
        b"1,2\n3,4\n",
        "line 1 ('1, 2') looks like a sample, not like names (numbers stand above numbers): "
        "give header=False to take it as a sample, or header=True to take it as names",
    ),
    (
        b"ab\n12\n",
        "the table has one column only, 'ab': separate the columns by comma, semicolon, tab, | or blanks",
    ),
    (
        b'a,b\n1,2\n"3,4\n5,6\n',
        "line 3 of the file is not a row of cells (unexpected end of data): close its quotes",
    ),
    (b'a,b\n"1"x,2\n', "line 2 of the file is not a row of cells (',' expected after '\"')"),
    (
        "a,b\n1,2\nä,3\n".encode("latin-1"),
        "byte 8 of the file (0xe4, in line 3) is not UTF-8 text: save it as CSV UTF-8",
    ),
    (
        "a,b\n1,2\n".encode("utf-16"),
        "byte 3 of the file is zero, as in a workbook, a picture or UTF-16 text: save the table as CSV UTF-8",
    ),
    (b"PK\x03\x04\x14\x00\x06", "byte 5 of the file is zero, as in a workbook"),
    (b"\x89PNG\r\n\x1a\n", "byte 0 of the file (0x89, in line 1) is not UTF-8 text"),
    (b"a,b\n" + b"1,2\n" * (MOST_ROWS + 1), "the table has 5001 rows, the most is 5000: keep a part of them"),
    (
        b",".join(b"c%d" % n for n in range(200)) + b"\n" + b",".join([b"1"] * 200),
        "the table has 200 columns, the most is 100",
    ),
    (
        b"a,b\n" + b"1,2\n" * 12_500_000,
        "the file has 50.0 MB, the most is 5 MB: keep the rows and columns you need",
    ),
    (
        b"a,b\n" + b"x" * 200_000 + b",1\n",
        "line 2 of the file is not a row of cells (field larger than field limit (131072))",
    ),
]


@pytest.mark.parametrize(("content", "message"), BAD_FILES, ids=[message[:40] for _, message in BAD_FILES])
def test_a_bad_file_is_refused_with_the_place_and_the_cure(content, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}") as refusal:
        read_table(content)
    assert len(str(refusal.value)) < 250


def test_a_file_at_the_limits_is_read():
    wide = (
        b",".join(b"c%d" % n for n in range(MOST_TABLE_COLUMNS))
        + b"\n"
        + (b",".join([b"1"] * MOST_TABLE_COLUMNS) + b"\n") * MOST_ROWS
    )
    assert len(wide) < MOST_BYTES
    assert read_table(wide).shape == (MOST_ROWS, MOST_TABLE_COLUMNS)


@pytest.mark.parametrize("source", [None, 3, ["a,b"]])
def test_what_is_no_file_is_refused(source):
    with pytest.raises(TypeError, match=r"source is a .*: give a path, an open file, or bytes"):
        read_table(source)


def test_a_large_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(ValueError, match=r"the file has 50.0 MB, the most is 5 MB"):
        read_table(path)


@given(st.binary(max_size=60) | st.text(alphabet="ab1,.;\t\n\r\"' é", max_size=40).map(str.encode))
@example(b"a,b\n1,2\n3,4\n")
def test_any_bytes_give_a_table_or_a_refusal(content):
    with suppress(ValueError, TypeError):
        table = read_table(content)
        assert table.size > 0
        assert table.columns.is_unique


@pytest.mark.parametrize("told", ["sep=;\r\n", '"sep=;"\n', "\ufeffSEP=;\n"])
def test_the_line_in_which_a_spreadsheet_tells_its_separator_is_no_header(told):
    assert read_table(f"{told}a;b\n1,5;2\n".encode()).to_dict("list") == {"a": [1.5], "b": [2.0]}


HEADERLESS = [
    ("1,2,3\n4,5,6\n7,8,9\n", "numbers stand above numbers"),
    ("5.1,3.5,setosa\n4.9,3.0,setosa\n7.0,3.2,virginica\n", "numbers stand above numbers"),
    ("5.1,5.1,setosa\n4.9,3.0,setosa\n7.0,3.2,virginica\n", "numbers stand above numbers"),
    ("5.1,?,a\n4.9,3.0,a\n7.0,3.2,b\n", "numbers stand above numbers"),
    ("5.1,unknown,1.4\n4.9,3.0,1.5\n7.0,3.2,1.9\n", "numbers stand above numbers"),
    ("$5;a\n$7;b\n$6;a\n", "numbers stand above numbers"),
    ("2020-01-01,sand\n2020-01-02,shale\n2020-01-03,silt\n", "a date stands above dates"),
    ("sunny,hot,no\nrain,mild,yes\nsunny,mild,yes\nrain,hot,no\n", "'sunny' stands in the same column again"),
    ("b,b,c\nx,o,d\no,x,e\n", "'b' is there twice"),
]


@pytest.mark.parametrize(("text", "why"), HEADERLESS)
def test_a_first_line_that_looks_like_a_sample_is_asked_about_and_never_lost(text, why):
    first = re.split("[,;]", text.splitlines()[0])
    message = (
        f"line 1 ({', '.join(first)!r}) looks like a sample, not like names ({why}): give header=False to "
        "take it as a sample, or header=True"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        read_table(text.encode())
    table = read_table(text.encode(), header=False)
    assert table.columns.tolist() == [f"column {place}" for place in range(1, len(first) + 1)]
    assert (len(table), table.index[0]) == (text.count("\n"), 1)


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n1,2\n2,3\n",
        "x,2019\n5,1\n6,2\n",
        "outlook,play\nsunny,no\nrain,yes\nsunny,yes\n",
        ",TV\n0,1.5\n1,2.5\n",
        "depth,sand\n1,sand\n2,shale\n",
        "date,x\n2020-01-01,1\n2020-01-02,2\n",
    ],
)
def test_a_line_of_names_is_no_sample(text):
    assert len(read_table(text.encode())) == text.count("\n") - 1


def test_names_that_are_numbers_are_kept_when_they_are_said_to_be_names():
    assert read_table(b"2019,2020\n1,2\n2,3\n", header=True).to_dict("list") == {
        "2019": [1.0, 2.0],
        "2020": [2.0, 3.0],
    }


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Depth, m;Porosity, %\n1,5;12\n2,5;14\n", {"Depth, m": [1.5, 2.5], "Porosity, %": [12.0, 14.0]}),
        (
            "name;place;x\nSmith, J;Rome, I;1\nDoe, J;Paris, F;2\n",
            {"name": ["Smith, J", "Doe, J"], "place": ["Rome, I", "Paris, F"], "x": [1.0, 2.0]},
        ),
        ('a,b\n"x; y",1\n"z; w",2\n', {"a": ["x; y", "z; w"], "b": [1.0, 2.0]}),
        ("name\tx\nSmith, J\t1\nDoe, J\t2\n", {"name": ["Smith, J", "Doe, J"], "x": [1.0, 2.0]}),
        ("a|b, c\n1|x, y\n2|z\n", {"a": [1.0, 2.0], "b, c": ["x, y", "z"]}),
        ("a b\n0,5   1,25\n 1,5\t2,5 \n", {"a": [0.5, 1.5], "b": [1.25, 2.5]}),
        (
            'mpg name\n18.0   "chevrolet chevelle"\n15.0\t"buick skylark"\n',
            {"mpg": [18.0, 15.0], "name": ["chevrolet chevelle", "buick skylark"]},
        ),
        ("sep=,\na;x,b\n1,2\n2,3\n", {"a;x": [1.0, 2.0], "b": [2.0, 3.0]}),
        ("sep=|\na|b\n1|2\n", {"a": [1.0], "b": [2.0]}),
        (
            "date,x\n2020-01-01 10:00,1\n2020-01-02 11:00,2\n",
            {"date": ["2020-01-01 10:00", "2020-01-02 11:00"], "x": [1.0, 2.0]},
        ),
    ],
)
def test_all_rows_decide_what_separates_the_cells(text, columns):
    assert read_table(text.encode()).to_dict("list") == columns


STYLES = [
    ("", "."),
    ("", ","),
    (",", "."),
    (".", ","),
    (" ", ","),
    ("\N{NARROW NO-BREAK SPACE}", ","),
    ("\N{NO-BREAK SPACE}", "."),
    ("’", "."),
]


@given(
    st.sampled_from(STYLES),
    st.sampled_from([";", "\t", "|"]),
    st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8),
)
def test_a_files_numbers_are_read_in_the_style_of_the_file(style, separator, hundredths):
    between, point = style
    values = [number / 100 for number in hundredths]
    texts = [f"{value:,.2f}".translate(str.maketrans({",": between, ".": point})) for value in values]
    content = "\n".join(["a" + separator + "b", *(f"{text}{separator}x" for text in texts)])
    assert read_table(content.encode())["a"].tolist() == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a;b\n1,234;52.5\n2,345;67.4\n", [1234.0, 2345.0]),
        ("a;b\n1,234;52,5\n2,345;67,4\n", [1.234, 2.345]),
        ("a;b\n1.234;52,5\n2.345;67,4\n", [1234.0, 2345.0]),
        ("a;b\n1.234;1\n2.345;2\n", [1.234, 2.345]),
        ('a,b\n"1,234",1\n"2,345",2\n', [1234.0, 2345.0]),
    ],
)
def test_the_files_own_decimal_sign_decides_about_thousands(text, values):
    assert read_table(text.encode())["a"].tolist() == values


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("a;b\n1.234;1\n2.345;2\n", "column 'a' has numbers with two readings: '1.234' is read as 1.234"),
        ("a\tb\n1.234\t1\n2.345\t2\n", "column 'a' has numbers with two readings: '1.234' is read as 1.234"),
        ("a,b\n1.234,1\n2.345,2\n", None),
        ("a;b\n0.234;1\n2.345;2\n", None),
    ],
)
def test_a_point_that_may_stand_between_thousands_is_read_before_decimals_and_that_is_said(text, note):
    assert read_table(text.encode()).attrs["notes"] == ((note,) if note else ())
    assert read_table(text.encode(), decimal=".").attrs["notes"] == ()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", " "])
@pytest.mark.parametrize("begins", [["r1", "r2", "r3"], ["Mazda", "1", "2"]])
def test_names_of_rows_without_a_name_of_their_own_are_read_as_r_writes_them_and_that_is_said(
    separator, begins
):
    rows = [["mpg", "cyl"], *([name, "21.5", str(n)] for n, name in enumerate(begins))]
    table = read_table("\n".join(map(separator.join, rows)).encode())
    assert {name: table[name].tolist() for name in table} == {
        "column 1": begins,
        "mpg": [21.5] * 3,
        "cyl": [0.0, 1.0, 2.0],
    }
    said = (
        "line 1 names 2 columns and the rows have 3 cells: "
        "the first cell is taken for the row's name, as R writes it"
    )
    assert table.attrs["notes"] == (said,)


def test_numbers_with_two_readings_stay_texts_until_the_decimal_sign_is_given():
    text = b"a\tb\n1,234\t1\n2,345\t2\n"
    assert read_table(text)["a"].tolist() == ["1,234", "2,345"]
    assert read_table(text, decimal=".")["a"].tolist() == [1234.0, 2345.0]
    assert read_table(text, decimal=",")["a"].tolist() == [1.234, 2.345]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("# logger v2\na,b\n1,2\n2,3\n", "line 1 ('# logger v2') is a comment and is left out"),
        (
            "// x, y, z\n// by me\na,b\n1,2\n2,3\n",
            "lines 1 and 2 (the first: '// x, y, z') are comments and are left out",
        ),
        ("a,b\n1,2\n2,3\n% end\n", "line 4 ('% end') is a comment and is left out"),
        ("a,b\n(m),(%)\n1,2\n2,3\n", "line 2 ('(m), (%)') holds units: they stand behind the names now"),
        ("a;b;;\n1;2;;\n2;3;;\n;;;\n", "1 empty row is left out"),
        ("a;b;;\n1;2;;\n2;3;;\n;;;\n", "2 empty columns are left out"),
        ("a,,b\n1,,2\n2,,3\n", "1 empty column is left out"),
        ("a,b\nNA,2\n2,3\n", "'NA' in column 'a' counts as missing (1 cell)"),
    ],
)
def test_what_is_left_out_or_joined_is_said(text, note):
    table = read_table(text.encode())
    assert note in table.attrs["notes"]
    assert table["b" if "b" in table else "b (%)"].tolist()[-1] == 3.0


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("#,x\n1,2\n2,3\n", ["#", "x"]),
        ("# of rooms,price\n3,200\n4,300\n", ["# of rooms", "price"]),
        ("# x y\n1.0e+00 2.0e+00\n2 3\n", ["x", "y"]),
        ("#1,x\n#2,y\n#1,z\n", None),
    ],
)
def test_names_and_samples_may_begin_with_a_number_sign(text, names):
    assert read_table(text.encode(), header=names is not None).columns.tolist() == (
        names or ["column 1", "column 2"]
    )


@pytest.mark.parametrize(
    ("text", "skip", "found"),
    [
        ("Well report,,\nwell,por,perm\n1,2,3\n2,3,5\n", 1, "line 1 ('Well report') looks like a title"),
        ("Well report\n\nwell,por,perm\n1,2,3\n2,3,5\n", 2, "line 1 ('Well report') looks like a title"),
        ("Report\nby me\nwell,por\n1,2\n2,3\n", 2, "lines 1 and 2 (the first: 'Report') look like titles"),
        (
            "Station,Galway\nYear,2024\nwell,por,perm,x\n1,2,3,4\n2,3,5,6\n",
            2,
            "lines 1 and 2 (the first: 'Station, Galway') look like titles",
        ),
    ],
)
def test_a_title_is_named_with_the_way_to_skip_it(text, skip, found):
    message = f"{found}: give skip={skip} to leave it out, or skip=0 to take it as names"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read_table(text.encode())
    table = read_table(text.encode(), skip=skip)
    assert table.columns.tolist()[:2] == ["well", "por"]
    assert table.index[-1] == text.count("\n")


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (["?"], ["None", None, "x"]),
        ([], ["None", "?", "x"]),
        (["None", "?"], [None, None, "x"]),
        (["x", "?"], ["None", None, None]),
    ],
)
def test_the_words_that_count_as_missing_can_be_given(words, values):
    column = read_table(b"a,b\nNone,1\n?,2\nx,4\n", missing=words)["a"]
    assert [None if value != value else value for value in column] == values


@pytest.mark.parametrize(
    "source",
    [
        "https://example.org/a.csv",
        "http://example.org/a.csv",
        "ftp://example.org/a.csv",
        "s3://bucket/a.csv",
        "gs://bucket/a.csv",
    ],
)
@pytest.mark.parametrize("kind", [str, PurePosixPath])
def test_a_web_address_is_no_path_and_the_line_that_reads_it_is_given(source, kind):
    message = (
        f"source is the web address {source!r}: give the path of a file, an open file or bytes; with "
        "pandas: Dataset.from_frame("
    )
    with pytest.raises(
        ValueError,
        match=re.escape(f"{message}pandas.read_csv({source!r}), predictors=[...], responses=[...])"),
    ):
        read_table(kind(source))


def test_the_address_of_a_file_and_the_text_of_a_table_are_no_paths():
    with pytest.raises(
        ValueError,
        match=r"source is the address 'file:///home/me/a.csv': give the path alone, e.g. '/home/me/a.csv'",
    ):
        read_table("file:///home/me/a.csv")
    with pytest.raises(
        ValueError,
        match=(
            r"source is a text \('a,b\\n1,2\\n'\), not a path: give io.StringIO\(text\), or the path of a "
            r"file"
        ),
    ):
        read_table("a,b\n1,2\n")


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"header": 1}, TypeError, "header is 1: give True, False, or None to find it out"),
        ({"skip": -1}, ValueError, "skip is -1: give a whole number of 0 or more"),
        (
            {"skip": 9},
            ValueError,
            "skip is 9, and the file has 3 lines: leave out fewer, so that names and samples remain",
        ),
        ({"decimal": ";"}, ValueError, "decimal is ';': choose one of ., ,"),
        (
            {"missing": "NA"},
            TypeError,
            "missing is 'NA', not a list of words: give e.g. ['NA', '?'], or [] where every word is a "
            "category",
        ),
    ],
)
def test_settings_that_cannot_be_are_refused(settings, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}"):
        read_table(b"a,b\n1,2\n2,3\n", **settings)


@pytest.mark.parametrize(
    "content",
    [
        b"#\n" * 200_000 + b"a,b\n1,2\n2,3\n",
        b"a,b\n1,2\n2,3\n" + b"#\n" * 200_000,
        b"a,b\n1,2\n2,3\n" + b"\n" * 1_000_000,
    ],
)
def test_comments_and_empty_lines_without_end_are_left_out_at_once(content):
    """Each took minutes, with a time that grew with the square of the lines."""
    assert read_table(content).to_dict("list") == {"a": [1.0, 2.0], "b": [2.0, 3.0]}
