#include "mgaclap/index/index_directory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

#include "mgaclap/core/error.hpp"
#include "mgaclap/core/mapped_file.hpp"
#include "mgaclap/index/seal.hpp"

namespace mgaclap {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVectors = "vectors.faiss";
constexpr const char* kRows = "rows.h5";

std::string reason_of(int code) { return std::generic_category().message(code); }

/// "a/b/" names the same directory as "a/b", but has no file name.
fs::path without_slash(const fs::path& path) {
  return path.has_filename() ? path : path.parent_path();
}

/// A directory of its own beside `path`, removed with all it holds when this object goes.
class Scratch {
 public:
  explicit Scratch(const fs::path& path)
      : path_(path.parent_path() /
              ("." + path.filename().string() + ".part." + std::to_string(::getpid()))) {
    std::error_code code;
    fs::remove_all(path_, code);  // of an earlier process of this number, killed
    if (!fs::create_directory(path_, code)) {
      throw Error(Fault::cannot_create, path.native(), code.message());
    }
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// What overwriting would destroy must be an index and nothing else.
void check_replaceable(const fs::path& path) {
  const auto refuse = [&path] {
    throw Error(Fault::cannot_create, path.native(), "exists and is not an index directory");
  };
  if (!fs::is_directory(fs::symlink_status(path))) refuse();
  for (const auto& entry : fs::directory_iterator(path)) {
    const auto name = entry.path().filename();
    if (name != kVectors && name != kRows) refuse();
  }
}

void sync_directory(const fs::path& path) {
  const int fd = ::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const int failed = fd < 0 || ::fsync(fd) != 0 ? errno : 0;
  if (fd >= 0) ::close(fd);
  if (failed) throw Error(Fault::io, path.native(), reason_of(failed));
}

void rename_directory(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    throw Error(Fault::cannot_create, to.native(), reason_of(errno));
  }
}

/// Puts `fresh` in the place of `path`; what was there is then at `fresh`.
void exchange(const fs::path& fresh, const fs::path& path) {
  if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) == 0) return;
  if (errno != EINVAL && errno != ENOSYS) {
    throw Error(Fault::cannot_create, path.native(), reason_of(errno));
  }
  fs::path aside = fresh;
  aside += ".old";  // some network file systems cannot exchange
  rename_directory(path, aside);
  try {
    rename_directory(fresh, path);
  } catch (const Error&) {
    rename_directory(aside, path);
    throw;
  }
  rename_directory(aside, fresh);
}

IndexRows read_rows(const fs::path& path) {
  if (!fs::exists(path)) throw Error(Fault::no_input, path.native(), reason_of(ENOENT));
  if (!fs::is_directory(path)) throw Error(Fault::data, path.native(), "is not an index directory");
  check_seal(path / kRows);  // before HDF5 sees a byte
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
  const fs::path path = without_slash(given);
  if (index.size() != rows.segments.size() || index.dim() != rows.header.dim) {
    throw Error(Fault::internal, path.native(), "vectors and rows do not fit");
  }
  const bool exists = fs::exists(fs::symlink_status(path));
  if (exists && !overwrite) throw Error(Fault::cannot_create, path.native(), "exists already");
  if (exists) check_replaceable(path);
  const Scratch scratch(path);
  index.save(scratch.path() / kVectors);
  rows.vectors = block_checksums(MappedFile(scratch.path() / kVectors).bytes());
  write_index_rows((scratch.path() / kRows).native(), rows);
  seal_file(scratch.path() / kRows);
  sync_directory(scratch.path());
  if (exists) {
    exchange(scratch.path(), path);
  } else {
    rename_directory(scratch.path(), path);
  }
  sync_directory(path.parent_path());
}

IndexDirectory read_index_directory(const fs::path& path) {
  IndexRows rows = read_rows(path);
  IndexDirectory directory{load_index(path / kVectors, rows.vectors), std::move(rows)};
  require_fit(path, *directory.index, directory.rows);
  return directory;
}

SearchDirectory open_index_directory(const fs::path& path) {
  IndexRows rows = read_rows(path);
  SearchDirectory directory{open_index(path / kVectors, rows.vectors), std::move(rows)};
  require_fit(path, *directory.index, directory.rows);
  return directory;
}

}  // namespace mgaclap
