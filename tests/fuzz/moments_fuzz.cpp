#include <cstdlib>
#include <string>

#include "claptools/evaluate/moments/moments_file.hpp"
#include "fuzz/harness.hpp"
#include "fuzz/input_folder.hpp"

/// JSON Lines of moments. What was read as predictions can be written, and is then read as the
/// same.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace claptools;
  static const fuzz::InputFolder folder;
  const std::string path = folder.write("input.jsonl", data, size);
  fuzz::expect_data_or_refusal([&] { read_moments(path, MomentKind::relevant_windows); });
  fuzz::expect_data_or_refusal([&] {
    const auto lines = read_moments(path, MomentKind::pred_relevant_windows);
    std::string text;
    for (const MomentLine& line : lines) text += prediction_line(line);
    const std::string again = folder.write(
        "again.jsonl", reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    const auto second = read_moments(again, MomentKind::pred_relevant_windows);
    if (second.size() != lines.size()) std::abort();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (second[i].qid != lines[i].qid || second[i].moments != lines[i].moments) std::abort();
    }
  });
  return 0;
}
