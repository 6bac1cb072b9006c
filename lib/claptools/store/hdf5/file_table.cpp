#include "claptools/store/hdf5/file_table.hpp"

#include <limits>
#include <utility>

#include "claptools/store/hdf5/hdf5_column.hpp"

namespace claptools {
namespace {

/// In a file, what is unknown; no size or time is that large.
constexpr std::uint64_t kUnknown = std::numeric_limits<std::uint64_t>::max();

std::uint64_t stored(std::int64_t number) {
  return number < 0 ? kUnknown : static_cast<std::uint64_t>(number);
}

std::int64_t known(std::uint64_t number) {
  return number > std::numeric_limits<std::int64_t>::max() ? -1 : static_cast<std::int64_t>(number);
}

template <class Row, class Value>
void write_texts(hdf5::Output& output, const std::string& name, const std::vector<Row>& rows,
                 Value Row::*member) {
  std::vector<std::string> values;
  for (const Row& row : rows) values.push_back(row.*member);
  hdf5::write_column<std::string>(output, name, hdf5::Type::text, values);
}

/// Size and time of the last change, of either kind of row.
template <class Row>
void write_stamps(hdf5::Output& output, const std::string& group, const std::vector<Row>& rows) {
  std::vector<std::uint64_t> sizes, times;
  for (const Row& row : rows) {
    sizes.push_back(stored(row.size));
    times.push_back(stored(row.mtime_ns));
  }
  hdf5::write_column<std::uint64_t>(output, group + "/size", hdf5::Type::uint64, sizes);
  hdf5::write_column<std::uint64_t>(output, group + "/mtime_ns", hdf5::Type::uint64, times);
}

template <class Row, class Value>
void read_texts(const hdf5::Input& input, const std::string& name, std::vector<Row>& rows,
                Value Row::*member) {
  const hdf5::Column column = input.column(name);
  column.require_rows(rows.size());
  std::vector<std::string> values = column.texts();
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].*member = std::move(values[i]);
}

template <class Row>
void read_stamps(const hdf5::Input& input, const std::string& group, std::vector<Row>& rows) {
  const auto read = [&](const std::string& name, std::int64_t Row::*member) {
    if (!input.has(group + name)) return;
    const hdf5::Column column = input.column(group + name);
    column.require_rows(rows.size());
    const std::vector<std::uint64_t> values = column.integers();
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].*member = known(values[i]);
  };
  read("/size", &Row::size);
  read("/mtime_ns", &Row::mtime_ns);
}

}  // namespace

void write_files(hdf5::Output& output, const std::vector<FileRecord>& files) {
  if (files.empty()) return;
  output.group("files");
  write_texts(output, "files/id", files, &FileRecord::id);
  write_stamps(output, "files", files);
  write_texts(output, "files/sha256", files, &FileRecord::sha256);
}

void write_failures(hdf5::Output& output, const std::vector<FailedFile>& failures) {
  if (failures.empty()) return;
  output.group("errors");
  write_texts(output, "errors/id", failures, &FailedFile::id);
  write_texts(output, "errors/stage", failures, &FailedFile::stage);
  write_texts(output, "errors/message", failures, &FailedFile::message);
  write_stamps(output, "errors", failures);
}

std::vector<FileRecord> read_files(const hdf5::Input& input) {
  std::vector<FileRecord> files;
  if (!input.has("files")) return files;
  files.resize(input.column("files/id").rows());
  read_texts(input, "files/id", files, &FileRecord::id);
  read_stamps(input, "files", files);
  read_texts(input, "files/sha256", files, &FileRecord::sha256);
  return files;
}

std::vector<FailedFile> read_failures(const hdf5::Input& input) {
  std::vector<FailedFile> failures;
  if (!input.has("errors")) return failures;
  failures.resize(input.column("errors/id").rows());
  read_texts(input, "errors/id", failures, &FailedFile::id);
  read_texts(input, "errors/stage", failures, &FailedFile::stage);
  read_texts(input, "errors/message", failures, &FailedFile::message);
  read_stamps(input, "errors", failures);
  return failures;
}

}  // namespace claptools
