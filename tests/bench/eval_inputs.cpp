// usage: eval_inputs FOLDER [sed|tag|ret]...
// Writes inputs of clap-eval of the sizes that the benchmark is about: 1,000 clips x 10 classes x
// 1,000 frames, 20,000 clips x 527 classes, 5,000 recordings x 25,000 captions of width 1,024.
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>
#include <vector>

#include "claptools/metrics/bootstrap.hpp"
#include "claptools/store/embedding_file.hpp"
#include "claptools/store/scores/score_file.hpp"

namespace claptools {
namespace {

class Random {
 public:
  explicit Random(std::uint64_t seed) : generator_(seed) {}
  double uniform() { return (static_cast<double>(generator_() >> 11U) + 0.5) * 0x1p-53; }
  double normal() {
    return std::sqrt(-2 * std::log(uniform())) * std::cos(2 * std::numbers::pi * uniform());
  }

 private:
  Xoshiro256 generator_;
};

std::vector<std::string> names(const std::string& stem, std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(stem + std::to_string(i));
  return names;
}

/// Neighbours mixed as by a Gaussian of 0.7 frames.
void smooth(std::vector<double>& values) {
  constexpr std::array<double, 3> kWeights{0.570, 0.205, 0.010};
  const std::vector<double> before = values;
  const auto at = [&](std::ptrdiff_t i) {
    return before[static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(i, 0, std::ssize(before) - 1))];
  };
  for (std::ptrdiff_t i = 0; i < std::ssize(values); ++i) {
    double sum = kWeights[0] * at(i);
    for (std::ptrdiff_t d = 1; d < 3; ++d) {
      sum += kWeights[static_cast<std::size_t>(d)] * (at(i - d) + at(i + d));
    }
    values[static_cast<std::size_t>(i)] = sum;
  }
}

/// Events of a class in one clip of 10 s, written as rows, and the frame scores that show them.
std::vector<double> make_events(Random& random, std::size_t frames, const std::string& clip,
                                const std::string& label, std::ofstream& rows) {
  std::vector<double> scores(frames);
  double time = random.uniform() * 8;
  while (random.uniform() < 0.45 && time < 9.5) {
    const double end = std::min(10.0, time + std::max(0.25, std::exp(0.8 * random.normal())));
    rows << clip << ".wav\t" << time << '\t' << end << '\t' << label << '\n';
    const double height = 0.12 + 0.18 * random.uniform();
    const double shift = 0.15 * random.normal();
    for (std::size_t i = 0; i < frames; ++i) {
      const double middle = (static_cast<double>(i) + 0.5) * 10 / static_cast<double>(frames);
      if (middle > time + shift && middle < end + shift) scores[i] = height;
    }
    time = end + 0.3 + random.uniform();
  }
  for (double& score : scores) score += 0.08 + 0.025 * random.normal();
  smooth(scores);
  return scores;
}

void make_detection(const std::string& folder) {
  constexpr std::size_t kClips = 1000, kFrames = 1000;
  Random random(1);
  Scores scores;
  scores.ids = names("clip_", kClips);
  scores.classes = names("class_", 10);
  scores.scores = Matrix(kClips * kFrames, scores.classes.size());
  scores.hop_s = 10.0 / kFrames;
  scores.offsets.push_back(0);
  std::ofstream truth(folder + "/ground_truth.tsv"), durations(folder + "/durations.tsv");
  truth << "filename\tonset\toffset\tevent_label\n";
  durations << "filename\tduration\n";
  for (std::size_t clip = 0; clip < kClips; ++clip) {
    const std::string& id = scores.ids[clip];
    truth << id << ".wav\t\t\t\n";
    durations << id << ".wav\t10\n";
    for (std::size_t c = 0; c < scores.classes.size(); ++c) {
      const auto own = make_events(random, kFrames, id, scores.classes[c], truth);
      for (std::size_t i = 0; i < kFrames; ++i) {
        scores.scores.row(clip * kFrames + i)[c] = static_cast<float>(own[i]);
      }
    }
    scores.offsets.push_back((clip + 1) * kFrames);
  }
  write_scores(folder + "/scores.h5", scores, true);
}

void make_tagging(const std::string& folder) {
  constexpr std::size_t kClips = 20000, kClasses = 527;
  Random random(2);
  Scores scores;
  scores.ids = names("clip_", kClips);
  scores.classes = names("class_", kClasses);
  scores.scores = Matrix(kClips, kClasses);
  std::ofstream truth(folder + "/tags.tsv");
  truth << "filename\tevent_labels\n";
  for (std::size_t clip = 0; clip < kClips; ++clip) {
    std::string labels;
    for (std::size_t c = 0; c < kClasses; ++c) {
      const bool is_positive = random.uniform() < 0.005;
      if (is_positive) labels += (labels.empty() ? "" : ",") + scores.classes[c];
      scores.scores.row(clip)[c] = static_cast<float>(random.normal() + (is_positive ? 1.5 : 0));
    }
    truth << scores.ids[clip] << ".wav\t" << labels << '\n';
  }
  write_scores(folder + "/scores.h5", scores, true);
}

Matrix unit_rows(Random& random, std::size_t count, std::size_t width) {
  Matrix rows(count, width);
  for (std::size_t i = 0; i < count; ++i) {
    double square = 0;
    for (float& x : rows.row(i)) {
      x = static_cast<float>(random.normal());
      square += double{x} * x;
    }
    for (float& x : rows.row(i)) x /= static_cast<float>(std::sqrt(square));
  }
  return rows;
}

void write_embeddings(const std::string& path, const std::string& kind, const Matrix& rows) {
  EmbeddingHeader header;
  header.kind = kind;
  header.dim = rows.cols;
  header.model_name = header.model_sha256 = "none";
  header.sample_rate = 32000;
  header.window_s = header.hop_s = 10;
  header.short_audio = "zero";
  std::vector<Segment> segments;
  for (const std::string& id : names(kind + "_", rows.rows)) segments.push_back({id, 0, 0});
  if (kind == "audio") {
    for (Segment& segment : segments) segment.end_s = 10;
  }
  EmbeddingWriter writer(path, header, true);
  writer.append({segments, rows, {}, {}, {}});
  writer.commit();
}

void make_retrieval(const std::string& folder) {
  constexpr std::size_t kAudios = 5000, kCaptions = 5, kWidth = 1024;
  Random random(3);
  const Matrix audio = unit_rows(random, kAudios, kWidth);
  Matrix text = unit_rows(random, kCaptions * kAudios, kWidth);
  std::ofstream truth(folder + "/captions.csv");
  truth << "caption_index,audio_id\n";
  for (std::size_t t = 0; t < text.rows; ++t) {
    const auto own = audio.row(t / kCaptions);
    for (std::size_t i = 0; i < kWidth; ++i) text.row(t)[i] += 0.09F * own[i];
    truth << t << ",audio_" << t / kCaptions << '\n';
  }
  write_embeddings(folder + "/audio.h5", "audio", audio);
  write_embeddings(folder + "/text.h5", "text", text);
}

}  // namespace
}  // namespace claptools

int main(int argc, char** argv) {
  if (argc < 2) return 64;
  using Make = void (*)(const std::string&);
  const std::vector<std::string> words(argv + 2, argv + argc);
  for (const auto& [name, make] : {std::pair<std::string, Make>{"sed", claptools::make_detection},
                                   {"tag", claptools::make_tagging},
                                   {"ret", claptools::make_retrieval}}) {
    if (!words.empty() && std::ranges::count(words, name) == 0) continue;
    const std::string folder = std::string(argv[1]) + "/" + name;
    std::filesystem::create_directories(folder);
    make(folder);
  }
}
