#include <algorithm>
#include <stdexcept>

#include "claptools/text/byte_bpe_tokenizer.hpp"
#include "fuzz/harness.hpp"
#include "fuzz/input_folder.hpp"

namespace {

using namespace claptools;
using Files = std::vector<std::filesystem::path>;

void encode(const ByteBpeTokenizer& tokenizer, std::string_view text) {
  const Tokens cut = tokenizer.encode(text, 30), all = tokenizer.encode(text, 1 << 20);
  if (cut.ids.size() > 30 || cut.ids.size() > all.ids.size() ||
      all.special.size() != all.ids.size())
    throw std::logic_error("wrong number of tokens");
  for (const std::int64_t id : all.ids) {
    if (id < 0 || static_cast<std::size_t>(id) >= tokenizer.vocabulary_size())
      throw std::logic_error("an id outside the vocabulary");
  }
}

/// Up to the next NUL, which goes as well.
std::string_view take(std::string_view& rest) {
  const std::string_view part = rest.substr(0, rest.find('\0'));
  rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  return part;
}

}  // namespace

/// vocab.json or tokenizer.json, NUL, merges.txt, NUL, a text. Without a vocabulary the merges are
/// alone, without merges it is a tokenizer.json.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::InputFolder folder;
  std::string_view rest = fuzz::as_text(data, size);
  const std::string_view vocabulary = take(rest), merges = take(rest);
  const auto write = [&](const char* name, std::string_view text) {
    return folder.write(name, reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  };
  Files files;
  if (!vocabulary.empty()) files.emplace_back(write("vocab.json", vocabulary));
  if (vocabulary.empty() || !merges.empty()) files.emplace_back(write("merges.txt", merges));
  fuzz::expect_data_or_refusal([&] {
    BpeTables tables = read_bpe_tables(files);
    const bool roberta = tables.find("<mask>").has_value();
    ByteBpeOptions gpt2;
    gpt2.written = {"!"};
    encode({std::move(tables), roberta ? roberta_options() : gpt2, "input"}, rest);
  });
  return 0;
}
