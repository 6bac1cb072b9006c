#include "claptools/index/index_directory.hpp"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/files/mapped_file.hpp"
#include "claptools/core/files/output_lock.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/core/files/scratch.hpp"
#include "claptools/core/files/steady_folder.hpp"
#include "claptools/core/system_reason.hpp"
#include "claptools/index/seal.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVectors = "vectors.faiss";
constexpr const char* kRows = "rows.h5";

/// What overwriting would destroy must be an index and nothing else.
void check_replaceable(const fs::path& folder, const fs::path& subject) {
  std::error_code failed;
  std::size_t ours = 0, others = 0;
  const bool is_folder = fs::is_directory(fs::symlink_status(folder, failed));
  for (fs::directory_iterator it(folder, failed), end; is_folder && !failed && it != end;
       it.increment(failed)) {
    const auto name = it->path().filename();
    ++(name == kVectors || name == kRows ? ours : others);
  }
  if (is_folder && failed) throw Error(Fault::cannot_create, subject.native(), failed.message());
  if (!is_folder || others > 0 || ours == 1) {
    throw Error(Fault::cannot_create, subject.native(), "exists and is not an index directory");
  }
}

/// The seal is read before HDF5 sees a byte.
IndexRows read_rows(const fs::path& path) {
  const fs::file_status status = status_of(path, Fault::no_input);
  if (!fs::exists(status)) throw Error(Fault::no_input, path.native(), system_reason(ENOENT));
  if (!fs::is_directory(status)) {
    throw Error(Fault::data, path.native(), "is not an index directory");
  }
  check_seal(path / kRows);
  return read_index_rows((path / kRows).native());
}

void require_fit(const fs::path& path, const SearchIndex& index, const IndexRows& rows) {
  if (index.size() != rows.segments.size()) {
    throw Error(Fault::data, path.native(),
                std::to_string(index.size()) + " vectors, " + std::to_string(rows.segments.size()) +
                    " rows");
  }
  if (index.dim() != rows.header.dim) {
    throw Error(Fault::data, path.native(),
                "vectors of width " + std::to_string(index.dim()) + ", rows say " +
                    std::to_string(rows.header.dim));
  }
}

}  // namespace

void write_index_directory(const fs::path& given, const Index& index, IndexRows rows,
                           bool overwrite) {
  const fs::path path = given.has_filename() ? given : given.parent_path();
  if (index.size() != rows.segments.size() || index.dim() != rows.header.dim) {
    throw Error(Fault::internal, path.native(), "vectors and rows do not fit");
  }
  const OutputLock lock(path);
  restore_folder(path);
  remove_abandoned(path);
  std::error_code failed;
  const bool exists = fs::exists(fs::symlink_status(path, failed));
  if (exists && !overwrite) {
    throw Error(Fault::cannot_create, path.native(), "exists; use `overwrite`");
  }
  if (exists) check_replaceable(path, path);
  ScratchFolder scratch(path);
  index.save(scratch.path() / kVectors);
  rows.vectors = block_checksums(MappedFile(scratch.path() / kVectors).bytes());
  write_index_rows((scratch.path() / kRows).native(), rows);
  seal_file(scratch.path() / kRows);
  scratch.publish(overwrite);
}

IndexDirectory read_index_directory(const fs::path& path) {
  return read_steadily(path, {}, [&] {
    const fs::path folder = current_folder(path);
    IndexRows rows = read_rows(folder);
    IndexDirectory directory{load_index(folder / kVectors, rows.vectors), std::move(rows)};
    require_fit(path, *directory.index, directory.rows);
    return directory;
  });
}

IndexRows read_directory_rows(const fs::path& path) {
  return read_steadily(path, {}, [&] { return read_rows(current_folder(path)); });
}

SearchDirectory open_index_directory(const fs::path& path) {
  return read_steadily(path, {}, [&] {
    const fs::path folder = current_folder(path);
    IndexRows rows = read_rows(folder);
    SearchDirectory directory{open_index(folder / kVectors, rows.vectors), std::move(rows)};
    require_fit(path, *directory.index, directory.rows);
    return directory;
  });
}

}  // namespace claptools
