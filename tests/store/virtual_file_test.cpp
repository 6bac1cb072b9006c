#include <gmock/gmock.h>
#include <hdf5.h>

#include <array>
#include <functional>

#include "claptools/core/error.hpp"
#include "claptools/store/embedding_file.hpp"
#include "claptools/store/verify_file.hpp"
#include "store/example_rows.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::ExampleRows;
using testing::TempDir;

constexpr std::size_t kDim = 8;

/// Writes rows [first, first + count) and returns the path.
std::string write_part(const std::string& path, ExampleRows& rows, std::size_t first,
                       std::size_t count) {
  EmbeddingWriter writer(path, ExampleRows::header(kDim), true);
  writer.append(rows.view(first, count));
  writer.commit();
  return path;
}

void write_whole(const std::string& path, ExampleRows& rows,
                 const std::vector<std::string>& sources) {
  EmbeddingWriter writer(path, ExampleRows::header(kDim), true, sources);
  writer.append(rows.all());
  writer.commit();
}

std::string reason_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.reason();
  }
  return "nothing refused";
}

TEST(VirtualFile, HoldsWhatItsSourcesDo) {
  const TempDir folder;
  ExampleRows rows(11, kDim);
  // One without frames, one without rows.
  const std::vector<std::string> parts{
      write_part(folder / "0%d.h5", rows, 0, 1), write_part(folder / "1.h5", rows, 1, 0),
      write_part(folder / "2.h5", rows, 1, 7), write_part(folder / "3.h5", rows, 8, 3)};
  write_whole(folder / "all.h5", rows, parts);
  write_whole(folder / "plain.h5", rows, {});
  const EmbeddingReader all(folder / "all.h5"), plain(folder / "plain.h5");
  EXPECT_EQ(all.segments(), plain.segments());
  for (std::size_t first = 0; first < 11; ++first) {
    EXPECT_EQ(all.frames(first).data, plain.frames(first).data);
    for (std::size_t count = 0; first + count <= 11; ++count)
      EXPECT_EQ(all.embeddings(first, count).data, plain.embeddings(first, count).data);
  }
  EXPECT_THAT(verify_embedding_file(folder / "all.h5"), ::testing::IsEmpty());
  const std::string reason =
      reason_of([&] { write_whole(folder / "b.h5", rows, {folder / "all.h5"}); });
  EXPECT_EQ(reason, "dataset 'embeddings' lies in other files");
}

TEST(VirtualFile, WantsItsSourcesAsTheyWere) {
  const TempDir folder;
  ExampleRows rows(6, kDim);
  write_whole(folder / "all.h5", rows,
              {write_part(folder / "0.h5", rows, 0, 3), write_part(folder / "1.h5", rows, 3, 3)});
  const auto open = [&] { EmbeddingReader reader(folder / "all.h5"); };
  write_part(folder / "1.h5", rows, 2, 3);
  EXPECT_THAT(reason_of(open), ::testing::HasSubstr("1.h5, which is not the file"));
  std::filesystem::copy_file(folder / "all.h5", folder / "1.h5",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(reason_of(open), "dataset 'embeddings' lies in other files");  // never round in circles
  std::filesystem::remove(folder / "1.h5");
  EXPECT_THAT(reason_of(open), ::testing::HasSubstr("1.h5, and there is no such file"));
}

/// A mapping in place of ours: rows [from, from + 3) of each source go to `to`.
struct Mapping {
  const char* name;
  std::array<const char*, 2> files;
  const char* dataset;
  std::array<hsize_t, 2> to;
  hsize_t from, columns;
};

void map_again(const std::string& path, const Mapping& mapping) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  H5Ldelete(file, "embeddings", H5P_DEFAULT);
  const std::array<hsize_t, 2> size{6, kDim}, source{6, kDim}, part{3, mapping.columns};
  const hid_t space = H5Screate_simple(2, size.data(), nullptr);
  const hid_t there = H5Screate_simple(2, source.data(), nullptr);
  const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  const std::array<hsize_t, 2> from{mapping.from, 0};
  H5Sselect_hyperslab(there, H5S_SELECT_SET, from.data(), nullptr, part.data(), nullptr);
  for (std::size_t i = 0; i < 2; ++i) {
    const std::array<hsize_t, 2> to{mapping.to[i], 0};
    H5Sselect_hyperslab(space, H5S_SELECT_SET, to.data(), nullptr, part.data(), nullptr);
    H5Pset_virtual(properties, space, mapping.files[i], mapping.dataset, there);
  }
  H5Sselect_all(space);
  H5Dclose(
      H5Dcreate2(file, "embeddings", H5T_IEEE_F32LE, space, H5P_DEFAULT, properties, H5P_DEFAULT));
  H5Pclose(properties);
  H5Sclose(there);
  H5Sclose(space);
  H5Fclose(file);
}

TEST(VirtualFile, TakesNoOtherMapping) {
  const TempDir folder;
  ExampleRows rows(6, kDim);
  write_whole(folder / "all.h5", rows,
              {write_part(folder / "0.h5", rows, 0, 3), write_part(folder / "1.h5", rows, 3, 3)});
  const std::string outside = folder / "0.h5";
  const std::array<Mapping, 8> mappings{{
      {"ours", {"0.h5", "1.h5"}, "embeddings", {0, 3}, 0, kDim},
      {"swapped", {"1.h5", "0.h5"}, "embeddings", {0, 3}, 0, kDim},
      {"twice the same", {"0.h5", "0.h5"}, "embeddings", {0, 3}, 0, kDim},
      {"another name", {"0.h5", "2.h5"}, "embeddings", {0, 3}, 0, kDim},
      {"another way to it", {outside.c_str(), "1.h5"}, "embeddings", {0, 3}, 0, kDim},
      {"another dataset", {"0.h5", "1.h5"}, "frames/embeddings", {0, 3}, 0, kDim},
      {"backwards", {"0.h5", "1.h5"}, "embeddings", {3, 0}, 0, kDim},
      {"some columns", {"0.h5", "1.h5"}, "embeddings", {0, 3}, 0, kDim - 1},
  }};
  for (const Mapping& mapping : mappings) {
    std::filesystem::copy_file(folder / "all.h5", folder / "other.h5",
                               std::filesystem::copy_options::overwrite_existing);
    map_again(folder / "other.h5", mapping);
    const std::string reason = reason_of([&] { EmbeddingReader reader(folder / "other.h5"); });
    const bool refused = reason.find("lies in other files") != std::string::npos ||
                         reason.find("claims more than its files") != std::string::npos;
    EXPECT_EQ(refused, &mapping != mappings.data()) << mapping.name << ": " << reason;
  }
}

}  // namespace
}  // namespace claptools
