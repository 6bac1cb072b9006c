#include "claptools/index/faiss/select_vectors.hpp"

#include <faiss/IndexFlatCodes.h>
#include <faiss/IndexIVF.h>
#include <faiss/IndexPreTransform.h>
#include <faiss/IndexRefine.h>
#include <faiss/invlists/InvertedLists.h>

#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace claptools {
namespace {

void select_codes(faiss::IndexFlatCodes& index, std::span<const std::size_t> rows) {
  std::vector<std::uint8_t> codes(rows.size() * index.code_size);
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::memcpy(codes.data() + i * index.code_size, index.codes.data() + rows[i] * index.code_size,
                index.code_size);
  index.codes = std::move(codes);
  index.ntotal = static_cast<std::int64_t>(rows.size());
}

/// The new numbers of each old one, one after another; those of old number n begin at first[n].
struct NewNumbers {
  NewNumbers(std::size_t size, std::span<const std::size_t> rows)
      : first(size + 1), numbers(rows.size()) {
    for (const std::size_t row : rows) ++first[row + 1];
    for (std::size_t n = 0; n < size; ++n) first[n + 1] += first[n];
    std::vector<std::size_t> next(first.begin(), first.end() - 1);
    for (std::size_t i = 0; i < rows.size(); ++i)
      numbers[next[rows[i]]++] = static_cast<std::int64_t>(i);
  }
  std::span<const std::int64_t> of(std::int64_t number) const {
    const auto n = static_cast<std::size_t>(number);
    return std::span(numbers).subspan(first[n], first[n + 1] - first[n]);
  }

  std::vector<std::size_t> first;
  std::vector<std::int64_t> numbers;
};

void select_in_list(faiss::ArrayInvertedLists& lists, std::size_t list, const NewNumbers& numbers) {
  std::vector<std::int64_t> ids;
  std::vector<std::uint8_t> codes;
  for (std::size_t i = 0; i < lists.ids[list].size(); ++i) {
    const std::uint8_t* const code = lists.codes[list].data() + i * lists.code_size;
    for (const std::int64_t number : numbers.of(lists.ids[list][i])) {
      ids.push_back(number);
      codes.insert(codes.end(), code, code + lists.code_size);
    }
  }
  lists.ids[list] = std::move(ids);
  lists.codes[list] = std::move(codes);
}

void select_in_lists(faiss::IndexIVF& index, std::span<const std::size_t> rows) {
  auto& lists = dynamic_cast<faiss::ArrayInvertedLists&>(*index.invlists);
  const NewNumbers numbers(static_cast<std::size_t>(index.ntotal), rows);
  for (std::size_t list = 0; list < lists.nlist; ++list) select_in_list(lists, list, numbers);
  const auto map = index.direct_map.type;
  index.ntotal = static_cast<std::int64_t>(rows.size());
  index.set_direct_map_type(faiss::DirectMap::NoMap);
  index.set_direct_map_type(map);
}

}  // namespace

bool can_select(const faiss::Index& index) {
  if (const auto* outer = dynamic_cast<const faiss::IndexPreTransform*>(&index))
    return can_select(*outer->index);
  if (const auto* refined = dynamic_cast<const faiss::IndexRefine*>(&index))
    return can_select(*refined->base_index) && can_select(*refined->refine_index);
  if (const auto* lists = dynamic_cast<const faiss::IndexIVF*>(&index))
    return dynamic_cast<const faiss::ArrayInvertedLists*>(lists->invlists) != nullptr;
  return dynamic_cast<const faiss::IndexFlatCodes*>(&index) != nullptr;
}

void select_vectors(faiss::Index* index, std::span<const std::size_t> rows) {
  if (auto* outer = dynamic_cast<faiss::IndexPreTransform*>(index)) {
    select_vectors(outer->index, rows);
  } else if (auto* refined = dynamic_cast<faiss::IndexRefine*>(index)) {
    select_vectors(refined->base_index, rows);
    select_vectors(refined->refine_index, rows);
  } else if (auto* lists = dynamic_cast<faiss::IndexIVF*>(index)) {
    return select_in_lists(*lists, rows);
  } else {
    select_codes(dynamic_cast<faiss::IndexFlatCodes&>(*index), rows);
  }
  index->ntotal = static_cast<std::int64_t>(rows.size());
}

}  // namespace claptools
