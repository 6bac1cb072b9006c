#include "claptools/dataset/manifest.hpp"
#include "claptools/manifests/audio_names.hpp"
#include "claptools/pipeline/inputs.hpp"
#include "fuzz/harness.hpp"
#include "fuzz/input_folder.hpp"

/// The same bytes as a manifest of each kind, for training and for embedding.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace claptools;
  static const fuzz::InputFolder folder;
  for (const char* name : {"input.json", "input.jsonl", "input.csv"}) {
    const std::string path = folder.write(name, data, size);
    fuzz::expect_data_or_refusal([&] { read_manifest(path, {}); });
    if (!is_manifest_name(path)) continue;
    try {
      InputList inputs;
      add_manifest(path, {}, inputs);
    } catch (const Error& error) {  // no_input: a manifest without recordings
      if (error.fault() != Fault::data && error.fault() != Fault::no_input) throw;
    }
  }
  return 0;
}
