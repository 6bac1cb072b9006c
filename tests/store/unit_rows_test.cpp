// Embeddings that are not of unit length, as other programs leave them: made so on reading, or
// refused.
#include <gtest/gtest.h>
#include <hdf5.h>

#include <cmath>
#include <functional>
#include <limits>
#include <optional>

#include "claptools/core/error.hpp"
#include "claptools/store/embedding_file.hpp"
#include "claptools/store/hdf5/hdf5_output.hpp"
#include "claptools/store/scores/retrieval_file.hpp"
#include "store/example_rows.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::ExampleRows;
using testing::TempDir;

constexpr std::size_t kDim = 4;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

enum class Attribute { absent, zero, one, two, yes, no };

/// In place of the integer that we write; yes and no are the booleans of h5py.
void set_normalized(const std::string& path, Attribute value) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  H5Adelete(file, "normalized");
  const bool boolean = value == Attribute::yes || value == Attribute::no;
  const hid_t type = boolean ? H5Tenum_create(H5T_NATIVE_INT8) : H5Tcopy(H5T_NATIVE_INT8);
  const std::int8_t no = 0, yes = 1;
  if (boolean) {
    H5Tenum_insert(type, "FALSE", &no);
    H5Tenum_insert(type, "TRUE", &yes);
  }
  const std::int8_t number = value == Attribute::two                              ? 2
                             : value == Attribute::one || value == Attribute::yes ? 1
                                                                                  : 0;
  if (value != Attribute::absent) {
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t attribute = H5Acreate2(file, "normalized", type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, type, &number);
    H5Aclose(attribute);
    H5Sclose(space);
  }
  H5Tclose(type);
  H5Fclose(file);
}

/// In place of ours, float64.
void store_doubles(const std::string& path, const std::vector<double>& values) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  H5Ldelete(file, "embeddings", H5P_DEFAULT);
  const std::array<hsize_t, 2> size{values.size() / kDim, kDim};
  const hid_t space = H5Screate_simple(2, size.data(), nullptr);
  const hid_t set =
      H5Dcreate2(file, "embeddings", H5T_IEEE_F64BE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  H5Dclose(set);
  H5Sclose(space);
  H5Fclose(file);
}

Fault fault_of(const std::function<void()>& action, std::string& message) {
  try {
    action();
    message.clear();
  } catch (const Error& error) {
    message = error.what();
    return error.fault();
  }
  return Fault{};
}

class UnitRows : public ::testing::Test {
 protected:
  /// Rows of which the third is `scale` times as long, and so is the second frame of row 2.
  std::string write(double scale, bool half = false) {
    ExampleRows scaled = rows;
    for (float& value : scaled.embeddings.row(2)) value = static_cast<float>(value * scale);
    for (float& value : scaled.frames.row(2)) value = static_cast<float>(value * scale);
    EmbeddingHeader header = ExampleRows::header(kDim);
    header.half = half;
    EmbeddingWriter writer(path, header, true);
    writer.append(scaled.all());
    writer.commit();
    return path;
  }

  void expect_refused(const std::string& reason) {
    std::string message;
    const EmbeddingReader reader(path);
    EXPECT_EQ(fault_of([&] { reader.embeddings(0, 5); }, message), Fault::data);
    EXPECT_EQ(message, path + ": the embedding of 'clips/2.wav' (row 2) " + reason);
    EXPECT_EQ(fault_of([&] { reader.frames(2); }, message), Fault::data);
    EXPECT_EQ(message, path + ": frame 1 of 'clips/2.wav' (row 2) " + reason);
    EXPECT_EQ(reader.embeddings(3, 2).rows, 2U);
    EXPECT_EQ(reader.frames(1).rows, 1U);
  }

  TempDir folder;
  std::string path = folder / "a.h5";
  ExampleRows rows{5, kDim};
};

TEST_F(UnitRows, AreMadeWhereTheFileDoesNotSayThatTheyAre) {
  for (const double scale : {1e-6, 0.3, 1.0, 2.5, 1000.0, 1e6}) {
    for (const Attribute value : {Attribute::absent, Attribute::zero, Attribute::no}) {
      write(scale);
      set_normalized(path, value);
      const EmbeddingReader reader(path);
      EXPECT_FALSE(reader.header().normalized);
      const Matrix embeddings = reader.embeddings(0, 5);
      for (std::size_t i = 0; i < embeddings.data.size(); ++i)
        EXPECT_NEAR(embeddings.data[i], rows.embeddings.data[i], 1e-6) << scale;
      const Matrix frames = reader.frames(2);
      for (std::size_t i = 0; i < frames.data.size(); ++i)
        EXPECT_NEAR(frames.data[i], rows.frames.data[kDim + i], 1e-6) << scale;
    }
  }
}

TEST_F(UnitRows, AreRefusedWhereTheFileSaysThatTheyAre) {
  for (const double scale : {1.01, 0.99, 2.0, 0.5, 1.0005}) {
    write(scale);
    char length[32];
    std::snprintf(length, sizeof length, "%g", scale);
    expect_refused("has length " + std::string(length) + ", but the file says 'normalized' = 1");
    set_normalized(path, Attribute::yes);
    std::string message;
    const EmbeddingReader reader(path);
    EXPECT_EQ(fault_of([&] { reader.embeddings(2, 1); }, message), Fault::data);
  }
  write(1.0005, true);  // within what rounding to float16 may do
  EXPECT_EQ(EmbeddingReader(path).embeddings(0, 5).rows, 5U);
  write(1.01, true);
  std::string message;
  EXPECT_EQ(fault_of([&] { EmbeddingReader(path).embeddings(0, 5); }, message), Fault::data);
  set_normalized(path, Attribute::two);
  EXPECT_EQ(fault_of([&] { EmbeddingReader reader(path); }, message), Fault::data);
}

TEST_F(UnitRows, OfNoLengthThatAModelGives) {
  const std::vector<std::pair<double, std::string>> lengths{
      {0, "has length 0, which is not an embedding"},
      {1e-20, "has length 1e-20, which is not an embedding"},
      {1e30, "has length 1e+30, which is not an embedding"},
      {kInfinity, "is not finite"},
      {kNan, "is not finite"}};
  for (const auto& [length, reason] : lengths) {
    write(length);
    set_normalized(path, Attribute::absent);
    expect_refused(reason);
  }
}

TEST_F(UnitRows, OfDoubles) {
  std::vector<double> values(5 * kDim, 3.0);
  write(1);
  store_doubles(path, values);
  set_normalized(path, Attribute::absent);
  EXPECT_EQ(EmbeddingReader(path).embeddings(0, 5).data, std::vector<float>(5 * kDim, 0.5F));
  for (const double bad : {1e300, -1e300, 1e30, kNan}) {
    values[2 * kDim] = bad;
    store_doubles(path, values);
    std::string message;
    EXPECT_EQ(fault_of([&] { EmbeddingReader(path).embeddings(0, 5); }, message), Fault::data);
    EXPECT_NE(message.find("'clips/2.wav' (row 2)"), std::string::npos) << message;
  }
}

TEST_F(UnitRows, CannotStayInAFileThatHasNone) {
  write(2);
  set_normalized(path, Attribute::zero);
  std::string message;
  const auto refer = [&] {
    EmbeddingWriter writer(folder / "all.h5", ExampleRows::header(kDim), true, {path});
  };
  EXPECT_EQ(fault_of(refer, message), Fault::data);
  EXPECT_EQ(message, path + ": its vectors are not normalized, so they cannot stay where they are");
}

TEST_F(UnitRows, OfAPair) {
  for (const auto& [value, reason] : std::vector<std::pair<float, std::string>>{
           {0.0F, "has length 0, which is not an embedding"},
           {1e30F, "has length 1e+30, which is not an embedding"}}) {
    std::filesystem::remove(path);
    {
      hdf5::Output output(path, false);
      output.dataset("audio", hdf5::Type::float32, 1, 2).append(std::vector<float>{7, -2});
      output.dataset("text", hdf5::Type::float32, 1, 2).append(std::vector<float>{1, value});
      hdf5::write_column<std::string>(output, "audio_ids", hdf5::Type::text,
                                      std::vector<std::string>{"a", "b"});
      output.commit();
    }
    std::string message;
    EXPECT_EQ(fault_of([&] { read_embedding_pair(path); }, message), Fault::data);
    EXPECT_EQ(message, path + ": row 1 of 'text' " + reason);
  }
}

}  // namespace
}  // namespace claptools
