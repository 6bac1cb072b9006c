#include "claptools/text/tokenizer.hpp"

#include <string>

#include "claptools/core/error.hpp"

namespace claptools {

void check_vocabulary_size(std::size_t tokens, std::size_t of_model, std::string_view vocabulary) {
  if (tokens == of_model) return;
  throw Error(Fault::data, vocabulary,
              std::to_string(tokens) + " tokens, the model has " + std::to_string(of_model));
}

}  // namespace claptools
