#include "claptools/index/faiss/faiss_parts.hpp"

#include <faiss/IndexHNSW.h>
#include <faiss/IndexIVF.h>
#include <faiss/IndexPreTransform.h>
#include <faiss/IndexRefine.h>

namespace claptools {
namespace {

template <typename Part>
Part* find_part(faiss::Index* index) {
  if (auto* part = dynamic_cast<Part*>(index)) return part;
  if (auto* outer = dynamic_cast<faiss::IndexPreTransform*>(index)) {
    return find_part<Part>(outer->index);
  }
  if (auto* refined = dynamic_cast<faiss::IndexRefine*>(index)) {
    return find_part<Part>(refined->base_index);
  }
  if (auto* lists = dynamic_cast<faiss::IndexIVF*>(index)) return find_part<Part>(lists->quantizer);
  if (auto* graph = dynamic_cast<faiss::IndexHNSW*>(index)) return find_part<Part>(graph->storage);
  return nullptr;
}

}  // namespace

faiss::IndexIVF* find_lists(faiss::Index* index) { return find_part<faiss::IndexIVF>(index); }

faiss::IndexHNSW* find_graph(faiss::Index* index) { return find_part<faiss::IndexHNSW>(index); }

}  // namespace claptools
