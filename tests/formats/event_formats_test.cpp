// What the formats of events look like, and that they read back what they wrote.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "claptools/formats/event_format.hpp"
#include "claptools/formats/event_text.hpp"
#include "claptools/formats/read_events.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

const LabelledRecording kStreet = {
    "day 1/street.wav", 10, 32000, {{"crow", 0, 1.25, 0.5F}, {"rain", 1, 2.0005, -0.25F}}};

std::string written(const std::string& name, const LabelledRecording& recording) {
  EventText text(*find_event_format(name));
  const std::string all = text.add(recording);
  return all + text.finish();
}

std::vector<EventRow> read_back(const EventFormat& format, const std::string& text) {
  return format.read(text, {"labels", "day 1/street.wav"});
}

TEST(EventFormats, AreFoundByNameAndByEnding) {
  EXPECT_EQ(event_formats().size(), 7U);
  EXPECT_EQ(find_event_format("csv"), nullptr);
  EXPECT_EQ(event_format_of_name("d.x/a.textgrid"), find_event_format("textgrid"));
  EXPECT_EQ(event_format_of_name("a.EAF"), find_event_format("elan"));
  for (const char* name : {"a.txt", "a.csv", "a", ".srt", "a.tsv"})
    EXPECT_EQ(event_format_of_name(name), nullptr) << name;
}

TEST(EventFormats, WriteLines) {
  EXPECT_EQ(written("audacity", kStreet), "0.000\t1.250\tcrow\n1.000\t2.001\train\n");
  EXPECT_EQ(written("srt", kStreet),
            "1\n00:00:00,000 --> 00:00:01,250\ncrow\n\n2\n00:00:01,000 --> 00:00:02,001\nrain\n\n");
  EXPECT_EQ(written("reaper", kStreet),
            "#,Name,Start,End,Length\nR1,crow,0:00.000,0:01.250,0:01.250\n"
            "R2,rain,0:01.000,0:02.001,0:01.001\n");
  EXPECT_EQ(written("rttm", kStreet),
            "SPEAKER day\\x201/street.wav 1 0.000 1.250 <NA> <NA> crow <NA> <NA>\n"
            "SPEAKER day\\x201/street.wav 1 1.000 1.001 <NA> <NA> rain <NA> <NA>\n");
}

TEST(EventFormats, WriteSeveralRecordingsOfRavenOneAfterAnother) {
  EventText text(*find_event_format("raven"));
  EXPECT_EQ(
      text.add(kStreet),
      "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\t"
      "Begin Path\tFile Offset (s)\tAnnotation\tScore\n"
      "1\tSpectrogram 1\t1\t0.000\t1.250\t0\t16000\tday 1/street.wav\t0.000\tcrow\t0.500000\n"
      "2\tSpectrogram 1\t1\t1.000\t2.001\t0\t16000\tday 1/street.wav\t1.000\train\t"
      "-0.250000\n");
  EXPECT_EQ(text.add({"b.wav", 5, 32000, {{"bell", 2, 3, 0}}}),
            "3\tSpectrogram 1\t1\t12.000\t13.000\t0\t16000\tb.wav\t2.000\tbell\t0.000000\n");
}

TEST(EventFormats, WriteATextGridWithGaps) {
  EXPECT_EQ(written("textgrid", {"a.wav", 3, 0, {{"say \"hi\"", 1, 2, 0}}}),
            R"(File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0 
xmax = 3.000 
tiers? <exists> 
size = 1 
item []: 
    item [1]:
        class = "IntervalTier" 
        name = "say ""hi""" 
        xmin = 0 
        xmax = 3.000 
        intervals: size = 3 
        intervals [1]:
            xmin = 0.000 
            xmax = 1.000 
            text = "" 
        intervals [2]:
            xmin = 1.000 
            xmax = 2.000 
            text = "say ""hi""" 
        intervals [3]:
            xmin = 2.000 
            xmax = 3.000 
            text = "" 
)");
}

TEST(EventFormats, WriteAnEaf) {
  ::setenv("SOURCE_DATE_EPOCH", "0", 1);
  EXPECT_EQ(written("elan", {"/data/50 %.wav", 3, 0, {{"a<b", 0, 2, 0}, {"c", 1, 3, 0}}}),
            R"(<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="1970-01-01T00:00:00Z" FORMAT="3.0" VERSION="3.0" )"
            R"(xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" )"
            R"(xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
        <MEDIA_DESCRIPTOR MEDIA_URL="file:///data/50 %25.wav" MIME_TYPE="audio/x-wav" RELATIVE_MEDIA_URL="./50 %.wav"/>
        <PROPERTY NAME="lastUsedAnnotationId">2</PROPERTY>
    </HEADER>
    <TIME_ORDER>
        <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="0"/>
        <TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="1000"/>
        <TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="2000"/>
        <TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="3000"/>
    </TIME_ORDER>
    <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="a&lt;b">
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts3">
                <ANNOTATION_VALUE>a&lt;b</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
    </TIER>
    <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="c">
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts2" TIME_SLOT_REF2="ts4">
                <ANNOTATION_VALUE>c</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
    </TIER>
    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>
</ANNOTATION_DOCUMENT>
)");
}

// All formats

class EveryFormat : public ::testing::TestWithParam<const EventFormat*> {};

TEST_P(EveryFormat, RecognisesItselfAlone) {
  const std::string text = written(std::string(GetParam()->name), kStreet);
  for (const EventFormat* format : event_formats())
    EXPECT_EQ(format->recognises(text), format == GetParam()) << format->name;
  for (const EventFormat* format : event_formats()) {
    EXPECT_FALSE(format->recognises("filename\tonset\toffset\tevent_label\na.wav\t0\t1\tcrow\n"));
    EXPECT_FALSE(format->recognises("filename,onset,offset,event_label\n"));
  }
}

TEST_P(EveryFormat, ReadsBackWhatItWrote) {
  LabelledRecording recording = kStreet;
  recording.duration_s = 4000;
  recording.events.clear();
  const std::vector<std::string> labels = {
      "crow",        "say \"hi\"", "a, b;c", "<i>&amp;</i>", "\xc3\xa9t\xc3\xa9 \xe2\x98\x82",
      "#5 --> it's", "1"};
  for (std::size_t i = 0; i < labels.size(); ++i)
    recording.events.push_back(
        {labels[i], 3599.5 + static_cast<double>(i) / 8, 3601.125 + static_cast<double>(i), 0});
  const auto rows = read_back(*GetParam(), written(std::string(GetParam()->name), recording));
  ASSERT_EQ(rows.size(), labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    EXPECT_EQ(rows[i].filename, recording.id);
    EXPECT_EQ(rows[i].label, labels[i]);
    EXPECT_DOUBLE_EQ(rows[i].onset_s, recording.events[i].onset_s);
    EXPECT_DOUBLE_EQ(rows[i].offset_s, recording.events[i].offset_s);
  }
}

TEST_P(EveryFormat, KeepsLabelsThatBreakLinesApart) {
  const std::string label = "a\tb\nc\r\\d\x1b\x7f \"";
  const LabelledRecording recording = {"x\ny.wav", 9, 32000, {{label, 0, 1, 0}, {"e", 1, 2, 0}}};
  const std::string text = written(std::string(GetParam()->name), recording);
  EXPECT_EQ(text.find_first_of("\x1b\x7f"), std::string::npos);
  const auto rows = read_back(*GetParam(), text);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].label, "e");
  EXPECT_NE(rows[0].label, "");
}

TEST_P(EveryFormat, KeepsEventsOfOneLabelThatOverlap) {
  const LabelledRecording recording = {
      "day 1/street.wav",
      9,
      32000,
      {{"a", 0, 3, 0}, {"a", 1, 2, 0}, {"a (2)", 1, 2, 0}, {"a", 3, 4, 0}}};
  auto rows = read_back(*GetParam(), written(std::string(GetParam()->name), recording));
  ASSERT_EQ(rows.size(), 4U);
  double length_s = 0;
  for (const EventRow& row : rows) length_s += row.offset_s - row.onset_s;
  EXPECT_DOUBLE_EQ(length_s, 6);
}

TEST_P(EveryFormat, HoldsNoEvents) {
  const std::string text = written(std::string(GetParam()->name), {"a.wav", 2, 32000, {}});
  const testing::TempDir folder;
  const std::string path = (folder.path() / ("a." + std::string(GetParam()->ending))).string();
  std::ofstream(path) << text;
  if (GetParam()->name == "rttm" || GetParam()->name == "raven") {
    EXPECT_TRUE(read_events(path).empty());
    return;
  }
  const auto rows = read_events(path);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].label, "");
  EXPECT_EQ(rows[0].filename.substr(0, 1), "a");
}

TEST_P(EveryFormat, GivesAnEventAMillisecondAtLeast) {
  const LabelledRecording recording = {"day 1/street.wav", 9, 32000, {{"a", 1.0001, 1.0002, 0}}};
  const auto rows = read_back(*GetParam(), written(std::string(GetParam()->name), recording));
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_DOUBLE_EQ(rows[0].onset_s, 1);
  EXPECT_DOUBLE_EQ(rows[0].offset_s, 1.001);
}

INSTANTIATE_TEST_SUITE_P(All, EveryFormat,
                         ::testing::ValuesIn(event_formats().begin(), event_formats().end()),
                         [](const auto& format) { return std::string(format.param->name); });

}  // namespace
}  // namespace claptools
