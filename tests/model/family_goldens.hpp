#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "claptools/audio/audio_reader.hpp"
#include "claptools/core/crc32.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/model/layers/layers.hpp"
#include "model/tensors.hpp"
#include "support/family_weights.hpp"
#include "support/golden_h5.hpp"

namespace claptools::testing {

/// What the official programs of other families computed of generated weights.
inline const std::filesystem::path kFamilyGoldens = CLAPTOOLS_SHARED "/goldens-families";

/// Our names of tensors on the way and those of the goldens.
using GoldenNames = std::map<std::string, std::string>;

/// A tensor on the way as the goldens name it.
inline std::string golden_name(const std::string& name, const GoldenNames& names) {
  if (const auto it = names.find(name); it != names.end()) return it->second;
  if (name.starts_with("layer"))
    return (name.size() == 6 ? "11_layer0" : "11_layer") + name.substr(5);
  if (!name.starts_with("stage")) return name;
  const auto point = name.find('.');  // "stage1.block0"
  const std::string stage = name.substr(0, point);
  return "1" + stage.substr(5) + "_" + stage +
         (point == std::string::npos ? "_out" : "_" + name.substr(point + 1));
}

/// Compares what a pass computes with one group of a file, and knows what is left.
class Comparison {
 public:
  /// @param floor least tolerance of an embedding; all of them must outlive this.
  Comparison(const GoldenFile& file, std::string group, const GoldenNames& names, double floor)
      : file_(file), group_(std::move(group)), names_(names), floor_(floor) {
    for (const auto& name : file.list(group_)) open_.insert(name);
  }

  TensorProbe probe() {
    return [this](const std::string& name, const at::Tensor& value) {
      compare(golden_name(name, names_), value);
    };
  }

  /// @param extra asked for another tolerance where the usual one is passed.
  void compare(const std::string& name, const at::Tensor& value,
               const std::function<double()>& extra = {}) {
    if (open_.erase(name) == 0) return;
    Golden golden = file_.tensor(group_ + "/" + name);
    std::vector<float> ours = to_vector(value);
    double tolerance = 15 * noise_of(golden);
    if (name == "02_logmel") {
      leave_out_quiet(ours, golden);
      tolerance = std::max(tolerance, kLogMel_dB);
    }
    for (const float x : golden.data) tolerance = std::max(tolerance, 1e-6 * std::abs(double{x}));
    const double difference = max_abs_difference(ours, golden);
    if (difference > tolerance && extra) tolerance = std::max(tolerance, extra());
    EXPECT_LE(difference, tolerance) << group_ << "/" << name;
  }

  void embedding(const std::string& name, const at::Tensor& value) {
    open_.erase(name);
    const Golden golden = file_.tensor(group_ + "/" + name);
    const auto ours = to_vector(value);
    const double difference = max_abs_difference(ours, golden),
                 tolerance = std::max(floor_, 15 * noise_of(golden));
    EXPECT_LE(difference, tolerance) << group_ << "/" << name;
    const double part = difference / tolerance;
    if (part > worst_part) worst_part = part;
    if (difference > worst_difference) worst_difference = difference;
    const auto dim = static_cast<std::size_t>(value.size(1));
    for (std::size_t i = 0; i < ours.size(); i += dim) {
      EXPECT_GE(cosine(std::span(ours).subspan(i, dim), std::span(golden.data).subspan(i, dim)),
                1 - 1e-6)
          << group_ << "/" << name;
    }
  }

  /// What is not compared on purpose.
  void leave_out(const std::string& name) { open_.erase(name); }

  /// The shape of a tensor that is still to be compared; empty for any other.
  std::vector<std::size_t> open_shape(const std::string& name) const {
    return open_.contains(name) ? file_.tensor(group_ + "/" + name).shape
                                : std::vector<std::size_t>();
  }

  void finish() {
    for (const std::string& name : open_) ADD_FAILURE() << group_ << "/" << name << " is left";
  }

  // Of all embeddings so far.
  static inline double worst_difference = 0;
  static inline double worst_part = 0;  ///< of the tolerance

 private:
  static constexpr double kLogMel_dB = 2e-3, kQuiet_dB = 80;  // goldens-families README, section 10

  /// A sample that our resampler rounds otherwise shows in bands far below the loudest.
  static void leave_out_quiet(std::vector<float>& ours, Golden& golden) {
    const float loudest = *std::ranges::max_element(golden.data);
    for (std::size_t i = 0; i < golden.data.size(); ++i) {
      if (golden.data[i] < loudest - kQuiet_dB && i * golden.stride < ours.size())
        ours[i * golden.stride] = golden.data[i];
    }
  }

  static double noise_of(const Golden& golden) {
    return std::isnan(golden.fp64_maxabs) ? 0 : golden.fp64_maxabs;
  }

  const GoldenFile& file_;
  std::string group_;
  const GoldenNames& names_;
  double floor_;
  std::set<std::string> open_;
};

/// Keeps the distance of the embeddings as properties of the test that ends.
inline void record_distance() {
  ::testing::Test::RecordProperty("largest_difference",
                                  std::to_string(Comparison::worst_difference * 1e6) + "e-6");
  ::testing::Test::RecordProperty("part_of_tolerance", std::to_string(Comparison::worst_part));
  Comparison::worst_difference = Comparison::worst_part = 0;
}

inline std::vector<float> read_clip(const std::string& clip, int sample_rate) {
  const auto folder =
      clip == "cut10b" ? kFamilyGoldens / "audio" : kFamilyGoldens / "../goldens/audio";
  AudioReader reader(folder / (clip + ".wav"), sample_rate);
  std::vector<float> samples(3'000'000);
  samples.resize(reader.read(samples));
  return samples;
}

/// Removes what lies before the window of a protocol: "w10" is the one from 10 s on; any other word
/// names a way to fill a clip.
inline void skip_to_window(std::vector<float>& samples, const std::string& protocol,
                           int sample_rate) {
  if (!protocol.starts_with('w')) return;
  samples.erase(samples.begin(), samples.begin() + std::stol(protocol.substr(1)) * sample_rate);
}

inline at::Tensor as_batch(const std::vector<float>& samples) {
  return to_tensor(samples, {1, static_cast<std::int64_t>(samples.size())});
}

/// A matrix of integers in a golden file.
inline at::Tensor int_tensor(const GoldenFile& file, const std::string& name) {
  const auto values = file.ints(name);
  const auto shape = file.shape(name);
  return at::tensor(at::ArrayRef<std::int64_t>(values))
      .view({static_cast<std::int64_t>(shape[0]), static_cast<std::int64_t>(shape[1])});
}

/// The captions of a file. @param floor as of Comparison.
template <class Network>
void compare_texts(const std::string& file_name, const Network& network, const GoldenNames& names,
                   double floor) {
  SCOPED_TRACE(file_name);
  const GoldenFile file((kFamilyGoldens / (file_name + "_text.h5")).native());
  Network prepared = network;
  prepared.prepare(Workload::texts, Precision::fp32);
  Comparison compare(file, "/", names, floor);
  const at::Tensor ids = int_tensor(file, "00_input_ids"),
                   attention = int_tensor(file, "01_attention_mask") > 0;
  compare.leave_out("00_input_ids");
  compare.leave_out("01_attention_mask");
  compare.embedding("33_text_embed", network.encode_text(ids, attention, compare.probe()));
  compare.finish();
  compare.embedding("33_text_embed", prepared.encode_text(ids, attention, {}));
}

/// Whether the generator's weights are those of the official run, whose heads that no output
/// depends on may be left out.
inline void compare_weights(const std::string& name, const WeightSet& weights) {
  const std::string path = (kFamilyGoldens / ("params_" + name + ".tsv")).native();
  std::size_t compared = 0;
  for (const auto& row : read_table_file(path, Delimiter::tab).rows) {
    const auto found = weights.tensors.find(row[0]);
    if (row[3] == "keep" || found == weights.tensors.end()) continue;
    ++compared;
    EXPECT_EQ(crc32(found->second.bytes), std::stoul(row[7], nullptr, 16)) << row[0];
  }
  EXPECT_EQ(weights.tensors.size(), compared);
}

}  // namespace claptools::testing
