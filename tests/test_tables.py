"""Tables: CSV files as people save them are read, and bad ones are refused with the line and the cure, never with anything else."""

import io
import re
from contextlib import suppress

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ann_dashboard.tables import MOST_BYTES, MOST_ROWS, MOST_TABLE_COLUMNS, read_table

EXPECTED = pd.DataFrame({"depth": [1.5, 2.5], "rock": ["sand", "shale, grey"]}, index=pd.Index([2, 3], name="line"))


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
    ids=["unix", "windows", "old mac", "byte order mark", "semicolon", "decimal comma", "tab", "blanks and empty rows"],
)
def test_a_file_is_read_as_spreadsheet_programs_save_it(content):
    pd.testing.assert_frame_equal(read_table(content), EXPECTED)


def test_a_table_is_read_from_a_path_an_open_file_and_bytes(tmp_path):
    text = "größe,b\n1,2\n"
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    sources = [path, str(path), io.StringIO(text), io.BytesIO(text.encode()), text.encode(), bytearray(text.encode()), memoryview(text.encode())]
    assert [read_table(source).to_dict("list") for source in sources] == [{"größe": [1.0], "b": [2.0]}] * len(sources)


def test_missing_values_are_spelled_as_pandas_reads_them():
    table = read_table(b"a,b\n1,NA\n,x\nNaN,null\n4,y\n")
    assert table.isna().to_numpy().tolist() == [[False, True], [True, False], [True, True], [False, False]]
    assert table["a"].dtype == float


def test_the_index_counts_the_lines_of_the_file():
    assert read_table(b'a,b\n\n1,"two\nlines"\n3,4\n,\n5,6\n').index.tolist() == [3, 5, 7]


def test_a_column_without_a_name_gets_one_as_pandas_saves_its_index_so():
    assert read_table(pd.DataFrame({"a": [1.0]}).to_csv().encode()).to_dict("list") == {"column 1": [0.0], "a": [1.0]}


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=10))
def test_numbers_are_read_back_to_the_same_floats(values):
    assert read_table(pd.DataFrame({"a": values, "b": values}).to_csv(index=False).encode())["a"].tolist() == values


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8).map("<{}>".format)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5), st.sampled_from([",", ";", "\t"]))
@example([('<">', "<\r>"), ("<\n>", "<a;b\tc,d>")], ",")
def test_quoted_texts_are_read_back_whatever_they_hold(rows, separator):
    quoted = [separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [("first", "second"), *rows]]
    assert list(read_table("\n".join(quoted).encode()).itertuples(index=False, name=None)) == rows


BAD_FILES = [
    (b"", "the file is empty: give a line of column names and one line a sample"),
    (b" \n\n", "the file is empty"),
    (b",,\n", "the file has no column names"),
    (b"\xef\xbb\xbf", "the file has no column names"),
    (b"a,b\n", "the file has column names ('a, b') but no rows: give one line a sample below them"),
    (b"a,b\n1,2\n1,2,3\n", "line 3 has 3 cells but line 1 names 2 columns: give each row one cell a column"),
    (b"a,b\n1,2\n\n1\n", "line 4 has 1 cell but line 1 names 2 columns"),
    (b"a,b, a\n1,2,3\n", "columns 1 and 3 have the same name 'a': rename them"),
    (
        b"1,2\n3,4\n",
        "line 1 ('1, 2') looks like a sample, not like names (numbers stand above numbers): "
        "give header=False to take it as a sample, or header=True to take it as names",
    ),
    (b"ab\n12\n", "the table has one column only, 'ab': separate the columns by comma, semicolon, tab, | or blanks"),
    (b'a,b\n1,2\n"3,4\n5,6\n', "line 3 of the file is no row of cells (unexpected end of data): close its quotes"),
    (b'a,b\n"1"x,2\n', "line 2 of the file is no row of cells (',' expected after '\"')"),
    ("a,b\n1,2\nä,3\n".encode("latin-1"), "byte 8 of the file (0xe4, in line 3) is no UTF-8 text: save it as CSV UTF-8"),
    ("a,b\n1,2\n".encode("utf-16"), "byte 3 of the file is zero, as in a workbook, a picture or UTF-16 text: save the table as CSV UTF-8"),
    (b"PK\x03\x04\x14\x00\x06", "byte 5 of the file is zero, as in a workbook"),
    (b"\x89PNG\r\n\x1a\n", "byte 0 of the file (0x89, in line 1) is no UTF-8 text"),
    (b"a,b\n" + b"1,2\n" * (MOST_ROWS + 1), "the table has 5001 rows, the most is 5000: keep a part of them"),
    (b",".join(b"c%d" % n for n in range(200)) + b"\n" + b",".join([b"1"] * 200), "the table has 200 columns, the most is 100"),
    (b"a,b\n" + b"1,2\n" * 12_500_000, "the file has 50.0 MB, the most is 5 MB: keep the rows and columns you need"),
    (b"a,b\n" + b"x" * 200_000 + b",1\n", "line 2 of the file is no row of cells (field larger than field limit (131072))"),
]


@pytest.mark.parametrize(("content", "message"), BAD_FILES, ids=[message[:40] for _, message in BAD_FILES])
def test_a_bad_file_is_refused_with_the_place_and_the_cure(content, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}") as refusal:
        read_table(content)
    assert len(str(refusal.value)) < 250


def test_a_file_at_the_limits_is_read():
    wide = b",".join(b"c%d" % n for n in range(MOST_TABLE_COLUMNS)) + b"\n" + (b",".join([b"1"] * MOST_TABLE_COLUMNS) + b"\n") * MOST_ROWS
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
