#include <filesystem>

#include "claptools/store/scores/frame_score_file.hpp"
#include "fuzz/harness.hpp"
#include "fuzz/input_folder.hpp"

/// A folder with one table of frame scores.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const claptools::fuzz::InputFolder folder;
  const std::filesystem::path table = folder.write("clip.tsv", data, size);
  claptools::fuzz::expect_data_or_refusal([&] {
    claptools::FrameScoreReader reader(table.parent_path());
    reader.boundaries(0);
    reader.exact_scores(0);
  });
  return 0;
}
