#include "claptools/pipeline/embed_texts.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <vector>

#include "claptools/core/parallel_for.hpp"
#include "claptools/core/strings/lines.hpp"

namespace claptools {

Matrix embed_texts(const Model& model, std::span<const std::string> texts, int threads,
                   const std::atomic<bool>* stop) {
  constexpr std::size_t kBatch = 32;
  std::map<std::string, std::vector<std::size_t>> rows_of;
  for (std::size_t i = 0; i < texts.size(); ++i) rows_of[texts[i]].push_back(i);
  for (const auto& [text, rows] : rows_of) check_text(text, text);
  std::vector<std::string> unique;
  unique.reserve(rows_of.size());
  for (const auto& [text, rows] : rows_of) unique.push_back(text);
  std::stable_sort(unique.begin(), unique.end(),
                   [](const auto& a, const auto& b) { return a.size() < b.size(); });
  Matrix result(texts.size(), model.spec().dim);
  parallel_for((unique.size() + kBatch - 1) / kBatch, threads, [&](std::size_t part) {
    if (stop && *stop) return;
    const auto some =
        std::span(unique).subspan(part * kBatch, std::min(kBatch, unique.size() - part * kBatch));
    const Matrix embeddings = model.embed_texts(some);
    for (std::size_t i = 0; i < some.size(); ++i) {
      for (const std::size_t row : rows_of.at(some[i]))
        std::ranges::copy(embeddings.row(i), result.row(row).begin());
    }
  });
  return result;
}

}  // namespace claptools
