#include "mgaclap/weights/config.hpp"

#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "mgaclap/core/error.hpp"

namespace mgaclap {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

/// The one list of keys: `Field` is called as field(key, member) for each of them.
template <class Config, class Field>
void audio_fields(Config& a, Field field) {
  field("sample_rate", a.sample_rate);
  field("n_fft", a.n_fft);
  field("hop_length", a.hop_length);
  field("n_mels", a.n_mels);
  field("f_min", a.f_min);
  field("f_max", a.f_max);
  field("window_s", a.window_s);
  field("spec_size", a.spec_size);
  field("patch_size", a.patch_size);
  field("embed_dim", a.embed_dim);
  field("depths", a.depths);
  field("num_heads", a.num_heads);
  field("window_size", a.window_size);
  field("mlp_ratio", a.mlp_ratio);
  field("num_classes", a.num_classes);
  field("local_block", a.local_block);
}

template <class Config, class Field>
void text_fields(Config& t, Field field) {
  field("hidden_size", t.hidden_size);
  field("num_hidden_layers", t.num_hidden_layers);
  field("num_attention_heads", t.num_attention_heads);
  field("intermediate_size", t.intermediate_size);
  field("max_position_embeddings", t.max_position_embeddings);
  field("vocab_size", t.vocab_size);
  field("layer_norm_eps", t.layer_norm_eps);
  field("max_tokens", t.max_tokens);
}

template <class Config, class Field>
void top_fields(Config& c, Field field) {
  field("model_type", c.model_type);
  field("name", c.name);
  field("embed_dim", c.embed_dim);
  field("codebook_size", c.codebook_size);
  field("codebook_temperature", c.codebook_temperature);
  field("pooling", c.pooling);
}

/// Takes known keys out of one JSON object and warns of what is left.
class ObjectReader {
 public:
  ObjectReader(const Json& object, std::string prefix, std::string_view subject)
      : object_(object), prefix_(std::move(prefix)), subject_(subject) {
    if (!object.is_object()) fail("", "must be an object");
  }

  template <class T>
  void operator()(const char* key, T& member) {
    known_.emplace_back(key);
    if (const auto it = object_.find(key); it != object_.end()) read(key, *it, member);
  }

  void known(const char* key) { known_.emplace_back(key); }

  void warn_of_unknown(const Log& log) const {
    for (const auto& [key, value] : object_.items()) {
      if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
      report(log, LogLevel::warning,
             std::string(subject_) + ": unknown key '" + prefix_ + key + "' is ignored");
    }
  }

 private:
  [[noreturn]] void fail(const std::string& key, const char* what) const {
    const std::string name = prefix_ + key;
    throw Error(Fault::data, subject_, (name.empty() ? "the file" : "'" + name + "'") + " " + what);
  }

  void read(const char* key, const Json& value, int& member) const {
    if (!value.is_number_integer() || value < 0 || value > std::numeric_limits<int>::max()) {
      fail(key, "must be a whole number");
    }
    member = value.get<int>();
  }
  void read(const char* key, const Json& value, bool& member) const {
    if (!value.is_boolean()) fail(key, "must be true or false");
    member = value.get<bool>();
  }
  void read(const char* key, const Json& value, double& member) const {
    if (!value.is_number()) fail(key, "must be a number");
    member = value.get<double>();
  }
  void read(const char* key, const Json& value, std::string& member) const {
    if (!value.is_string()) fail(key, "must be a string");
    member = value.get<std::string>();
  }
  void read(const char* key, const Json& value, std::vector<int>& member) const {
    if (!value.is_array()) fail(key, "must be a list");
    member.clear();
    for (const Json& item : value) read(key, item, member.emplace_back());
  }

  const Json& object_;
  std::string prefix_;
  std::string_view subject_;
  std::vector<std::string> known_;
};

/// Bounds every later product: no dimension of a real model comes near.
constexpr int kMaxDimension = 1 << 20;

void require(bool ok, std::string_view subject, const std::string& reason) {
  if (!ok) throw Error(Fault::data, subject, "config: " + reason);
}

void check_audio(const AudioConfig& a, std::string_view subject) {
  audio_fields(a, [&](const char* key, const auto& value) {
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, int>) {
      require(value > 0 && value <= kMaxDimension, subject,
              std::string("audio.") + key + " is out of range");
    }
  });
  require(!a.depths.empty() && a.depths.size() <= 8, subject,
          "audio.depths must list 1 to 8 stages");
  require(a.num_heads.size() == a.depths.size(), subject,
          "audio.num_heads and audio.depths differ in length");
  for (int s = 0; s < a.stages(); ++s) {
    const auto i = static_cast<std::size_t>(s);
    require(a.depths[i] > 0 && a.depths[i] <= 100, subject, "audio.depths is out of range");
    require(a.num_heads[i] > 0 && a.stage_dim(s) % a.num_heads[i] == 0, subject,
            "audio.num_heads does not divide the channels of stage " + std::to_string(s));
    require(a.stage_grid(s) % a.window_size == 0 && a.stage_grid(s) > 0, subject,
            "audio.window_size does not divide the grid of stage " + std::to_string(s));
  }
  require(a.spec_size % a.n_mels == 0 && a.spec_size % a.patch_size == 0 && a.spec_size <= 4096,
          subject, "audio.spec_size must be a multiple of n_mels and of patch_size, at most 4096");
  require(a.stage_grid(a.stages() - 1) % (a.spec_size / a.n_mels) == 0, subject,
          "the last stage's grid does not split into the time chunks of the image");
  require(a.n_fft % 2 == 0 && a.n_fft <= 1 << 16, subject,
          "audio.n_fft must be even, at most 65536");
  require(a.f_min >= 0 && a.f_max > a.f_min && a.f_max <= a.sample_rate / 2.0, subject,
          "audio.f_min and f_max must lie between 0 and half the sample rate");
  require(a.window_s > 0 && 1 + a.window_samples() / a.hop_length <= a.spec_frames(), subject,
          "audio.window_s has more spectrogram frames than the image holds");
}

void check_text(const TextConfig& t, std::string_view subject) {
  text_fields(t, [&](const char* key, const auto& value) {
    require(value > 0 && value <= kMaxDimension, subject,
            std::string("text.") + key + " is out of range");
  });
  require(t.hidden_size % t.num_attention_heads == 0, subject,
          "text.num_attention_heads (" + std::to_string(t.num_attention_heads) +
              ") does not divide hidden_size (" + std::to_string(t.hidden_size) + ")");
  require(t.max_tokens >= 3 && t.max_tokens <= t.max_position_embeddings, subject,
          "text.max_tokens must be 3 to max_position_embeddings");
}

}  // namespace

ModelConfig parse_config(std::string_view json, std::string_view subject, const Log& log,
                         const ModelConfig& base) {
  const Json root = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (root.is_discarded()) throw Error(Fault::data, subject, "not valid JSON");
  ModelConfig config = base;
  ObjectReader top(root, "", subject);
  top_fields(config, [&](const char* key, auto& member) { top(key, member); });
  top.known("audio");
  top.known("text");
  top.warn_of_unknown(log);
  if (root.contains("audio")) {
    ObjectReader audio(root["audio"], "audio.", subject);
    audio_fields(config.audio, [&](const char* key, auto& member) { audio(key, member); });
    audio.warn_of_unknown(log);
  }
  if (root.contains("text")) {
    ObjectReader text(root["text"], "text.", subject);
    text_fields(config.text, [&](const char* key, auto& member) { text(key, member); });
    text.warn_of_unknown(log);
  }
  return config;
}

ModelConfig read_config(const std::filesystem::path& path, const Log& log,
                        const ModelConfig& base) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(Fault::no_input, path.native(), "cannot be read");
  std::ostringstream text;
  text << in.rdbuf();
  return parse_config(text.str(), path.native(), log, base);
}

std::string format_config(const ModelConfig& config) {
  OrderedJson root;
  const auto into = [](OrderedJson& object) {
    return [&object](const char* key, const auto& value) { object[key] = value; };
  };
  top_fields(config, into(root));
  audio_fields(config.audio, into(root["audio"]));
  text_fields(config.text, into(root["text"]));
  return root.dump(2) + "\n";
}

void check_config(const ModelConfig& config, std::string_view subject) {
  require(config.model_type == "mga-clap", subject,
          "model_type '" + config.model_type + "' is not known");
  require(config.embed_dim > 0 && config.embed_dim <= kMaxDimension, subject,
          "embed_dim is out of range");
  require(config.codebook_size > 0 && config.codebook_size <= kMaxDimension, subject,
          "codebook_size is out of range");
  require(std::isfinite(config.codebook_temperature) && config.codebook_temperature > 0, subject,
          "codebook_temperature must be positive");
  require(config.has_codebook() || config.pooling == "mean" || config.pooling == "attention",
          subject, "pooling '" + config.pooling + "' is not codebook, mean or attention");
  check_audio(config.audio, subject);
  check_text(config.text, subject);
}

}  // namespace mgaclap
