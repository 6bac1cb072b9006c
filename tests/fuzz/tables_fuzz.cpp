#include <algorithm>
#include <set>
#include <span>

#include "claptools/core/strings/table.hpp"
#include "claptools/metrics/classification.hpp"
#include "claptools/metrics/grounding.hpp"
#include "claptools/metrics/retrieval/judgements.hpp"
#include "claptools/metrics/retrieval/retrieval.hpp"
#include "claptools/metrics/sed/event_lists.hpp"
#include "claptools/metrics/tagging.hpp"
#include "claptools/tasks/labels.hpp"
#include "claptools/tasks/phrases.hpp"
#include "claptools/tasks/thresholds.hpp"
#include "fuzz/harness.hpp"

namespace {

using namespace claptools;
using Names = std::vector<std::string>;
using fuzz::expect_data_or_refusal;

/// The distinct values of a column, so that some tables fit the scores they are joined to.
Names values_of(const Table& table, std::initializer_list<std::string_view> columns) {
  std::set<std::string> values;
  for (const std::string_view column : columns) {
    if (const auto at = table.find(column))
      for (const auto& row : table.rows) values.insert(row[*at]);
  }
  return {values.begin(), values.end()};
}

void match_events(const Table& table) {
  const std::vector<EventRow> rows = parse_event_rows(table, "events");
  std::vector<std::pair<std::string, double>> durations;
  for (const std::string& file : values_of(table, {"filename"})) durations.emplace_back(file, 10.0);
  const Names files = values_of(table, {"filename"}), labels = values_of(table, {"event_label"});
  for (const auto meeting : {MeetingEvents::refuse, MeetingEvents::merge}) {
    expect_data_or_refusal([&] {
      const GroundTruthOptions options{meeting, true, false, true};
      ClipMatcher clips(files);
      match_ground_truth(rows, "events", durations, "durations", clips, labels, options);
    });
    expect_data_or_refusal([&] {
      const auto truth = match_event_truth(rows, "events", durations, "durations", meeting);
      check_list_names(std::span(&rows, 1), "events", truth, {});
      match_event_list(rows, "events", 0.5, truth, meeting);
    });
    expect_data_or_refusal([&] {
      ClipMatcher items(files, {{true, true}, true, {"failed"}, {}});
      match_grounding(table, "events", durations, "durations", items, meeting);
    });
  }
}

void match_all(const Table& table) {
  const Names ids = values_of(table, {"clip_id", "id", "filename", "audio_id"});
  const Names labels = values_of(table, {"label", "event_label", "event_labels"});
  expect_data_or_refusal([&] { match_events(table); });
  expect_data_or_refusal([&] { parse_durations(table, "durations"); });
  expect_data_or_refusal([&] { parse_durations(table, "durations", "audio_id"); });
  const auto match = [&](const auto& join) {
    expect_data_or_refusal([&] {
      ClipMatcher clips(ids);
      join(clips);
    });
  };
  match([&](ClipMatcher& clips) { match_labels(table, "labels", clips, labels); });
  match([&](ClipMatcher& clips) { match_tags(table, "tags", clips, labels); });
  match([&](ClipMatcher& clips) {
    match_captions(table, "captions", clips, table.rows.size(), true);
  });
  const Names items = values_of(table, {"item"}), queries = values_of(table, {"query"});
  expect_data_or_refusal([&] {
    ClipMatcher of_query(queries, {}, kScoredQuery), of_item(items, {}, kScoredItem);
    match_judgements(table, "qrels", of_query, of_item);
  });
}

}  // namespace

/// The tables of clap-eval, and the small text files of labels, prompts, phrases and thresholds.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto delimiter : {Delimiter::guess, Delimiter::tab, Delimiter::comma}) {
    expect_data_or_refusal([&] {
      auto in = fuzz::as_stream(data, size);
      match_all(read_table(in, "input", delimiter));
    });
  }
  expect_data_or_refusal([&] {
    auto in = fuzz::as_stream(data, size), again = fuzz::as_stream(data, size);
    const Labels labels = Labels::read(in, "input");
    labels.prompts(Names{"{} can be heard", "{}{}"});
    read_thresholds(again, "input", labels.names(), 0.5);
  });
  expect_data_or_refusal([&] {
    auto in = fuzz::as_stream(data, size);
    Labels::read_prompts(in, "input");
  });
  expect_data_or_refusal([&] {
    auto in = fuzz::as_stream(data, size);
    Phrases::read(in, "input");
  });
  return 0;
}
