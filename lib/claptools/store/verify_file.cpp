#include "claptools/store/verify_file.hpp"

#include <algorithm>
#include <map>

#include "claptools/core/error.hpp"
#include "claptools/store/embedding_file.hpp"
#include "claptools/store/hdf5/hdf5_column.hpp"
#include "claptools/store/hdf5/layout.hpp"
#include "claptools/store/kept_inputs.hpp"
#include "claptools/store/row_blocks.hpp"

namespace claptools {
namespace {

/// The datasets that a file of this header has, but for those of meta/.
std::vector<std::string> expected_sets(const EmbeddingHeader& header) {
  std::vector<std::string> names{"embeddings", "id", "errors/id", "errors/stage", "errors/message"};
  if (header.kind == "audio") names.insert(names.end(), {"start_s", "end_s"});
  if (header.frame_hop_s > 0) names.insert(names.end(), {"frames/embeddings", "frames/offsets"});
  return names;
}

/// Where EmbeddingReader takes the rows from as well.
hdf5::Storage storage_of(const std::string& name) {
  const bool vectors = name == "embeddings" || name == "frames/embeddings";
  return vectors ? hdf5::Storage::sources : hdf5::Storage::own;
}

/// The groups of rows of all datasets, in the order they were written.
class Checksums {
 public:
  explicit Checksums(const hdf5::Input& input)
      : input_(input), sets_(input.column("checksums/dataset").texts()) {
    const hdf5::Column rows = input.column("checksums/rows"),
                       sums = input.column("checksums/crc32");
    rows.require_rows(sets_.size());
    sums.require_rows(sets_.size());
    rows_ = rows.integers();
    sums_ = sums.integers();
  }

  void compare(std::vector<std::string>& problems) {
    for (std::size_t i = 0; i < sets_.size(); ++i) compare_group(i, problems);
    for (const auto& [name, rows] : checked_) {
      if (const std::size_t held = column_of(name).rows(); held != rows)
        problems.push_back("dataset '" + name + "' has " + std::to_string(held) + " rows, not " +
                           std::to_string(rows));
    }
  }

  /// Of a dataset that was never appended to, there are none.
  void require_rows(const std::string& name) { checked_.try_emplace(name, 0); }

 private:
  void compare_group(std::size_t group, std::vector<std::string>& problems) {
    const std::string& name = sets_[group];
    const hdf5::Column& column = column_of(name);
    std::uint64_t& first = checked_[name];
    const std::uint64_t count = rows_[group];
    if (first <= column.rows() && count <= column.rows() - first) {
      if (column.checksum(first, count) != sums_[group])
        problems.push_back("dataset '" + name + "': rows " + std::to_string(first) + " to " +
                           std::to_string(first + count) + " do not match their checksum");
    }
    first += count;
  }

  const hdf5::Column& column_of(const std::string& name) {
    const auto at = columns_.find(name);
    if (at != columns_.end()) return at->second;
    return columns_.emplace(name, input_.column(name, storage_of(name))).first->second;
  }

  const hdf5::Input& input_;
  std::map<std::string, hdf5::Column> columns_;
  std::vector<std::string> sets_;
  std::vector<std::uint64_t> rows_, sums_;
  std::map<std::string, std::uint64_t> checked_;  ///< rows of each dataset so far
};

/// As other readers do, who refuse what is no embedding.
void read_vectors(const EmbeddingReader& file) {
  constexpr std::size_t kBlock = 4096;
  visit_blocks(file.rows(), kBlock, [&](std::size_t first, std::size_t count) {
    static_cast<void>(file.embeddings(first, count));
  });
  for (std::size_t row = 0; file.header().frame_hop_s > 0 && row < file.rows(); ++row)
    file.frames(row);
}

}  // namespace

std::vector<std::string> verify_embedding_file(const std::string& path) {
  if (!can_reopen(path))
    throw Error(Fault::no_input, path, "is a pipe, but verifying reads it twice: give a file");
  const EmbeddingReader file(path);
  const hdf5::Input input(path);
  if (!input.has("checksums")) return {"carries no checksums"};
  std::vector<std::string> problems;
  Checksums checksums(input);
  for (const std::string& name : expected_sets(file.header())) checksums.require_rows(name);
  for (const std::string& column : file.header().meta_columns)
    checksums.require_rows("meta/" + column);
  checksums.compare(problems);
  if (!problems.empty()) return problems;
  try {
    read_vectors(file);
  } catch (const Error& error) {
    if (error.fault() != Fault::data) throw;
    problems.push_back(error.reason());
  }
  return problems;
}

}  // namespace claptools
