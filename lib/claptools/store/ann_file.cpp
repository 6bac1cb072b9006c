#include "claptools/store/ann_file.hpp"

#include <algorithm>
#include <vector>

#include "claptools/store/hdf5/layout.hpp"

namespace claptools {

struct AnnFile::Impl {
  Impl(const std::string& path, std::size_t dim, std::size_t k, bool overwrite)
      : output(path, overwrite),
        train(output.dataset("train", hdf5::Type::float32, dim, chunk_rows(4 * dim))),
        test(output.dataset("test", hdf5::Type::float32, dim, chunk_rows(4 * dim))),
        neighbors(output.dataset("neighbors", hdf5::Type::uint64, k, chunk_rows(8 * k))),
        distances(output.dataset("distances", hdf5::Type::float32, k, chunk_rows(4 * k))) {
    output.attribute("/", "distance", std::string("angular"));
    output.attribute("/", "dimension", static_cast<std::int64_t>(dim));
    output.attribute("/", "point_type", std::string("float"));
  }

  hdf5::Output output;
  hdf5::Dataset train, test, neighbors, distances;
};

AnnFile::AnnFile(const std::string& path, std::size_t dim, std::size_t k, bool overwrite)
    : impl_(std::make_unique<Impl>(path, dim, k, overwrite)) {}

AnnFile::~AnnFile() = default;

void AnnFile::append_train(MatrixView vectors) {
  impl_->train.append(std::span(vectors.data, vectors.rows * vectors.cols));
}

void AnnFile::append_test(MatrixView queries, std::span<const std::int64_t> ids,
                          std::span<const float> cosines) {
  impl_->test.append(std::span(queries.data, queries.rows * queries.cols));
  impl_->neighbors.append(std::vector<std::uint64_t>(ids.begin(), ids.end()));
  std::vector<float> distances(cosines.begin(), cosines.end());
  std::ranges::transform(distances, distances.begin(), [](float cosine) { return 1 - cosine; });
  impl_->distances.append(distances);
}

void AnnFile::commit() { impl_->output.commit(); }

}  // namespace claptools
