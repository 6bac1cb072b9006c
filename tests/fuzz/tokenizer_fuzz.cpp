#include <algorithm>
#include <stdexcept>

#include "claptools/text/caption.hpp"
#include "claptools/text/wordpiece_tokenizer.hpp"
#include "fuzz/harness.hpp"

namespace {

using namespace claptools;

void encode(const WordPieceTokenizer& tokenizer, std::string_view text, std::size_t max_tokens) {
  const Tokens tokens = tokenizer.encode(text, max_tokens);
  if (tokens.ids.size() < 2 || tokens.ids.size() > max_tokens ||
      tokens.special.size() != tokens.ids.size())
    throw std::logic_error("wrong number of tokens");
}

WordPieceTokenizer small_tokenizer() {
  std::istringstream vocabulary(
      "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n##a\n##b\nab\n##ab\n.\n,\n\xC3\x9F\n"
      "s\n##s\n\xE4\xB8\xAD\n\xCF\x83\n##\xCF\x83\n\xCF\x82\n##\xCF\x82\ndog\nbark\n##ing\n");
  return {vocabulary, "vocabulary"};
}

}  // namespace

/// Up to the first NUL a vocabulary, behind it a text; and all of it a text for a vocabulary that
/// is as it should be.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const WordPieceTokenizer known = small_tokenizer();
  const std::string_view all = fuzz::as_text(data, size);
  encode(known, all, 30);
  encode(known, clean_caption(all), 512);
  const std::size_t end = std::min(all.find('\0'), all.size());
  fuzz::expect_data_or_refusal([&] {
    std::istringstream vocabulary{std::string(all.substr(0, end))};
    const WordPieceTokenizer tokenizer(vocabulary, "input");
    encode(tokenizer, all.substr(end), 30);
  });
  return 0;
}
