#include "claptools/families/laion_clap/config.hpp"
#include "claptools/families/mga_clap/config.hpp"
#include "claptools/families/mga_clap/import_tower.hpp"
#include "claptools/families/mga_clap/parameters.hpp"
#include "claptools/families/ms_clap/config.hpp"
#include "claptools/families/wavcaps/config.hpp"
#include "fuzz/harness.hpp"
#include "fuzz/input_folder.hpp"

namespace {

constexpr char kFrontEnd[] = R"({"frequency_min": 50, "truncation": "rand_trunc"})";

/// Hugging Face's, with a front end that fits the published models.
void read_hugging_face(const std::string& path, const std::string& text) {
  using namespace claptools;
  const WeightSet none;
  const ModelSource source{path, path, text, "clap", {}, none};
  const laion_clap::Config config = laion_clap::read_hf_config(source);
  laion_clap::check_config(config, "input");
  laion_clap::format_hf_config(config);
}

}  // namespace

/// A model's config.json: ours, that of a BERT to import, and a ClapModel's.
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
  static const std::string front_end =
      folder.write(laion_clap::kFrontEndFile, reinterpret_cast<const std::uint8_t*>(kFrontEnd),
                   sizeof kFrontEnd - 1);
  fuzz::expect_data_or_refusal(
      [&] { read_hugging_face(path, std::string(fuzz::as_text(data, size))); });
  fuzz::expect_data_or_refusal([&] {
    const laion_clap::Config config =
        laion_clap::parse_config(fuzz::as_text(data, size), "input", {},
                                 laion_clap::default_config(laion_clap::Layout::laion));
    laion_clap::check_config(config, "input");
  });
  fuzz::expect_data_or_refusal([&] {
    const ms_clap::Config config =
        ms_clap::parse_config(fuzz::as_text(data, size), "input", {}, ms_clap::default_config());
    ms_clap::check_config(config, "input");
  });
  fuzz::expect_data_or_refusal([&] {
    const wavcaps::Config config =
        wavcaps::parse_config(fuzz::as_text(data, size), "input", {}, wavcaps::default_config());
    wavcaps::check_config(config, "input");
  });
  return 0;
}
