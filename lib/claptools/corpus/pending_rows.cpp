#include "claptools/corpus/pending_rows.hpp"

#include <optional>
#include <unordered_set>
#include <utility>

namespace claptools {
namespace {

/// Of all rows of one recording, which may have come in several pieces.
struct GatheredRows {
  std::vector<Segment> segments;
  std::vector<float> embeddings;
  std::size_t dim = 0;

  void add(const EmbeddingRows& rows) {
    segments.insert(segments.end(), rows.segments.begin(), rows.segments.end());
    dim = rows.embeddings.cols;
    embeddings.insert(embeddings.end(), rows.embeddings.data,
                      rows.embeddings.data + rows.embeddings.rows * dim);
  }
  EmbeddingRows rows() const {
    return {segments, {embeddings.data(), segments.size(), dim}, {}, {}, {}};
  }
  void clear() {
    segments.clear();
    embeddings.clear();
  }
};

}  // namespace

PendingRows::PendingRows(const std::string& index, const std::string& run, const Log& log)
    : journal_(index, {run, "", ""}, RunJournal::Mode::resume, log) {
  while (read_part()) {
  }
}

/// The part that begins at the position reached.
bool PendingRows::read_part() {
  auto part = journal_.find(position_, [](const PartReader&) { return true; });
  if (!part || part->next() == position_) return false;
  std::size_t rows = 0;
  part->replay({[&](const EmbeddingRows& of_input) { rows += of_input.segments.size(); },
                [](const InputError&) {},
                [&](const PartInput& input, const InputError* failure) {
                  files_[input.id] = {input.stamp, input.sha256, std::exchange(rows, 0),
                                      failure == nullptr ? InputError{} : *failure};
                }});
  position_ = part_from_ = part->next();
  parts_.push_back(std::move(*part));
  return true;
}

const PendingFile* PendingRows::find(const std::string& id) const {
  const auto at = files_.find(id);
  return at == files_.end() ? nullptr : &at->second;
}

const PendingFile* PendingRows::find(const std::string& id, const FileStamp& stamp) const {
  const PendingFile* const file = find(id);
  const bool is_same =
      file != nullptr && file->stamp.size == stamp.size && file->stamp.mtime_ns == stamp.mtime_ns;
  return is_same ? file : nullptr;
}

bool PendingRows::embed(const Model& model, std::vector<AudioInput> inputs, EmbedOptions options,
                        const std::function<void(const PartInput&, const InputError*)>& ended,
                        const std::atomic<bool>& stop) {
  for (AudioInput& input : inputs) input.meta.clear();
  options.digests = true;
  std::size_t next = 0, done = 0;
  const InputSource source = [&]() -> std::optional<AudioInput> {
    return next < inputs.size() ? std::optional(inputs[next++]) : std::nullopt;
  };
  RowSink sink{
      [&](const EmbeddingRows& rows) { journal_.open_part(part_from_).append(rows); },
      [&](const InputError& error) { journal_.open_part(part_from_).append_error(error); }};
  sink.ended = [&](const EndedInput& file) {
    const PartInput input{file.input.id, file.stamp,   {},         file.seconds,
                          file.wall_s,   file.warning, file.sha256};
    end_input(file, input);
    ++done;
    ended(input, file.failure);
    return true;
  };
  embed_audio(model, source, options, sink, stop, position_);
  journal_.publish();
  position_ = part_from_;
  while (read_part()) {
  }
  return done == inputs.size();
}

/// Any input may be the last of a part: the batches of the run that takes it may be others.
void PendingRows::end_input(const EndedInput& ended, const PartInput& input) {
  journal_.open_part(part_from_).end_input(input, ended.next, true);
  if (!ended.ends_part) return;
  journal_.publish();
  position_ = part_from_;
  read_part();
}

void PendingRows::visit(const std::function<bool(const std::string&)>& wanted,
                        const std::function<void(const EmbeddingRows&)>& visit) const {
  std::unordered_set<std::string> visited;
  GatheredRows gathered;
  for (const PartReader& part : parts_) {
    part.replay({[&](const EmbeddingRows& rows) { gathered.add(rows); }, [](const InputError&) {},
                 [&](const PartInput& input, const InputError* failure) {
                   const bool is_current = find(input.id, input.stamp) != nullptr;
                   if (failure == nullptr && is_current && visited.insert(input.id).second &&
                       wanted(input.id))
                     visit(gathered.rows());
                   gathered.clear();
                 }});
  }
}

}  // namespace claptools
