#include "claptools/evaluate/probe/probe_data.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/evaluate/task_parts.hpp"
#include "claptools/metrics/lookup.hpp"

namespace claptools {
namespace {

constexpr NameKind kEmbedded{"recording", "recordings", "those embedded", true};
constexpr auto kNone = static_cast<std::size_t>(-1);

/// The recordings of an embedding file, and which one each row belongs to.
struct Recordings {
  std::vector<std::string> ids;
  std::vector<std::size_t> of_row;
};

Recordings recordings_of(const EmbeddingReader& reader) {
  Recordings found;
  std::unordered_map<std::string, std::size_t> index;
  for (const Segment& segment : reader.segments()) {
    const auto [at, is_new] = index.emplace(segment.id, found.ids.size());
    if (is_new) found.ids.push_back(segment.id);
    found.of_row.push_back(at->second);
  }
  return found;
}

std::vector<std::size_t> match(const TeachingLabels& labels, const ProbeTask& task,
                               ClipMatcher& clips) {
  std::vector<std::size_t> label_of(clips.ids().size(), kNone);
  for (std::size_t i = 0; i < labels.ids.size(); ++i) {
    const auto at = clips.find(labels.ids[i]);
    if (!at) continue;
    if (label_of[*at] != kNone)
      throw Error(Fault::data, task.truth,
                  "recording " + quote_name(labels.ids[i]) + " is labelled twice");
    label_of[*at] = i;
  }
  clips.settle(task.truth);
  const auto bare = std::ranges::find(label_of, kNone);
  if (bare != label_of.end() && !task.drop_clips_without_truth) {
    const auto& name = clips.ids()[static_cast<std::size_t>(bare - label_of.begin())];
    throw Error(Fault::data, task.truth, "no label for recording " + quote_name(name));
  }
  return label_of;
}

/// Adds the labelled recordings, and their rows.
void gather(const EmbeddingReader& reader, const Recordings& recordings,
            const TeachingLabels& labels, const std::vector<std::size_t>& label_of,
            ProbeData& data) {
  std::vector<std::size_t> place(recordings.ids.size(), kNone);
  for (std::size_t i = 0; i < recordings.ids.size(); ++i) {
    if (label_of[i] == kNone) continue;
    place[i] = data.ids.size();
    data.ids.push_back(recordings.ids[i]);
    data.all.recording_classes.push_back(labels.ids_classes[label_of[i]]);
    data.all.recording_folds.push_back(labels.folds[label_of[i]]);
  }
  std::vector<std::size_t> kept;
  for (std::size_t row = 0; row < recordings.of_row.size(); ++row)
    if (place[recordings.of_row[row]] != kNone) kept.push_back(row);
  data.all.rows = rows_of(reader.embeddings(0, reader.rows()), kept);
  for (const std::size_t row : kept) {
    data.all.row_recordings.push_back(place[recordings.of_row[row]]);
    data.all.row_classes.push_back(data.all.recording_classes[data.all.row_recordings.back()]);
  }
}

}  // namespace

ProbeData read_probe_data(const ProbeTask& task) {
  const char* const column = task.folds ? "fold" : "split";
  TeachingLabels labels = read_teaching_labels(task.truth, task.options.log, column);
  if (labels.folds.empty())
    throw Error(Fault::data, task.truth, std::string("there is no column '") + column + "'");
  const EmbeddingReader reader(task.embeddings);
  std::vector<std::string> failed;
  for (const InputError& error : reader.errors()) failed.push_back(error.id);
  const Recordings recordings = recordings_of(reader);
  ClipMatcher clips(recordings.ids, match_options(task.options, std::move(failed)), kEmbedded,
                    task.embeddings);
  ProbeData data;
  data.all.header = reader.header();
  data.all.classes = labels.classes;
  data.all.choice = labels.choice;
  gather(reader, recordings, labels, match(labels, task, clips), data);
  data.missing = clips.missing();
  data.provenance = {{"model_name", reader.header().model_name},
                     {"model_sha256", reader.header().model_sha256},
                     {"embeddings_command", reader.header().command}};
  std::erase_if(data.provenance, [](const auto& row) { return row.second.empty(); });
  return data;
}

TeachingData part_of(const TeachingData& all, const std::vector<bool>& is_wanted) {
  TeachingData part;
  part.header = all.header;
  part.classes = all.classes;
  part.choice = all.choice;
  std::vector<std::size_t> place(is_wanted.size(), kNone), kept;
  for (std::size_t i = 0; i < is_wanted.size(); ++i) {
    if (!is_wanted[i]) continue;
    place[i] = part.recording_classes.size();
    part.recording_classes.push_back(all.recording_classes[i]);
    part.recording_folds.push_back(all.recording_folds[i]);
  }
  for (std::size_t row = 0; row < all.row_recordings.size(); ++row) {
    if (place[all.row_recordings[row]] == kNone) continue;
    kept.push_back(row);
    part.row_recordings.push_back(place[all.row_recordings[row]]);
    part.row_classes.push_back(all.row_classes[row]);
  }
  part.rows = rows_of(all.rows, kept);
  return part;
}

}  // namespace claptools
