#include "claptools/store/row_blocks.hpp"

#include <string_view>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/store/kept_inputs.hpp"

namespace claptools {
namespace {

constexpr std::size_t kBlockRows = 4096;

/// Values of rows [first, first + count) of every meta column.
std::vector<std::vector<std::string>> meta_of(const EmbeddingReader& reader, std::size_t first,
                                              std::size_t count) {
  std::vector<std::vector<std::string>> meta;
  for (std::size_t c = 0; c < reader.header().meta_columns.size(); ++c) {
    const auto begin = reader.meta(c).begin() + static_cast<std::ptrdiff_t>(first);
    meta.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(count));
  }
  return meta;
}

}  // namespace

void visit_rows(const EmbeddingReader& reader, bool frames, const RowVisitor& visit,
                const std::atomic<bool>* stop) {
  visit_blocks(reader.rows(), frames ? 1 : kBlockRows, [&](std::size_t first, std::size_t count) {
    if (stop && *stop) return;
    const Matrix embeddings = reader.embeddings(first, count);
    const auto meta = meta_of(reader, first, count);
    const Matrix row_frames = frames ? reader.frames(first) : Matrix();
    visit({std::span(reader.segments()).subspan(first, count), embeddings, meta, row_frames,
           frames ? std::span(&row_frames.rows, 1) : std::span<const std::size_t>()});
  });
}

bool is_hdf5(const std::string& path) {
  if (!can_reopen(path)) return true;
  constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";
  std::string start(kSignature.size(), '\0');
  try {
    InputStream(path).read(start.data(), static_cast<std::streamsize>(start.size()));
  } catch (const Error& error) {
    if (error.fault() != Fault::no_input) throw;
    return false;  // one that cannot be opened fails when it is its turn
  }
  return start == kSignature;
}

}  // namespace claptools
