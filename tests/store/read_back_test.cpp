#include "claptools/store/hdf5/read_back.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <hdf5.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "claptools/core/error.hpp"
#include "store/example_rows.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using hdf5::RowCount;
using testing::ExampleRows;
using testing::read_bytes;
using testing::TempDir;
using testing::write_bytes;

constexpr std::size_t kRows = 7;
const std::vector<RowCount> kWritten{
    {"embeddings", kRows}, {"meta/label", kRows}, {"errors/id", 0}};

std::string finished_file(const TempDir& folder) {
  std::string path = folder / "a.h5";
  ExampleRows rows(kRows, 8);
  EmbeddingWriter writer(path, ExampleRows::header(8), true);
  writer.append(rows.all());
  writer.commit();
  return path;
}

/// "" if it is read back; the same from a descriptor and from an image in memory.
std::string reason(const std::string& path, const std::vector<RowCount>& datasets) {
  const std::string bytes = read_bytes(path);
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  std::vector<std::string> reasons;
  for (const int from : {descriptor, -1}) {
    reasons.emplace_back();
    try {
      hdf5::read_back({from, std::as_bytes(std::span(bytes)), 0, hdf5::Handle()}, "a.h5", datasets);
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::io);
      reasons.back() = error.reason();
    }
  }
  close(descriptor);
  EXPECT_EQ(reasons[0], reasons[1]);
  return reasons[0];
}

TEST(ReadBack, FinishedFile) {
  const TempDir folder;
  EXPECT_EQ(reason(finished_file(folder), kWritten), "");
}

TEST(ReadBack, EmptyCutAndForeignFiles) {
  const TempDir folder;
  const std::string path = finished_file(folder), whole = read_bytes(path);
  const std::string refused = "cannot be read back after writing: not a whole HDF5 file";
  for (const std::size_t left :
       {std::size_t{0}, std::size_t{8}, whole.size() / 2, whole.size() - 1}) {
    write_bytes(path, whole.substr(0, left));
    EXPECT_EQ(reason(path, kWritten), refused) << left;
  }
  write_bytes(path, std::string(whole.size(), '\0'));
  EXPECT_EQ(reason(path, kWritten), refused);
}

TEST(ReadBack, LostRowsAndDatasets) {
  const TempDir folder;
  const std::string path = finished_file(folder);
  EXPECT_EQ(reason(path, {{"id", kRows}, {"embeddings", kRows + 1}}),
            "cannot be read back after writing: 'embeddings' has lost rows");
  EXPECT_EQ(reason(path, {{"gone", 0}}), "cannot be read back after writing: 'gone' has lost rows");
}

TEST(ReadBack, UnfinishedFile) {
  const TempDir folder;
  const std::string path = finished_file(folder);
  {
    const hdf5::Handle file(
        H5Fopen(path.c_str(), H5F_ACC_RDWR, hdf5::Handle(hdf5::file_access()).id()));
    const hdf5::Handle complete(H5Aopen(file.id(), hdf5::kComplete, H5P_DEFAULT));
    const std::int64_t no = 0;
    ASSERT_GE(H5Awrite(complete.id(), H5T_NATIVE_INT64, &no), 0);
  }
  EXPECT_EQ(reason(path, kWritten), "cannot be read back after writing: it is not marked complete");
}

/// A descriptor that can be written, not read.
TEST(ReadBack, UnreadableFile) {
  const TempDir folder;
  const int descriptor = open(finished_file(folder).c_str(), O_WRONLY | O_CLOEXEC);
  try {
    hdf5::read_back({descriptor, {}, 0, hdf5::Handle()}, "a.h5", kWritten);
    FAIL() << "read back";
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), "Bad file descriptor");
  }
  close(descriptor);
}

}  // namespace
}  // namespace claptools
