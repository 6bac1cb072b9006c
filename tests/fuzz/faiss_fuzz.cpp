#include <span>
#include <stdexcept>

#include "claptools/index/faiss/faiss_layout.hpp"
#include "fuzz/harness.hpp"
#include "fuzz/input_folder.hpp"

namespace {

using namespace claptools;

/// What may be searched where it lies must lie in the file.
void expect_inside(const MappableParts& parts, std::span<const std::byte> file) {
  if (parts.vectors) {
    const std::span vectors(static_cast<const std::byte*>(parts.vectors->data),
                            parts.vectors->rows * parts.vectors->row_bytes());
    if (vectors.data() < file.data() || vectors.size() > file.size() ||
        vectors.data() - file.data() > static_cast<std::ptrdiff_t>(file.size() - vectors.size()))
      throw std::logic_error("vectors outside the file");
  }
  if (!parts.lists) return;
  for (const auto& list : parts.lists->lists) {
    const std::size_t row = parts.lists->code_size + sizeof(std::int64_t);
    if (list.offset > file.size() || list.size > (file.size() - list.offset) / row)
      throw std::logic_error("a list outside the file");
  }
}

}  // namespace

/// The checks that an index passes before FAISS reads it.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::InputFolder folder;
  fuzz::expect_data_or_refusal(
      [&] { check_faiss_layout(std::as_bytes(std::span(data, size)), "input"); });
  const CheckedFile file(folder.write("vectors.faiss", data, size), std::nullopt);
  fuzz::expect_data_or_refusal([&] { expect_inside(find_mappable_parts(file), file.bytes()); });
  return 0;
}
