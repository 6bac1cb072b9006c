#include "claptools/families/mga_clap/config.hpp"
#include "claptools/families/mga_clap/import_tower.hpp"
#include "claptools/families/mga_clap/parameters.hpp"
#include "fuzz/harness.hpp"
#include "fuzz/input_folder.hpp"

/// A model's config.json, ours and that of a BERT to import.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace claptools;
  static const fuzz::InputFolder folder;
  fuzz::expect_data_or_refusal([&] {
    const ModelConfig config = parse_config(fuzz::as_text(data, size), "input", {});
    check_config(config, "input");
    model_parameters(config);
    parse_config(format_config(config), "output", {});
  });
  const std::string path = folder.write("config.json", data, size);
  fuzz::expect_data_or_refusal([&] { read_bert_config(path); });
  return 0;
}
