#pragma once

#include <memory>
#include <string>
#include <vector>

#include "claptools/core/matrix.hpp"
#include "claptools/store/embedding_file.hpp"
#include "claptools/store/file_record.hpp"
#include "claptools/store/row_blocks.hpp"

namespace claptools {

/// Rows that can go into an index: those of an embedding file or of another index.
class IndexInput {
 public:
  virtual ~IndexInput() = default;

  virtual const EmbeddingHeader& header() const = 0;
  virtual const std::vector<Segment>& segments() const = 0;
  /// Values of a column of header().meta_columns, [rows].
  virtual const std::vector<std::string>& meta(std::size_t column) const = 0;
  /// What is known of the files of rows; any number, in any order.
  virtual const std::vector<FileRecord>& files() const = 0;
  /// Rows [first, first + count). @throws Error{data}, {usage} for an index that cannot give its
  /// vectors back.
  virtual Matrix vectors(std::size_t first, std::size_t count) const = 0;
};

/// @param path an index directory, or an embedding file; "-" is one on standard input.
/// @throws Error{no_input}, {data}.
std::unique_ptr<IndexInput> open_row_source(const std::string& path);

inline constexpr std::size_t kVectorBlock = 8192;  ///< rows

/// Calls visit(vectors) for all rows, in order, kVectorBlock at a time.
template <typename Visit>
void visit_vectors(const IndexInput& source, const Visit& visit) {
  visit_blocks(source.segments().size(), kVectorBlock,
               [&](std::size_t first, std::size_t count) { visit(source.vectors(first, count)); });
}

}  // namespace claptools
