"""Files for translators: what is in them, and that they come back as they went."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from disclosures.content.working_copy import working_document
from disclosures.models import Scenario
from disclosures.translating import csv_file, xliff
from disclosures.translating.queries import units_wanted
from disclosures.translating.returned import UnreadableFile
from disclosures.translating.units import Wanted
from privacycenter.canonical import sha256_of
from privacycenter.text.csv_cells import FORMULA_BEGINNINGS, kept, read_back
from tests.support.desk import online_booking, save
from tests.support.html import read

pytestmark = pytest.mark.django_db

FILE = "/admin/translations/file/"
NS = {"x": xliff.CORE, "m": xliff.METADATA}
# The part of the schema of XLIFF 2.1 that these files need (sections 4.2, 5.4), in RELAX NG.
SCHEMA = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="urn:oasis:names:tc:xliff:document:2.0"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="xliff">
    <attribute name="version" ns=""><value>2.1</value></attribute>
    <attribute name="srcLang" ns=""><data type="language"/></attribute>
    <attribute name="trgLang" ns=""><data type="language"/></attribute>
    <oneOrMore><element name="file">
      <attribute name="id" ns=""><data type="NMTOKEN"/></attribute>
      <attribute name="canResegment" ns=""><choice><value>yes</value><value>no</value></choice></attribute>
      <attribute name="xml:space" ns="http://www.w3.org/XML/1998/namespace"><value>preserve</value></attribute>
      <oneOrMore><ref name="unit"/></oneOrMore>
    </element></oneOrMore>
  </element></start>
  <define name="unit"><element name="unit">
    <attribute name="id" ns=""><data type="NMTOKEN"/></attribute>
    <attribute name="name" ns=""/>
    <element name="metadata" ns="urn:oasis:names:tc:xliff:metadata:2.0"><element name="metaGroup" ns="urn:oasis:names:tc:xliff:metadata:2.0">
      <attribute name="category" ns=""/>
      <oneOrMore><element name="meta" ns="urn:oasis:names:tc:xliff:metadata:2.0"><attribute name="type" ns=""/><text/></element></oneOrMore>
    </element></element>
    <element name="notes"><oneOrMore><element name="note"><attribute name="category" ns=""/><ref name="words"/></element></oneOrMore></element>
    <element name="segment">
      <attribute name="state" ns=""><choice><value>initial</value><value>translated</value><value>reviewed</value><value>final</value></choice></attribute>
      <element name="source"><ref name="words"/></element>
      <optional><element name="target"><ref name="words"/></element></optional>
    </element>
  </element></define>
  <define name="words"><mixed><zeroOrMore><element name="cp"><attribute name="hex" ns=""><data type="hexBinary"/></attribute><empty/></element></zeroOrMore></mixed></define>
</grammar>
"""


def all_units():
    return units_wanted(working_document(), "en", wanted=Wanted.ALL)


def content_of(client, **query) -> bytes:
    return client.get(FILE, query).content


@pytest.mark.parametrize("module", [xliff, csv_file])
def test_every_text_comes_back_as_it_went(module):
    found = all_units()
    returned = module.read(module.written(((unit, "where", ["a hint"]) for unit in found), "en"))
    assert (returned.language, returned.problems) == ("en", [])
    assert [(one.id, one.source, one.target) for one in returned.units] == [
        (unit.id, unit.source, unit.target) for unit in found
    ]
    assert [(one.source_sha256, one.target_sha256) for one in returned.units] == [
        (sha256_of(unit.source), sha256_of(unit.target)) for unit in found
    ]


def test_xliff_keeps_to_its_schema(as_editor):
    save(as_editor, online_booking(), title="ネットでの予約", body_en="")
    root = etree.fromstring(content_of(as_editor, wanted="all", format="xliff"))
    etree.RelaxNG(etree.fromstring(SCHEMA)).assertValid(root)
    ids = root.xpath("//x:unit/@id", namespaces=NS)
    assert len(ids) == len(set(ids)) > 100


def test_file_has_what_the_list_has(as_editor):
    save(as_editor, online_booking(), title="ネットでの予約", body_en="")
    root = etree.fromstring(content_of(as_editor))
    units = {unit.get("name"): unit for unit in root.iterfind(".//x:unit", NS)}
    assert set(units) == {"scenarios/online-booking/title", "scenarios/online-booking/body"}
    title = units["scenarios/online-booking/title"]
    assert title.findtext(".//x:source", namespaces=NS) == "ネットでの予約"
    assert any("ネット予約" in note.text for note in title.iterfind(".//x:note", NS))
    assert units["scenarios/online-booking/body"].find(".//x:target", NS) is None
    assert {segment.get("state") for segment in root.iterfind(".//x:segment", NS)} == {"initial"}


def test_file_is_a_download_named_by_its_language(as_editor):
    answer = as_editor.get(FILE, {"format": "csv", "wanted": "all"})
    assert answer["Content-Type"] == csv_file.CONTENT_TYPE
    assert 'filename="translations-en-' in answer["Content-Disposition"] and answer["Content-Disposition"].endswith(
        '.csv"'
    )
    assert as_editor.get(FILE, {"wanted": "all"})["Content-Type"] == xliff.CONTENT_TYPE


@pytest.mark.parametrize("format", ["xliff", "csv"])
def test_empty_list_gives_no_file_and_says_so(as_editor, format):
    answer = as_editor.get(FILE, {"wanted": "older", "format": format})
    assert answer["Location"].startswith("/admin/translations/?language=en&wanted=older")
    assert "ファイルはありません" in read(as_editor.get(answer["Location"])).text


def test_csv_opens_in_a_spreadsheet_without_formulas(as_editor):
    Scenario.objects.filter(code="online-booking").update(title="=1+1")
    save(as_editor, online_booking(), body="- 一つ\n- 二つ")
    content = content_of(as_editor, wanted="all", format="csv")
    assert content.startswith("\ufeff".encode())
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert lines[0][:5] == ["id", "where", "state", "source:ja", "target:en"]
    assert [cell for line in lines for cell in line if cell.startswith(FORMULA_BEGINNINGS)] == []
    (title,) = [line for line in lines if line[0] == "scenarios/online-booking/title"]
    assert title[3] == "'=1+1"


@given(st.text(alphabet="'=+-@ \u3000＝a\n", max_size=6))
def test_cell_comes_back_as_it_went(text):
    assert read_back(kept(text)) == text
    assert not kept(text).startswith(FORMULA_BEGINNINGS)


def test_cell_without_its_apostrophe_is_read_as_well():
    assert [read_back(cell) for cell in ("- one", "'- one", "'quoted'", "plain")] == [
        "- one",
        "- one",
        "'quoted'",
        "plain",
    ]


# --- What tools make of them -----------------------------------------------------------------------------------------


def a_file(inside: str, *, source="ja", target="en", space=xliff.CORE) -> bytes:
    return (
        f'<xliff xmlns="{space}" version="2.0" srcLang="{source}" trgLang="{target}"><file id="f">{inside}</file></xliff>'
    ).encode()


def a_unit(segments: str, id="scenarios.online-booking.title") -> str:
    return f'<unit id="{id}">{segments}</unit>'


def test_segments_marks_and_code_points_make_one_text():
    (unit,) = xliff.read(
        a_file(
            a_unit(
                "<segment><source>一。</source><target>One. <mrk id='m'>Mark</mrk><cp hex='0007'/>.</target></segment>"
                "<ignorable><source> </source></ignorable>"
                "<segment><source>二。</source><target>Two.</target></segment>"
            )
        )
    ).units
    assert (unit.source, unit.target) == ("一。 二。", "One. Mark\a. Two.")
    assert unit.id == "scenarios/online-booking/title" and unit.source_sha256 == ""


@pytest.mark.parametrize(
    "inside",
    [
        "<ph id='1'/>",
        "<pc id='1'>x</pc>",
        "<cp hex='zz'/>",
        "<cp hex='FFFFFFFF'/>",
        "<cp hex='D800'/>",
        "<mrk id='m'>" * 3000 + "</mrk>" * 3000,
    ],
)
def test_unit_with_a_code_is_named_and_the_others_are_read(inside):
    found = xliff.read(
        a_file(
            a_unit(f"<segment><source>一</source><target>{inside}</target></segment>")
            + a_unit("<segment><source>二</source><target>Two</target></segment>", "links.x.title")
        )
    )
    assert [problem.unit for problem in found.problems] == ["scenarios/online-booking/title"]
    assert [unit.id for unit in found.units] == ["links/x/title"]


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (LAUGHS + a_file("&b;"), "DOCTYPE"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd">' + a_file(""), "DOCTYPE"),
        (b"<xliff", "XML"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "XML"),
        (b"<html/>", "XLIFF 2"),
        (a_file("", space="urn:oasis:names:tc:xliff:document:1.2"), "XLIFF 2"),
        (a_file("", source="en"), "srcLang"),
    ],
)
def test_file_that_is_no_xliff_says_why(content, told):
    with pytest.raises(UnreadableFile, match=told):
        xliff.read(content)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_of_a_spreadsheet_is_read(delimiter, encoding):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(
        [["id", "Source:ja", "target:en"], ["links/x/title", "一", "One\nTwo, three"], ["", "", ""]]
    )
    (unit,) = csv_file.read(buffer.getvalue().encode(encoding)).units
    assert (unit.id, unit.source, unit.target, unit.where) == ("links/x/title", "一", "One\nTwo, three", "3行目")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("id,target:en\r\n一".encode("cp932"), "UTF-8"),
        (b"", "1行目"),
        (b"name,target:en\r\n", "1行目"),
        (b"id,source:ja\r\n", "1行目"),
        (b'id,target:en\r\nx,"open\r\n', "CSV"),
        (b'id,target:en\r\nx,"a"b\r\n', "CSV"),
    ],
)
def test_file_that_is_no_csv_says_why(content, told):
    with pytest.raises(UnreadableFile, match=told):
        csv_file.read(content)


def test_line_without_its_columns_is_named():
    found = csv_file.read(b"id,source:ja,target:en\r\nlinks/x/title,x\r\nlinks/y/title,y,Y\r\n")
    assert [(problem.where, problem.unit) for problem in found.problems] == [("2行目", "links/x/title")]
    assert [unit.id for unit in found.units] == ["links/y/title"]


def test_file_with_too_many_texts_is_refused(monkeypatch):
    for module in (xliff, csv_file):
        monkeypatch.setattr(module, "MOST_UNITS", 1)
    with pytest.raises(UnreadableFile):
        xliff.read(a_file(a_unit("") + a_unit("", "b")))
    with pytest.raises(UnreadableFile):
        csv_file.read(b"id,target:en\r\na,x\r\nb,y\r\n")
