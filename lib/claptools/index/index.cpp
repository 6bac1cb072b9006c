#include "claptools/index/index.hpp"

#include <faiss/IndexHNSW.h>
#include <faiss/IndexIVFPQ.h>
#include <faiss/IndexPQ.h>
#include <faiss/IndexPreTransform.h>
#include <faiss/IndexRefine.h>
#include <faiss/index_factory.h>

#include <string>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/index/faiss/factory_string.hpp"
#include "claptools/index/faiss/faiss_index.hpp"
#include "claptools/index/faiss/faiss_io.hpp"
#include "claptools/index/faiss/mapped_lists.hpp"
#include "claptools/index/flat/flat_search.hpp"
#include "claptools/index/flat/stored_index.hpp"

namespace claptools {
namespace {

/// FAISS prints a warning for a small training sample, and the library must not print. Polysemous
/// training costs a minute and serves a kind of search that is not used here.
void quieten(faiss::Index* index) {
  if (auto* outer = dynamic_cast<faiss::IndexPreTransform*>(index)) return quieten(outer->index);
  if (auto* refined = dynamic_cast<faiss::IndexRefine*>(index)) return quieten(refined->base_index);
  if (auto* graph = dynamic_cast<faiss::IndexHNSW*>(index)) return quieten(graph->storage);
  if (auto* lists = dynamic_cast<faiss::IndexIVF*>(index)) lists->cp.min_points_per_centroid = 1;
  if (auto* lists = dynamic_cast<faiss::IndexIVFPQ*>(index)) {
    lists->pq.cp.min_points_per_centroid = 1;
    lists->do_polysemous_training = false;
  }
  if (auto* codes = dynamic_cast<faiss::IndexPQ*>(index)) {
    codes->pq.cp.min_points_per_centroid = 1;
    codes->do_polysemous_training = false;
  }
}

/// A program that dies of an illegal instruction says nothing.
void require_processor() {
#if defined(CLAPTOOLS_FAISS_AVX2) && defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
    throw Error(Fault::unavailable, "FAISS",
                "was built for processors with AVX2, which this one does not have");
  }
#endif
}

}  // namespace

std::optional<Gallery> SearchIndex::gallery() const { return {}; }

std::unique_ptr<Index> make_index(std::string_view description, std::size_t dim) {
  const std::string text(description);
  const std::string name = "index type '" + text + "'";
  require_processor();
  if (dim == 0 || dim > 65536) throw Error(Fault::usage, name, "dimension " + std::to_string(dim));
  check_factory_string(description, dim);
  std::unique_ptr<faiss::Index> index;
  try {
    index.reset(
        faiss::index_factory(static_cast<int>(dim), text.c_str(), faiss::METRIC_INNER_PRODUCT));
  } catch (const std::exception& error) {  // also std::out_of_range for a number too big
    throw Error(Fault::usage, name, faiss_reason(error));
  }
  if (!can_read_back(*index)) throw Error(Fault::usage, name, "is not supported");
  quieten(index.get());
  set_default_effort(index.get());
  return wrap_faiss(std::move(index), name, nullptr);
}

std::unique_ptr<Index> load_index(const std::filesystem::path& path,
                                  const std::optional<BlockChecksums>& checksums) {
  require_processor();
  const CheckedFile file(path, checksums);
  file.check(0, file.bytes().size());
  check_faiss_layout(file.bytes(), file.subject());
  return wrap_faiss(read_faiss(file), path.native(), nullptr);
}

std::unique_ptr<SearchIndex> open_index(const std::filesystem::path& path,
                                        const std::optional<BlockChecksums>& checksums) {
  const auto file = std::make_shared<const CheckedFile>(path, checksums);
  MappableParts parts = find_mappable_parts(*file);
  if (parts.vectors) return open_stored_vectors(file, *parts.vectors);
  require_processor();
  if (!parts.lists) return wrap_faiss(read_faiss(*file), path.native(), nullptr);
  auto index = read_faiss_around(*file, *parts.lists);
  const MappedLists& mapped = map_lists(*index, file, std::move(*parts.lists));
  return wrap_faiss(std::move(index), path.native(), &mapped);
}

}  // namespace claptools
