#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace claptools {

/// Tokens and merges of a byte-level BPE tokenizer, checked: every byte has a token, ids are 0 to
/// size() - 1, and each merge joins two tokens to a third.
class BpeTables {
 public:
  /// What a pair of neighbours becomes; a lower rank goes first.
  struct Merge {
    std::uint32_t rank;
    std::int64_t id;
  };

  /// @param tokens each with an id of its own, 0 to their number less 1, written in the characters
  /// that stand for bytes.
  /// @param merges in the order of their ranks.
  /// @throws Error{data} naming `subject` and the first fault.
  BpeTables(std::unordered_map<std::string, std::int64_t> tokens,
            std::span<const std::pair<std::string, std::string>> merges, std::string_view subject);

  std::size_t size() const { return ids_.size(); }
  std::optional<std::int64_t> find(const std::string& token) const;
  std::int64_t byte_id(unsigned char byte) const { return byte_ids_[byte]; }

  /// Null if the two do not merge.
  const Merge* find_merge(std::int64_t left, std::int64_t right) const;

 private:
  std::unordered_map<std::string, std::int64_t> ids_;
  std::array<std::int64_t, 256> byte_ids_{};
  std::unordered_map<std::uint64_t, Merge> merges_;  ///< by left << 32 | right
};

/// Reads what Hugging Face's tokenizers leave: `vocab.json` and `merges.txt`, a `tokenizer.json`,
/// or a merges.txt alone. Of the last the ids follow as GPT-2's do: the bytes, those that are
/// printable first, the merges in their order, and `<|endoftext|>`.
/// @param files one or two of these, in any order; a .json with another beside it is a vocab.json.
/// @throws Error{no_input}, {io}; {data} naming the file for what is not such a tokenizer, or has
/// more than 524,288 tokens or merges.
BpeTables read_bpe_tables(std::span<const std::filesystem::path> files);

}  // namespace claptools
