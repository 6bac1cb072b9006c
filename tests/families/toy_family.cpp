// A second family, of the tests alone: a linear layer on the mean of log-mels, the mean of word
// vectors, 44.1 kHz, windows of 7 s, neither frames nor a codebook. All that a family takes is
// here; its row is in with_toy.def.
#include <algorithm>
#include <sstream>

#include "claptools/families/family.hpp"

namespace claptools::toy {

constexpr std::size_t kDim = 8, kBands = 32, kWords = 64;
constexpr int kRate = 44100, kWindow = 7 * kRate, kTransform = 1024, kHop = 512;

/// A word's row of the table is chosen by its hash; row 0 stands in every text.
class Words : public Tokenizer {
 public:
  Tokens encode(std::string_view text, std::size_t max_tokens) const override {
    Tokens tokens{{0}, {1}};
    std::istringstream in{std::string(text)};
    for (std::string word; tokens.ids.size() < max_tokens && in >> word;) {
      std::uint32_t hash = 2166136261u;
      for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
      tokens.ids.push_back(1 + hash % (kWords - 1));
      tokens.special.push_back(0);
    }
    return tokens;
  }
  std::int64_t pad_id() const override { return 0; }
};

class Toy : public Architecture {
 public:
  const ModelSpec& spec() const override {
    static const AudioSpec audio{
        kRate, 7, kWindow, kTransform / 2 + 1, 0, FrameGrid{kHop, kTransform / 2}, "44100/512"};
    static const ModelSpec spec{"toy", "toy", kDim, 20, 0, audio};
    return spec;
  }
  std::string config_json() const override { return R"({"model_type": "toy"})"; }
  std::vector<Parameter> parameters() const override {
    return {{.name = "bands", .shape = {kDim, kBands}, .tower = Tower::audio},
            {.name = "words", .shape = {kWords, kDim}, .tower = Tower::text}};
  }
  std::vector<Property> properties() const override { return {{"words", double(kWords)}}; }
  std::unique_ptr<Tokenizer> tokenizer(const std::filesystem::path&) const override {
    return std::make_unique<Words>();
  }
};

bool recognises(const ModelSource& source) { return source.model_type == "toy"; }
std::shared_ptr<const Architecture> open(const ModelSource&, const Log&) {
  return std::make_shared<const Toy>();
}

extern const Family kFamily;
const Family kFamily = {"toy", recognises, open};

}  // namespace claptools::toy

#ifdef TOY_NETWORK
#include <ATen/ATen.h>

#include "claptools/families/derived_weights.hpp"
#include "claptools/features/log_mel.hpp"
#include "claptools/model/codebook.hpp"
#include "claptools/model/networks/networks.hpp"

namespace claptools::toy {

AudioConfig front_end() {
  AudioConfig config;
  config.sample_rate = kRate;
  config.n_fft = kTransform;
  config.hop_length = kHop;
  config.n_mels = kBands;
  config.f_max = 20000;
  return config;
}

at::Tensor filters() {
  const std::vector<float> values = mel_filters(front_end());
  return at::tensor(at::ArrayRef<float>(values)).view({kTransform / 2 + 1, kBands});
}

class ToyNetwork : public Network {
 public:
  explicit ToyNetwork(const ParameterSource& parameters)
      : log_mel_(front_end(), filters()),
        bands_(parameters.get("bands")),
        words_(parameters.get("words")) {}

  AudioTensors embed_audio(const at::Tensor& waveforms) const override {
    const at::Tensor mean = log_mel_(waveforms).mean(1) / 100;
    return {unit_rows(at::matmul(mean, bands_.t())), {}, {}};
  }
  at::Tensor embed_texts(const TextBatch& texts) const override {
    const at::Tensor counts = texts.attention.to(at::kFloat).unsqueeze(-1);
    return unit_rows((at::embedding(words_, texts.ids) * counts).sum(1));
  }
  void prepare(Workload, Precision) override {}
  std::size_t floats_per_window() const override { return kWindow; }

 private:
  LogMel log_mel_;
  at::Tensor bands_, words_;
};

std::unique_ptr<Network> make_toy(const Architecture&, const ParameterSource& parameters,
                                  const at::Device&) {
  return std::make_unique<ToyNetwork>(parameters);
}

extern const NetworkMaker kNetwork;
const NetworkMaker kNetwork = {make_toy, nullptr};

}  // namespace claptools::toy
#endif
