#include "claptools/families/mga_clap/config.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/families/mga_clap/config_fields.hpp"

namespace claptools {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

constexpr std::size_t kMaxFile = 1 << 20;  // bytes

/// Takes known keys out of one JSON object and warns of what is left.
class ObjectReader {
 public:
  ObjectReader(const Json& object, std::string prefix, std::string_view subject)
      : object_(object), prefix_(std::move(prefix)), subject_(subject) {
    if (object.is_object()) return;
    const std::string name = prefix_.substr(0, prefix_.find('.'));
    throw Error(Fault::data, subject,
                name.empty() ? "not a JSON object" : "'" + name + "' must be an object");
  }

  template <class T>
  void operator()(const char* key, T& member) {
    known_.emplace_back(key);
    if (const auto it = object_.find(key); it != object_.end()) read(key, *it, member);
  }

  void known(const char* key) { known_.emplace_back(key); }

  void warn_of_unknown(const Log& log) const {
    constexpr std::size_t kNamed = 5;
    const std::string subject = std::string(subject_) + ": ";
    std::size_t unknown = 0;
    for (const auto& [key, value] : object_.items()) {
      if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
      if (++unknown > kNamed) continue;
      report(log, LogLevel::warning,
             subject + "unknown key '" + prefix_ + shorten(key) + "' is ignored");
    }
    if (unknown > kNamed) {
      report(log, LogLevel::warning,
             subject + std::to_string(unknown - kNamed) + " more unknown keys are ignored");
    }
  }

 private:
  [[noreturn]] void fail(const char* key, const Json& value, const char* wanted) const {
    throw Error(Fault::data, subject_,
                "'" + prefix_ + key + "' must be " + wanted + ", not " + shorten(value.dump()));
  }

  void read(const char* key, const Json& value, int& member) const {
    if (!value.is_number_integer() || value < 0 || value > std::numeric_limits<int>::max()) {
      fail(key, value, "a whole number from 0 to 2147483647");
    }
    member = value.get<int>();
  }
  void read(const char* key, const Json& value, bool& member) const {
    if (!value.is_boolean()) fail(key, value, "true or false");
    member = value.get<bool>();
  }
  void read(const char* key, const Json& value, double& member) const {
    if (!value.is_number()) fail(key, value, "a number");
    member = value.get<double>();
  }
  void read(const char* key, const Json& value, std::string& member) const {
    if (!value.is_string()) fail(key, value, "a string");
    member = value.get<std::string>();
  }
  void read(const char* key, const Json& value, std::vector<int>& member) const {
    if (!value.is_array()) fail(key, value, "a list");
    member.clear();
    for (const Json& item : value) read(key, item, member.emplace_back());
  }

  const Json& object_;
  std::string prefix_;
  std::string_view subject_;
  std::vector<std::string> known_;
};

}  // namespace

ModelConfig parse_config(std::string_view json, std::string_view subject, const Log& log,
                         const ModelConfig& base) {
  check_json(json, subject);
  const Json root = Json::parse(json);
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
  return parse_config(read_json_file(path, kMaxFile), path.native(), log, base);
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

}  // namespace claptools
