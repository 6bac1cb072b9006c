// Labels as other programs write them, and what is refused.
#include <gtest/gtest.h>

#include "claptools/core/error.hpp"
#include "claptools/formats/event_format.hpp"
#include "claptools/formats/read_events.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

std::vector<EventRow> read(const char* format, const std::string& text) {
  return find_event_format(format)->read(text, {"f", "rec"});
}

std::string refusal(const char* format, const std::string& text) {
  return testing::message_of(Fault::data, [&] { read(format, text); });
}

void expect_row(const EventRow& row, const std::string& label, double onset_s, double offset_s) {
  EXPECT_EQ(row.label, label);
  EXPECT_DOUBLE_EQ(row.onset_s, onset_s);
  EXPECT_DOUBLE_EQ(row.offset_s, offset_s);
}

TEST(Audacity, HasFrequenciesAndPoints) {
  const auto rows =
      read("audacity", "0.500000\t1.25\tdog bark\r\n\\\t100.0\t2000.0\n\n3\t3\tclick\n");
  ASSERT_EQ(rows.size(), 2U);
  expect_row(rows[0], "dog bark", 0.5, 1.25);
  expect_row(rows[1], "click", 3, 3);
  EXPECT_EQ(rows[1].line, 4U);
}

TEST(Audacity, IsRefused) {
  EXPECT_EQ(refusal("audacity", "0\t1\ta\nb\n"),
            "f: line 2: an Audacity label has a start, a tab, an end, a tab and a text");
  EXPECT_EQ(refusal("audacity", "0\t1\ta\n1\tx\tb\n"), "f: line 2: 'x' is not a time");
  EXPECT_EQ(refusal("audacity", "-1\t1\ta\n"), "f: line 1: '-1' is not a time");
  EXPECT_EQ(refusal("audacity", "2\t1\ta\n"), "f: line 1: an event that ends before it begins");
  EXPECT_EQ(refusal("audacity", "0\t1\t \n"), "f: line 1: an event without a label");
  EXPECT_EQ(refusal("audacity", "0\tinf\ta\n"), "f: line 1: 'inf' is not a time");
  EXPECT_EQ(refusal("audacity", "0\t1e300\ta\n"), "f: line 1: '1e300' is not a time");
  EXPECT_NE(refusal("audacity", "0\t1\t\xff\n").find("line 1, byte 5: not UTF-8"),
            std::string::npos);
}

TEST(Srt, HasSeveralLinesAndPositions) {
  const auto rows = read("srt",
                         "1\r\n00:00:01,500 --> 00:00:02.000 X1:1 X2:2\r\ndog\r\nbarks\r\n\r\n\r\n"
                         "2\n1:00:00,000 --> 01:00:01,001\n3");
  ASSERT_EQ(rows.size(), 2U);
  expect_row(rows[0], "dog\nbarks", 1.5, 2);
  expect_row(rows[1], "3", 3600, 3601.001);
}

TEST(Srt, IsRefused) {
  EXPECT_EQ(refusal("srt", "1\n00:00:01,5x --> 2\na\n"), "f: line 2: '00:00:01,5x' is not a time");
  EXPECT_EQ(refusal("srt", "1\n0:0:0:1 --> 2\na\n"), "f: line 2: '0:0:0:1' is not a time");
  EXPECT_EQ(refusal("srt", "1\n1 --> 2\na\n\nb\n"),
            "f: line 5: neither the number nor the times of a subtitle");
  EXPECT_EQ(refusal("srt", "1\n1 --> 2\n\n2\n2 --> 3\na\n"), "f: line 2: an event without a label");
}

TEST(Rttm, SkipsOtherLines) {
  const auto rows = read("rttm",
                         ";; comment\nSPKR-INFO a 1 <NA> <NA> <NA> unknown dog <NA> <NA>\n"
                         "SPEAKER  a.wav\t1 0.1 0.2 <NA> <NA> dog <NA>\n");
  ASSERT_EQ(rows.size(), 1U);
  expect_row(rows[0], "dog", 0.1, 0.3);
  EXPECT_EQ(rows[0].filename, "a.wav");
}

TEST(Rttm, IsRefused) {
  EXPECT_EQ(refusal("rttm", "SPEAKER a 1 0 1 <NA> <NA>\n"), "f: line 1: has 7 fields, not 10");
  EXPECT_EQ(refusal("rttm", "PERSON a 1 0 1 <NA> <NA> b <NA> <NA>\n"),
            "f: line 1: 'PERSON' is not a type of RTTM");
  EXPECT_EQ(refusal("rttm", "SPEAKER a 1 0 -1 <NA> <NA> b <NA> <NA>\n"),
            "f: line 1: '-1' is not a time");
}

TEST(Raven, HasTwoViewsOfASelection) {
  const auto rows = read("raven",
                         "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tSpecies\n"
                         "1\tWaveform 1\t1\t0.5\t1\tcrow\n1\tSpectrogram 1\t1\t0.5\t1\tcrow\n"
                         "2\tSpectrogram 1\t1\t0.5\t1\tcrow\n");
  ASSERT_EQ(rows.size(), 2U);
  expect_row(rows[0], "crow", 0.5, 1);
  EXPECT_EQ(rows[0].filename, "rec");
}

TEST(Raven, CountsFromTheFile) {
  const auto rows = read("raven",
                         "Begin Time (s)\tEnd Time (s)\tBegin Path\tFile Offset (s)\tCommon Name\n"
                         "12.1\t13.3\tL:\\a\\b.wav\t2.1\tcrow\n");
  ASSERT_EQ(rows.size(), 1U);
  expect_row(rows[0], "crow", 2.1, 3.3);
  EXPECT_EQ(rows[0].filename, "b.wav");
}

TEST(Raven, IsRefused) {
  const std::string header = "Begin Time (s)\tEnd Time (s)\t";
  EXPECT_EQ(refusal("raven", header + "Notes\n"), "f: column 'Annotation' is missing");
  EXPECT_EQ(refusal("raven", header + "Annotation\n1\t2\tcrow\n1\tx\tcrow\n"),
            "f: line 3: 'x' is not a time");
}

TEST(Reaper, HasMarkersAndSeconds) {
  const auto rows =
      read("reaper",
           "#,Name,Start,End,Length,Color\nM1,click,1.5,,,\nR1,\"a, b\",0:01.000,1:00:02,59:61,\n");
  ASSERT_EQ(rows.size(), 2U);
  expect_row(rows[0], "click", 1.5, 1.5);
  expect_row(rows[1], "a, b", 1, 3602);
}

TEST(Reaper, IsRefused) {
  EXPECT_EQ(refusal("reaper", "#,Name,Start,End,Length\nR1,a,5.1.00,9.1.00,4.0.00\n"),
            "f: line 2: '5.1.00' is not a time; REAPER must show minutes:seconds");
}

constexpr const char* kShort = R"(File type = "ooTextFile"
"TextGrid"
0
2.3
<exists>
2
"IntervalTier" "words" 0 2.3 2
0 1 "a ""b"""
1 2.3 ""
"TextTier" "points" 0 2.3 1
1.5 "click"
)";

TEST(TextGrid, HasAShortFormAndPoints) {
  EXPECT_TRUE(find_event_format("textgrid")->recognises(kShort));
  const auto rows = read("textgrid", kShort);
  ASSERT_EQ(rows.size(), 2U);
  expect_row(rows[0], "a \"b\"", 0, 1);
  expect_row(rows[1], "click", 1.5, 1.5);
}

TEST(TextGrid, MayBeUtf16) {
  const testing::TempDir folder;
  for (const bool is_big : {false, true}) {
    std::string text = is_big ? "\xFE\xFF" : "\xFF\xFE";
    for (const char c : std::string(kShort)) {
      const char low = c == 'b' ? '\xe9' : c;
      text += is_big ? std::string{0, low} : std::string{low, 0};
    }
    testing::write_bytes(folder / "x.TextGrid", text);
    const auto rows = read_events((folder / "x.TextGrid").native());
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].label, "a \"\xc3\xa9\"");
    EXPECT_EQ(rows[0].filename, "x");
  }
}

TEST(TextGrid, IsRefused) {
  const std::string text = kShort;
  EXPECT_EQ(refusal("textgrid", text.substr(0, text.find("1.5"))),
            "f: line 11: the file ends too early");
  EXPECT_EQ(refusal("textgrid", text.substr(0, text.size() - 3)),
            "f: line 11: a text in quotes is not closed");
  EXPECT_EQ(refusal("textgrid", "\"ooTextFile\" \"TextGrid\" 0 1 <exists> 1 \"Tier\""),
            "f: line 1: 'Tier' is not a kind of tier");
  EXPECT_EQ(refusal("textgrid", "\"ooTextFile\"\n\"TextGrid\"\n\"0\""),
            "f: line 3: a number is missing");
  EXPECT_EQ(refusal("textgrid", "\"ooTextFile\"\n\"TextGrid\" 0 1 <exists> 1.5"),
            "f: line 2: '1.5' is not a count");
}

std::string eaf(const std::string& body) {
  return "<?xml version=\"1.0\"?>\n<!-- c --><ANNOTATION_DOCUMENT>" + body +
         "</ANNOTATION_DOCUMENT>";
}

const std::string kSlots =
    "<TIME_ORDER><TIME_SLOT TIME_SLOT_ID='a' TIME_VALUE='500'/><TIME_SLOT TIME_SLOT_ID='b' "
    "TIME_VALUE='1250'/><TIME_SLOT TIME_SLOT_ID='c'/></TIME_ORDER>";

std::string annotated(const std::string& end, const std::string& value) {
  return kSlots +
         "\n<TIER TIER_ID='dog'><ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1='a' "
         "TIME_SLOT_REF2='" +
         end + "'><ANNOTATION_VALUE>" + value +
         "</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>";
}

TEST(Elan, HasEntitiesAndEmptyValues) {
  auto rows = read("elan", eaf(annotated("b", "a &lt;&#233;&#x263A;<![CDATA[<&]]>")));
  ASSERT_EQ(rows.size(), 1U);
  expect_row(rows[0], "a <\xc3\xa9\xe2\x98\xba<&", 0.5, 1.25);
  EXPECT_EQ(rows[0].filename, "rec");
  rows = read("elan", eaf("<HEADER><MEDIA_DESCRIPTOR MEDIA_URL=\"file:///d/a%20b.wav\"/></HEADER>" +
                          annotated("b", " ")));
  expect_row(rows.at(0), "dog", 0.5, 1.25);
  EXPECT_EQ(rows[0].filename, "/d/a b.wav");
}

TEST(Elan, IsRefused) {
  EXPECT_EQ(refusal("elan", eaf(annotated("z", "x"))), "f: line 3: time slot 'z' does not exist");
  EXPECT_EQ(refusal("elan", eaf(annotated("c", "x"))), "f: line 3: '' is not a time");
  EXPECT_EQ(refusal("elan", eaf(annotated("b", "&bomb;"))), "f: line 3: XML: undefined entity");
  EXPECT_EQ(refusal("elan", eaf("<HEADER TIME_UNITS='PAL-frames'/>")),
            "f: line 2: times in 'PAL-frames' instead of milliseconds");
  EXPECT_EQ(refusal("elan", "<!DOCTYPE a [<!ENTITY b 'c'>]>"),
            "f: line 1: a document type is not read");
  EXPECT_EQ(refusal("elan", "<a>\n<b></a>"), "f: line 2: XML: mismatched tag");
  EXPECT_EQ(refusal("elan", "<a>\n<b x=1>"), "f: line 2: XML: not well-formed (invalid token)");
  EXPECT_EQ(refusal("elan", "<a>\n<b x='1"), "f: line 2: XML: unclosed token");
  EXPECT_EQ(refusal("elan", "<a>\n<b>\n"), "f: line 3: XML: no element found");
  EXPECT_EQ(refusal("elan", "<a>b</a>"), "f: line 1: is not an EAF of ELAN");
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "<a>";
  EXPECT_EQ(refusal("elan", deep), "f: line 1: too many elements inside each other");
}

TEST(ReadEvents, TakesTablesAsBefore) {
  const testing::TempDir folder;
  testing::write_bytes(folder / "t.csv", "filename,onset,offset,event_label\na.wav,0,1,\"a, b\"\n");
  const auto rows = read_events((folder / "t.csv").native());
  ASSERT_EQ(rows.size(), 1U);
  expect_row(rows[0], "a, b", 0, 1);
  testing::write_bytes(folder / "t.rttm", "no label\n");
  EXPECT_NE(testing::message_of(Fault::data, [&] { read_events((folder / "t.rttm").native()); })
                .find("t.rttm: line 1: 'no' is not a type of RTTM"),
            std::string::npos);
  testing::write_bytes(folder / "t.tsv", "");
  EXPECT_NE(testing::message_of(Fault::data, [&] { read_events((folder / "t.tsv").native()); })
                .find("empty table"),
            std::string::npos);
}

TEST(ReadEvents, TakesAFolderOfLabels) {
  const testing::TempDir folder;
  testing::message_of(Fault::no_input, [&] { read_events(folder.path().native()); });
  std::filesystem::create_directory(folder / "day1");
  testing::write_bytes(folder / "day1/a.txt", "0\t1\tcrow\n");
  testing::write_bytes(folder / "b.Table.1.selections.txt",
                       "Begin Time (s)\tEnd Time (s)\tAnnotation\n1\t2\train\n");
  testing::write_bytes(folder / "c.srt", "");
  testing::write_bytes(folder / "d.wav", "not labels");
  const auto rows = read_events(folder.path().native());
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].filename, "b");
  EXPECT_EQ(rows[1].filename, "c");
  EXPECT_EQ(rows[1].label, "");
  EXPECT_EQ(rows[2].filename, "day1/a");
}

}  // namespace
}  // namespace claptools
