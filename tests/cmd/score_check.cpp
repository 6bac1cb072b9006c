// usage: score_check COMMAND FILE GOLDEN ARGUMENT...
// What clap-classify wrote against the official code's output:
//   prompts SCORES.h5 GOLDEN.h5 MODE    clip scores; expected: the golden embedding STEM/MODE and
//   the
//                                       mean of the golden embeddings of each label's prompts
//   clips SCORES.h5 GOLDEN.h5 PROTOCOL  clip scores of captions, label cN is caption N
//   frames SCORES.h5 GOLDEN.h5 PROTOCOL the same of frames
//   windows SCORES.h5 GOLDEN.h5 PROTOCOL    the same, and no frame of a window is missing
//   codes TABLE.tsv AUDIO.h5 TEXT.h5    --explain of captions, "zero" protocol
// Prints the largest difference, inf where something is missing. And
//   shape SCORES.h5                     rows and columns of the scores
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "claptools/core/strings/table.hpp"
#include "claptools/store/scores/score_file.hpp"
#include "support/golden_h5.hpp"

namespace {

using claptools::MatrixView;
using claptools::Scores;
using claptools::testing::Golden;
using claptools::testing::GoldenFile;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string stem(const std::string& id) { return std::filesystem::path(id).stem(); }

std::size_t caption(const std::string& label) { return std::stoul(label.substr(1)); }

/// The larger one; NaN counts as infinite.
double worse(double worst, double difference) {
  return std::max(worst, std::isnan(difference) ? kInfinity : std::abs(difference));
}

std::size_t position(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) throw std::runtime_error("no golden '" + name + "'");
  return static_cast<std::size_t>(found - names.begin());
}

/// Mean of the unit rows of the prompts, which are parted by line breaks; of unit length again.
std::vector<double> mean_embedding(const std::string& prompts, const GoldenFile& golden) {
  const auto texts = golden.strings("texts");
  const Golden rows = golden.tensor("text_embeds");
  const std::size_t dim = rows.shape.at(1);
  std::vector<double> mean(dim);
  std::istringstream lines(prompts);
  for (std::string prompt; std::getline(lines, prompt);) {
    const std::size_t row = position(texts, prompt);
    for (std::size_t d = 0; d < dim; ++d) mean[d] += rows.data.at(row * dim + d);
  }
  double square = 0;
  for (const double x : mean) square += x * x;
  for (double& x : mean) x /= std::sqrt(square);
  return mean;
}

double check_prompts(const Scores& scores, const GoldenFile& golden, const std::string& mode) {
  double worst = scores.ids.empty() ? kInfinity : 0;
  for (std::size_t c = 0; c < scores.classes.size(); ++c) {
    const auto mean = mean_embedding(scores.prompts.at(c), golden);
    for (std::size_t i = 0; i < scores.ids.size(); ++i) {
      const auto clip = golden.tensor(stem(scores.ids[i]) + "/" + mode + "/audio_embed").data;
      double cosine = 0;
      for (std::size_t d = 0; d < mean.size(); ++d) cosine += clip.at(d) * mean[d];
      worst = worse(worst, scores.scores.row(i)[c] - cosine);
    }
  }
  return worst;
}

/// Rows of a recording, one of a clip or its frames, against those of a tensor [clips, (frames,)
/// captions].
double row_difference(const Scores& scores, MatrixView rows, const Golden& golden,
                      std::size_t clip) {
  const std::size_t captions = golden.shape.back();
  const std::size_t frames = golden.shape.size() == 3 ? golden.shape[1] : 1;
  double worst = rows.rows > 0 && rows.rows <= frames ? 0 : kInfinity;
  for (std::size_t t = 0; t < rows.rows; ++t) {
    for (std::size_t c = 0; c < rows.cols; ++c) {
      const std::size_t at = (clip * frames + t) * captions + caption(scores.classes[c]);
      worst = worse(worst, double{rows.row(t)[c]} - golden.data.at(at));
    }
  }
  return worst;
}

double check_captions(const Scores& scores, const GoldenFile& file, const std::string& tensor,
                      const std::string& protocol, bool whole) {
  const auto clips = nlohmann::json::parse(file.string_attribute("/", "clips").at(0))
                         .get<std::vector<std::string>>();
  const Golden golden = file.tensor(tensor);
  double worst = scores.ids.empty() ? kInfinity : 0;
  for (std::size_t i = 0; i < scores.ids.size(); ++i) {
    const bool by_frame = !scores.offsets.empty();
    const std::size_t first = by_frame ? scores.offsets[i] : i;
    const std::size_t count = by_frame ? scores.offsets[i + 1] - first : 1;
    const std::size_t clip = position(clips, stem(scores.ids[i]) + "/" + protocol);
    const MatrixView rows = scores.scores.view().slice(first, count);
    if (whole && rows.rows != golden.shape.at(1)) return kInfinity;
    worst = std::max(worst, row_difference(scores, rows, golden, clip));
  }
  return worst;
}

double check_codes(const std::string& path, const GoldenFile& audio, const GoldenFile& text) {
  const auto table = claptools::read_table_file(path);
  const Golden text_weights = text.tensor("31_sparsemax");
  const std::size_t codes = text_weights.shape.at(1);
  double worst = table.rows.empty() ? kInfinity : 0;
  for (const auto& row : table.rows) {
    const auto field = [&](const char* name) { return row[table.require(name, path)]; };
    const std::string clip = stem(field("id")) + "/cls/";
    const std::size_t code = std::stoul(field("codeword"));
    const double text_weight = text_weights.data.at(caption(field("label")) * codes + code);
    worst = worse(worst, std::stod(field("text_weight")) - text_weight);
    worst = worse(worst, std::stod(field("audio_weight")) -
                             audio.tensor(clip + "31_sparsemax").data.at(code));
  }
  return worst;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5 && argc != 3) return 64;
  const std::string command = argv[1], file = argv[2], last = argv[argc - 1];
  try {
    if (command == "shape") {
      const Scores scores = claptools::read_scores(file);
      std::cout << scores.scores.rows << ' ' << scores.scores.cols << '\n';
      return 0;
    }
    const GoldenFile golden(argv[3]);
    if (command == "codes") {
      std::cout << check_codes(file, golden, GoldenFile(last)) << '\n';
    } else if (command == "prompts") {
      std::cout << check_prompts(claptools::read_scores(file), golden, last) << '\n';
    } else {
      const auto* tensor = command == "clips" ? "clip_text_cosine" : "frame_text_cosine";
      std::cout << check_captions(claptools::read_scores(file), golden, tensor, last,
                                  command == "windows")
                << '\n';
    }
  } catch (const std::exception& e) {
    std::cerr << "score_check: " << e.what() << '\n';
    return 1;
  }
}
