#include <algorithm>
#include <filesystem>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "cmd/support/embed_files.hpp"
#include "cmd/support/interrupt.hpp"
#include "mgaclap/core/error.hpp"
#include "mgaclap/store/embedding_file.hpp"
#include "mgaclap/store/timestamp.hpp"

namespace mgaclap::cmd {
namespace {

struct Shard {
  std::string file;
  EmbeddingHeader header;
};

/// What must be the same in all.
auto shape_of(const EmbeddingHeader& h) {
  return std::tie(h.kind, h.dim, h.model_sha256, h.options, h.sample_rate, h.window_s, h.hop_s,
                  h.short_audio, h.precision, h.half, h.frame_hop_s, h.meta_columns, h.shard_count);
}

std::string first_difference(const EmbeddingHeader& a, const EmbeddingHeader& b) {
  if (a.model_sha256 != b.model_sha256) return "another model";
  if (a.meta_columns != b.meta_columns) return "other columns in meta/";
  if (a.shard_count != b.shard_count) return "another number of shards";
  return "other options";
}

void require_all_shards(const std::vector<Shard>& shards) {
  const int count = shards[0].header.shard_count;
  for (std::size_t i = 1; i < shards.size(); ++i) {
    if (shards[i].header.shard_index == shards[i - 1].header.shard_index) {
      throw Error(Fault::data, shards[i].file,
                  "is shard " + std::to_string(shards[i].header.shard_index) + "/" +
                      std::to_string(count) + " as " + shards[i - 1].file + " is");
    }
  }
  for (int i = 0; i < count; ++i) {
    if (static_cast<std::size_t>(i) < shards.size() &&
        shards[static_cast<std::size_t>(i)].header.shard_index == i)
      continue;
    throw Error(Fault::data, "shard " + std::to_string(i) + "/" + std::to_string(count),
                "is missing");
  }
}

/// In the order of the rows.
std::vector<Shard> open_shards(const std::vector<std::string>& files) {
  std::vector<Shard> shards;
  for (const std::string& file : files) {
    shards.push_back({file, EmbeddingReader(file).header()});
    if (shape_of(shards.back().header) != shape_of(shards[0].header)) {
      throw Error(Fault::data, file,
                  "was made with " + first_difference(shards[0].header, shards.back().header) +
                      " than " + shards[0].file);
    }
    for (std::size_t i = 0; i + 1 < shards.size(); ++i) {
      if (std::filesystem::equivalent(shards[i].file, file))
        throw Error(Fault::data, file, "is there twice");
    }
  }
  if (shards[0].header.shard_count == 0) return shards;
  std::ranges::stable_sort(shards, {}, [](const Shard& s) { return s.header.shard_index; });
  require_all_shards(shards);
  return shards;
}

void copy_rows(const EmbeddingReader& file, EmbeddingWriter& writer) {
  constexpr std::size_t kBlock = 256;
  const EmbeddingHeader& header = file.header();
  for (std::size_t first = 0; first < file.rows(); first += kBlock) {
    const std::size_t count = std::min(kBlock, file.rows() - first);
    std::vector<std::vector<std::string>> meta;
    for (std::size_t c = 0; c < header.meta_columns.size(); ++c) {
      const auto* const begin = file.meta(c).data() + first;
      meta.emplace_back(begin, begin + count);
    }
    Matrix frames(0, header.dim);
    std::vector<std::size_t> counts;
    for (std::size_t row = first; header.frame_hop_s > 0 && row < first + count; ++row) {
      const Matrix of_row = file.frames(row);
      frames.data.insert(frames.data.end(), of_row.data.begin(), of_row.data.end());
      frames.rows += of_row.rows;
      counts.push_back(of_row.rows);
    }
    const Matrix embeddings = file.embeddings(first, count);
    writer.append(
        {std::span(file.segments()).subspan(first, count), embeddings, meta, frames, counts});
  }
}

/// Failures of all files, but for those that another file has rows of, such as one made with
/// --retry-failed; of several failures of an input the last one.
class Failures {
 public:
  void add(const EmbeddingReader& file) {
    const std::size_t before = errors_.size();
    for (InputError& error : file.errors()) {
      const auto [at, is_new] = place_.try_emplace(error.id, errors_.size());
      if (is_new || at->second >= before) {
        errors_.push_back(std::move(error));
      } else {
        errors_[at->second] = std::move(error);
      }
    }
  }
  void drop_repaired(const EmbeddingReader& file) {
    for (const Segment& segment : file.segments()) {
      if (place_.contains(segment.id)) repaired_.insert(segment.id);
    }
  }
  void write(EmbeddingWriter& writer) const {
    for (const InputError& error : errors_) {
      if (!repaired_.contains(error.id)) writer.append_error(error);
    }
  }

 private:
  std::vector<InputError> errors_;
  std::unordered_map<std::string, std::size_t> place_;  ///< in errors_
  std::unordered_set<std::string> repaired_;
};

}  // namespace

int merge_files(const std::vector<std::string>& files, const std::string& output, bool force,
                const Program& program) {
  const std::vector<Shard> shards = open_shards(files);
  EmbeddingHeader header = shards[0].header;
  header.shard_index = header.shard_count = 0;
  header.tool = program.tool();
  header.command = program.command_line;
  header.created = utc_timestamp();
  const std::atomic<bool>& stop = handle_interrupts();
  EmbeddingWriter writer(output, header, force);
  Failures failures;
  for (const Shard& shard : shards) failures.add(EmbeddingReader(shard.file));
  for (const Shard& shard : shards) {
    if (stop) return interrupted_code();
    const EmbeddingReader file(shard.file);
    copy_rows(file, writer);
    failures.drop_repaired(file);
  }
  failures.write(writer);
  writer.commit();
  return 0;
}

}  // namespace mgaclap::cmd
