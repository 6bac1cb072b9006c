#include "claptools/index/describe_index.hpp"

#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexIVF.h>
#include <faiss/IndexIVFFlat.h>
#include <faiss/IndexIVFPQ.h>
#include <faiss/IndexPQ.h>
#include <faiss/IndexPreTransform.h>
#include <faiss/IndexRefine.h>
#include <faiss/IndexScalarQuantizer.h>
namespace claptools {
namespace {

std::string describe(const faiss::ProductQuantizer& pq) {
  return "PQ" + std::to_string(pq.M) + (pq.nbits == 8 ? "" : "x" + std::to_string(pq.nbits));
}

std::string describe(const faiss::ScalarQuantizer& sq) {
  switch (sq.qtype) {
    case faiss::ScalarQuantizer::QT_8bit:
      return "SQ8";
    case faiss::ScalarQuantizer::QT_6bit:
      return "SQ6";
    case faiss::ScalarQuantizer::QT_4bit:
      return "SQ4";
    case faiss::ScalarQuantizer::QT_fp16:
      return "SQfp16";
    default:
      return "SQ";
  }
}

/// How the vectors themselves are kept; IVF lists or not.
std::string codes(const faiss::Index& index) {
  if (const auto* pq = dynamic_cast<const faiss::IndexPQ*>(&index)) return describe(pq->pq);
  if (const auto* pq = dynamic_cast<const faiss::IndexIVFPQ*>(&index)) return describe(pq->pq);
  if (const auto* sq = dynamic_cast<const faiss::IndexScalarQuantizer*>(&index)) {
    return describe(sq->sq);
  }
  if (const auto* sq = dynamic_cast<const faiss::IndexIVFScalarQuantizer*>(&index)) {
    return describe(sq->sq);
  }
  const bool is_flat = dynamic_cast<const faiss::IndexFlat*>(&index) ||
                       dynamic_cast<const faiss::IndexIVFFlat*>(&index);
  return is_flat ? "Flat" : "other";
}

std::string describe(const faiss::Index& index);

std::string describe(const faiss::IndexHNSW& graph) {
  const std::string name = "HNSW" + std::to_string(graph.hnsw.nb_neighbors(1));
  const std::string kept = describe(*graph.storage);
  return kept == "Flat" ? name : name + "_" + kept;
}

std::string describe(const faiss::IndexIVF& lists) {
  const std::string quantizer = describe(*lists.quantizer);
  return "IVF" + std::to_string(lists.nlist) + (quantizer == "Flat" ? "" : "_" + quantizer) + "," +
         codes(lists);
}

std::string describe(const faiss::IndexPreTransform& outer) {
  std::string text;
  for (const faiss::VectorTransform* step : outer.chain) {
    const char* const name = dynamic_cast<const faiss::PCAMatrix*>(step)              ? "PCA"
                             : dynamic_cast<const faiss::RandomRotationMatrix*>(step) ? "RR"
                                                                                      : "Linear";
    text += name + std::to_string(step->d_out) + ",";
  }
  return text + describe(*outer.index);
}

std::string describe(const faiss::Index& index) {
  if (const auto* outer = dynamic_cast<const faiss::IndexPreTransform*>(&index)) {
    return describe(*outer);
  }
  if (const auto* refined = dynamic_cast<const faiss::IndexRefine*>(&index)) {
    return describe(*refined->base_index) + ",Refine(" + describe(*refined->refine_index) + ")";
  }
  if (const auto* graph = dynamic_cast<const faiss::IndexHNSW*>(&index)) return describe(*graph);
  if (const auto* lists = dynamic_cast<const faiss::IndexIVF*>(&index)) return describe(*lists);
  return codes(index);
}

}  // namespace

std::string describe_index(const faiss::Index& index) { return describe(index); }

}  // namespace claptools
