#include "claptools/learn/teaching_set.hpp"

#include <algorithm>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/metrics/sed/clip_matcher.hpp"
#include "claptools/store/vector_space.hpp"

namespace claptools {
namespace {

constexpr NameKind kEmbedded{"recording", "recordings", "those embedded", true};
constexpr auto kNone = static_cast<std::size_t>(-1);

/// Which labelled name stands for each id.
std::vector<std::size_t> match(const TeachingLabels& labels, const std::vector<std::string>& ids,
                               NameMatching how, const Log& log) {
  const Lookup lookup(ids, "embeddings", kEmbedded, how);
  NameTally tally;
  std::vector<std::size_t> label_of(ids.size(), kNone);
  for (std::size_t i = 0; i < labels.ids.size(); ++i) {
    const auto found = lookup.find_file(labels.ids[i]);
    tally.add(labels.ids[i], found.has_value());
    if (!found) continue;
    if (label_of[*found] != kNone)
      throw Error(Fault::data, labels.file,
                  quote_name(labels.ids[label_of[*found]]) + " and " + quote_name(labels.ids[i]) +
                      " are the same recording");
    label_of[*found] = i;
  }
  warn_or_refuse(tally, lookup, labels.file, log);
  return label_of;
}

/// Leaves out classes without a recording.
void drop_empty_classes(TeachingData& data, const std::string& file, const Log& log) {
  std::vector<std::size_t> counts(data.classes.size());
  for (const auto& own : data.recording_classes)
    for (const std::uint32_t c : own) ++counts[c];
  std::vector<std::uint32_t> renumbered(counts.size());
  std::vector<std::string> kept, absent;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    renumbered[c] = static_cast<std::uint32_t>(kept.size());
    (counts[c] > 0 ? kept : absent).push_back(data.classes[c]);
  }
  if (absent.empty()) return;
  report(log, LogLevel::warning,
         file + ": left out: classes without a recording: " + std::to_string(absent.size()) +
             ", such as " + quote_name(absent[0]));
  for (auto& own : data.recording_classes)
    for (std::uint32_t& c : own) c = renumbered[c];
  data.classes = std::move(kept);
}

void require_contrast(const TeachingData& data, const std::string& file) {
  const bool is_one = data.classes.size() < 2 && data.choice == ClassChoice::one;
  const bool is_same = std::ranges::adjacent_find(data.recording_classes, std::not_equal_to<>()) ==
                       data.recording_classes.end();
  if (is_one || is_same)
    throw Error(Fault::data, file,
                "all recordings have the same classes: give others, or some with an empty label");
}

}  // namespace

TeachingSet::TeachingSet(TeachingLabels labels, NameMatching how)
    : labels_(std::move(labels)), how_(how) {
  for (const std::string& id : labels_.ids)
    for (const std::string& name : {id, unescape_tsv(id)}) keys_.insert(key_of(name));
}

/// What an id and every name that may stand for it have in common.
std::string TeachingSet::key_of(std::string_view name) const {
  std::string_view key = how_.reduced(name);
  for (std::string_view shorter = without_extension(key); shorter != key;
       shorter = without_extension(key))
    key = shorter;
  return std::string(key);
}

void TeachingSet::begin(const EmbeddingHeader& header, const std::string& subject) {
  if (header_.dim == 0) header_ = header;
  if (header_.dim != header.dim || are_of_other_spaces(header.space, header_.space))
    throw Error(Fault::data, subject, other_space(header.space, header_.space));
}

void TeachingSet::add(const EmbeddingRows& rows) {
  for (std::size_t i = 0; i < rows.segments.size(); ++i) {
    const std::string& id = rows.segments[i].id;
    const auto [at, is_new] = index_.try_emplace(id, ids_.size());
    if (is_new) ids_.push_back(id);
    if (!keys_.contains(key_of(id)) && !keys_.contains(key_of(unescape_tsv(id)))) continue;
    const auto row = rows.embeddings.row(i);
    rows_.insert(rows_.end(), row.begin(), row.end());
    row_ids_.push_back(at->second);
  }
}

void TeachingSet::drop(const std::string& id) {
  const auto at = index_.find(id);
  if (at == index_.end()) return;
  while (!row_ids_.empty() && row_ids_.back() == at->second) row_ids_.pop_back();
  rows_.resize(row_ids_.size() * header_.dim);
}

/// Moves the rows of labelled recordings to the front, where they lie.
void TeachingSet::gather(const std::vector<std::size_t>& label_of, TeachingData& data) {
  std::vector<std::size_t> recordings(ids_.size(), kNone);
  std::size_t kept = 0;
  for (std::size_t r = 0; r < row_ids_.size(); ++r) {
    const std::size_t label = label_of[row_ids_[r]];
    if (label == kNone) continue;
    std::size_t& recording = recordings[row_ids_[r]];
    if (recording == kNone) {
      recording = data.recording_classes.size();
      data.recording_classes.push_back(labels_.ids_classes[label]);
      if (!labels_.folds.empty()) data.recording_folds.push_back(labels_.folds[label]);
    }
    data.row_recordings.push_back(recording);
    const auto row = rows_.begin() + static_cast<std::ptrdiff_t>(r * header_.dim);
    std::copy_n(row, header_.dim,
                rows_.begin() + static_cast<std::ptrdiff_t>(kept++ * header_.dim));
  }
  rows_.resize(kept * header_.dim);
  data.rows.data = std::move(rows_);
  data.rows.rows = kept;
  data.rows.cols = header_.dim;
}

TeachingData TeachingSet::finish(const Log& log) {
  TeachingData data;
  data.header = header_;
  data.classes = labels_.classes;
  data.choice = labels_.choice;
  const std::vector<std::size_t> label_of = match(labels_, ids_, how_, log);
  data.unlabelled = static_cast<std::size_t>(std::ranges::count(label_of, kNone));
  gather(label_of, data);
  drop_empty_classes(data, labels_.file, log);
  require_contrast(data, labels_.file);
  for (const std::size_t recording : data.row_recordings)
    data.row_classes.push_back(data.recording_classes[recording]);
  return data;
}

}  // namespace claptools
