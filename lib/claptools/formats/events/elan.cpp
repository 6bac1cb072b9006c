// EAF, the XML of ELAN: one tier per label, times as slots in milliseconds.
// Source: Max Planck Institute for Psycholinguistics, "EAF annotation format", schema EAFv3.0.xsd.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/formats/events/event_lines.hpp"
#include "claptools/formats/events/xml_reader.hpp"
#include "claptools/formats/table_format.hpp"
#include "claptools/formats/times.hpp"
#include "claptools/store/timestamp.hpp"

namespace claptools::elan {
namespace {

/// For text and for attributes, where a reader would take a break for a blank.
std::string xml(std::string_view text) {
  std::string escaped;
  for (const char c : escape_all_but_breaks(text)) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\t':
      case '\n':
      case '\r':
        escaped += "&#" + std::to_string(static_cast<int>(c)) + ";";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

/// ELAN looks for "file:///folder/a.wav", else for the name beside the annotations.
std::string media(const std::string& id) {
  const std::string name = id.substr(id.rfind('/') + 1);
  std::string url;
  if (!id.starts_with('/')) {
    url = id;
  } else {
    url = "file://";
    for (const char c : id) url += c == '%' ? "%25" : std::string(1, c);
  }
  return "        <MEDIA_DESCRIPTOR MEDIA_URL=\"" + xml(url) + "\" MIME_TYPE=\"" +
         (name.ends_with(".wav") ? "audio/x-wav" : "audio/*") + "\" RELATIVE_MEDIA_URL=\"./" +
         xml(name) + "\"/>\n";
}

/// Names of tiers are unique: "dog", "dog (2)".
std::string tier_name(std::string_view label, std::set<std::string>& taken,
                      const std::set<std::string_view>& labels) {
  std::string name(label);
  for (int number = 2; taken.contains(name) || (name != label && labels.contains(name)); ++number)
    name = std::string(label) + " (" + std::to_string(number) + ")";
  taken.insert(name);
  return name;
}

std::string slot(std::size_t number) { return "\"ts" + std::to_string(number) + '"'; }

/// The two ends of each event, numbered in the order of time, as ELAN keeps them.
class TimeSlots {
 public:
  void add(const TimedLabel& event) {
    ends_.push_back({event.onset_ms, ends_.size()});
    ends_.push_back({event.offset_ms, ends_.size()});
  }

  void sort() {
    std::ranges::sort(ends_);
    numbers_.resize(ends_.size());
    for (std::size_t i = 0; i < ends_.size(); ++i) numbers_[ends_[i].second] = i + 1;
  }

  /// @param end of the events in the order in which they were added, two per event.
  std::size_t number(std::size_t end) const { return numbers_[end]; }

  std::string text() const {
    std::string slots;
    for (std::size_t i = 0; i < ends_.size(); ++i)
      slots += "        <TIME_SLOT TIME_SLOT_ID=" + slot(i + 1) + " TIME_VALUE=\"" +
               std::to_string(ends_[i].first) + "\"/>\n";
    return slots;
  }

 private:
  std::vector<std::pair<std::int64_t, std::size_t>> ends_;  // ms, and which end
  std::vector<std::size_t> numbers_;
};

std::string annotation(std::size_t index, const TimedLabel& event, const TimeSlots& slots) {
  return "        <ANNOTATION>\n            <ALIGNABLE_ANNOTATION ANNOTATION_ID=\"a" +
         std::to_string(index + 1) + "\" TIME_SLOT_REF1=" + slot(slots.number(2 * index)) +
         " TIME_SLOT_REF2=" + slot(slots.number(2 * index + 1)) +
         ">\n                <ANNOTATION_VALUE>" + xml(event.label) +
         "</ANNOTATION_VALUE>\n            </ALIGNABLE_ANNOTATION>\n        </ANNOTATION>\n";
}

std::string tier_texts(const std::vector<LabelTier>& tiers, const TimeSlots& slots) {
  std::set<std::string> taken;
  std::set<std::string_view> labels;
  for (const LabelTier& tier : tiers) labels.insert(tier.label);
  std::string text;
  std::size_t index = 0;
  for (const LabelTier& tier : tiers) {
    text += "    <TIER LINGUISTIC_TYPE_REF=\"default-lt\" TIER_ID=\"" +
            xml(tier_name(tier.label, taken, labels)) + "\">\n";
    for (const TimedLabel& event : tier.events) text += annotation(index++, event, slots);
    text += "    </TIER>\n";
  }
  return tiers.empty() ? "    <TIER LINGUISTIC_TYPE_REF=\"default-lt\" TIER_ID=\"default\"/>\n"
                       : text;
}

std::string write(const LabelledRecording& recording, const FilePosition&) {
  const auto tiers = label_tiers(recording);
  TimeSlots slots;
  for (const LabelTier& tier : tiers)
    for (const TimedLabel& event : tier.events) slots.add(event);
  slots.sort();
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ANNOTATION_DOCUMENT AUTHOR=\"\" DATE=\"" +
         utc_timestamp() +
         "\" FORMAT=\"3.0\" VERSION=\"3.0\" "
         "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
         "xsi:noNamespaceSchemaLocation=\"http://www.mpi.nl/tools/elan/EAFv3.0.xsd\">\n"
         "    <HEADER MEDIA_FILE=\"\" TIME_UNITS=\"milliseconds\">\n" +
         media(recording.id) + "        <PROPERTY NAME=\"lastUsedAnnotationId\">" +
         std::to_string(recording.events.size()) +
         "</PROPERTY>\n    </HEADER>\n    <TIME_ORDER>\n" + slots.text() + "    </TIME_ORDER>\n" +
         tier_texts(tiers, slots) +
         "    <LINGUISTIC_TYPE GRAPHIC_REFERENCES=\"false\" LINGUISTIC_TYPE_ID=\"default-lt\" "
         "TIME_ALIGNABLE=\"true\"/>\n</ANNOTATION_DOCUMENT>\n";
}

bool recognises(std::string_view text) {
  return text.substr(0, 4096).find("<ANNOTATION_DOCUMENT") != text.npos;
}

/// The recording that a MEDIA_URL names.
std::string recording_of(std::string_view url) {
  constexpr std::string_view kScheme = "file://";
  if (!url.starts_with(kScheme)) return std::string(url);
  url.remove_prefix(kScheme.size());
  std::string path;
  for (std::size_t i = 0; i < url.size(); ++i) {
    const auto digits = url.substr(i + 1, std::min<std::size_t>(2, url.size() - i - 1));
    unsigned value = 0;
    const auto end = digits.data() + digits.size();
    const bool is_byte = url[i] == '%' && digits.size() == 2 &&
                         std::from_chars(digits.data(), end, value, 16).ptr == end;
    path += is_byte ? static_cast<char>(value) : url[i];
    if (is_byte) i += 2;
  }
  return path;
}

/// An annotation with times of its own.
struct Annotation {
  std::string begin, end, text;  ///< names of time slots
  std::size_t line = 0;
};

class Document : public XmlHandler {
 public:
  explicit Document(const EventSource& source) : source_(source) {}

  std::vector<EventRow> read(const std::string& text) {
    read_xml(text, source_.subject, *this);
    if (!is_document_) refuse(1, "is not an EAF of ELAN");
    if (rows_.empty() && !source_.recording.empty())
      rows_.push_back({source_.recording, "", 0, 0, 0});
    return std::move(rows_);
  }

  void open(const XmlElement& element) override {
    is_document_ |= element.name == "ANNOTATION_DOCUMENT";
    if (element.name == "HEADER") {
      const auto units = element.attribute("TIME_UNITS");
      if (!units.empty() && units != "milliseconds")
        refuse(element.line, "times in '" + shorten(units) + "' instead of milliseconds");
    } else if (element.name == "MEDIA_DESCRIPTOR" && !has_media_) {
      has_media_ = !element.attribute("MEDIA_URL").empty();
      if (has_media_) source_.recording = recording_of(element.attribute("MEDIA_URL"));
    } else if (element.name == "TIME_SLOT") {
      slots_[std::string(element.attribute("TIME_SLOT_ID"))] = element.attribute("TIME_VALUE");
    } else if (element.name == "TIER") {
      tier_ = element.attribute("TIER_ID");
    } else if (element.name == "ALIGNABLE_ANNOTATION") {
      current_ = {std::string(element.attribute("TIME_SLOT_REF1")),
                  std::string(element.attribute("TIME_SLOT_REF2")),
                  {},
                  element.line};
    } else if (element.name == "ANNOTATION_VALUE") {
      in_value_ = true;
    }
  }

  void close(std::string_view name) override {
    if (name == "ANNOTATION_VALUE") in_value_ = false;
    if (name != "ALIGNABLE_ANNOTATION") return;
    std::string label = trimmed(current_.text).empty() ? tier_ : current_.text;
    rows_.push_back(make_row(source_, std::move(label), time_of(current_.begin),
                             time_of(current_.end), current_.line));
  }

  void characters(std::string_view text) override {
    if (in_value_) current_.text += text;
  }

 private:
  [[noreturn]] void refuse(std::size_t line, const std::string& reason) const {
    refuse_xml(source_.subject, line, reason);
  }

  double time_of(const std::string& name) {
    const auto found = slots_.find(name);
    if (found == slots_.end())
      refuse(current_.line, "time slot '" + shorten(name) + "' does not exist");
    const auto ms = parse<std::uint64_t>(found->second);
    const auto seconds = ms ? std::optional(static_cast<double>(*ms) / 1000) : std::nullopt;
    return require_time(seconds, found->second, source_, current_.line);
  }

  EventSource source_;
  std::map<std::string, std::string, std::less<>> slots_;
  std::vector<EventRow> rows_;
  std::string tier_;
  Annotation current_;
  bool is_document_ = false, has_media_ = false, in_value_ = false;
};

std::vector<EventRow> read(const std::string& text, const EventSource& source) {
  check_text(text, source.subject);
  return Document(source).read(text);
}

}  // namespace

extern const EventFormat kFormat;
const EventFormat kFormat = {.name = "elan",
                             .title = "an EAF of ELAN",
                             .ending = "eaf",
                             .owns_ending = true,
                             .holds_many = false,
                             .recognises_empty = false,
                             .header = "",
                             .write = write,
                             .recognises = recognises,
                             .read = read};

}  // namespace claptools::elan
