#include "claptools/index/faiss/hnsw_storage.hpp"

#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>
#include <faiss/impl/DistanceComputer.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <typeinfo>
#include <utility>

#include "claptools/core/processors.hpp"
#include "claptools/index/faiss/faiss_parts.hpp"

namespace claptools {
namespace {

template <std::size_t kBytes>
using Vector __attribute__((vector_size(kBytes))) = float;

template <std::size_t kBytes>
[[gnu::always_inline]] inline float add_products(const float* a, const float* b, std::size_t dim) {
  constexpr std::size_t kLanes = kBytes / sizeof(float);
  constexpr std::size_t kChains = 4;  // as many sums as hide the latency of an addition
  Vector<kBytes> sums[kChains] = {};
  std::size_t d = 0;
  for (; d + kChains * kLanes <= dim; d += kChains * kLanes) {
    for (std::size_t c = 0; c < kChains; ++c) {
      Vector<kBytes> x, y;
      std::memcpy(&x, a + d + c * kLanes, sizeof x);
      std::memcpy(&y, b + d + c * kLanes, sizeof y);
      sums[c] += x * y;
    }
  }
  const Vector<kBytes> all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  float sum = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) sum += all[lane];
  for (; d < dim; ++d) sum += a[d] * b[d];
  return sum;
}

using InnerProduct = ForProcessors<add_products<16>, add_products<32>, add_products<64>>;

class InnerProducts : public faiss::FlatCodesDistanceComputer {
 public:
  explicit InnerProducts(const faiss::IndexFlat& rows)
      : FlatCodesDistanceComputer(rows.codes.data(), rows.code_size),
        rows_(rows.get_xb()),
        dim_(static_cast<std::size_t>(rows.d)) {}

  void set_query(const float* query) override { query_ = query; }
  float distance_to_code(const std::uint8_t* code) override {
    return inner_product_(query_, reinterpret_cast<const float*>(code), dim_);
  }
  float symmetric_dis(std::int64_t i, std::int64_t j) override {
    return inner_product_(row(i), row(j), dim_);
  }

 private:
  const float* row(std::int64_t i) const { return rows_ + static_cast<std::size_t>(i) * dim_; }

  const float* rows_;
  std::size_t dim_;
  const float* query_ = nullptr;
  const InnerProduct::Function inner_product_ = InnerProduct::choose();
};

/// Written to a file as any IndexFlatIP.
struct QuickFlat : faiss::IndexFlatIP {
  using IndexFlatIP::IndexFlatIP;
  faiss::FlatCodesDistanceComputer* get_FlatCodesDistanceComputer() const override {
    return new InnerProducts(*this);
  }
};

constexpr bool kIsSlow =
    FAISS_VERSION_MAJOR == 1 &&
    (FAISS_VERSION_MINOR < 7 || (FAISS_VERSION_MINOR == 7 && FAISS_VERSION_PATCH < 4));

}  // namespace

void quicken_graph(faiss::Index* index) {
  faiss::IndexHNSW* graph = kIsSlow ? find_graph(index) : nullptr;
  if (!graph || !graph->own_fields || graph->metric_type != faiss::METRIC_INNER_PRODUCT) return;
  auto* const flat = dynamic_cast<faiss::IndexFlat*>(graph->storage);
  if (!flat ||
      (typeid(*flat) != typeid(faiss::IndexFlat) && typeid(*flat) != typeid(faiss::IndexFlatIP)))
    return;
  auto quick = std::make_unique<QuickFlat>(flat->d);
  quick->codes = std::move(flat->codes);
  quick->ntotal = flat->ntotal;
  quick->verbose = flat->verbose;
  delete std::exchange(graph->storage, quick.release());
}

}  // namespace claptools
